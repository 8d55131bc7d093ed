"""The lease: the right to import into a target, one run at a time.

It lapses when its holder has shown no sign of life for some time. How long
that is, no machine judges by its own clock: the database does. Where all
there is of it is a SQLite file, and its holder is on another machine (or in
another container, or from before this one was booted), no two clocks can be
compared. Then the heartbeat is watched, for as long as a lease lasts; that
takes a while, but no clock can make two bots out of one.
"""
from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.clock import database_time, has_clock
from importbot.journal.holders import is_dead, is_here, shown, this_process
from importbot.journal.journal import Journal
from importbot.journal.reader import pending_in
from importbot.model.errors import LeaseHeldError
from importbot.model.printable import printable
from importbot.model.problems import Problem


__all__ = ('LEASE_SECONDS', 'Lease', 'acquire', 'acquire_lapsed',
           'acquire_pass', 'is_in_use', 'lapsed_leases', 'lapsed_run',
           'runs_at_work')

#: Seconds without heartbeat after which a lease has lapsed: above the
#: longest call, which nothing can interrupt to renew it.
LEASE_SECONDS = 600

#: Numbers of MariaDB's errors.
_LOCK_WAIT_TIMEOUT, _DEADLOCK = 1205, 1213

#: What follows the target in the lease of its request pages.
_PASS = '#requests'

#: The heartbeat of a lease that has lapsed whatever the time is.
_LONG_AGO = '1970-01-01T00:00:00+00:00'

#: Seconds between two looks at a heartbeat.
_LOOK = 5


class _State(Enum):

    HELD = 'its holder may be at work'
    LAPSED = 'its holder is not at work any more'
    UNCLEAR = 'its heartbeat is of a clock that nobody here knows'


@dataclass(frozen=True)
class Lease:

    """The right to import into a target wiki, for one run at a time.

    :param journal: where it is written down
    :param target_api: the target wiki
    :param run: the run that holds it
    :param holder: host and process, as two may resume one run
    """

    journal: Journal = field(repr=False)
    target_api: str
    run: int
    holder: str

    def heartbeat(self) -> None:
        """Show that its holder is alive.

        :raises LeaseHeldError: it lapsed and was taken over
        """
        if not self._set_heartbeat(database_time()):
            api = self.target_api.removesuffix(_PASS)
            raise LeaseHeldError(
                Problem('lease-lapsed', run=self.run, api=api) if self.run
                else Problem('lease-lapsed-pass', api=api))

    def abandon(self) -> None:
        """Let it lapse now, for whoever comes next to take over.

        It is not given back: what was sent under it has to be reconciled
        before anything else is.
        """
        self._set_heartbeat(_LONG_AGO)

    def release(self) -> None:
        """Give it back."""
        with self.journal.transaction() as connection:
            connection.execute(tables.leases.delete().where(self._is_this()))

    def _set_heartbeat(self, when: str | sa.ColumnElement[str]) -> bool:
        """Return whether the lease was still this one."""
        with self.journal.transaction() as connection:
            done = connection.execute(tables.leases.update().values(
                heartbeat=when).where(self._is_this()))
        return bool(done.rowcount)

    def _is_this(self) -> sa.ColumnElement[bool]:
        return sa.and_(tables.leases.c.target_api == self.target_api,
                       tables.leases.c.run == self.run,
                       tables.leases.c.holder == self.holder)


def acquire(journal: Journal, target_api: str, run: int,
            sleep: Callable[[float], None] = time.sleep) -> Lease:
    """Take the lease of a target; a lapsed one is taken over.

    :param target_api: the target wiki
    :param run: the run that needs it
    :param sleep: waits for some seconds, where a heartbeat is watched
    :raises LeaseHeldError: somebody holds it, or it lapsed and nobody
        has found out yet what came of the work under it
    """
    _watch(journal, target_api, sleep)
    lease = Lease(journal, target_api, run, this_process())
    with journal.transaction() as connection:
        try:
            _take(connection, lease)
        except sa.exc.DBAPIError as error:
            if not _is_lost_race(error):
                raise
            raise LeaseHeldError(Problem('lease-being-taken',
                                         api=target_api)) from None
    return lease


