"""The bot of changes that the journal knows, and that are reported."""
from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pywikibot.bot import ConfigParserBot

from importbot.applying.run import BareRun
from importbot.commands.change_bot import ChangeBot, PreparedT
from importbot.commands.files import write_reports
from importbot.commands.option_values import value_of
from importbot.i18n import interface_language
from importbot.journal.journal import now
from importbot.journal.location import open_journal
from importbot.journal.reports import RunDetails, recorded_details
from importbot.model.options import OPTIONS
from importbot.reports.formats import Told
from importbot.reports.texts import CleanedTexts, HeldTexts


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

    def write_plan(self, prepared: PreparedT, file: Path) -> None:
        """Write a plan in the format that the name of a file asks for."""
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
