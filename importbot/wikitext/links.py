"""Links with a prefix and calls of templates, found in a masked text.

Made for texts of anybody: a pass takes a time in proportion to the text,
and what other constructs cut through is no link.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from importbot.wikitext.masking import COMMENT, OPAQUE, TAG


__all__ = ('Call', 'Link', 'calls', 'prefixed_links')

#: As ``Parser::handleInternalLinks2`` splits a text: brackets in pairs from
#: the left, so that a single one before a link makes it none.
_LINK = re.compile(
    r'(?<!\[)(?:\[\[)*(\[\[)'
    rf'([^\[\]|:{{}}<>\t\n{OPAQUE}{TAG}]*):'
    rf'([^\[\]|<>\n{OPAQUE}{TAG}]*)'
    rf'(\|[^\[\]{TAG}]+)?\]\]')
_CALL = re.compile(
    r'(?<!\{)\{\{(?!\{)'
    rf'([^{{}}|\[\]<>{OPAQUE}{TAG}]*)(?=\||\}}\}})([^{{}}]*)')
_BRACES = {'{': 1, '}': -1}


@dataclass(frozen=True, slots=True)
class Link:

    """A link with a prefix and no colon before it.

    :param prefix: what stands before the colon, as it is written
    :param name: what follows it; empty in a link to another wiki's
        main page
    :param start: place of its first bracket
    :param end: place after its last one
    """

    prefix: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Call:

    """A template between double braces.

    :param name: of the template, as it is written
    :param arguments: what follows, up to the first brace
    """

    name: str
    arguments: str


def prefixed_links(mask: str) -> Iterator[Link]:
    """Yield the links with a prefix: categories, files, other wikis.

    :param mask: wikitext, see :func:`importbot.wikitext.masking.masked`
    """
    for match in _LINK.finditer(mask):
        if _is_whole(mask[match.end(2):match.end()]):
            yield Link(_written(match[2]), _written(match[3]),
                       match.start(1), match.end())


def _is_whole(inside: str) -> bool:
    """Return whether braces are closed where they are opened."""
    depths = list(accumulate(_BRACES[char] for char in inside
                             if char in _BRACES))
    return not depths or (min(depths) >= 0 and depths[-1] == 0)


def calls(mask: str) -> Iterator[Call]:
    """Yield the templates that a text names outright.

    :param mask: wikitext, see :func:`importbot.wikitext.masking.masked`
    """
    for match in _CALL.finditer(mask):
        yield Call(_written(match[1]), match[2])


def _written(name: str) -> str:
    return name.replace(COMMENT, '').strip(' _\n\t')
