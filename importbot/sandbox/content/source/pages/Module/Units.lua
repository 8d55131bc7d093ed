-- Unit conversions, used by Template:Convert.
-- The units themselves are in Module:Units/data, so that adding one needs no code.

pcall(require, 'strict')

local getArgs = require('Module:Arguments').getArgs
local yesno = require('Module:Yesno')
local data = mw.loadData('Module:Units/data')

-- A wiki may add units of its own; most do not, and then there is no such page.
local hasLocal, localUnits = pcall(mw.loadData, 'Module:Units/local')

local p = {}

local function unit(name)
	if not name then
		return nil
	end
	local code = data.aliases[name] or name
	if hasLocal and localUnits[code] then
		return localUnits[code], code
	end
	return data.units[code], code
end

-- Decimals so that the result is about as exact as the number it comes from.
local function decimals(text, value)
	local digits = text:gsub('^[%-+0.,]+', ''):gsub('[^%d]', '')
	local significant = math.max(#digits, 2)
	if value == 0 then
		return 0
	end
	local magnitude = math.floor(math.log10(math.abs(value))) + 1
	return math.max(0, math.min(6, significant - magnitude))
end

local function round(value, places)
	local factor = 10 ^ places
	return math.floor(value * factor + 0.5) / factor
end

local function formatted(value, places)
	local text = ('%.' .. places .. 'f'):format(round(value, places))
	text = mw.getContentLanguage():formatNum(tonumber(text))
	if tonumber(value) < 0 then
		text = text:gsub('^%-', '−')
	end
	return text
end

-- "12 km": number and unit never stand on different lines.
local function quantity(text, u, long)
	if long then
		return text .. ' ' .. (text == '1' and u.name or u.plural)
	end
	return text .. (u.tight and '' or '&nbsp;') .. u.symbol
end

local function trouble(message)
	return '<span class="units-error">' .. message .. '</span>[[Category:Pages with unit errors]]'
end

-- The bare number, for other modules.
function p.number(value, from, to)
	local source, target = unit(from), unit(to)
	if not source or not target or source.kind ~= target.kind then
		return nil
	end
	local base = value * source.factor + (source.offset or 0)
	return (base - (target.offset or 0)) / target.factor
end

-- {{#invoke:Units|convert|12|km|mi}}
function p.convert(frame)
	local args = getArgs(frame)
	local text = (args[1] or ''):gsub(',', ''):gsub('−', '-')
	local value = tonumber(text)
	if not value then
		return trouble('no number given')
	end
	local source = unit(args[2])
	if not source then
		return trouble('unknown unit “' .. mw.text.nowiki(args[2] or '') .. '”')
	end
	local target = unit(args[3] or source.default)
	if not target or target.kind ~= source.kind then
		return trouble('cannot convert to “' .. mw.text.nowiki(args[3] or '') .. '”')
	end
	local result = p.number(value, args[2], args[3] or source.default)
	local places = tonumber(args.prec) or decimals(text, result)
	local long = yesno(args.long, false)
	local shown = quantity(formatted(value, #(text:match('%.(%d+)$') or '')), source, long)
	local other = quantity(formatted(result, places), target, false)
	if args.show == 'or' then
		return shown .. ' or ' .. other
	elseif args.show == 'only' then
		return other
	end
	return shown .. ' (' .. other .. ')'
end

return p
