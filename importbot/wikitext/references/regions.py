"""What MediaWiki takes out of a text before it looks at the braces.

Comments, extension tags and inclusion tags are found in one pass from
left to right, whatever the braces around them do
(``Preprocessor_Hash::buildDomTreeArrayFromText``).
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from importbot.wikitext.references.braces import SEPARATOR


__all__ = ('ELEMENT', 'INCLUDEONLY', 'INCLUSION_TAGS', 'NOINCLUDE',
           'OPAQUE_TAGS', 'Regions', 'View', 'closing_pattern', 'read_regions',
           'tag_pattern')

#: Marks for the start and the end of what inclusion tags enclose.
NOINCLUDE = ('\x01', '\x02')
INCLUDEONLY = ('\x03', '\x04')
#: Stands for an extension tag. No title can hold a control character, so
#: a name with such a tag in it is none, as in MediaWiki.
ELEMENT = '\x05'
#: What leaves nothing still keeps the braces around it apart.
_NOTHING = SEPARATOR

#: Tags that say what others get of a page, with their marks.
INCLUSION_TAGS = {
    'noinclude': NOINCLUDE[0],
    '/noinclude': NOINCLUDE[1],
    'includeonly': INCLUDEONLY[0],
    '/includeonly': INCLUDEONLY[1],
    'onlyinclude': _NOTHING,
    '/onlyinclude': _NOTHING,
}
_ONLYINCLUDE = re.compile('<onlyinclude>(.*?)(?:</onlyinclude>|$)',
                          re.DOTALL)

#: Extension tags of MediaWiki itself, on every wiki.
_CORE_TAGS = frozenset({'gallery', 'indicator', 'langconvert', 'nowiki',
                        'pre'})

#: Tags in which a line may begin with a file.
_GALLERIES = frozenset({'gallery', 'imagemap'})

#: Tags whose content is never read as wikitext: core's ``nowiki``, ``pre``
#: and ``html``, and those of SyntaxHighlight, Math, TemplateData,
#: CategoryTree, WikiHiero, EasyTimeline, Graph and Phonos. All others are
#: looked into: most hand their content to ``recursiveTagParse`` or
#: ``replaceVariables``, and a page too many does less harm than one too
#: few.
OPAQUE_TAGS = frozenset({
    'categorytree', 'ce', 'chem', 'graph', 'hiero', 'html', 'math',
    'nowiki', 'phonos', 'pre', 'source', 'syntaxhighlight', 'templatedata',
    'timeline'})


class View(Enum):

    """A way to look at a page.

    ``ALL`` keeps every part and marks where inclusion tags stood,
    ``PAGE`` is the page by itself, ``TRANSCLUSION`` is what others get.
    """

    ALL = 'all'
    PAGE = 'page'
    TRANSCLUSION = 'transclusion'


#: Tags that do nothing in a view, and the tag that hides its content.
_IDLE = {
    View.ALL: frozenset(INCLUSION_TAGS),
    View.PAGE: frozenset({'noinclude', '/noinclude', 'onlyinclude',
                          '/onlyinclude'}),
    View.TRANSCLUSION: frozenset({'includeonly', '/includeonly'}),
}
_HIDING = {View.PAGE: 'includeonly', View.TRANSCLUSION: 'noinclude'}


@dataclass
class Regions:

    """A text with its comments and tags taken out.

    :param text: what is left
    :param tags: name and attributes of each extension tag
    :param inside: what stands in the extension tags, to be read apart
    :param galleries: what stands in those whose lines begin with files
    :param pierced: whether an inclusion tag ends within a comment or an
        extension tag
    """

    text: str = ''
    tags: list[tuple[str, str]] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    galleries: list[str] = field(default_factory=list)
    pierced: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether taking the inclusion tags out has changed the rest.

        They may stand between a pair of braces, or in another tag. Then
        no view of the page looks like this text.
        """
        return self.pierced or any(
            part.count('{{') != part.count('}}')
            for start, end in (NOINCLUDE, INCLUDEONLY) if start in self.text
            for part in re.findall(f'{start}([^{end}]*)', self.text))


