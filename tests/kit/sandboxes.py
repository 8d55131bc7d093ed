"""The sandbox from its command line, and what it has running."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests


__all__ = ('SESSION', 'Said', 'base', 'coming_up', 'command', 'general',
           'interrupt', 'listening', 'processes', 'running', 'up',
           'wait_until')

COMMAND = (sys.executable, '-m', 'importbot.sandbox')
SESSION = requests.Session()
SESSION.trust_env = False  # loopback has no proxy
@dataclass(frozen=True)
class Said:

    """What a command printed on either channel and how it ended."""

    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line that says why it did not work."""
        assert (self.status, self.out) == (1, ''), self
        line, = self.err.splitlines()
        assert 'Traceback' not in line and 'Errno' not in line, line
        return line


def command(*arguments: str | Path, **env: str) -> Said:
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True,
        stdin=subprocess.DEVNULL, timeout=300, env={**os.environ, **env})
    return Said(done.returncode, done.stdout, done.stderr)


def up(folder: Path, *arguments: str, **env: str) -> dict[str, Any]:
    said = command('up', '--json', '--dir', folder, *arguments, **env)
    assert (said.status, said.err) == (0, ''), said
    return dict(json.loads(said.out))


@contextmanager
def running(folder: Path, *arguments: str,
            **env: str) -> Iterator[dict[str, Any]]:
    """Hold a sandbox up; what it came up with is what it goes down with."""
    try:
        yield up(folder, *arguments, **env)
    finally:
        command('down', '--dir', folder)


def base(wiki: Mapping[str, str]) -> str:
    return wiki['api'].removesuffix('/api.php')


def general(wiki: Mapping[str, str]) -> dict[str, Any]:
    """Return what a wiki says of itself, without an account."""
    answer = SESSION.get(wiki['api'], timeout=60, params={
        'action': 'query', 'meta': 'siteinfo', 'format': 'json',
        'formatversion': '2'})
    return dict(answer.json()['query']['general'])


def processes(marks: str | Path) -> set[int]:
    """Return live processes whose environment or command line has a text.

    Every server and every maintenance script of a sandbox is told the
    folder of its wiki in one of them.
    """
    found = set()
    for folder in Path('/proc').glob('[0-9]*'):
        with suppress(OSError):
            state = (folder / 'stat').read_text().rpartition(')')[2].split()
            told = ((folder / 'environ').read_bytes()
                    + (folder / 'cmdline').read_bytes())
            if state[0] != 'Z' and str(marks).encode() in told:
                found.add(int(folder.name))
    return found


def wait_until(happens: Callable[[], object]) -> None:
    """Wait for something that is certain to come, unless there is a bug."""
    deadline = time.monotonic() + 120
    while not happens():
        assert time.monotonic() < deadline, 'it did not come'
        time.sleep(0.02)


def listening(process: int) -> set[str]:
    """Return the addresses that a process listens at, as the kernel has it.

    An address is hexadecimal, least byte first, then the port.
    """
    sockets = set()
    for link in Path(f'/proc/{process}/fd').iterdir():
        with suppress(OSError):
            sockets.add(str(link.readlink()))
    found = set()
    for table in ('tcp', 'tcp6'):
        rows = Path(f'/proc/{process}/net/{table}').read_text().splitlines()
        for row in rows[1:]:
            fields = row.split()
            if fields[3] == '0A' and f'socket:[{fields[9]}]' in sockets:
                found.add(fields[1])
    return found


@contextmanager
def coming_up(*arguments: str | Path,
              **env: str) -> Iterator[subprocess.Popen[str]]:
    """Start a command as a terminal would."""
    started = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env={**os.environ, **env},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    try:
        yield started
    finally:
        started.kill()
        started.communicate()


def interrupt(started: subprocess.Popen[str], number: int) -> Said:
    started.send_signal(number)
    out, err = started.communicate(timeout=120)
    return Said(started.returncode, out, err)
