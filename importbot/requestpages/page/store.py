"""The request pages of a wiki, read together and changed one edit a step.
"""
from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any
from unicodedata import normalize

from importbot.model.errors import (
    ConfigurationError,
    EditConflictError,
    EditError,
)
from importbot.model.problems import Problem
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MEDIAWIKI, USER
from importbot.requestpages.page.edits import RequestEdit
from importbot.requestpages.page.markers import between, with_between
from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.saving import Writer
from importbot.requestpages.page.sections import renumbered
from importbot.wikis.editor import Editor
from importbot.wikis.people import PageRevision, People, page_revision
from importbot.wikis.wiki import Wiki


__all__ = ('PageStore', 'StoredPage', 'is_trusted', 'read_pages')

_TRIES = 5
#: Seconds that edits of a page may take a wiki in a pass, and those that an
#: edit takes with all its pauses on a page like any other. Where others
#: left a hundred thousand templates, each edit has the wiki render them.
_MOST_SECONDS, _QUICK = 120, 15
#: Revisions of the log in which a line of the bot is looked for.
_LOOKED_AT = 100
#: Levels of protection that any account reaches by itself.
_OPEN_LEVELS = frozenset({'', 'autoconfirmed', 'editsemiprotected',
                          'extendedconfirmed', 'user'})


@dataclass(frozen=True)
class StoredPage:

    """A page that steers the bot, as it is now.

    :param title: full title
    :param revision: id of its newest revision, 0 if there is no page
    :param text: None where there is none, or none to be seen
    :param is_redirect: whether it leads elsewhere
    :param levels: protection against edits
    :param redirects: full titles that lead to it
    :param newest: its newest revision, None if there is no page
    """

    title: str
    revision: int = 0
    text: str | None = None
    is_redirect: bool = False
    levels: frozenset[str] = frozenset()
    redirects: tuple[str, ...] = ()
    newest: PageRevision | None = None


def read_pages(wiki: Wiki, titles: Iterable[str]) -> dict[str, StoredPage]:
    """Return some pages in as few requests as that takes.

    :param titles: full titles
    :return: by the titles asked for; invalid ones are left out
    """
    # What is not in this form would come back by another name.
    composed = {title: normalize('NFC', title) for title in titles}
    full_titles = list(dict.fromkeys(composed.values()))
    rows: dict[str, dict[str, Any]] = {}
    spelled: dict[str, str] = {}
    for query in wiki.query(
            titles=full_titles, prop='info|revisions|redirects',
            inprop='protection', rvslots='main',
            rvprop='ids|timestamp|user|userid|sha1|content',
            rdprop='title', rdlimit='max'):
        spelled.update((row['from'], row['to'])
                       for row in query.get('normalized', ()))
        for row in query.get('pages', ()):
            former = rows.setdefault(row['title'], {})
            more = [*former.get('redirects', ()), *row.get('redirects', ())]
            former |= {**row, 'redirects': more}
    return {title: _page(rows[name]) for title, asked in composed.items()
            if (name := spelled.get(asked, asked)) in rows
            and 'invalid' not in rows[name]}


def _page(row: Mapping[str, Any]) -> StoredPage:
    newest = (page_revision(row['revisions'][0]) if row.get('revisions')
              else None)
    return StoredPage(
        row['title'], newest.id if newest else 0,
        newest.text if newest else None,
        bool(row.get('redirect')),
        frozenset(item['level'] for item in row.get('protection', ())
                  if item['type'] == 'edit'),
        tuple(item['title'] for item in row['redirects']), newest)


def is_trusted(page: StoredPage, siteinfo: SiteInfo, bot: str) -> bool:
    """Return whether only trusted users can edit a page.

    Interface messages, the bot's own JSON pages, and pages protected by
    more than an account's age.

    :param bot: the bot's account
    """
    title = siteinfo.title(f':{page.title}')
    if title is None:
        return False
    own = (title.namespace == USER and title.name.endswith('.json')
           and title.name.startswith(f'{bot}/'))
    return (title.namespace == MEDIAWIKI or own
            or bool(page.levels - _OPEN_LEVELS))


def configuration_text(page: StoredPage | None, title: str,
                       siteinfo: SiteInfo, bot: str) -> str:
    """Return the text of the configuration page.

    :param page: the page, None if there can be none
    :param title: as it was asked for
    :param bot: the bot's account
    :raises ConfigurationError: it is not there, or anybody can edit it
    """
    if page is None or page.text is None:
        raise ConfigurationError(title, [Problem('configuration-missing')])
    if not is_trusted(page, siteinfo, bot):
        raise ConfigurationError(title, [
            Problem('configuration-unprotected', bot=bot)])
    return page.text


