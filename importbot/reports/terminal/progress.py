"""A progress bar where a person is watching, nothing elsewhere."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from importbot.model.printable import printable
from importbot.reports.terminal.streams import Degrading, encodable


__all__ = ('ProgressBar', )


class ProgressBar:

    """A context that shows how far a long work is."""

    def __init__(self) -> None:
        file: Any = Degrading(sys.stderr)
        console = Console(file=file)
        # Braille, which has no other form, or strokes.
        spinner = 'dots' if encodable('\u280b', file.encoding) else 'line'
        self._progress = Progress(
            SpinnerColumn(spinner),
            TextColumn('{task.description}', markup=False),
            BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, transient=True,
            disable=not console.is_terminal)
        self._task = self._progress.add_task('', total=None)

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._progress.stop()

    def show(self, what: str, done: int, total: int | None = None) -> None:
        """Show a state.

        :param what: what is being done
        :param done: number of pages reached
        :param total: number of pages in all, None where unknown
        """
        self._progress.update(self._task, description=printable(what),
                              completed=done, total=total)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the bar away while a line is printed."""
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()