def acquire_pass(journal: Journal, target_api: str,
                 sleep: Callable[[float], None] = time.sleep) -> Lease:
    """Take the right to work through the request pages of a target.

    What a pass knows of a request would be old where two work at once.

    :param target_api: the target wiki
    :param sleep: as for :func:`acquire`
    :raises LeaseHeldError: another pass is under way
    """
    return acquire(journal, f'{target_api}{_PASS}', 0, sleep)


def acquire_lapsed(journal: Journal, target_api: str,
                   sleep: Callable[[float], None] = time.sleep,
                   ) -> Lease | None:
    """Take the lease of a run that died, to find out what came of it.

    It stays that run's: it is to be abandoned, unless that was found out.

    :param target_api: the target wiki
    :param sleep: as for :func:`acquire`
    :return: None if there is nothing to take over
    :raises LeaseHeldError: somebody holds the lease
    """
    _watch(journal, target_api, sleep)
    with journal.transaction() as connection:
        row = _lapsed_row(connection, target_api)
        if row is None:
            return None
        lease = Lease(journal, target_api, int(row.run), this_process())
        connection.execute(_write(row, lease))
    return lease


def lapsed_run(journal: Journal, target_api: str,
               sleep: Callable[[float], None] = time.sleep) -> int | None:
    """Return the run whose lease lapsed without being given back.

    :param target_api: the target wiki
    :param sleep: as for :func:`acquire`
    :return: number of the run, None if there is nothing to take over
    :raises LeaseHeldError: somebody holds the lease
    """
    _watch(journal, target_api, sleep)
    with journal.transaction() as connection:
        row = _lapsed_row(connection, target_api)
    return None if row is None else int(row.run)


def _lapsed_row(connection: sa.Connection,
                target_api: str) -> sa.Row[Any] | None:
    """Return the row of a lease that lapsed, None if there is no lease.

    :raises LeaseHeldError: somebody holds it
    """
    row = _row(connection, target_api)
    if row is not None and _state(connection, row) is not _State.LAPSED:
        raise _held(row)
    return row


def runs_at_work(journal: Journal) -> frozenset[int]:
    """Return the runs whose holder may still be at work.

    It is told at once: where no clock can be compared, what a heartbeat of
    another machine says is believed.

    :param journal: where leases are written down
    """
    return frozenset(row.run for row in _at_work(journal) if row.run)


def is_in_use(journal: Journal) -> bool:
    """Return whether a bot may be at work, with whatever.

    :param journal: where leases are written down
    """
    return bool(_at_work(journal))


def lapsed_leases(journal: Journal,
                  target_api: str) -> list[tuple[int, str, str]]:
    """Return the leases of a target whose holder is not at work any more.

    :param journal: where leases are written down
    :param target_api: the target wiki
    :return: run (0 for a pass), holder for people, last sign of life
    """
    held = {row.target_api for row in _at_work(journal)}
    with journal.transaction() as connection:
        return [(row.run, shown(row.holder), row.heartbeat)
                for row in connection.execute(_leases())
                if row.target_api not in held
                and row.target_api.removesuffix(_PASS) == target_api]


def _at_work(journal: Journal) -> list[sa.Row[Any]]:
    with journal.transaction() as connection:
        return [row for row in connection.execute(_leases())
                if _state(connection, row) is not _State.LAPSED
                and _age(row) < timedelta(seconds=LEASE_SECONDS)]


