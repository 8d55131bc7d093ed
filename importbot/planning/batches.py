"""The units in which a plan is applied: each is safe to run twice."""
from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from importbot.model.plan import PlannedPage
from importbot.planning.attribution import ROOM, named


__all__ = ('Batch', 'batches_of', 'count_calls')

Batch = tuple[PlannedPage, ...]

#: Bytes that XML adds to a text: tags of a revision, and escapes.
_TAGS = 800
_ESCAPES = 1.1

#: Revisions of an upload after which the target may have to parse, so
#: that it ends within the server's time.
_MOST_PARSES = 120
_PARSES_A_PAGE = 20


def batches_of(pages: Iterable[PlannedPage], prefix: str,
               room: int) -> Iterator[Batch]:
    """Yield the pages of a plan in its order, those of one upload together.

    An upload holds as many pages as its summary can name.

    :param pages: pages of a plan
    :param prefix: interwiki prefix of the source
    :param room: bytes that an upload takes
    """
    batch: list[PlannedPage] = []
    for page in pages:
        if not page.is_uploaded:
            if page.steps and batch:
                # What is sent by another route waits for what is before.
                yield tuple(batch)
                batch = []
            yield (page, )
            continue
        if batch and not _fit([*batch, page], prefix, room):
            yield tuple(batch)
            batch = []
        batch.append(page)
    if batch:
        yield tuple(batch)


def count_calls(pages: Iterable[PlannedPage], prefix: str,
                room: int) -> tuple[int, int]:
    """Return how many calls a plan takes: by interwiki, and uploads.

    Of uploads only about: how large their XML is shows when it is there.

    :param pages: pages of the plan
    :param prefix: interwiki prefix of the source
    :param room: bytes that an upload takes
    """
    interwiki = uploads = 0
    for batch in batches_of(pages, prefix, room):
        if batch[0].is_uploaded:
            uploads += max(1, math.ceil(_size(batch) / room))
        else:
            interwiki += len(batch[0].import_steps)
    return interwiki, uploads


def _size(pages: Iterable[PlannedPage]) -> float:
    return sum((page.size or 0) * _ESCAPES + (page.revisions or 1) * _TAGS
               for page in pages)


def _fit(pages: list[PlannedPage], prefix: str, room: int) -> bool:
    summary = sum(len(named(prefix, str(page.title), page.newest.id)) + 2
                  for page in pages if page.newest)
    parses = sum(min(page.revisions or 1, _PARSES_A_PAGE) for page in pages)
    return (summary <= ROOM - 60 and parses <= _MOST_PARSES
            and _size(pages) <= room)
