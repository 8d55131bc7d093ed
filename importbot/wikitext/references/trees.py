"""Wikitext as trees of mwparserfromhell.

All but braces and pipes is masked before parsing: a tag, a link or a
line break in its name ends a template for mwparserfromhell, but not for
MediaWiki, whose preprocessor looks at nothing else.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import mwparserfromhell
from mwparserfromhell.nodes import Argument, Template, Text
from mwparserfromhell.parser import ParserError

from importbot.wikitext.references.braces import LITERALS, SEPARATOR, paired
from importbot.wikitext.references.regions import (
    ELEMENT,
    INCLUDEONLY,
    NOINCLUDE,
)
from importbot.wikitext.references.result import UnreadableTextError


__all__ = ('Part', 'arguments_of', 'is_plain', 'parts_of', 'templates',
           'views_of', 'written')

#: A part of a name or value: plain text, or a node whose text nobody
#: knows before the page is rendered.
Part = Any

# A line break stays a blank, so that it can be stripped from a name.
_MASKS = {'\n': '\x0c', '\r': '\x0b', '<': '\x12', '>': '\x13',
          '[': '\x14', ']': '\x15', ':': '\x16', '&': '\x17',
          '=': '\x18'}
_MASK = str.maketrans(_MASKS)
_UNMASK = str.maketrans({mask: sign for sign, mask in _MASKS.items()}
                        | LITERALS | {SEPARATOR: ''})

_INCLUSION_MARKS = ''.join(NOINCLUDE + INCLUDEONLY)
_MARK = re.compile(f'([{_INCLUSION_MARKS}])')
_UNMARK = str.maketrans('', '', _INCLUSION_MARKS + ELEMENT)

_MAX_WRITTEN = 500


def templates(text: str) -> Iterator[Any]:
    """Yield a ``Template`` node for each pair of double braces.

    :param text: wikitext without comments and tags
    :raises UnreadableTextError: mwparserfromhell cannot read the text
    """
    waiting = [_parsed(part) for part in paired(text.translate(_MASK))
               if '{{' in part]
    while waiting:
        for node in waiting.pop().nodes:
            if type(node) is Text:
                continue
            waiting += node.__children__()
            if type(node) is Template:
                yield node


def _parsed(text: str) -> Any:
    """Return the tree of a text.

    The separator in front keeps signs that mean something at the start
    of a line from doing so.
    """
    try:
        return mwparserfromhell.parse(SEPARATOR + text,
                                      skip_style_tags=True)
    except (ParserError, RecursionError) as error:
        raise UnreadableTextError(str(error)) from error


def parts_of(code: Any) -> list[Part]:
    """Return the parts of a name or value, plain text unmasked.

    :param code: a ``Wikicode`` object
    """
    return [node.value.translate(_UNMASK) if type(node) is Text else node
            for node in code.nodes]


def is_plain(parts: Iterable[Part]) -> bool:
    """Return whether all parts are plain text."""
    return all(type(part) is str for part in parts)


def arguments_of(node: Any) -> list[list[Part]]:
    """Return the parts of what follows each pipe.

    :param node: a ``Template``; as :func:`.paired` leaves one pipe, its
        tree has them all in one parameter
    """
    arguments: list[list[Part]] = []
    for parameter in node.params:
        arguments.append([])
        for part in parts_of(parameter.value):
            if type(part) is str:
                first, *others = part.split('|')
                arguments[-1].append(first)
                arguments += [[other] for other in others]
            else:
                arguments[-1].append(part)
    return arguments


def views_of(parts: list[Part]) -> list[list[Part] | None]:
    """Return a name as the views of a page have it.

    :param parts: the name with the marks of inclusion tags
    :return: one name where all views are alike, else that of the page
        and that of its transclusion; None for one that is not whole
    """
    if not any(type(part) is str and _MARK.search(part) for part in parts):
        return [parts]
    return [_outside(parts, *INCLUDEONLY), _outside(parts, *NOINCLUDE)]


def _outside(parts: list[Part], start: str, end: str) -> list[Part] | None:
    """Return the parts that do not stand between two marks."""
    kept: list[Part] = []
    outside = True
    for part in parts:
        pieces = _MARK.split(part) if type(part) is str else [part]
        for piece in pieces:
            if type(piece) is not str or not _MARK.match(piece):
                kept += [piece] if outside else []
            elif piece in (start, end):
                if outside is (piece == end):
                    return None
                outside = not outside
    return kept if outside else None


def written(parts: Iterable[Part]) -> str:
    """Return parts as they stand in the text, whitespace collapsed.

    The end of a very long name is cut off.
    """
    text: list[str] = []
    length = 0
    waiting = list(parts)[::-1]
    while waiting and length <= _MAX_WRITTEN:
        part = waiting.pop()
        if type(part) is str:
            text.append(part)
            length += len(part)
        else:
            waiting += reversed(_inside(part))
    line = ' '.join(''.join(text).translate(_UNMARK).split())
    return line if len(line) <= _MAX_WRITTEN else f'{line[:_MAX_WRITTEN]}…'


def _inside(node: Any) -> list[Part]:
    """Return what a node consists of."""
    if type(node) is Template:
        values = [parameter.value for parameter in node.params]
        return ['{{', node.name, *_piped(values), '}}']
    if type(node) is Argument:
        values = [] if node.default is None else [node.default]
        return ['{{{', node.name, *_piped(values), '}}}']
    return parts_of(node)


def _piped(values: Iterable[Part]) -> Iterator[Part]:
    for value in values:
        yield '|'
        yield value