def _watch(journal: Journal, target_api: str,
           sleep: Callable[[float], None]) -> None:
    """Find out whether a lease has lapsed, where no clock tells.

    One that has is marked, so that everybody knows.

    :raises LeaseHeldError: its holder is alive
    """
    with journal.transaction() as connection:
        row = _row(connection, target_api)
        if row is None or _state(connection, row) is not _State.UNCLEAR:
            return
    # It reads its configuration, before which the sandbox has to run.
    import pywikibot

    pywikibot.warning(printable(
        f'Another bot ({shown(row.holder)}) may be at work, on a machine '
        'whose clock is not known; looking for a sign of life, for '
        f'{LEASE_SECONDS // 60} minutes at most'))
    begun = time.monotonic()
    while (left := begun + LEASE_SECONDS - time.monotonic()) > 0:
        sleep(min(_LOOK, left))
        with journal.transaction() as connection:
            now = _row(connection, target_api)
        if now is None or (now.run, now.holder) != (row.run, row.holder):
            return
        if now.heartbeat != row.heartbeat:
            raise _held(now)
    leases = tables.leases
    with journal.transaction() as connection:
        connection.execute(leases.update().values(heartbeat=_LONG_AGO).where(
            leases.c.target_api == target_api, leases.c.run == row.run,
            leases.c.holder == row.holder,
            leases.c.heartbeat == row.heartbeat))


def _take(connection: sa.Connection, lease: Lease) -> None:
    row = _row(connection, lease.target_api)
    if row is not None and _state(connection, row) is not _State.LAPSED:
        raise _held(row)
    if row is not None and pending_in(connection, row.run):
        raise LeaseHeldError(Problem('lease-unsettled', run=row.run,
                                     api=lease.target_api))
    connection.execute(_write(row, lease))


def _write(row: sa.Row[Any] | None,
           lease: Lease) -> sa.Insert | sa.Update:
    """Return the statement that makes a lease out of a row, or of none.

    Only a row that was read is changed: it is locked. If another process
    has inserted one since, this insert fails.
    """
    write = tables.leases.insert() if row is None else \
        tables.leases.update().where(
            tables.leases.c.target_api == lease.target_api)
    return write.values(
        target_api=lease.target_api, run=lease.run, holder=lease.holder,
        heartbeat=database_time())


def _is_lost_race(error: sa.exc.DBAPIError) -> bool:
    """Whether another process takes the same lease, and was faster.

    A lease that is free has no row to lock: all insert it, and one can.
    MariaDB says so to the others in one of three ways.
    """
    return (isinstance(error, sa.exc.IntegrityError)
            or bool(error.orig and error.orig.args[:1] in (
                (_LOCK_WAIT_TIMEOUT, ), (_DEADLOCK, ))))


def _leases() -> sa.Select[Any]:
    """Return the query for leases, each with what time it is now."""
    return sa.select(tables.leases, database_time().label('now'))


def _row(connection: sa.Connection, target_api: str) -> sa.Row[Any] | None:
    return connection.execute(
        _leases().where(tables.leases.c.target_api == target_api)
        .with_for_update()).first()


def _state(connection: sa.Connection, row: sa.Row[Any]) -> _State:
    """Return what is known of a lease at once."""
    if row.heartbeat == _LONG_AGO or is_dead(row.holder):
        return _State.LAPSED
    lasts, age = timedelta(seconds=LEASE_SECONDS), _age(row)
    if has_clock(connection) or is_here(row.holder):
        return _State.LAPSED if age >= lasts else _State.HELD
    # One from the future shows that clocks differ.
    return _State.HELD if -lasts < age < lasts else _State.UNCLEAR


def _age(row: sa.Row[Any]) -> timedelta:
    return (datetime.fromisoformat(row.now)
            - datetime.fromisoformat(row.heartbeat))


def _held(row: sa.Row[Any]) -> LeaseHeldError:
    api = row.target_api.removesuffix(_PASS)
    works = (f'run {row.run}) imports into {api}' if row.run else
             f'a pass) works through the request pages of {api}')
    return LeaseHeldError(
        f'Another bot ({shown(row.holder)}, {works} now; wait until it is '
        f'done. If it is dead, its lease lapses {LEASE_SECONDS // 60} '
        f'minutes after its last sign of life, {row.heartbeat}')
