"""Servers that do what no wiki does."""
from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Visit(BaseHTTPRequestHandler):

    """One request, and what is answered to it."""

    server: Server

    def log_message(self, *_args: object) -> None:
        """Print nothing."""

    def do_GET(self) -> None:
        length = int(self.headers.get('Content-Length') or 0)
        self.form = self.rfile.read(length).decode('latin-1')
        self.server.visits.append(self)
        with suppress(OSError):
            self.server.answers(self)

    do_POST = do_GET

    def say(self, body: bytes, status: int = 200,
            kind: str = 'application/json', **headers: str) -> None:
        """Answer with a whole body."""
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.end_headers()
        self.wfile.write(body)

    def dribble(self, body: bytes, pause: float = 0.1) -> None:
        """Answer byte for byte, without end, until nobody listens."""
        with suppress(OSError):
            for number in range(10 ** 6):
                self.wfile.write(body[number:number + 1] or b' ')
                self.wfile.flush()
                if self.server.closes.wait(pause):
                    return


class Server(ThreadingHTTPServer):

    """Answers whatever it is told to, on a port of its own.

    :param answers: called with each request
    """

    daemon_threads = True

    def __init__(self, answers: Callable[[Visit], object]) -> None:
        super().__init__(('127.0.0.1', 0), Visit)
        self.answers = answers
        self.visits: list[Visit] = []
        self.closes = threading.Event()
        self.base = f'http://127.0.0.1:{self.server_port}'

    def handle_error(self, *_args: object) -> None:
        """Clients hang up here."""


@contextmanager
def serving(answers: Callable[[Visit], object]) -> Iterator[Server]:
    """Run a server for the length of a block."""
    server = Server(answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True,
                              kwargs={'poll_interval': 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.closes.set()
        server.shutdown()
        server.server_close()
