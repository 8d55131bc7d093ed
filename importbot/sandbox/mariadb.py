"""A MariaDB server of one's own: Debian's program, and no service.

Its data is in a folder, it listens on a port of the loopback, and whoever
has the folder can end it.
"""
from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from importbot.sandbox.errors import SandboxError


__all__ = ('PROGRAMS', 'MariadbServer', 'end_mariadb', 'find_program',
           'install_mariadb', 'mariadb_processes', 'mariadb_version',
           'start_mariadb')

#: Debian package by the program that is needed of it.
PROGRAMS = {'mariadbd': 'mariadb-server-core',
            'mariadb-install-db': 'mariadb-server-core',
            'mariadb': 'mariadb-client-core',
            'my_print_defaults': 'mariadb-client-core'}

#: Small. Transactions, isolation and character sets stay MariaDB's own; what
#: is committed survives the end of the server, though not of the machine.
_OPTIONS = ('--no-defaults', '--innodb-log-file-size=10M',
            '--innodb-flush-log-at-trx-commit=2', '--innodb-doublewrite=0',
            '--innodb-autoextend-increment=1', '--innodb-buffer-pool-size=64M',
            '--key-buffer-size=1M', '--aria-pagecache-buffer-size=8M')

#: Seconds.
_PATIENCE = 60


@dataclass(frozen=True)
class MariadbServer:

    """A running server.

    :param port: on the loopback
    :param process_group: its own
    """

    port: int
    process_group: int

    @property
    def address(self) -> str:
        """Host and port."""
        return f'127.0.0.1:{self.port}'

    def run(self, script: str, user: str, password: str,
            database: str = '') -> str:
        """Run statements.

        :param script: in SQL; a backslash in a string is itself
        :param user: account
        :param password: of the account
        :param database: to which they refer
        :return: rows, their values between tabs
        :raises SandboxError: the server refuses
        """
        done = subprocess.run(
            [find_program('mariadb'), '--no-defaults', '--skip-ssl',
             '--batch', '--skip-column-names', '--host=127.0.0.1',
             f'--port={self.port}', f'--user={user}', database],
            input="SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES');"
                  + script, text=True, capture_output=True,
            env={**os.environ, 'MYSQL_PWD': password})
        if done.returncode:
            raise SandboxError(f'MariaDB says: {done.stderr.strip()}')
        return done.stdout


def find_program(name: str) -> str:
    """Return a program, which an account's PATH may not lead to."""
    return shutil.which(name) or f'/usr/sbin/{name}'


def mariadb_version() -> str:
    """Return what the server says of itself; it reads no newer one's data."""
    return subprocess.run([find_program('mariadbd'), '--version'],
                          capture_output=True, text=True).stdout.strip()


def install_mariadb(data: Path) -> None:
    """Make the data folder of a server.

    Its administrator is whoever owns the folder, by the socket in it.

    :param data: a folder that is missing; a log is written next to it
    :raises SandboxError: it cannot be made
    """
    with _log(data).open('ab') as log:
        done = subprocess.run(
            [find_program('mariadb-install-db'), *_options(data),
             '--skip-test-db'],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    if done.returncode:
        raise SandboxError(f'MariaDB cannot be set up: {_why(data)}')


def start_mariadb(data: Path, first: str = '',
                  before: Sequence[str] = ()) -> MariadbServer:
    """Start a server on a free port of the loopback.

    :param data: folder of :func:`install_mariadb`, or a copy of one that
        had ended
    :param first: statements in SQL, one a line, that it carries out before
        anybody can connect
    :param before: a command that starts the server in its own place
    :return: the server, which answers
    :raises SandboxError: it does not come up
    """
    script = data.with_name(f'{data.name}.first.sql')
    script.write_text(first)
    for _attempt in range(5):
        port = _free_port()
        with _log(data).open('ab') as log:
            process = subprocess.Popen(
                [*before, find_program('mariadbd'), *_options(data),
                 '--bind-address=127.0.0.1', f'--port={port}',
                 '--skip-networking=0', '--skip-name-resolve',
                 f'--secure-file-priv={data}', f'--tmpdir={data.parent}',
                 f'--init-file={script}',
                 # Nobody needs them, and a path of theirs has to be short.
                 '--socket=', f'--pid-file={data.name}.pid'],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        try:
            if _greets(port, process):
                return MariadbServer(port, process.pid)
        except BaseException:
            end_mariadb(data)
            raise
        end_mariadb(data)
    raise SandboxError(f'MariaDB does not come up: {_why(data)}')


def _options(data: Path) -> list[str]:
    # root has to say that it means it.
    return [*_OPTIONS, f'--datadir={data}',
            *(['--user=root'] if os.getuid() == 0 else [])]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return int(probe.getsockname()[1])


def _greets(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a server speaks, which it does when it is ready."""
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(
                ('127.0.0.1', port), _PATIENCE) as connection:
            if connection.recv(1) and process.poll() is None:
                return True
        time.sleep(0.02)
    return False


def mariadb_processes(data: Path) -> set[int]:
    """Return the live servers of a data folder."""
    found = set()
    for folder in Path('/proc').glob('[0-9]*'):
        with suppress(OSError):
            state = (folder / 'stat').read_text().rpartition(')')[2].split()
            told = (folder / 'cmdline').read_bytes().split(b'\0')
            if state[0] != 'Z' and os.fsencode(f'--datadir={data}') in told:
                found.add(int(folder.name))
    return found


def end_mariadb(data: Path, gently: bool = False) -> None:
    """End the server of a data folder; no error if it is gone already.

    :param data: the folder
    :param gently: leave data that another server may start with
    """
    deadline = time.monotonic() + (_PATIENCE if gently else 0)
    number = signal.SIGTERM if gently else signal.SIGKILL
    while processes := mariadb_processes(data):
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, number)
            with suppress(ChildProcessError):
                os.waitpid(process, os.WNOHANG)
        if time.monotonic() > deadline:
            number = signal.SIGKILL
        time.sleep(0.02)


def _log(data: Path) -> Path:
    return data.with_name(f'{data.name}.log')


def _why(data: Path) -> str:
    """Return the errors that the log ends with, in one line."""
    lines = _log(data).read_text(errors='replace').splitlines()
    errors = [line.partition('[ERROR] ')[2] for line in lines
              if '[ERROR] ' in line]
    return ' '.join((errors or lines)[-3:])
