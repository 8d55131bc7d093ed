"""The bot of all commands that change a wiki by a plan.

It plans, shows the plan, asks once, applies it page by page and reports;
Ctrl-C ends it between two pages. What kind of plan that is, its subclasses
say. Several plans are shown and asked about together, and carried out one
after another.
"""
from __future__ import annotations

import signal
import sys
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Generic, Protocol, TypeVar

import pywikibot
from pywikibot.bot import BaseBot

from importbot.applying.run import BareRun, Places
from importbot.commands.exit_status import (
    FAILED,
    INTERRUPTED,
    WORK_TO_DO,
    worst,
)
from importbot.commands.overviews import is_verbose, tell_line
from importbot.commands.prompt import Look, confirmed
from importbot.model.change_plan import ChangedPage, ChangePlan
from importbot.model.decisions import Outcome
from importbot.model.errors import UsageError
from importbot.model.printable import printable
from importbot.model.report import PageResult
from importbot.reports.terminal.progress import ProgressBar
from importbot.reports.terminal.remedies import with_remedy
from importbot.wikis.waiting import hasten, unhastened


__all__ = ('ChangeBot', 'Prepared', 'Sentences')


#: Pages with the same error that get a line each.
_SAME = 3


class Prepared(Protocol):

    """A plan with what it was made of."""

    @property
    def plan(self) -> ChangePlan:
        """What is to happen."""


PreparedT = TypeVar('PreparedT', bound=Prepared)


@dataclass(frozen=True)
class Sentences:

    """What a command says of its kind of change.

    :param question: asked once before anything is done
    :param unasked: said when nobody is there to answer
    :param refused: said when the answer is no
    :param doing: what the progress bar begins with
    """

    question: str
    unasked: str
    refused: str
    doing: str


