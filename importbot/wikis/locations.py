"""Where revisions are, what became of pages, and who uses them: in batches.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from importbot.wikis.wiki import Wiki


__all__ = ('ENOUGH', 'LocatedRevision', 'mixed_titles', 'located_revisions',
           'transcluders')

#: Values in a request, for an account without special limits.
_AT_ONCE = 50
#: Users of a page after which nobody counts on.
ENOUGH = 1000

_Value = TypeVar('_Value', int, str)


@dataclass(frozen=True, slots=True)
class LocatedRevision:

    """A revision with the page that it is in now.

    :param title: full title of the page
    :param sha1: of the text, empty where hidden
    """

    title: str
    sha1: str


def located_revisions(wiki: Wiki,
                      ids: Iterable[int]) -> dict[int, LocatedRevision]:
    """Return revisions with the pages that they are in.

    :param ids: of the revisions; those that are deleted, or were never
        there, are left out
    """
    located: dict[int, LocatedRevision] = {}
    for batch in _batches(sorted(set(ids) - {0})):
        for query in wiki.query(revids=batch, prop='revisions',
                                rvprop='ids|sha1', rvslots='main'):
            for page in query.get('pages', ()):
                for row in page.get('revisions', ()):
                    located[row['revid']] = LocatedRevision(
                        page['title'], '' if 'sha1hidden' in row
                        else row.get('sha1', ''))
    return located


def mixed_titles(wiki: Wiki, since: str) -> frozenset[str]:
    """Return pages whose histories were put together anew.

    A page that was restored, or that another one was merged into, keeps
    its newest revision, and may have others beneath that than before.

    :param since: only what happened from then on, ISO 8601
    :return: full titles
    """
    titles: set[str] = set()
    for kind in ({'leaction': 'delete/restore'}, {'letype': 'merge'}):
        for query in wiki.query(list='logevents', leend=since, lelimit='max',
                                leprop='title|details', **kind):
            for row in query.get('logevents', ()):
                titles |= {row.get('title', ''), row.get('params', {}).get(
                    'dest_title', '')}
    return frozenset(titles - {''})


def transcluders(wiki: Wiki,
                 titles: Sequence[str]) -> dict[str, set[str]]:
    """Return pages that transclude some pages, by title of those.

    A wiki answers page by page, and some templates have a hundred thousand
    users: of a page that has very many, not all are read.

    :param titles: full titles as the wiki spells them
    :return: all users, or more than :data:`ENOUGH`
    """
    users: dict[str, set[str]] = {}
    for batch in _batches(titles):
        waiting = list(batch)
        while waiting:
            waiting = _without_crowded(wiki, waiting, users)
    return users


def _without_crowded(wiki: Wiki, titles: Sequence[str],
                     all_users: dict[str, set[str]]) -> list[str]:
    """Read users of pages until one has enough; return what is left."""
    for query in wiki.query(titles=titles, prop='transcludedin',
                            tiprop='title', tilimit='max'):
        for page in query.get('pages', ()):
            users = all_users.setdefault(page['title'], set())
            users.update(row['title'] for row
                         in page.get('transcludedin', ()))
        crowded = {title for title in titles
                   if len(all_users.get(title, ())) > ENOUGH}
        if crowded:
            return [title for title in titles if title not in crowded]
    return []


def _batches(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start:start + _AT_ONCE]
