"""Short calls are read back together, long ones by themselves."""
from __future__ import annotations

from dataclasses import replace

import pytest

from importbot.model.plan import PlannedPage
from importbot.model.steps import ImportStep
from importbot.planning.batches import batches_of, read_together
from tests.kit.plans import IMPORT, SKIP, titled


ROOM = 1_000_000


def pages(count: int, via: str = 'interwiki',
          **more: object) -> list[PlannedPage]:
    return [replace(IMPORT, title=titled(f'A {number}'),
                    steps=(ImportStep(via, history='full'), ), **more)
            for number in range(count)]


def together(some: list[PlannedPage]) -> list[int]:
    """Return how many pages are read back at a time."""
    groups = list(read_together(batches_of(some, 'en', ROOM)))
    assert [page for group in groups for page in group] == some
    # The calls of a group are those that there were.
    assert [call for group in groups
            for call in batches_of(group, 'en', ROOM)] == list(
        batches_of(some, 'en', ROOM))
    return [len(group) for group in groups]


@pytest.mark.parametrize(('some', 'groups'), [
    ([], []), (pages(1), [1]), (pages(12), [12]), (pages(26), [12, 12, 2]),
    # A long page is read back at once, and what is before it as well.
    ([*pages(2), *pages(1, revisions=21), *pages(3)], [2, 1, 3]),
    ([*pages(2), *pages(1, size=10 ** 6), *pages(3)], [2, 1, 3]),
    # What is not sent costs nothing.
    ([*pages(6), *[SKIP] * 9, *pages(6)], [21]), ([SKIP] * 120, [50, 50, 20]),
])
def test_groups(some: list[PlannedPage], groups: list[int]) -> None:
    assert together(some) == groups


def test_some_uploads_are_read_back_together() -> None:
    some = pages(60, 'upload')
    calls = [len(call) for call in batches_of(some, 'en', ROOM)]
    assert together(some) == [sum(calls[:2]), calls[2]]
    # So are those of one page each, up to three.
    some = pages(7, 'upload', size=400_000, revisions=20)
    assert {len(call) for call in batches_of(some, 'en', ROOM)} == {1, 2}
