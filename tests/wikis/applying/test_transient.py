"""Errors that pass: each import is done once all the same, or resumed."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import pywikibot
import sqlalchemy as sa

from importbot import Journal
from importbot.journal.leases import Lease
from importbot.model.decisions import Outcome
from importbot.model.errors import EditError
from importbot.model.report import Report
from importbot.wikis import waiting
from importbot.wikis.editor import Editor
from tests.kit.importing import Process
from tests.kit.proxy import Exchange
from tests.kit.support import Box
from tests.kit.upload_bench import UploadBench


pytestmark = pytest.mark.usefixtures('no_waiting_for_the_dead', 'pauses')

ALWAYS = 10 ** 6
#: pywikibot's option: how often a request is sent again.
TRIES = 2
ROUTES = ['interwiki', 'upload']


def says(code: str, status: int = 200, headers: dict[str, str] | None = None,
         **more: Any) -> dict[str, Any]:
    """Return a fault: the wiki says so itself, and has done nothing."""
    return {'status': status, 'forwards': False, 'headers': {
        'MediaWiki-API-Error': code, **(headers or {})}, 'body': json.dumps(
        {'error': {'code': code, 'info': f'{code}!', **more}}).encode()}


BUSY: dict[str, dict[str, Any]] = {
    '429': {'status': 429, 'forwards': False,
            'headers': {'Retry-After': '7'}},
    '429 without a time': {'status': 429, 'forwards': False},
    'ratelimited': says('ratelimited', 429, {'Retry-After': '7'}),
    'readonly': says('readonly', readonlyreason='upgrade'),
    'maxlag': says('maxlag', 200, {'Retry-After': '7'}, lag=31.5, host='db',
                   type='db'),
}
#: Of a transaction that the database has taken back.
DATABASE: dict[str, dict[str, Any]] = {
    'deadlock': says('databaseerror-text', 500),
    'query': says('internal_api_error_DBQueryError'),
}
SESSION: dict[str, dict[str, Any]] = {
    'token': says('badtoken'), 'session': says('assertuserfailed')}


def kinds(**faults: dict[str, Any]) -> list[Any]:
    return [pytest.param(fault, id=name) for name, fault in faults.items()]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited for; nobody waits for them here."""
    waited: list[float] = []

    def rests(seconds: float, is_over: Callable[[], bool]) -> bool:
        if seconds:
            waited.append(seconds)
        return not is_over()

    monkeypatch.setattr(waiting, '_rest', rests)
    monkeypatch.setattr(pywikibot.config, 'retry_wait', 3)
    monkeypatch.setattr(pywikibot.config, 'retry_max', 120)
    monkeypatch.setattr(pywikibot.config, 'max_retries', TRIES)
    return waited


@pytest.fixture(scope='module')
def box(database_box: Box) -> Box:
    return database_box


@pytest.fixture(scope='module')
def bench(box: Box) -> Iterator[UploadBench]:
    yield UploadBench(box)


def planned(bench: UploadBench, via: str) -> tuple[list[str], Any]:
    titles = bench.new_pages(3 if via == 'upload' else 1)
    return titles, bench.plan(*titles, via=via)


def done_once(bench: UploadBench, report: Report, titles: list[str]) -> None:
    assert report.went_as_planned, report.results
    for title in titles:
        bench.assert_imported_once(title)


# Once

@pytest.mark.parametrize('via', ROUTES)
@pytest.mark.parametrize('fault', kinds(**BUSY, **DATABASE, **SESSION))
def test_error_that_passes_is_no_end(
        bench: UploadBench, journal: Journal, via: str, pauses: list[float],
        fault: dict[str, Any]) -> None:
    titles, plan = planned(bench, via)
    before = bench.posts()
    with bench.box.target.broken(**fault):
        report = bench.apply(plan, journal)
    done_once(bench, report, titles)
    assert bench.posts() == (before[0] + 2, before[1] + 1)
    if fault in SESSION.values():
        assert pauses == []
    else:
        asked = fault['headers'].get('Retry-After', 3) if (
            'headers' in fault) else 3
        assert pauses == [int(asked)]
    assert report.run
    assert journal.pending(report.run) == []
    assert journal.run_row(report.run).state == 'finished'


def test_source_that_does_not_answer_the_target_once(
        bench: UploadBench, journal: Journal, pauses: list[float]) -> None:
    titles, plan = planned(bench, 'interwiki')
    before = bench.posts()
    with bench.box.source.broken(hits=lambda exchange: 'Special:Export' in (
            exchange.path + exchange.parameters.get('title', '')),
            forwards=False, status=429):
        report = bench.apply(plan, journal)
    done_once(bench, report, titles)
    assert bench.posts() == (before[0] + 2, before[1] + 2)
    assert pauses == [3]


