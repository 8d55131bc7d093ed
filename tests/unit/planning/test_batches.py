"""Short calls are read back together, long ones by themselves."""
from __future__ import annotations

from dataclasses import replace

import pytest

from importbot.model.plan import PlannedPage
from importbot.model.steps import ImportStep
from importbot.model.titles import Title
from importbot.planning.attribution import keeps_its_title
from importbot.planning.batches import batches_of, read_together
from tests.kit.plans import IMPORT, SKIP, titled


ROOM = 1_000_000


def pages(count: int, via: str = 'interwiki',
          **more: object) -> list[PlannedPage]:
    return [replace(IMPORT, title=titled(f'A {number}'),
                    target=titled(f'A {number}'), steps=(ImportStep(
                        via, history='full'), ), **more)
            for number in range(count)]


def together(some: list[PlannedPage]) -> list[int]:
    """Return how many pages are read back at a time."""
    groups = list(read_together(batches_of(some, ROOM)))
    assert [page for group in groups for page in group] == some
    # The calls of a group are those that there were.
    assert [call for group in groups
            for call in batches_of(group, ROOM)] == list(
        batches_of(some, ROOM))
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
    some = pages(60, 'upload', revisions=6)
    calls = [len(call) for call in batches_of(some, ROOM)]
    assert together(some) == [sum(calls[:2]), calls[2]]
    # So are those of one page each, up to three.
    some = pages(7, 'upload', size=400_000, revisions=20)
    assert {len(call) for call in batches_of(some, ROOM)} == {1, 2}


def test_size_and_the_server_s_time_rule_how_many_go_together() -> None:
    def calls(some: list[PlannedPage]) -> list[int]:
        return [len(call) for call in batches_of(some, ROOM)]

    # However long their titles are.
    long = [replace(page, title=titled('A' * 240 + f' {number}'),
                    target=titled('A' * 240 + f' {number}'))
            for number, page in enumerate(pages(100, 'upload', revisions=1))]
    assert calls(long) == [100]
    assert calls(pages(90, 'upload', revisions=4)) == [30, 30, 30]
    # Most revisions of a long one are not parsed.
    assert calls(pages(40, 'upload', revisions=21)) == [40]
    assert calls(pages(4, 'upload', size=400_000)) == [2, 2]


def test_page_that_gets_another_title_goes_by_itself() -> None:
    some = pages(5, 'upload')
    moved = replace(some[2], target=titled('User:Anna/A 2'))
    found = list(batches_of([*some[:2], moved, *some[3:]], ROOM))
    assert [len(call) for call in found] == [2, 1, 2]
    for here, there, is_same in (
            (Title(10, 'A', 'Vorlage'), Title(10, 'A', 'Template'), True),
            (Title(100, 'A', 'Portal'), Title(102, 'A', 'Portal'), True),
            (Title(10, 'A', 'Template'), Title(4, 'A', 'Project'), False),
            (Title(0, 'a'), Title(0, 'A'), False)):
        assert keeps_its_title(replace(
            some[0], title=here, target=there)) is is_same
