"""In which order an upload sends revisions, and how much at a time."""
from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from importbot import Journal
from importbot.exports.order import TIME_AT_MOST, order_revisions
from importbot.model.revisions import Revision
from importbot.model.upload_size import WISH, UploadSize


# The order, without a wiki

revision_lists = st.lists(
    st.builds(Revision, st.integers(1, 10 ** 6), st.just(0),
              st.integers(0, 6).map(lambda second:
                                    f'2020-01-01T00:00:0{second}Z'),
              st.sampled_from(['a' * 40, 'b' * 40, 'c' * 40])),
    min_size=1, max_size=40, unique_by=lambda revision: revision.id)


def shown(revisions: list[Revision]) -> Revision:
    """Return what MediaWiki shows after revisions came in this order.

    A revision becomes current if it is not older than the current one.
    """
    current = revisions[0]
    for revision in revisions[1:]:
        if revision.timestamp >= current.timestamp:
            current = revision
    return current


@given(revision_lists)
def test_both_orders_show_the_same_text(revisions: list[Revision]) -> None:
    last = {order: shown([revisions[place] for place in order_revisions(
        revisions, order).indices]) for order in ('time', 'fast')}
    assert last['time'] == last['fast']


@given(revision_lists, st.sampled_from(['time', 'fast', 'auto']))
def test_every_revision_is_sent_once(revisions: list[Revision],
                                     order: str) -> None:
    ordered = order_revisions(revisions, order)
    assert sorted(ordered.indices) == list(range(len(revisions)))
    assert 1 <= ordered.head <= len(revisions)


@given(revision_lists)
def test_head_of_the_fast_order_is_the_oldest_and_the_newest(
        revisions: list[Revision]) -> None:
    ordered = order_revisions(revisions, 'fast')
    times = [revisions[place].timestamp for place in ordered.indices]
    head, rest = times[:ordered.head], times[ordered.head:]
    assert head[0] == min(times)
    assert set(head[1:]) <= {max(times)}
    assert max(times) not in rest or max(times) == min(times)
    assert rest == sorted(rest)


@given(revision_lists)
def test_current_revision_is_the_last_of_its_second(
        revisions: list[Revision]) -> None:
    newest = max(revision.timestamp for revision in revisions)
    current = next(revision for revision in revisions
                   if revision.timestamp == newest)
    for order in ('time', 'fast'):
        places = order_revisions(revisions, order, current.id).indices
        assert shown([revisions[place] for place in places]) == current


def test_auto_keeps_to_the_order_of_time_for_short_histories() -> None:
    def ordered(count: int) -> tuple[int, ...]:
        return order_revisions([
            Revision(number, 0, f'2020-01-01T00:00:{number:02}Z', 'a' * 40)
            for number in range(count)], 'auto').indices

    assert ordered(TIME_AT_MOST) == tuple(range(TIME_AT_MOST))
    assert ordered(TIME_AT_MOST + 1)[:2] == (0, TIME_AT_MOST)


# What is learnt of the size

def test_size_is_learnt_from_what_the_wiki_says() -> None:
    size = UploadSize()
    assert size.room == WISH
    size.refused(5_000_000, 2_097_152)
    assert size.room == 2_097_152
    # What the wiki says for a file need not hold for the whole request.
    size.accepted(600_000)
    size.refused(2_000_000, 2_097_152)
    assert size.room == 1_000_000
    assert size.most == 1_999_999
    # What was taken once is taken again.
    size.refused(900_000)
    assert size.room == 600_000


def test_size_is_remembered(tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / 'journal.sqlite'))
    journal.remember_upload_size('http://x/api.php', UploadSize(7, 6, 5))
    assert journal.upload_size('http://x/api.php') == UploadSize(7, 6, 5)
    assert journal.upload_size('http://y/api.php') == UploadSize()
    journal.close()
