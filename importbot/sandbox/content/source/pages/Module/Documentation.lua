-- Shows the subpage /doc of a template below the template.

pcall(require, 'strict')

local getArgs = require('Module:Arguments').getArgs

--[==[ Not any more:
local box = require('Module:Ghost')
]==]

local p = {}

local function documented(title)
	return mw.title.new(title.prefixedText .. '/doc')
end

-- {{#invoke:Documentation|main}}
function p.main(frame)
	local args = getArgs(frame)
	local title = mw.title.getCurrentTitle()
	local doc = args[1] and mw.title.new(args[1]) or documented(title)
	local box = mw.html.create('div'):addClass('documentation')
	local head = box:tag('div'):addClass('documentation-head')
	head:tag('strong'):wikitext(args.heading or 'Documentation')
	if doc and doc.exists then
		head:wikitext(' ' .. frame:expandTemplate{
			title = 'Edit link', args = { doc.prefixedText },
		})
		box:newline()
			:wikitext(frame:expandTemplate{ title = doc.prefixedText })
			:newline()
	else
		box:newline()
			:wikitext('This page has no documentation yet.')
			:newline()
	end
	local style = frame:extensionTag{
		name = 'templatestyles', args = { src = 'Documentation/styles.css' },
	}
	return style .. tostring(box)
end

return p
