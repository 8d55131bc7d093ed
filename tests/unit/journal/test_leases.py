"""Leases on SQLite files, where no clock is that of all machines."""
from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from importbot.journal import clock, leases, tables
from importbot.journal.clock import database_time, has_clock
from importbot.journal.journal import Journal
from importbot.journal.leases import LEASE_SECONDS, acquire, lapsed_run
from importbot.model.errors import LeaseHeldError
from tests.kit.journals import PLAN, TARGET
from tests.kit.lapsing import HOST, SHIFT, keep_to_one_lease


DAY = 86400


@pytest.fixture
def run(journal: Journal) -> int:
    """A run whose lease is held on another machine."""
    run = journal.begin_run(PLAN)
    acquire(journal, TARGET, run)
    return run


@pytest.fixture
def beat(journal: Journal) -> Callable[[float], None]:
    """Let the holder beat, as another machine, by a clock of its own."""
    def beat(ago: float) -> None:
        when = datetime.now(timezone.utc) - timedelta(seconds=ago)
        with journal.transaction() as connection:
            connection.execute(tables.leases.update().values(
                holder='elsewhere:1', heartbeat=when.isoformat()))
    return beat


class Sleep:

    """Time that passes without anybody waiting for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.slept = 0.0
        #: What happens when that many seconds have passed.
        self.then: dict[float, Callable[[], None]] = {}
        monkeypatch.setattr(leases.time, 'monotonic', lambda: self.slept)

    def __call__(self, seconds: float) -> None:
        self.slept += seconds
        for when in [when for when in self.then if when <= self.slept]:
            self.then.pop(when)()


@pytest.fixture
def sleep(monkeypatch: pytest.MonkeyPatch) -> Sleep:
    return Sleep(monkeypatch)


# By clocks

@pytest.mark.parametrize('host', ['', HOST])
@pytest.mark.parametrize('shift', [SHIFT, -SHIFT])
def test_clocks_that_differ_keep_to_one_lease(tmp_path: Path, shift: float,
                                              host: str) -> None:
    keep_to_one_lease(str(tmp_path / 'journal.sqlite'), shift, host)


def test_time_is_that_of_the_kernel(
        journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    query = sa.select(database_time())
    with journal.transaction() as connection:
        assert not has_clock(connection)
        read = [connection.execute(query).scalar_one() for _ in range(2)]
        seconds = time.time()
        monkeypatch.setattr(clock, '_STATE', Path('no such file'))
        read.append(connection.execute(query).scalar_one())
    assert all(abs(datetime.fromisoformat(text).timestamp() - seconds) < 60
               and len(text) <= 32 for text in read)


# By watching

@pytest.mark.parametrize('ago', [
    LEASE_SECONDS + 1, DAY, -SHIFT, -DAY])
def test_silence_is_waited_for_where_no_clock_tells(
        journal: Journal, run: int, beat: Callable[[float], None],
        sleep: Sleep, ago: float) -> None:
    beat(ago)
    assert lapsed_run(journal, TARGET, sleep) == run
    assert LEASE_SECONDS <= sleep.slept < LEASE_SECONDS + 10
    # Known once, it is known to everybody.
    sleep.slept = 0
    other = journal.begin_run(PLAN)
    assert acquire(journal, TARGET, other, sleep).run == other
    assert not sleep.slept


@pytest.mark.parametrize('ago', [LEASE_SECONDS + 1, -SHIFT])
def test_sign_of_life_ends_the_waiting(
        journal: Journal, run: int, beat: Callable[[float], None],
        sleep: Sleep, ago: float) -> None:
    beat(ago)
    sleep.then[LEASE_SECONDS - 10] = lambda: beat(ago - 30)
    with pytest.raises(LeaseHeldError, match='Another bot .elsewhere:1'):
        acquire(journal, TARGET, journal.begin_run(PLAN), sleep)
    assert sleep.slept < LEASE_SECONDS


def test_sign_of_life_at_the_last_moment_counts(
        journal: Journal, run: int, beat: Callable[[float], None],
        sleep: Sleep) -> None:
    beat(DAY)
    lease = leases.Lease(journal, TARGET, run, 'elsewhere:1')
    sleep.then[LEASE_SECONDS] = lease.heartbeat
    with pytest.raises(LeaseHeldError):
        acquire(journal, TARGET, journal.begin_run(PLAN), sleep)


def test_recent_sign_of_life_is_believed_at_once(
        journal: Journal, run: int, beat: Callable[[float], None],
        sleep: Sleep) -> None:
    beat(60)
    with pytest.raises(LeaseHeldError, match='elsewhere:1'):
        acquire(journal, TARGET, journal.begin_run(PLAN), sleep)
    assert not sleep.slept


def test_lease_that_is_given_back_meanwhile_is_free(
        journal: Journal, run: int, beat: Callable[[float], None],
        sleep: Sleep) -> None:
    beat(DAY)
    sleep.then[30] = leases.Lease(journal, TARGET, run, 'elsewhere:1').release
    other = journal.begin_run(PLAN)
    assert acquire(journal, TARGET, other, sleep).run == other
    assert sleep.slept < 60
