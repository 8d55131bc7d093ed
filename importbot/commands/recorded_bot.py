"""The bot of changes that the journal knows, and that are reported."""
from __future__ import annotations

import sys
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pywikibot
from pywikibot.bot import ConfigParserBot

from importbot.applying.run import BareRun
from importbot.commands.change_bot import ChangeBot, PreparedT
from importbot.commands.files import write_reports
from importbot.commands.option_values import value_of
from importbot.commands.prompt import Look, answer_of, says_yes
from importbot.i18n import interface_language
from importbot.journal.journal import now
from importbot.journal.location import open_journal
from importbot.journal.reports import RunDetails, recorded_details
from importbot.model.options import OPTIONS
from importbot.model.printable import listed, printable
from importbot.reports.formats import Told
from importbot.reports.terminal.changes import change_table
from importbot.reports.terminal.tables import show
from importbot.reports.texts import CleanedTexts, HeldTexts
from importbot.reports.words.changes import AnyPlan


__all__ = ('Compared', 'RecordedBot')

#: Texts that are shown next to each other.
Compared = list[HeldTexts | CleanedTexts]


class RecordedBot(ConfigParserBot, ChangeBot[PreparedT]):

    """Opens the journal, and writes plans and reports in all formats.

    :param reports: files for the report
    :param options: as on the command line
    :cvar script: as it is called after ``pwb``; it has their table
    :ivar journal: the journal, open until the end
    :ivar compared: texts that were shown next to each other, by the id of
        the plan
    """

    script: str

    def __init__(self, reports: Sequence[Path] = (), **options: Any) -> None:
        super().__init__(**options)
        self._reports = reports
        self.compared: dict[str, Compared] = {}
        self.journal = open_journal(self.opt.journal)
        self.contexts.callback(self.journal.close)

    def value(self, name: str) -> Any:
        """Return what the value of an option means.

        :param name: of the option
        :raises UsageError: it does not make sense
        """
        return value_of(OPTIONS.of(self.script)[name], self.opt[name])

    @abstractmethod
    def report_of(self, prepared: PreparedT, run: BareRun[Any]) -> Any:
        """Return a run with what became of it as a value."""

    @abstractmethod
    def show_report(self, report: Any) -> None:
        """Print what became of the pages."""

    def differences(self, prepared: PreparedT) -> Iterator[str]:
        """Yield what stands against what, in lines.

        What is compared is kept for reports.
        """
        yield from ()

    def show_differences(self, prepared: PreparedT) -> bool:
        """Print what stands against what; return whether anything does."""
        count = 0
        for line in self.differences(prepared):
            pywikibot.info(line)
            count += 1
        return count > 0

    @property
    def asks_first(self) -> bool:
        """Whether a person is there to be asked before anything is done."""
        return not (self.opt.always or self.opt.plan or self.simulates
                    ) and sys.stdin.isatty() and sys.stdout.isatty()

    def looks(self) -> Sequence[Look]:
        """Return what may be looked at before the question is answered."""
        return (Look('diff', 'd', self._show_all_differences),
                Look('list', 'l', self._list), Look('save', 's', self._save))

    def _show_all_differences(self) -> None:
        shown = [self.show_differences(prepared)
                 for prepared in self.changes]
        if not any(shown):
            pywikibot.info('No text is replaced, on hold or cleaned up.')

    def _list(self) -> None:
        for prepared in self.changes:
            plan = cast(AnyPlan, prepared.plan)
            show(change_table(plan, interface_language(), most=None))

    def _save(self) -> None:
        """Ask for a file, and write the plans into it."""
        name = answer_of('File (.json, .html, .wiki, .txt; nothing: not '
                         'saved)')
        files = [self.file_of(Path(name), prepared)
                 for prepared in self.changes]
        there = [file for file in files if file.exists()]
        if not name or there and not says_yes(printable(
                f'Replace {listed([*map(str, there)])}?')):
            return
        for prepared in self.changes:
            self.write_plan(prepared, Path(name))

    def before_runs(self) -> None:
        """Compare texts for reports, as long as they are what they are."""
        if self._reports:
            for prepared in self.changes:
                self._compare(prepared)

    def _compare(self, prepared: PreparedT) -> None:
        """Have texts compared, if nobody looked at them before."""
        if prepared.plan.id not in self.compared:
            for _line in self.differences(prepared):
                pass

    def write_plan(self, prepared: PreparedT, file: Path) -> None:
        """Write a plan in the format that the name of a file asks for."""
        self._compare(prepared)
        write_reports([self.file_of(file, prepared)], prepared.plan,
                      self._told(prepared))

    def report(self, prepared: PreparedT, run: BareRun[Any]) -> None:
        """Print what became of a run, and write reports."""
        report = self.report_of(prepared, run)
        self.show_report(report)
        write_reports(self._files_of(prepared), report,
                      self._told(prepared, run.number))

    def report_simulation(self, prepared: PreparedT) -> None:
        """Write the report of a run that does nothing."""
        if self._reports:
            self._compare(prepared)
        write_reports(self._files_of(prepared), self.report_of(
            prepared, self.run_of(prepared)), self._told(prepared))

    def file_of(self, path: Path, _prepared: PreparedT) -> Path:
        """Return the file for one of several plans.

        :param path: that was asked for
        """
        return path

    def _files_of(self, prepared: PreparedT) -> list[Path]:
        return [self.file_of(path, prepared) for path in self._reports]

    def _told(self, prepared: PreparedT, run: int | None = None) -> Told:
        """Return what is told besides a plan or report.

        :param prepared: has the plan
        :param run: number of the run, None if there was none
        """
        return Told(
            interface_language(), RunDetails(planned=now()) if run is None
            else recorded_details(self.journal, run),
            self.compared.get(prepared.plan.id, []))
