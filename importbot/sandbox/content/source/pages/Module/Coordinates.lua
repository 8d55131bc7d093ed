-- Places on other worlds: 14.6° S, 175.5° E.

pcall(require, 'strict')

local getArgs = require([[Module:Arguments]]).getArgs

local p = {}

local function part(value, positive, negative)
	local letter = value < 0 and negative or positive
	return ('%g° %s'):format(math.abs(value), letter)
end

-- The text for two numbers, for other modules.
function p.text(latitude, longitude)
	return part(latitude, 'N', 'S') .. ', ' .. part(longitude, 'E', 'W')
end

-- {{#invoke:Coordinates|main|-14.6|175.5|world=Mars}}
function p.main(frame)
	local args = getArgs(frame)
	local latitude, longitude = tonumber(args[1]), tonumber(args[2])
	if not latitude or not longitude
		or math.abs(latitude) > 90 or math.abs(longitude) > 360
	then
		return '<span class="coordinates-error">no such place</span>'
	end
	local span = mw.html.create('span')
		:addClass('coordinates')
		:css('white-space', 'nowrap')
		:wikitext(p.text(latitude, longitude))
	if args.world then
		return tostring(span) .. ' (' .. args.world .. ')'
	end
	return tostring(span)
end

return p
