"""Long measurements: ``python -m tests.soak.measurements dump|pages|kill``.

``dump`` looks at the memory of our command with a dump of 1 GB, ``pages``
at the time of many pages, ``kill`` at runs that are killed and gone on
with. All take from minutes to hours, and room in the folder for temporary
files (``TMPDIR``).
"""
from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from importbot.sandbox.php import maintenance
from tests.bench.imports import Row, print_rows, seconds
from tests.kit.commands import PWB
from tests.kit.cutter import PAGES, ROUTES, Cutter, delays
from tests.kit.histories import plain, write_dump
from tests.kit.support import Box


MEMORY = 150


@dataclass(frozen=True)
class Usage:

    """What a command took.

    :param seconds: from its start to its end
    :param memory: largest resident memory, in MB of 2^20 bytes
    """

    seconds: float
    memory: float


@contextmanager
def empty_box() -> Iterator[Box]:
    """Yield two wikis without content."""
    with tempfile.TemporaryDirectory(prefix='importbot-soak-') as folder:
        box = Box(Path(folder, 'box'), empty=True)
        try:
            yield box
        finally:
            box.close()


def importdump(box: Box, path: Path, *options: str) -> Usage:
    """Import a file with our command, and look at its memory.

    The number includes what this process has itself when it starts the
    command, which is less.

    :param box: its wikis
    :param path: the file
    :param options: more options
    """
    command = [str(PWB), 'importdump', f'-interwikiprefix:{box.prefix}',
               str(path), '-always', '-maxpages:0', '-maxrevisions:0',
               *options]
    log = box.folder / 'importdump.log'
    start = time.perf_counter()
    with log.open('wb') as output, subprocess.Popen(
            command, cwd=box.folder, stdin=subprocess.DEVNULL, stdout=output,
            stderr=output, env={**os.environ, 'COLUMNS': '200',
                                'PYWIKIBOT_DIR': str(box.config)}) as process:
        _process, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.perf_counter() - start
    assert process.returncode == 0, log.read_text(errors='replace')[-5000:]
    return Usage(took, usage.ru_maxrss / 2 ** 10)


def count(box: Box) -> tuple[int, int]:
    """Return how many of our pages and revisions the target has.

    Without the revisions that an import adds itself, which are of now.
    """
    database = box.folder / 'target' / 'db' / 'wiki.sqlite'
    with closing(sqlite3.connect(database)) as connection:
        pages, revisions = connection.execute(
            'SELECT COUNT(DISTINCT page_id), COUNT(*) FROM page '
            'JOIN revision ON rev_page = page_id '
            "WHERE page_title LIKE 'Plain\\_%' ESCAPE '\\' "
            "AND rev_timestamp < '2020'").fetchone()
    return int(pages), int(revisions)


def dump(options: argparse.Namespace) -> Iterator[Row]:
    """Look at the memory: all of it read, a part of it imported too."""
    bound = f'at most {MEMORY}'
    with empty_box() as box:
        path = box.folder / 'large.xml'
        size = write_dump(path, plain(options.pages, 10, 10_000))
        what = f'{size / 1e9:.2f} GB, {options.pages} pages'
        read = importdump(box, path, '-simulate')
        assert count(box) == (0, 0)
        yield Row(f'memory in MB, {what}, -simulate', bound, read.memory,
                  f'read in {read.seconds:.0f} s')
        size = write_dump(path, plain(options.imported, 10, 10_000))
        done = importdump(box, path)
        assert count(box) == (options.imported, 10 * options.imported)
        yield Row(f'memory in MB, {size / 1e9:.2f} GB, {options.imported} '
                  'pages', bound, done.memory,
                  f'imported in {done.seconds:.0f} s')


def ours(number: int, *options: str) -> float:
    """Import pages of 3 revisions with our command; return the seconds.

    :param number: how many pages
    :param options: more options
    """
    with empty_box() as box:
        path = box.folder / 'pages.xml'
        write_dump(path, plain(number, 3, 2000))
        took = importdump(box, path, *options).seconds
        assert count(box) == (number, 3 * number)
        return took


def theirs(number: int) -> float:
    """Import the same with importDump.php; return the seconds.

    :param number: how many pages
    """
    with empty_box() as box:
        path = box.folder / 'pages.xml'
        write_dump(path, plain(number, 3, 2000))
        took = seconds(lambda: maintenance(
            box.target_tree, box.folder / 'target' / 'LocalSettings.php',
            'importDump', '--no-local-users',
            f'--username-prefix={box.prefix}', str(path)))
        assert count(box) == (number, 3 * number)
        return took


def pages(options: argparse.Namespace) -> Iterator[Row]:
    """Compare with the server's own script, and many pages with few."""
    many, few = options.pages, 100
    title = f'{many} pages of 3 revisions'
    took, script = ours(many), theirs(many)
    yield Row(title, 'at least 0.8', script / took,
              f'the whole command {took:.0f} s; importDump.php with '
              f'updates {script:.0f} s')
    start, some = ours(1), ours(few)
    page, before = (took - start) / (many - 1), (some - start) / (few - 1)
    yield Row('cost of a page', 'less than 1.2', page / before,
              f'{1000 * page:.1f} ms of {many} pages; {1000 * before:.1f} '
              f'ms of {few}; without the {start:.1f} s of one page alone')


def kill(options: argparse.Namespace) -> Iterator[Row]:
    """Kill runs of 50 pages at random moments, and go on with them."""
    each = options.times // 2
    moments = [(route, delay) for route in ROUTES
               for delay in delays(route, each, options.seed)]
    with tempfile.TemporaryDirectory(prefix='importbot-soak-') as folder:
        box = Box(Path(folder, 'box'))
        try:
            cutter, undisturbed = Cutter(box, len(moments)), 0
            for route, delay in moments:
                titles = cutter.new_titles()
                run = cutter.cut_and_resumed(titles, route, delay)
                faults = cutter.faults_of(titles, route)
                if run.status == 0 and not faults:
                    undisturbed += 1
                else:
                    print(f'{route}, {delay:.3f} s, status {run.status}:',
                          *faults[:5], run.output[-2000:], sep='\n')
        finally:
            box.close()
    yield Row(f'{len(moments)} runs of {PAGES} pages, killed', 'all 1.0',
              undisturbed / len(moments),
              f'{undisturbed} ended as an undisturbed one')


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog='python -m tests.soak.measurements',
                                     description=__doc__)
    modes = parser.add_subparsers(required=True, metavar='MODE')
    mode = modes.add_parser('dump', help='memory with a large dump')
    mode.add_argument('--pages', type=int, default=10_000,
                      help='pages to read, 100 kB each (%(default)s)')
    mode.add_argument('--imported', type=int, default=500,
                      help='pages to import as well (%(default)s)')
    mode.set_defaults(work=dump)
    mode = modes.add_parser('pages', help='time of many pages')
    mode.add_argument('--pages', type=int, default=10_000,
                      help='how many (%(default)s)')
    mode.set_defaults(work=pages)
    mode = modes.add_parser('kill', help='runs that are killed')
    mode.add_argument('--times', type=int, default=100,
                      help='how often (%(default)s)')
    mode.add_argument('--seed', type=int, default=0,
                      help='of the moments (%(default)s)')
    mode.set_defaults(work=kill)
    options = parser.parse_args()
    print_rows('Soak', options.work(options))


if __name__ == '__main__':
    main()
