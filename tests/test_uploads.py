"""Uploads: orders, parts, sizes, attribution, and what a wiki says of it.
"""
from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot import Importer, Journal, Policy
from importbot.bundles.order import TIME_AT_MOST, order_revisions
from importbot.flows.attribution import ROOM, attribution
from importbot.flows.batches import batches_of
from importbot.flows.plan import plan_titles
from importbot.model.revisions import Revision
from importbot.model.uploads import WISH, UploadSize
from importbot.sandbox.php import LIMITS
from importbot.wikis.importer import ImportedPage
from tests.support import Box, by_title, texts, wikipair_of, write_histories


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


# On real wikis

def upload_of(box: Box, title: str, via: str = 'en',
              ) -> list[ImportedPage]:
    """Upload a page as our own bundles write it, past the plan."""
    from importbot.bundles.order import order_revisions as ordered
    from importbot.bundles.spool import Spool
    from importbot.bundles.writer import page_xml, upload_head, upload_xml

    wikis = wikipair_of(box)
    with Spool() as spool:
        page, = (spool.add(item, written=lambda revision: None) for item
                 in wikis.source.export([title], history=True))
        xml = upload_xml(upload_head({0: ''}), [page_xml(
            title, 0, spool.read(page, ordered(page.revisions,
                                               'fast').indices))])
    found = Importer(wikis.target.site).from_xml(io.BytesIO(xml), via)
    assert found is not None
    return found


HISTORY = [(f'2020-01-01T00:{number // 60:02}:{number % 60:02}Z',
            f'Revision {number} of many. ' + 'x' * 4000)
           for number in range(600)]


@pytest.fixture(scope='module')
def small_box(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Two wikis, the target with PHP's own limits."""
    limits = dict(zip(LIMITS[::2], LIMITS[1::2], strict=True))
    assert limits, 'there are limits to lift'
    found = Box(tmp_path_factory.mktemp('small'),
                php=('-d', 'upload_max_filesize=2M', '-d',
                     'post_max_size=8M'))
    write_histories(found.source_tree, found.folder / 'source', 'old',
                    {'Much': HISTORY, 'Little': HISTORY[:2],
                     'Little too': HISTORY[:3]})
    yield found
    found.close()


@pytest.mark.wiki
def test_page_goes_in_parts_where_php_takes_2_mb(small_box: Box) -> None:
    run, report = small_box.importpages('-page:Much', '-via:upload')
    assert run.status == 0, run.output
    source, target = small_box.on_source(), small_box.on_target()
    assert texts(source.history('Much')) <= texts(target.history('Much'))
    assert target.text('Much') == source.text('Much')
    sent = len(target.imports('Much'))
    assert 2 <= sent <= 3
    # One more was refused as a whole, and taught the size.
    assert len(small_box.target.imports_done) == sent + 1
    journal = Journal(str(small_box.config / 'importbot.sqlite'))
    assert 2_000_000 <= journal.upload_size(
        f'{small_box.target.base}/api.php').most <= 2_097_152
    journal.close()


@pytest.mark.wiki
def test_what_was_learnt_spares_the_refusal(small_box: Box) -> None:
    before = len(small_box.target.imports_done)
    run, report = small_box.importpages(
        '-page:Much', '-via:upload', '-rootpage:Project:Again')
    assert run.status == 0, run.output
    title = by_title(report)['Much']['target']
    assert len(small_box.target.imports_done) - before == len(
        small_box.on_target().imports(title))


@pytest.mark.wiki
def test_order_of_time_is_on_hold_where_it_does_not_fit(
        small_box: Box) -> None:
    run, report = small_box.importpages(
        '-page:Much', '-via:upload', '-order:time',
        '-rootpage:Project:In time')
    assert run.status == 3, run.output
    assert by_title(report)['Much']['reason'] == 'time-order'


@pytest.mark.wiki
def test_small_pages_share_an_upload_and_its_summary_names_them(
        small_box: Box) -> None:
    before = len(small_box.target.imports_done)
    run, report = small_box.importpages('-page:Little', '-page:Little too',
                                        '-via:upload')
    assert run.status == 0, run.output
    assert len(small_box.target.imports_done) == before + 1
    source, target = small_box.on_source(), small_box.on_target()
    summary = target.imports('Little')[0]['comment']
    for title in ('Little', 'Little too'):
        newest = source.history(title)[0]['revid']
        assert f'[[:en:{title}]] {newest}' in summary
        assert target.imports(title)[0]['comment'] == summary
        assert summary in target.history(title)[0]['comment']


@pytest.mark.wiki
def test_summary_of_the_operator_stands_behind_the_attribution(
        small_box: Box) -> None:
    small_box.importpages('-page:Little', '-via:upload', '-summary:As asked',
                          '-rootpage:Project:Said')
    comment = small_box.on_target().imports(
        'Sandbox target:Said/Little')[0]['comment']
    assert re.search(r'\[\[:en:Little\]\].*\d: As asked$', comment)


@pytest.mark.wiki
def test_before_cuts_the_history(small_box: Box) -> None:
    run, report = small_box.importpages(
        '-page:Much', '-before:2020-01-01T00:00:29Z',
        '-rootpage:Project:Before')
    assert run.status == 0, run.output
    page = by_title(report)['Much']
    assert page['steps'][0]['because'] == 'before'
    assert page['revisions'] == 30
    target = small_box.on_target()
    assert len(target.history(page['target'])) == 31
    assert target.text(page['target']).startswith('Revision 29 ')
    run, report = small_box.importpages(
        '-page:Much', '-before:2019-01-01T00:00:00Z',
        '-rootpage:Project:Too early')
    assert by_title(report)['Much']['reason'] == 'no-revision'
    assert run.status == 1


@pytest.mark.wiki
def test_page_gets_its_title_in_the_upload(small_box: Box) -> None:
    run, report = small_box.importpages(
        '-page:Little', '-via:upload', '-targettitle:Help:Elsewhere')
    assert run.status == 0, run.output
    page = by_title(report)['Little']
    assert [step['action'] for step in page['steps']] == ['import']
    assert len(small_box.on_target().history('Help:Elsewhere')) == 3


@pytest.mark.wiki
def test_batches_hold_what_a_summary_can_name(small_box: Box) -> None:
    wikis = wikipair_of(small_box)
    policy = Policy(via='upload', templates='used')
    plan = plan_titles(wikis, [wikis.source_info.title('Rover')], policy)
    batches = list(batches_of(plan.pages, 'en', WISH))
    assert sorted(page.title for batch in batches for page in batch) == (
        sorted(page.title for page in plan.pages))
    assert len(batches) < len(plan.pages) / 3
    for batch in batches:
        summary = attribution([(page.title, page.newest.id)
                               for page in batch if page.newest],
                              wikis, policy)
        assert len(summary) <= ROOM
