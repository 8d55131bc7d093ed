"""``action=import`` on a pywikibot site; the only place that calls it.

An import is sent once. pywikibot sends a request that timed out again, up
to 15 times, and the server goes on working on the first: overlapping
imports duplicate revisions (:phab:`T383962`, :phab:`T384167`). All that
makes pywikibot repeat a request is an exception here, but for a session
that ran out: then nothing was done, and the bot logs in and sends it again.
"""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn, TypedDict

import pywikibot
import requests
from pywikibot.comms import http
from pywikibot.data.api import Request

from importbot.model.errors import (
    ImportRefusedError,
    NoAnswerError,
    RenamedParameterError,
    TargetError,
    UploadError,
    UsageError,
)
from importbot.model.options import SERVER_LIMIT
from importbot.model.problems import Problem, Setting
from importbot.rules.api_errors import refusal, words_of
from importbot.rules.patience import Met, met
from importbot.wikis.network import patiently
from importbot.wikis.waiting import asked_by, beat


if TYPE_CHECKING:
    from typing_extensions import Unpack


__all__ = ('PARAMETERS', 'ImportOptions', 'ImportedPage', 'Importer')

#: Every parameter of the module (:api:`Import`).
PARAMETERS = frozenset({
    'assignknownusers', 'fullhistory', 'interwikipage', 'interwikiprefix',
    'interwikisource', 'namespace', 'rootpage', 'summary', 'tags',
    'templates', 'xml'})

#: What took the place of names that ended with MediaWiki 1.15 to 1.24.
_RENAMED = {'interwikititle': '"interwikipage"',
            'intoken': 'the csrf token, which importbot fetches itself',
            'type': 'the csrf token, which importbot fetches itself'}

#: Answers of what stands before a wiki when it is tired of waiting, besides
#: all from 500 (RFC 9110, 15.5.9; nginx): they say nothing of its work.
_TIRED = frozenset({408, 499})


@dataclass(frozen=True)
class ImportedPage:

    """What the wiki says of one page of an import.

    :param title: title on the target
    :param namespace: its namespace number
    :param revisions: revisions taken; 0 if all were there already
    """

    title: str
    namespace: int
    revisions: int


class _ImportRequest(Request):

    """A request that is sent once and whose answer is never guessed."""

    page = ''
    #: Seconds that the answer asks to wait.
    asked: float | None = None

    def _http_request(self, use_get: bool, uri: str, data: Any,
                      headers: Any, paramstring: str) -> Any:
        """Send the request; raise what came in place of an answer."""
        if self.mime is not None:
            # PHP forgets the body of a request that is too large for it;
            # then only the address says that the API was meant.
            uri = f'{uri}?action=import&format=json'
        def judge(response: requests.Response | Exception) -> None:
            if isinstance(response, Exception):
                self._judge_silence(response)
            self.asked = asked_by(response)
            self._judge_status(response)

        response = http.request(
            self.site, uri=uri, method='POST', data=data, headers=headers,
            default_error_handling=False, callbacks=[judge])
        return response, False

    def _encoded_items(self) -> dict[str, str | bytes]:
        """Return the parameters; beside a file as bytes.

        A text would go through mail rules, which write "From" at the
        beginning of a line as ">From".
        """
        items: dict[str, str | bytes] = super()._encoded_items()
        if self.mime is None:
            return items
        return {name: value.encode() if isinstance(value, str) else value
                for name, value in items.items()}

    def _judge_silence(self, error: Exception) -> NoReturn:
        if 'NewConnectionError' in str(error):
            raise TargetError(Problem('target-unreachable',
                                      wiki=str(self.site),
                                      cause=str(error))) from error
        raise NoAnswerError(self.page, error) from error

    def _judge_status(self, response: requests.Response) -> None:
        status = response.status_code
        # There may be several, of which an answer in JSON has the first.
        code = response.headers.get('MediaWiki-API-Error', ''
                                    ).partition(',')[0].strip()
        if _is_api_answer(response):
            return
        if code and status < 400:
            raise self._refused(code, 'the wiki answered with a page')
        said = words_of(response.text)
        if not code and (status >= 500 or status in _TIRED):
            raise NoAnswerError(self.page, f'HTTP {status}'
                                + (f' ({said})' if said else ''))
        if status >= 400:
            raise self._refused(code or f'http-{status}',
                                f'the wiki answered HTTP {status}'
                                + (f': {said}' if said else ''))
        raise NoAnswerError(self.page, f'HTTP {status}, not of the API')

    def _refused(self, code: str, info: str) -> ImportRefusedError:
        refused = refusal(code, self.page, info)
        refused.asked = self.asked
        return refused

    def _logged_in(self, code: str) -> bool:
        """Raise an error that pywikibot would wait for and repeat.

        It comes here first, with every error of the API.
        """
        error: dict[str, Any] = self.last_error
        raise pywikibot.exceptions.APIError(**error)


