"""How far a long work is: a bar where a person is watching, elsewhere a line
with a time now and then."""
from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column
from rich.text import Text

from importbot.model.printable import listed, printable
from importbot.reports.terminal.streams import Degrading, encodable


__all__ = ('ProgressBar', 'progress_line', 'stamped')

#: What has to go by between two lines where nobody is watching.
_SECONDS, _PAGES = 60, 100
#: Cells of the bar.
_BAR = 20


class _BarOfKnown(BarColumn):

    """A bar for work whose end is known, and for no other."""

    def render(self, task: Task) -> Any:
        """Return the bar."""
        return Text() if task.total is None else super().render(task)


class ProgressBar:

    """A context that shows how far a long work is.

    :param tells: whether a line is written now and then where nobody is
        watching
    :param clock: returns seconds, which only grow
    """

    def __init__(self, *, tells: bool = False,
                 clock: Callable[[], float] = time.monotonic) -> None:
        file: Any = Degrading(sys.stderr)
        self._file = file
        console = Console(file=file)
        # Braille, which has no other form, or strokes.
        spinner = 'dots' if encodable('\u280b', file.encoding) else 'line'
        self._progress = Progress(
            SpinnerColumn(spinner), _BarOfKnown(_BAR), TimeElapsedColumn(),
            TextColumn('{task.description}', markup=False,
                       table_column=Column(no_wrap=True, ratio=1,
                                           overflow='ellipsis')),
            console=console, transient=True, expand=True,
            disable=not console.is_terminal)
        self._task = self._progress.add_task('', total=None)
        self._tells = tells and not console.is_terminal
        self._clock = clock
        self._told = clock(), 0

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._progress.stop()

    def show(self, what: str, done: int, total: int | None = None,
             pages: Sequence[str] = ()) -> None:
        """Show a state.

        :param what: what is being done
        :param done: number of pages reached
        :param total: number of pages in all, None where unknown
        :param pages: with which it goes on
        """
        line = progress_line(what, done, total, pages)
        self._progress.update(self._task, description=line, completed=done,
                              total=total)
        if self._tells:
            self._tell(line, done)

    def _tell(self, line: str, done: int) -> None:
        now, (then, before) = self._clock(), self._told
        if done < before:
            before = 0  # other work has begun
            self._told = then, 0
        if now - then >= _SECONDS or done - before >= _PAGES:
            self._told = now, done
            self._file.write(f'{stamped(line)}\n')
            self._file.flush()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the bar away while a line is printed."""
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()


def progress_line(what: str, done: int, total: int | None = None,
                  pages: Sequence[str] = ()) -> str:
    """Return how far some work is.

    :param what: what is being done
    :param done: number of pages reached
    :param total: number of pages in all, None where unknown
    :param pages: with which it goes on
    """
    if total is None:
        number = f': {done} page{"s" * (done != 1)}' if done else ''
        return printable(f'{what}{number}')
    first, last = min(done + 1, total), min(done + len(pages), total)
    number = f'{first}–{last}' if last > first else str(first)
    names = f': {listed(pages)}' if pages else ''
    return printable(f'{what} {number} of {total}{names}')


def stamped(line: str) -> str:
    """Return a line with the time before it, of UTC.

    :param line: for a file that somebody reads later
    """
    now = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())
    return f'{now} {line}'.rstrip()