@pytest.mark.parametrize('via', ROUTES)
def test_gateway_without_the_wiki_is_looked_into(
        bench: UploadBench, journal: Journal, via: str) -> None:
    # It asks for patience, but nobody knows what is behind it.
    titles, plan = planned(bench, via)
    before = bench.posts()
    with bench.box.target.broken(status=503, forwards=False,
                                 headers={'Retry-After': '7'}):
        report = bench.apply(plan, journal)
    done_once(bench, report, titles)
    calls = 1 if via == 'upload' else len(titles)
    assert bench.posts() == (before[0] + 1 + calls, before[1] + calls)


@pytest.mark.parametrize('via', ROUTES)
@pytest.mark.parametrize('fault', kinds(**DATABASE))
def test_what_arrived_before_an_error_is_not_sent_again(
        bench: UploadBench, journal: Journal, via: str,
        fault: dict[str, Any]) -> None:
    titles, plan = planned(bench, via)
    before = bench.posts()
    with bench.box.target.broken(**{**fault, 'forwards': True}):
        report = bench.apply(plan, journal)
    done_once(bench, report, titles)
    assert bench.posts() == (before[0] + 1, before[1] + 1)


def test_error_in_the_middle_of_a_long_page(bench: UploadBench,
                                            journal: Journal) -> None:
    title = bench.new_long_page()
    bench.wikis.upload_size.guess = 120_000
    try:
        plan = bench.plan(title)
        journal.remember_upload_size(plan.target.api, bench.wikis.upload_size)
        before, sent = bench.posts(), iter(range(100))
        with bench.box.target.broken(
                hits=lambda exchange: exchange.is_import
                and next(sent) in (1, 3), times=ALWAYS, **BUSY['429']), \
                bench.box.target.broken(
                    hits=lambda exchange: exchange.is_import
                    and next(sent) == 5, **DATABASE['deadlock']):
            report = bench.apply(plan, journal)
    finally:
        bench.wikis.upload_size.guess = 0
    assert report.went_as_planned, report.results
    calls = bench.posts()[1] - before[1]
    assert calls > 2
    bench.assert_imported_once(title, calls)


# What happens meanwhile

def test_page_made_while_the_bot_waits_is_left_alone(
        bench: UploadBench, journal: Journal) -> None:
    (title, ), plan = planned(bench, 'interwiki')
    before = bench.posts()
    with bench.box.target.broken(**BUSY['429'], meanwhile=lambda: (
            bench.target.edit(title, 'Our own page.'))):
        (result, ) = bench.apply(plan, journal).results
    assert result.outcome is Outcome.REJECTED
    assert bench.posts() == (before[0] + 1, before[1])
    assert bench.target.text(title) == 'Our own page.'


def test_lease_is_kept_and_looked_at_before_each_call(
        bench: UploadBench, journal: Journal,
        monkeypatch: pytest.MonkeyPatch) -> None:
    _titles, plan = planned(bench, 'interwiki')
    beats: list[int] = []
    beat = Lease.heartbeat

    def beats_and_tells(lease: Lease) -> None:
        beat(lease)
        beats.append(len(bench.box.target.imports))

    monkeypatch.setattr(Lease, 'heartbeat', beats_and_tells)
    before = len(bench.box.target.imports)
    with bench.box.target.broken(**BUSY['429']):
        assert bench.apply(plan, journal).went_as_planned
    # Once after the wait, and once more right before the second call.
    assert beats.count(before + 1) >= 2


def test_interrupt_ends_the_wait(bench: UploadBench) -> None:
    titles = bench.new_pages(2)
    before = bench.posts()
    with bench.box.target.broken(
            status=429, forwards=False, headers={'Retry-After': '600'},
            meanwhile=lambda: process.interrupt()):
        process = Process(bench.box, *titles)
        status, output = process.end()
    assert status == 130, output
    assert 'Stopping after this page' in output
    assert bench.posts() == (before[0] + 1, before[1])
    run = bench.box.pwb('importpages', '-resume', '-always')
    assert run.status == 0, run.output
    for title in titles:
        bench.assert_imported_once(title)


# For good

@pytest.mark.parametrize('via', ROUTES)
@pytest.mark.parametrize('fault', kinds(**BUSY))
def test_patience_ends_with_a_sentence_and_the_run_is_resumed(
        bench: UploadBench, journal: Journal, via: str, pauses: list[float],
        fault: dict[str, Any]) -> None:
    titles, plan = planned(bench, via)
    before = bench.posts()
    with bench.box.target.broken(times=ALWAYS, **fault):
        report = bench.apply(plan, journal)
    assert {result.outcome for result in report.results} == {Outcome.FAILED}
    assert bench.posts() == (before[0] + 1 + TRIES, before[1])
    assert len(pauses) == TRIES
    assert report.run
    assert journal.pending(report.run) == []
    assert journal.run_row(report.run).state == 'interrupted'
    # Nothing is in the way of the same plan afterwards.
    done_once(bench, bench.apply(plan, journal), titles)


