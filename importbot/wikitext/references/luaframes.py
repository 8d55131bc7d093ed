"""What a Lua module has its frame expand, where it is a literal."""
from __future__ import annotations

from dataclasses import replace

from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MAIN, TEMPLATE, Title
from importbot.wikitext.references.luatokens import Token, string_of, written
from importbot.wikitext.references.result import UnreadableTextError
from importbot.wikitext.references.vocabulary import decoded
from importbot.wikitext.references.wikitext import read_wikitext


__all__ = ('FRAMES', 'FrameCalls', 'prefix_of')

_TEMPLATE, _TAG, _TEXT = FRAMES = ('expandTemplate', 'extensionTag',
                                   'preprocess')
_STYLES = 'templatestyles'
#: Tokens of a call that are looked at.
_MOST_TOKENS = 400
#: Stands for what follows a prefix.
_UNKNOWN = 'x'
_OPENING, _CLOSING = frozenset('({['), frozenset(')}]')


def prefix_of(text: str, siteinfo: SiteInfo,
              default: int = MAIN) -> Title | None:
    """Return how the titles begin that a literal is the beginning of.

    :param text: the literal
    :param default: namespace where it names none
    :return: None where it does not tell more than a namespace
    """
    title = siteinfo.title(decoded(text) + _UNKNOWN, default)
    if title is None or title.namespace < 0:
        return None
    name = title.name[:-1]
    return replace(title, name=name) if name else None


class FrameCalls:

    """Gathers what the frames of a module expand.

    :param page: the module
    :param siteinfo: settings of its wiki
    """

    def __init__(self, page: Title, siteinfo: SiteInfo) -> None:
        self.titles: set[Title] = set()
        self.prefixes: set[Title] = set()
        self.unresolved: set[str] = set()
        self.functions: set[str] = set()
        self.tags: set[str] = set()
        self.words: set[tuple[str, str]] = set()
        self._page = page
        self._siteinfo = siteinfo

    def add(self, text: str, tokens: list[Token], index: int) -> None:
        """Note the call of a frame, if a token names one.

        :param text: of the module
        :param tokens: of the module
        :param index: place of the name
        """
        called = tokens[index].text.rpartition('.')[2].strip()
        if called not in FRAMES or tokens[index - 1].text == 'function':
            return
        arguments = _arguments(tokens, index + 1)
        count = len(self.prefixes)
        if called == _TEMPLATE:
            self._add_titles(_values(arguments, 'title', 1), TEMPLATE)
        elif called == _TAG:
            self._add_tag(arguments)
        else:
            self._add_text(arguments)
        if len(self.prefixes) > count:
            self.unresolved.add(written(
                text[tokens[index].start:arguments[-1][0].end]))

    def _add_titles(self, values: list[tuple[str, bool]],
                    default: int) -> None:
        for text, is_whole in values:
            if is_whole:
                title = self._siteinfo.title(decoded(text), default)
                if title and title.namespace >= 0:
                    self.titles.add(title)
            elif begins := prefix_of(text, self._siteinfo, default):
                self.prefixes.add(begins)

    def _add_tag(self, arguments: list[tuple[Token, int]]) -> None:
        names = {text.lower() for text, is_whole in (
            *_values(arguments, 'name', 1), *_first(arguments)) if is_whole}
        self.tags |= names & self._siteinfo.tags
        if _STYLES in names:
            self.tags.add(_STYLES)
            self._add_titles(_values(arguments, 'src', 2), TEMPLATE)

    def _add_text(self, arguments: list[tuple[Token, int]]) -> None:
        for text, is_whole in (*_values(arguments, 'text', 1),
                               *_first(arguments)):
            if is_whole:
                try:
                    inner = read_wikitext(text, self._page, self._siteinfo)
                except UnreadableTextError:
                    continue
                self.titles |= inner.titles
                self.unresolved |= inner.unresolved
                self.functions |= inner.functions
                self.tags |= inner.tags
                self.words |= inner.words


def _arguments(tokens: list[Token],
               start: int) -> list[tuple[Token, int]]:
    """Return the tokens of a call with how deep in brackets they stand.

    Round brackets around a table count for nothing.
    """
    arguments: list[tuple[Token, int]] = []
    depth = tables = 0
    if tokens[start].kind == 'string':
        return [(tokens[start], 0)]
    for token in tokens[start:start + _MOST_TOKENS]:
        if token.kind == 'end':
            break
        if token.kind == 'sign':
            for char in token.text:
                depth += (char in _OPENING) - (char in _CLOSING)
                tables += (char == '{') - (char == '}')
        if not arguments and not depth:
            break
        arguments.append((token, tables))
        if not depth:
            break
    return arguments


def _values(arguments: list[tuple[Token, int]], name: str,
            depth: int) -> list[tuple[str, bool]]:
    """Return the strings that a field of a table begins with.

    :param depth: how deep in tables it stands at most
    :return: with whether they are all of the value
    """
    values = []
    for (key, level), (sign, _), (value, _), (following, _) in zip(
            arguments, arguments[1:], arguments[2:], arguments[3:],
            strict=False):
        if (key.text == name and 0 < level <= depth and sign.text == '='
                and value.kind == 'string'):
            values.append((string_of(value.text), _is_end(following)))
    return values


def _first(arguments: list[tuple[Token, int]]) -> list[tuple[str, bool]]:
    """Return the string that is the first argument, if it is one."""
    if len(arguments) == 1 and arguments[0][0].kind == 'string':
        return [(string_of(arguments[0][0].text), True)]
    place = next((place for place, (token, _) in enumerate(arguments)
                  if token.kind != 'sign'), 0)
    if place + 1 < len(arguments):
        token = arguments[place][0]
        if token.kind == 'string':
            return [(string_of(token.text),
                     _is_end(arguments[place + 1][0]))]
    return []


def _is_end(token: Token) -> bool:
    """Return whether a value is over, and nothing is put after it."""
    return token.text[:1] in {',', ';', ')', '}'}
