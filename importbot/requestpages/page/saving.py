"""Edits of pages that others write on: what they left there stays so.

A save expands substitutions and signatures wherever they stand on the
page, in the name of who saves. The bot keeps those of others from that,
looks at what was saved, and puts back what it did not mean.
"""
from __future__ import annotations

import re
import secrets

import pywikibot

from importbot.model.errors import EditConflictError, EditError
from importbot.model.printable import printable
from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.request import Request
from importbot.requestpages.page.scanner import BLANK, LITERAL, blanked
from importbot.wikis.editor import Editor
from importbot.wikis.wiki import Wiki
from importbot.wikitext.presave import saved_plainly


__all__ = ('Writer', 'quiet')

_SIGNATURE = re.compile(r'~{3,5}')
_LATENT = re.compile(r'~~~|\|\]\]|\[\[\|')
_NOTHING = '<nowiki/>'


class Writer:

    """Saves texts, and sees to it that nothing else changes."""

    def __init__(self, wiki: Wiki, reader: RequestReader) -> None:
        self._wiki = wiki
        self._editor = Editor(wiki.site)
        self._reader = reader

    def replace(self, title: str, text: str, own: str, base: int,
                summary: str) -> bool:
        """Replace the text of a page.

        :param title: full title
        :param text: the new text
        :param own: the part of it whose last signature is the bot's
        :param base: id of the revision that is replaced
        :return: False if the edit did more than that, and was put back
        :raises EditError: the page was not saved, or somebody edited it
            before it could be put back
        """
        token, sign = secrets.token_hex(16), ''
        signs = list(_SIGNATURE.finditer(own)) if own in text else []
        if signs:
            sign = signs[-1][0]
            start = text.rindex(own) + signs[-1].start()
            text = f'{text[:start]}{token}{text[start + len(sign):]}'
        text = self._safe(title, text)
        revision = self._editor.replace(
            title, text.replace(token, sign), base, summary)
        if revision == base:
            return True
        parent, saved = self._revision(revision)
        if parent == base:
            if _is_as_meant(saved, text, token):
                return True
            before = self._revision(base)[1]
        else:
            # The wiki has merged it with somebody else's edit.
            before = self._revision(parent)[1]
            if len(self._reader.hazards.substitutions(before)) <= len(
                    self._reader.hazards.substitutions(saved)):
                return True
        self._put_back(title, before, revision, summary)
        return False

    def _safe(self, title: str, text: str) -> str:
        """Return a text of which saving makes nothing else.

        :raises EditError: there is none
        """
        if not (_LATENT.search(text)
                or self._reader.hazards.substitutions(text)):
            return text
        saved = self._editor.presaved(title, text)
        if saved == saved_plainly(text):
            return text
        text = quiet(text, self._reader)
        saved = self._editor.presaved(title, text)
        if self._requests(saved) != self._requests(text):
            raise EditError(
                f'"{title}" was not saved: it holds substitutions or the '
                'like which saving would carry out; edit it by hand')
        return saved

    def _requests(self, text: str) -> list[tuple[Request, str]]:
        return [(request, text[request.span.start:request.span.end])
                for request in self._reader.requests(text)]

    def _put_back(self, title: str, text: str, revision: int,
                  summary: str) -> None:
        pywikibot.warning(printable(
            f'"{title}": saving revision {revision} changed more than the '
            'bot wrote, by what others had left there; it is put back'))
        try:
            self._editor.replace(title, self._safe(title, text), revision,
                                 summary)
        except EditConflictError as error:
            raise EditError(
                f'"{title}": revision {revision} changed more than the bot '
                'wrote, and somebody has edited the page since; look at '
                'it') from error

    def _revision(self, revision: int) -> tuple[int, str]:
        """Return the parent and the text of a revision."""
        query = next(self._wiki.query(
            revids=[revision], prop='revisions', rvprop='ids|content',
            rvslots='main'))
        for page in query.get('pages', ()):
            for row in page.get('revisions', ()):
                return (row.get('parentid', 0),
                        row['slots']['main'].get('content', ''))
        return 0, ''


def quiet(text: str, reader: RequestReader) -> str:
    """Return a text in which nothing is expanded or signed by saving it.

    :param text: wikitext
    :param reader: knows what the wiki calls that
    """
    hidden = blanked(text)
    places = set(reader.hazards.substitutions(text))
    for match in _SIGNATURE.finditer(text):
        places |= set(range(match.start() + 2, match.end(), 2))
    kept: list[str] = []
    copied = 0
    for place in sorted(places):
        if hidden[place] not in (BLANK, LITERAL):
            kept += text[copied:place], _NOTHING
            copied = place
    return ''.join((*kept, text[copied:]))


def _is_as_meant(saved: str, text: str, token: str) -> bool:
    """Return whether a text was saved, with a signature for a token."""
    before, _token, after = saved_plainly(text).partition(token)
    return (saved == before if not _token else
            saved.startswith(before) and saved.endswith(after)
            and len(saved) >= len(before) + len(after)
            and '\n' not in saved[len(before):len(saved) - len(after)])
