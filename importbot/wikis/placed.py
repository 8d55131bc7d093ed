"""Where revisions are, and which pages use others: read in batches."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from importbot.wikis.wiki import Wiki


__all__ = ('PlacedRevision', 'placed_revisions', 'transcluders')

#: Values in a request, for an account without special limits.
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class PlacedRevision:

    """A revision with the page that it is in now.

    :param title: full title of the page
    :param sha1: of the text, empty where hidden
    """

    title: str
    sha1: str


def placed_revisions(wiki: Wiki,
                     ids: Iterable[int]) -> dict[int, PlacedRevision]:
    """Return revisions with the pages that they are in.

    :param wiki: the wiki
    :param ids: of the revisions; those that are deleted, or were never
        there, are left out
    """
    found: dict[int, PlacedRevision] = {}
    for batch in _batches(sorted(set(ids) - {0})):
        for query in wiki.query(revids=batch, prop='revisions',
                                rvprop='ids|sha1', rvslots='main'):
            for page in query.get('pages', ()):
                for row in page.get('revisions', ()):
                    found[row['revid']] = PlacedRevision(
                        page['title'], '' if 'sha1hidden' in row
                        else row.get('sha1', ''))
    return found


def transcluders(wiki: Wiki,
                 titles: Sequence[str]) -> dict[str, list[str]]:
    """Return the pages that transclude some pages, by title of those.

    :param wiki: the wiki
    :param titles: full titles as the wiki spells them
    """
    found: dict[str, list[str]] = {}
    for batch in _batches(titles):
        for query in wiki.query(titles=batch, prop='transcludedin',
                                tiprop='title', tilimit='max'):
            for page in query.get('pages', ()):
                for row in page.get('transcludedin', ()):
                    found.setdefault(page['title'], []).append(row['title'])
    return found


def _batches(values: Sequence[int] | Sequence[str],
             ) -> Iterator[Sequence[int] | Sequence[str]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start:start + _AT_ONCE]