@pytest.mark.parametrize('fault', kinds(**SESSION))
def test_session_that_cannot_be_had_is_an_obstacle(
        bench: UploadBench, journal: Journal, fault: dict[str, Any]) -> None:
    titles = bench.new_pages(2)
    plan, before = bench.plan(*titles, via='interwiki'), bench.posts()
    with bench.box.target.broken(times=ALWAYS, **fault):
        report = bench.apply(plan, journal)
    assert [result.outcome for result in report.results] == [
        Outcome.FAILED, Outcome.UNCHANGED]
    assert bench.posts() == (before[0] + 2, before[1])
    done_once(bench, bench.apply(plan, journal), titles)


def test_database_that_fails_for_good(
        bench: UploadBench, journal: Journal, pauses: list[float]) -> None:
    titles = bench.new_pages(5)
    plan, before = bench.plan(*titles, via='interwiki'), bench.posts()
    with bench.box.target.broken(times=ALWAYS, **DATABASE['deadlock']):
        report = bench.apply(plan, journal)
    # Four times each, and after the third page it is not the page's fault.
    assert bench.posts() == (before[0] + 12, before[1])
    assert pauses == [3, 6, 12] * 3
    assert [result.outcome for result in report.results] == [
        *[Outcome.FAILED] * 3, *[Outcome.UNCHANGED] * 2]
    assert f'"{titles[0]}" was not imported: databaseerror-text!' in str(
        report.results[0].error)
    assert 'failed at 3 pages' in str(report.results[3].error)
    assert report.run
    assert journal.run_row(report.run).state == 'interrupted'
    done_once(bench, bench.apply(plan, journal), titles)


def test_database_that_fails_for_good_at_uploads(
        bench: UploadBench, journal: Journal) -> None:
    titles = bench.new_pages(6)
    plan, before = bench.plan(*titles), bench.posts()
    with bench.box.target.broken(times=ALWAYS, **DATABASE['deadlock']):
        report = bench.apply(plan, journal)
    # 6 pages four times; then 3, 2, 1 and 1, and one more alone.
    assert bench.posts() == (before[0] + 4 + 5, before[1])
    assert 'failed at 3 pages' in str(report.results[-1].error)
    done_once(bench, bench.apply(plan, journal), titles)


# Edits

def _edits(exchange: Exchange) -> bool:
    return exchange.parameters.get('action') == 'edit'


@pytest.mark.parametrize('fault', kinds(**BUSY))
def test_edit_waits_as_well(bench: UploadBench, pauses: list[float],
                            fault: dict[str, Any]) -> None:
    title, = bench.new_pages(1)
    before = sum(map(_edits, bench.box.target.exchanges))
    with bench.box.target.broken(hits=_edits, times=2, **fault):
        Editor(bench.wikis.target.site).append(title, 'a line', 'a test')
    assert sum(map(_edits, bench.box.target.exchanges)) == before + 3
    assert len(pauses) == 2
    assert bench.target.text(title) == 'a line'
    assert len(bench.target.history(title)) == 1


@pytest.mark.parametrize('fault', kinds(**BUSY))
def test_edit_does_not_wait_for_ever(bench: UploadBench, pauses: list[float],
                                     fault: dict[str, Any]) -> None:
    title, = bench.new_pages(1)
    before = sum(map(_edits, bench.box.target.exchanges))
    with bench.box.target.broken(hits=_edits, times=ALWAYS, **fault), \
            pytest.raises(EditError) as caught:
        Editor(bench.wikis.target.site).create(title, 'a line', 'a test')
    assert caught.value.code
    assert sum(map(_edits, bench.box.target.exchanges)) == before + 1 + TRIES
    assert len(pauses) == TRIES


# A database that really gives up

@pytest.fixture(scope='module')
def impatient(tmp_path_factory: pytest.TempPathFactory,
              ) -> Iterator[UploadBench]:
    """A target on MariaDB that waits a second for a lock."""
    with Box(tmp_path_factory.mktemp('impatient'), database='mariadb',
             settings="$wgDBservers[0]['variables']"
             "['innodb_lock_wait_timeout'] = 1;") as box:
        yield UploadBench(box)


@pytest.mark.soak
@pytest.mark.parametrize('via', ROUTES)
def test_lock_that_somebody_else_holds(
        impatient: UploadBench, journal: Journal, via: str,
        pauses: list[float]) -> None:
    titles, plan = planned(impatient, via)
    before = impatient.posts()
    engine = sa.create_engine(impatient.box.databases['target'].url)
    with engine.connect() as connection:
        connection.execute(sa.text('SELECT * FROM page FOR UPDATE'))
        with impatient.box.target.broken(cuts=False,
                                         meanwhile=connection.rollback):
            report = impatient.apply(plan, journal)
    engine.dispose()
    done_once(impatient, report, titles)
    assert impatient.posts() == (before[0] + 2, before[1] + 2)
    assert pauses == [3]
