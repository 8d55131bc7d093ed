-- Figures of rovers from one table, so that articles cannot disagree.
-- The table is Module:Rovers/data.json.

pcall(require, 'strict')

local strings = require 'Module:String utilities'
local tools = require "Module:Table tools"

local DATA = 'Module:Rovers/data.json'

local p = {}

local function load()
	if mw.loadJsonData then
		return mw.loadJsonData('Module:Rovers/data.json')
	end
	-- older releases: read the page and decode it here
	local title = mw.title.new(DATA)
	return mw.text.jsonDecode(title:getContent() or '{}')
end

local function find(name)
	local rover = load().rovers[strings.trim(name or '')]
	return rover
end

-- {{#invoke:Rovers|fact|Kestrel|distance}}
function p.fact(frame)
	local rover = find(frame.args[1])
	local value = rover and rover[strings.trim(frame.args[2] or '')]
	if value == nil then
		return frame.args[3] or '(unknown)'
	end
	return tostring(value)
end

-- {{#invoke:Rovers|count}} or {{#invoke:Rovers|count|world=Mars}}
function p.count(frame)
	local rovers = load().rovers
	local world = frame.args.world
	if strings.isBlank(world) then
		return tostring(tools.size(rovers))
	end
	local count = 0
	for _, rover in pairs(rovers) do
		if rover.world == strings.trim(world) then
			count = count + 1
		end
	end
	return tostring(count)
end

-- {{#invoke:Rovers|names|world=Moon}}: a sentence with links.
function p.names(frame)
	local rovers = load().rovers
	local world = strings.trim(frame.args.world or '')
	local links = {}
	for _, name in ipairs(tools.sortedKeys(rovers)) do
		local rover = rovers[name]
		if world == '' or rover.world == world then
			links[#links + 1] = '[[' .. (rover.article or name) .. '|' .. name .. ']]'
		end
	end
	return strings.sentenceList(links)
end

return p
