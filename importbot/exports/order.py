"""In which order revisions are uploaded, and in which parts.

MediaWiki parses a page after each imported revision that becomes the
newest, and a revision becomes the newest if its timestamp is not older
than that of the one before. So in the order of time every revision costs
a parse; with the newest one early only the first few do. The text that is
shown in the end is the same in both orders.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from importbot.model.revisions import Revision


__all__ = ('TIME_AT_MOST', 'Ordered', 'in_source_order', 'order_revisions')

#: Revisions up to which ``-order:auto`` keeps to the order of time.
TIME_AT_MOST = 20


@dataclass(frozen=True)
class Ordered:

    """The order in which the revisions of a page are sent.

    :param indices: places in the sequence that was ordered
    :param head: number of leading revisions that have to go in one
        upload; all of them in the order of time
    """

    indices: tuple[int, ...]
    head: int


def in_source_order(revisions: Sequence[Revision],
                    current: int = 0) -> list[int]:
    """Return the places of revisions from the oldest to the newest.

    Revisions of one second stand in the order of their ids, as in the
    page's history; the current one is the last of its second.

    :param revisions: in any order
    :param current: id of the page's current revision, 0 if unknown
    """
    return sorted(range(len(revisions)), key=lambda place: (
        revisions[place].timestamp, revisions[place].id == current,
        revisions[place].id))


def order_revisions(revisions: Sequence[Revision], order: str,
                    current: int = 0) -> Ordered:
    """Return the order in which revisions are sent.

    The fast order is the oldest, then all that bear the newest timestamp,
    then the rest. With the oldest first, every revision but one gets its
    true parent; those of the newest timestamp stand together in the order
    of the source, so that the last of them stays current.

    :param revisions: in any order
    :param order: ``time`` or ``fast``; ``auto`` is time up to
        :data:`TIME_AT_MOST` revisions
    :param current: id of the page's current revision, 0 if unknown
    """
    places = in_source_order(revisions, current)
    if order == 'auto':
        order = 'time' if len(places) <= TIME_AT_MOST else 'fast'
    if order == 'time' or not places:
        return Ordered(tuple(places), len(places))
    oldest, *later = places
    last = revisions[places[-1]].timestamp
    newest = [place for place in later
              if revisions[place].timestamp == last]
    rest = [place for place in later if revisions[place].timestamp != last]
    return Ordered((oldest, *newest, *rest), 1 + len(newest))
