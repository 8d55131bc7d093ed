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
from typing import Any

from importbot.model.references.braces import SEPARATOR


__all__ = ('Regions', 'View', 'is_cut', 'read_regions', 'views_of',
           'without_marks')

# Marks in the text that is left. No title can hold a control character,
# so an extension tag in a name makes it none, as it does in MediaWiki.
_NOINCLUDE = '\x01\x02'
_INCLUDEONLY = '\x03\x04'
_ELEMENT = '\x05'
#: What leaves nothing behind still keeps the braces around it apart.
_NOTHING = SEPARATOR

_MARKS = dict(zip(
    ('noinclude', '/noinclude', 'includeonly', '/includeonly',
     'onlyinclude', '/onlyinclude'),
    (*_NOINCLUDE, *_INCLUDEONLY, _NOTHING, _NOTHING), strict=True))

#: Tags of MediaWiki itself, on every wiki.
_CORE_TAGS = frozenset({'gallery', 'indicator', 'langconvert', 'nowiki',
                        'pre'})

#: Tags whose content no wikitext parser sees: core's ``nowiki``, ``pre``
#: and ``html``, SyntaxHighlight, Math, TemplateData, CategoryTree,
#: WikiHiero, EasyTimeline, Graph, Phonos. All others are looked into:
#: most hand their content to ``recursiveTagParse`` or
#: ``replaceVariables``, and a page too many does less harm than one too
#: few.
_OPAQUE_TAGS = frozenset({
    'categorytree', 'ce', 'chem', 'graph', 'hiero', 'html', 'math',
    'nowiki', 'phonos', 'pre', 'source', 'syntaxhighlight', 'templatedata',
    'timeline'})

_ONLYINCLUDE = re.compile(r'<onlyinclude>(.*?)(?:</onlyinclude>|\Z)',
                          re.DOTALL)


_MARK = re.compile(f'([{_NOINCLUDE}{_INCLUDEONLY}])')
_UNMARK = str.maketrans('', '', _NOINCLUDE + _INCLUDEONLY + _ELEMENT)


class View(Enum):

    """A way to look at a page.

    ``ALL`` keeps every part and marks where the inclusion tags stood;
    ``PAGE`` is the page by itself, ``TRANSCLUSION`` what others get.
    """

    ALL = frozenset(_MARKS)
    PAGE = frozenset({'noinclude', '/noinclude', 'onlyinclude',
                      '/onlyinclude'})
    TRANSCLUSION = frozenset({'includeonly', '/includeonly'})


_DROPPED = {View.PAGE: 'includeonly', View.TRANSCLUSION: 'noinclude'}


@dataclass
class Regions:

    """A text with its tags and comments taken out.

    :param text: what is left
    :param tags: name and attributes of each extension tag
    :param contents: contents of the extension tags, to be read apart
    :param whole: whether no inclusion tag ends in a comment or in an
        extension tag
    """

    text: str = ''
    tags: list[tuple[str, str]] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    whole: bool = True


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
    return _Scan(text, tags, view).run()


