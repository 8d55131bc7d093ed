"""Ordinary edits and moves, which never lose other people's work."""
from __future__ import annotations

import pywikibot
import requests
from pywikibot.site import APISite

from importbot.model.errors import EditError, TargetError, first_line


__all__ = ('Editor', )

_SILENCE = (pywikibot.exceptions.ServerError,
            pywikibot.exceptions.ApiTimeoutError,
            requests.RequestException, ConnectionError)


class Editor:

    """Edits one wiki through pywikibot.

    :param site: the wiki, logged in
    """

    def __init__(self, site: APISite) -> None:
        """Initializer."""
        self.site = site

    def replace(self, title: str, text: str, base: int,
                summary: str) -> None:
        """Replace the text of an existing page.

        A save by the account that made the base revision conflicts only if
        the base is named by its id alone: with a time as well, MediaWiki
        overlooks what somebody else saved within the same second
        (EditPage, userWasLastToEdit), and pywikibot always gives one.

        :param title: full title
        :param text: the new text
        :param base: id of the revision that is replaced; another one on
            top is a conflict
        :param summary: edit summary
        :raises EditError: the page was not saved
        :raises TargetError: the wiki did not answer
        """
        try:
            answer = self.site.simple_request(
                action='edit', title=title, text=text, summary=summary,
                baserevid=base, bot=True, nocreate=True,
                token=self.site.tokens['csrf']).submit()['edit']
            if answer.get('result') != 'Success':
                raise EditError(f'"{title}" was not saved: {answer}')
        except _SILENCE as error:
            raise TargetError(f'The target wiki did not answer to an edit '
                              f'of "{title}": {first_line(error)}') from error
        except pywikibot.exceptions.Error as error:
            raise EditError(f'"{title}" was not saved: '
                            f'{first_line(error)}') from error

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
            raise TargetError(f'The target wiki did not answer to the move '
                              f'of "{old}": {first_line(error)}') from error
        except pywikibot.exceptions.Error as error:
            raise EditError(f'"{old}" was not moved to "{new}": '
                            f'{first_line(error)}') from error
