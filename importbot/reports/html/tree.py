"""Who needs what, unfolded from the requested pages: pure rules.

Pages are numbers here, their places in the plan.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from importbot.model.decisions import Role
from importbot.model.plan import PlannedPage


__all__ = ('Branch', 'Forest', 'distances', 'grow', 'needs_of', 'roots_of')

#: Browsers stop at a few hundred elements within each other.
DEEPEST = 24


@dataclass(frozen=True, slots=True)
class Branch:

    """A page where it is unfolded.

    :param place: of the page in the plan
    :param depth: how far from the root
    :param children: how many pages are unfolded right below it
    :param elsewhere: what it needs too, unfolded at other places
    """

    place: int
    depth: int
    children: int
    elsewhere: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Forest:

    """All pages, each unfolded once; the branches in the order of reading.

    :param requested: from the requested pages
    :param deeper: what is too deep to be unfolded there
    :param others: pages that no requested page leads to
    """

    requested: tuple[Branch, ...]
    deeper: tuple[Branch, ...]
    others: tuple[Branch, ...]


def needs_of(pages: Sequence[PlannedPage]) -> list[list[int]]:
    """Return for each page the places of those that it needs, by title.

    :param pages: of a plan
    """
    places = {page.title: place for place, page in enumerate(pages)}
    needs: list[list[int]] = [[] for _page in pages]
    for place, page in sorted(enumerate(pages),
                              key=lambda item: str(item[1].title)):
        for title in page.needed_by:
            if title in places and places[title] != place:
                needs[places[title]].append(place)
    return needs


def roots_of(pages: Sequence[PlannedPage]) -> list[int]:
    """Return the places of the requested pages.

    :param pages: of a plan
    """
    return [place for place, page in enumerate(pages)
            if page.role is Role.REQUESTED]


def distances(needs: Sequence[Sequence[int]],
              roots: Collection[int]) -> dict[int, int]:
    """Return how far pages are from the nearest root, nearest first.

    :param needs: what each page needs
    :param roots: where to begin
    """
    steps = dict.fromkeys(roots, 0)
    for place in (reached := list(steps)):
        for needed in needs[place]:
            if needed not in steps:
                steps[needed] = steps[place] + 1
                reached.append(needed)
    return steps


def grow(needs: Sequence[Sequence[int]],
         requested: Collection[int]) -> Forest:
    """Return all pages, each unfolded where it is nearest to a root.

    :param needs: what each page needs
    :param requested: places of the requested pages
    """
    grower = _Grower(needs)
    grower.spread(requested)
    others = []
    for place in reversed(range(len(needs))):
        if place not in grower.seen:
            others.append(place)
            grower.spread([place])
    return Forest(*(tuple(grower.branches(roots)) for roots in (
        requested, grower.deeper, others)))


class _Grower:

    """Finds for each page the one place where it is unfolded.

    :ivar seen: the pages that have one
    :ivar deeper: roots of what would be too deep
    """

    def __init__(self, needs: Sequence[Sequence[int]]) -> None:
        self.seen: set[int] = set()
        self.deeper: list[int] = []
        self._needs = needs
        self._below: list[list[int]] = [[] for _place in needs]

    def spread(self, roots: Collection[int]) -> None:
        """Go on from some pages, the nearest first."""
        self.seen.update(roots)
        reached = [(place, 0) for place in roots]
        for place, depth in reached:
            for needed in self._needs[place]:
                if needed in self.seen:
                    continue
                self.seen.add(needed)
                if depth < DEEPEST:
                    self._below[place].append(needed)
                    reached.append((needed, depth + 1))
                else:
                    self.deeper.append(needed)
                    reached.append((needed, 0))

    def branches(self, roots: Iterable[int]) -> Iterator[Branch]:
        """Yield what is below some pages, in the order of reading."""
        ahead = [(place, 0) for place in roots][::-1]
        while ahead:
            place, depth = ahead.pop()
            below = self._below[place]
            here = set(below)
            yield Branch(place, depth, len(below), tuple(
                needed for needed in self._needs[place]
                if needed not in here))
            ahead += [(needed, depth + 1) for needed in reversed(below)]
