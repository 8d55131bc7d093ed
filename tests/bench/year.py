"""``make bench``: what the journal of a year costs its operator."""
from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from importbot.checking.choose import Wanted, choose
from importbot.commands.importruns.folder import RunsPages
from importbot.journal.journal import Journal
from importbot.journal.pruning import forget, forgettable
from importbot.journal.queries import RunLog
from importbot.journal.records import RunFilter
from tests.kit.journals import TARGET
from tests.kit.year import RUNS, Year


_Found = TypeVar('_Found')


def main() -> None:
    """Measure and print."""
    table = Table(title=f'The journal of {RUNS} runs', title_justify='left',
                  box=None)
    for name in ('what', 'measured', 'bound'):
        table.add_column(name)

    def timed(what: str, work: Callable[[], _Found],
              bound: str = '') -> _Found:
        begun = time.perf_counter()
        found = work()
        table.add_row(what, f'{time.perf_counter() - begun:.2f} s', bound)
        return found

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, 'journal.sqlite')
        journal = Journal(str(path))
        log, here = RunLog(journal), RunFilter(TARGET)
        timed('written in bulk', lambda: Year().write(journal))
        table.add_row('size', f'{path.stat().st_size / 1e6:.0f} MB')

        def write() -> RunsPages:
            pages = RunsPages(journal, Path(folder, 'html'), 'en')
            pages.write(here)
            return pages

        first = timed('-html, the first time', write, '60 s')
        again = timed('-html, nothing new', write, 'seconds')
        table.add_row('pages written', f'{first.written}, {again.written}')
        timed('the latest 20 runs', lambda: log.runs(here, 20))
        timed('-title', lambda: log.past('Rover 77', here))
        timed('-check -title', lambda: choose(journal, Wanted(
            here, titles=('Rover 77', ))))
        timed('-check:10%', lambda: choose(journal, Wanted(
            here, sample=10, day='2024-01-01')))
        timed('-prune', lambda: [forget(journal, kind, lambda *_told: None)
                                 for kind in forgettable(journal, 90)])
        timed('and made smaller', journal.compact)
        table.add_row('size', f'{path.stat().st_size / 1e6:.0f} MB')
        journal.close()
    Console(width=120).print(table)


if __name__ == '__main__':
    main()
