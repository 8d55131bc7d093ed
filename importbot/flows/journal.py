"""The database of runs: every decision, every outcome, and the lease.

SQLAlchemy Core on a SQLite file by default, any other database by URL.
What is about to be sent is written down before it is sent, so that a kill
at any moment leaves a trace of what may have been done.
"""
from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from importbot.model.errors import JournalError, LeaseHeldError
from importbot.model.plans import PageResult, Plan
from importbot.model.words import Outcome


__all__ = ('Journal', 'Lease', 'Pending', 'SCHEMA_VERSION')

SCHEMA_VERSION = 1

#: Seconds without heartbeat after which a lease has lapsed: above the
#: longest call, which nothing can interrupt to renew it.
LEASE_SECONDS = 600

#: Rows in a statement; SQLite takes 999 parameters on old systems.
_AT_ONCE = 400

_metadata = sa.MetaData()

_schema = sa.Table(
    'importbot_schema', _metadata,
    sa.Column('version', sa.Integer, primary_key=True,
              autoincrement=False))

_runs = sa.Table(
    'importbot_runs', _metadata,
    sa.Column('run', sa.Integer, primary_key=True),
    sa.Column('plan', sa.String(64), nullable=False),
    sa.Column('state', sa.String(16), nullable=False),
    sa.Column('started', sa.String(32), nullable=False),
    sa.Column('ended', sa.String(32)),
    sa.Column('source_api', sa.String(255), nullable=False),
    sa.Column('source_prefix', sa.String(255), nullable=False),
    sa.Column('target_api', sa.String(255), nullable=False),
    sa.Column('target_user', sa.String(255), nullable=False),
    sa.Column('options', sa.JSON, nullable=False))

_pages = sa.Table(
    'importbot_pages', _metadata,
    sa.Column('run', sa.ForeignKey('importbot_runs.run'),
              primary_key=True),
    sa.Column('position', sa.Integer, primary_key=True,
              autoincrement=False),
    sa.Column('title', sa.String(512), nullable=False),
    sa.Column('target', sa.String(512), nullable=False),
    sa.Column('role', sa.String(16), nullable=False),
    sa.Column('relation', sa.String(16)),
    sa.Column('decision', sa.String(16), nullable=False),
    sa.Column('reason', sa.String(32), nullable=False),
    sa.Column('decided', sa.JSON, nullable=False),
    sa.Column('sent', sa.String(32)),
    sa.Column('revision_before', sa.Integer),
    sa.Column('outcome', sa.String(16)),
    sa.Column('imported', sa.Integer, nullable=False, default=0),
    sa.Column('error', sa.Text),
    sa.Index('importbot_pages_target', 'target', mysql_length=191))

_readings = sa.Table(
    'importbot_readings', _metadata,
    sa.Column('text', sa.String(64), primary_key=True),
    sa.Column('found', sa.Text, nullable=False))

_leases = sa.Table(
    'importbot_leases', _metadata,
    sa.Column('target_api', sa.String(255), primary_key=True),
    sa.Column('run', sa.Integer, nullable=False),
    sa.Column('holder', sa.String(255), nullable=False),
    sa.Column('heartbeat', sa.String(32), nullable=False))


@dataclass(frozen=True)
class Pending:

    """An import that was sent under a run that never said what came of it.

    :param run: number of the run
    :param position: place of the page in its plan
    :param decided: the planned page in its JSON form
    :param sent: time of the target when it was sent, ISO 8601
    :param revision_before: the target's newest revision then, 0 for none
    """

    run: int
    position: int
    decided: Mapping[str, Any]
    sent: str
    revision_before: int


@dataclass(frozen=True)
class Lease:

    """The right to import into a target wiki, for one run at a time.

    :param target_api: the target wiki
    :param run: the run that holds it
    :param holder: host and process
    """

    target_api: str
    run: int
    holder: str


