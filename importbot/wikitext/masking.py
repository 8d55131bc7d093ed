"""Where a text is wikitext: the rest is blanked out, place for place.

As MediaWiki finds it (``Preprocessor_Hash::buildDomTreeArrayFromText``):
comments first, then extension tags whose content is not wikitext. One
pass, so that no text takes long.
"""
from __future__ import annotations

import re

from importbot.wikitext.references.regions import (
    INCLUSION_TAGS,
    OPAQUE_TAGS,
    closing_pattern,
    tag_pattern,
)


__all__ = ('COMMENT', 'OPAQUE', 'TAG', 'masked')

#: What stands for each character of a comment, of an element whose
#: content is no wikitext, and of a tag that has wikitext around it.
COMMENT = '\x00'
OPAQUE = '\x01'
TAG = '\x02'


def masked(text: str, tags: frozenset[str]) -> str:
    """Return a text of the same length that holds nothing but wikitext.

    :param text: wikitext
    :param tags: names of the extension tags
    """
    return _Mask(text, tag_pattern(tags)).result()


class _Mask:

    """One pass over a text."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self._text = text
        self._pattern = pattern
        self._parts: list[str] = []
        self._copied = 0

    def result(self) -> str:
        self._region(0, len(self._text))
        return ''.join((*self._parts, self._text[self._copied:]))

    def _blank(self, start: int, end: int, filler: str) -> None:
        self._parts += (self._text[self._copied:start],
                        filler * (end - start))
        self._copied = end

    def _region(self, start: int, end: int) -> None:
        """Blank out what is no wikitext in a part of the text.

        Parts within parts differ in the name of the tag around them, so
        that they are never many.
        """
        text, position = self._text, start
        last_bracket = text.rfind('>', start, end)
        unclosed: set[str] = set()
        while match := self._pattern.search(text, position, end):
            if match[1] is None:
                close = text.find('-->', match.end(), end)
                position = end if close < 0 else close + 3
                self._blank(match.start(), position, COMMENT)
            elif match.end() > last_bracket:
                comment = text.find('<!--', match.end(), end)
                self._blank_links(match.end(), comment if comment >= 0
                                  else end)
                if comment >= 0:
                    self._blank(comment, end, COMMENT)
                return
            else:
                position = self._tag(match, end, unclosed)

    def _tag(self, match: re.Match[str], end: int,
             unclosed: set[str]) -> int:
        """Blank out a tag and what it hides; return where to go on.

        :param match: of its beginning
        :param end: of the part of the text
        :param unclosed: names without a closing tag in that part; learns
        """
        text, name = self._text, match[1].lower()
        content = text.index('>', match.end(), end) + 1
        is_opaque = name in OPAQUE_TAGS
        if name in INCLUSION_TAGS or text[content - 2] == '/':
            self._blank(match.start(), content, OPAQUE if is_opaque else TAG)
            return content
        close = None if name in unclosed else closing_pattern(name).search(
            text, content, end)
        if close is None:
            unclosed.add(name)
            self._blank_links(match.end(), content)
            return content
        if is_opaque:
            self._blank(match.start(), close.end(), OPAQUE)
        else:
            self._blank(match.start(), content, TAG)
            self._region(content, close.start())
            self._blank(close.start(), close.end(), TAG)
        return close.end()

    def _blank_links(self, start: int, end: int) -> None:
        """Blank out the brackets of what looks like a tag and is none.

        It may be read as one if somebody puts another bracket into it.
        """
        self._parts += (self._text[self._copied:start],
                        self._text[start:end].replace('[', TAG))
        self._copied = end
