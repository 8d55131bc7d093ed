"""Find the requests of a page, whatever people did to their templates."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from importbot.model.errors import ImportbotError
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import TEMPLATE, Title
from importbot.requestpages.configuration import TemplateWords
from importbot.requestpages.page.hazards import Hazards
from importbot.requestpages.page.request import Request
from importbot.requestpages.page.scanner import (
    BLANK,
    Places,
    Snippet,
    Span,
    blanked,
    named_templates,
)
from importbot.requestpages.status import FIELDS
from importbot.requestpages.words import CHOICES, Vocabulary


__all__ = ('RequestReader', 'TooLargeError')

#: Characters of the largest page that is read.
MOST = 2_100_000
#: Requests of the largest page all of whose requests are read.
MOST_REQUESTS = 5_000
#: How many are read of each end of a larger one.
_OUTER = 50
_ID = re.compile(r'=\s*[0-9a-f]{12}(?![0-9a-z])')
#: Templates that need not be read again.
_REMEMBERED = 10_000
_PAGES_REMEMBERED = 8
#: Characters in which the name of a template ends.
_NEAR = 600
_UP_TO_PIPE = re.compile(r'[^{}|\[\]]{1,300}')

#: Braces of a template, and not of an argument.
_OPENING = re.compile(r'(?<!\{)\{\{([^{}|\[\]\n]{1,300})')
_LINK = r'\[\[:?[^\[\]|{}\n]+(?:\|[^\[\]{}\n]*)?\]\]'
_ARROW = '(?:→|←|⇒|⇐|->|=>|&rarr;)'
_LINE = re.compile(rf'^[ \t*#:;]*({_LINK}\s*{_ARROW}\s*{_LINK})[^\n]*$',
                   re.MULTILINE)
_ANYWHERE = re.compile(rf'{_LINK}\s*{_ARROW}\s*{_LINK}')
#: What may stand between a line and the template of the bot below it.
_NOTHING = re.compile(rf'[\s{BLANK}]*')
_COMMENT = re.compile('<!--.*?(?:-->|$)', re.DOTALL)


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
        words_of = {title: words for words in reversed(self.templates)
                    if (title := self._title(words.name))}
        for redirect, leads_to in self.redirects.items():
            here = self._title(f':{redirect}')
            target = self._title(f':{leads_to}')
            if here and target in words_of:
                words_of.setdefault(here, words_of[target])
        return words_of

    def _title(self, name: str) -> Title | None:
        return self.siteinfo.title(name, TEMPLATE)

    def requests(self, text: str) -> list[Request]:
        """Return the requests of a page in their order.

        :param text: wikitext of the page
        :raises TooLargeError: it cannot be an honest page
        """
        if len(text) > MOST:
            raise TooLargeError(f'more than {MOST} characters')
        return list(self._requests_once(text))

    @cached_property
    def _requests_once(self) -> Callable[[str], Sequence[Request]]:
        """Reading of a page; it is looked at more than once in a row."""
        return lru_cache(_PAGES_REMEMBERED)(self._requests)

    def _requests(self, text: str) -> Sequence[Request]:
        hidden = blanked(text)
        names: dict[str, bool] = {}

        def is_name(name: str) -> bool:
            if name not in names:
                names[name] = self.template(name) is not None
            return names[name]

        spans = named_templates(hidden, is_name)
        requests = [self._request(text, hidden, span)
                    for span in _those_that_count(text, spans)]
        places = Places(spans)
        requests += [Request(Span(match.start(), match.end()),
                             broken='unclosed')
                     for match in _OPENING.finditer(hidden)
                     if is_name(match[1].replace(BLANK, '').strip())
                     and not places.cover(match.start())]
        if self.lines:
            requests += self._lines(text, hidden, places)
        return tuple(sorted(requests, key=lambda request: request.span))

    def hidden(self, text: str, seen: int,
               most: int) -> Counter[str] | None:
        """Return what would be requests if something did not hide them.

        :param text: wikitext of a page
        :param seen: characters by which such a place is known again
        :param most: places that are looked at
        :return: what stands there, None if there are more places
        """
        requests = self.requests(text)
        spans = {request.span.start for request in requests
                 if not request.broken}
        hidden: Counter[str] = Counter()
        looked: dict[str, bool] = {}
        for start, end in self._openings(text, looked, seen):
            if start in spans:
                continue
            if hidden.total() == most:
                return None
            hidden[text[start:end]] += 1
        return hidden

    def _openings(self, text: str, looked: dict[str, bool],
                  seen: int) -> Iterator[tuple[int, int]]:
        """Yield where the name of a request follows two braces, to a pair
        that could close them.

        Comments are no part of a name, wherever they stand in it.
        """
        start = text.find('{{')
        while start >= 0:
            name = _UP_TO_PIPE.match(_COMMENT.sub('', text[
                start + 2:start + _NEAR]))
            word = name[0].strip() if name else ''
            if word not in looked:
                looked[word] = bool(word) and self.template(
                    word) is not None
            if looked[word]:
                end = text.find('}}', start, start + seen)
                yield start, end if end > 0 else start + seen
            start = text.find('{{', start + 1)
        if self.lines:
            for match in _ANYWHERE.finditer(text):
                if self._is_source(match[0]):
                    yield match.span()

    def _request(self, text: str, hidden: str, span: Span) -> Request:
        name = hidden[span.start + 2:span.end - 2].partition('|')[0].replace(
            BLANK, '')
        return replace(self._read_once(
            text[span.start:span.end], name.strip()), span=span)

    @cached_property
    def _read_once(self) -> Callable[[str, str], Request]:
        """Reading of a template; a history holds the same ones often."""
        return lru_cache(_REMEMBERED)(self._read_template)

    def _read_template(self, code: str, name: str) -> Request:
        span = Span(0, len(code))
        try:
            snippet = Snippet(code)
        except ValueError:
            return Request(span, broken='unreadable')
        words = self.template(name)
        assert words is not None, 'it was found by its name'
        vocabulary = self._vocabularies[words.name]
        request = _read(span, snippet.parameters(), vocabulary)
        return replace(request, flaws=self.hazards.flaws(
            code, (vocabulary.parameter(name) or name.casefold()
                   for name in snippet.names())))

    @cached_property
    def _vocabularies(self) -> Mapping[str, Vocabulary]:
        """What words mean, by the name of the template."""
        return {words.name: Vocabulary(words)
                for words in reversed(self.templates)}

    @cached_property
    def hazards(self) -> Hazards:
        """What in texts may change by itself, in the words of the wiki."""
        return Hazards.of_wiki(self.siteinfo)

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


def _those_that_count(text: str, spans: list[Span]) -> list[Span]:
    """Return which templates of a page are read.

    Of more than anybody can have meant, those that have an id, and the
    outer ones: what stood there before, and what came last.
    """
    if len(spans) <= MOST_REQUESTS:
        return spans
    inner = [span for span in spans[_OUTER:-_OUTER]
             if _ID.search(text, span.start, span.end)]
    return [*spans[:_OUTER], *inner[:MOST_REQUESTS], *spans[-_OUTER:]]


def _read(span: Span, given: Mapping[str, str],
          vocabulary: Vocabulary) -> Request:
    values: dict[str, str] = {}
    unknown = []
    for name, value in given.items():
        real = vocabulary.parameter(name)
        if real is None:
            # What has no name has a number for it.
            unknown += [what for what in (
                value if name.isdigit() else name, ) if what]
        elif value:
            values[real] = value
    word = values.get('status', '')
    return Request(
        span, {name: vocabulary.value(name, values[name])
               if name in CHOICES else values[name]
               for name in FIELDS if name in values},
        vocabulary.status(word), word, values.get('id', ''),
        values.get('plan', ''), tuple(unknown), words=vocabulary.words,
        parameters={real: name for name in given
                    if (real := vocabulary.parameter(name))})
