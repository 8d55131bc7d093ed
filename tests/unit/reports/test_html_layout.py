"""Where pages stand in tree and drawing: rules that hold for any plan."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from importbot.model.decisions import Role
from importbot.model.plan import PlannedPage
from importbot.reports.html.drawing import fitting
from importbot.reports.html.layout import HEIGHT, WIDTH, lay_out
from importbot.reports.html.tree import (
    DEEPEST,
    Branch,
    distances,
    grow,
    needs_of,
    roots_of,
)
from tests.kit.plans import IMPORT, SKIP, titled


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[list[int]], list[int]]:
    """Return what each page needs, cycles and all, and requested pages."""
    count = draw(st.integers(0, 30))
    if not count:
        return [], []
    place = st.integers(0, count - 1)
    needs = draw(st.lists(st.lists(place, unique=True, max_size=6),
                          min_size=count, max_size=count))
    return ([[needed for needed in those if needed != number]
             for number, those in enumerate(needs)],
            draw(st.lists(place, unique=True, max_size=4)))


def chain(length: int) -> list[list[int]]:
    """Return pages each of which needs the next one."""
    return [[place + 1] for place in range(length - 1)] + [[]]


# The drawing


@given(graphs())
@example(([[1], [2], [0]], [0]))
@example(([[]], []))
def test_no_page_covers_another(
        graph: tuple[list[list[int]], list[int]]) -> None:
    layout = lay_out(*graph)
    assert sorted(box.place for box in layout.boxes) == list(
        range(len(graph[0])))
    for one, other in combinations(layout.boxes, 2):
        assert (abs(one.x - other.x) >= WIDTH
                or abs(one.y - other.y) >= HEIGHT), (one, other)
    for box in layout.boxes:
        assert 0 <= box.x <= layout.width - WIDTH
        assert 0 <= box.y <= layout.height - HEIGHT


@given(graphs())
def test_layers_are_distances(
        graph: tuple[list[list[int]], list[int]]) -> None:
    needs, roots = graph
    layout = lay_out(needs, roots)
    columns = sorted({box.x for box in layout.boxes})
    far = distances(needs, roots)
    for box in layout.boxes:
        assert columns.index(box.x) == far.get(box.place, 0)


@given(graphs())
def test_every_need_is_one_line(
        graph: tuple[list[list[int]], list[int]]) -> None:
    layout = lay_out(*graph)
    assert sorted((line.start, line.end) for line in layout.lines) == sorted(
        (start, end) for start, needed in enumerate(graph[0])
        for end in needed)


def crossings(needs: Sequence[Sequence[int]], roots: list[int]) -> int:
    """Return how many lines between two layers cross each other."""
    layout = lay_out(needs, roots)
    y = {box.place: box.y for box in layout.boxes}
    return sum((y[one.start] - y[other.start]) * (y[one.end] - y[other.end])
               < 0 for one, other in combinations(layout.lines, 2))


def test_lines_that_need_not_cross_do_not() -> None:
    # Each of three pages needs one, in the reverse order.
    assert crossings([[1, 2, 3], [6], [5], [4], [], [], []], [0]) == 0
    # Two trees whose leaves are mixed up.
    assert crossings([[2, 4], [3, 5], [], [], [], []], [0, 1]) == 0


@pytest.mark.parametrize('title', [
    'Rover', 'x' * 500, 'ローバー' * 40, 'Z' + '\u0327' * 400, ''])
def test_titles_are_cut_to_the_box(title: str) -> None:
    shown = fitting(title)
    assert len(shown) <= 101
    assert (shown == title) == (len(title) < 25)


# The tree


def unfolded(branches: Sequence[Branch]) -> list[int]:
    return [branch.place for branch in branches]


@given(graphs())
def test_each_page_is_unfolded_once(
        graph: tuple[list[list[int]], list[int]]) -> None:
    needs, roots = graph
    forest = grow(needs, roots)
    everything = (*forest.requested, *forest.deeper, *forest.others)
    assert sorted(unfolded(everything)) == list(range(len(needs)))


@given(graphs())
def test_tree_says_all_that_is_needed(
        graph: tuple[list[list[int]], list[int]]) -> None:
    needs, roots = graph
    forest = grow(needs, roots)
    for branches in (forest.requested, forest.deeper, forest.others):
        assert not branches or branches[0].depth == 0
        for number, branch in enumerate(branches):
            below = []
            for later in branches[number + 1:]:
                if later.depth <= branch.depth:
                    break
                if later.depth == branch.depth + 1:
                    below.append(later.place)
            assert len(below) == branch.children
            assert sorted([*below, *branch.elsewhere]) == sorted(
                needs[branch.place])


def test_page_is_unfolded_where_it_is_nearest() -> None:
    # 0 needs 1 and 2; 1 needs 2 as well.
    forest = grow([[1, 2], [2], []], [0])
    assert [(branch.place, branch.depth, branch.elsewhere)
            for branch in forest.requested] == [
        (0, 0, ()), (1, 1, (2, )), (2, 1, ())]


def test_long_chains_go_on_further_down() -> None:
    length = 5_000
    forest = grow(chain(length), [0])
    assert max(branch.depth for branch in forest.requested) == DEEPEST
    assert max(branch.depth for branch in forest.deeper) == DEEPEST
    assert forest.requested[-1].elsewhere == (DEEPEST + 1, )
    assert forest.deeper[0].place == DEEPEST + 1
    assert len(forest.requested) + len(forest.deeper) == length


def test_what_nothing_leads_to_is_there_too() -> None:
    forest = grow([[], [2], [1]], [0])
    assert unfolded(forest.requested) == [0]
    assert sorted(unfolded(forest.others)) == [1, 2]


def page(title: str, *needed_by: str,
         role: Role = Role.TEMPLATE) -> PlannedPage:
    return replace(SKIP, title=titled(title),
                   needed_by=tuple(map(titled, needed_by)), role=role)


def test_needs_are_the_other_side_of_needed_by() -> None:
    pages = [page('B', 'Rover', 'A'), page('A', 'Rover', 'A', 'Gone'),
             replace(IMPORT, title=titled('Rover'))]
    assert needs_of(pages) == [[], [0], [1, 0]]
    assert roots_of(pages) == [2]
