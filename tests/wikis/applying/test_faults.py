"""What breaks between bot and wikis: every import is done once, or said.

The wikis are real; the proxy before them takes answers away, holds
requests back, and ends or interrupts the bot while it waits.
"""
from __future__ import annotations

import itertools
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from importbot import Importer, Journal, Policy, apply_plan
from importbot.applying.apply import ImportWork, report_of
from importbot.applying.run import Run as PlanRun
from importbot.journal.leases import lapsed_run
from importbot.model.decisions import Outcome
from importbot.model.errors import LeaseHeldError
from importbot.model.plan import Plan
from importbot.model.report import Report
from importbot.planning.plan import plan_titles
from importbot.sources.transfer import Transfer
from tests.kit.importing import Process
from tests.kit.proxy import Exchange
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Run, texts, transfer_of


pytestmark = pytest.mark.usefixtures('no_waiting_for_the_dead')

#: Seconds; the wikis here answer within one.
LIMIT = 1
ALWAYS = 10 ** 6


class Bench:

    """Two wikis, connected in this process, and pages to import."""

    def __init__(self, box: Box, **specimens: str) -> None:
        self.box = box
        self.source = box.on_source()
        self.target = box.on_target()
        self._specimens = put_specimens(box, 80, **specimens)
        # Last: what is changed later is of the future to these.
        self.wikis: Transfer = transfer_of(box)
        #: Where pwb on this box keeps its runs.
        self.journal = box.config / 'importbot.sqlite'

    def new_pages(self, count: int = 1) -> list[str]:
        """Return pages of the source, two revisions, not used yet."""
        return [next(self._specimens) for _ in range(count)]

    def plan(self, *titles: str) -> Plan:
        found = [self.wikis.source_info.title(title) for title in titles]
        return plan_titles(
            self.wikis.under(Policy(templates='none')),
            [title for title in found if title])

    def apply(self, plan: Plan, journal: Journal,
              limit: float = LIMIT) -> Report:
        return apply_plan(plan, self.wikis.target.site, journal,
                          transfer=self.wikis, server_limit=limit)

    def sent(self, title: str) -> int:
        """Return how many imports of a page the bot has sent."""
        return _count(self.box.target.imports, title)

    def reached(self, title: str) -> int:
        """Return how many imports of a page the wiki has got."""
        return _count(self.box.target.imports_done, title)

    def was_imported_once(self, title: str) -> bool:
        """Check that all of a page is there, and nothing of it twice."""
        theirs, ours = self.source.history(title), self.target.history(title)
        assert texts(ours[1:]) == texts(theirs)
        assert len(ours) == len(theirs) + 1
        assert ours[0]['user'] == 'ImportBot'
        assert len(self.target.imports(title)) == 1
        return True

    def start(self, *titles: str) -> Process:
        """Start pwb importpages on some pages."""
        return Process(self.box, *titles)

    def run(self, *titles: str) -> tuple[Run, dict[str, Any]]:
        """Run pwb importpages on some pages."""
        return self.box.importpages('-templates:none', *_pages(titles))


def _count(exchanges: list[Exchange], title: str) -> int:
    return sum(exchange.parameters.get('interwikipage') == title
               for exchange in exchanges)


def _pages(titles: tuple[str, ...]) -> list[str]:
    return [f'-page:{title}' for title in titles]


@pytest.fixture(scope='module')
def box(database_box: Box) -> Box:
    return database_box


@pytest.fixture(scope='module')
def bench(box: Box) -> Bench:
    return Bench(box)


# An answer is lost

