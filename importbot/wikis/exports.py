"""Streamed exports of a wiki, through pywikibot's session.

``Special:Export`` with one title in the path is not cut by
``$wgExportMaxHistory``, the form with many is (facts of SpecialExport);
so long pages are asked for one by one, and whoever reads an export
compares it with ``prop=revisions``. The API exports current revisions
only.
"""
from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any

import pywikibot
import requests
from pywikibot.comms import http
from pywikibot.site import APISite

from importbot.exports.exported import ExportedPage
from importbot.exports.reader import ExportReader
from importbot.model.errors import SourceError
from importbot.model.problems import Problem
from importbot.wikis.network import NetworkError, cause
from importbot.wikis.waiting import asked_by, doze


__all__ = ('export_pages', 'gives_history')

_CHUNK = 2 ** 16
#: Answers after which a read is worth a second try.
_BUSY = frozenset({429, 500, 502, 503, 504})
_TRIES = 3
_PAUSE = 5
_LONGEST_PAUSE = 60
_MAXLAG = 5


class _ExportBody:

    """The body of an answer as a stream.

    :param response: a streamed response
    :param name: what it is, for sentences
    """

    def __init__(self, response: requests.Response, name: Problem) -> None:
        self._chunks = response.iter_content(_CHUNK)
        self._name = name

    def read(self, _size: int = -1) -> bytes:
        """Return what comes next; nothing at the end.

        :raises SourceError: the line was cut
        """
        try:
            return next(self._chunks, b'')
        except requests.RequestException as error:
            raise SourceError(Problem('export-broke-off', name=self._name,
                                      cause=cause(error))) from error


def export_pages(site: APISite, titles: Sequence[str],
                 history: bool) -> Generator[ExportedPage, None, None]:
    """Yield pages as the wiki exports them; what it lacks is left out.

    The revisions of a page are to be read before the next page is.

    :param titles: full titles; one alone if its history is long
    :param history: all revisions instead of the current one
    :raises SourceError: the wiki does not answer, or breaks off
    :raises BundleError: what it answers is no export
    """
    name = Problem('export-of', titles=tuple(map(repr, titles)))
    with closing(_ask(site, titles, history, name)) as response:
        body: Any = _ExportBody(response, name)
        # The answer may be that of anything.
        yield from ExportReader(body, str(name), tell=pywikibot.log).pages()


def gives_history(site: APISite, title: str) -> bool:
    """Return whether a wiki exports more than current revisions.

    ``$wgExportAllowHistory`` is nowhere in the API. The stream is left
    after two revisions.

    :param title: a page that has more than one
    :raises SourceError: the wiki does not answer
    """
    count = 0
    pages = export_pages(site, [title], history=True)
    with closing(pages):
        for page in pages:
            for _revision in page.revisions():
                count += 1
                if count > 1:
                    return True
    return False


def _ask(site: APISite, titles: Sequence[str], history: bool,
         name: Problem) -> requests.Response:
    """Return the streamed answer to a request; reading is safe to repeat.
    """
    for attempt in range(1, _TRIES + 1):
        site.throttle()
        response = http.fetch(
            charset='utf-8', stream=True, default_error_handling=False,
            **_request(site, titles, history))
        if isinstance(response, requests.Response):
            if response.ok:
                return response
            response.close()
            problem = f'HTTP {response.status_code}'
            again = response.status_code in _BUSY
            asked = asked_by(response)
        else:
            problem, asked = cause(response), None
            again = not isinstance(response, NetworkError)
        if not again or attempt == _TRIES:
            break
        doze(min(min(_PAUSE, pywikibot.config.retry_wait)
                 if asked is None else asked, _LONGEST_PAUSE))
    raise SourceError(Problem('export-not-had', name=name, cause=problem,
                              wiki=str(site)))


def _request(site: APISite, titles: Sequence[str],
             history: bool) -> dict[str, Any]:
    """Return address, method and parameters of a request."""
    if not history:
        return {'uri': site.base_url(site.apipath()), 'method': 'POST',
                'data': {'action': 'query', 'export': 1, 'exportnowrap': 1,
                         'titles': '\x1f' + '\x1f'.join(titles),
                         'maxlag': _MAXLAG}}
    index = site.base_url(site.path())
    if len(titles) == 1:
        # What follows the slash is the path, wherever it stands. A form
        # that is sent is not redirected to the wiki's own name of the page
        # (SpecialPageFactory::executePath), which may be on another host.
        title = titles[0].replace(' ', '_')
        return {'uri': index, 'method': 'POST', 'data': {
            'title': f'Special:Export/{title}', 'history': 1,
            'maxlag': _MAXLAG}}
    return {'uri': index, 'method': 'POST', 'data': {
        'title': 'Special:Export', 'pages': '\n'.join(titles),
        'history': 1, 'maxlag': _MAXLAG}}
