"""Which parts of a merged history can be moved out of it."""
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from importbot.model.revisions import Revision
from importbot.rules.unmerge import in_order, parts_of, unmerge_steps


HOME = 'User:Bot/undo-9'


def revision(number: int, second: int) -> Revision:
    return Revision(id=number, parent=0,
                    timestamp=f'2020-01-01T00:00:{second:02}Z',
                    sha1='', user='', size=0)


#: Ids say nothing of times, and several revisions share a second.
histories = st.dictionaries(
    st.integers(1, 99), st.integers(0, 9), min_size=1, max_size=30).map(
    lambda times: [revision(*item) for item in times.items()])


@given(histories, st.data())
def test_parts_hold_what_is_to_go_and_nothing_else(
        history: list[Revision], data: st.DataObject) -> None:
    brought = frozenset(data.draw(st.sets(st.sampled_from(
        [item.id for item in history]))))
    top = data.draw(st.sampled_from([0, *(item.id for item in history)]))
    parts = [*parts_of(history, brought, top)]
    steps = [*unmerge_steps(parts, 5, HOME)]
    moved = [item.id for part in parts for item in part]
    assert sorted(moved) == sorted(brought - {top})
    # What a wiki finds between the ends is the part, to the revision.
    for part, step in zip(parts, steps, strict=True):
        assert [item for item in in_order(history)
                if step.holds(item)] == [*part]
        assert step.count == len(part)
    # Two parts that could be one have something between them.
    places = {item.id: place for place, item in enumerate(in_order(history))}
    for one, next_one in zip(parts, parts[1:], strict=False):
        assert places[next_one[0].id] > places[one[-1].id] + 1


def test_very_long_part_is_moved_in_several_calls() -> None:
    history = [revision(number, 0) for number in range(1, 10_002)]
    brought = {item.id for item in history}
    assert [len(part) for part in parts_of(history, brought, 0)] == [
        5000, 5000, 1]
