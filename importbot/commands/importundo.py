"""The bot that undoes a run: plan, ask, apply, report."""
from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pywikibot
from pywikibot.bot import suggest_help
from pywikibot.site import APISite

from importbot.applying.recover import catch_up
from importbot.applying.run import Places, Run
from importbot.commands.command_line import read_command_line
from importbot.commands.exit_status import (
    FAILED,
    INTERRUPTED,
    ON_HOLD,
    WORK_TO_DO,
)
from importbot.commands.files import write_reports
from importbot.commands.interruptible import InterruptibleBot, says_yes
from importbot.commands.option_values import run_number
from importbot.i18n import interface_language
from importbot.journal.journal import now
from importbot.journal.location import open_journal
from importbot.journal.reports import RunDetails, recorded_details
from importbot.model.errors import UsageError
from importbot.model.option import UNDO
from importbot.model.options import OPTIONS
from importbot.model.report import PageResult, UndoReport
from importbot.model.undo_plan import UndoPlan
from importbot.reports.formats import Told
from importbot.reports.terminal.changes import (
    change_table,
    complaints,
    page_line,
    summary_line,
)
from importbot.reports.terminal.progress import ProgressBar
from importbot.reports.terminal.remedies import note_with_remedy
from importbot.reports.terminal.tables import show
from importbot.reports.wikitext.changes import deletion_list
from importbot.undoing.plan import learn, plan_undo
from importbot.undoing.undo import UndoWork, give_up


__all__ = ('UndoBot', 'UndoOptions', 'read_undo_options', 'undo_run')


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
    if len(runs) != 1:
        raise UsageError('Name one run to undo by its number, as in "pwb '
                         'importundo 12"; importruns lists them')
    return UndoOptions(_run_number(runs[0]), line.given,
                       tuple(line.reports))


def _run_number(argument: str) -> int:
    try:
        return run_number(argument)
    except ValueError as error:
        raise UsageError(f'"{argument}" {error}') from None


class UndoBot(InterruptibleBot):

    """Plans the undo of a run, then treats the pages of its plan.

    :param run: number of the run to undo
    :param options: as on the command line
    """

    script = UNDO
    available_options = OPTIONS.defaults(script)

    def __init__(self, run: int, **options: Any) -> None:
        super().__init__(**options)
        self.treat_page_type = tuple
        self._bar = ProgressBar()
        self._stack = ExitStack()
        self._journal = open_journal(self.opt.journal)
        try:
            limit = self.value('serverlimit')
            self._target = learn(cast(APISite, pywikibot.Site()))
            if not (self.opt.plan or pywikibot.config.simulate):
                catch_up(self._journal, run, self._target.wiki,
                         self._target.siteinfo, self._target.access, limit)
            with self._bar as bar:
                self.plan = plan_undo(self._journal, run, self._target,
                                      self.opt.mark, bar.show)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give back what planning took."""
        self._journal.close()

    def give_up(self) -> None:
        """See that nobody resumes a run that left nothing to undo."""
        if not self.plan.held:
            give_up(self.plan, self._journal)

    def confirm(self) -> bool:
        """Ask once, unless there is nothing to ask.

        :raises UsageError: nobody is there to answer
        """
        if self.opt.always or not self.plan.has_work:
            return True
        if not sys.stdin.isatty():
            raise UsageError('Nobody is there to confirm the undo: give '
                             '-always to undo without asking, or -plan to '
                             'stop here')
        return says_yes('Undo these pages?')

    def setup(self) -> None:
        """Take the lease of the target and record the decisions."""
        self.undo = Run(UndoWork(self.plan, self._target, self.opt.summary),
                        self._journal,
                        simulate=bool(pywikibot.config.simulate))
        self._stack.enter_context(self.undo)
        self.generator = self.undo.batches()
        self._bar.show('undoing', 0, len(self.plan.pages))
        self._stack.enter_context(self._bar)

    def treat(self, batch: Places) -> None:
        """Carry out what is planned for one page."""
        if self.interrupted:
            self.quit()
        place, = batch
        page = self.plan.pages[place]
        self._bar.show(page.title, place, len(self.plan.pages))
        result, = self.undo.apply(batch)
        if page.verdict.step and result.outcome:
            self.counter[result.outcome.value] += 1
            with self._bar.paused():
                pywikibot.info(page_line(page, result))

    def report(self) -> UndoReport:
        """Return the undo and what became of it."""
        return UndoReport(self.plan, self.undo.number,
                          tuple(self.undo.results))

    @property
    def details(self) -> RunDetails:
        """Who asked for the undo and when it was."""
        run = self.undo.number
        return (RunDetails() if run is None
                else recorded_details(self._journal, run))

    def teardown(self) -> None:
        """Give back what :meth:`setup` took."""
        self._stack.close()


def undo_run(options: UndoOptions) -> int:
    """Do what the command line asks for: plan, ask, apply, report.

    :param options: the command line
    :return: exit status
    :raises ImportbotError: it cannot be done
    """
    bot = UndoBot(options.run, **options.given)
    try:
        return _undo_run(bot, options)
    finally:
        bot.close()


def _undo_run(bot: UndoBot, options: UndoOptions) -> int:
    plan = bot.plan
    _show_plan(plan)
    status = ON_HOLD if plan.held else 0
    if bot.opt.plan:
        if bot.opt.plan is not True:
            write_reports([Path(bot.opt.plan)], plan, _told())
        return WORK_TO_DO if plan.has_work else status
    if pywikibot.config.simulate:
        write_reports(options.reports, UndoReport(
            plan, None, (PageResult(), ) * len(plan.pages)), _told())
        pywikibot.info('Simulation: nothing was written.')
        return status
    if not plan.has_work:
        bot.give_up()
        pywikibot.info(f'There is nothing to undo of run {plan.run}.')
        return status
    if not bot.confirm():
        pywikibot.info('Nothing was undone.')
        return 0
    bot.run()
    undo = bot.undo
    show(change_table(plan, interface_language(), undo.results))
    pywikibot.info(summary_line(plan, undo.results, undo.number))
    write_reports(options.reports, bot.report(), _told(bot.details))
    if bot.interrupted:
        pywikibot.info(f'importundo {plan.run} goes on where it stopped.')
        return INTERRUPTED
    return status if undo.went_as_planned else FAILED


def _show_plan(plan: UndoPlan) -> None:
    language = interface_language()
    for note in plan.notes:
        pywikibot.info(note_with_remedy(note, language))
    if plan.pages:
        show(change_table(plan, language))
    pywikibot.info(summary_line(plan))
    for sentence in complaints(plan, language):
        pywikibot.warning(sentence)
    paste = deletion_list(plan)
    if paste:
        pywikibot.info('For a page where deletions are asked for; -mark: '
                       'marks the pages themselves:\n' + '\n'.join(paste))


def _told(details: RunDetails | None = None) -> Told:
    """Return what is told besides a plan or report."""
    return Told(interface_language(), details or RunDetails(planned=now()))
