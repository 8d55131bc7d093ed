"""One run of a plan: its lease, its record and its end.

Imports, undos and installations differ in what is done with a page; the
rest is here.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Generic, Protocol, TypeVar

from pywikibot.site import APISite

from importbot.journal.changes import Change, record, record_arrivals
from importbot.journal.journal import Journal
from importbot.journal.leases import Lease, acquire
from importbot.model.change_plan import ChangedPage, ChangePlan
from importbot.model.decisions import Outcome
from importbot.model.errors import ImportbotError, UsageError
from importbot.model.plan import Endpoint, PlannedPage
from importbot.model.problems import Problem
from importbot.model.progress import Progress, untold
from importbot.model.report import PageResult, unexpected
from importbot.model.revisions import Revision
from importbot.wikis.network import WritePermission, writing_while
from importbot.wikis.waiting import alive
from importbot.wikis.wiki import Wiki


__all__ = ('BareRun', 'Places', 'PlanT', 'RecordedWork', 'Run', 'Work',
           'Worker', 'check_target')

#: Places of pages in the plan that are treated together.
Places = Sequence[int]

PlanT = TypeVar('PlanT', bound=ChangePlan)
_PlanT = TypeVar('_PlanT', bound=ChangePlan, covariant=True)
_RunT = TypeVar('_RunT', bound='BareRun[Any]')


def check_target(planned: Endpoint, site: APISite) -> None:
    """See that a plan is carried out where it was made for.

    :param planned: the target of the plan
    :param site: the wiki that is to be written to
    :raises UsageError: it is another one
    """
    api = Wiki(site).api
    if api != planned.api:
        raise UsageError(Problem('plan-of-other-target', api=planned.api,
                                 target=api))


class Worker(Protocol):

    """What treats the pages of a run that has begun."""

    def batches(self) -> Iterator[Places]:
        """Yield what is left of the plan, in order."""

    def treat(self, batch: Places) -> Mapping[int, PageResult]:
        """Do what is planned for some pages; return what came of them."""

    def end(self, *, is_finished: bool) -> None:
        """Write down what the run learned besides."""


class Work(Protocol[_PlanT]):

    """What a run has to do, before it begins."""

    @property
    def plan(self) -> _PlanT:
        """What is to happen."""

    @property
    def results(self) -> Sequence[PageResult]:
        """What came of the pages before, if the run is resumed."""

    def worker(self, run: Any) -> Worker:
        """Return what treats the pages of a run that begins."""


class RecordedWork(Work[_PlanT], Protocol[_PlanT]):

    """What a run has to do of which the journal knows."""

    @property
    def resumes(self) -> int | None:
        """The run that is resumed, None for a new one."""

    def settle(self, journal: Journal) -> None:
        """See what a run left that died under the lease of the target.

        :raises LeaseHeldError: it is alive, or nobody can tell
        """


class BareRun(Generic[PlanT]):

    """A plan that is carried out: a context.

    :param work: what is to be done
    :param simulate: whether nothing is sent or recorded
    :ivar plan: what is to happen, and what came besides
    :ivar results: what became of the pages, in the order of the plan; no
        outcome where the run did not get there
    :ivar obstacle: why nothing more can be sent, None if it can
    :ivar is_stopped: whether somebody wants no more pages; asked before
        each call of a batch but the first
    :ivar number: of the run in the journal, None if there is none
    """

    def __init__(self, work: Work[PlanT], *, simulate: bool = False) -> None:
        self.plan = work.plan
        self.results = list(work.results)
        self.number: int | None = None
        self.obstacle: Problem | None = None
        self.is_stopped: Callable[[], bool] = lambda: False
        self._is_simulated = simulate
        self._make_worker = work.worker
        self._worker: Worker | None = None

    def __enter__(self: _RunT) -> _RunT:
        """Begin, unless it is simulated."""
        if not self._is_simulated:
            worker = self._make_worker(self)
            self._begin()
            self._worker = worker
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        """End, whatever happened."""
        if self._worker is not None:
            self._end(self._worker)

    def _begin(self) -> None:
        """Do what comes before the pages."""

    def _end(self, worker: Worker) -> None:
        """Do what comes after the pages."""
        worker.end(is_finished=self._is_settled)

    @property
    def _is_settled(self) -> bool:
        """Whether nothing of it is left to be done or found out."""
        return not self.obstacle and all(
            result.outcome not in (None, Outcome.UNKNOWN)
            for result in self.results)

    @property
    def is_done(self) -> bool:
        """Whether it got to all of its pages."""
        return all(result.outcome is not None for result in self.results)

    @property
    def went_as_planned(self) -> bool:
        """Whether nothing that was planned is missing or differs."""
        return not unexpected(self.plan, self.results)

    def batches(self) -> Iterator[Places]:
        """Yield the pages that are to be treated, in order.

        Nothing is when it is simulated, or was done before.
        """
        if self._worker is not None:
            yield from self._worker.batches()

    def apply(self, batch: Places) -> list[PageResult]:
        """Carry out a batch and record what came of it.

        :param batch: of :meth:`batches`
        :return: what came of its pages; no outcome where it was stopped
            before one
        """
        assert self._worker is not None, 'the run has begun'
        results = self._worker.treat(batch)
        for place, result in results.items():
            self.results[place] = result
        self.record(results)
        return [self.results[place] for place in batch]

    def apply_all(self, progress: Progress = untold) -> None:
        """Carry out all that is left.

        :param progress: told the last title, and of how many pages it is
            known what came of them
        """
        for batch in self.batches():
            self.apply(batch)
            known = sum(result.outcome is not None for result in self.results)
            progress(str(self.plan.pages[batch[-1]].title), known,
                     len(self.plan.pages))

    def before(self, page: ChangedPage) -> PageResult:
        """Return the result of a page that nothing is sent for.

        :param page: of the plan
        :return: no outcome if its steps can be carried out
        """
        if not page.steps:
            return PageResult(Outcome.UNCHANGED)
        if self.obstacle:
            return PageResult(Outcome.UNCHANGED,
                              error=Problem('not-sent',
                                            problem=self.obstacle))
        return PageResult()

    def record(self, results: Mapping[int, PageResult]) -> None:
        """Write down what became of some pages, by their places."""


class Run(BareRun[PlanT]):

    """One run of a plan: a context that holds the lease of the target.

    :param work: what is to be done
    :param journal: where decisions and outcomes are recorded
    :param simulate: whether nothing is sent or recorded
    :ivar was_misled: whether the source sent what nobody asked for
    """

    def __init__(self, work: RecordedWork[PlanT], journal: Journal, *,
                 simulate: bool = False) -> None:
        super().__init__(work, simulate=simulate)
        self.was_misled = False
        self.journal = journal
        self._work = work
        self._lease: Lease | None = None
        self._permission: WritePermission | None = None

    def _begin(self) -> None:
        """Write the decisions down and take the lease.

        :raises LeaseHeldError: another bot imports into the target now, or
            nobody has found out yet what came of one that died
        """
        self.number = self._work.resumes
        if self.number is None:
            self._work.settle(self.journal)
            self.number = self.journal.begin_run(self.plan)
        else:
            self.journal.go_on(self.number)
        try:
            self._lease = acquire(self.journal, self.plan.target.api,
                                  self.number)
        except ImportbotError:
            self.journal.end_run(self.number, 'interrupted')
            raise

    def apply(self, batch: Places) -> list[PageResult]:
        """Carry out a batch and record what came of it.

        :param batch: of :meth:`batches`
        :return: what came of its pages
        :raises LeaseHeldError: the lease lapsed and was taken over; nothing
            more was sent or recorded
        """
        with writing_while(self._held.heartbeat) as self._permission, \
                alive(self.heartbeat):
            return super().apply(batch)

    def _end(self, worker: Worker) -> None:
        """Give the lease back, unless something is without an outcome.

        Then the next run has to find out first what came of it. Who took
        the lease over has found out already, and the run is theirs.

        :raises LeaseHeldError: somebody did
        """
        self._held.heartbeat()
        pending = self.journal.pending(self._number)
        # Nothing is to be resumed that a source did that cannot be trusted.
        is_finished = not pending and (self.was_misled or self._is_settled)
        self.journal.end_run(
            self._number, 'finished' if is_finished else 'interrupted')
        worker.end(is_finished=is_finished)
        if pending:
            self._held.abandon()
        else:
            self._held.release()

    @property
    def _number(self) -> int:
        assert self.number is not None, 'the run has begun'
        return self.number

    @property
    def _held(self) -> Lease:
        assert self._lease is not None, 'the run has begun'
        return self._lease

    # What a worker says

    def heartbeat(self) -> None:
        """Show that this run is alive.

        :raises WritingEndedError: its lease lapsed and was taken over
        """
        self._leave.renew()

    @property
    def _leave(self) -> WritePermission:
        assert self._permission is not None, 'a batch is carried out'
        return self._permission

    def sending(self, revisions_before: Mapping[int, int],
                when: str) -> None:
        """Write down that some pages are about to be sent.

        :param revisions_before: the target's newest revisions, 0 for none,
            by place of the pages
        :param when: time of the target, ISO 8601
        :raises WritingEndedError: the lease lapsed and was taken over
        """
        self.heartbeat()
        self.journal.sending(self._number, revisions_before, when)

    def unsent(self, places: Iterable[int]) -> None:
        """Write down that nothing came of what was sent of some pages."""
        self._leave.keep()
        for place in places:
            self.journal.unsent(self._number, place)

    def record(self, results: Mapping[int, PageResult]) -> None:
        """Write down what became of some pages, by their places."""
        self._leave.keep()
        self.journal.outcomes(self._number, results)

    def add_page(self, page: PlannedPage, result: PageResult) -> None:
        """Write down a page that came without having been planned.

        :param page: as the last page of the plan
        """
        self._leave.keep()
        place = len(self.results)
        # What iterates over the pages of the plan goes on with those.
        self.results = [*self.results, result]
        self.journal.add_page(self._number, place, page)
        self.record({place: result})

    def changed(self, change: Change) -> None:
        """Write down what was done to a page for an undo."""
        self._leave.keep()
        record(self.journal, self._number, change)

    def arrived(self, arrivals: Iterable[
            tuple[Change, Sequence[Revision]]]) -> None:
        """Write down what came of pages for an undo.

        :param arrivals: changes with the histories of the pages on the
            target
        """
        self._leave.keep()
        record_arrivals(self.journal, self._number, arrivals)
