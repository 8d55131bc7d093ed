"""Bots on machines of their own, each with a clock of its own."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path


__all__ = ('HOST', 'SHIFT', 'keep_to_one_lease')

#: Name of a machine that is not ours.
HOST = 'elsewhere'
#: Seconds that clocks are apart: more than any lease lasts.
SHIFT = 1200
#: Seconds that a lease lasts here.
_LASTS = 1.5
#: Seconds for what takes an instant.
_PATIENCE = 120

_BOT = """
import datetime, os, select, socket, sys, time
shift, host = float(os.environ['SHIFT']), os.environ['HOST']
delta, real, stock = datetime.timedelta(seconds=shift), time.time, \
    datetime.datetime

class Shifted(stock):
    @classmethod
    def now(cls, tz=None):
        return stock.now(tz) + delta
    @classmethod
    def utcnow(cls):
        return stock.utcnow() + delta

datetime.datetime = Shifted
time.time = lambda: real() + shift
from importbot.journal import clock, leases
from importbot.journal.journal import Journal
from importbot.model.errors import LeaseHeldError
from tests.kit.journals import PLAN, TARGET
leases.LEASE_SECONDS, leases._LOOK = float(os.environ['LASTS']), .05
if host:
    # Another machine has another kernel, with a clock of its own.
    kernel = clock._kernel_time
    clock._kernel_time = lambda: (
        stock.fromisoformat(kernel()) + delta).isoformat('T', 'microseconds')
    socket.gethostname = lambda: host

def say(what):
    print(what, flush=True)

def told():
    return bool(select.select([sys.stdin], [], [], .05)[0]
                and sys.stdin.readline())

journal = Journal(sys.argv[1])
run = journal.begin_run(PLAN)
say('up')
"""
_HOLD = _BOT + """
lease = leases.acquire(journal, TARGET, run)
say('got')
while not told():
    lease.heartbeat()
say('rests')
sys.stdin.readline()
try:
    lease.heartbeat()
    say('goes on')
except LeaseHeldError as error:
    say(error)
"""
_TAKE = _BOT + """
for line in sys.stdin:
    try:
        leases.acquire(journal, TARGET, run)
        say('got')
    except LeaseHeldError:
        say('held')
"""


class _Bot:

    """A process with a clock that goes wrong."""

    def __init__(self, script: str, url: str, shift: float,
                 host: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, '-c', script, url], text=True,
            cwd=Path(__file__).parents[2], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, 'SHIFT': str(shift), 'HOST': host,
                 'LASTS': str(_LASTS), 'PYWIKIBOT_NO_USER_CONFIG': '2'})
        assert self.hear() == 'up'

    def tell(self) -> None:
        assert self.process.stdin
        self.process.stdin.write('\n')
        self.process.stdin.flush()

    def hear(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def ask(self) -> str:
        self.tell()
        return self.hear()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


def keep_to_one_lease(url: str, shift: float, host: str = '') -> None:
    """See that one of two bots has the lease, and who has it in the end.

    The first one is stopped and goes on when the other one has taken over.

    :param url: of the journal that both have
    :param shift: seconds that the clock of the other one is ahead
    :param host: name of the other one's machine, empty for the same
    """
    with ExitStack() as stack:
        holder = _Bot(_HOLD, url, 0, '')
        stack.callback(holder.end)
        assert holder.hear() == 'got'
        taker = _Bot(_TAKE, url, shift, host)
        stack.callback(taker.end)
        assert [taker.ask() for _try in range(3)] == ['held'] * 3
        rested = time.monotonic()
        assert holder.ask() == 'rests'
        os.kill(holder.process.pid, signal.SIGSTOP)
        while (heard := taker.ask()) == 'held':
            assert time.monotonic() - rested < _PATIENCE
        assert heard == 'got'
        # The last beat was within the length of a look before that.
        assert time.monotonic() - rested > _LASTS - 1
        os.kill(holder.process.pid, signal.SIGCONT)
        assert 'lapsed and another bot took it over' in holder.ask()
