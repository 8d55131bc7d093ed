"""Connections to hosts that may be asked, which can be cut."""
from __future__ import annotations

import socket
from typing import Any, TypeVar

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.wait import wait_for_write

from importbot.wikis.network.errors import NetworkError
from importbot.wikis.network.hosts import addresses_of, is_allowed, is_private
from importbot.wikis.network.watch import WatchedSocket, current_watch
from importbot.wikis.network.writing import may_still_write


__all__ = ('POOLS', 'check_addresses')

#: Bytes that go at once: what a line that takes any takes as a whole.
_PIECE = 16 * 1024

_Connection = TypeVar('_Connection', bound=HTTPConnection)


def check_addresses(host: str, port: int, addresses: list[str]) -> None:
    """Refuse a host that has a private address, if nobody configured it.

    :param host: as the URL has it
    :param addresses: what it is reached at
    :raises NetworkError: it is not to be asked
    """
    if any(map(is_private, addresses)) and not is_allowed(host, port):
        raise NetworkError(
            'it has a private address that nobody configured; if it is '
            'meant, put it into family_files in user-config.py')


class _GuardedConnection(HTTPConnection):

    """Looks before it sends where it has come to."""

    _line: WatchedSocket | None = None

    def _new_conn(self) -> socket.socket:
        watch = current_watch()
        try:
            if self.proxy is None:
                check_addresses(self.host, self.port or 0, addresses_of(
                    self.host, self.port or 0))
            sock = super()._new_conn()
            if self.proxy is None:
                try:
                    # The name may mean another address by now.
                    check_addresses(self.host, self.port or 0,
                                    [sock.getpeername()[0]])
                except NetworkError:
                    sock.close()
                    raise
        except NetworkError as error:
            if watch is not None:
                watch.refusal = error
            raise
        self._line = WatchedSocket(sock)
        if watch is not None:
            watch.holds(self._line)
        return sock

    def request(self, *arguments: Any, **options: Any) -> None:
        """Send a request by a connection that may be an old one."""
        watch = current_watch()
        if watch is not None:
            watch.holds(self._line)
        super().request(*arguments, **options)

    def send(self, data: Any) -> None:
        """Send bytes; those of a request that writes piece by piece.

        A wiki does nothing with a request that does not come to its end.
        The line is waited for before it is looked whether a piece may go,
        so that next to no time is in between.

        :raises WritingEndedError: nothing may be written any more
        """
        watch = current_watch()
        if watch is None or watch.is_read or not isinstance(data, bytes):
            super().send(data)
            return
        if self.sock is None and self.auto_open:
            self.connect()
        for start in range(0, len(data), _PIECE):
            if self.sock is not None:
                wait_for_write(self.sock, self.sock.gettimeout())
            may_still_write()
            super().send(data[start:start + _PIECE])

    def close(self) -> None:
        """Close the connection; who reads from it keeps its line."""
        self._line = None
        super().close()


class _GuardedSecureConnection(_GuardedConnection, HTTPSConnection):

    """The same over TLS."""


class _Pool(HTTPConnectionPool):

    ConnectionCls = _GuardedConnection


class _SecurePool(HTTPSConnectionPool):

    ConnectionCls = _GuardedSecureConnection


#: What an adapter's pool manager takes for each scheme.
POOLS = {'http': _Pool, 'https': _SecurePool}
