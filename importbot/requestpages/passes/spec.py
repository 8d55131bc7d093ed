"""What a request asks for: pages of one source, and how to import them."""
from __future__ import annotations

import html
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from unicodedata import normalize
from urllib.parse import parse_qs, unquote, urlsplit

from importbot.model.option import Kind, Option
from importbot.model.options import OPTIONS
from importbot.model.policy import Policy
from importbot.model.problems import Problem, Value
from importbot.model.siteinfo import SiteInfo
from importbot.model.steps import UPLOAD
from importbot.requestpages.configuration import Configuration
from importbot.requestpages.page.request import Request
from importbot.requestpages.policy_defaults import pattern
from importbot.requestpages.status import FIELDS, Status
from importbot.requestpages.words import Vocabulary


__all__ = ('RequestSpec', 'parse_spec', 'unknown_parameters')

#: No two parts of these can match the same spaces: requests are open to
#: everybody, and such an expression may take hours.
_ARROW = re.compile(  # those in links belong to titles
    r'\[\[[^\[\]]*\]\]|(→|←|⇒|⇐|->|=>|<-|&[lr][Aa]rr;)')
_LINK = re.compile(r'\[\[([^\[\]|]+)(?:\|[^\[\]]*)?\]\]')
_URL = re.compile(r'\[?\s*((?:https?:)?//[^\s\]]+)(?:\s[^\]]*)?\]?',
                  re.IGNORECASE)
_COMMENT = re.compile('<!--.*?(?:-->|$)', re.DOTALL)
_BREAK = re.compile(r'<br\s*/?>|\n', re.IGNORECASE)
#: Without its semicolon it is text.
_REFERENCE = re.compile(r'&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|\w{1,40});',
                        re.ASCII)
#: Marks of direction, which are copied along and which no title has.
_DIRECTION = re.compile('[\u200e\u200f\u202a-\u202e]')
_BEFORE = re.compile(r'\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?', re.ASCII)
#: How many patterns of how many characters a request may exclude.
_PATTERNS, _PATTERN_LENGTH = 50, 255
#: Parameters that mean nothing of which an answer speaks.
_NAMED = 10


@dataclass(frozen=True)
class RequestSpec:

    """What a request asks for.

    :param prefix: interwiki prefix of the source, empty if nobody can tell
    :param titles: full titles on the source, as they were written
    :param targets: titles that they are to have, by title on the source
    :param choices: values for fields of the policy
    :param problems: why it cannot be planned
    """

    prefix: str = ''
    titles: tuple[str, ...] = ()
    targets: tuple[tuple[str, str], ...] = ()
    choices: Mapping[str, object] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def can_be_looked_at(self) -> bool:
        """Whether its pages can be looked at, whatever else is wrong."""
        return bool(self.prefix and self.titles) and not any(
            problem.key in ('many', 'twice') for problem in self.problems)

    def policy(self, configuration: Configuration, summary: str) -> Policy:
        """Return how the pages are to be imported.

        :param summary: for logs and histories
        """
        values = {**configuration.policy.fields(), **self.choices}
        if not configuration.may_fetch(self.prefix):
            values['via'] = UPLOAD
        return Policy(**values, titlemap=self.targets, summary=summary,
                      maxpages=configuration.limits.pages,
                      maxrevisions=configuration.limits.revisions)


def parse_spec(request: Request, configuration: Configuration,
               interwiki: Mapping[str, str], target: SiteInfo) -> RequestSpec:
    """Return what a request asks for.

    :param interwiki: address pattern by interwiki prefix
    :param target: settings of the wiki
    """
    return _Reading(configuration, interwiki, target,
                    Vocabulary(request.words)).run(request)


def unknown_parameters(request: Request) -> Problem | None:
    """Return which parameters of a request mean nothing, None if all do.

    :param request: as it stands on its page
    """
    vocabulary = Vocabulary(request.words)
    names = tuple(_meant(name, vocabulary.near_parameter(name))
                  for name in request.unknown if '＝' not in name)
    return Problem('unknown-parameters', names=names[:_NAMED],
                   known=', '.join(map(vocabulary.shown, FIELDS))
                   ) if names else None


