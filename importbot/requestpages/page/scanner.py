"""Where templates stand in wikitext, found in one pass and in place.

A request page is open to everybody. mwparserfromhell takes minutes for a
page of 100 kB that was made for it, so only the templates that matter are
given to it, one by one, and without what does not concern them.
"""
from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

import mwparserfromhell
from mwparserfromhell.nodes import Template


__all__ = ('BLANK', 'LITERAL', 'MOST', 'Places', 'Snippet', 'Span',
           'blanked', 'named_templates')

#: Stands for every character of a comment. The wiki reads on after it
#: as if there was nothing.
BLANK = '\x1a'
#: Stands for every character of a literal tag. It can be in no name:
#: ``{{<nowiki/>Name}}`` is how people show a template.
LITERAL = '\x1b'

#: Tags whose content is no wikitext, or none that this page shows, so
#: that a template in them is none.
_TAGS = ('nowiki', 'pre', 'syntaxhighlight', 'source', 'math',
         'templatedata', 'html', 'includeonly')
_HIDDEN = re.compile(f'[{BLANK}{LITERAL}]+')
_SIGN = re.compile(r'\{{2,}|\}{2,}|\[\[|\]\]|^=+|\n', re.MULTILINE)

#: What mwparserfromhell could read as anything but text.
_NO_PIPES = re.compile(r'[<>:&\[\]{}]')
_COMMENT = re.compile('<!--.*?(?:-->|$)', re.DOTALL)
#: What stands before the first pipe; no title is longer.
_NAME = re.compile(r'[^{}|\[\]]{1,300}(?=\||\Z)')

#: Characters of the largest template that is read.
MOST = 10_000


@dataclass(frozen=True, order=True)
class Span:

    """A place in a text.

    :param start: index of the first character
    :param end: index after the last one
    """

    start: int
    end: int


@cache
def _tag(more: frozenset[str]) -> re.Pattern[str]:
    """Return what finds comments and tags that hide what is in them."""
    names = '|'.join(map(re.escape, (*_TAGS, *sorted(more - {*_TAGS}))))
    return re.compile(rf'<(?:!--|({names})(?=\s|/?>))', re.IGNORECASE)


class Places:

    """Places of a text that do not overlap.

    :param spans: the places
    """

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans)
        self._starts = [span.start for span in self._spans]

    def cover(self, index: int) -> bool:
        """Return whether a character is in one of them.

        :param index: of the character
        """
        before = bisect_right(self._starts, index)
        return before > 0 and index < self._spans[before - 1].end

    def start_at(self, index: int) -> bool:
        """Return whether one of them starts with a character.

        :param index: of the character
        """
        before = bisect_right(self._starts, index)
        return before > 0 and self._starts[before - 1] == index


def blanked(text: str, tags: Set[str] = frozenset()) -> str:
    """Return a text of the same length without comments and literal tags.

    :param text: wikitext
    :param tags: further tags whose content is put away
    """
    tag = _tag(frozenset(tags))
    kept: list[str] = []
    copied = position = 0
    ends = _TagEnds(text)
    while match := tag.search(text, position):
        position = match.end()
        end = ends.of(match)
        if end:
            sign = LITERAL if match[1] else BLANK
            kept += text[copied:match.start()], sign * (end - match.start())
            copied = position = end
    kept.append(text[copied:])
    return ''.join(kept)


