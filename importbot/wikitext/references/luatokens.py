"""Lua in its tokens, as far as calls with literals need it."""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


__all__ = ('Token', 'string_of', 'tokens_of', 'written')

_MAX_WRITTEN = 500

_TOKEN = re.compile(
    r"""
      --\[(?P<comment>=*)\[
    | --[^\n]*
    | \[(?P<bracket>=*)\[
    | (?P<string>"[^"\\\n]*(?:\\.[^"\\\n]*)*"?
               | '[^'\\\n]*(?:\\.[^'\\\n]*)*'?)
    | (?P<name>[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)
    | (?P<sign>[0-9][\w.]*|[^\s\w"'(),[\]-]+|\S)
    """, re.VERBOSE | re.DOTALL)

_ESCAPE = re.compile(rb'\\([0-9]{1,3}|.)', re.DOTALL)
_ESCAPED = {b'a': b'\a', b'b': b'\b', b'f': b'\f', b'n': b'\n',
            b'r': b'\r', b't': b'\t', b'v': b'\v'}


class Token(NamedTuple):

    """A name, a string or a sign, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


#: Behind the last token, so that there is always one ahead and before.
_PADDING = [Token('end', '', 0, 0)] * 4


def tokens_of(text: str) -> list[Token]:
    """Return what stands in Lua outside of comments.

    Behind the last one are some more, so that there is always one ahead.

    :param text: Lua
    """
    return [*_tokens(text), *_PADDING]


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    while match := _TOKEN.search(text, position):
        kind = match.lastgroup
        start, end = match.span()
        if kind in ('comment', 'bracket'):
            closing = f']{match[kind]}]'
            close = text.find(closing, end)
            end = len(text) if close < 0 else close + len(closing)
        position = end
        if kind == 'bracket':
            kind = 'string'
        if kind is not None and kind != 'comment':
            yield Token(kind, text[start:end], start, end)


def string_of(literal: str) -> str:
    """Return the value of a string of Lua.

    :param literal: as it stands there
    """
    if literal[0] == '[':
        width = literal.index('[', 1) + 1
        return literal[width:-width].removeprefix('\n')
    value = literal[1:].removesuffix(literal[0])
    return _ESCAPE.sub(_escaped, value.encode(errors='replace')).decode(
        errors='replace')


def _escaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code.isdigit():
        return bytes([int(code) & 0xFF])
    return _ESCAPED.get(code, code)


def written(text: str) -> str:
    """Return a piece of Lua on one line.

    :param text: the piece
    """
    line = ' '.join(text.split())
    return line if len(line) <= _MAX_WRITTEN else f'{line[:_MAX_WRITTEN]}…'
