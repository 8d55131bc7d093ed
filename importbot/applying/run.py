"""One run of a plan: its lease, its record and its end.

Imports and undos differ in what is done with a page; the rest is here.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Generic, Protocol, TypeVar

from importbot.journal.changes import Change, record, record_arrival
from importbot.journal.journal import Journal
from importbot.journal.leases import Lease, acquire
from importbot.model.change_plan import ChangedPage, ChangePlan
from importbot.model.decisions import Outcome
from importbot.model.errors import ImportbotError
from importbot.model.plan import PlannedPage
from importbot.model.problems import Problem
from importbot.model.report import PageResult, unexpected
from importbot.model.revisions import Revision


__all__ = ('Places', 'Run', 'Work', 'Worker')

#: Places of pages in the plan that are treated together.
Places = Sequence[int]

PlanT = TypeVar('PlanT', bound=ChangePlan)


class Worker(Protocol):

    """What treats the pages of a run that has begun."""

    def batches(self) -> Iterator[Places]:
        """Yield what is left of the plan, in order."""

    def treat(self, batch: Places) -> Mapping[int, PageResult]:
        """Do what is planned for some pages; return what came of them."""

    def end(self, *, is_finished: bool) -> None:
        """Write down what the run learned besides."""


class Work(Protocol[PlanT]):

    """What a run has to do, before it begins."""

    @property
    def plan(self) -> PlanT:
        """What is to happen."""

    @property
    def results(self) -> Sequence[PageResult]:
        """What came of the pages before, if the run is resumed."""

    @property
    def resumes(self) -> int | None:
        """The run that is resumed, None for a new one."""

    def settle(self, journal: Journal) -> None:
        """See what a run left that died under the lease of the target.

        :raises LeaseHeldError: it is alive, or nobody can tell
        """

    def begin(self, journal: Journal) -> int:
        """Write the decisions down; return the number of the run."""

    def worker(self, run: Run[PlanT]) -> Worker:
        """Return what treats the pages."""


class Run(Generic[PlanT]):

    """One run of a plan: a context that holds the lease of the target.

    :param work: what is to be done
    :param journal: where decisions and outcomes are recorded
    :param simulate: whether nothing is sent or recorded
    :ivar plan: what is to happen, and what came besides
    :ivar results: what became of the pages, in the order of the plan; no
        outcome where the run did not get there
    :ivar number: of the run in the journal, None if there is none
    :ivar obstacle: why nothing more can be sent, None if it can
    :ivar was_misled: whether the source sent what nobody asked for
    """

    def __init__(self, work: Work[PlanT], journal: Journal, *,
                 simulate: bool = False) -> None:
        self.plan = work.plan
        self.results = list(work.results)
        self.number: int | None = None
        self.obstacle: Problem | None = None
        self.was_misled = False
        self.journal = journal
        self._work = work
        self._is_simulated = simulate
        self._begun: tuple[Lease, Worker] | None = None

    def __enter__(self) -> Run[PlanT]:
        """Write the decisions down and take the lease.

        :raises LeaseHeldError: another bot imports into the target now, or
            nobody has found out yet what came of one that died
        """
        if self._is_simulated:
            return self
        self.number = self._work.resumes
        if self.number is None:
            self._work.settle(self.journal)
            self.number = self._work.begin(self.journal)
        else:
            self.journal.go_on(self.number)
        try:
            lease = acquire(self.journal, self.plan.target.api, self.number)
        except ImportbotError:
            self.journal.end_run(self.number, 'interrupted')
            raise
        self._begun = lease, self._work.worker(self)
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        """Give the lease back, unless something is without an outcome.

        Then the next run has to find out first what came of it.
        """
        if self._begun is None:
            return
        (lease, worker), number = self._begun, self._number
        pending = self.journal.pending(number)
        # Nothing is to be resumed that a source did that cannot be trusted.
        is_finished = not pending and (
            self.was_misled or not self.obstacle and all(
                result.outcome not in (None, Outcome.UNKNOWN)
                for result in self.results))
        self.journal.end_run(
            number, 'finished' if is_finished else 'interrupted')
        worker.end(is_finished=is_finished)
        if pending:
            lease.abandon()
        else:
            lease.release()

    @property
    def _number(self) -> int:
        assert self.number is not None, 'the run has begun'
        return self.number

    @property
    def went_as_planned(self) -> bool:
        """Whether nothing that was planned is missing or differs."""
        return not unexpected(self.plan, self.results)

    def batches(self) -> Iterator[Places]:
        """Yield the pages that are to be treated, in order.

        Nothing is when it is simulated, or was done before.
        """
        if self._begun:
            yield from self._begun[1].batches()

    def apply(self, batch: Places) -> list[PageResult]:
        """Carry out a batch and record what came of it.

        :param batch: of :meth:`batches`
        :return: what came of its pages
        """
        assert self._begun, 'the run has begun'
        results = self._begun[1].treat(batch)
        for place, result in results.items():
            self.results[place] = result
        self.record(results)
        return [self.results[place] for place in batch]

    def apply_all(self) -> None:
        """Carry out all that is left."""
        for batch in self.batches():
            self.apply(batch)

    # What a worker says

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

    def heartbeat(self) -> None:
        """Show that this run is alive.

        :raises LeaseHeldError: its lease lapsed and was taken over
        """
        assert self._begun, 'the run has begun'
        self._begun[0].heartbeat()

    def sending(self, revisions_before: Mapping[int, int],
                when: str) -> None:
        """Write down that some pages are about to be sent.

        :param revisions_before: the target's newest revisions, 0 for none,
            by place of the pages
        :param when: time of the target, ISO 8601
        :raises LeaseHeldError: the lease lapsed and was taken over
        """
        self.heartbeat()
        self.journal.sending(self._number, revisions_before, when)

    def unsent(self, places: Iterable[int]) -> None:
        """Write down that nothing came of what was sent of some pages."""
        for place in places:
            self.journal.unsent(self._number, place)

    def record(self, results: Mapping[int, PageResult]) -> None:
        """Write down what became of some pages, by their places."""
        self.journal.outcomes(self._number, results)

    def add_page(self, page: PlannedPage, result: PageResult) -> None:
        """Write down a page that came without having been planned.

        :param page: as the last page of the plan
        """
        place = len(self.results)
        # What iterates over the pages of the plan goes on with those.
        self.results = [*self.results, result]
        self.journal.add_page(self._number, place, page)
        self.record({place: result})

    def changed(self, change: Change) -> None:
        """Write down what was done to a page for an undo."""
        record(self.journal, self._number, change)

    def arrived(self, change: Change, history: Sequence[Revision]) -> None:
        """Write down what came of a page for an undo.

        :param history: of the page on the target
        """
        record_arrival(self.journal, self._number, change, history)
