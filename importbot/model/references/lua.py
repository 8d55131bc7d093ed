"""What a Lua module loads."""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from importbot.model.references.names import decoded
from importbot.model.references.values import References
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MODULE, Title


__all__ = ('read_lua',)

_JSON = 'mw.loadJsonData'
_LOADERS = frozenset({'require', 'mw.loadData', _JSON})

#: Functions of the table ``mw`` itself, which is no library (Scribunto's
#: ``mw.lua``).
_FUNCTIONS = frozenset({
    'addWarning', 'allToString', 'clone', 'dumpObject', 'getCurrentFrame',
    'incrementExpensiveFunctionCount', 'isSubsting', 'loadData',
    'loadJsonData', 'log', 'logObject'})

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

_MAX_TOKENS = 32
_MAX_WRITTEN = 500


class _Token(NamedTuple):

    """A name, a string or a sign, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


class _Call(NamedTuple):

    """A call that loads a page, and where it stands.

    The argument is None where it is not one string.
    """

    argument: str | None
    start: int
    end: int


#: Behind the last token, so that there is always one ahead and before.
_PADDING = [_Token('end', '', 0, 0)] * 4


def read_lua(text: str, siteinfo: SiteInfo) -> References:
    """Return what a Lua module loads.

    That are calls of ``require``, ``mw.loadData`` and
    ``mw.loadJsonData`` with a string, directly or by ``pcall``; a call
    with anything else stays unresolved. A module that redirects
    (``return require [[…]]``) needs its target like any other.

    :param text: Lua
    :param siteinfo: settings of the wiki the text comes from
    """
    if 'require' not in text and 'mw' not in text:
        return References()
    titles: set[Title] = set()
    unresolved: set[str] = set()
    libraries: set[str] = set()
    tokens = [*_tokens(text), *_PADDING]
    for index, token in enumerate(tokens):
        if token.kind != 'name':
            continue
        name = ''.join(token.text.split()).removeprefix('_G.')
        libraries.update(_libraries(name))
        if name not in _LOADERS:
            continue
        call = _call(tokens, index)
        if call is None:
            continue
        if call.argument is None:
            unresolved.add(_written(text[call.start:call.end]))
            continue
        title = siteinfo.title(decoded(call.argument))
        if title is not None and _is_loaded(name, title):
            titles.add(title)
    return References(titles=frozenset(titles),
                      unresolved=frozenset(unresolved),
                      libraries=frozenset(libraries))


def _is_loaded(loader: str, title: Title) -> bool:
    if loader == _JSON:
        return title.namespace >= 0
    return title.namespace == MODULE


def _libraries(name: str) -> list[str]:
    """Return the library that a dotted name belongs to, if any."""
    root, *parts = name.split('.')
    if root != 'mw' or not parts or parts[0] in _FUNCTIONS:
        return []
    return ['.'.join(['mw', *parts[:2 if parts[0] == 'ext' else 1]])]


def _call(tokens: list[_Token], index: int) -> _Call | None:
    """Return the call of the function that is named at *index*.

    :return: None where it is only mentioned
    """
    before, following = tokens[index - 1].text, tokens[index + 1]
    if following.kind == 'string':
        return _Call(_string(following.text), tokens[index].start,
                     following.end)
    if following.text == '(' and before != 'function':
        first, opening, argument = index, index + 1, index + 2
    elif (following.text == ',' and before == '('
            and tokens[index - 2].text == 'pcall'):
        first, opening, argument = index - 2, index - 1, index + 2
    else:
        return None
    closing = _closing(tokens, opening)
    if closing in (None, argument):
        return None
    value = None
    if (tokens[argument].kind == 'string'
            and tokens[argument + 1].text in (')', ',')):
        value = _string(tokens[argument].text)
    return _Call(value, tokens[first].start, tokens[closing].end)


def _closing(tokens: list[_Token], opening: int) -> int | None:
    """Return where the bracket that opens at a token is closed.

    :return: the last token looked at in a very long call, None where
        the text ends before
    """
    depth = 0
    for index in range(opening, opening + _MAX_TOKENS):
        token = tokens[index]
        if token.kind == 'end':
            return None
        if token.text == '(':
            depth += 1
        elif token.text == ')':
            depth -= 1
            if not depth:
                break
    return index


def _written(text: str) -> str:
    line = ' '.join(text.split())
    return line if len(line) <= _MAX_WRITTEN else f'{line[:_MAX_WRITTEN]}…'


def _tokens(text: str) -> Iterator[_Token]:
    """Yield what stands in Lua outside of comments."""
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
            yield _Token(kind, text[start:end], start, end)


def _string(literal: str) -> str:
    """Return the value of a string of Lua."""
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