class _TagEnds:

    """Knows where comments and tags end, as MediaWiki's preprocessor does.

    No part of the text is searched twice for the same.

    :param text: wikitext
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._bracket = -1
        self._unclosed: set[str] = set()

    def of(self, match: re.Match[str]) -> int:
        """Return where a comment or tag ends, 0 if it is none."""
        text = self._text
        if match[1] is None:
            end = text.find('-->', match.end())
            return len(text) if end < 0 else end + 3
        name = match[1].lower()
        opened = self._next_bracket(match.end())
        if opened == len(text):
            return 0
        if text[opened - 1] == '/':
            return opened + 1
        closing = name not in self._unclosed and re.compile(
            rf'</{name}\s*>', re.IGNORECASE).search(text, opened)
        if closing:
            return closing.end()
        self._unclosed.add(name)
        return len(text) if name == 'includeonly' else 0

    def _next_bracket(self, start: int) -> int:
        if self._bracket < start:
            place = self._text.find('>', start)
            self._bracket = len(self._text) if place < 0 else place
        return self._bracket


@dataclass
class _Opening:

    sign: str
    start: int
    left: int


def _pairs(text: str) -> list[tuple[Span, int]]:
    """Return what braces and double brackets enclose, and how many.

    As in MediaWiki's preprocessor, what opens last closes first, three
    braces before two, and a link that is not closed takes the braces
    around it apart, as what begins like a heading does with the braces
    that close in its line (``Preprocessor_Hash``).

    :param text: wikitext without comments and literal tags
    """
    pairs: list[tuple[Span, int]] = []
    opened: list[_Opening] = []
    for sign in _SIGN.finditer(text):
        start, count = sign.start(), len(sign[0])
        top = opened[-1].sign if opened else ''
        if sign[0][0] in '{[':
            opened.append(_Opening(sign[0][0], start, count))
        elif sign[0][0] == '=':
            # One of them may be what gives a parameter its value.
            if count > 1 or top != '{':
                opened.append(_Opening('\n', start, count))
        elif sign[0] == '\n':
            if top == '\n':
                opened.pop()
        elif sign[0] == ']]':
            if top == '[':
                link = opened.pop()
                pairs.append((Span(link.start, sign.end()), count))
        else:
            pairs += _closed(opened, start, count)
    return sorted(pairs)


def _closed(opened: list[_Opening], start: int,
            count: int) -> Iterator[tuple[Span, int]]:
    while count > 1 and opened and opened[-1].sign == '{':
        top = opened[-1]
        width = min(3, count, top.left)
        top.left -= width
        start += width
        count -= width
        yield Span(top.start + top.left, start), width
        if top.left < 2:
            opened.pop()


def _outermost(spans: Iterable[Span]) -> list[Span]:
    """Return those of some spans that are in no other one."""
    outer: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not outer or span.start >= outer[-1].end:
            outer.append(span)
    return outer


_PLACEHOLDER = re.compile(f'{BLANK}(\\d+){BLANK}')
#: Stands where a value is taken out.
_CUT = '\x1c'


class Snippet:

    """One template, to be read and changed in place.

    What is not changed stays as people wrote it. Whatever is nested in
    the template is put aside while mwparserfromhell reads it.

    :param text: wikitext of the template, braces included
    :raises ValueError: it is not one template, or too large
    """

    def __init__(self, text: str) -> None:
        if len(text) > MOST:
            raise ValueError(f'more than {MOST} characters')
        hidden = blanked(text)
        pairs = _pairs(hidden)
        if (Span(0, len(text)), 2) not in pairs or text[0] != '{':
            raise ValueError('no template')
        self._aside: list[str] = []
        self._code: Any = mwparserfromhell.parse(
            self._flat(text, hidden, pairs), skip_style_tags=True)
        nodes = self._code.nodes
        if len(nodes) != 1 or not isinstance(nodes[0], Template):
            raise ValueError('no template')
        self._template: Any = nodes[0]

    def _flat(self, text: str, hidden: str,
              pairs: Iterable[tuple[Span, int]]) -> str:
        """Return a template with nothing nested in it."""
        inner = [span for span, _width in pairs if span.start]
        literal = [Span(*match.span()) for match in _HIDDEN.finditer(hidden)]
        kept: list[str] = []
        copied = 2
        for span in _outermost([*inner, *literal]):
            kept += text[copied:span.start], self._put_aside(
                text[span.start:span.end])
            copied = span.end
        kept.append(text[copied:-2])
        return '{{' + _NO_PIPES.sub(lambda match: self._put_aside(match[0]),
                                    ''.join(kept)) + '}}'

    def _put_aside(self, text: str) -> str:
        self._aside.append(text)
        return f'{BLANK}{len(self._aside) - 1}{BLANK}'

    def __str__(self) -> str:
        return self._full(self._code)

    def parameters(self) -> dict[str, str]:
        """Return the values by name, the last one of a name.

        Comments are left out, as the wiki does.
        """
        return {self._plain(parameter.name): self._plain(parameter.value)
                for parameter in self._template.params}

    def names(self) -> list[str]:
        """Return the names of all parameters, as often as they are given.
        """
        return [self._plain(parameter.name)
                for parameter in self._template.params]

    def value(self, name: str) -> str:
        """Return the value of a parameter as it is written.

        :param name: of a parameter that is there
        """
        return self._full(self._last(name).value)

    def around(self, name: str) -> tuple[str, str]:
        """Return what stands before and after the value of a parameter.

        :param name: of a parameter that is there
        """
        parameter = self._last(name)
        value = parameter.value
        parameter.value = _CUT
        before, _cut, after = str(self).partition(_CUT)
        parameter.value = value
        return before, after

    def set_last(self, name: str, value: str) -> None:
        """Give the last parameter of a name a value; the others stay.

        :param name: of a parameter
        :param value: of the parameter
        """
        if name not in self.names():
            self.set(name, value)
            return
        old = str(self._last(name).value)
        word = old.strip()
        self._last(name).value = (old.replace(word, value) if word
                                  else f'{value}{old}')

    def _last(self, name: str) -> Any:
        """Return the parameter that counts of those with a name."""
        return next(parameter for parameter
                    in reversed(self._template.params)
                    if self._plain(parameter.name) == name)

    def _full(self, code: Any) -> str:
        return _PLACEHOLDER.sub(lambda match: self._aside[int(match[1])],
                                str(code))

    def _plain(self, code: Any) -> str:
        return _COMMENT.sub('', self._full(code)).strip()

    def set(self, name: str, value: str) -> None:
        """Give a parameter a value; a new one goes to the end.

        :param name: of the parameter
        :param value: of the parameter
        """
        parameters = self._template.params
        if self._template.has(name):
            self._template.add(name, value)
        elif '\n' in str(self._template) and parameters:
            last = str(parameters[-1].value)
            parameters[-1].value = f'{last.rstrip()}\n '
            self._template.add(name, f'{value}\n', preserve_spacing=False)
        else:
            self._template.add(name, value, preserve_spacing=False)


def named_templates(text: str, is_name: Callable[[str], bool],
                    ) -> list[Span]:
    """Return where templates of some names stand, outermost ones only.

    :param text: :func:`blanked` wikitext
    :param is_name: whether a name is one of them
    """
    spans: list[Span] = []
    for span, width in _pairs(text):
        if width != 2 or text[span.start] != '{':
            continue
        name = _NAME.match(text, span.start + 2, span.end - 2)
        if name and is_name(name[0].replace(BLANK, '').strip()):
            spans.append(span)
    return _outermost(spans)