@pytest.mark.parametrize('fault', [
    pytest.param({}, id='reset', marks=pytest.mark.mariadb),
    pytest.param({'status': 502}, id='502'),
    pytest.param({'status': 503}, id='503'),
    pytest.param({'status': 504}, id='504'),
    pytest.param({'part': 10}, id='reset in the middle of the answer'),
    pytest.param({'status': 200}, id='HTML with status 200'),
    pytest.param({'status': 200, 'body': b'{"up": true}'},
                 id='JSON of somebody else'),
    pytest.param({'status': 500, 'body': b''}, id='empty 500'),
])
def test_lost_answer_of_a_done_import_is_found_in_the_log(
        bench: Bench, journal: Journal, fault: dict[str, Any]) -> None:
    (title, ) = bench.new_pages()
    plan = bench.plan(title)
    with bench.box.target.broken(**fault):
        report = bench.apply(plan, journal)
    assert (bench.sent(title), bench.reached(title)) == (1, 1)
    assert bench.was_imported_once(title)
    verified_in(journal, report)


def verified_in(journal: Journal, report: Report) -> None:
    """Check that report and journal say the one thing."""
    assert report.run
    (result, ), (row, ) = report.results, journal.page_rows(report.run)
    assert (result.outcome, result.imported, result.error) == (
        Outcome.VERIFIED, 2, None)
    assert (row.outcome, row.imported, row.error) == (
        'verified', 2, None)
    assert journal.pending(report.run) == []
    assert journal.run_row(report.run).state == 'finished'


def test_long_silence_is_cut_short_and_looked_into(
        bench: Bench, journal: Journal) -> None:
    (title, ) = bench.new_pages()
    plan = bench.plan(title)
    with bench.box.target.broken(silence=3), \
            PlanRun(ImportWork(plan, bench.wikis, LIMIT, importer=Importer(
                bench.wikis.target.site, 1)), journal) as run:
        (batch, ) = run.batches()
        run.apply(batch)
    assert (bench.sent(title), bench.reached(title)) == (1, 1)
    assert bench.was_imported_once(title)
    verified_in(journal, report_of(run))


@pytest.mark.mariadb
def test_wiki_still_at_work_is_waited_for(bench: Bench,
                                          journal: Journal) -> None:
    (title, ) = bench.new_pages()
    plan = bench.plan(title)
    with bench.box.target.broken(status=504, late=1):
        report = bench.apply(plan, journal, limit=30)
    assert (bench.sent(title), bench.reached(title)) == (1, 1)
    assert bench.was_imported_once(title)
    verified_in(journal, report)


@pytest.mark.parametrize('fault', [
    pytest.param({}, id='reset', marks=pytest.mark.mariadb),
    pytest.param({'status': 502}, id='502')])
def test_import_that_never_arrived_is_sent_again_past_the_limit(
        bench: Bench, journal: Journal, fault: dict[str, Any]) -> None:
    (title, ) = bench.new_pages()
    plan = bench.plan(title)
    with bench.box.target.broken(forwards=False, **fault):
        report = bench.apply(plan, journal)
    assert (bench.sent(title), bench.reached(title)) == (2, 1)
    assert bench.was_imported_once(title)
    verified_in(journal, report)


def test_twice_without_an_answer_is_failed(bench: Bench,
                                           journal: Journal) -> None:
    lost, other = bench.new_pages(2)
    plan = bench.plan(lost, other)
    with bench.box.target.broken(forwards=False, status=502, times=2):
        report = bench.apply(plan, journal)
    assert report.run
    assert (bench.sent(lost), bench.reached(lost)) == (2, 0)
    assert bench.target.history(lost) == []
    assert [result.outcome for result in report.results] == [
        Outcome.FAILED, Outcome.VERIFIED]
    rows = journal.page_rows(report.run)
    assert [row.outcome for row in rows] == ['failed', 'verified']
    assert 'twice no answer came' in rows[0].error
    assert journal.pending(report.run) == []


def test_500_that_lasts_is_an_end(bench: Bench, journal: Journal) -> None:
    broken, other = bench.new_pages(2)
    plan = bench.plan(broken, other)
    with bench.box.target.broken(
            forwards=False, status=500, times=ALWAYS,
            hits=lambda exchange: exchange.parameters.get(
                'interwikipage') == broken):
        report = bench.apply(plan, journal)
    assert report.run
    assert (bench.sent(broken), bench.reached(broken)) == (2, 0)
    assert bench.target.history(broken) == []
    rows = journal.page_rows(report.run)
    assert [row.outcome for row in rows] == ['failed', 'verified']
    assert 'twice no answer came' in rows[0].error
    assert bench.was_imported_once(other)


