"""A real MariaDB server, for as long as a test needs it."""
from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa


__all__ = ('Server', 'mariadb')

USER, PASSWORD, DATABASE = 'bot', 'geheim#%1', 'importbot'

#: What a user of MariaDB has in their home; the one of Toolforge is like it.
_OPTION_FILE = f"""[client]
user = {USER}
password = '{PASSWORD}'
"""

#: Its own defaults stay, the charset latin1 among them.
_OPTIONS = ('--no-defaults', '--innodb-log-file-size=10M')

#: Seconds.
_PATIENCE = 60


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
    # Short, as the name of a socket has to be.
    with tempfile.TemporaryDirectory(prefix='importbot-mariadb-') as name:
        folder = Path(name)
        with (folder / 'log').open('wb') as log:
            process, server = _started(folder, log)
            try:
                _wait(process, server, folder / 'log')
                yield server
            finally:
                process.terminate()
                try:
                    process.wait(_PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _started(folder: Path, log: Any) -> tuple[subprocess.Popen[bytes], Server]:
    # root has to say that it means it.
    options = [*_OPTIONS, f'--datadir={folder / "data"}',
               *(['--user=root'] if os.getuid() == 0 else [])]
    subprocess.run(
        ['mariadb-install-db', *options, '--skip-test-db',
         '--auth-root-authentication-method=normal'],
        check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    first = folder / 'first.sql'
    first.write_text(
        f'CREATE DATABASE {DATABASE};\n'
        f"CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}';\n"
        f"GRANT ALL ON *.* TO {USER}@'%';\n")
    option_file = folder / 'client.cnf'
    option_file.write_text(_OPTION_FILE)
    port = _free_port()
    process = subprocess.Popen(
        # It ends with this process even if that is killed.
        ['setpriv', '--pdeathsig=TERM', _mariadbd(), *options,
         '--bind-address=127.0.0.1', f'--port={port}',
         f'--socket={folder / "socket"}', f'--pid-file={folder / "pid"}',
         '--skip-networking=0', '--skip-name-resolve',
         f'--init-file={first}'],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    return process, Server(port, option_file)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return int(probe.getsockname()[1])


def _mariadbd() -> str:
    """Return the server, which an account's PATH may not lead to."""
    return shutil.which('mariadbd') or '/usr/sbin/mariadbd'


def _wait(process: subprocess.Popen[bytes], server: Server,
          log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            # The account is made last.
            if server.ask(f"SELECT 1 FROM mysql.user WHERE User = '{USER}'"):
                return
        except sa.exc.SQLAlchemyError:
            pass
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(log.read_text(errors='replace'))
        time.sleep(0.05)
