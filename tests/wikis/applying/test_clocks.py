"""Bots whose machines have clocks that differ import one at a time."""
from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kit.commands import PWB, Popen
from tests.kit.lapsing import HOST, SHIFT
from tests.kit.mariadb import mariadb
from tests.kit.specimens import put_specimens
from tests.kit.support import Box


pytestmark = pytest.mark.programs

PAGES = 30
#: Seconds that a lease lasts for who looks at it, and of each import of the
#: other one, which shows a sign of life before.
LASTS, LONG = 3, .3
#: What the interpreter of a bot with another clock begins with.
_CLOCK = """
import copyreg, datetime, os, socket, time
shift = float(os.environ['CLOCK_SHIFT'])
delta, real, stock = datetime.timedelta(seconds=shift), time.time, \\
    datetime.datetime

class Shifted(stock):
    @classmethod
    def now(cls, tz=None):
        return stock.now(tz) + delta
    @classmethod
    def utcnow(cls):
        return stock.utcnow() + delta

copyreg.pickle(stock, lambda value: (Shifted, (
    value.year, value.month, value.day, value.hour, value.minute,
    value.second, value.microsecond, value.tzinfo)))
datetime.datetime = Shifted
time.time = lambda: real() + shift
from importbot.journal import clock, leases
leases.LEASE_SECONDS, leases._LOOK = float(os.environ['LASTS']), .05
if os.environ['HOST']:
    # Another machine has another kernel, with a clock of its own.
    kernel = clock._kernel_time
    clock._kernel_time = lambda: (
        stock.fromisoformat(kernel()) + delta).isoformat('T', 'microseconds')
    socket.gethostname = lambda: os.environ['HOST']
"""


@pytest.fixture(scope='module')
def specimens(box: Box) -> Iterator[str]:
    return put_specimens(box, 6 * (PAGES + 1))


@contextmanager
def journal_of(kind: str, folder: Path) -> Iterator[str]:
    if kind == 'mariadb':
        with mariadb() as server:
            yield server.url()
    else:
        yield str(folder / 'journal.sqlite')


def is_held(output: str) -> bool:
    return 'ERROR: Another bot (' in output


@pytest.mark.parametrize(('kind', 'shift', 'host'), [
    ('sqlite', SHIFT, HOST), ('mariadb', -SHIFT, HOST), *(
        pytest.param(*case, marks=pytest.mark.soak) for case in (
            ('sqlite', -SHIFT, HOST), ('sqlite', SHIFT, ''),
            ('sqlite', -SHIFT, ''), ('mariadb', SHIFT, HOST)))])
def test_clocks_that_differ(box: Box, specimens: Iterator[str],
                            tmp_path: Path, kind: str, shift: int,
                            host: str) -> None:
    (tmp_path / 'sitecustomize.py').write_text(_CLOCK)
    ours = [next(specimens) for _ in range(PAGES)]
    theirs = next(specimens)
    with journal_of(kind, tmp_path) as journal:
        def start(*titles: str,
                  **environment: str) -> subprocess.Popen[str]:
            return Popen(
                [str(PWB), 'importpages', '-source:en', '-always',
                 '-templates:none', '-via:interwiki',
                 f'-journal:{journal}', *(f'-page:{title}'
                                          for title in titles)],
                cwd=box.folder, text=True, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={
                    **os.environ, 'COLUMNS': '200', **environment,
                    'PYWIKIBOT_DIR': str(box.config)})

        def start_other() -> subprocess.Popen[str]:
            return start(theirs, PYTHONPATH=str(tmp_path), HOST=host,
                         CLOCK_SHIFT=str(shift), LASTS=str(LASTS))

        before = len(box.target.imports)
        bot = start(*ours)
        try:
            with box.target.broken(cuts=False, silence=LONG, times=PAGES):
                _wait(lambda: len(box.target.imports) > before)
                other = start_other()
                output, _ = other.communicate(timeout=120)
                assert bot.poll() is None
            assert (other.returncode, is_held(output)) == (1, True), output
            assert not box.on_target().history(theirs)
            output, _ = bot.communicate(timeout=120)
        finally:
            if bot.poll() is None:
                bot.send_signal(signal.SIGKILL)
                bot.communicate()
        assert bot.returncode == 0, output
        other = start_other()
        output, _ = other.communicate(timeout=120)
        assert other.returncode == 0, output
    for title in (*ours, theirs):
        assert len(box.on_target().imports(title)) == 1


def _wait(is_there: Callable[[], object]) -> None:
    until = time.monotonic() + 60
    while not is_there():
        assert time.monotonic() < until
        time.sleep(.05)