def _is_api_answer(response: requests.Response) -> bool:
    try:
        answer = response.json()
    except ValueError:
        return False
    return isinstance(answer, dict) and not answer.keys().isdisjoint(
        ('import', 'error'))


class ImportOptions(TypedDict, total=False):

    """What an import takes on both routes.

    :param summary: for log and histories
    :param namespace: number of the namespace on the target
    :param rootpage: page under which the pages go
    :param tags: change tags for the log entries
    :param assign_known_users: whether names of local accounts become those
    """

    summary: str
    namespace: int | None
    rootpage: str
    tags: Collection[str]
    assign_known_users: bool


class Importer:

    """Imports into one wiki, by either route.

    ::

        importer = Importer(pywikibot.Site())
        pages = importer.from_wiki('en', 'Rover', full_history=True)

    :param site: the target, logged in
    :param read_timeout: seconds to wait for an answer; above the server's
        own limit, so that silence means something
    """

    def __init__(self, site: pywikibot.site.APISite,
                 read_timeout: float = SERVER_LIMIT + 30) -> None:
        self.site = site
        self.read_timeout = read_timeout

    def from_wiki(self, source: str, page: str, *,
                  full_history: bool = False, templates: bool = False,
                  **options: Unpack[ImportOptions],
                  ) -> list[ImportedPage] | None:
        """Import a page that the target fetches itself.

        :param source: interwiki prefix of the source
        :param page: full title on the source
        :param full_history: all revisions instead of the current one
        :param templates: with all templates of the current rendering;
            merges into or overwrites what the target has
        :param options: ``summary``, ``namespace`` by its number or
            ``rootpage``, ``tags``, ``assign_known_users``
        :return: as :meth:`send`
        :raises ImportRefusedError: the wiki answered with an error
        :raises NoAnswerError: no answer came
        """
        return self.send({'interwikisource': source, 'interwikipage': page,
                          'fullhistory': full_history,
                          'templates': templates, **_options(**options)})

    def from_xml(self, stream: IO[bytes] | PathLike[str],
                 interwiki_prefix: str,
                 **options: Unpack[ImportOptions],
                 ) -> list[ImportedPage] | None:
        """Import export XML by upload.

        :param stream: its bytes, or the path of a file that holds them
        :param interwiki_prefix: put before the names of authors
        :param options: as for :meth:`from_wiki`
        :return: as :meth:`send`
        :raises ImportRefusedError: the wiki answered with an error
        :raises NoAnswerError: no answer came
        """
        xml = (Path(stream).read_bytes() if isinstance(stream, PathLike)
               else stream.read())
        return self.send({'xml': xml,
                          'interwikiprefix': interwiki_prefix,
                          **_options(**options)})

    def send(self, parameters: Mapping[str, Any],
             ) -> list[ImportedPage] | None:
        """Send one import, once.

        :param parameters: by the names of the API (``PARAMETERS``);
            ``xml`` holds bytes; what is None, False or empty is left out
        :return: the pages of the answer; None under ``-simulate``. A page
            that the wiki silently rejected is not in the list
        :raises UsageError: a parameter that the API does not have, or
            parameters that do not go together
        :raises ImportRefusedError: the wiki answered with an error
        :raises NoAnswerError: no answer came; it may have been done
        :raises TargetError: nothing was sent
        """
        _check_names(parameters)
        given = {name: value for name, value in parameters.items()
                 # 0 is a namespace, not an absent value.
                 if value or (value == 0 and value is not False)}
        _check_together(given)
        page = str(parameters.get('interwikipage', 'the uploaded file'))
        try:
            return self._submitted(given, page)
        except ImportRefusedError as error:
            if met(error) is not Met.SESSION:
                raise
        # Nothing was done. Who took the lease meanwhile is not disturbed.
        beat()
        self._renew_session()
        return self._submitted(given, page)

    def _submitted(self, given: Mapping[str, Any],
                   page: str) -> list[ImportedPage] | None:
        """Send a request and return what the answer says."""
        request: _ImportRequest | None = None
        try:
            request = self._request(given)
            request.page = page
            with patiently(self.read_timeout):
                answer = request.submit()
        except pywikibot.exceptions.APIError as error:
            refused = _refusal(error, page, 'xml' in given)
            refused.asked = request.asked if request else None
            raise refused from error
        except (pywikibot.exceptions.Error,
                requests.RequestException) as error:
            raise self._unsent(error) from error
        return _pages(answer['import'], page)

    def _renew_session(self) -> None:
        """Log in again if need be; the next token is a new one.

        :raises TargetError: that is not possible
        """
        try:
            del self.site.userinfo
            self.site.login()
            self.site.tokens.clear()
        except (pywikibot.exceptions.Error,
                requests.RequestException) as error:
            raise self._unsent(error) from error

    def _unsent(self, error: Exception) -> TargetError:
        return TargetError(Problem('nothing-sent', wiki=str(self.site),
                                   cause=str(error)))

    def _request(self, given: Mapping[str, Any]) -> _ImportRequest:
        """Return the request; the file goes as multipart."""
        xml = given.get('xml')
        mime = None if xml is None else {
            'xml': (xml, ('text', 'xml'), {'filename': 'import.xml'})}
        return _ImportRequest(
            site=self.site, mime=mime, use_get=False, max_retries=0,
            parameters={'action': 'import', 'token':
                        self.site.tokens['csrf'],
                        **{name: value for name, value in given.items()
                           if name != 'xml'}})


