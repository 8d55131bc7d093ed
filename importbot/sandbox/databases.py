"""Where a wiki of the sandbox stores what it has: SQLite or MariaDB."""
from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from importbot.sandbox.mariadb import (
    MariadbServer,
    end_mariadb,
    install_mariadb,
    start_mariadb,
)


__all__ = ('DATABASES', 'Database', 'make_database', 'open_database')

DATABASES = ('sqlite', 'mariadb')

#: Throw-away, on loopback only; it reaches the wiki's tables and no file.
_NAME, _USER, _PASSWORD = 'wiki', 'wiki', 'sandbox-database-password'
_FIRST = f"""\
CREATE DATABASE {_NAME};
CREATE USER {_USER}@'127.0.0.1' IDENTIFIED BY '{_PASSWORD}';
GRANT ALL ON {_NAME}.* TO {_USER}@'127.0.0.1';
"""


@dataclass(frozen=True)
class Database:

    """The database of a wiki.

    :param data: folder of its files
    :param server: None for SQLite
    """

    data: Path
    server: MariadbServer | None = None

    @property
    def installation(self) -> tuple[str, ...]:
        """Return what MediaWiki's installer is told."""
        if self.server:
            return ('--dbtype', 'mysql', '--dbserver', self.server.address,
                    '--dbname', _NAME, '--dbuser', _USER,
                    '--dbpass', _PASSWORD)
        return ('--dbtype', 'sqlite', '--dbpath', str(self.data),
                '--dbname', _NAME)

    @property
    def settings(self) -> dict[str, str]:
        """Return what the wiki is told, by name of the setting."""
        if self.server:
            return {'wgDBtype': 'mysql', 'wgDBserver': self.server.address,
                    'wgDBname': _NAME, 'wgDBuser': _USER,
                    'wgDBpassword': _PASSWORD}
        return {'wgDBtype': 'sqlite', 'wgDBname': _NAME,
                'wgSQLiteDataDir': str(self.data)}

    @property
    def url(self) -> str:
        """Return its address as SQLAlchemy writes it."""
        if self.server:
            return (f'mysql+pymysql://{_USER}:{_PASSWORD}@'
                    f'{self.server.address}/{_NAME}?charset=utf8mb4')
        return f'sqlite:///{self.data / _NAME}.sqlite'

    def run(self, script: str) -> None:
        """Run statements, in SQL that both databases understand."""
        if self.server:
            self.server.run(script, _USER, _PASSWORD, _NAME)
            return
        with closing(sqlite3.connect(
                self.data / f'{_NAME}.sqlite', timeout=30)) as connection:
            connection.executescript(script)

    def end(self, gently: bool = False) -> None:
        """End its server, if it has one.

        :param gently: leave files that can be copied
        """
        if self.server:
            end_mariadb(self.data, gently)


def make_database(kind: str, data: Path) -> Database:
    """Make an empty database, where MediaWiki can be installed.

    :param kind: one of :data:`DATABASES`
    :param data: folder for its files, which is missing
    :raises SandboxError: it cannot be made
    """
    if kind == 'sqlite':
        data.mkdir()
        return Database(data)
    install_mariadb(data)
    return Database(data, start_mariadb(data, _FIRST))


def open_database(kind: str, data: Path,
                  before: Sequence[str] = ()) -> Database:
    """Open a copy of a database that had ended.

    :param kind: one of :data:`DATABASES`
    :param data: folder of its files
    :param before: as for :func:`~importbot.sandbox.mariadb.start_mariadb`
    :raises SandboxError: its server does not come up
    """
    return Database(data, None if kind == 'sqlite'
                    else start_mariadb(data, before=before))
