"""What a Lua module loads."""
from __future__ import annotations

from typing import NamedTuple

from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MODULE, Title
from importbot.wikitext.references.luaframes import (
    FRAMES,
    FrameCalls,
    prefix_of,
)
from importbot.wikitext.references.luatokens import (
    Token,
    string_of,
    tokens_of,
    written,
)
from importbot.wikitext.references.result import References
from importbot.wikitext.references.vocabulary import decoded


__all__ = ('read_lua',)

_JSON = 'mw.loadJsonData'
_LOADERS = frozenset({'require', 'mw.loadData', _JSON})

#: Functions of the table ``mw`` itself, which is no library (Scribunto's
#: ``mw.lua``).
_FUNCTIONS = frozenset({
    'addWarning', 'allToString', 'clone', 'dumpObject', 'getCurrentFrame',
    'incrementExpensiveFunctionCount', 'isSubsting', 'loadData',
    'loadJsonData', 'log', 'logObject'})

_MAX_TOKENS = 32


class _Call(NamedTuple):

    """A call that loads a page, and where it stands.

    The argument is None where it is not one string, and the prefix is the
    string that it begins with.
    """

    argument: str | None
    start: int
    end: int
    prefix: str = ''


def read_lua(text: str, page: Title, siteinfo: SiteInfo) -> References:
    """Return what a Lua module loads.

    That are calls of ``require``, ``mw.loadData`` and
    ``mw.loadJsonData`` with a string, directly or by ``pcall``; a call
    with anything else stays unresolved. A module that redirects
    (``return require [[…]]``) needs its target like any other.

    What frames expand counts as well, where it is a literal.

    :param text: Lua
    :param page: the module
    :param siteinfo: settings of the wiki the text comes from
    """
    if not any(word in text for word in ('require', 'mw', *FRAMES)):
        return References()
    frames = FrameCalls(page, siteinfo)
    prefixes: set[Title] = set()
    titles: set[Title] = set()
    unresolved: set[str] = set()
    libraries: set[str] = set()
    tokens = tokens_of(text)
    for index, token in enumerate(tokens):
        if token.kind != 'name':
            continue
        name = ''.join(token.text.split()).removeprefix('_G.')
        libraries.update(_libraries(name))
        frames.add(text, tokens, index)
        if name not in _LOADERS:
            continue
        call = _call(tokens, index)
        if call is None:
            continue
        if call.argument is None:
            unresolved.add(written(text[call.start:call.end]))
            begins = prefix_of(call.prefix, siteinfo)
            if begins and _is_loaded(name, begins):
                prefixes.add(begins)
            continue
        title = siteinfo.title(decoded(call.argument))
        if title is not None and _is_loaded(name, title):
            titles.add(title)
    return References(titles=frozenset(titles | frames.titles),
                      unresolved=frozenset(unresolved | frames.unresolved),
                      functions=frozenset(frames.functions),
                      tags=frozenset(frames.tags),
                      libraries=frozenset(libraries),
                      prefixes=frozenset(prefixes | frames.prefixes),
                      words=frozenset(frames.words))


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


def _call(tokens: list[Token], index: int) -> _Call | None:
    """Return the call of the function that is named at *index*.

    :return: None where it is only mentioned
    """
    before, following = tokens[index - 1].text, tokens[index + 1]
    if following.kind == 'string':
        return _Call(string_of(following.text), tokens[index].start,
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
    value, prefix = None, ''
    if tokens[argument].kind == 'string':
        literal = string_of(tokens[argument].text)
        after = tokens[argument + 1].text
        if after in (')', ','):
            value = literal
        elif after.startswith('..'):
            prefix = literal
    return _Call(value, tokens[first].start, tokens[closing].end, prefix)


def _closing(tokens: list[Token], opening: int) -> int | None:
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