def _refusal(error: pywikibot.exceptions.APIError, page: str,
             is_upload: bool) -> ImportRefusedError:
    """Return the exception for an answer of the API."""
    code = error.code
    if is_upload and code == 'missingparam':
        # The token was in the body that PHP forgot (post_max_size).
        code = 'http-contenttoolarge'
    refused = refusal(code, page, error.info)
    if isinstance(refused, UploadError):
        refused.limit = int(error.other.get('size', 0))
    return refused


def _options(*, summary: str = '', namespace: int | None = None,
             rootpage: str = '', tags: Collection[str] = (),
             assign_known_users: bool = False,
             **unknown: Any) -> dict[str, Any]:
    """Return the parameters that both routes share, by the API's names."""
    _check_names(unknown)
    if isinstance(tags, str):
        raise UsageError(Problem('field-texts', field=Setting('tags'),
                                 given=repr(tags)))
    return {'summary': summary, 'rootpage': rootpage, 'namespace': namespace,
            'tags': list(tags), 'assignknownusers': assign_known_users,
            **unknown}


def _check_names(parameters: Mapping[str, Any]) -> None:
    for name in parameters:
        if name in _RENAMED:
            raise RenamedParameterError(name, _RENAMED[name])
        if name not in PARAMETERS:
            raise UsageError(f'An import has no parameter "{name}"; it has '
                             f'{", ".join(sorted(PARAMETERS))}')


def _check_together(given: Mapping[str, Any]) -> None:
    if 'templates' in given and not given.keys().isdisjoint(
            ('namespace', 'rootpage')):
        raise UsageError('"templates" does not go with a namespace or root '
                         'page: every template would go there too')
    if 'xml' in given and 'interwikisource' in given:
        raise UsageError('"xml" does not go with "interwikisource": the '
                         'wiki would ignore the file')


def _pages(answer: Any, page: str) -> list[ImportedPage] | None:
    """Read the ``import`` member of an answer."""
    if isinstance(answer, dict):  # what -simulate puts in its place
        return None
    try:
        return [ImportedPage(row['title'], row['ns'], row['revisions'])
                for row in answer]
    except (KeyError, TypeError) as error:
        raise ImportRefusedError('unexpected-answer', page,
                                 f'the wiki answered {answer!r}') from error
