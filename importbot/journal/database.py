"""A database by its URL: connections, transactions, the schema."""
from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from importbot.journal import tables
from importbot.model.errors import JournalError, first_line


__all__ = ('Database', 'insert_missing')

#: Names that SQLAlchemy has for it.
_MARIADB = ('mysql', 'mariadb')


class Database:

    """A database with the tables of importbot.

    :param url: SQLAlchemy URL; a path makes a SQLite file
    :param reads_only: whether it is left as it is, though it be of an
        older release and lack tables, see :meth:`has`
    :raises JournalError: it cannot be opened, is of a newer release, or
        is not there to be read
    """

    def __init__(self, url: str, *, reads_only: bool = False) -> None:
        self._url = _read_url(url)
        if reads_only and _is_missing_file(self._url):
            raise self._without_runs()
        try:
            self._engine = _engine(self._url, reads_only)
            with self.transaction() as connection:
                self._there, version = _known(connection)
                if not reads_only:
                    _prepare(connection, self._there, version)
                    self._there = frozenset(tables.metadata.tables)
        except (sa.exc.SQLAlchemyError, ImportError, TypeError) as error:
            # The driver does not know an option of the URL: TypeError.
            raise self._unusable(error) from None
        if not self.has(tables.runs):
            raise self._without_runs()

    def has(self, table: sa.Table) -> bool:
        """Return whether it has a table; one of an older release lacks some.

        :param table: of :mod:`importbot.journal.tables`
        """
        return table.name in self._there

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
        return JournalError(f'No run is recorded in {self._shown}; give '
                            'another journal with -journal:')

    @property
    def _shown(self) -> str:
        # Neither the password nor the query, which may hold one.
        return self._url.set(query={}).render_as_string(hide_password=True)

    def _unusable(self, error: Exception) -> JournalError:
        reason, advice = first_line(error), 'give another with -journal:'
        if isinstance(error, sa.exc.DBAPIError) and error.orig:
            # The last of what a driver says is the sentence.
            reason = first_line(Exception(*error.orig.args[-1:]))
        elif (isinstance(error, ImportError)
              and self._url.get_backend_name() in _MARIADB):
            advice = ('install importbot[mariadb], and begin the URL with '
                      'mysql+pymysql://')
        return JournalError(
            f'The journal {self._shown} cannot be used: {reason}; {advice}')

    @property
    def is_file(self) -> bool:
        """Whether it is a SQLite file."""
        return self._engine.dialect.name == 'sqlite'

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
            raise JournalError(
                f'The file {self._shown} stays as large as it is: '
                f'{first_line(error)}; nothing else is wrong with it'
                ) from None
        finally:
            connection.close()

    def close(self) -> None:
        """Give the connections back, for a while or for good.

        The next transaction opens one again.
        """
        self._engine.dispose()


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


def _known(connection: sa.Connection) -> tuple[frozenset[str], int]:
    """Return the tables that are there, and of which schema they are.

    :raises JournalError: of one that nobody knows yet
    """
    names = frozenset(sa.inspect(connection).get_table_names())
    version = 0
    if tables.schema.name in names:
        version = connection.execute(
            sa.select(sa.func.max(tables.schema.c.version))).scalar() or 0
    if version > tables.SCHEMA_VERSION:
        raise JournalError(
            f'The journal has schema {version}, this importbot knows '
            f'{tables.SCHEMA_VERSION}; update importbot, or give another '
            'journal with -journal:')
    return names, version


def _prepare(connection: sa.Connection, names: frozenset[str],
             version: int) -> None:
    """Create what is missing; every version so far only added tables."""
    for table in tables.metadata.sorted_tables:
        if table.name not in names:
            _create(connection, table)
    if version < tables.SCHEMA_VERSION:
        connection.execute(tables.schema.delete())
        connection.execute(insert_missing(tables.schema).values(
            version=tables.SCHEMA_VERSION))


def _create(connection: sa.Connection, table: sa.Table) -> None:
    """Create a table, unless another process just did."""
    connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
    for index in table.indexes:
        connection.execute(sa.schema.CreateIndex(index, if_not_exists=True))


def insert_missing(table: sa.Table) -> sa.Insert:
    """Return an insert that leaves alone rows whose key is there already.

    Another process may have written the same a moment ago.

    :param table: where rows are inserted
    """
    insert = table.insert().prefix_with('OR IGNORE', dialect='sqlite')
    for dialect in _MARIADB:
        insert = insert.prefix_with('IGNORE', dialect=dialect)
    return insert