class Journal:

    """The database of runs.

    :param url: SQLAlchemy URL; a path makes a SQLite file
    :raises JournalError: it cannot be opened or is of a newer release
    """

    def __init__(self, url: str) -> None:
        """Initializer."""
        self.url = url if '://' in url else f'sqlite:///{Path(url)}'
        try:
            self._engine = sa.create_engine(self.url)
            if self._engine.dialect.name == 'sqlite':
                _begin_immediately(self._engine)
            with self._engine.begin() as connection:
                _prepare(connection)
        except (sa.exc.SQLAlchemyError, ImportError) as error:
            raise JournalError(
                f'The journal {self._shown_url} cannot be opened: '
                f'{_first_line(error)}; give another with -journal:') from None

    @property
    def _shown_url(self) -> str:
        try:
            return sa.make_url(self.url).render_as_string(hide_password=True)
        except sa.exc.SQLAlchemyError:
            return 'given with -journal:'

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def begin_run(self, plan: Plan) -> int:
        """Write down a run with all its decisions; return its number.

        :param plan: the plan that is to be applied
        """
        with self._engine.begin() as connection:
            done = connection.execute(_runs.insert().values(
                plan=plan.id, state='running', started=_now(),
                source_api=plan.source.api,
                source_prefix=plan.source.prefix or '',
                target_api=plan.target.api,
                target_user=plan.target.user or '',
                options=dict(plan.options)))
            key = done.inserted_primary_key
            assert key is not None, 'a single insert has a key'
            run = int(key[0])
            rows = [{'run': run, 'position': position, 'title': page.title,
                     'target': page.target, 'role': page.role.value,
                     'relation': page.relation and page.relation.value,
                     'decision': page.decision.value,
                     'reason': page.reason.value, 'decided': page.as_json()}
                    for position, page in enumerate(plan.pages)]
            if rows:
                connection.execute(_pages.insert(), rows)
        return run

    def sending(self, run: int, position: int, when: str,
                revision_before: int) -> None:
        """Write down that a page is about to be sent.

        :param run: number of the run
        :param position: place of the page in its plan
        :param when: time of the target, ISO 8601
        :param revision_before: the target's newest revision, 0 for none
        """
        self._update_page(run, position, sent=when,
                          revision_before=revision_before)

    def outcome(self, run: int, position: int, result: PageResult) -> None:
        """Write down what became of a page.

        :param run: number of the run
        :param position: place of the page in its plan
        :param result: what became of it
        """
        self._update_page(
            run, position, imported=result.imported, error=result.error,
            outcome=result.outcome and result.outcome.value)

    def _update_page(self, run: int, position: int, **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(
                _pages.update().values(**values).where(
                    _pages.c.run == run, _pages.c.position == position))

    def end_run(self, run: int, state: str) -> None:
        """Write down that a run has ended.

        :param run: number of the run
        :param state: ``finished`` or ``interrupted``
        """
        with self._engine.begin() as connection:
            connection.execute(
                _runs.update().values(state=state, ended=_now())
                .where(_runs.c.run == run))

    def pending(self, run: int) -> list[Pending]:
        """Return what a run sent without saying what came of it."""
        query = sa.select(_pages).where(
            _pages.c.run == run, _pages.c.sent.is_not(None),
            _pages.c.outcome.is_(None)
            | (_pages.c.outcome == Outcome.UNKNOWN.value),
        ).order_by(_pages.c.position)
        with self._engine.connect() as connection:
            return [Pending(row.run, row.position, row.decided, row.sent,
                            row.revision_before)
                    for row in connection.execute(query)]

    def page_rows(self, run: int) -> list[dict[str, Any]]:
        """Return the recorded decisions and outcomes of a run, in order."""
        query = sa.select(_pages).where(_pages.c.run == run).order_by(
            _pages.c.position)
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query)
                    .mappings()]

    def run_row(self, run: int) -> dict[str, Any]:
        """Return what is recorded of a run itself.

        :raises JournalError: there is no such run
        """
        query = sa.select(_runs).where(_runs.c.run == run)
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise JournalError(f'The journal has no run {run}')
        return dict(row)

    def readings(self, keys: Iterable[str]) -> dict[str, str]:
        """Return what is remembered of some texts.

        :param keys: digests that stand for the texts
        """
        wanted = list(keys)
        found: dict[str, str] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                rows = connection.execute(sa.select(_readings).where(
                    _readings.c.text.in_(wanted[start:start + _AT_ONCE])))
                found.update((row.text, row.found) for row in rows)
        return found

    def remember_readings(self, readings: Mapping[str, str]) -> None:
        """Remember what some texts refer to.

        :param readings: by the digest that stands for the text
        """
        rows = [{'text': key, 'found': found}
                for key, found in readings.items()]
        if not rows:
            return
        with self._engine.begin() as connection:
            # Another bot may have read the same text a moment ago.
            for start in range(0, len(rows), _AT_ONCE):
                part = rows[start:start + _AT_ONCE]
                connection.execute(_readings.delete().where(
                    _readings.c.text.in_([row['text'] for row in part])))
                connection.execute(_readings.insert(), part)

    def lapsed_run(self, target_api: str) -> int | None:
        """Return the run whose lease lapsed without being given back.

        :param target_api: the target wiki
        :return: number of the run, None if there is nothing to take over
        :raises LeaseHeldError: somebody holds the lease
        """
        with self._engine.connect() as connection:
            row = _lease_row(connection, target_api)
        if row is None:
            return None
        if _is_held(row):
            raise _held(row)
        return int(row.run)

    def acquire(self, target_api: str, run: int) -> Lease:
        """Take the lease of a target; a lapsed one is taken over.

        :param target_api: the target wiki
        :param run: the run that needs it
        :raises LeaseHeldError: somebody holds it
        """
        lease = Lease(target_api, run, _holder())
        with self._engine.begin() as connection:
            row = _lease_row(connection, target_api)
            if row is not None and _is_held(row):
                raise _held(row)
            connection.execute(_leases.delete().where(
                _leases.c.target_api == target_api))
            connection.execute(_leases.insert().values(
                target_api=target_api, run=run, holder=lease.holder,
                heartbeat=_now()))
        return lease

    def heartbeat(self, lease: Lease) -> None:
        """Show that the holder of a lease is alive.

        :raises LeaseHeldError: it lapsed and was taken over
        """
        with self._engine.begin() as connection:
            done = connection.execute(
                _leases.update().values(heartbeat=_now()).where(
                    _leases.c.target_api == lease.target_api,
                    _leases.c.run == lease.run))
        if not done.rowcount:
            raise LeaseHeldError(
                f'The lease of run {lease.run} lapsed and another bot took '
                f'it over; nothing more was sent to {lease.target_api}')

    def release(self, lease: Lease) -> None:
        """Give a lease back."""
        with self._engine.begin() as connection:
            connection.execute(_leases.delete().where(
                _leases.c.target_api == lease.target_api,
                _leases.c.run == lease.run))


