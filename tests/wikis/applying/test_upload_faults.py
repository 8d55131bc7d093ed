"""What breaks while pages are uploaded, before and behind the bot."""
from __future__ import annotations

from typing import Any

import pytest

from importbot import Importer, Journal
from importbot.applying.apply import ImportWork
from importbot.applying.resume import find_interrupted
from importbot.applying.run import Run
from importbot.applying.takeover import take_over
from importbot.model.decisions import Outcome
from tests.kit.proxy import Exchange
from tests.kit.support import Box, texts
from tests.kit.upload_bench import UploadBench


pytestmark = pytest.mark.usefixtures('no_waiting_for_the_dead')

#: Seconds; the wikis here answer within one.
LIMIT = 1
ALWAYS = 10 ** 6
LOST: list[Any] = [
    pytest.param({}, id='reset', marks=pytest.mark.mariadb),
    pytest.param({'status': 502}, id='502'),
    pytest.param({'status': 504}, id='504'),
    pytest.param({'part': 10}, id='reset in the middle'),
    pytest.param({'status': 200}, id='HTML with status 200'),
    pytest.param({'status': 500, 'body': b''}, id='empty 500'),
]


@pytest.fixture(scope='module')
def box(database_box: Box) -> Box:
    return database_box


@pytest.fixture(scope='module')
def bench(box: Box) -> UploadBench:
    return UploadBench(box)


# Between bot and target

@pytest.mark.parametrize('fault', LOST)
def test_lost_answer_of_a_done_upload_is_found_in_the_log(
        bench: UploadBench, journal: Journal, fault: dict[str, Any]) -> None:
    titles = bench.new_pages()
    plan, before = bench.plan(*titles), bench.posts()
    with bench.box.target.broken(**fault):
        report = bench.apply(plan, journal)
    assert report.went_as_planned, report.results
    assert bench.posts() == (before[0] + 1, before[1] + 1)
    for title in titles:
        bench.assert_imported_once(title)


@pytest.mark.parametrize('via', ['upload', 'interwiki'])
@pytest.mark.parametrize('fault', [*LOST[:2], *(
    pytest.param(*fault.values, id=fault.id, marks=pytest.mark.soak)
    for fault in LOST[2:])])
def test_lost_answer_of_a_long_history(
        bench: UploadBench, journal: Journal, fault: dict[str, Any],
        via: str) -> None:
    title = bench.new_long_page()
    plan = bench.plan(title, via=via)
    with bench.box.target.broken(**fault):
        report = bench.apply(plan, journal)
    assert report.went_as_planned, report.results
    bench.assert_imported_once(title, 2 if via == 'interwiki' else 1)


def test_silence_is_cut_short_and_looked_into(bench: UploadBench,
                                              journal: Journal) -> None:
    titles = bench.new_pages()
    plan, before = bench.plan(*titles), bench.posts()
    with bench.box.target.broken(silence=3), \
            Run(ImportWork(plan, bench.wikis, LIMIT, importer=Importer(
                bench.wikis.target.site, 1)), journal) as run:
        run.apply_all()
    assert run.went_as_planned
    assert bench.posts() == (before[0] + 1, before[1] + 1)
    for title in titles:
        bench.assert_imported_once(title)


@pytest.mark.mariadb
@pytest.mark.parametrize('status', [500, 504, 524])
def test_wiki_still_at_work_is_waited_for(
        bench: UploadBench, journal: Journal, status: int) -> None:
    titles = bench.new_pages()
    plan = bench.plan(*titles)
    with bench.box.target.broken(status=status, late=1):
        report = bench.apply(plan, journal, limit=30)
    assert report.went_as_planned, report.results
    for title in titles:
        bench.assert_imported_once(title)


@pytest.mark.parametrize('fault', LOST[:2])
def test_upload_that_never_arrived_is_sent_as_it_was(
        bench: UploadBench, journal: Journal, fault: dict[str, Any]) -> None:
    titles = bench.new_pages()
    plan, before = bench.plan(*titles), bench.posts()
    with bench.box.target.broken(forwards=False, **fault):
        report = bench.apply(plan, journal)
    assert report.went_as_planned, report.results
    assert bench.posts() == (before[0] + 2, before[1] + 1)
    for title in titles:
        bench.assert_imported_once(title)