def _meant(word: str, near: str) -> Problem:
    """Return a word that means nothing, with the nearest that there is.
    """
    shown = ' '.join(word.split())[:100]
    return (Problem('perhaps', name=shown, near=near) if near
            else Problem('quoted', name=shown))


class _Reading:

    """One reading of a request; gathers all problems."""

    def __init__(self, configuration: Configuration,
                 interwiki: Mapping[str, str], target: SiteInfo,
                 vocabulary: Vocabulary) -> None:
        self._configuration = configuration
        self._vocabulary = vocabulary
        self._interwiki = interwiki
        self._target = target
        self._problems: list[Problem] = []
        self._prefixes: dict[str, None] = {}

    def run(self, request: Request) -> RequestSpec:
        if request.broken:
            return RequestSpec(problems=(Problem(request.broken), ))
        self._words(request)
        named = request.fields.get('source', '').strip(' :').lower()
        if named:
            self._use(named)
        pages: dict[str, str] = {}
        for line in _lines(request.fields.get('pages', '')):
            self._line(line, pages)
        limit = self._configuration.limits.titles
        if limit and len(pages) > limit:
            self._problem('many', count=len(pages), limit=limit)
        elif not pages and not self._knows('line', 'target', 'url'):
            self._problem('nothing')
        if len(self._prefixes) > 1:
            self._problem('sources', sources=', '.join(self._prefixes))
        elif not self._prefixes and not self._knows('source', 'url'):
            self._only_source()
        return RequestSpec(
            '' if self._knows('source', 'sources', 'url')
            else next(iter(self._prefixes), ''), tuple(pages),
            tuple((here, target) for here, target in pages.items() if target),
            self._choices(request), tuple(self._problems))

    def _words(self, request: Request) -> None:
        """Note words that mean nothing, with the nearest that there are.
        """
        for flaw in request.flaws:
            self._problem(flaw)
        if request.status is None:
            self._problem('status', word=_meant(
                request.status_word, self._vocabulary.near_status(
                    request.status_word)), allowed=', '.join(
                self._vocabulary.shown_status(status.value)
                for status in Status if status.is_for_people))
        for text in request.unknown:
            name, sign, _value = text.partition('＝')
            if sign:
                self._problem('full-width', name=name.strip()[:100],
                              sign=sign)

    def _problem(self, key: str, **values: Value) -> None:
        problem = Problem(key, **values)
        if problem not in self._problems:
            self._problems.append(problem)

    def _knows(self, *keys: str) -> bool:
        """Return whether one of some problems was found."""
        return any(problem.key in keys for problem in self._problems)

    def _use(self, prefix: str) -> None:
        for source in self._configuration.sources:
            if source.lower() == prefix:
                self._prefixes[source] = None
                return
        self._problem('source', source=prefix[:100],
                      sources=', '.join(self._configuration.sources))

    def _only_source(self) -> None:
        """Take the source that nobody has to name, if there is but one."""
        sources = self._configuration.sources
        if len(sources) == 1:
            self._prefixes[sources[0]] = None
        else:
            self._problem('no-source', sources=', '.join(sources))

    def _line(self, line: str, pages: dict[str, str]) -> None:
        here, *targets = _sides(line)
        title = self._source_title(here)
        if not title or len(targets) > 1 or '|' in title:
            self._problem('line', line=line[:200])
            return
        target = ''
        if targets:
            target = _link(targets[0])
            place = self._target.title(target)
            if place is None:
                self._problem('target', title=target[:200])
                return
            target = str(place)
        if pages.setdefault(title, target) != target:
            self._problem('twice', title=title[:200])

    def _source_title(self, text: str) -> str:
        url = _URL.fullmatch(text)
        if url:
            return self._title_of_url(url[1])
        link = _LINK.fullmatch(text)
        name = link[1] if link else text
        name = _decoded(name).replace('_', ' ').strip().lstrip(': ')
        if not link:
            return '' if '[' in name or ']' in name else name
        for prefix in sorted(self._configuration.sources, key=len,
                             reverse=True):
            *start, title = map(str.strip, name.split(
                ':', prefix.count(':') + 1))
            if ':'.join(start).lower() == prefix.lower():
                self._prefixes[prefix] = None
                return title
        first = name.partition(':')[0].strip().lower()
        if first != name.lower() and first in self._interwiki:
            self._use(first)
        return name

    def _title_of_url(self, url: str) -> str:
        """Return the title that an address of a source leads to."""
        try:
            asked = urlsplit(url if '://' in url else f'https:{url}')
        except ValueError:
            asked = urlsplit('')
        for prefix in self._configuration.sources:
            address = urlsplit(self._interwiki.get(prefix, ''))
            if not address.netloc or address.netloc != asked.netloc.lower():
                continue
            title = next(iter(parse_qs(asked.query).get('title', ())), '')
            start, _sign, end = address.path.partition('$1')
            if not title and asked.path.startswith(start) and start:
                title = unquote(asked.path[len(start):]).removesuffix(end)
            if title:
                self._prefixes[prefix] = None
                return normalize('NFC', title).replace('_', ' ').strip()
        self._problem('url', url=url[:200],
                      sources=', '.join(self._configuration.sources))
        return ''

    def _choices(self, request: Request) -> dict[str, object]:
        choices: dict[str, object] = {}
        for option in OPTIONS.of_request:
            text = request.fields.get(option.field, '')
            value = self._choice(option, text) if text else None
            if value:
                choices[option.field] = value
        return choices

    def _choice(self, option: Option, text: str) -> object:
        """Return what a request says of an option, nothing if it is wrong.
        """
        if option.kind is Kind.PATTERNS:
            return self._excluded(text)
        if option.kind is Kind.TIME:
            moment = _moment(text)
            if not moment:
                self._problem('before', value=text[:100])
            return moment
        value = text.casefold()
        if value in option.request_values:
            return value
        self._problem(
            'value', name=self._vocabulary.shown(option.field), value=_meant(
                text, self._vocabulary.near_value(option.field, text)),
            allowed=', '.join(map(self._vocabulary.shown_value,
                                  option.request_values)))
        return None

    def _excluded(self, text: str) -> object:
        """Return patterns for titles, with those of the configuration."""
        # An asterisk is for anything here, unless a space follows.
        titles = [title.removeprefix('* ')
                  for title in _lines(text, '#;: ')]
        if len(titles) > _PATTERNS or any(
                len(title) > _PATTERN_LENGTH or title.count('*') > 2
                for title in titles):
            self._problem('exclude')
            return ()
        return titles and (*self._configuration.policy.fields()['exclude'],
                *(pattern(_link(title)) for title in titles))


