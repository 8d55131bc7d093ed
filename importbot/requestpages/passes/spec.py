"""What a request asks for: pages of one source, and how to import them."""
from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

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
from importbot.rules.wanted import (
    ADDRESS,
    LINK,
    ForeignWikis,
    link_title,
    sides_of,
    without_direction,
)


__all__ = ('RequestSpec', 'parse_spec', 'unknown_parameters')

_COMMENT = re.compile('<!--.*?(?:-->|$)', re.DOTALL)
_BREAK = re.compile(r'<br\s*/?>|\n', re.IGNORECASE)
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
        # It is about templates, whoever asked for them.
        values = {**configuration.policy.fields(), **self.choices,
                  'asdependencies': 'existing' in self.choices}
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
        self._wikis = ForeignWikis(configuration.sources, interwiki)
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
            self._problem('nothing',
                          parameter=self._vocabulary.shown('pages'))
        if len(self._prefixes) > 1:
            self._problem('sources', sources=', '.join(self._prefixes))
        elif not self._prefixes and not self._knows('source', 'url'):
            self._only_source()
        return RequestSpec(
            '' if self._knows('source', 'sources')
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
        here, *targets = sides_of(line)
        title = self._source_title(here)
        if title is None:
            return
        if not title or len(targets) > 1 or '|' in title:
            self._problem('line', line=line[:200])
            return
        target = ''
        if targets:
            target = link_title(targets[0])
            place = self._target.title(target)
            if place is None:
                self._problem('target', title=target[:200])
                return
            target = str(place)
        if pages.setdefault(title, target) != target:
            self._problem('twice', title=title[:200])

    def _source_title(self, text: str) -> str | None:
        """Return a title on the source, empty for none; None if what is
        wrong was said.
        """
        address = ADDRESS.fullmatch(text)
        if address:
            return self._title_at(address[1])
        link = LINK.fullmatch(text)
        name = link_title(text)
        if not link:
            return '' if '[' in name or ']' in name else name
        page = self._wikis.named(name)
        for prefix in page.prefixes[:1]:
            self._prefixes[prefix] = None
        other = self._wikis.other(name)
        if other and not page.prefixes:
            self._use(other)
        return page.title

    def _title_at(self, url: str) -> str | None:
        """Return the title that an address of a source leads to."""
        page = self._wikis.at(url)
        if page is None or not page.title:
            self._problem('url', url=url[:200],
                          sources=', '.join(self._configuration.sources))
            return None
        self._prefixes[page.prefixes[0]] = None
        return page.title

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
                *(pattern(link_title(title)) for title in titles))


def _lines(value: str, bullets: str = '*#;: ') -> list[str]:
    """Return the lines of a value, with single spaces.

    :param value: of a field
    :param bullets: what makes lines a list, and is left out
    """
    lines = _BREAK.split(without_direction(_COMMENT.sub('', value)))
    return [line for line in (' '.join(line.split()).lstrip(bullets)
                              for line in lines) if line]


def _moment(text: str) -> str:
    """Return a time or the end of a day as a timestamp, empty if none."""
    moment = text if 'T' in text else f'{text}T23:59:59Z'
    with suppress(ValueError):
        if _BEFORE.fullmatch(text) and datetime.strptime(
                moment, '%Y-%m-%dT%H:%M:%SZ'):
            return moment
    return ''
