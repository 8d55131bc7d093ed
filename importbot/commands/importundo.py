"""The bot that undoes a run: plan, ask, apply, report."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pywikibot
from pywikibot.bot import suggest_help

from importbot.applying.recover import catch_up
from importbot.applying.run import BareRun, Run
from importbot.commands.change_bot import Sentences
from importbot.commands.command_line import read_command_line
from importbot.commands.exit_status import ON_HOLD
from importbot.commands.offline import reached_site
from importbot.commands.option_values import run_number
from importbot.commands.overviews import show_overview, tell_line
from importbot.commands.recorded_bot import RecordedBot
from importbot.model.errors import ImportbotError, UsageError
from importbot.model.option import UNDO
from importbot.model.options import OPTIONS
from importbot.model.printable import printable
from importbot.model.report import PageResult, UndoReport
from importbot.model.undo_plan import RestoreStep, UndoPage, UndoPlan
from importbot.reports.terminal.changes import page_line
from importbot.reports.terminal.diffs import unified
from importbot.reports.terminal.remedies import with_remedy
from importbot.reports.wikitext.changes import deletion_list
from importbot.undoing.plan import Target, learn, plan_undo
from importbot.undoing.undo import UndoWork, give_up


__all__ = ('UndoBot', 'UndoOptions', 'read_undo_options')


@dataclass(frozen=True)
class UndoOptions:

    """The command line of ``pwb importundo``.

    :param run: number of the run to undo
    :param given: options of :class:`UndoBot`, by name
    :param reports: files for the report
    """

    run: int
    given: dict[str, Any] = field(default_factory=dict)
    reports: tuple[Path, ...] = ()


def read_undo_options(arguments: Iterable[str]) -> UndoOptions | None:
    """Read the command line.

    :param arguments: what pywikibot's global options left over
    :return: None if there is an option that nobody knows
    :raises UsageError: a value that does not make sense
    """
    line = read_command_line(UNDO, arguments)
    runs = [argument for argument in line.rest
            if not argument.startswith('-')]
    if suggest_help(unknown_parameters=[
            argument for argument in line.rest if argument not in runs]):
        return None
    given = {**line.given}
    runs = [*runs, *filter(None, [given.pop('run', '')])]
    if len(set(runs)) != 1:
        raise UsageError('Name one run to undo by its number, as in "pwb '
                         'importundo 12"; importruns lists them')
    return UndoOptions(_run_number(runs[0]), given, tuple(line.reports))


def _run_number(argument: str) -> int:
    try:
        return run_number(argument)
    except ValueError as error:
        raise UsageError(f'"{argument}" {error}') from None


@dataclass(frozen=True)
class PreparedUndo:

    """An undo that is planned.

    :param plan: the plan
    :param target: the wiki
    """

    plan: UndoPlan
    target: Target


class UndoBot(RecordedBot[PreparedUndo]):

    """Plans the undo of a run, then treats the pages of its plan.

    :param undone: number of the run to undo
    :param reports: files for the report
    :param options: as on the command line
    """

    script = UNDO
    available_options = OPTIONS.defaults(script)
    sentences = Sentences(
        question='Undo these pages?',
        unasked='Nobody is there to confirm the undo: give -always to undo '
        'without asking, or -plan to stop here',
        refused='Nothing was undone.', doing='undoing')

    def __init__(self, undone: int, reports: Sequence[Path] = (),
                 **options: Any) -> None:
        super().__init__(reports, **options)
        self._undone = undone
        self._limit = self.value('serverlimit')

    @classmethod
    def of(cls, line: UndoOptions) -> UndoBot:
        """Return the bot of a command line."""
        return cls(line.run, line.reports, **line.given)

    def prepare(self) -> list[PreparedUndo]:
        """Find out what the run left, and plan its undo."""
        target = learn(reached_site())
        if not (self.opt.plan or self.simulates):
            catch_up(self.journal, self._undone, target.wiki,
                     target.siteinfo, target.access, self._limit)
        with self.bar as bar:
            return [PreparedUndo(plan_undo(
                self.journal, self._undone, target, self.opt.mark,
                bar.show), target)]

    def show_plan(self, prepared: PreparedUndo) -> None:
        """Print the plan."""
        plan = prepared.plan
        show_overview(plan)
        paste = deletion_list(plan)
        if paste:
            pywikibot.info(
                'For a page where deletions are asked for; -mark: marks the '
                'pages themselves:\n' + '\n'.join(paste))

    def differences(self, prepared: PreparedUndo) -> Iterator[str]:
        """Yield diffs of texts that are replaced by those before the run."""
        for page in prepared.plan.pages:
            step = page.verdict.step
            if not isinstance(step, RestoreStep):
                continue
            text = prepared.target.wiki.revision_text
            try:
                (now, _user), (before, _author) = (
                    text(page.title, step.revision),
                    text(page.title, step.text))
            except ImportbotError as error:
                yield printable(f'{page.title}: '
                                f'{with_remedy(error.problem)}')
                continue
            yield from unified(
                now, before, f'now: {page.title} ({step.revision})',
                f'before the run: {page.title} ({step.text})')

    def is_idle(self, prepared: PreparedUndo) -> bool:
        """See that nobody resumes a run that left nothing to undo."""
        plan = prepared.plan
        if plan.has_work:
            return False
        if plan.held:
            pywikibot.info(f'Nothing of run {plan.run} can be undone until '
                           'the pages on hold are dealt with.')
            return True
        give_up(plan, self.journal)
        pywikibot.info(f'There is nothing to undo of run {plan.run}.')
        return True

    def run_of(self, prepared: PreparedUndo) -> Run[UndoPlan]:
        """Return the run that takes the pages back."""
        return Run(UndoWork(prepared.plan, prepared.target,
                            self.opt.summary), self.journal)

    def page_done(self, page: UndoPage, result: PageResult) -> None:
        """Print what became of a page that something was planned for."""
        if page.steps and result.outcome:
            tell_line(page_line(page, result))

    def report_of(self, prepared: PreparedUndo,
                  run: BareRun[UndoPlan]) -> UndoReport:
        """Return the undo and what became of it."""
        return UndoReport(run.plan, run.number, tuple(run.results))

    def show_report(self, report: UndoReport) -> None:
        """Print what became of the pages."""
        show_overview(replace(report, plan=replace(report.plan, notes=())))

    def status(self, prepared: PreparedUndo) -> int:
        """Return whether a person has to look after pages."""
        return ON_HOLD if prepared.plan.held else 0

    def goes_on(self, prepared: PreparedUndo) -> str:
        """Return what goes on with an undo that was interrupted."""
        return f'importundo {self._undone} goes on where it stopped.'