class _Scan:

    """One pass over a text."""

    def __init__(self, text: str, tags: frozenset[str],
                 view: View) -> None:
        self._text = text
        self._pattern = _pattern(tags)
        self._view = view
        self._last = text.rfind('>')
        self._unclosed: set[str] = set()
        self._within: set[str] = set()
        self._regions = Regions()

    def run(self) -> Regions:
        text = self._text
        kept = []
        copied = position = 0
        while match := self._pattern.search(text, position):
            position = match.end()
            found = self._element(match)
            if found is not None:
                mark, end = found
                kept += text[copied:match.start()], mark
                if self._within and end - position > 12:
                    self._check(position, end)
                copied = position = end
        kept.append(text[copied:])
        self._regions.text = ''.join(kept)
        return self._regions

    def _element(self, match: re.Match[str]) -> tuple[str, int] | None:
        """Return what stands for an element, and where it ends.

        :return: None where there is no element, only a sign
        """
        name = match[1]
        if name is None:
            end = self._text.find('-->', match.end())
            return _NOTHING, len(self._text) if end < 0 else end + 3
        if match.end() > self._last:
            return None
        name = name.lower()
        end = self._text.index('>', match.end()) + 1
        closed = self._text[end - 2] == '/'
        if name in self._view.value:
            if closed or self._view is not View.ALL:
                return _NOTHING, end
            if name[0] == '/':
                self._within.discard(name[1:])
            else:
                self._within.add(name)
            return _MARKS[name], end
        if name == _DROPPED.get(self._view):
            return _NOTHING, end if closed else self._closing(name, end)[1]
        if name in _MARKS:
            return None
        return self._extension(
            name, self._text[match.end():end - 1 - closed], end, closed)

    def _extension(self, name: str, attributes: str, start: int,
                   closed: bool) -> tuple[str, int] | None:
        """Note an extension tag whose opening tag ends at *start*."""
        end = start
        if not closed:
            close, end = self._closing(name, start)
            if close < 0:
                return None
            if name not in _OPAQUE_TAGS:
                self._regions.contents.append(self._text[start:close])
        self._regions.tags.append((name, attributes))
        return _ELEMENT, end

    def _check(self, start: int, end: int) -> None:
        """Look for the end of an inclusion tag in what is taken out."""
        for name in self._within:
            if _closing_pattern(name).search(self._text, start, end):
                self._regions.whole = False

    def _closing(self, name: str, start: int) -> tuple[int, int]:
        """Return where the closing tag starts and ends.

        :return: -1 and the end of the text where there is none
        """
        if name not in self._unclosed:
            match = _closing_pattern(name).search(self._text, start)
            if match is not None:
                return match.span()
            self._unclosed.add(name)
        return -1, len(self._text)


@lru_cache(maxsize=8)
def _pattern(tags: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern for comments and opening tags."""
    names = sorted(tags | _CORE_TAGS | _MARKS.keys())
    return re.compile(r'<(?:!--|(%s)(?=[\s>]|/>))'
                      % '|'.join(map(re.escape, names)), re.IGNORECASE)


@lru_cache(maxsize=128)
def _closing_pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf'</{re.escape(name)}\s*>', re.IGNORECASE)


def is_cut(text: str) -> bool:
    """Return whether an inclusion tag may stand between a pair of braces.

    Then taking all tags out made a text that no view of the page has.

    :param text: text of :class:`Regions`, in the view ``ALL``
    """
    return any(part.count('{{') != part.count('}}')
               for opening, closing in (_NOINCLUDE, _INCLUDEONLY)
               if opening in text
               for part in re.findall(f'{opening}([^{closing}]*)', text))


def views_of(parts: list[Any]) -> list[list[Any] | None]:
    """Return a name as the views of a page have it.

    :param parts: text in the view ``ALL``, with other things between
    :return: one name where all views are alike, else that of the page
        and that of its transclusion; None for one that is not whole
    """
    if not any(type(part) is str and _MARK.search(part) for part in parts):
        return [parts]
    return [_outside(parts, *_INCLUDEONLY), _outside(parts, *_NOINCLUDE)]


def _outside(parts: list[Any], opening: str,
             closing: str) -> list[Any] | None:
    """Return the parts that do not stand between two marks."""
    kept: list[Any] = []
    outside = True
    for part in parts:
        if type(part) is not str:
            kept += [part] if outside else []
            continue
        for piece in _MARK.split(part):
            if piece in (opening, closing):
                if outside is (piece == closing):
                    return None
                outside = not outside
            elif outside and not _MARK.match(piece):
                kept.append(piece)
    return kept if outside else None


def without_marks(text: str) -> str:
    """Return text without the marks left by :func:`read_regions`."""
    return text.translate(_UNMARK)
