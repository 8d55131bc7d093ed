"""A real MariaDB server, for as long as a test needs it."""
from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from importbot.sandbox.mariadb import (
    end_mariadb,
    install_mariadb,
    start_mariadb,
)


__all__ = ('Server', 'mariadb')

USER, PASSWORD, DATABASE = 'bot', 'geheim#%1', 'importbot'

#: What a user of MariaDB has in their home; the one of Toolforge is like it.
_OPTION_FILE = f"""[client]
user = {USER}
password = '{PASSWORD}'
"""

_FIRST = f"""\
CREATE DATABASE {DATABASE};
CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}';
GRANT ALL ON *.* TO {USER}@'%';
CREATE OR REPLACE USER root@'127.0.0.1' IDENTIFIED BY '';
GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
"""


@dataclass(frozen=True)
class Server:

    """A MariaDB server with an account and an empty database.

    :param port: on the loopback
    :param option_file: holds name and password of the account
    """

    port: int
    option_file: Path

    def url(self, account: str = '', database: str = DATABASE,
            dialect: str = 'mysql+pymysql', **query: str) -> str:
        """Return the URL of a database; the password is in a file.

        :param account: what stands before the host, with an ``@``
        :param database: its name
        :param dialect: what the URL begins with
        :param query: instead of the option file
        """
        made = sa.make_url(
            f'{dialect}://{account}127.0.0.1:{self.port}/{database}')
        return made.set(query=query or {
            'read_default_file': str(self.option_file)}).render_as_string()

    def ask(self, statement: str,
            database: str = DATABASE) -> list[tuple[Any, ...]]:
        """Return what the server answers to its administrator.

        :param statement: in SQL
        :param database: to which it refers
        """
        engine = sa.create_engine(
            self.url('root@', database, charset='utf8mb4'),
            poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            done = connection.exec_driver_sql(statement)
            return [tuple(row) for row in done] if done.returns_rows else []


@contextmanager
def mariadb() -> Iterator[Server]:
    """Run a server, which leaves neither a process nor a file."""
    with tempfile.TemporaryDirectory(prefix='importbot-mariadb-') as name:
        data = Path(name, 'data')
        option_file = Path(name, 'client.cnf')
        option_file.write_text(_OPTION_FILE)
        install_mariadb(data)
        try:
            # It ends with this process even if that is killed.
            server = start_mariadb(data, _FIRST,
                                   ('setpriv', '--pdeathsig=KILL'))
            yield Server(server.port, option_file)
        finally:
            end_mariadb(data)
