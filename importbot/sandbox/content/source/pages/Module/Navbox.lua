-- The box at the foot of an article: groups of links.

pcall(require, 'strict')

local getArgs = require "Module:Arguments".getArgs
local tools = require("Module:Table tools")
local yesno = require('Module:Yesno')

local p = {}

-- The small links "view" and "edit" come from a template, so that their look can
-- be changed without Lua. No page that uses a navigation box names it.
local function links(frame, name)
	return frame:expandTemplate{ title = 'Navbar', args = { name, mini = 'yes' } }
end

local function addHead(frame, box, args, columns)
	local cell = box:tag('tr'):tag('th')
		:attr('colspan', columns):addClass('navbox-title')
	if args.name then
		cell:wikitext(links(frame, args.name) .. ' ')
	end
	cell:tag('span'):wikitext(args.title or args.name or '')
end

-- {{#invoke:Navbox|main|name=...|title=...|group1=...|list1=...}}
function p.main(frame)
	local args = getArgs(frame)
	local box = mw.html.create('table'):addClass('navbox')
	local columns = 2
	if #tools.affixNumbers(args, 'group') == 0 then
		columns = 1
	end
	if yesno(args.plain, false) then
		box:addClass('navbox-plain')
	end
	addHead(frame, box, args, columns)
	for _, n in ipairs(tools.affixNumbers(args, 'list')) do
		local row = box:tag('tr')
		local group = args['group' .. n]
		if group then
			row:tag('th'):attr('scope', 'row'):addClass('navbox-group'):wikitext(group)
		end
		row:tag('td')
			:attr('colspan', group and 1 or columns)
			:addClass('navbox-list')
			:newline()
			:wikitext(args['list' .. n])
			:newline()
	end
	if args.below then
		box:tag('tr'):tag('td')
			:attr('colspan', columns):addClass('navbox-below'):wikitext(args.below)
	end
	return tostring(box)
end

return p
