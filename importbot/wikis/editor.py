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
from importbot.wikis.network import patiently
from importbot.wikis.wiki import Wiki
from importbot.wikitext.presave import may_be_transformed, saved_plainly


__all__ = ('Editor', )

_SILENCE = (pywikibot.exceptions.ServerError,
            pywikibot.exceptions.ApiTimeoutError,
            # For pywikibot, what is no JSON is no wiki.
            pywikibot.exceptions.SiteDefinitionError,
            requests.RequestException, ConnectionError)
#: Codes of the API for what somebody else did to the page meanwhile.
_CONFLICTS = frozenset({'articleexists', 'editconflict', 'missingtitle',
                        'nosuchrevid', 'pagedeleted'})
#: Characters of a text that a wiki may render for minutes when it is saved,
#: and the seconds that it is given then; saving it twice takes it as long.
_LARGE, _LONG = 500_000, 300


class _Once(Request):

    """A request that is repeated only where the wiki did not do it.

    An answer that asks for patience says so; silence says nothing.
    """

    def wait(self, delay: Any = None, **kwargs: Any) -> None:
        """Wait and send it again, unless no answer came."""
        error: dict[str, Any] = self.last_error
        if error['code'] is None:
            raise pywikibot.exceptions.ApiTimeoutError('no answer came')
        try:
            super().wait(delay, **kwargs)
        except pywikibot.exceptions.ApiTimeoutError:
            raise pywikibot.exceptions.APIError(**error) from None


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
        self._edit(title, max_retries=0, appendtext=text, summary=summary)

    def _edit(self, title: str, max_retries: int | None = None,
              **parameters: Any) -> dict[str, Any]:
        is_large = len(parameters.get('text', '')) > _LARGE
        try:
            with patiently(_LONG) if is_large else nullcontext():
                answer: dict[str, Any] = (_Once if is_large else Request)(
                    site=self.site, max_retries=max_retries, parameters={
                        'action': 'edit', 'title': title, 'bot': True,
                        'token': self.site.tokens['csrf'],
                        **parameters}).submit()['edit']
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
            self.site.movepage(pywikibot.Page(self.site, old), new, summary,
                               movetalk=False, noredirect=True,
                               movesubpages=False)
        except _SILENCE as error:
            raise TargetError(Problem('move-silent', title=old,
                                      cause=first_line(error))) from error
        except pywikibot.exceptions.Error as error:
            refused = EditError(_with_hint(Problem(
                'not-moved', title=old, target=new,
                info=first_line(error)), getattr(error, 'code', '')))
            refused.code = getattr(error, 'code', '')
            raise refused from error

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
            answer = _Once(site=self.site, parameters={
                'action': 'delete', 'title': title, 'reason': reason,
                'token': self.site.tokens['csrf']}).submit()['delete']
        except _SILENCE as error:
            raise TargetError(Problem(
                'deletion-silent', title=title,
                cause=first_line(error))) from error
        except pywikibot.exceptions.Error as error:
            raise _refused('not-deleted', title, error) from error
        return 'scheduled' not in answer


def _refused(key: str, title: str,
             error: pywikibot.exceptions.Error) -> EditError:
    """Return the exception for what the wiki answered."""
    code = getattr(error, 'code', '')
    kind = EditConflictError if code in _CONFLICTS else EditError
    refused = kind(_with_hint(
        Problem(key, title=title, info=first_line(error)), code))
    refused.code = code
    return refused


def _with_hint(problem: Problem, code: str) -> Problem:
    """Return what is wrong with what can be done about it, if that helps."""
    hint = account_hint(code)
    return Problem('both', problem=problem, other=hint) if hint else problem
