"""A proxy between bot and wiki that counts, and breaks what it is told to.

Nothing of the wiki is imitated: every answer that comes through is the
real one, unless a fault takes it away.
"""
from __future__ import annotations

import http.client
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Exchange:

    """A request that came by.

    :param method: ``GET`` or ``POST``
    :param path: path without the query
    :param parameters: of the query and of a form
    """

    method: str
    path: str
    parameters: Mapping[str, str]

    @property
    def is_import(self) -> bool:
        """Whether it writes."""
        return self.parameters.get('action') == 'import'


@dataclass(frozen=True)
class Request:

    """What is passed on."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass
class Fault:

    """What is done to a request instead of passing it on.

    :param hits: whether it concerns a request
    :param alters: changes the body of the request
    :param forwards: whether the wiki gets the request all the same
    :param late: seconds until it gets it, the line long cut by then
    :param meanwhile: called when the wiki has answered, before the bot
        hears of it
    :param cuts: whether the wiki's own answer is kept back
    :param status: answer in place of the wiki's; None for none
    :param body: of that answer
    :param headers: of that answer
    :param part: bytes of the real answer before the connection is reset
    :param silence: seconds without an answer before the line is cut
    :param times: how often it strikes
    """

    hits: Callable[[Exchange], bool] = field(
        default=lambda exchange: exchange.is_import)
    alters: Callable[[bytes], bytes] = field(default=lambda body: body)
    forwards: bool = True
    late: float = 0
    meanwhile: Callable[[], object] = field(default=lambda: None)
    cuts: bool = True
    status: int | None = None
    body: bytes = b'<html><body>Bad gateway</body></html>'
    headers: Mapping[str, str] = field(default_factory=dict)
    part: int | None = None
    silence: float = 0
    times: int = 1


class Proxy(ThreadingHTTPServer):

    """Stands before one wiki on a port of its own.

    :param upstream: base address of the wiki
    """

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(('127.0.0.1', 0), _Handler)
        self.upstream = urlsplit(upstream).netloc
        self.base = f'http://127.0.0.1:{self.server_port}'
        self.exchanges: list[Exchange] = []
        self.reached: list[Exchange] = []
        self.faults: list[Fault] = []
        self.rewrites: Callable[[bytes], bytes] | None = None
        self.closed = False
        #: Requests at once, and the most that there ever were.
        self.under_way = self.most = 0
        self._counts = threading.Lock()
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={'poll_interval': 0.05},
            daemon=True)
        self._thread.start()

    def handle_error(self, request: object, address: object) -> None:
        """Clients hang up here all the time; that is what it is for."""

    def close(self) -> None:
        self.closed = True
        self.shutdown()
        self.server_close()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count a request as under way for the length of a block."""
        with self._counts:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        try:
            yield
        finally:
            with self._counts:
                self.under_way -= 1

    @property
    def imports(self) -> list[Exchange]:
        return [item for item in self.exchanges if item.is_import]

    @property
    def imports_done(self) -> list[Exchange]:
        """The imports that the wiki itself got."""
        return [item for item in self.reached if item.is_import]

    @contextmanager
    def broken(self, **fault: object) -> Iterator[None]:
        """Hold a fault in for the length of a block."""
        self.faults.append(Fault(**fault))  # type: ignore[arg-type]
        try:
            yield
        finally:
            self.faults.clear()

    @contextmanager
    def rewritten(self, rewrites: Callable[[bytes], bytes],
                  ) -> Iterator[None]:
        """Change the body of every answer for the length of a block."""
        self.rewrites = rewrites
        try:
            yield
        finally:
            self.rewrites = None

    def fault_for(self, exchange: Exchange) -> Fault | None:
        for fault in self.faults:
            if fault.times and fault.hits(exchange):
                fault.times -= 1
                return fault
        return None


class _Handler(BaseHTTPRequestHandler):

    protocol_version = 'HTTP/1.1'
    # Head and body go out in two writes: with Nagle's algorithm the second
    # would wait 40 ms for the client to acknowledge the first.
    disable_nagle_algorithm = True
    server: Proxy

    def log_message(self, *_args: object) -> None:
        """Print nothing."""

    def do_GET(self) -> None:
        with self.server.counted():
            self._pass_on()

    do_POST = do_GET

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        exchange = self._exchange(body)
        # The next request on this line may come before this one goes on.
        request = Request(self.command, self.path, dict(self.headers))
        self.server.exchanges.append(exchange)
        fault = self.server.fault_for(exchange)
        if fault is None:
            self._answer(*self._fetch(request, exchange, body))
            return
        body = fault.alters(body)
        if fault.late:
            later = threading.Timer(fault.late, self._fetch_late,
                                    (request, exchange, body))
            later.daemon = True
            later.start()
        answer = (self._fetch(request, exchange, body)
                  if fault.forwards and not fault.late else None)
        fault.meanwhile()
        if fault.silence:
            time.sleep(fault.silence)
        if answer and not fault.cuts:
            self._answer(*answer)
        elif fault.part is not None and answer:
            status, headers, content = answer
            self._head(status, headers, len(content))
            self.wfile.write(content[:fault.part])
            self._reset()
        elif fault.status is not None:
            self._answer(fault.status, [*({
                'Content-Type': 'text/html', **fault.headers}).items()],
                fault.body)
        else:
            self._reset()

    def _exchange(self, body: bytes) -> Exchange:
        url = urlsplit(self.path)
        parameters = dict(parse_qsl(url.query, keep_blank_values=True))
        kind = self.headers.get('Content-Type', '')
        if 'urlencoded' in kind:
            parameters.update(parse_qsl(body.decode(),
                                        keep_blank_values=True))
        elif 'multipart' in kind and re.search(
                rb'name="action"(\r?\n\S.*)*\r?\n\r?\nimport\r?\n', body):
            parameters['action'] = 'import'
        return Exchange(self.command, url.path, parameters)

    def _fetch_late(self, *arguments: Any) -> None:
        # After the end of the test it goes nowhere.
        with suppress(ConnectionAbortedError):
            self._fetch(*arguments)

    def _fetch(self, request: Request, exchange: Exchange, body: bytes,
               ) -> tuple[int, list[tuple[str, str]], bytes]:
        if self.server.closed:
            # The wiki behind this address is the next test's.
            raise ConnectionAbortedError
        self.server.reached.append(exchange)
        connection = http.client.HTTPConnection(self.server.upstream,
                                                timeout=300)
        headers = {name: value for name, value in request.headers.items()
                   if name.lower() not in ('host', 'connection',
                                           'accept-encoding',
                                           'content-length')}
        connection.request(request.method, request.path, body or None,
                           headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        if self.server.rewrites is not None:
            content = self.server.rewrites(content)
        return response.status, response.getheaders(), content

    def _head(self, status: int, headers: list[tuple[str, str]],
              length: int) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ('connection', 'content-length',
                                    'transfer-encoding', 'host'):
                self.send_header(name, value)
        self.send_header('Content-Length', str(length))
        self.end_headers()
        self.wfile.flush()

    def _answer(self, status: int, headers: list[tuple[str, str]],
                content: bytes) -> None:
        self._head(status, headers, len(content))
        self.wfile.write(content)

    def _reset(self) -> None:
        """Cut the line so that the client sees it at once."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       struct.pack('ii', 1, 0))
            self.wfile.flush()
            self.connection.close()
