"""A clock for each answer: who sends a byte a second is cut off.

The timeout of a read begins anew with every byte. Here the line itself is
shut, so that whatever waits for it, in C or in TLS, wakes up.
"""
from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from importbot.wikis.network.errors import NetworkError


__all__ = ('Watch', 'WatchedSocket', 'current_watch', 'hurry', 'unhurried')

#: Seconds for an answer beyond what its first byte may take.
PATIENCE = 60
#: Bytes a second that a long answer has to come with afterwards.
SLOWEST = 16 * 1024
_TICK = 0.25

_here = threading.local()
_watches: list[Watch] = []
_wakes = threading.Event()
_thread: threading.Thread | None = None
#: Seconds that an answer may take since the bot was told to stop.
_grace = [float('inf')]


class WatchedSocket:

    """A connection that another thread can shut.

    :param sock: its socket, which may be wrapped or closed meanwhile
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = socket.socket(sock.family, sock.type, sock.proto,
                                   fileno=os.dup(sock.fileno()))

    def shut(self) -> None:
        """End it; who reads from it sees its end."""
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def __del__(self) -> None:
        with suppress(OSError):
            self._sock.close()


class Watch:

    """The time that one answer takes; that of its reader does not count.

    :param seconds: for its first byte
    :param is_read: whether the request only reads
    :ivar is_read: the same
    """

    def __init__(self, seconds: float, is_read: bool) -> None:
        self._seconds = seconds + PATIENCE
        self.is_read = is_read
        self._spent = 0.0
        self._begun: float | None = None
        self._line: WatchedSocket | None = None
        self._is_cut = self._is_stopped = False
        #: What it had taken when the bot was told to stop.
        self._before_stop: float | None = None
        self.refusal: NetworkError | None = None

    @contextmanager
    def runs(self) -> Iterator[None]:
        """Let time pass for the length of a block.

        :raises NetworkError: it was too long
        :raises KeyboardInterrupt: the bot was told to stop meanwhile
        """
        before = getattr(_here, 'watch', None)
        _here.watch = self
        self._begun = time.monotonic()
        _keep(self)
        try:
            yield
        except Exception as error:
            self._judge(error)
            raise
        else:
            self._judge(None)
        finally:
            _here.watch = before
            _watches.remove(self)
            self._spent += time.monotonic() - self._begun
            self._begun = None

    def holds(self, line: WatchedSocket | None) -> None:
        """Take note of the connection that the answer comes by.

        :param line: the connection
        """
        self._line = line

    def came(self, size: int) -> None:
        """Give time for what has come already.

        :param size: bytes
        """
        self._seconds += size / SLOWEST

    def look(self, now: float) -> None:
        """Cut the line if the time is over; called by another thread.

        :param now: of the monotonic clock
        """
        begun = self._begun
        if begun is None:
            return
        spent = now - begun + self._spent
        if self.is_read and _grace[0] != float('inf'):
            if self._before_stop is None:
                self._before_stop = spent
            self._is_stopped = spent - self._before_stop > _grace[0]
        if self._is_stopped or spent > self._seconds:
            self._is_cut = True
            if self._line is not None:
                self._line.shut()

    def _judge(self, error: Exception | None) -> None:
        """Say why the line was cut, if it was."""
        if self.refusal is not None:
            raise self.refusal from error
        if not self._is_cut:
            return
        if self._is_stopped:
            raise KeyboardInterrupt from error
        raise NetworkError(
            f'the answer takes more than {self._seconds:.0f} seconds'
            ) from error


def current_watch() -> Watch | None:
    """Return the watch of the request that this thread is at."""
    return getattr(_here, 'watch', None)


def hurry(seconds: float) -> None:
    """End what reads longer than this from now on, as on a signal.

    Requests that write are left to their own time.

    :param seconds: for each answer
    """
    _grace[0] = seconds


def unhurried() -> None:
    """Take back what :func:`hurry` has said."""
    _grace[0] = float('inf')


def _keep(watch: Watch) -> None:
    global _thread
    _watches.append(watch)
    if _thread is None or not _thread.is_alive():
        _thread = threading.Thread(target=_look, daemon=True,
                                   name='importbot-watch')
        _thread.start()
    _wakes.set()


def _look() -> None:
    while True:
        if not _watches:
            _wakes.clear()
            # Somebody may have come between the two lines.
            if not _watches:
                _wakes.wait()
        now = time.monotonic()
        for watch in tuple(_watches):
            watch.look(now)
        time.sleep(_TICK)
