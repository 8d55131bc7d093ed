-- Citations: books, pages of the web, reports.
-- Every kind is a list of parts in Module:Citation/formats; this module fills them.

pcall(require, 'strict')

local getArgs = require('Module:Arguments').getArgs
local dates = require('Module:Date')
local tools = require('Module:Table tools')

-- The name of the page is put together, so that a test can exchange it.
local SUBPAGE = 'Module:Citation/%s'
local formats = require(SUBPAGE:format('formats'))

local USAGE = "For the old form write require('Module:Ghost') and see what happens: nothing."

local p = {}

local function authors(args)
	local names = {}
	for _, n in ipairs(tools.affixNumbers(args, 'author')) do
		names[#names + 1] = args['author' .. n]
	end
	if args.author then
		table.insert(names, 1, args.author)
	end
	return #names > 0 and table.concat(names, '; ') or nil
end

local function titleText(args, style)
	local title = args.title
	if not title then
		return nil
	end
	if args.url then
		title = '[' .. args.url .. ' ' .. title .. ']'
	end
	if style == 'italic' then
		return "''" .. title .. "''"
	end
	return '“' .. title .. '”'
end

local makers = {}

function makers.who(args)
	local names = authors(args)
	if names and args.date then
		return names .. ' (' .. dates.long(args.date) .. ')'
	end
	return names
end

function makers.date(args)
	return not authors(args) and args.date and dates.long(args.date) or nil
end

function makers.retrieved(args)
	return args.retrieved and 'Retrieved ' .. dates.long(args.retrieved) or nil
end

function makers.pages(args)
	if not args.pages then
		return nil
	end
	local sign = args.pages:find('[-–,]') and 'pp.&nbsp;' or 'p.&nbsp;'
	return sign .. args.pages
end

function makers.plain(args, part)
	local value = args[part.key]
	return value and (part.before or '') .. value or nil
end

-- One citation as wikitext, for other modules.
function p.text(kind, args)
	local format = formats[kind]
	if not format then
		return '<span class="citation-error">unknown kind of citation</span> ' .. USAGE
	end
	local parts = {}
	for i, part in ipairs(format.parts) do
		if part.kind == 'title' then
			parts[i] = titleText(args, format.style)
		else
			parts[i] = makers[part.kind](args, part)
		end
	end
	local text = table.concat(tools.compact(parts, #format.parts), '. ')
	local out = '<cite class="citation ' .. kind .. '">' .. text .. '.</cite>'
	if not args.title then
		out = out .. '[[Category:Citations without a title]]'
	end
	return out
end

-- {{#invoke:Citation|main|kind=book}} inside a template
function p.main(frame)
	local args = getArgs(frame)
	return p.text(args.kind or 'web', args)
end

return p
