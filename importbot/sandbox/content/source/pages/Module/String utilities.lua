-- Helpers for strings, for other modules and (ucfirst, plural, join) for #invoke.

pcall(require, 'strict')

-- Titles are normalised before they are looked up, so the underscore is fine.
local tools = require('Module:Table_tools')

local p = {}

function p.trim(text)
	return (text:gsub('^%s+', ''):gsub('%s+$', ''))
end

function p.isBlank(text)
	return text == nil or p.trim(tostring(text)) == ''
end

-- The first letter in upper case, the rest as it is.
function p.capitalise(text)
	return mw.ustring.upper(mw.ustring.sub(text, 1, 1)) .. mw.ustring.sub(text, 2)
end

-- "1 wheel", "6 wheels".
function p.countOf(number, one, many)
	return tostring(number) .. ' ' .. (tonumber(number) == 1 and one or many)
end

-- "a, b and c" from a list; gaps in the list are closed first.
function p.sentenceList(list, size)
	local parts = tools.compact(list, size)
	if #parts < 2 then
		return parts[1] or ''
	end
	local last = table.remove(parts)
	return table.concat(parts, ', ') .. ' and ' .. last
end

-- {{#invoke:String utilities|ucfirst|text}}
function p.ucfirst(frame)
	return p.capitalise(p.trim(frame.args[1] or ''))
end

-- {{#invoke:String utilities|plural|number|one|many}}
function p.plural(frame)
	local args = frame.args
	return p.countOf(p.trim(args[1] or '0'), p.trim(args[2] or ''), p.trim(args[3] or ''))
end

-- {{#invoke:String utilities|join|a|b|c}}
function p.join(frame)
	local list, size = {}, 0
	for key, value in pairs(frame.args) do
		if type(key) == 'number' then
			list[key] = p.trim(value)
			size = math.max(size, key)
		end
	end
	return p.sentenceList(list, size)
end

return p
