"""A folder of HTML pages with all runs, for a web server."""
from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from importbot.journal.journal import Journal
from importbot.journal.queries import RunLog
from importbot.journal.records import RunFilter, RunSummary
from importbot.journal.reports import (
    recorded_details,
    recorded_report,
    recorded_undo,
)
from importbot.model.errors import UsageError
from importbot.model.plan import as_text
from importbot.reports.html import report_html, runs_html
from importbot.reports.html.document import look_of
from importbot.reports.html.runs import OVERVIEW, file_of, links_beside


__all__ = ('RunsPages', )

#: More than the last line of a page.
_TAIL = 200


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

    def write(self, conditions: RunFilter) -> int:
        """Write what is new; return how many pages there are.

        :param conditions: on runs
        :raises UsageError: the folder cannot be written
        """
        log = RunLog(self.journal)
        runs = log.runs(conditions).runs
        shown = log.shown_sizes()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for run in runs:
                self._write_report(run, shown.get(run.run, 0))
            # Last, so that it leads to nothing that is not there.
            self._replace(self.folder / OVERVIEW, runs_html(
                runs, self.language, self.unreadable))
        except OSError as error:
            raise UsageError(
                f'{error.filename or self.folder} cannot be written: '
                f'{error.strerror}; give -html: a folder') from error
        return len(runs) - len(self.unreadable) + 1

    def _write_report(self, run: RunSummary, shown: int) -> None:
        path = self.folder / file_of(run.run)
        stamp = self._stamp(run, shown)
        if run.state == 'finished' and _last_line(path) == stamp:
            return
        try:
            text = self._report(run)
        except (KeyError, TypeError, ValueError):
            self.unreadable.append(run.run)
            return
        self._replace(path, f'{text.rstrip()}\n{stamp}\n')

    def _stamp(self, run: RunSummary, shown: int) -> str:
        """Return a comment that stands for all that a page tells."""
        told = as_text([run.as_json(), shown, look_of(self.language)])
        return f'<!-- {hashlib.sha256(told.encode()).hexdigest()} -->'

    def _report(self, run: RunSummary) -> str:
        details = recorded_details(self.journal, run.run)
        report = (recorded_report if run.undoes is None else recorded_undo)(
            self.journal, run.run)
        return report_html(report, self.language, details=details,
                           beside=links_beside(run, self.language))

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


def _last_line(path: Path) -> str:
    """Return the last line of a page, empty where there is none."""
    if not path.is_file():
        return ''
    with path.open('rb') as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - _TAIL))
        lines = file.read().decode('utf-8', 'replace').split('\n')
    return lines[-2] if len(lines) > 1 else ''
