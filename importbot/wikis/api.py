"""Requests to one wiki through pywikibot's session and throttle."""
from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice
from typing import Any, NoReturn, TypeVar, cast

import pywikibot
from pywikibot.data.api import Request
from pywikibot.site import APISite

from importbot.model.errors import (
    ImportbotError,
    SourceError,
    TargetError,
    first_line,
)
from importbot.model.problems import Problem
from importbot.wikis.checked import checked
from importbot.wikis.network import (
    RETRIES,
    RETRY_WAIT,
    NetworkError,
    briefly,
    cause,
    guard,
)
from importbot.wikis.waiting import Waiting, asked_by, patience


__all__ = ('FIELDS', 'TITLES', 'WikiAPI', 'batches')

_Value = TypeVar('_Value')

#: Tries of a read, and seconds between them.
_RETRIES, _RETRY_WAIT = RETRIES, RETRY_WAIT
#: Answers to one request, waiting for a lag of its databases included.
_TRIES = 2 * _RETRIES
#: Status of HTTP, and seconds that a source may ask for in one request.
_TOO_MANY, _LONGEST = 429, 180
#: Answers of a source that continue each other: a million revisions.
_MOST_ANSWERS = 2000
#: What is asked of revisions.
FIELDS = ('ids|timestamp|sha1|user|size|contentmodel|roles|comment|flags|'
          'tags')
#: Titles in a request; ten times as many with ``apihighlimits``.
TITLES = 50


class _ReadRequest(Request):

    """A request that reads, and does not do so for ever.

    pywikibot counts the tries of each kind of trouble by itself, of some
    not at all.
    """

    _tries = 0
    #: Seconds of all pauses that the wiki asks for, None for pywikibot's
    #: patience.
    _longest: float | None = None
    _waiting: Waiting | None = None

    def _http_request(self, *arguments: Any, **options: Any) -> Any:
        """Send the request once more, unless that was often enough.

        HTTP 429 may come from what stands before the wiki, with anything in
        it: pywikibot would take it for the end of a wiki that it does not
        know, and ask others again without a pause.
        """
        while True:
            self._tries += 1
            if self._tries > _TRIES:
                raise NetworkError('it finds one more reason after the '
                                   'other for asking again')
            answer = super()._http_request(*arguments, **options)
            response = answer[0]
            if response is None or response.status_code != _TOO_MANY:
                return answer
            if not self._waits(asked_by(response)):
                raise NetworkError(f'HTTP {_TOO_MANY}: too many requests')

    def _waits(self, asked: float | None) -> bool:
        if self._waiting is None:
            given = patience()
            self._waiting = Waiting(
                cast(APISite, self.site), given if self._longest is None
                else replace(given, total=self._longest))
        return self._waiting.has_waited(f'http-{_TOO_MANY}', asked)


class _SourceRequest(_ReadRequest):

    """A request to a wiki that does not say when the bot logs in."""

    # It is asked again and again, and is not to hold the bot for ever.
    _longest = _LONGEST

    def _logged_in(self, code: str) -> bool:
        """Take what it says for an error."""
        return True

    def _userinfo_query(self, result: Any) -> bool:
        """Do not care who it says that the bot is."""
        return False


class WikiAPI:

    """Requests to one wiki that end, and their answers, checked.

    :param error: exception for a wiki that does not answer
    """

    def __init__(self, site: APISite,
                 error: type[ImportbotError] = TargetError) -> None:
        guard()
        self.site = site
        self._error = error
        self._is_source = error is SourceError
        self._request = _SourceRequest if self._is_source else _ReadRequest

    def __str__(self) -> str:
        return str(self.site)

    @property
    def api(self) -> str:
        """Address of the API."""
        return str(self.site.base_url(self.site.apipath()))

    def ask(self, **parameters: Any) -> dict[str, Any]:
        """Send one request and return the answer.

        :raises ImportbotError: the wiki does not answer as it should
        """
        try:
            with briefly() if self._is_source else nullcontext():
                answer = self._request(
                    site=self.site, max_retries=_RETRIES,
                    retry_wait=_RETRY_WAIT, parameters={
                        'formatversion': 2, **parameters}).submit()
        except (ImportbotError, KeyboardInterrupt):
            raise
        except Exception as error:
            # pywikibot takes what it reads for what MediaWiki answers.
            pywikibot.log(f'{self.api}: {error!r}')
            raise self._error(Problem(
                'no-mediawiki', api=self.api,
                cause=self._cause(error))) from error
        return checked(answer, self._odd)

    def _cause(self, error: Exception) -> str:
        """Return what went wrong; a source is not quoted."""
        if not self._is_source and isinstance(
                error, pywikibot.exceptions.APIError):
            return first_line(error)
        return cause(error)

    def _odd(self, what: str) -> NoReturn:
        """Say what is odd about an answer.

        :raises ImportbotError: always
        """
        raise self._error(Problem('odd-answer', api=self.api, what=what))

    def query(self, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield the ``query`` member of each answer until all is read.

        :raises ImportbotError: the wiki does not answer as it should, or
            finds no end
        """
        more: dict[str, Any] = {}
        seen: set[str] = set()
        most = _MOST_ANSWERS if self._is_source else sys.maxsize
        while True:
            answer = self.ask(action='query', **parameters, **more)
            yield (answer['query'] if 'query' in answer
                   else checked({}, self._odd))
            if 'continue' not in answer:
                return
            more = answer['continue']
            state = repr(sorted(more.items()))
            if state in seen or len(seen) >= most or not all(
                    isinstance(value, (str, int)) for value in more.values()):
                self._odd('is continued without end')
            seen.add(state)

    def _asked(self, values: Mapping[str, _Value], title: str) -> _Value:
        """Return what a wiki says of a page that it was asked about."""
        if title not in values:
            self._odd('leaves out a page that it was asked about')
        return values[title]


def batches(titles: Iterable[str], size: int = TITLES) -> Iterator[list[str]]:
    """Yield titles, each once, as many as a request takes.

    :param titles: full titles, or what else is asked for by its name
    :param size: how many a request takes
    """
    rest = iter(dict.fromkeys(titles))
    while batch := list(islice(rest, size)):
        yield batch
