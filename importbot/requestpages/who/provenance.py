"""Whose text steers the bot: configuration, stop page, templates.

A page is what people wrote only as long as its text came by an edit, and
by somebody who may change the page. An import brings texts past every
protection, and what stood on a page before it was protected was written by
anybody.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from importbot.model.errors import UntrustedTextError
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MEDIAWIKI, USER
from importbot.requestpages.page.store import StoredPage
from importbot.wikis.people import PageRevision, People
from importbot.wikis.wiki import Wiki


__all__ = ('Provenance', 'needed_rights')

#: Between an entry of the import log and the revision that an import puts
#: on top; they are made in one request.
_ONE_REQUEST = timedelta(minutes=1)
#: No pass is as long.
_ONE_PASS = timedelta(days=1)
#: The right for a level of protection, where that has another name.
_LEVEL_RIGHTS = {'sysop': 'editprotected',
                 'autoconfirmed': 'editsemiprotected'}
_JSON = '.json'


def needed_rights(page: StoredPage, siteinfo: SiteInfo,
                  user: str) -> frozenset[str]:
    """Return the rights that an account needs to change a page.

    :param user: account name; its own user pages are its own
    """
    rights = {_LEVEL_RIGHTS.get(level, level)
              for level in page.levels if level}
    title = siteinfo.title(f':{page.title}')
    is_json = title is not None and title.name.endswith(_JSON)
    if title and title.namespace == MEDIAWIKI:
        rights |= {'editinterface', *(['editsitejson'] if is_json else [])}
    if title and title.namespace == USER and is_json and (
            title.name.partition('/')[0] != user):
        rights.add('edituserjson')
    return frozenset(rights)


@dataclass(frozen=True, slots=True)
class _Facts:

    """What is asked about all pages at once.

    :param texts: sha1 of revisions by their ids
    :param rights: rights of accounts by their numbers
    """

    texts: Mapping[int, str]
    rights: Mapping[int, Set[str]]


class Provenance:

    """Says whether pages that steer the bot are by who may change them.

    :param now: its own time when the pass began, ISO 8601
    """

    def __init__(self, wiki: Wiki, siteinfo: SiteInfo, now: str) -> None:
        self._wiki = wiki
        self._siteinfo = siteinfo
        self._now = now
        self._people = People(wiki)

    def check(self, pages: Iterable[StoredPage]) -> None:
        """Make sure that the pages are what people wrote who may.

        :param pages: as they are now; those that are not there count not
        :raises UntrustedTextError: one of them is not
        :raises TargetError: the wiki does not answer
        """
        existing = [page for page in pages if page.newest]
        facts = self._facts([page.newest for page in existing if page.newest])
        for page in existing:
            doubt = self._doubt(page, facts)
            if doubt:
                raise UntrustedTextError(page.title, doubt)

    def _facts(self, newest: Sequence[PageRevision]) -> _Facts:
        """Ask about authors and the texts before, in one request."""
        users = sorted({revision.user_id for revision in newest} - {0})
        before = sorted({revision.parent for revision in newest} - {0})
        parameters: dict[str, Any] = {}
        if users:
            parameters |= {'list': 'users', 'ususerids': users,
                           'usprop': 'rights'}
        if before:
            parameters |= {'revids': before, 'prop': 'revisions',
                           'rvprop': 'ids|sha1'}
        query = next(self._wiki.query(**parameters)) if parameters else {}
        return _Facts(
            {row['revid']: row.get('sha1', '')
             for page in query.get('pages', ())
             for row in page.get('revisions', ())},
            {row['userid']: frozenset(row.get('rights', ()))
             for row in query.get('users', ()) if 'userid' in row})

    def _doubt(self, page: StoredPage, facts: _Facts) -> str:
        """Return what is wrong with the newest revision, empty for nothing.
        """
        assert page.newest is not None
        shown = [page.newest]
        before = page.newest.parent
        is_first = not before
        is_same = not is_first and facts.texts.get(
            before, page.newest.sha1) == page.newest.sha1
        if is_same:
            # Imports, moves and protections leave the text as it was.
            shown = list(takewhile(
                lambda revision: revision.sha1 == shown[0].sha1,
                self._people.history(page.title))) or shown
            future = self._people.future(page.title)
            if future:
                return f'it has a revision of the future, {future}'
        for revision in shown:
            doubt = self._doubt_of(revision)
            if doubt:
                return doubt
        if (is_first or is_same) and self._came_by_import(page.title, shown):
            return 'its text came by an import'
        return self._doubt_of_author(page, shown[-1], facts)

    def _doubt_of(self, revision: PageRevision) -> str:
        # A text that nobody sees says nothing: what needs it tells so.
        if revision.is_user_hidden:
            return 'the wiki hides who wrote it'
        if '>' in revision.user:
            return f'its text came by an import, from "{revision.user}"'
        if _time(revision.timestamp) - _time(self._now) > _ONE_PASS:
            return f'it has a revision of the future, {revision.timestamp}'
        return ''

    def _came_by_import(self, title: str,
                        shown: Sequence[PageRevision]) -> bool:
        """Whether an import left any of the revisions with this text.

        It may also be one without a revision of its own on top: then none
        is known to be made from another one.
        """
        is_first = not shown[-1].parent
        return any(is_first or any(
            abs(_time(revision.timestamp) - time) <= _ONE_REQUEST
            for revision in shown) for time in self._imports(title))

    def _imports(self, title: str) -> Iterator[datetime]:
        """Yield when revisions were imported into a page."""
        for query in self._wiki.query(
                list='logevents', letype='import', letitle=title,
                lelimit='max', leprop='timestamp'):
            for row in query.get('logevents', ()):
                yield _time(row['timestamp'])

    def _doubt_of_author(self, page: StoredPage, revision: PageRevision,
                         facts: _Facts) -> str:
        needed = needed_rights(page, self._siteinfo, revision.user)
        if not needed:
            return ''
        rights = facts.rights.get(revision.user_id)
        if rights is None:
            rights = self._facts([revision]).rights.get(revision.user_id,
                                                        frozenset())
        lacking = sorted(needed - rights)
        return (f'its text is by "{revision.user}", who may not change it '
                f'(that takes {", ".join(lacking)})' if lacking else '')


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace('Z', '+00:00'))
