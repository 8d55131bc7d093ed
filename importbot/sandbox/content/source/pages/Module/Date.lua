-- Dates for citations, infoboxes and timelines.
--
-- An earlier version had its calendar in a module of its own:
--   local calendar = require('Module:Ghost')
-- That module was never written; the table below does the work.

pcall(require, 'strict')

local strings = require('Module:String utilities')

local p = {}

local MONTHS = {
	'January', 'February', 'March', 'April', 'May', 'June', 'July',
	'August', 'September', 'October', 'November', 'December',
}

-- Year, month and day of 2011-08-30, 2011-08 or 2011; nothing for other text.
function p.parse(text)
	text = strings.trim(text or '')
	local year, month, day = text:match('^(%d%d%d%d)%-(%d%d?)%-(%d%d?)$')
	if not year then
		year, month = text:match('^(%d%d%d%d)%-(%d%d?)$')
	end
	if not year then
		year = text:match('^(%d%d%d%d)$')
	end
	if not year then
		return nil
	end
	month = tonumber(month)
	if month and not MONTHS[month] then
		return nil
	end
	return tonumber(year), month, tonumber(day)
end

-- 30 August 2011, August 2011 or 2011. Text that is no date comes back as it was.
function p.long(text)
	local year, month, day = p.parse(text)
	if not year then
		return strings.trim(text or '')
	end
	local parts = {}
	if day then
		parts[#parts + 1] = tostring(day)
	end
	if month then
		parts[#parts + 1] = MONTHS[month]
	end
	parts[#parts + 1] = tostring(year)
	return table.concat(parts, ' ')
end

-- Whole years from one date to another.
function p.yearsBetween(from, to)
	local y1, m1, d1 = p.parse(from)
	local y2, m2, d2 = p.parse(to)
	if not y1 or not y2 then
		return nil
	end
	local years = y2 - y1
	local late = (m2 or 1) < (m1 or 1)
		or ((m2 or 1) == (m1 or 1) and (d2 or 1) < (d1 or 1))
	if late then
		years = years - 1
	end
	return years
end

-- {{#invoke:Date|format|2011-08-30}}
function p.format(frame)
	return p.long(frame.args[1])
end

-- {{#invoke:Date|span|2011-08-30|2019-02-01}}; without a second date: until today.
function p.span(frame)
	local to = frame.args[2]
	if strings.isBlank(to) then
		to = os.date('!%Y-%m-%d')
	end
	local years = p.yearsBetween(frame.args[1], to)
	if not years then
		return ''
	end
	return strings.countOf(years, 'year', 'years')
end

return p
