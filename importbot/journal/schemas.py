"""The schema of a journal: created, lifted, and read as if it were lifted.

``importbot_schema`` alone has the number; older releases refuse a newer one
by it. So Alembic carries out the steps, and has no table of its own.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from importbot.journal import tables
from importbot.model.errors import JournalError
from importbot.model.problems import Problem


if TYPE_CHECKING:
    from alembic.script import Script


__all__ = ('MARIADB', 'MIGRATIONS', 'prepare', 'version_of', 'views')

#: Names that SQLAlchemy has for it.
MARIADB = ('mysql', 'mariadb')

#: Folders of migrations.
MIGRATIONS = [Path(__file__).with_name('migrations') / 'versions']

#: Seconds that another process may take to lift a journal.
_PATIENCE = 600


def version_of(connection: sa.Connection) -> int:
    """Return the schema of a journal, 0 where there is none.

    :raises JournalError: of one that nobody knows yet
    """
    version = 0
    if tables.schema.name in _names(connection):
        version = connection.execute(
            sa.select(sa.func.max(tables.schema.c.version))).scalar() or 0
    if version > tables.SCHEMA_VERSION:
        raise JournalError(Problem('journal-newer', schema=version,
                                   known=tables.SCHEMA_VERSION))
    return version


def _names(connection: sa.Connection) -> set[str]:
    return set(sa.inspect(connection).get_table_names())


def prepare(connection: sa.Connection, *, upgrades: bool) -> None:
    """Create what is missing, and lift a journal of an earlier schema.

    :param upgrades: whether it is lifted even where that takes a person
    :raises JournalError: it is not lifted by itself
    """
    if (version_of(connection) == tables.SCHEMA_VERSION
            and _names(connection).issuperset(tables.metadata.tables)):
        return
    with _alone(connection):
        # Another process may just have done all of it.
        version = version_of(connection)
        is_new = _names(connection).isdisjoint(tables.metadata.tables)
        if not version:
            # A new one, or one whose creation was cut, in any release.
            _create(connection)
        if not is_new:
            _lift(connection, version, upgrades=upgrades)
        _create(connection)
        _write_version(connection, tables.SCHEMA_VERSION)


def _create(connection: sa.Connection) -> None:
    for table in tables.metadata.sorted_tables:
        connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            connection.execute(sa.schema.CreateIndex(
                index, if_not_exists=True))


@contextmanager
def _alone(connection: sa.Connection) -> Iterator[None]:
    """Keep other processes out until what is done is written down.

    SQLite does that by the transaction.
    """
    is_on_mariadb = connection.dialect.name in MARIADB
    lock = f'importbot {connection.dialect.default_schema_name}'[:64]
    if is_on_mariadb and not connection.execute(sa.select(
            sa.func.get_lock(lock, _PATIENCE))).scalar():
        raise JournalError(Problem('journal-being-lifted'))
    try:
        yield
        connection.commit()
    except BaseException:
        # The server frees the lock with the connection.
        connection.invalidate()
        raise
    if is_on_mariadb:
        connection.execute(sa.select(sa.func.release_lock(lock)))


def _write_version(connection: sa.Connection, version: int) -> None:
    connection.execute(tables.schema.delete())
    connection.execute(tables.schema.insert().values(version=version))


# Lifting

def _lift(connection: sa.Connection, version: int, *,
          upgrades: bool) -> None:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    steps = _steps_after(version)
    if not (upgrades or all(step.module.BY_ITSELF for step in steps)):
        raise JournalError(Problem('journal-not-lifted', schema=version))
    with Operations.context(MigrationContext.configure(connection)):
        for step in steps:
            step.module.upgrade()
            _write_version(connection, int(step.revision))


def _steps_after(version: int) -> list[Script]:
    """Return the migrations that a journal lacks, in their order."""
    # It takes a fifth of a second, and most journals lack none.
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(MIGRATIONS[0].parent,
                              version_locations=MIGRATIONS)
    return [step for step in reversed(list(scripts.walk_revisions()))
            if int(step.revision) > version]


# Reading without lifting

def views(connection: sa.Connection, version: int) -> str:
    """Return what stands before a query of a journal that is not lifted.

    Each table that differs is shown, under its name, as lifting would leave
    it; one that is missing is empty.

    :param version: schema of the journal
    :return: SQL, empty where nothing differs
    """
    inspector, names = sa.inspect(connection), _names(connection)
    steps = _steps_after(version) if version != tables.SCHEMA_VERSION else ()
    missing: dict[str, sa.Select[Any]] = {}
    others: dict[str, sa.Select[Any]] = {}
    for table in tables.metadata.sorted_tables:
        if table.name not in names:
            nothing: list[sa.ColumnElement[Any]] = [
                sa.null().label(column.name) for column in table.columns]
            missing[table.name] = sa.select(*nothing).where(sa.false())
            continue
        there = [column['name'] for column
                 in inspector.get_columns(table.name)]
        stored = sa.table(table.name, *map(sa.column, there),
                          schema=inspector.default_schema_name)
        shown = stored.alias(table.name)
        lifted: dict[str, sa.ColumnElement[Any]] = {}
        for step in steps:
            change = getattr(step.module, 'SHOWN', {}).get(table.name)
            lifted |= change(shown) if change else {}
        if lifted or not set(there).issuperset(table.columns.keys()):
            lifted = dict(shown.c) | lifted
            others[table.name] = sa.select(*(
                lifted.get(column.name, sa.null()).label(column.name)
                for column in table.columns)).select_from(shown)
    # The others may look into what is missing.
    return _with(missing | others, connection.dialect)


def _with(shown: Mapping[str, sa.Select[Any]], dialect: sa.Dialect) -> str:
    parts = [f'{name} AS (' + str(query.compile(
        dialect=dialect, compile_kwargs={'literal_binds': True})) + ')'
        for name, query in shown.items()]
    return f'WITH {", ".join(parts)} ' if parts else ''