class ChangeBot(BaseBot, ABC, Generic[PreparedT]):

    """Plans a change, shows it, asks, applies it and reports.

    :param options: as on the command line
    :ivar interrupted: whether it did not come to its end
    :ivar simulates: whether nothing is to be written
    :ivar left_out: whether something was asked for that is in no plan
    :ivar changes: what is planned, in the order in which it is carried out
    :ivar contexts: what planning has taken, given back at the end
    """

    sentences: Sentences

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.treat_page_type = tuple
        self.interrupted = False
        self.simulates = bool(pywikibot.config.simulate)
        self.left_out = False
        self.changes: Sequence[PreparedT] = ()
        self.contexts = ExitStack()
        self.bar = ProgressBar(tells=True)
        #: Those that began; as many of them have ended.
        self._runs: list[BareRun[Any]] = []
        self._ended = 0
        self._running = ExitStack()
        self._done = 0

    # What a kind of change is

    @abstractmethod
    def prepare(self) -> Sequence[PreparedT]:
        """Make the plans; return none if the command line is no use."""

    @abstractmethod
    def show_plan(self, prepared: PreparedT) -> None:
        """Print what a person should know of a plan."""

    def show_plans(self) -> None:
        """Print what a person should know of all plans."""
        for prepared in self.changes:
            self.show_plan(prepared)

    def write_plan(self, prepared: PreparedT, file: Path) -> None:
        """Write a plan into a file."""

    def asked_more(self, prepared: PreparedT) -> PreparedT:
        """Ask about single pages; return what is planned then."""
        return prepared

    @abstractmethod
    def run_of(self, prepared: PreparedT) -> BareRun[Any]:
        """Return the run that is to carry a plan out."""

    @abstractmethod
    def page_done(self, page: Any, result: PageResult) -> None:
        """Print what became of a page."""

    @abstractmethod
    def report(self, prepared: PreparedT, run: BareRun[Any]) -> None:
        """Print what became of a run, and write it where that is asked for.

        :param run: that has ended
        """

    def end(self, runs: Sequence[BareRun[Any]]) -> None:
        """Write what is written once of all runs.

        :param runs: that have ended
        """

    def report_simulation(self, prepared: PreparedT) -> None:
        """Write the report of a run that does nothing."""

    @abstractmethod
    def status(self, prepared: PreparedT) -> int:
        """Return the exit status that a plan alone leads to."""

    def simulated_status(self, prepared: PreparedT) -> int:
        """Return the exit status of a simulation."""
        return self.status(prepared)

    def is_idle(self, prepared: PreparedT) -> bool:
        """Say that there is nothing to do, if a run is of no use then."""
        return False

    def looks(self) -> Sequence[Look]:
        """Return what may be looked at before the question is answered."""
        return ()

    def before_runs(self) -> None:
        """Read what is known only before anything is done."""

    def is_told(self, page: ChangedPage, result: PageResult) -> bool:
        """Return whether a page gets a line while the run goes on."""
        return is_verbose() or result.outcome is not (
            Outcome.VERIFIED if page.steps else Outcome.UNCHANGED)

    def leave_out(self) -> None:
        """Say what is not written, because nothing was done."""

    def goes_on(self, prepared: PreparedT) -> str:
        """Return what goes on with a run that was interrupted."""
        return 'The same command goes on where it stopped.'

    def not_begun(self, changes: Sequence[PreparedT]) -> None:
        """Say which plans were not begun.

        :param changes: those that were to follow when it was stopped
        """

    # The one way of all

    def carry_out(self) -> int:
        """Do what the command line asks for; return the exit status.

        :raises ImportbotError: it cannot be done
        """
        with self.contexts:
            self.changes = self.prepare()
            if not self.changes:
                return FAILED
            status = self._carried_out()
            if not self.left_out:
                return status
            pywikibot.warning('Not all that was asked for is in a plan; see '
                              'above what is left out.')
            return worst([status, FAILED])

    def _carried_out(self) -> int:
        self.show_plans()
        if self.opt.get('plan'):
            return self._planned()
        if self.simulates:
            return self._simulated()
        self.changes = [self.asked_more(prepared)
                        for prepared in self.changes]
        idle = [prepared for prepared in self.changes
                if self.is_idle(prepared)]
        if len(idle) == len(self.changes):
            return worst(map(self.status, self.changes))
        if not self._confirmed():
            pywikibot.info(self.sentences.refused)
            self.leave_out()
            return 0
        return self._applied()

    def _planned(self) -> int:
        """Write the plans down, and leave it at that."""
        for prepared in self.changes:
            if self.opt.plan is not True:
                self.write_plan(prepared, Path(self.opt.plan))
        self.leave_out()
        return worst(WORK_TO_DO if prepared.plan.has_work
                     else self.status(prepared) for prepared in self.changes)

    def _simulated(self) -> int:
        """Report what was not done."""
        for prepared in self.changes:
            self.report_simulation(prepared)
        pywikibot.info('Simulation: nothing was written.')
        self.leave_out()
        return worst(map(self.simulated_status, self.changes))

    def _confirmed(self) -> bool:
        """Ask once, unless there is nothing to ask.

        :raises UsageError: nobody is there to answer
        """
        if self.opt.always or not any(prepared.plan.has_work
                                      for prepared in self.changes):
            return True
        if not sys.stdin.isatty():
            raise UsageError(self.sentences.unasked)
        return confirmed(self.sentences.question, self.looks())

    def _applied(self) -> int:
        """Carry the plans out, and tell what became of them.

        :raises ImportbotError: one could not be carried out; those before
            it are reported
        """
        self.before_runs()
        try:
            self.run()
            self._ended = len(self._runs)
        finally:
            begun = list(zip(self.changes, self._runs[:self._ended],
                             strict=False))
            for prepared, run in begun:
                self._tell_end(prepared, run)
            if begun:
                self.end([run for _prepared, run in begun])
            if len(self._runs) < len(self.changes):
                self.not_begun(self.changes[len(self._runs):])
        if self.interrupted:
            prepared, run = begun[-1]
            if prepared is self.changes[-1] or not run.is_done:
                pywikibot.info(self.goes_on(prepared))
            return INTERRUPTED
        return worst(self.status(prepared) if run.went_as_planned else FAILED
                     for prepared, run in begun)

    def _tell_end(self, prepared: PreparedT, run: BareRun[Any]) -> None:
        """Tell what became of a run that has ended."""
        self.report(prepared, run)
        if run.obstacle:
            pywikibot.warning(printable(
                f'The run stopped: {with_remedy(run.obstacle)}'))

    # As pywikibot's bots go through their pages

    def run(self) -> None:
        """Treat everything; a first Ctrl-C stops after the current page.
        """
        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.interrupted = True
            signal.signal(signal.SIGINT, before)
            hasten()
            pywikibot.info('\nStopping after this page; Ctrl-C again stops '
                           'at once.')

        before = signal.signal(signal.SIGINT, stop)
        try:
            super().run()
        finally:
            signal.signal(signal.SIGINT, before)
            unhastened()
        self.interrupted |= not self.generator_completed

    def setup(self) -> None:
        """Begin the first run."""
        self._begin(self.changes[0])
        self.generator = self._batches()

    def _begin(self, prepared: PreparedT) -> None:
        run = self.run_of(prepared)
        self._running.enter_context(run)
        self._runs.append(run)
        run.is_stopped = lambda: self.interrupted
        self.bar.show(self.sentences.doing, self._done, self._total)
        self._running.enter_context(self.bar)

    def _batches(self) -> Iterator[Places]:
        """Yield the batches of all plans, each while its run goes on."""
        yield from self._runs[0].batches()
        for prepared in self.changes[1:]:
            self._running.close()
            self._ended = len(self._runs)
            if self.interrupted:
                return
            self._begin(prepared)
            yield from self._runs[-1].batches()

    @property
    def _total(self) -> int:
        """How many pages all plans do something with."""
        return sum(bool(page.steps) for plan in (
            *(run.plan for run in self._runs),
            *(prepared.plan for prepared in self.changes[len(self._runs):]))
            for page in plan.pages)

    def treat(self, batch: Places) -> None:
        """Carry out one batch of the plan."""
        if self.interrupted:
            self.quit()
        run = self._runs[-1]
        pages: Sequence[ChangedPage] = [
            run.plan.pages[place] for place in batch]
        working = [str(page.title) for page in pages if page.steps]
        if working:
            self.bar.show(self.sentences.doing, self._done, self._total,
                          working)
        results = run.apply(batch)
        self._done += len(working)
        # Those without an outcome it was stopped before.
        told = [(page, result) for page, result
                in zip(pages, results, strict=True)
                if result.outcome is not None and self.is_told(page, result)]
        if told:
            with self.bar.paused():
                self._tell_pages(told)

    def _tell_pages(self, told: Sequence[tuple[ChangedPage, PageResult]],
                    ) -> None:
        """Print a line a page; of many of which the same is wrong, some.

        :param told: pages with what became of them
        """
        counts = Counter[str]()
        for page, result in told:
            same = f'{result.outcome} {result.error}' if result.error else ''
            counts[same] += 1
            if not same or is_verbose() or counts[same] <= _SAME:
                self.page_done(page, result)
        left = sum(max(0, count - _SAME)
                   for same, count in counts.items() if same)
        if left and not is_verbose():
            tell_line(f'Pages more of which the same is to be said: {left}')

    def teardown(self) -> None:
        """Give back what :meth:`setup` took."""
        self._running.close()
        # Batches that pywikibot counted as pages read; the report knows.
        self.counter.clear()
