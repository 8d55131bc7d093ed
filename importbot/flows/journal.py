"""The database of runs: every decision and every outcome.

SQLAlchemy Core on a SQLite file by default, any other database by URL.
What is about to be sent is written down before it is sent, so that a kill
at any moment leaves a trace of what may have been done.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from importbot.flows import tables
from importbot.model.errors import JournalError, first_line
from importbot.model.plans import PageResult, Plan
from importbot.model.uploads import UploadSize
from importbot.model.words import Outcome


__all__ = ('Journal', 'Pending', 'SCHEMA_VERSION', 'now', 'pending_in')

SCHEMA_VERSION = 1

#: Rows in a statement; SQLite takes 999 parameters on old systems.
_AT_ONCE = 400

#: Operators raise limits now and then.
_UPLOADS_KNOWN = timedelta(days=30)


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


class Journal:

    """The database of runs.

    :param url: SQLAlchemy URL; a path makes a SQLite file
    :raises JournalError: it cannot be opened or is of a newer release
    """

    def __init__(self, url: str) -> None:
        """Initializer."""
        self._url = _read_url(url)
        try:
            self._engine = sa.create_engine(self._url)
        except (sa.exc.SQLAlchemyError, ImportError) as error:
            raise self._unusable(error) from None
        if self._engine.dialect.name == 'sqlite':
            _begin_immediately(self._engine)
        with self.transaction() as connection:
            _prepare(connection)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """Yield a connection; all or nothing of what is done with it.

        For modules with tables of their own, too. It ends with the block:
        all is written down, or nothing if the block raises. One
        transaction is not opened within another: SQLite would wait for
        itself.

        :return: a connection in a transaction of its own
        :raises JournalError: the database does not do it
        """
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> JournalError:
        # Neither the password nor the query, which may hold one.
        shown = self._url.set(query={}).render_as_string(hide_password=True)
        return JournalError(f'The journal {shown} cannot be used: '
                            f'{first_line(error)}; give another with '
                            '-journal:')

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def begin_run(self, plan: Plan) -> int:
        """Write down a run with all its decisions; return its number.

        :param plan: the plan that is to be applied
        """
        with self.transaction() as connection:
            done = connection.execute(tables.runs.insert().values(
                plan=plan.id, state='running', started=now(),
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
                connection.execute(tables.pages.insert(), rows)
        return run

    def sending(self, run: int, revisions_before: Mapping[int, int],
                when: str) -> None:
        """Write down that some pages are about to be sent.

        :param run: number of the run
        :param revisions_before: the target's newest revisions, 0 for none,
            by place of the pages in their plan
        :param when: time of the target, ISO 8601
        """
        self._update_pages(run, {
            position: {'sent': when, 'revision_before': before}
            for position, before in revisions_before.items()})

    def outcomes(self, run: int, results: Mapping[int, PageResult]) -> None:
        """Write down what became of some pages.

        :param run: number of the run
        :param results: by place of the pages in their plan
        """
        self._update_pages(run, {
            position: {'imported': result.imported, 'error': result.error,
                       'outcome': result.outcome and result.outcome.value}
            for position, result in results.items()})

    def _update_pages(self, run: int,
                      values: Mapping[int, Mapping[str, Any]]) -> None:
        with self.transaction() as connection:
            for position, row in values.items():
                connection.execute(
                    tables.pages.update().values(**row).where(
                        tables.pages.c.run == run,
                        tables.pages.c.position == position))

    def go_on(self, run: int) -> None:
        """Write down that an interrupted run is gone on with.

        :param run: number of the run
        """
        with self.transaction() as connection:
            connection.execute(
                tables.runs.update().values(state='running', ended=None)
                .where(tables.runs.c.run == run))

    def unsent(self, run: int, position: int) -> None:
        """Write down that nothing came of what was sent of a page.

        :param run: number of the run
        :param position: place of the page in its plan
        """
        self._update_pages(run, {position: {
            'sent': None, 'outcome': None, 'error': None}})

    def interrupted_run(self, target_api: str) -> int | None:
        """Return the latest run that did not come to its end.

        :param target_api: the target wiki
        """
        query = sa.select(tables.runs.c.run, tables.runs.c.state).where(
            tables.runs.c.target_api == target_api).order_by(
            tables.runs.c.run.desc())
        with self.transaction() as connection:
            row = connection.execute(query).first()
        return row.run if row and row.state != 'finished' else None

    def end_run(self, run: int, state: str) -> None:
        """Write down that a run has ended.

        :param run: number of the run
        :param state: ``finished`` or ``interrupted``
        """
        with self.transaction() as connection:
            connection.execute(
                tables.runs.update().values(state=state, ended=now())
                .where(tables.runs.c.run == run))

    def pending(self, run: int) -> list[Pending]:
        """Return what a run sent without saying what came of it."""
        with self.transaction() as connection:
            return pending_in(connection, run)

    def page_rows(self, run: int) -> list[dict[str, Any]]:
        """Return the recorded decisions and outcomes of a run, in order."""
        query = sa.select(tables.pages).where(
            tables.pages.c.run == run).order_by(tables.pages.c.position)
        with self.transaction() as connection:
            return [dict(row) for row in connection.execute(query)
                    .mappings()]

    def run_row(self, run: int) -> dict[str, Any]:
        """Return what is recorded of a run itself.

        :raises JournalError: there is no such run
        """
        query = sa.select(tables.runs).where(tables.runs.c.run == run)
        with self.transaction() as connection:
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
        with self.transaction() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                part = wanted[start:start + _AT_ONCE]
                rows = connection.execute(sa.select(tables.readings).where(
                    tables.readings.c.text.in_(part)))
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
        with self.transaction() as connection:
            # Another bot may have read the same text a moment ago.
            for start in range(0, len(rows), _AT_ONCE):
                part = rows[start:start + _AT_ONCE]
                connection.execute(tables.readings.delete().where(
                    tables.readings.c.text.in_([row['text'] for row in part])))
                connection.execute(tables.readings.insert(), part)

    def upload_size(self, target_api: str) -> UploadSize:
        """Return what is known of the size of uploads, if it is not old.

        :param target_api: the target wiki
        """
        table = tables.uploads
        query = sa.select(table).where(table.c.target_api == target_api)
        with self.transaction() as connection:
            row = connection.execute(query).first()
        if row is None or (datetime.now(timezone.utc)
                           - datetime.fromisoformat(row.learnt)
                           > _UPLOADS_KNOWN):
            return UploadSize()
        return UploadSize(row.most, row.guess, row.proven)

    def remember_upload_size(self, target_api: str,
                             size: UploadSize) -> None:
        """Keep what was learnt of the size of uploads.

        :param target_api: the target wiki
        :param size: what is known now
        """
        if size == self.upload_size(target_api):
            return
        table = tables.uploads
        with self.transaction() as connection:
            connection.execute(table.delete().where(
                table.c.target_api == target_api))
            connection.execute(table.insert().values(
                target_api=target_api, most=size.most, guess=size.guess,
                proven=size.proven, learnt=now()))


def _read_url(url: str) -> sa.URL:
    """Return the URL; a path without a scheme is a SQLite file."""
    if '://' not in url:
        return sa.URL.create('sqlite', database=str(Path(url)))
    try:
        return sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        # What is wrong with it may be its password.
        raise JournalError(
            'The URL of the journal cannot be read; it goes '
            'dialect://user:password@host:port/database, with signs such as '
            '@ and / of the password as %40 and %2F') from None


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
    tables.metadata.create_all(connection)
    version = connection.execute(sa.select(tables.schema.c.version)).scalar()
    if version is None:
        connection.execute(
            tables.schema.insert().values(version=SCHEMA_VERSION))
    elif version > SCHEMA_VERSION:
        raise JournalError(
            f'The journal has schema {version}, this importbot knows '
            f'{SCHEMA_VERSION}; update importbot, or give another journal '
            'with -journal:')


def pending_in(connection: sa.Connection, run: int) -> list[Pending]:
    """Return what a run sent without saying what came of it.

    :param connection: in the transaction that needs to know
    :param run: number of the run
    """
    query = sa.select(tables.pages).where(
        tables.pages.c.run == run, tables.pages.c.sent.is_not(None),
        tables.pages.c.outcome.is_(None)
        | (tables.pages.c.outcome == Outcome.UNKNOWN.value),
    ).order_by(tables.pages.c.position)
    return [Pending(row.run, row.position, row.decided, row.sent,
                    row.revision_before)
            for row in connection.execute(query)]


def now() -> str:
    """Return the time as it is written down, ISO 8601."""
    return datetime.now(timezone.utc).isoformat(timespec='seconds')