# An import breaks off within the wiki

@pytest.fixture(scope='module')
def odd_bench(database: str, tmp_path_factory: pytest.TempPathFactory,
              ) -> Iterator[Bench]:
    """The source has a content model that the target has not."""
    with Box(tmp_path_factory.mktemp('odd'), database=database,
             source_settings="""
$wgContentHandlers['odd'] = 'FallbackContentHandler';
""") as box:
        found = Bench(box, model='odd')
        # As if it had gone since the plan.
        access = found.wikis.access
        found.wikis = replace(found.wikis, access=replace(
            access, models=access.models | {'odd'}))
        yield found


def test_report_says_what_a_broken_import_left(odd_bench: Bench,
                                               journal: Journal) -> None:
    (title, ) = odd_bench.new_pages()
    report = odd_bench.apply(odd_bench.plan(title), journal)
    (result, ) = report.results
    assert result.outcome is Outcome.FAILED
    assert result.error
    assert '(import-unknownerror)' in str(result.error)
    assert len(odd_bench.target.history(title)) == 1
    assert str(result.error).endswith('Revisions of it on the target now: 1.')
    assert odd_bench.target.imports(title) == []


def test_broken_import_without_an_answer_is_not_sent_again(
        odd_bench: Bench, journal: Journal) -> None:
    (title, ) = odd_bench.new_pages()
    plan = odd_bench.plan(title)
    with odd_bench.box.target.broken():
        report = odd_bench.apply(plan, journal)
    (result, ) = report.results
    assert result.outcome is Outcome.FAILED
    assert 'without an entry of the bot' in str(result.error)
    assert odd_bench.sent(title) == 1
    assert len(odd_bench.target.history(title)) == 1


# A wiki is gone

def test_target_gone_is_reconciled_by_the_next_run(
        bench: Bench, journal: Journal) -> None:
    title, other = bench.new_pages(2)
    plan, target = bench.plan(title, other), bench.box.target
    before = len(target.imports)
    with target.broken(), target.broken(
            hits=lambda _: len(target.imports) > before, forwards=False,
            times=ALWAYS):
        report = bench.apply(plan, journal)
    assert report.run
    assert [result.outcome for result in report.results] == [
        Outcome.UNKNOWN, Outcome.UNCHANGED]
    assert report.results[1].error
    assert str(report.results[1].error).startswith('not sent: ')
    assert not report.went_as_planned
    assert [row.position for row in journal.pending(report.run)] == [0]
    assert journal.run_row(report.run).state == 'interrupted'
    assert lapsed_run(journal, plan.target.api) == report.run

    again = bench.apply(bench.plan(other), journal)
    assert again.went_as_planned
    assert journal.pending(report.run) == []
    row = journal.page_rows(report.run)[0]
    assert (row.outcome, row.imported) == ('imported', 2)
    assert lapsed_run(journal, plan.target.api) is None
    for page in (title, other):
        assert bench.sent(page) == 1
        assert bench.was_imported_once(page)


def test_source_down_in_the_middle_is_finished_by_the_next_run(
        bench: Bench, journal: Journal) -> None:
    titles = bench.new_pages(3)
    plan = bench.plan(*titles)
    before = len(bench.box.target.imports)
    with bench.box.source.broken(
            hits=lambda _: len(bench.box.target.imports) > before + 1,
            forwards=False, times=ALWAYS):
        report = bench.apply(plan, journal)
    # The second call is sent again, and before that the bot looks itself.
    assert [result.outcome for result in report.results] == [
        Outcome.VERIFIED, Outcome.FAILED, Outcome.UNCHANGED]
    assert str(report.results[2].error).startswith('not sent: ')
    assert report.run
    assert [row.sent is None for row in journal.page_rows(report.run)] == [
        False, True, True]
    assert journal.run_row(report.run).state == 'interrupted'
    assert bench.apply(bench.plan(*titles), journal).went_as_planned
    for title in titles:
        assert bench.was_imported_once(title)


