"""A bot that is stopped past its lease, while another one takes over."""
from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from tests.kit.commands import PWB, Popen
from tests.kit.proxy import Exchange, Fault
from tests.kit.support import Box, Run


__all__ = ('after_lease', 'is_write', 'of_a_run', 'stopped_at', 'take')

#: Seconds for what takes an instant.
_PATIENCE = 120
_READS = frozenset({'query', 'parse', 'paraminfo', 'compare'})


def is_write(exchange: Exchange) -> bool:
    """Return whether a request may change something."""
    return (exchange.method == 'POST'
            and exchange.parameters.get('action') not in _READS
            and exchange.parameters.get('title') != 'Special:Export')


def _writes(box: Box) -> list[Exchange]:
    return [*filter(is_write, box.target.exchanges)]


def after_lease(journal: Path, number: int = 0,
                action: str = '') -> Callable[[Exchange], bool]:
    """Return what tells one request of a bot that has the lease.

    :param journal: where the lease is
    :param number: how many of the kind come before it
    :param action: of the request, whatever it is if empty
    """
    before = iter(range(number))

    def hits(exchange: Exchange) -> bool:
        return (action in ('', exchange.parameters.get('action'))
                and _has_lease(journal) and next(before, None) is None)

    return hits


@contextmanager
def of_a_run(box: Box, journal: Path) -> Iterator[list[Exchange]]:
    """Collect what a bot asks the target while it has the lease.

    :param journal: where the lease is
    """
    seen: list[Exchange] = []

    def sees(exchange: Exchange) -> bool:
        if _has_lease(journal):
            seen.append(exchange)
        return False

    with box.target.broken(hits=sees):
        yield seen


def take(journal: Path) -> Run:
    """Take over all leases, as a bot that has done nothing yet."""
    with closing(sqlite3.connect(journal, timeout=30)) as connection:
        connection.execute("UPDATE importbot_leases SET run = 4711, "
                           "holder = 'elsewhere:1'")
        connection.commit()
    return Run(0, '')


def _has_lease(journal: Path) -> bool:
    if not journal.exists():
        return False
    with closing(sqlite3.connect(journal, timeout=30)) as connection:
        try:
            return connection.execute(
                'SELECT 1 FROM importbot_leases').fetchone() is not None
        except sqlite3.OperationalError:
            # It is being created.
            return False


def stopped_at(box: Box, moment: Callable[[Exchange], bool],
               command: Sequence[str], journal: Path,
               meanwhile: Callable[[], Run]) -> tuple[Run, Run]:
    """Stop a bot that waits for an answer, and let it go on later.

    :param moment: the request whose answer it waits for
    :param command: of ``pwb``
    :param journal: where its leases are
    :param meanwhile: lets others work, its leases lapsed
    :return: what became of the others and of the bot
    """
    waits, goes_on = threading.Event(), threading.Event()

    def hold() -> None:
        waits.set()
        goes_on.wait(_PATIENCE)

    box.target.faults.append(Fault(hits=moment, meanwhile=hold, cuts=False))
    bot = Popen([str(PWB), *command], cwd=box.folder, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, 'COLUMNS': '200',
                     'PYWIKIBOT_DIR': str(box.config)})
    try:
        while not waits.wait(.05):
            assert bot.poll() is None, bot.communicate()[0]
        bot.send_signal(signal.SIGSTOP)
        while _state(bot.pid) != 'T':
            time.sleep(.01)
        _lapse(journal)
        others = meanwhile()
        before = len(_writes(box))
        goes_on.set()
        bot.send_signal(signal.SIGCONT)
        output, _ = bot.communicate(timeout=_PATIENCE)
        assert _writes(box)[before:] == [], output
        return others, Run(bot.returncode, output)
    finally:
        goes_on.set()
        box.target.faults.clear()
        if bot.poll() is None:
            bot.kill()
            bot.communicate()


def _state(process: int) -> str:
    stat = Path(f'/proc/{process}/stat').read_text(errors='replace')
    return stat.rpartition(')')[2].split()[0]


def _lapse(journal: Path) -> None:
    """Let all leases be those of holders that are silent for long."""
    with closing(sqlite3.connect(journal, timeout=30)) as connection:
        connection.execute('UPDATE importbot_leases SET heartbeat = '
                           "'2001-01-01T00:00:00+00:00'")
        connection.commit()