def _begin_immediately(engine: sa.Engine) -> None:
    """Let SQLite lock at the begin, so that reading and taking the lease
    is one transaction between processes."""
    @sa.event.listens_for(engine, 'connect')
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute('PRAGMA busy_timeout = 30000')

    @sa.event.listens_for(engine, 'begin')
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql('BEGIN IMMEDIATE')


def _prepare(connection: sa.Connection) -> None:
    _metadata.create_all(connection)
    version = connection.execute(sa.select(_schema.c.version)).scalar()
    if version is None:
        connection.execute(_schema.insert().values(version=SCHEMA_VERSION))
    elif version > SCHEMA_VERSION:
        raise JournalError(
            f'The journal has schema {version}, this importbot knows '
            f'{SCHEMA_VERSION}; update importbot, or give another journal '
            'with -journal:')


def _lease_row(connection: sa.Connection,
               target_api: str) -> sa.Row[Any] | None:
    return connection.execute(
        sa.select(_leases).where(_leases.c.target_api == target_api)
        .with_for_update()).first()


def _is_held(row: sa.Row[Any]) -> bool:
    """Whether the holder may still be at work."""
    heartbeat = datetime.fromisoformat(row.heartbeat)
    lapse = timedelta(seconds=LEASE_SECONDS)
    return (datetime.now(timezone.utc) - heartbeat < lapse
            and not _is_dead_here(row.holder))


def _is_dead_here(holder: str) -> bool:
    """Whether the holder was a process of this machine that has ended."""
    host, _, process = holder.rpartition(':')
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _holder() -> str:
    return f'{socket.gethostname()}:{os.getpid()}'


def _held(row: sa.Row[Any]) -> LeaseHeldError:
    return LeaseHeldError(
        f'Another bot ({row.holder}, run {row.run}) imports into '
        f'{row.target_api} now; wait until it is done. If it is dead, its '
        f'lease lapses {LEASE_SECONDS // 60} minutes after its last sign '
        f'of life, {row.heartbeat}')


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec='seconds')


def _first_line(error: BaseException) -> str:
    return str(error).partition('\n')[0]