def test_twice_without_an_answer_is_failed(bench: UploadBench,
                                           journal: Journal) -> None:
    titles = bench.new_pages(2)
    plan = bench.plan(*titles)
    # As it was, as it was again, and its first page alone.
    with bench.box.target.broken(forwards=False, status=502, times=3):
        report = bench.apply(plan, journal)
    first, second = report.results
    assert first.outcome is Outcome.FAILED
    assert 'twice no answer' in str(first.error)
    assert second.outcome is Outcome.VERIFIED
    assert bench.target.imports(titles[0]) == []


@pytest.mark.mariadb
def test_page_made_in_the_meantime_is_left_alone(bench: UploadBench,
                                                 journal: Journal) -> None:
    titles = bench.new_pages()
    plan = bench.plan(*titles)
    bench.target.edit(titles[1], 'Made by hand')
    report = bench.apply(plan, journal)
    assert [result.outcome for result in report.results] == [
        Outcome.VERIFIED, Outcome.REJECTED, Outcome.VERIFIED]
    assert bench.target.text(titles[1]) == 'Made by hand'
    assert len(bench.target.history(titles[1])) == 1


# Between bot and source

def is_export(exchange: Exchange) -> bool:
    return ('Special:Export' in exchange.parameters.get('title', '')
            or 'exportnowrap' in exchange.parameters)


@pytest.mark.parametrize('fault', [
    *LOST, pytest.param({'part': 2000}, id='reset after 2000 bytes')])
def test_export_that_breaks_off_is_read_again(
        bench: UploadBench, journal: Journal, fault: dict[str, Any]) -> None:
    titles = [bench.new_long_page()] if 'part' in fault else (
        bench.new_pages())
    plan, before = bench.plan(*titles), bench.posts()
    with bench.box.source.broken(hits=is_export, **fault):
        report = bench.apply(plan, journal)
    assert report.went_as_planned, report.results
    assert bench.posts()[0] == before[0] + 1
    for title in titles:
        bench.assert_imported_once(title)


@pytest.mark.parametrize('fault', [*LOST[1:3], LOST[4]])
def test_export_that_cannot_be_had_sends_nothing(
        bench: UploadBench, journal: Journal, fault: dict[str, Any]) -> None:
    titles = bench.new_pages()
    plan, before = bench.plan(*titles), bench.posts()
    with bench.box.source.broken(hits=is_export, times=ALWAYS, **fault):
        report = bench.apply(plan, journal)
    assert {result.outcome for result in report.results} == {Outcome.FAILED}
    assert all('export of' in str(result.error)
               for result in report.results)
    assert bench.posts() == before
    # Nothing is in the way of the same plan afterwards.
    report = bench.apply(plan, journal)
    assert report.went_as_planned


# The wiki refuses in the middle

READ_ONLY = (b'{"error": {"code": "readonly", "info": "Closed for today"}}')


@pytest.mark.mariadb
def test_what_arrived_before_a_refusal_is_kept_and_the_rest_resumed(
        bench: UploadBench, journal: Journal) -> None:
    titles = [*bench.new_pages(1), bench.new_long_page(), *bench.new_pages(1)]
    bench.wikis.upload_size.guess = 120_000
    try:
        plan = bench.plan(*titles)
        journal.remember_upload_size(plan.target.api,
                                     bench.wikis.upload_size)
        sent = iter(range(10))
        with bench.box.target.broken(
                hits=lambda exchange: exchange.is_import and next(sent) >= 2,
                times=ALWAYS, status=200, body=READ_ONLY, forwards=False):
            report = bench.apply(plan, journal)
        # Two parts of the long page had arrived, nothing of the others.
        assert [result.outcome for result in report.results] == [
            Outcome.UNKNOWN, Outcome.UNCHANGED, Outcome.UNCHANGED]
        assert 'Closed for today' in str(report.results[0].error)
        take_over(journal, bench.wikis, LIMIT)
        interrupted = find_interrupted(journal, plan.target.api)
        resumed = interrupted.resumed(journal, bench.wikis)
        with Run(ImportWork(resumed.plan, bench.wikis, LIMIT, resumed),
                 journal) as run:
            run.apply_all()
        assert run.went_as_planned, run.results
    finally:
        bench.wikis.upload_size.guess = 0
    for title in titles:
        theirs, ours = (bench.source.history(title),
                        bench.target.history(title))
        assert texts(theirs) <= texts(ours)
        assert len(ours) == len(theirs) + len(bench.target.imports(title))
