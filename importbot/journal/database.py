"""A database by its URL: connections, transactions, the schema."""
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.schemas import MARIADB, prepare, version_of, views
from importbot.model.errors import JournalError, first_line
from importbot.model.problems import Problem


__all__ = ('Database', 'insert_missing')


class Database:

    """A database with the tables of importbot.

    :param url: SQLAlchemy URL; a path makes a SQLite file
    :param reads_only: whether it is left as it is, though it be of an
        older release; it reads as if it were lifted
    :param upgrades: whether it is lifted to the schema of this release even
        where that does not go by itself
    :raises JournalError: it cannot be opened, is of a newer release, is
        not lifted by itself, or is not there to be read
    """

    def __init__(self, url: str | PathLike[str], *, reads_only: bool = False,
                 upgrades: bool = False) -> None:
        self._url = _read_url(url)
        if reads_only and _is_missing_file(self._url):
            raise self._without_runs()
        try:
            self._engine = _engine(self._url, reads_only)
            with self._engine.connect() as connection:
                if not reads_only:
                    prepare(connection, upgrades=upgrades)
                #: Number of the schema that it has.
                self.schema = version_of(connection)
                has_runs = sa.inspect(connection).has_table(tables.runs.name)
                shown = views(connection, self.schema) if reads_only else ''
        except (sa.exc.SQLAlchemyError, ImportError, TypeError) as error:
            # The driver does not know an option of the URL: TypeError.
            raise self._unusable(error) from None
        if not has_runs:
            raise self._without_runs()
        if shown:
            _put_before_queries(self._engine, shown)

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

    def _without_runs(self) -> JournalError:
        return JournalError(Problem('journal-without-runs',
                                    journal=self._shown))

    @property
    def _shown(self) -> str:
        # Neither the password nor the query, which may hold one.
        return self._url.set(query={}).render_as_string(hide_password=True)

    def _unusable(self, error: Exception) -> JournalError:
        reason, key = first_line(error), 'journal-unusable'
        if isinstance(error, sa.exc.DBAPIError) and error.orig:
            # The last of what a driver says is the sentence.
            reason = first_line(Exception(*error.orig.args[-1:]))
        elif (isinstance(error, ImportError)
              and self._url.get_backend_name() in MARIADB):
            key = 'journal-no-driver'
        return JournalError(Problem(key, journal=self._shown, cause=reason))

    @property
    def is_file(self) -> bool:
        """Whether it is a SQLite file."""
        return self._engine.dialect.name == 'sqlite'

    @property
    def path(self) -> Path | None:
        """The SQLite file, None if it is none."""
        name = self._url.database
        return Path(name) if self.is_file and name and Path(
            name).is_file() else None

    def compact(self) -> None:
        """Make the file smaller by what was deleted in it.

        Nobody else can write meanwhile. It needs as much room again.

        :raises JournalError: it stays as it is
        """
        connection = self._engine.raw_connection()
        try:
            # Not within a transaction, which is how SQLAlchemy begins.
            connection.cursor().execute('VACUUM')
        except sqlite3.Error as error:
            raise JournalError(Problem(
                'journal-not-smaller', journal=self._shown,
                cause=first_line(error))) from None
        finally:
            connection.close()

    def close(self) -> None:
        """Give the connections back, for a while or for good.

        The next transaction opens one again.
        """
        self._engine.dispose()


def _read_url(given: str | PathLike[str]) -> sa.URL:
    """Return the URL; a path without a scheme is a SQLite file."""
    url = fspath(given)
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


def _is_missing_file(url: sa.URL) -> bool:
    """Whether it is a SQLite file that opening would make."""
    name = url.database or ''
    return (url.get_backend_name() == 'sqlite' and name != ':memory:'
            and not name.startswith('file:') and not Path(name).exists())


def _engine(url: sa.URL, reads_only: bool) -> sa.Engine:
    if url.get_backend_name() != 'sqlite':
        # Servers close connections that are idle for long. No gap between
        # rows is locked, so that nobody waits for who writes other rows.
        return sa.create_engine(url, pool_pre_ping=True,
                                isolation_level='READ COMMITTED')
    engine = sa.create_engine(url)
    _begin_with(engine, 'BEGIN' if reads_only else 'BEGIN IMMEDIATE')
    if reads_only:
        _forbid_writing(engine)
    return engine


def _begin_with(engine: sa.Engine, statement: str) -> None:
    """Let SQLite lock at the begin, so that reading and taking the lease
    is one transaction between processes; who only reads keeps nobody out.
    """
    @sa.event.listens_for(engine, 'connect')
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute('PRAGMA busy_timeout = 30000')

    @sa.event.listens_for(engine, 'begin')
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(statement)


def _forbid_writing(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, 'connect')
    def _connect(connection: Any, _record: Any) -> None:
        connection.execute('PRAGMA query_only = ON')


def _put_before_queries(engine: sa.Engine, shown: str) -> None:
    @sa.event.listens_for(engine, 'before_cursor_execute', retval=True)
    def _execute(_connection: Any, _cursor: Any, statement: str,
                 parameters: Any, *_rest: Any) -> tuple[str, Any]:
        return (shown + statement if statement.startswith('SELECT')
                else statement), parameters


def insert_missing(table: sa.Table) -> sa.Insert:
    """Return an insert that leaves alone rows whose key is there already.

    Another process may have written the same a moment ago.

    :param table: where rows are inserted
    """
    insert = table.insert().prefix_with('OR IGNORE', dialect='sqlite')
    for dialect in MARIADB:
        insert = insert.prefix_with('IGNORE', dialect=dialect)
    return insert
