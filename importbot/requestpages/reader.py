"""Find the requests of a page, whatever people did to their templates."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from importbot.model.errors import ImportbotError
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import TEMPLATE, Title
from importbot.requestpages.configuration import TemplateWords
from importbot.requestpages.request import Request
from importbot.requestpages.wikitext import (
    BLANK,
    Places,
    Snippet,
    Span,
    blanked,
    named_templates,
)
from importbot.requestpages.words import FIELDS, STATE_FIELDS, Status


__all__ = ('RequestReader', 'TooLargeError')

#: Characters of the largest page that is read.
MOST = 2_000_000

#: Braces of a template, and not of an argument.
_OPENING = re.compile(r'(?<!\{)\{\{([^{}|\[\]\n]{1,300})')
_LINK = r'\[\[:?[^\[\]|{}\n]+(?:\|[^\[\]{}\n]*)?\]\]'
_ARROW = '(?:→|←|⇒|⇐|->|=>|&rarr;)'
_LINE = re.compile(rf'^[ \t*#:;]*({_LINK}\s*{_ARROW}\s*{_LINK})[^\n]*$',
                   re.MULTILINE)
#: What may stand between a line and the template of the bot below it.
_NOTHING = re.compile(rf'[\s{BLANK}]*')
_COMMENT = re.compile('<!--.*?(?:-->|$)', re.DOTALL)
#: Fields that hold one word of a few.
_CHOICES = ('templates', 'existing', 'history')


class TooLargeError(ImportbotError):

    """A page is larger than any honest request page."""


@dataclass(frozen=True)
class RequestReader:

    """Reads requests in the words of a wiki.

    :param siteinfo: settings of the wiki
    :param templates: the templates that make a request
    :param redirects: titles that lead to one of them, with where they lead
    :param lines: prefixes of sources, if plain lines are requests too
    """

    siteinfo: SiteInfo
    templates: Sequence[TemplateWords]
    redirects: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[str] = ()

    def template(self, name: str) -> TemplateWords | None:
        """Return the template of a name, None if it makes no request.

        :param name: as it stands between the braces
        """
        title = self._title(name)
        return self._known.get(title) if title else None

    @cached_property
    def _known(self) -> dict[Title, TemplateWords]:
        """The templates that make a request, by all their titles."""
        known = {title: words for words in reversed(self.templates)
                 if (title := self._title(words.name))}
        for redirect, leads_to in self.redirects.items():
            here = self._title(f':{redirect}')
            there = self._title(f':{leads_to}')
            if here and there in known:
                known.setdefault(here, known[there])
        return known

    def _title(self, name: str) -> Title | None:
        return self.siteinfo.title(name, TEMPLATE)

    def requests(self, text: str) -> list[Request]:
        """Return the requests of a page in their order.

        :param text: wikitext of the page
        :raises TooLargeError: it cannot be an honest page
        """
        if len(text) > MOST:
            raise TooLargeError(f'more than {MOST} characters')
        hidden = blanked(text)
        names: dict[str, bool] = {}

        def is_name(name: str) -> bool:
            if name not in names:
                names[name] = self.template(name) is not None
            return names[name]

        spans = named_templates(hidden, is_name)
        found = [self._request(text, hidden, span) for span in spans]
        places = Places(spans)
        found += [Request(Span(match.start(), match.end()),
                          broken='unclosed')
                  for match in _OPENING.finditer(hidden)
                  if is_name(match[1].replace(BLANK, '').strip())
                  and not places.cover(match.start())]
        if self.lines:
            found += self._lines(text, hidden, places)
        return sorted(found, key=lambda request: request.span)

    def _request(self, text: str, hidden: str, span: Span) -> Request:
        try:
            given = Snippet(text[span.start:span.end]).parameters()
        except ValueError:
            return Request(span, broken='unreadable')
        name = hidden[span.start + 2:span.end - 2].partition('|')[0].replace(
            BLANK, '')
        words = self.template(name.strip())
        assert words is not None, 'it was found by its name'
        return _read(span, given, words)

    def _lines(self, text: str, hidden: str,
               places: Places) -> Iterator[Request]:
        """Yield plain lines that no template of the bot follows."""
        for match in _LINE.finditer(hidden):
            below = _NOTHING.match(hidden, match.end())
            if (self._is_source(match[1])
                    and not places.cover(match.start())
                    and not (below and places.start_at(below.end()))):
                span = Span(*match.span(1))
                yield Request(span, {'pages': _COMMENT.sub(
                    '', text[span.start:span.end])},
                    words=self.templates[0], is_line=True)

    def _is_source(self, line: str) -> bool:
        name = line[2:].lstrip(': ').lower()
        return any(name.startswith(f'{prefix.lower()}:')
                   for prefix in self.lines)


def _read(span: Span, given: Mapping[str, str],
          words: TemplateWords) -> Request:
    ours = {name.casefold(): real for real in (*FIELDS, *STATE_FIELDS)
            for name in (*words.parameters.get(real, ()), real)}
    values: dict[str, str] = {}
    unknown = []
    for name, value in given.items():
        real = ours.get(name.casefold())
        if real is None:
            unknown.append(name)
        elif value:
            values[real] = value
    word = values.get('status', '')
    return Request(
        span, {name: _value(values[name], words) if name in _CHOICES
               else values[name] for name in FIELDS if name in values},
        _status(word, words), word, values.get('id', ''),
        values.get('plan', ''), tuple(unknown), words=words,
        parameters={real: name for name in given
                    if (real := ours.get(name.casefold()))})


def _value(value: str, words: TemplateWords) -> str:
    for real, names in words.values.items():
        if value.casefold() in (name.casefold() for name in names):
            return real
    return value


def _status(word: str, words: TemplateWords) -> Status | None:
    if not word:
        return Status.NEW
    for status in Status:
        names = (*words.statuses.get(status.value, ()), status.value)
        if word.casefold() in (name.casefold() for name in names):
            return status
    return None
