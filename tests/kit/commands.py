"""Starting ``pwb``, in a fork of a process that has imported everything.

Importing is two fifths of what a command costs. What is started here is
given by ``subprocess``'s own words and does as ``subprocess`` does: where
a fork could not be the same as a process of its own, there is one.
"""
from __future__ import annotations

import atexit
import inspect
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, AnyStr

from tests.kit import fork_server


PWB = Path(sys.executable).with_name('pwb')

_EXECUTE = inspect.signature(
    subprocess.Popen._execute_child)  # type: ignore[attr-defined]
#: Settings that a fork does not know.
_UNKNOWN = {'preexec_fn': None, 'pass_fds': (), 'shell': False, 'gid': None,
            'gids': None, 'uid': None, 'executable': None,
            'restore_signals': True}


def _of_start(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that act when the interpreter starts.

    :param environment: all variables
    """
    return {name: value for name, value in environment.items()
            if name == 'LANG' or name.startswith(
                ('PYTHON', 'LC_', 'LD_', 'MALLOC_', 'GLIBC_', 'PYDANTIC_',
                 'PYWIKIBOT_TEST_', 'SQLALCHEMY_'))}


class Server:

    """The server of this process, started when it is needed first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._control: socket.socket
        self._process: subprocess.Popen[bytes]
        self._variables: dict[str, str]

    def serves(self, environment: Mapping[str, str]) -> bool:
        """Tell whether its forks are like processes of these variables."""
        with self._lock:
            if self._owner != os.getpid():
                self._start()
        return _of_start(environment) == self._variables

    def _start(self) -> None:
        self._variables = _of_start(os.environ)
        self._control, theirs = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, fork_server.__file__, str(PWB),
                 str(theirs.fileno())], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
        self._owner = os.getpid()
        atexit.register(self.end)

    def end(self) -> None:
        """End it, and what it forked."""
        if self._owner == os.getpid():
            self._control.close()
            self._process.wait()
            self._owner = 0

    def fork(self, request: fork_server.Request, streams: list[int],
             ) -> tuple[int, socket.socket]:
        """Return the number of a new process and where its end is told.

        :param streams: its standard streams
        """
        told, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [b'x'],
                            [*streams, theirs.fileno()])
        told.sendall(json.dumps(request).encode())
        told.shutdown(socket.SHUT_WR)
        return _number(told.recv(fork_server.NUMBER.size)), told


def _number(told: bytes) -> int:
    if not told:
        raise RuntimeError('the server of forks has ended')
    return int(fork_server.NUMBER.unpack(told)[0])


_SERVER = Server()


class Popen(subprocess.Popen[AnyStr]):

    """A process like any other, but that ``pwb`` is forked."""

    _told: socket.socket | None = None

    @property
    def forked(self) -> bool:
        """Tell whether it is a fork."""
        return self._told is not None

    def _execute_child(self, *given: Any, **named: Any) -> None:
        child = _EXECUTE.bind(self, *given, **named).arguments
        request = _request(child)
        if request is None:
            super()._execute_child(  # type: ignore[misc]
                *given, **named)
            return
        ends = [child[name] for name in (
            'p2cread', 'p2cwrite', 'c2pread', 'c2pwrite', 'errread',
            'errwrite')]
        streams = [number if end == -1 else end
                   for number, end in enumerate(ends[index]
                                                for index in (0, 3, 5))]
        self.pid, self._told = _SERVER.fork(request, streams)
        self._child_created = True
        self._close_pipe_fds(*ends)  # type: ignore[attr-defined]

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        if self._told is None:
            waited: tuple[int, int] = super()._try_wait(  # type: ignore[misc]
                wait_flags)
            return waited
        try:
            told = self._told.recv(
                fork_server.NUMBER.size,
                socket.MSG_DONTWAIT if wait_flags & os.WNOHANG else 0)
        except BlockingIOError:
            return 0, 0
        self._told.close()
        return self.pid, _number(told)

    def _internal_poll(self, *given: Any, **named: Any) -> int | None:
        if self._told is None:
            ended: int | None = super()._internal_poll(  # type: ignore[misc]
                *given, **named)
            return ended
        lock = self._waitpid_lock  # type: ignore[attr-defined]
        if self.returncode is None and lock.acquire(False):
            try:
                # another thread may have seen the end
                if self.returncode is None:
                    pid, status = self._try_wait(os.WNOHANG)
                    if pid:
                        self._handle_exitstatus(  # type: ignore[attr-defined]
                            status)
            finally:
                lock.release()
        return self.returncode


def _request(child: Mapping[str, Any]) -> fork_server.Request | None:
    """Return what to fork for, or None where a fork is not the same.

    :param child: what ``subprocess`` starts a process with, by name
    """
    arguments = child['args']
    if isinstance(arguments, (str, bytes, os.PathLike)):
        return None
    words = [os.fsdecode(word) for word in arguments]
    environment = {
        os.fsdecode(name): os.fsdecode(value) for name, value in (
            os.environ if child['env'] is None else child['env']).items()}
    folder = Path(os.fsdecode(child['cwd'] or '')).absolute()
    if (words[0] != str(PWB) or not folder.is_dir()
            or any(child.get(name, usual) != usual
                   for name, usual in _UNKNOWN.items())
            or not _SERVER.serves(environment)):
        return None
    group = child.get('process_group', -1)
    return fork_server.Request(
        words[1:], environment, str(folder), child['umask'],
        bool(child['start_new_session']),
        None if group in (None, -1) else group)


def run_command(command: Sequence[str | Path], *, timeout: float | None = None,
                **settings: Any) -> subprocess.CompletedProcess[Any]:
    """Run a command as ``subprocess.run`` does.

    :param timeout: seconds after which it is killed
    :param settings: of the process
    """
    text = settings.pop('input', None)
    if text is not None:
        settings['stdin'] = subprocess.PIPE
    if settings.pop('capture_output', False):
        settings.update(stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process: Popen[Any]
    with Popen(command, **settings) as process:
        try:
            output, errors = process.communicate(text, timeout)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, output,
                                       errors)
