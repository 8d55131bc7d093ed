-- The box at the right of an article: a title, perhaps a picture, and rows.
--
--[[ History of the code: rows used to be made by
	local rows = require('Module:Ghost')
and the labels came from mw.loadData("Module:Ghost"). Neither page exists
any more, and nothing here asks for them. ]]

pcall(require, 'strict')

local getArgs = require('Module:Arguments').getArgs
local tools = require('Module:Table tools')
local yesno = require('Module:Yesno')

local p = {}

local function addTitle(box, args)
	if args.title then
		box:tag('caption'):addClass('infobox-title'):wikitext(args.title)
	end
	if args.subtitle then
		box:tag('tr'):tag('td')
			:attr('colspan', 2):addClass('infobox-subtitle'):wikitext(args.subtitle)
	end
end

local function addPicture(box, args)
	if not args.image then
		return
	end
	local cell = box:tag('tr'):tag('td'):attr('colspan', 2):addClass('infobox-image')
	cell:wikitext('[[File:' .. args.image .. '|frameless|' .. (args.caption or '') .. ']]')
	if args.caption then
		cell:tag('div'):addClass('infobox-caption'):wikitext(args.caption)
	end
end

-- A header is held back until a row below it has something to say.
local function addRows(box, args)
	local numbers, seen = {}, {}
	for _, prefix in ipairs({ 'header', 'label' }) do
		for _, n in ipairs(tools.affixNumbers(args, prefix)) do
			if not seen[n] then
				seen[n] = true
				numbers[#numbers + 1] = n
			end
		end
	end
	table.sort(numbers)
	local header
	for _, n in ipairs(numbers) do
		if args['header' .. n] then
			header = args['header' .. n]
		elseif args['data' .. n] then
			if header then
				box:tag('tr'):tag('th')
					:attr('colspan', 2):addClass('infobox-header'):wikitext(header)
				header = nil
			end
			local row = box:tag('tr')
			row:tag('th'):attr('scope', 'row'):wikitext(args['label' .. n])
			row:tag('td'):wikitext(args['data' .. n])
		end
	end
end

-- {{#invoke:Infobox|main|title=...|label1=...|data1=...}}
function p.main(frame)
	local args = getArgs(frame, { own = true })
	local box = mw.html.create('table'):addClass('infobox')
	if args.class then
		box:addClass(args.class)
	end
	addTitle(box, args)
	addPicture(box, args)
	addRows(box, args)
	if args.below then
		box:tag('tr'):tag('td')
			:attr('colspan', 2):addClass('infobox-below'):wikitext(args.below)
	end
	local categories = ''
	local content = mw.title.getCurrentTitle().namespace == 0
	if content and args.category and yesno(args.categorise, true) then
		categories = '[[Category:' .. args.category .. ']]'
	end
	return tostring(box) .. categories
end

return p