def read_regions(text: str, tags: frozenset[str],
                 view: View = View.ALL) -> Regions:
    """Take comments, extension tags and inclusion tags out of a text.

    :param text: wikitext without control characters
    :param tags: names of the wiki's extension tags
    :param view: which parts of the page to keep
    """
    if (view is View.TRANSCLUSION and '<onlyinclude>' in text
            and '</onlyinclude>' in text):
        text = ''.join(_ONLYINCLUDE.findall(text))
    return _Scan(text, view).run(tag_pattern(tags))


class _Scan:

    """One pass over a text."""

    def __init__(self, text: str, view: View) -> None:
        self._text = text
        self._view = view
        self._last_bracket = text.rfind('>')
        self._next_bracket = -1
        self._unclosed: set[str] = set()
        self._within: set[str] = set()
        self._regions = Regions()

    def run(self, pattern: re.Pattern[str]) -> Regions:
        text = self._text
        kept: list[str] = []
        copied = position = 0
        while match := pattern.search(text, position):
            position = match.end()
            element = self._element(match)
            if element is not None:
                mark, end = element
                kept += text[copied:match.start()], mark
                copied = position = end
        kept.append(text[copied:])
        self._regions.text = ''.join(kept)
        return self._regions

    def _element(self, match: re.Match[str]) -> tuple[str, int] | None:
        """Return what stands for an element, and where it ends.

        :return: None where there is only the beginning of one
        """
        start = match.end()
        if match[1] is None:
            end = self._text.find('-->', start)
            end = len(self._text) if end < 0 else end + 3
            self._check(start, end)
            return _NOTHING, end
        if start > self._last_bracket:
            return None
        name = match[1].lower()
        if self._next_bracket < start:
            self._next_bracket = self._text.index('>', start)
        end = self._next_bracket + 1
        closed = self._text[end - 2] == '/'
        if name in _IDLE[self._view]:
            return (_NOTHING if closed else self._mark(name)), end
        if name == _HIDING.get(self._view):
            return _NOTHING, end if closed else self._closing(name, end)[1]
        if name in INCLUSION_TAGS:
            return None
        return self._extension(name, start, end, closed)

    def _mark(self, name: str) -> str:
        """Return the mark of an inclusion tag."""
        if self._view is not View.ALL:
            return _NOTHING
        if name[0] == '/':
            self._within.discard(name[1:])
        else:
            self._within.add(name)
        return INCLUSION_TAGS[name]

    def _extension(self, name: str, start: int, end: int,
                   closed: bool) -> tuple[str, int] | None:
        """Note an extension tag.

        :param start: where its name ends
        :param end: where its opening tag ends
        :param closed: whether it has no closing tag
        """
        content, within = end, []
        if not closed:
            close = self._closing(name, end)
            if close[0] < 0:
                return None
            within.append(self._text[content:close[0]])
            end = close[1]
            self._check(content, end)
        attributes = self._text[start:content - 1 - closed]
        self._regions.tags.append((name, attributes))
        if name in _GALLERIES:
            self._regions.galleries += within
        if name not in OPAQUE_TAGS:
            self._regions.inside += attributes, *within
        return ELEMENT, end

    def _closing(self, name: str, start: int) -> tuple[int, int]:
        """Return where the closing tag starts and ends.

        :return: -1 and the end of the text where there is none
        """
        if name not in self._unclosed:
            match = closing_pattern(name).search(self._text, start)
            if match is not None:
                return match.span()
            self._unclosed.add(name)
        return -1, len(self._text)

    def _check(self, start: int, end: int) -> None:
        """Look for the end of an inclusion tag in what is taken out."""
        for name in self._within:
            if closing_pattern(name).search(self._text, start, end):
                self._regions.pierced = True


@lru_cache(maxsize=64)
def tag_pattern(tags: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern for where comments and tags begin.

    :param tags: names of the wiki's extension tags
    """
    names = '|'.join(map(re.escape, sorted(
        tags | _CORE_TAGS | INCLUSION_TAGS.keys())))
    return re.compile(rf'<(?:!--|({names})(?=[\s>]|/>))',
                      re.ASCII | re.IGNORECASE)


@lru_cache(maxsize=128)
def closing_pattern(name: str) -> re.Pattern[str]:
    """Return a pattern for the end of a tag.

    :param name: of the tag
    """
    return re.compile(rf'</{re.escape(name)}\s*>',
                      re.ASCII | re.IGNORECASE)
