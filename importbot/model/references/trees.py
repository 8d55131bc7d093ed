"""Wikitext as trees of mwparserfromhell.

All but braces and pipes is masked before parsing: a tag, a link or a
line break in its name ends a template for mwparserfromhell, but not for
MediaWiki, whose preprocessor reads nothing but these.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mwparserfromhell.nodes import Argument, Template, Text
from mwparserfromhell.parser import Parser, ParserError

from importbot.model.references.braces import LITERALS, SEPARATOR, paired
from importbot.model.references.regions import without_marks
from importbot.model.references.values import UnreadableText


__all__ = ('Part', 'arguments_of', 'parts_of', 'templates', 'written')

#: A part of a name: plain text, or a node that makes it dynamic.
Part = Any

_MASKS = {'\n': '\x0c', '\r': '\x0b', '<': '\x12', '>': '\x13',
          '[': '\x14', ']': '\x15', ':': '\x16', '&': '\x17',
          '=': '\x18'}
_MASK = str.maketrans(_MASKS)
_UNMASK = str.maketrans({mask: sign for sign, mask in _MASKS.items()}
                        | LITERALS | {SEPARATOR: ''})

_MAX_WRITTEN = 500


def templates(text: str) -> Iterator[Any]:
    """Yield the nodes of all that stands between double braces.

    :param text: wikitext without comments and extension tags
    :raises UnreadableText: mwparserfromhell cannot read the text
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
        return Parser().parse(SEPARATOR + text, skip_style_tags=True)
    except (ParserError, RecursionError) as error:
        raise UnreadableText(str(error)) from error


def parts_of(code: Any) -> list[Part]:
    """Return the parts of a name or value, plain text unmasked.

    :param code: a ``Wikicode`` object
    """
    return [node.value.translate(_UNMASK) if type(node) is Text else node
            for node in code.nodes]


def arguments_of(node: Any) -> list[list[Part]]:
    """Return the parts of what stands behind each pipe.

    :param node: a ``Template``, whose tree has all of it in one
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


def written(parts: Iterable[Part]) -> str:
    """Return parts as they stand in the text, whitespace collapsed.

    What is longer than a title can be is cut: it serves to recognise
    the place, and nests repeat what stands inside.
    """
    text = []
    length = 0
    waiting = list(parts)[::-1]
    while waiting and length <= _MAX_WRITTEN:
        part = waiting.pop()
        kind = type(part)
        if kind is Text:
            part = part.value.translate(_UNMASK)
        elif kind is Template:
            waiting += reversed(_template(part))
            continue
        elif kind is Argument:
            waiting += reversed(_argument(part))
            continue
        elif kind is not str:
            waiting += reversed(part.nodes)
            continue
        text.append(part)
        length += len(part)
    line = ' '.join(without_marks(''.join(text)).split())
    return line if len(line) <= _MAX_WRITTEN else f'{line[:_MAX_WRITTEN]}…'


def _template(node: Any) -> list[Part]:
    parts = ['{{', node.name]
    for parameter in node.params:
        parts += '|', parameter.value
    return [*parts, '}}']


def _argument(node: Any) -> list[Part]:
    default = [] if node.default is None else ['|', node.default]
    return ['{{{', node.name, *default, '}}}']
