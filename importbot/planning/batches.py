"""The units in which a plan is applied: each is safe to run twice."""
from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from importbot.model.plan import PlannedPage
from importbot.planning.attribution import keeps_its_title


__all__ = ('Batch', 'batches_of', 'count_calls', 'read_together')

Batch = tuple[PlannedPage, ...]

#: Bytes that XML adds to a text: tags of a revision, and escapes.
_TAGS = 800
_ESCAPES = 1.1

#: Revisions of an upload after which the target may have to parse, so
#: that it ends within the server's time.
_MOST_PARSES = 120
#: Revisions up to which a page goes in the order of time and is parsed after
#: each, and how often it is parsed where it has more.
_IN_TIME, _PARSES_OF_LONG = 20, 3

#: Calls by interwiki that are read back together; one upload is as many.
_SHARES, _UPLOAD = 12, 4
#: Pages of which one request reads the histories.
_MOST_PAGES = 50
#: Bytes of a short upload.
_SHORT = 500_000


def batches_of(pages: Iterable[PlannedPage], room: int) -> Iterator[Batch]:
    """Yield the pages of a plan in its order, those of one upload together.

    Its summary stands in the history of each: a page that gets another
    title names its own source, in a call of its own.

    :param pages: pages of a plan
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
        if batch and not _go_together([*batch, page], room):
            yield tuple(batch)
            batch = []
        batch.append(page)
    if batch:
        yield tuple(batch)


def read_together(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Yield batches, those together that are read back together.

    A short call takes hardly longer than a request that reads; what came of
    several is read by as many requests as what came of one. So a run stops
    after a few of them at most, and after a long one at once.

    :param batches: of :func:`batches_of`
    """
    group: list[PlannedPage] = []
    spent = 0
    for batch in batches:
        share = _share(batch)
        if group and (spent + share > _SHARES
                      or len(group) + len(batch) > _MOST_PAGES):
            yield tuple(group)
            group, spent = [], 0
        group += batch
        spent += share
    if group:
        yield tuple(group)


def _share(batch: Batch) -> int:
    """Return how much of what is read together a call is."""
    pages = [page for page in batch if page.steps]
    if any(len(page.steps) > 1 or (page.revisions or 1) > _IN_TIME
           for page in pages) or _size(pages) > _SHORT:
        return _SHARES
    return _UPLOAD if any(page.is_uploaded for page in pages) else len(pages)


def count_calls(pages: Iterable[PlannedPage], room: int) -> tuple[int, int]:
    """Return how many calls a plan takes: by interwiki, and uploads.

    Of uploads only about: how large their XML is shows when it is there.

    :param pages: pages of the plan
    :param room: bytes that an upload takes
    """
    interwiki = uploads = 0
    for batch in batches_of(pages, room):
        if batch[0].is_uploaded:
            uploads += max(1, math.ceil(_size(batch) / room))
        else:
            interwiki += len(batch[0].import_steps)
    return interwiki, uploads


def _size(pages: Iterable[PlannedPage]) -> float:
    return sum((page.size or 0) * _ESCAPES + (page.revisions or 1) * _TAGS
               for page in pages)


def _go_together(pages: list[PlannedPage], room: int) -> bool:
    return (all(keeps_its_title(page) for page in pages if page.steps)
            and sum(map(_parses, pages)) <= _MOST_PARSES
            and _size(pages) <= room)


def _parses(page: PlannedPage) -> int:
    """Return how often the target parses a page that is uploaded."""
    revisions = page.revisions or 1
    return revisions if revisions <= _IN_TIME else _PARSES_OF_LONG
