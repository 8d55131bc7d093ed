"""Who wrote what, and what they may: read for proofs of authority."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pywikibot

from importbot.model.printable import printable
from importbot.wikis.wiki import Wiki


__all__ = ('PageRevision', 'People', 'User', 'page_revision')

#: Texts in an answer: request pages are long, and an answer holds 8 MB.
_TEXTS = 20

#: What the wiki marks edits with that put an older text back.
_REVERTS = frozenset({'mw-manual-revert', 'mw-rollback', 'mw-undo'})


@dataclass(frozen=True, slots=True)
class PageRevision:

    """A revision with its text and who made it.

    :param id: its number
    :param parent: number of the one that it was made from, 0 for none
    :param user: account name, empty where hidden
    :param user_id: number of the account, 0 for somebody not logged in
    :param timestamp: ISO 8601
    :param text: None where hidden
    :param is_user_hidden: whether the wiki hides who made it
    :param is_revert: whether it puts back what an older one said
    :param sha1: of the text, empty where hidden or not asked for
    :param comment: its summary, empty where hidden or not asked for
    """

    id: int
    parent: int
    user: str
    user_id: int
    timestamp: str
    text: str | None
    is_user_hidden: bool = False
    is_revert: bool = False
    sha1: str = ''
    comment: str = ''


@dataclass(frozen=True, slots=True)
class User:

    """What counts of an account.

    :param name: account name
    :param id: its number, 0 if there is no such account
    :param groups: groups, the implicit ones too
    :param edits: how many it has made
    :param registered: when, ISO 8601; empty where nobody knows
    :param is_blocked: whether it is blocked, from whatever: an import
        could reach what a partial block is to protect
    """

    name: str
    id: int = 0
    groups: frozenset[str] = frozenset()
    edits: int = 0
    registered: str = ''
    is_blocked: bool = False


class People:

    """Reads histories and accounts of a wiki."""

    def __init__(self, wiki: Wiki) -> None:
        self._wiki = wiki
        self._future: dict[str, str] = {}
        self._groups: dict[tuple[str, str], str] = {}

    def history(self, title: str) -> Iterator[PageRevision]:
        """Yield the revisions of a page with their texts, newest first.

        The wiki sorts them by their times. What an import dated later
        than the current revision is left out.

        :param title: full title
        """
        current = 0
        for query in self._wiki.query(
                titles=title, prop='info|revisions', rvlimit=_TEXTS,
                rvprop='ids|timestamp|user|userid|tags|sha1|comment|content',
                rvslots='main'):
            for page in query.get('pages', ()):
                current = current or page.get('lastrevid', 0)
                for row in page.get('revisions', ()):
                    if current in (row['revid'], -1):
                        current = -1
                        yield page_revision(row)
                    else:
                        self._note(title, row)

    def _note(self, title: str, row: dict[str, Any]) -> None:
        """Note a revision that claims to be later than the current one."""
        if title not in self._future:
            pywikibot.warning(printable(
                f'"{title}" has a revision ({row["revid"]}) dated '
                f'{row["timestamp"]}, by an import; have it deleted or '
                'moved away'))
            self._future[title] = row['timestamp']

    def future(self, title: str) -> str:
        """Return the date of a revision later than the current one.

        :param title: full title of a page whose history was read
        :return: ISO 8601, empty if there is none
        """
        return self._future.get(title, '')

    def group_names(self, groups: Iterable[str], language: str) -> list[str]:
        """Return what the wiki calls groups, themselves where it does not.

        MediaWiki has the names as messages, which a wiki may change.

        :param groups: user groups
        :param language: code of the language
        """
        groups = [*groups]
        new = [group for group in groups
               if (group, language) not in self._groups]
        if new:
            self._groups |= {(group, language): group for group in new}
            self._groups |= {
                (row['name'].removeprefix('group-'), language): row['content']
                for query in self._wiki.query(
                    meta='allmessages', amlang=language,
                    ammessages=[f'group-{group}' for group in new])
                for row in query.get('allmessages', ())
                if row.get('content')}
        return [self._groups[group, language] for group in groups]

    def users(self, ids: Iterable[int]) -> dict[int, User]:
        """Return accounts by their numbers, as they are now.

        A name can be given to somebody else by now; a number cannot.

        :param ids: numbers of accounts
        """
        numbers = sorted(set(ids) - {0})
        if not numbers:
            return {}
        return {row['userid']: _user(row) for query in self._wiki.query(
            list='users', ususerids=numbers,
            usprop='groups|blockinfo|editcount|registration')
            for row in query.get('users', ()) if 'name' in row}

    def was_imported(self, title: str, since: str) -> bool:
        """Return whether revisions came into a page other than by edits.

        :param since: ISO 8601
        """
        page: dict[str, Any] = {}
        for log in ('import', 'merge'):
            for query in self._wiki.query(
                    titles=title, prop='info', list='logevents', letype=log,
                    leend=since, lelimit='max', leprop='title|ids|details'):
                page = next(iter(query.get('pages', ())), page)
                for row in query.get('logevents', ()):
                    # What the log hides may well be about this page.
                    if ('title' not in row
                            or row.get('logpage') == page.get('pageid')
                            or row.get('pageid') == page.get('pageid')
                            or title in (row.get('title'), row.get(
                                'params', {}).get('dest_title'))):
                        return True
        return False


def page_revision(row: Mapping[str, Any]) -> PageRevision:
    """Return a revision with its text from its row.

    :param row: a member of ``revisions``
    """
    slot = row.get('slots', {}).get('main', {})
    # A bot with the right to see it is shown what is hidden.
    text = None if 'texthidden' in slot else slot.get('content')
    return PageRevision(
        row['revid'], row.get('parentid', 0), row.get('user', ''),
        row.get('userid', 0), row['timestamp'], text,
        'userhidden' in row or 'suppressed' in row,
        not _REVERTS.isdisjoint(row.get('tags', ())),
        row.get('sha1', ''), row.get('comment', ''))


def _user(row: dict[str, Any]) -> User:
    return User(row['name'], row['userid'],
                frozenset(row.get('groups', ())), row.get('editcount', 0),
                row.get('registration') or '', 'blockid' in row)
