"""Ordinary edits and moves, which never lose other people's work."""
from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pywikibot
import requests
from pywikibot.data.api import Request
from pywikibot.site import APISite

from importbot.model.errors import (
    EditConflictError,
    EditError,
    TargetError,
    TransformedTextError,
    first_line,
)
from importbot.model.problems import Problem
from importbot.rules.api_errors import account_hint
from importbot.rules.patience import is_for_patience
from importbot.wikis.network import patiently
from importbot.wikis.waiting import Waiting, asked_by
from importbot.wikis.wiki import Wiki
from importbot.wikitext.presave import may_be_transformed, saved_plainly


__all__ = ('Editor', )

_SILENCE = (pywikibot.exceptions.ServerError,
            pywikibot.exceptions.ApiTimeoutError,
            # For pywikibot, what is no JSON is no wiki.
            pywikibot.exceptions.SiteDefinitionError,
            requests.RequestException, ConnectionError)
_TOO_MANY = 429
#: Codes of the API for what somebody else did to the page meanwhile.
_CONFLICTS = frozenset({'articleexists', 'editconflict', 'missingtitle',
                        'nosuchrevid', 'pagedeleted'})
#: Characters of a text that a wiki may render for minutes when it is saved,
#: and the seconds that it is given then; saving it twice takes it as long.
_LARGE, _LONG = 500_000, 300


class _Patient(Request):

    """A request that is sent again with the patience of all writes.

    pywikibot itself waits as long, but shows no sign of life meanwhile; and
    it takes an answer of HTTP 429 for a wiki that is down.
    """

    _asked: float | None = None

    def __init__(self, site: APISite, **parameters: Any) -> None:
        super().__init__(site=site, parameters={
            **parameters, 'token': site.tokens['csrf']})
        self._waiting = Waiting(site)

    def _http_request(self, *arguments: Any, **options: Any) -> Any:
        """Send it, and see whether the wiki's answer is that of a wiki."""
        answer = super()._http_request(*arguments, **options)
        response, use_get = answer
        if response is None:
            return answer
        self._asked = asked_by(response)
        if response.status_code == _TOO_MANY and not _is_error(response):
            self._be_patient(f'http-{_TOO_MANY}',
                             {'info': f'the wiki answered HTTP {_TOO_MANY}'})
            return None, use_get
        return answer

    def _logged_in(self, code: str) -> bool:
        """Return whether an error is no reason to send it again."""
        error: dict[str, Any] = self.last_error
        if is_for_patience(code, error['info']):
            self._be_patient(code, error)
            return False
        return bool(super()._logged_in(code))

    def _be_patient(self, code: str, error: dict[str, Any]) -> None:
        """Wait because nothing was done, if there is patience."""
        if not self._waiting.has_waited(code, self._asked):
            raise pywikibot.exceptions.APIError(**{**error, 'code': code})
        # pywikibot gives up where an error comes twice in a row.
        self.last_error = dict.fromkeys(('code', 'info'))

    def wait(self, delay: Any = None, **kwargs: Any) -> None:
        """Wait because something else went wrong.

        The text that is saved twice is the same, and so is its base.
        """
        error: dict[str, Any] = self.last_error
        if not self._waiting.has_waited(error['code'] or 'no answer', None):
            raise (pywikibot.exceptions.APIError(**error) if error['code']
                   else pywikibot.exceptions.ApiTimeoutError('no answer'))
        self.last_error = dict.fromkeys(('code', 'info'))


class _Once(_Patient):

    """A request that is repeated only where the wiki did not do it.

    An answer that asks for patience says so; silence says nothing.
    """

    def wait(self, delay: Any = None, **kwargs: Any) -> None:
        """Wait and send it again, unless no answer came."""
        if self.last_error['code'] is None:
            raise pywikibot.exceptions.ApiTimeoutError('no answer came')
        super().wait(delay, **kwargs)