def _lines(value: str, bullets: str = '*#;: ') -> list[str]:
    """Return the lines of a value, with single spaces.

    :param value: of a field
    :param bullets: what makes lines a list, and is left out
    """
    lines = _BREAK.split(_DIRECTION.sub('', _COMMENT.sub('', value)))
    return [line for line in (' '.join(line.split()).lstrip(bullets)
                              for line in lines) if line]


def _sides(line: str) -> list[str]:
    """Return what stands on the sides of the arrows of a line."""
    sides = []
    copied = 0
    for match in _ARROW.finditer(line):
        if match[1]:
            sides.append(line[copied:match.start()].strip())
            copied = match.end()
    return [*sides, line[copied:].strip()]


def _link(text: str) -> str:
    """Return the title of a link, or the text if it is none."""
    link = _LINK.fullmatch(text)
    return _decoded(link[1] if link else text).replace(
        '_', ' ').strip().lstrip(': ')


def _decoded(text: str) -> str:
    """Return a title without character references, as MediaWiki does it.

    What they stand for may combine with the letter before.
    """
    return normalize('NFC', _REFERENCE.sub(
        lambda match: html.unescape(match[0]), text))


def _moment(text: str) -> str:
    """Return a time or the end of a day as a timestamp, empty if none."""
    moment = text if 'T' in text else f'{text}T23:59:59Z'
    with suppress(ValueError):
        if _BEFORE.fullmatch(text) and datetime.strptime(
                moment, '%Y-%m-%dT%H:%M:%SZ'):
            return moment
    return ''
