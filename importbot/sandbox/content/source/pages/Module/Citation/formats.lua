-- What a citation of each kind consists of, in order.

local WHO = { kind = 'who' }
local TITLE = { kind = 'title' }
local DATE = { kind = 'date' }
local PAGES = { kind = 'pages' }

return {
	book = {
		style = 'italic',
		parts = {
			WHO, TITLE,
			{ kind = 'plain', key = 'edition' },
			{ kind = 'plain', key = 'place' },
			{ kind = 'plain', key = 'publisher' },
			DATE, PAGES,
			{ kind = 'plain', key = 'isbn', before = 'ISBN&nbsp;' },
		},
	},
	web = {
		style = 'quoted',
		parts = {
			WHO, TITLE,
			{ kind = 'plain', key = 'site' },
			DATE,
			{ kind = 'retrieved' },
		},
	},
	report = {
		style = 'italic',
		parts = {
			WHO, TITLE,
			{ kind = 'plain', key = 'number', before = 'Report ' },
			{ kind = 'plain', key = 'institution' },
			DATE, PAGES,
		},
	},
}
