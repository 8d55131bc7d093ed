"""Journals as earlier releases wrote them, on SQLite and MariaDB."""
from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from importbot.journal import tables
from tests.kit.mariadb import Server


__all__ = ('lower', 'poured')

#: What the schemas added, by their numbers.
_ADDED = {
    6: ('DROP TABLE importbot_passes', 'DROP TABLE importbot_alarms',
        *(f'DROP INDEX importbot_{name}' for name in (
            'runs_target', 'pages_title', 'pages_words', 'requests_run',
            'requests_author'))),
    5: ("UPDATE importbot_pages SET title = (SELECT source_prefix || ':' "
        'FROM importbot_runs WHERE run = importbot_pages.run) || title '
        'WHERE run IN (SELECT run FROM importbot_undos)',
        'ALTER TABLE importbot_runs DROP COLUMN mode',
        'ALTER TABLE importbot_pages DROP COLUMN problem'),
    4: ('DROP TABLE importbot_brought', ),
    3: ('DROP TABLE importbot_plans', 'DROP TABLE importbot_changes',
        'DROP TABLE importbot_undos'),
    2: ('DROP TABLE importbot_requests', 'DROP TABLE importbot_health')}


def lower(path: Path, schema: int) -> None:
    """Take out of a SQLite file what schemas after one have added.

    :param path: the journal, which nobody has open
    :param schema: that it is to have
    """
    with closing(sqlite3.connect(path)) as connection:
        for number in range(tables.SCHEMA_VERSION, schema, -1):
            for statement in _ADDED[number]:
                connection.execute(statement)
        connection.execute('UPDATE importbot_schema SET version = ?',
                           (schema, ))
        connection.commit()


def poured(path: Path, server: Server, schema: int) -> str:
    """Bring a SQLite file to a server, as its release made tables there.

    :param path: the file
    :param server: whose database is replaced
    :param schema: of the journal
    :return: URL of the database
    """
    server.ask('DROP DATABASE importbot', 'mysql')
    server.ask('CREATE DATABASE importbot CHARACTER SET utf8mb4', 'mysql')
    known = sa.MetaData()
    source = sa.create_engine(f'sqlite:///{path}')
    target = sa.create_engine(server.url(), poolclass=sa.pool.NullPool)
    with source.connect() as ours, target.begin() as theirs:
        known.reflect(ours)
        for table in known.sorted_tables:
            for column in table.columns:
                # The first release had TEXT, which ends at 64 kB.
                if schema > 1 and isinstance(column.type, sa.Text):
                    column.type = tables.LONG
                if isinstance(column.type, sa.JSON):
                    column.type = sa.JSON(none_as_null=True)
        known.create_all(theirs)
        for table in known.sorted_tables:
            rows = [row._asdict() for row in ours.execute(sa.select(table))]
            if rows:
                theirs.execute(table.insert(), rows)
    source.dispose()
    return server.url()