def _asks_for_a_history(exchange: Exchange) -> bool:
    return 'rvlimit' in exchange.parameters


def test_source_gone_before_the_reading_back_is_not_needed(
        bench: Bench, journal: Journal) -> None:
    # All that was planned is there, and the plan has its history.
    titles = bench.new_pages(2)
    plan = bench.plan(*titles)
    with bench.box.source.broken(hits=_asks_for_a_history, forwards=False,
                                 times=ALWAYS):
        report = bench.apply(plan, journal)
    assert [(result.outcome, result.imported, result.error)
            for result in report.results] == [
        (Outcome.VERIFIED, 2, None)] * 2
    for title in titles:
        assert bench.was_imported_once(title)


def test_source_gone_before_the_reading_back_is_said(
        bench: Bench, journal: Journal,
        monkeypatch: pytest.MonkeyPatch) -> None:
    # More than are read back together.
    titles = bench.new_pages(13)
    plan = bench.plan(*titles)
    # What arrives is another history than the plan has: only the source
    # can tell whose it is.
    send = Importer.from_wiki

    def late(importer: Importer, *args: Any, **kwargs: Any) -> Any:
        if titles[0] in args:
            bench.source.edit(titles[0], 'Newer than the plan.')
        return send(importer, *args, **kwargs)

    monkeypatch.setattr(Importer, 'from_wiki', late)
    with bench.box.source.broken(hits=_asks_for_a_history, forwards=False,
                                 times=ALWAYS):
        report = bench.apply(plan, journal)
    assert report.run
    assert [result.outcome for result in report.results] == [
        *[Outcome.IMPORTED] * 12, Outcome.UNCHANGED]
    assert 'could not be read back' in str(report.results[0].error)
    assert str(report.results[-1].error).startswith('not sent: ')
    assert not report.went_as_planned
    row = journal.page_rows(report.run)[0]
    assert (row.outcome, row.imported) == ('imported', 3)
    monkeypatch.setattr(Importer, 'from_wiki', send)
    # Connected anew: the edit is of the future to the old ones.
    monkeypatch.setattr(bench, 'wikis', transfer_of(bench.box))
    assert bench.apply(bench.plan(*titles), journal).went_as_planned
    for title in titles:
        assert bench.was_imported_once(title)


# Somebody else was there in the meantime

def test_page_made_since_the_plan_is_left_alone(bench: Bench,
                                                journal: Journal) -> None:
    (title, ) = bench.new_pages()
    plan = bench.plan(title)
    bench.target.edit(title, 'Our own page.')
    before = bench.target.history(title)
    (result, ) = bench.apply(plan, journal).results
    assert result.outcome is Outcome.REJECTED
    assert bench.sent(title) == 0
    assert bench.target.history(title) == before


def test_page_imported_since_the_plan_is_not_sent_again(
        bench: Bench, journal: Journal) -> None:
    (title, ) = bench.new_pages()
    plan = bench.plan(title)
    Importer(bench.wikis.target.site).from_wiki('en', title,
                                                full_history=True)
    (result, ) = bench.apply(plan, journal).results
    assert (result.outcome, result.imported) == (Outcome.VERIFIED, 0)
    assert bench.sent(title) == 1
    assert bench.was_imported_once(title)


@pytest.mark.mariadb
def test_import_of_somebody_else_is_not_taken_for_our_own(
        bench: Bench, journal: Journal) -> None:
    (title, ) = bench.new_pages()
    plan = bench.plan(title)

    def import_by_hand() -> None:
        bench.target.do('import', interwikisource='en',
                        interwikipage=title, fullhistory=1)

    with bench.box.target.broken(status=502, forwards=False,
                                 meanwhile=import_by_hand):
        (result, ) = bench.apply(plan, journal).results
    assert (result.outcome, result.imported) == (Outcome.FAILED, 0)
    assert 'somebody else was there' in str(result.error)
    assert (bench.sent(title), bench.reached(title)) == (1, 0)
    (entry, ) = bench.target.imports(title)
    assert entry['user'] == 'Admin'


