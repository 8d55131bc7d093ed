"""The bot of all commands that change a wiki by a plan.

It plans, shows the plan, asks once, applies it page by page and reports;
Ctrl-C ends it between two pages. What kind of plan that is, its subclasses
say.
"""
from __future__ import annotations

import signal
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Generic, Protocol, TypeVar

import pywikibot
from pywikibot.bot import BaseBot

from importbot.applying.run import BareRun, Places
from importbot.commands.exit_status import FAILED, INTERRUPTED, WORK_TO_DO
from importbot.model.change_plan import ChangedPage, ChangePlan
from importbot.model.errors import UsageError
from importbot.model.printable import listed, printable
from importbot.model.report import PageResult
from importbot.reports.terminal.progress import ProgressBar
from importbot.reports.terminal.remedies import with_remedy
from importbot.wikis.waiting import hasten, unhastened


__all__ = ('ChangeBot', 'Prepared', 'Sentences', 'says_yes')


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
    :ivar contexts: what planning has taken, given back at the end
    """

    sentences: Sentences

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.treat_page_type = tuple
        self.interrupted = False
        self.simulates = bool(pywikibot.config.simulate)
        self.contexts = ExitStack()
        self.bar = ProgressBar()
        self._run: BareRun[Any] | None = None
        self._running = ExitStack()
        self._done = 0

    # What a kind of change is

    @abstractmethod
    def prepare(self) -> PreparedT | None:
        """Make the plan; return None if the command line is no use."""

    @abstractmethod
    def show_plan(self, prepared: PreparedT) -> None:
        """Print what a person should know of a plan."""

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

    def leave_out(self) -> None:
        """Say what is not written, because nothing was done."""

    def goes_on(self, prepared: PreparedT) -> str:
        """Return what goes on with a run that was interrupted."""
        return 'The same command goes on where it stopped.'

    # The one way of all

    def carry_out(self) -> int:
        """Do what the command line asks for; return the exit status.

        :raises ImportbotError: it cannot be done
        """
        with self.contexts:
            prepared = self.prepare()
            if prepared is None:
                return FAILED
            self.show_plan(prepared)
            if self.opt.get('plan'):
                return self._planned(prepared)
            if self.simulates:
                return self._simulated(prepared)
            prepared = self.asked_more(prepared)
            if self.is_idle(prepared):
                return self.status(prepared)
            if not self._confirmed(prepared.plan):
                pywikibot.info(self.sentences.refused)
                self.leave_out()
                return 0
            return self._applied(prepared)

    def _planned(self, prepared: PreparedT) -> int:
        """Write the plan down, and leave it at that."""
        if self.opt.plan is not True:
            self.write_plan(prepared, Path(self.opt.plan))
        self.leave_out()
        return (WORK_TO_DO if prepared.plan.has_work
                else self.status(prepared))

    def _simulated(self, prepared: PreparedT) -> int:
        """Report what was not done."""
        self.report_simulation(prepared)
        pywikibot.info('Simulation: nothing was written.')
        self.leave_out()
        return self.simulated_status(prepared)

    def _confirmed(self, plan: ChangePlan) -> bool:
        """Ask once, unless there is nothing to ask.

        :raises UsageError: nobody is there to answer
        """
        if self.opt.always or not plan.has_work:
            return True
        if not sys.stdin.isatty():
            raise UsageError(self.sentences.unasked)
        return says_yes(self.sentences.question)

    def _applied(self, prepared: PreparedT) -> int:
        """Carry a plan out, and tell what became of it."""
        self._run = run = self.run_of(prepared)
        self.run()
        self.report(prepared, run)
        if run.obstacle:
            pywikibot.warning(printable(
                f'The run stopped: {with_remedy(run.obstacle)}'))
        if self.interrupted:
            pywikibot.info(self.goes_on(prepared))
            return INTERRUPTED
        return self.status(prepared) if run.went_as_planned else FAILED

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

    @property
    def _runs(self) -> BareRun[Any]:
        assert self._run, 'the plan is being carried out'
        return self._run

    def setup(self) -> None:
        """Begin the run."""
        self._running.enter_context(self._runs)
        self._runs.is_stopped = lambda: self.interrupted
        self.generator = self._runs.batches()
        self.bar.show(self.sentences.doing, 0, len(self._runs.plan.pages))
        self._running.enter_context(self.bar)

    def treat(self, batch: Places) -> None:
        """Carry out one batch of the plan."""
        if self.interrupted:
            self.quit()
        run = self._runs
        pages: Sequence[ChangedPage] = [
            run.plan.pages[place] for place in batch]
        self.bar.show(listed([str(page.title) for page in pages]),
                      self._done, len(run.plan.pages))
        results = run.apply(batch)
        self._done += len(batch)
        with self.bar.paused():
            for page, result in zip(pages, results, strict=True):
                if result.outcome is None:
                    continue  # stopped before it
                if page.steps:
                    self.counter[result.outcome.value] += 1
                self.page_done(page, result)

    def teardown(self) -> None:
        """Give back what :meth:`setup` took."""
        self._running.close()


def says_yes(question: str) -> bool:
    """Ask; the end of the input is a no.

    :param question: with nothing after it
    """
    try:
        return bool(pywikibot.input_yn(question, default=False,
                                       automatic_quit=False))
    except EOFError:
        return False
