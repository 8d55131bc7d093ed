"""Which parts of a merged history a wiki can move out of it again.

MediaWiki moves what lies between two ends by time and id (MergeHistory,
since 1.45): a part is revisions that follow each other with no other one
between. The newest revision of a page stays where it is.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import groupby

from importbot.model.revisions import Revision
from importbot.model.undo_plan import UnmergeStep


__all__ = ('MOST_PARTS', 'in_order', 'parts_of', 'unmerge_steps')

#: Parts of one page that are moved; each is two entries of the merge log.
MOST_PARTS = 20
#: Revisions that one call moves (``MergeHistory::REVISION_LIMIT``).
_MOST_AT_ONCE = 5000


def in_order(history: Iterable[Revision]) -> list[Revision]:
    """Return revisions as MergeHistory orders them, the oldest first."""
    return sorted(history, key=lambda item: (item.timestamp, item.id))


def parts_of(history: Sequence[Revision], brought: Set[int],
             top: int) -> Iterator[Sequence[Revision]]:
    """Yield the parts of a history that can be moved out of it.

    :param history: of the page
    :param brought: ids of those that are to go
    :param top: id of the newest revision of the page at that time
    :return: each part, the oldest revision first
    """
    for goes, group in groupby(
            in_order(history),
            key=lambda item: item.id in brought and item.id != top):
        part = [*group]
        if goes:
            yield from (part[start:start + _MOST_AT_ONCE]
                        for start in range(0, len(part), _MOST_AT_ONCE))


def unmerge_steps(parts: Iterable[Sequence[Revision]], revision: int,
                  home: str) -> Iterator[UnmergeStep]:
    """Yield the step of each part.

    :param parts: of :func:`parts_of`
    :param revision: id of the newest revision of the page by now
    :param home: full title of the page that they are moved to
    """
    for part in parts:
        first, last = part[0], part[-1]
        yield UnmergeStep(revision, first.id, last.id, first.timestamp,
                          last.timestamp, len(part), home)
