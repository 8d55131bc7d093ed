-- Turns what people write for "yes" and "no" into true and false.
-- Anything else gives the second argument (nil if there is none).

local words = {
	yes = true, y = true, ['true'] = true, t = true, on = true, ['1'] = true,
	no = false, n = false, ['false'] = false, f = false, off = false, ['0'] = false,
}

return function (value, default)
	if type(value) == 'boolean' then
		return value
	end
	if value == nil then
		return nil
	end
	local answer = words[tostring(value):lower():match('^%s*(.-)%s*$')]
	if answer == nil then
		return default
	end
	return answer
end
