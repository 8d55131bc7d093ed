"""Nothing that writes is sent without leave, and no byte of it later."""
from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest
import requests
from pywikibot.comms import http

from importbot.model.errors import ImportbotError, LeaseHeldError
from importbot.wikis.network import (
    NetworkError,
    WritingEndedError,
    allow_private,
    guard,
    hosts,
    writing,
    writing_while,
)
from tests.kit.evil_servers import Server, serving


READS = ['action=query&titles=A', 'action=parse&text=%26action%3Dedit',
         'action=paraminfo', 'action=compare',
         'title=Special%3AExport&pages=A&history=1',
         'title=Special%3AExport%2FA&history=1']
WRITES = ['action=edit&title=Export&text=x', 'action=import', 'action=move',
          'title=Special%3AExport&action=edit', 'action=delete', 'x', '',
          'action=clientlogin', 'title=Exports']


class Leave:

    """Leave to write, which is asked for."""

    def __init__(self) -> None:
        self.asked = 0
        self.ended = False

    def __call__(self) -> None:
        self.asked += 1
        if self.ended:
            raise LeaseHeldError('it ended')


@pytest.fixture(autouse=True)
def _guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    guard()
    monkeypatch.setattr(hosts, '_allowed', set())


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(lambda visit: visit.say(b'{}')) as server:
        allow_private(server.base)
        yield server


def post(server: Server, body: str) -> requests.Response | Exception:
    return http.fetch(server.base, 'POST', data=body, headers={
        'Content-Type': 'application/x-www-form-urlencoded'})


@pytest.mark.parametrize('body', READS)
def test_reading_needs_no_leave(server: Server, body: str) -> None:
    leave = Leave()
    leave.ended = True
    with writing_while(leave):
        post(server, body)
        http.fetch(f'{server.base}/?action=edit')
    assert (leave.asked, len(server.visits)) == (0, 2)


@pytest.mark.parametrize('body', WRITES)
def test_writing_needs_leave_each_time(server: Server, body: str) -> None:
    leave = Leave()
    with writing_while(leave):
        post(server, body)
        post(server, body)
        assert (leave.asked, len(server.visits)) == (2, 2)
        leave.ended = True
        with pytest.raises(WritingEndedError):
            post(server, body)
    post(server, body)
    assert (leave.asked, len(server.visits)) == (3, 3)


def test_a_file_writes_whatever_is_in_it(server: Server) -> None:
    leave = Leave()
    leave.ended = True
    with pytest.raises(LeaseHeldError), writing_while(leave):
        http.fetch(server.base, 'POST', files={
            'xml': b'&action=query&title=Special%3AExport&'})
    assert server.visits == []


def test_whoever_goes_on_after_an_error_does_not(server: Server) -> None:
    leave = Leave()
    leave.ended = True
    with pytest.raises(LeaseHeldError, match='it ended'), \
            writing_while(leave):
        for _page in range(3):
            with suppress(Exception):
                post(server, 'action=edit')
    assert leave.asked == 1


def test_an_error_is_that_of_its_own_block(server: Server) -> None:
    outer, inner = Leave(), Leave()
    with pytest.raises(LeaseHeldError), writing_while(outer):
        try:
            with writing_while(inner):
                outer.ended = True
                post(server, 'action=edit')
        except ImportbotError:
            pytest.fail('it is not the inner one that ended')
    with writing_while(outer):
        outer.ended, inner.ended = False, True
        with pytest.raises(LeaseHeldError), writing_while(inner):
            post(server, 'action=edit')
        post(server, 'action=edit')
    assert len(server.visits) == 1


def test_time_that_the_answer_took(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(writing, '_now', lambda: clock[0])
    asked = []

    def ask() -> None:
        asked.append(clock[0])
        if len(asked) == 1:
            # Stopped right behind the answer of the database.
            clock[0] += writing.COUNTS + 1

    with writing_while(ask) as permission:
        permission.renew()
        assert asked == [0, writing.COUNTS + 1]
        permission.keep()
        clock[0] += writing.COUNTS
        permission.keep()
        assert len(asked) == 2
        clock[0] += 1
        permission.keep()
        assert len(asked) == 3


def test_no_more_bytes_when_leave_ends_on_the_way(
        monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a bot that is stopped in the middle of an upload."""
    body = b'x' * 2 ** 25
    leave, came = Leave(), [0]
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(
            ('127.0.0.1', 0)))
        base = f'http://127.0.0.1:{listener.getsockname()[1]}'
        allow_private(base)

        def read() -> None:
            line, _address = listener.accept()
            with line:
                came[0] = len(line.recv(2 ** 16))
                # The sender has asked, and goes on up to a full line.
                leave.ended = True
                monkeypatch.setattr(writing, 'COUNTS', -1)
                # Who writes no more may keep the line.
                line.settimeout(1)
                with suppress(TimeoutError):
                    while more := len(line.recv(2 ** 20)):
                        came[0] += more

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        with pytest.raises(LeaseHeldError), writing_while(leave):
            http.fetch(base, 'POST', data=body)
        thread.join(30)
    assert 0 < came[0] < len(body)


@pytest.mark.parametrize('raises', [OSError, NetworkError])
def test_an_error_of_the_line_stays_one(
        server: Server, monkeypatch: pytest.MonkeyPatch,
        raises: Callable[[str], Exception]) -> None:
    def fails(*_given: object) -> None:
        raise raises('broken')

    monkeypatch.setattr(
        'importbot.wikis.network.connections.may_still_write', fails)
    with writing_while(Leave()):
        answer = http.fetch(server.base, 'POST', data={'action': 'edit'},
                            default_error_handling=False)
    assert isinstance(answer, Exception)