class Editor:

    """Edits one wiki through pywikibot.

    :param site: the wiki, logged in
    """

    def __init__(self, site: APISite) -> None:
        self.site = site

    def replace(self, title: str, text: str, base: int, summary: str, *,
                model: str = '') -> int:
        """Replace the text of an existing page.

        A save by the account that made the base revision conflicts only if
        the base is named by its id alone: with a time as well, MediaWiki
        overlooks what somebody else saved within the same second
        (EditPage, userWasLastToEdit), and pywikibot always gives one.

        :param title: full title
        :param text: the new text
        :param base: id of the revision that is replaced; another one on
            top is a conflict
        :param model: content model, where the text is others' and has to
            arrive as it is; what the wiki would sign or substitute in it
            is not saved then
        :return: id of the new revision; of the base if the text is its
        :raises TransformedTextError: the wiki would save another text
        :raises EditError: the page was not saved
        :raises TargetError: the wiki did not answer
        """
        if model and not self.keeps(title, text, model):
            raise TransformedTextError(Problem('transformed', title=title))
        answer = self._edit(title, text=text, summary=summary,
                            baserevid=base, nocreate=True)
        return int(answer.get('newrevid', base))

    def presaved(self, title: str, text: str,
                 model: str = 'wikitext') -> str:
        """Return what the wiki would save if a text were sent to it.

        Signatures, substitutions and the pipe trick are carried out in the
        name of who saves, wherever in the text they stand and whoever
        wrote them; no parameter of an edit keeps a wiki from it. Only a
        text that may hold such things costs a request.

        :param title: full title of the page
        :raises TargetError: the wiki does not answer
        """
        if not may_be_transformed(text, model):
            return saved_plainly(text)
        answer = Wiki(self.site).ask(
            action='parse', onlypst=True, title=title, text=text,
            contentmodel=model, prop='')
        return str(answer['parse']['text'])

    def keeps(self, title: str, text: str,
              model: str = 'wikitext') -> bool:
        """Return whether the wiki saves a text as it is sent.

        :param title: full title of the page
        :raises TargetError: the wiki does not answer
        """
        return self.presaved(title, text, model) == saved_plainly(text)

    def create(self, title: str, text: str, summary: str,
               model: str = '') -> None:
        """Create a page.

        :param model: content model, that of the title if empty
        :raises EditConflictError: there is a page already
        :raises EditError: the page was not saved
        :raises TargetError: the wiki did not answer
        """
        more: dict[str, Any] = {'contentmodel': model} if model else {}
        self._edit(title, text=text, summary=summary, createonly=True, **more)

    def append(self, title: str, text: str, summary: str) -> None:
        """Put text at the end of a page, which need not be there.

        Sent once: a second time would append it twice.

        :param text: what is put there
        :raises EditError: the page was not saved
        :raises TargetError: the wiki did not answer
        """
        self._edit(title, is_once=True, appendtext=text, summary=summary)

    def _edit(self, title: str, *, is_once: bool = False,
              **parameters: Any) -> dict[str, Any]:
        is_large = len(parameters.get('text', '')) > _LARGE
        try:
            with patiently(_LONG) if is_large else nullcontext():
                answer: dict[str, Any] = (
                    _Once if is_large or is_once else _Patient)(
                        self.site, action='edit', title=title, bot=True,
                        **parameters).submit()['edit']
            if answer.get('result') != 'Success':
                raise EditError(Problem('not-saved', title=title,
                                        info=str(answer)))
            return answer
        except _SILENCE as error:
            raise TargetError(Problem('edit-silent', title=title,
                                      cause=first_line(error))) from error
        except pywikibot.exceptions.Error as error:
            raise _refused('not-saved', title, error) from error

    def move(self, old: str, new: str, summary: str) -> None:
        """Move a page without leaving a redirect.

        :param old: full title
        :param new: full title; no page may be there
        :param summary: reason for the log
        :raises EditError: the page was not moved
        :raises TargetError: the wiki did not answer
        """
        try:
            _Patient(self.site, action='move', to=new, reason=summary,
                     noredirect=True, **{'from': old}).submit()
        except _SILENCE as error:
            raise TargetError(Problem('move-silent', title=old,
                                      cause=first_line(error))) from error
        except pywikibot.exceptions.Error as error:
            raise _refused('not-moved', old, error, target=new) from error

    def unmerge(self, old: str, new: str, begins: tuple[str, int],
                ends: tuple[str, int], reason: str) -> None:
        """Move a part of the history of a page to another one.

        :param old: full title
        :param new: full title of a page that is there
        :param begins: time, ISO 8601, and id of the oldest revision that
            is moved (API:Mergehistory, ``starttimestamp``; MediaWiki 1.45)
        :param ends: those of the newest one
        :param reason: for the log
        :raises EditConflictError: there is no such page any more
        :raises EditError: nothing was moved
        :raises TargetError: the wiki did not answer
        """
        try:
            _Once(self.site, action='mergehistory', to=new, reason=reason,
                  starttimestamp='|'.join(map(str, begins)),
                  timestamp='|'.join(map(str, ends)),
                  **{'from': old}).submit()
        except _SILENCE as error:
            raise TargetError(Problem(
                'unmerge-silent', title=old,
                cause=first_line(error))) from error
        except pywikibot.exceptions.Error as error:
            raise _refused('not-unmerged', old, error) from error

    def delete(self, title: str, reason: str) -> bool:
        """Delete a page.

        Sent once: where the answer was lost, somebody may have begun the
        page anew before a second time.

        :param reason: for the log
        :return: whether it is gone already; a wiki leaves very long
            histories to a job of its own (API:Delete, ``scheduled``)
        :raises EditConflictError: there is no such page any more
        :raises EditError: the page was not deleted
        :raises TargetError: the wiki did not answer
        """
        try:
            answer = _Once(self.site, action='delete', title=title,
                           reason=reason).submit()['delete']
        except _SILENCE as error:
            raise TargetError(Problem(
                'deletion-silent', title=title,
                cause=first_line(error))) from error
        except pywikibot.exceptions.Error as error:
            raise _refused('not-deleted', title, error) from error
        return 'scheduled' not in answer


def _is_error(response: requests.Response) -> bool:
    """Whether an answer is an error of the API."""
    try:
        answer = response.json()
    except ValueError:
        return False
    return isinstance(answer, dict) and 'error' in answer


def _refused(key: str, title: str, error: pywikibot.exceptions.Error,
             **more: str) -> EditError:
    """Return the exception for what the wiki answered."""
    code = getattr(error, 'code', '')
    kind = EditConflictError if code in _CONFLICTS else EditError
    refused = kind(_with_hint(Problem(
        key, title=title, info=first_line(error), **more), code))
    refused.code = code
    return refused


def _with_hint(problem: Problem, code: str) -> Problem:
    """Return what is wrong with what can be done about it, if that helps."""
    hint = account_hint(code)
    return Problem('both', problem=problem, other=hint) if hint else problem
