"""What breaks while pages are uploaded, before and behind the bot."""
from __future__ import annotations

from typing import Any

import pytest

from importbot import Importer, Journal, Policy
from importbot.applying.apply import ImportWork, apply_plan
from importbot.applying.resume import find_interrupted
from importbot.applying.run import Run
from importbot.applying.takeover import take_over
from importbot.model.decisions import Outcome
from importbot.model.plan import Plan
from importbot.model.report import Report
from importbot.planning.plan import plan_titles
from importbot.sources.transfer import Transfer
from tests.kit.histories import fill_source
from tests.kit.proxy import Exchange
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client, texts, transfer_of


pytestmark = pytest.mark.usefixtures('no_waiting_for_the_dead')

#: Seconds; the wikis here answer within one.
LIMIT = 1
ALWAYS = 10 ** 6
MANY = [(f'2015-01-01T00:{number // 60:02}:{number % 60:02}Z',
         f'Revision {number}. ' + 'y' * 900) for number in range(300)]
LOST: list[Any] = [
    pytest.param({}, id='reset'),
    pytest.param({'status': 502}, id='502'),
    pytest.param({'status': 504}, id='504'),
    pytest.param({'part': 10}, id='reset in the middle'),
    pytest.param({'status': 200}, id='HTML with status 200'),
    pytest.param({'status': 500, 'body': b''}, id='empty 500'),
]


class Bench:

    """Two wikis, connected in this process, and pages to upload."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.source: Client = box.on_source()
        self.target: Client = box.on_target()
        self._specimens = put_specimens(box, 120)
        fill_source(box, ((f'Many {number}', MANY) for number in range(20)))
        self._long = iter(range(20))
        self.wikis: Transfer = transfer_of(box)

    def new_pages(self, count: int = 3) -> list[str]:
        """Return pages of the source, two revisions, not used yet."""
        return [next(self._specimens) for _ in range(count)]

    def new_long_page(self) -> str:
        """Return a page of 300 revisions, not used yet."""
        return f'Many {next(self._long)}'

    def plan(self, *titles: str, via: str = 'upload') -> Plan:
        found = [self.wikis.source_info.title(title) for title in titles]
        return plan_titles(
            self.wikis.under(Policy(templates='none', via=via)),
            [title for title in found if title])

    def apply(self, plan: Plan, journal: Journal,
              limit: float = LIMIT) -> Report:
        return apply_plan(plan, self.wikis.target.site, journal,
                          transfer=self.wikis, server_limit=limit)

    def posts(self) -> tuple[int, int]:
        """Return how many imports were sent, and how many arrived."""
        return (len(self.box.target.imports),
                len(self.box.target.imports_done))

    def assert_imported_once(self, title: str, calls: int = 1) -> None:
        """Check that all of a page is there, and nothing of it twice."""
        theirs, ours = self.source.history(title), self.target.history(title)
        assert texts(theirs) <= texts(ours)
        assert len(ours) == len(theirs) + calls
        assert len(self.target.imports(title)) == calls
        assert self.source.text(title) == self.target.text(title)


@pytest.fixture(scope='module')
def bench(box: Box) -> Bench:
    return Bench(box)


# Between bot and target

@pytest.mark.parametrize('fault', LOST)
def test_lost_answer_of_a_done_upload_is_found_in_the_log(
        bench: Bench, journal: Journal, fault: dict[str, Any]) -> None:
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
        bench: Bench, journal: Journal, fault: dict[str, Any],
        via: str) -> None:
    title = bench.new_long_page()
    plan = bench.plan(title, via=via)
    with bench.box.target.broken(**fault):
        report = bench.apply(plan, journal)
    assert report.went_as_planned, report.results
    bench.assert_imported_once(title, 2 if via == 'interwiki' else 1)


def test_silence_is_cut_short_and_looked_into(bench: Bench,
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


def test_wiki_still_at_work_is_waited_for(bench: Bench,
                                          journal: Journal) -> None:
    titles = bench.new_pages()
    plan = bench.plan(*titles)
    with bench.box.target.broken(status=504, late=1):
        report = bench.apply(plan, journal, limit=30)
    assert report.went_as_planned, report.results
    for title in titles:
        bench.assert_imported_once(title)


@pytest.mark.parametrize('fault', LOST[:2])
def test_upload_that_never_arrived_is_sent_page_by_page(
        bench: Bench, journal: Journal, fault: dict[str, Any]) -> None:
    titles = bench.new_pages()
    plan, before = bench.plan(*titles), bench.posts()
    with bench.box.target.broken(forwards=False, **fault):
        report = bench.apply(plan, journal)
    assert report.went_as_planned, report.results
    assert bench.posts() == (before[0] + 4, before[1] + 3)
    for title in titles:
        bench.assert_imported_once(title)


def test_twice_without_an_answer_is_failed(bench: Bench,
                                           journal: Journal) -> None:
    titles = bench.new_pages(2)
    plan = bench.plan(*titles)
    with bench.box.target.broken(forwards=False, status=502, times=2):
        report = bench.apply(plan, journal)
    first, second = report.results
    assert first.outcome is Outcome.FAILED
    assert 'twice no answer' in str(first.error)
    assert second.outcome is Outcome.VERIFIED
    assert bench.target.imports(titles[0]) == []


def test_page_made_in_the_meantime_is_left_alone(bench: Bench,
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
        bench: Bench, journal: Journal, fault: dict[str, Any]) -> None:
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
        bench: Bench, journal: Journal, fault: dict[str, Any]) -> None:
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


def test_what_arrived_before_a_refusal_is_kept_and_the_rest_resumed(
        bench: Bench, journal: Journal) -> None:
    titles = [*bench.new_pages(1), bench.new_long_page(), *bench.new_pages(1)]
    bench.wikis.upload_size.guess = 120_000
    try:
        plan = bench.plan(*titles)
        journal.remember_upload_size(plan.target.api,
                                     bench.wikis.upload_size)
        sent = iter(range(10))
        with bench.box.target.broken(
                hits=lambda exchange: exchange.is_import and next(sent) == 2,
                status=200, body=READ_ONLY, forwards=False):
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
