"""A folder of HTML pages with all runs, for a web server."""
from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importbot.journal.journal import Journal
from importbot.journal.queries import RunLog
from importbot.journal.records import RunFilter, RunRecord, RunSummary
from importbot.journal.reports import details_of_record, report_of_record
from importbot.model.errors import UsageError
from importbot.model.plan import as_text
from importbot.reports.html import report_html, runs_html
from importbot.reports.html.document import look_of
from importbot.reports.html.runs import (
    OVERVIEW,
    Months,
    file_of,
    links_beside,
)


__all__ = ('RunsPages', )

#: More than the last line of a page.
_TAIL = 200


def _silent(_what: str, _done: int, _all: int) -> None:
    """Tell nobody how far it is."""


@dataclass
class RunsPages:

    """Writes a report of each run, and a page that leads to them.

    Pages are replaced as a whole, so that nobody is served half of one, and
    only if there is something new in them.

    :param journal: where runs are recorded
    :param folder: for the pages; made if it is not there
    :param language: of all words that come from no wiki
    :ivar written: how many pages were written
    :ivar unreadable: runs with words that only a later release knows
    """

    journal: Journal
    folder: Path
    language: str

    def __post_init__(self) -> None:
        """Nothing is written yet."""
        self.written = 0
        self.unreadable: list[int] = []

    def write(self, conditions: RunFilter,
              progress: Callable[[str, int, int], None] = _silent) -> int:
        """Write what is new; return how many pages there are.

        :param conditions: on runs
        :param progress: told what is written, how many, and of how many
        :raises UsageError: the folder cannot be written
        """
        log = RunLog(self.journal)
        runs = log.runs(conditions).runs
        shown = log.shown_sizes()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            stamps = {run.run: self._stamp(run, shown.get(run.run, 0))
                      for run in runs}
            new = [run for run in runs if run.state != 'finished'
                   or self._last_line_of(run) != stamps[run.run]]
            for done, record in enumerate(log.records(new)):
                progress('writing reports', done, len(new))
                self._write_report(record, stamps[record.summary.run])
            # Last, so that they lead to nothing that is not there.
            months = self._write_months(runs, stamps)
            self._replace(self.folder / OVERVIEW, runs_html(
                runs, self.language, self.unreadable, months=months))
        except OSError as error:
            raise UsageError(
                f'{error.filename or self.folder} cannot be written: '
                f'{error.strerror}; give -html: a folder') from error
        return len(runs) - len(self.unreadable) + len(months.runs) + 1

    def _write_months(self, runs: Sequence[RunSummary],
                      stamps: Mapping[int, str]) -> Months:
        """Write the months of which anything changed; return them all."""
        months = Months.of(runs)
        for month, those in months.runs.items():
            path = self.folder / months.file_of(month)
            stamp = _digest([[stamps[run.run], run.run in self.unreadable]
                             for run in those])
            if _last_line(path) != stamp:
                text = runs_html(those, self.language, self.unreadable,
                                 month=month)
                self._replace(path, f'{text.rstrip()}\n{stamp}\n')
        return months

    def _last_line_of(self, run: RunSummary) -> str:
        return _last_line(self.folder / file_of(run.run))

    def _write_report(self, record: RunRecord, stamp: str) -> None:
        run = record.summary
        try:
            text = report_html(
                report_of_record(record), self.language,
                details=details_of_record(record),
                beside=links_beside(run, self.language))
        except (KeyError, TypeError, ValueError):
            self.unreadable.append(run.run)
            return
        self._replace(self.folder / file_of(run.run),
                      f'{text.rstrip()}\n{stamp}\n')

    def _stamp(self, run: RunSummary, shown: int) -> str:
        """Return a comment that stands for all that a page tells."""
        return _digest([run.as_json(), shown, look_of(self.language)])

    def _replace(self, path: Path, text: str) -> None:
        """Write a page at once, unless it says the same already."""
        data = text.encode('utf-8', 'replace')
        if path.is_file() and path.read_bytes() == data:
            return
        new = path.with_name(f'.{path.name}.{os.getpid()}')
        try:
            new.write_bytes(data)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        self.written += 1


def _digest(told: Any) -> str:
    return f'<!-- {hashlib.sha256(as_text(told).encode()).hexdigest()} -->'


def _last_line(path: Path) -> str:
    """Return the last line of a page, empty where there is none."""
    if not path.is_file():
        return ''
    with path.open('rb') as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - _TAIL))
        lines = file.read().decode('utf-8', 'replace').split('\n')
    return lines[-2] if len(lines) > 1 else ''