def test_nothing_is_sent_when_the_lease_was_taken_over(
        bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / 'taken.sqlite'
    journal = Journal(str(path))
    titles = bench.new_pages(2)
    plan = bench.plan(*titles)

    def take_over() -> None:
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            connection.execute('UPDATE importbot_leases SET run = 4711')
            connection.commit()

    with bench.box.target.broken(status=502, forwards=False,
                                 meanwhile=take_over), \
            pytest.raises(LeaseHeldError, match='another bot took it over'):
        bench.apply(plan, journal)
    # Who took it over finds out what came of the first page.
    assert [row.outcome for row in journal.page_rows(1)] == [None, None]
    assert [pending.position for pending in journal.pending(1)] == [0]
    journal.close()
    assert [bench.sent(title) for title in titles] == [1, 0]
    assert [bench.reached(title) for title in titles] == [0, 0]


def test_simulation_sends_and_records_nothing(
        bench: Bench, journal: Journal) -> None:
    (title, ) = bench.new_pages()
    plan = bench.plan(title)
    report = apply_plan(plan, bench.wikis.target.site, journal,
                        transfer=bench.wikis, simulate=True)
    assert (report.run, report.results[0].outcome) == (None, None)
    assert bench.sent(title) == 0
    assert journal.page_rows(1) == []


# The bot is killed

def _looks_at_pages(exchange: Exchange) -> bool:
    return 'intestactions' in exchange.parameters


def _looks_before_it_sends(exchange: Exchange) -> bool:
    return 'curtimestamp' in exchange.parameters


def _sends(exchange: Exchange) -> bool:
    return exchange.is_import


def _reads_back(exchange: Exchange) -> bool:
    return exchange.parameters.get('letype') == 'import'


@pytest.mark.parametrize(('moment', 'page'), [
    (_looks_at_pages, 0), (_looks_before_it_sends, 0), (_sends, 0),
    pytest.param(_sends, 1, marks=pytest.mark.mariadb), (_reads_back, 0)])
def test_kill_loses_nothing(bench: Bench, page: int,
                            moment: Callable[[Exchange], bool]) -> None:
    # Killed as the bot does that for the first or second page.
    titles = bench.new_pages(2)
    before = bench.target.snapshot()
    passed = itertools.count()

    def hits(exchange: Exchange) -> bool:
        return moment(exchange) and next(passed) == page

    with bench.box.target.broken(hits=hits,
                                 meanwhile=lambda: process.kill()):
        process = bench.start(*titles)
        status, output = process.end()
    assert status == -signal.SIGKILL, output
    assert not process.report.exists()

    run, report = bench.run(*titles)
    assert run.status == 0, run.output
    assert all(page['outcome'] in ('verified', 'unchanged')
               for page in report['pages'])
    for title in titles:
        assert bench.reached(title) == 1
        assert bench.was_imported_once(title)
    after = bench.target.snapshot()
    assert after.keys() - before.keys() == set(titles)
    assert {title: after[title] for title in before} == before


@pytest.mark.parametrize('fault', [
    pytest.param({}, id='done'),
    pytest.param({'late': 1}, id='still at work',
                 marks=pytest.mark.mariadb),
    pytest.param({'forwards': False}, id='never arrived')])
def test_plan_older_than_the_kill_is_carried_out_once(
        bench: Bench, fault: dict[str, Any]) -> None:
    (title, ) = bench.new_pages()
    plan = bench.plan(title)
    with bench.box.target.broken(meanwhile=lambda: process.kill(), **fault):
        process = bench.start(title)
        status, output = process.end()
    assert status == -signal.SIGKILL, output
    journal = Journal(str(bench.journal))
    killed = lapsed_run(journal, plan.target.api)
    assert killed
    assert len(journal.pending(killed)) == 1
    report = bench.apply(plan, journal, limit=30 if 'late' in fault
                         else LIMIT)
    assert report.went_as_planned
    assert journal.pending(killed) == []
    row = journal.page_rows(killed)[0]
    if fault.get('forwards', True):
        assert row.sent
        assert (row.outcome, row.imported) == ('imported', 2)
    else:
        # Of which nothing arrived: it is as if it had not been sent.
        assert (row.sent, row.outcome, row.imported,
                row.error) == (None, None, 0, None)
    journal.close()
    assert bench.reached(title) == 1
    assert bench.was_imported_once(title)


@pytest.mark.parametrize(('fault', 'sent'), [
    pytest.param({}, 1, id='done'),
    pytest.param({'forwards': False}, 2, id='never arrived')])
def test_killed_run_is_gone_on_with(bench: Bench, fault: dict[str, Any],
                                    sent: int) -> None:
    title, other = bench.new_pages(2)
    with bench.box.target.broken(meanwhile=lambda: process.kill(), **fault):
        process = bench.start(title, other)
        status, output = process.end()
    assert status == -signal.SIGKILL, output
    run = bench.box.pwb('importpages', '-resume', '-always',
                        f'-serverlimit:{LIMIT}',
                        f'-report:{process.report}')
    assert run.status == 0, run.output
    assert {name: (page['outcome'], page['imported'])
            for name, page in process.pages().items()} == {
        title: ('verified', 2), other: ('verified', 2)}
    assert [bench.sent(title), bench.sent(other)] == [sent, 1]
    for page in (title, other):
        assert bench.reached(page) == 1
        assert bench.was_imported_once(page)


# The bot is interrupted

def test_interrupt_stops_behind_the_current_page(bench: Bench) -> None:
    titles = bench.new_pages(3)
    with bench.box.target.broken(meanwhile=lambda: process.interrupt(),
                                 cuts=False):
        process = bench.start(*titles)
        status, output = process.end()
    assert status == 130, output
    assert 'Stopping after this page' in output
    pages = process.pages()
    assert [pages[title]['outcome'] for title in titles] == [
        'verified', None, None]
    assert [bench.sent(title) for title in titles] == [1, 0, 0]

    run, report = bench.run(*titles)
    assert run.status == 0, run.output
    for title in titles:
        assert bench.sent(title) == 1
        assert bench.was_imported_once(title)


def test_second_interrupt_stops_at_once_and_loses_nothing(
        bench: Bench) -> None:
    titles = bench.new_pages(2)
    target = bench.box.target
    with target.broken(hits=_looks_before_it_sends, cuts=False,
                       meanwhile=lambda: process.interrupt()), \
            target.broken(meanwhile=lambda: process.interrupt(), silence=10):
        process = bench.start(*titles)
        status, output = process.end()
    assert status == 130, output
    pages = process.pages()
    assert [pages[title]['outcome'] for title in titles] == [
        'unknown', None]

    run, report = bench.run(*titles)
    assert run.status == 0, run.output
    for title in titles:
        assert bench.sent(title) == 1
        assert bench.was_imported_once(title)


# Two bots at once

def test_second_bot_is_told_of_the_first(bench: Bench) -> None:
    titles = bench.new_pages(2)
    seconds: list[tuple[Run, dict[str, Any]]] = []
    with bench.box.target.broken(
            meanwhile=lambda: seconds.append(bench.run(*titles)),
            cuts=False):
        status, output = bench.start(*titles).end()
    assert status == 0, output
    ((second, report), ) = seconds
    assert second.status == 1
    assert 'Another bot' in second.output
    for title in titles:
        assert bench.sent(title) == 1
        assert bench.was_imported_once(title)


@pytest.mark.mariadb
def test_two_bots_started_at_once_import_every_page_once(
        bench: Bench) -> None:
    titles = bench.new_pages(2)
    ends = [process.end() for process in
            [bench.start(*titles), bench.start(*titles)]]
    assert sorted(status for status, _ in ends) in ([0, 0], [0, 1]), ends
    for status, output in ends:
        assert ('Another bot' in output) == (status == 1), output
    for title in titles:
        assert bench.sent(title) == 1
        assert bench.was_imported_once(title)
