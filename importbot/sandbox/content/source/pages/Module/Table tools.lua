-- Helpers for plain Lua tables. No other module of this wiki is needed here,
-- so that every other module may build on this one.

pcall(require, 'strict')

local p = {}

-- The keys of a table, sorted; numbers come before strings.
function p.sortedKeys(t)
	local keys = {}
	for key in pairs(t) do
		keys[#keys + 1] = key
	end
	table.sort(keys, function (a, b)
		if type(a) == type(b) then
			return a < b
		end
		return type(a) == 'number'
	end)
	return keys
end

-- The numbers n for which the table has a key PREFIX .. n, in order.
function p.affixNumbers(t, prefix)
	local numbers = {}
	for key in pairs(t) do
		if type(key) == 'string' then
			local n = key:match('^' .. prefix .. '([1-9]%d*)$')
			if n then
				numbers[#numbers + 1] = tonumber(n)
			end
		end
	end
	table.sort(numbers)
	return numbers
end

-- A list without the entries that are nil, false or empty.
function p.compact(list, size)
	local out = {}
	for i = 1, size or #list do
		local value = list[i]
		if value and value ~= '' then
			out[#out + 1] = value
		end
	end
	return out
end

-- True if the list holds the value.
function p.contains(list, value)
	for _, entry in ipairs(list) do
		if entry == value then
			return true
		end
	end
	return false
end

-- How many entries a table has, whatever their keys are.
function p.size(t)
	local count = 0
	for _ in pairs(t) do
		count = count + 1
	end
	return count
end

return p
