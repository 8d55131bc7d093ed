-- One table of arguments, wherever they were given: in the #invoke itself or in
-- the template around it. Values are trimmed, blank ones are left out.

pcall(require, 'strict')

local strings = require('Module:String utilities')

local p = {}

local function collect(into, from)
	for key, value in pairs(from) do
		if type(value) ~= 'string' then
			into[key] = value
		elseif not strings.isBlank(value) then
			into[key] = strings.trim(value)
		end
	end
	return into
end

-- Options:
--   own = true    only the arguments of the #invoke
--   parent = true only the arguments of the template
-- By default both, and those of the #invoke win.
function p.getArgs(frame, options)
	options = options or {}
	if type(frame.getParent) ~= 'function' then
		return collect({}, frame) -- called by another module with a plain table
	end
	local args = {}
	local parent = frame:getParent()
	if parent and not options.own then
		collect(args, parent.args)
	end
	if not options.parent then
		collect(args, frame.args)
	end
	return args
end

return p