class PageStore:

    """Changes requests on their pages, whoever else edits there."""

    def __init__(self, wiki: Wiki, reader: RequestReader) -> None:
        self.reader = reader
        self._wiki = wiki
        self._editor = Editor(wiki.site)
        self._writer = Writer(wiki, reader)
        self._may_edit: dict[str, bool] = {}
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def read(self, title: str) -> StoredPage:
        """Return a request page as it is now.

        :param title: full title
        """
        return read_pages(self._wiki, [title])[title]

    def may_edit(self, title: str) -> bool:
        """Return whether ``{{bots}}`` lets the bot edit a page."""
        if title not in self._may_edit:
            self._may_edit[title] = not self._wiki.pages(
                [title], action='edit')[title].excludes_bot
        return self._may_edit[title]

    def is_slow(self, title: str) -> bool:
        """Return whether edits of a page have taken the wiki too long."""
        return self._seconds[title] > _MOST_SECONDS

    @contextmanager
    def _timed(self, title: str) -> Iterator[None]:
        start = time.monotonic()
        try:
            yield
        finally:
            seconds = time.monotonic() - start
            if seconds > _QUICK:
                self._seconds[title] += seconds

    def change(self, title: str, change: RequestEdit, summary: str) -> bool:
        """Carry out a change; a conflict is no reason to lose anything.

        The page is read again and changed as it is then, if the request
        still stands so.

        :param title: full title of the request page
        :param change: of one request
        :return: whether the request stands as it should now
        :raises EditError: the wiki does not take the edit
        :raises TargetError: the wiki does not answer
        """
        for _try in range(_TRIES):
            page = self.read(title)
            if page.text is None:
                return False
            change = change.in_section(page.text, self.reader)
            text = change.apply(page.text, self.reader)
            if text is None:
                return False
            if text == page.text:
                return True
            with suppress(EditConflictError), self._timed(title):
                if self._writer.replace(title, text, change.answer,
                                        page.revision, summary):
                    return True
        raise EditError(f'"{title}" is edited all the time; the answer to a '
                        'request waits for the next pass')

    def put_links_right(self, title: str, summary: str) -> None:
        """Have the links of answers open the sections that they are for.

        :param title: full title of the request page
        """
        page = self.read(title)
        text = renumbered(page.text or '', self.reader)
        if text != (page.text or ''):
            # Whoever edits it meanwhile may have moved them again.
            with suppress(EditConflictError), self._timed(title):
                self._writer.replace(title, text, '', page.revision, summary)

    def put_between(self, title: str, part: str, summary: str) -> None:
        """Write the part of a page that is the bot's, and no other.

        :param title: full title
        :param part: wikitext
        :raises EditError: it was not saved; the next pass tries again
        """
        page = self.read(title)
        if page.text is not None and between(page.text) is not None:
            self._writer.replace(title, with_between(page.text, part), '',
                                 page.revision, summary)

    def put(self, title: str, text: str, summary: str) -> bool:
        """Write a page that is the bot's own.

        :return: whether it stands there now; not if others edited it
        """
        newest = self._wiki.newest(title)
        if newest and newest.user != self._wiki.site.username():
            return False
        try:
            if newest:
                self._editor.replace(title, text, newest.id, summary)
            else:
                self._editor.create(title, text, summary)
        except EditError:
            return False
        return True

    def append(self, title: str, line: str, mark: str,
               summary: str) -> None:
        """Put a line at the end of a page, once.

        :param title: full title of the log page
        :param line: wikitext
        :param mark: in the line, by which it is known
        """
        for _try in range(_TRIES):
            stored = read_pages(self._wiki, [title]).get(title)
            if stored is None or (mark in (stored.text or '')
                                  and self._wrote(title, mark)):
                return
            with suppress(EditConflictError):
                if stored.text is None:
                    self._editor.create(title, line, summary)
                    return
                if self._writer.replace(title, f'{stored.text}\n{line}',
                                        line, stored.revision, summary):
                    return
        raise EditError(f'"{title}" is edited all the time; what became of '
                        'a request is not logged there')

    def _wrote(self, title: str, mark: str) -> bool:
        """Return whether the bot wrote a mark; others can do so too."""
        history = People(self._wiki).history(title)
        newer = next(history, None)
        for older in islice(history, _LOOKED_AT):
            if newer and self._brought(newer, older.text or '', mark):
                return True
            newer = older
        return newer is not None and not newer.parent and self._brought(
            newer, '', mark)

    def _brought(self, revision: PageRevision, before: str,
                 mark: str) -> bool:
        return (revision.user == self._wiki.site.username()
                and (revision.text or '').count(mark) > before.count(mark))
