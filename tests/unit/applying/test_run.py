"""A run of any plan: begun, recorded and ended, however it ends."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import pytest

from importbot.applying.run import BareRun, Places, Run
from importbot.journal.journal import Journal
from importbot.journal.leases import acquire, lapsed_run
from importbot.journal.queries import RunLog
from importbot.journal.records import RunFilter
from importbot.journal.reports import recorded_report
from importbot.model.decisions import Outcome
from importbot.model.errors import LeaseHeldError
from importbot.model.plan import Plan
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from tests.kit.journals import PLAN, TARGET
from tests.kit.plans import titled


DONE = PageResult(Outcome.VERIFIED, 2)


@dataclass
class Worker:

    """Does to each page what it is told."""

    run: BareRun[Plan]
    does: Callable[[BareRun[Plan]], PageResult]
    ended: list[bool]

    def batches(self) -> Iterator[Places]:
        yield from ((place, ) for place in range(len(self.run.plan.pages)))

    def treat(self, batch: Places) -> Mapping[int, PageResult]:
        results = {place: self.run.before(self.run.plan.pages[place])
                   for place in batch}
        return {place: result if result.outcome else self.does(self.run)
                for place, result in results.items()}

    def end(self, *, is_finished: bool) -> None:
        self.ended.append(is_finished)


@dataclass
class Work:

    """A plan of which one page is to be imported."""

    does: Callable[[BareRun[Plan]], PageResult] = lambda run: DONE
    plan: Plan = PLAN
    resumes: int | None = None
    settled: int = 0
    ended: list[bool] = field(default_factory=list)

    @property
    def results(self) -> list[PageResult]:
        return [PageResult()] * len(self.plan.pages)

    def settle(self, journal: Journal) -> None:
        self.settled += 1

    def worker(self, run: BareRun[Plan]) -> Worker:
        return Worker(run, self.does, self.ended)


def state(journal: Journal, run: int | None) -> str:
    assert run is not None
    return RunLog(journal).run(run).summary.state


def outcomes(journal: Journal, run: int | None) -> list[str | None]:
    assert run is not None
    return [result.outcome and result.outcome.value
            for result in recorded_report(journal, run).results]


def test_run_is_recorded_and_ended(journal: Journal) -> None:
    work = Work()
    with Run(work, journal) as run:
        assert state(journal, run.number) == 'running'
        with pytest.raises(LeaseHeldError):
            acquire(journal, TARGET, journal.begin_run(PLAN))
        run.apply_all()
    assert run.went_as_planned
    assert state(journal, run.number) == 'finished'
    assert outcomes(journal, run.number) == ['verified', 'unchanged']
    assert (work.settled, work.ended) == (1, [True])
    assert lapsed_run(journal, TARGET) is None


def test_simulation_does_and_records_nothing(journal: Journal) -> None:
    work = Work()
    with Run(work, journal, simulate=True) as run:
        run.apply_all()
    assert run.number is None
    assert run.results == [PageResult(), PageResult()]
    assert (work.settled, work.ended) == (0, [])
    assert RunLog(journal).runs(RunFilter(), 9).runs == ()


def test_what_is_in_the_way_stops_the_run(journal: Journal) -> None:
    def meets(run: BareRun[Plan]) -> PageResult:
        run.obstacle = Problem.quoted('the wiki is closed')
        return PageResult(Outcome.FAILED, error=run.obstacle)

    needed, wanted = PLAN.pages
    work = Work(meets, replace(PLAN, pages=(
        needed, replace(needed, title=titled('Next')), wanted)))
    with Run(work, journal) as run:
        run.apply_all()
    assert [result.outcome for result in run.results] == [
        Outcome.FAILED, Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert 'the wiki is closed' in str(run.results[1].error)
    assert run.results[2].error is None
    assert not run.went_as_planned
    assert state(journal, run.number) == 'interrupted'
    assert work.ended == [False]


def test_cut_run_is_interrupted_and_resumed(journal: Journal) -> None:
    def cut(run: BareRun[Plan]) -> PageResult:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Run(Work(cut), journal) as run:
        run.apply_all()
    assert state(journal, run.number) == 'interrupted'
    again = Work(resumes=run.number)
    with Run(again, journal) as resumed:
        assert state(journal, run.number) == 'running'
        resumed.apply_all()
    assert (resumed.number, again.settled) == (run.number, 0)
    assert state(journal, run.number) == 'finished'


def test_lease_is_left_where_nobody_knows_what_came(
        journal: Journal) -> None:
    def sends(run: BareRun[Plan]) -> PageResult:
        assert isinstance(run, Run)
        run.sending({0: 5}, '2026-10-10T10:10:10Z')
        return PageResult(Outcome.UNKNOWN)

    with Run(Work(sends), journal) as run:
        run.apply_all()
    assert state(journal, run.number) == 'interrupted'
    assert lapsed_run(journal, TARGET) == run.number


def test_run_that_may_not_begin_is_ended(journal: Journal) -> None:
    acquire(journal, TARGET, journal.begin_run(PLAN))
    run = Run(Work(), journal)
    with pytest.raises(LeaseHeldError), run:
        raise AssertionError('it may not begin')
    assert state(journal, run.number) == 'interrupted'


def test_bare_run_needs_no_journal() -> None:
    work = Work()
    with BareRun(work) as run:
        run.apply_all()
    assert run.went_as_planned
    assert (run.number, work.settled, work.ended) == (None, 0, [True])
