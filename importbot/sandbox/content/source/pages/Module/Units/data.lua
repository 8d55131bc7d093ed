-- The units that Module:Units knows. Loaded with mw.loadData: values only.
--   kind     what is measured; only units of one kind convert into each other
--   factor   how many base units one unit is
--   offset   added after multiplying (temperatures only)
--   default  the unit to convert into if the page names none
--   tight    no space before the symbol

return {
	units = {
		-- length, in metres
		mm = { kind = 'length', factor = 0.001, symbol = 'mm', name = 'millimetre', plural = 'millimetres', default = 'in' },
		cm = { kind = 'length', factor = 0.01, symbol = 'cm', name = 'centimetre', plural = 'centimetres', default = 'in' },
		m = { kind = 'length', factor = 1, symbol = 'm', name = 'metre', plural = 'metres', default = 'ft' },
		km = { kind = 'length', factor = 1000, symbol = 'km', name = 'kilometre', plural = 'kilometres', default = 'mi' },
		['in'] = { kind = 'length', factor = 0.0254, symbol = 'in', name = 'inch', plural = 'inches', default = 'cm' },
		ft = { kind = 'length', factor = 0.3048, symbol = 'ft', name = 'foot', plural = 'feet', default = 'm' },
		mi = { kind = 'length', factor = 1609.344, symbol = 'mi', name = 'mile', plural = 'miles', default = 'km' },
		-- mass, in kilograms
		g = { kind = 'mass', factor = 0.001, symbol = 'g', name = 'gram', plural = 'grams', default = 'oz' },
		kg = { kind = 'mass', factor = 1, symbol = 'kg', name = 'kilogram', plural = 'kilograms', default = 'lb' },
		oz = { kind = 'mass', factor = 0.028349523125, symbol = 'oz', name = 'ounce', plural = 'ounces', default = 'g' },
		lb = { kind = 'mass', factor = 0.45359237, symbol = 'lb', name = 'pound', plural = 'pounds', default = 'kg' },
		-- speed, in metres a second
		['m/s'] = { kind = 'speed', factor = 1, symbol = 'm/s', name = 'metre per second', plural = 'metres per second', default = 'ft/s' },
		['km/h'] = { kind = 'speed', factor = 1 / 3.6, symbol = 'km/h', name = 'kilometre per hour', plural = 'kilometres per hour', default = 'mph' },
		['m/h'] = { kind = 'speed', factor = 1 / 3600, symbol = 'm/h', name = 'metre per hour', plural = 'metres per hour', default = 'ft/h' },
		['ft/s'] = { kind = 'speed', factor = 0.3048, symbol = 'ft/s', name = 'foot per second', plural = 'feet per second', default = 'm/s' },
		['ft/h'] = { kind = 'speed', factor = 0.3048 / 3600, symbol = 'ft/h', name = 'foot per hour', plural = 'feet per hour', default = 'm/h' },
		mph = { kind = 'speed', factor = 0.44704, symbol = 'mph', name = 'mile per hour', plural = 'miles per hour', default = 'km/h' },
		-- temperature, in kelvins
		C = { kind = 'temperature', factor = 1, offset = 273.15, symbol = '°C', name = 'degree Celsius', plural = 'degrees Celsius', default = 'F' },
		F = { kind = 'temperature', factor = 5 / 9, offset = 255.37222222222, symbol = '°F', name = 'degree Fahrenheit', plural = 'degrees Fahrenheit', default = 'C' },
		K = { kind = 'temperature', factor = 1, symbol = 'K', name = 'kelvin', plural = 'kelvins', default = 'C' },
		-- energy, in joules
		Wh = { kind = 'energy', factor = 3600, symbol = 'Wh', name = 'watt-hour', plural = 'watt-hours', default = 'kJ' },
		kJ = { kind = 'energy', factor = 1000, symbol = 'kJ', name = 'kilojoule', plural = 'kilojoules', default = 'Wh' },
		-- angle, in degrees
		deg = { kind = 'angle', factor = 1, symbol = '°', name = 'degree', plural = 'degrees', default = 'rad', tight = true },
		rad = { kind = 'angle', factor = 57.295779513082, symbol = 'rad', name = 'radian', plural = 'radians', default = 'deg' },
	},
	aliases = {
		metre = 'm', metres = 'm', kilometre = 'km', kilometres = 'km',
		inch = 'in', inches = 'in', foot = 'ft', feet = 'ft', mile = 'mi', miles = 'mi',
		kilogram = 'kg', kilograms = 'kg', pound = 'lb', pounds = 'lb', lbs = 'lb',
		kmh = 'km/h', ['kph'] = 'km/h', ['°C'] = 'C', ['°F'] = 'F', degrees = 'deg',
	},
}
