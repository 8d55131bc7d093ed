"""Requests stay on their host and answers within bounds."""
from __future__ import annotations

import gzip
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import pywikibot
import requests
from pywikibot.comms import http

import importbot
from importbot.wikis.network import (
    NetworkError,
    allow_private,
    cause,
    guard,
    hosts,
    hurry,
    underway,
    unhurried,
    watch,
)
from importbot.wikis.network.hosts import is_private, origin_of, stays
from tests.kit.evil_servers import Server, Visit, serving


@pytest.fixture(autouse=True)
def _guarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    guard()
    monkeypatch.setattr(hosts, '_allowed', set())
    monkeypatch.setattr(pywikibot.config, 'socket_timeout', (0.5, 0.5))
    monkeypatch.setattr(watch, 'PATIENCE', 0)
    monkeypatch.setattr(watch, '_TICK', 0.02)
    yield
    http.cookie_jar.clear()


@pytest.fixture
def serves() -> Iterator[Callable[..., Server]]:
    """Return what starts a server that may be asked."""
    with ExitStack() as stack:
        def start(answers: Callable[[Visit], object],
                  allowed: bool = True) -> Server:
            server = stack.enter_context(serving(answers))
            if allowed:
                allow_private(server.base)
            return server
        yield start


def fetched(url: str, **options: Any) -> requests.Response:
    answer = http.fetch(url, **options)
    assert isinstance(answer, requests.Response)
    return answer


@pytest.mark.parametrize('address', [
    '127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.7.7', '169.254.169.254',
    '100.64.0.1', '0.0.0.0', '::1', '::', 'fe80::1%eth0', 'fc00::1',
    '::ffff:10.0.0.1', '::ffff:127.0.0.1', '64:ff9b::7f00:1',
    '2002:7f00:1::', '224.0.0.1', 'ff02::1', '::127.0.0.1'])
def test_private_addresses(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize('address', [
    '185.15.59.224', '2a02:ec80:300:ed1a::1', '::ffff:185.15.59.224'])
def test_public_addresses(address: str) -> None:
    assert not is_private(address)


@pytest.mark.parametrize(('old', 'new', 'same'), [
    ('http://a.org/x', 'http://a.org/y', True),
    ('http://a.org/x', 'https://a.org/y', True),
    ('http://A.org./x', 'https://a.org:443/y', True),
    ('http://a.org:8080/', 'http://a.org:8080/y', True),
    ('https://a.org/x', 'http://a.org/y', False),
    ('http://a.org/x', 'https://a.org:8443/y', False),
    ('http://a.org:8080/', 'https://a.org/', False),
    ('http://a.org/x', 'http://b.a.org/y', False),
    ('http://a.org/x', 'http://a.org.evil.org/y', False),
    ('http://a.org/x', 'http://a.org:81/y', False),
    ('http://a.org/x', 'http://a.org@evil.org/', False),
    ('http://a.org/x', 'http://evil.org\\@a.org/', False),
])
def test_same_host(old: str, new: str, same: bool) -> None:
    assert stays(origin_of(old), origin_of(
        str(requests.Request('GET', new).prepare().url))) is same


def test_private_host_that_nobody_configured(
        serves: Callable[..., Server]) -> None:
    server = serves(lambda visit: visit.say(b'secret'), allowed=False)
    for host in ('127.0.0.1', 'localhost', '2130706433', '0x7f.1', '0177.1',
                 '[::ffff:127.0.0.1]'):
        with pytest.raises(NetworkError, match='private address'):
            http.fetch(f'http://{host}:{server.server_port}/')
    assert not server.visits


def test_private_host_of_a_family(serves: Callable[..., Server],
                                  monkeypatch: pytest.MonkeyPatch) -> None:
    server = serves(lambda visit: visit.say(b'{}'), allowed=False)
    monkeypatch.setitem(pywikibot.config.family_files, 'mine',
                        f'{server.base}/api.php')
    assert fetched(server.base).text == '{}'


def test_name_that_means_another_address_when_it_is_asked(
        serves: Callable[..., Server],
        monkeypatch: pytest.MonkeyPatch) -> None:
    server = serves(lambda visit: visit.say(b'secret'), allowed=False)
    monkeypatch.setattr('importbot.wikis.network.connections.addresses_of',
                        lambda *_host: ['185.15.59.224'])
    with pytest.raises(NetworkError, match='private address'):
        http.fetch(server.base)
    assert not server.visits


@pytest.mark.parametrize('status', [301, 302, 303, 307, 308])
@pytest.mark.parametrize('method', ['GET', 'POST'])
def test_redirect_to_another_port(serves: Callable[..., Server], status: int,
                                  method: str) -> None:
    other = serves(lambda visit: visit.say(b'secret'))
    server = serves(lambda visit: visit.say(
        b'', status, Location=f'{other.base}/api.php'))
    with pytest.raises(NetworkError, match='to another host'):
        http.fetch(server.base, method, data={'password': 'x'})
    assert not other.visits


@pytest.mark.parametrize('location', [
    '//127.0.0.1:{port}/', 'http:\\\\127.0.0.1:{port}/',
    'http://user@127.0.0.1:{port}/', '\\\\127.0.0.1:{port}/',
    'http://127.0.0.1:{port}#@127.0.0.1', 'file:///etc/passwd',
    'http://[', 'gopher://127.0.0.1:{port}/', ' http://127.0.0.1:{port}/',
])
def test_odd_redirects(serves: Callable[..., Server],
                       location: str) -> None:
    other = serves(lambda visit: visit.say(b'secret'))
    server = serves(lambda visit: visit.say(
        b'', 302, Location=location.format(port=other.server_port))
        if len(server.visits) < 3 else visit.say(b'end'))
    answer = http.fetch(server.base, default_error_handling=False)
    assert not other.visits
    # As a path on the same host it may be followed.
    assert isinstance(answer, NetworkError) or answer.text == 'end'


def test_redirect_on_the_same_host(serves: Callable[..., Server]) -> None:
    server = serves(lambda visit: visit.say(b'here') if visit.path == '/b'
                    else visit.say(b'', 302, Location='/b'))
    assert fetched(f'{server.base}/a').text == 'here'


def cookies_of(server: Server) -> list[str | None]:
    return [visit.headers.get('Cookie') for visit in server.visits]


def test_cookies_of_two_ports(serves: Callable[..., Server],
                              monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = (serves(lambda visit, name=name: visit.say(
        b'{}', Set_Cookie=f'session={name}')) for name in ('one', 'two'))
    for server in (one, two, one, two):
        fetched(server.base)
    assert cookies_of(one) == [None, 'session=one']
    assert cookies_of(two) == [None, 'session=two']


def test_cookies_for_relatives_of_a_host(
        serves: Callable[..., Server]) -> None:
    one = serves(lambda visit: visit.say(
        b'{}', Set_Cookie='session=one; Domain=127.0.0.1; Path=/'))
    two = serves(lambda visit: visit.say(b'{}'))
    for server in (one, two, one):
        fetched(server.base)
    assert cookies_of(one) == [None, 'session=one']
    assert cookies_of(two) == [None]


def test_cookies_in_the_file(serves: Callable[..., Server],
                             monkeypatch: pytest.MonkeyPatch,
                             tmp_path: Path) -> None:
    one, two = (serves(lambda visit, name=name: visit.say(
        b'{}', Set_Cookie=f'session={name}')) for name in ('one', 'two'))
    fetched(one.base)
    fetched(two.base)
    http.cookie_jar.filename = str(tmp_path / 'cookies.lwp')
    http.cookie_jar.save(ignore_discard=True)
    http.cookie_jar.clear()
    monkeypatch.setattr(pywikibot.config, 'base_dir', str(tmp_path))
    (tmp_path / 'cookies.lwp').rename(tmp_path / 'pywikibot-Bot.lwp')
    http.cookie_jar.load('Bot', ignore_discard=True)
    fetched(one.base)
    fetched(two.base)
    assert cookies_of(one) == [None, 'session=one']
    assert cookies_of(two) == [None, 'session=two']


def test_cookies_of_plain_pywikibot_are_of_the_default_site(
        serves: Callable[..., Server],
        monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = (serves(lambda visit: visit.say(b'{}')) for _ in 'ab')
    monkeypatch.setitem(pywikibot.config.family_files, 'ours',
                        f'{one.base}/api.php')
    monkeypatch.setattr(pywikibot.config, 'family', 'ours')
    monkeypatch.setattr(pywikibot.config, 'mylang', 'ours')
    http.cookie_jar.set_cookie(requests.cookies.create_cookie(
        'session', 'old', domain='127.0.0.1'))
    fetched(one.base)
    fetched(two.base)
    assert (cookies_of(one), cookies_of(two)) == (['session=old'], [None])


def test_packed_bombs(serves: Callable[..., Server],
                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('importbot.wikis.network.guarding.MOST', 2 ** 20)
    bomb = gzip.compress(bytes(2 ** 24))
    server = serves(lambda visit: visit.say(bomb, Content_Encoding='gzip'))
    with pytest.raises(NetworkError, match='larger than 1 MiB'):
        http.fetch(server.base)


@pytest.mark.parametrize('packing', ['br', 'zstd', 'gzip, gzip', 'x, gzip'])
def test_packings_that_nobody_asked_for(serves: Callable[..., Server],
                                        packing: str) -> None:
    server = serves(lambda visit: visit.say(
        gzip.compress(gzip.compress(b'{}')), Content_Encoding=packing))
    with pytest.raises(NetworkError, match='packed'):
        http.fetch(server.base)
    assert server.visits[0].headers['Accept-Encoding'] == 'gzip, deflate'


def test_packed_answer(serves: Callable[..., Server]) -> None:
    server = serves(lambda visit: visit.say(
        gzip.compress(b'{"a": 1}'), Content_Encoding='gzip'))
    assert fetched(server.base).json() == {'a': 1}


HEAD = b'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n'


@pytest.mark.parametrize('head', [
    HEAD + b'Content-Length: 999999\r\n\r\n', HEAD + b'\r\n', HEAD + b'X: ',
    b''])
@pytest.mark.parametrize('stream', [False, True])
def test_byte_after_byte(serves: Callable[..., Server], head: bytes,
                         stream: bool) -> None:
    def answer(visit: Visit) -> None:
        visit.wfile.write(head)
        visit.dribble(b'x' * 1000)

    server = serves(answer)
    begun = time.monotonic()
    with pytest.raises(NetworkError, match='takes more than 1 seconds'):
        for _chunk in fetched(server.base, stream=stream).iter_content(10):
            pass
    assert time.monotonic() - begun < 10


def test_time_of_the_reader_does_not_count(
        serves: Callable[..., Server]) -> None:
    server = serves(lambda visit: visit.say(b'x' * 400_000))
    chunks = fetched(server.base, stream=True).iter_content(100_000)
    first = next(chunks)
    time.sleep(1.2)
    assert len(first) + sum(map(len, chunks)) == 400_000


def test_signal_during_a_slow_answer(serves: Callable[..., Server]) -> None:
    def answer(visit: Visit) -> None:
        visit.wfile.write(HEAD + b'\r\n')
        visit.dribble(b'', 0.05)

    server = serves(answer)
    before = signal.signal(signal.SIGTERM, lambda *_: hurry(0.1))
    timer = threading.Timer(0.3, signal.raise_signal, [signal.SIGTERM])
    timer.start()
    begun = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            http.fetch(server.base)
        # What writes is left to its time.
        with pytest.raises(NetworkError):
            http.fetch(server.base, 'POST', data={'action': 'import'})
    finally:
        unhurried()
        signal.signal(signal.SIGTERM, before)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(('given', 'heeded'), [
    ('5', '5'), ('99999999', '60'), ('nan', '0'), ('-1', '0'),
    ('Wed, 21 Oct 2099 07:28:00 GMT', '60'), ('9' * 5000, '0'),
    ('Wed, 21 Oct 2015 07:28:00 GMT', '0')])
def test_pause_that_a_server_asks_for(serves: Callable[..., Server],
                                      given: str, heeded: str) -> None:
    server = serves(lambda visit: visit.say(b'{}', Retry_After=given))
    assert fetched(server.base).headers['Retry-After'] == heeded


def test_nothing_of_an_answer_is_quoted(
        serves: Callable[..., Server]) -> None:
    listener = socket.create_server(('127.0.0.1', 0))
    port = listener.getsockname()[1]
    allow_private(f'http://127.0.0.1:{port}')

    def answer() -> None:
        line, _address = listener.accept()
        line.recv(10_000)
        line.sendall(b'SECRET-2.0 banner of a service\r\n')
        line.close()

    threading.Thread(target=answer, daemon=True).start()
    error = http.fetch(f'http://127.0.0.1:{port}',
                       default_error_handling=False)
    listener.close()
    assert isinstance(error, Exception)
    assert 'SECRET' in str(error)
    assert 'SECRET' not in cause(error)


@pytest.mark.parametrize(('error', 'words'), [
    (pywikibot.exceptions.APIError('internal_api_error', 'secret'),
     'error internal_api_error'),
    (pywikibot.exceptions.APIError('<b>secret', 'secret'), 'APIError'),
    (pywikibot.exceptions.ServerError('503 Server Error: secret'),
     'HTTP 503'),
    (ConnectionRefusedError(111, 'secret'), 'Connection refused'),
    (ValueError('secret'), 'ValueError'),
    (RecursionError(), 'the answer is nested too deep'),
])
def test_causes(error: Exception, words: str) -> None:
    assert cause(error) == words


def test_a_guarded_session_stays_as_it_is() -> None:
    adapter = http.session.get_adapter('https://x')
    guard()
    assert http.session.get_adapter('https://x') is adapter


def test_user_agent(serves: Callable[..., Server],
                    monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pywikibot.config, 'user_agent_description',
                        'bots@wiki.example')
    server = serves(lambda visit: visit.say(b'{}'))
    fetched(server.base)
    agent = server.visits[0].headers['User-Agent']
    assert f'importbot/{importbot.__version__} Pywikibot/' in agent
    assert '(bots@wiki.example)' in agent


# Three at once

def test_streams_are_not_more_than_three(
        serves: Callable[..., Server]) -> None:
    server, other = (serves(lambda visit: visit.say(b'x' * 100_000))
                     for _ in 'ab')
    streams = [fetched(server.base, stream=True) for _ in range(3)]
    with pytest.raises(NetworkError, match='3 requests are under way'):
        http.fetch(server.base)
    assert (len(server.visits), fetched(other.base).status_code) == (3, 200)
    streams[0].close()
    fetched(server.base)
    # One that is read to its end, and one that is left.
    assert len(streams[1].content) == 100_000
    del streams[2]
    for _ in range(4):
        fetched(server.base)
    streams = [fetched(server.base, stream=True) for _ in range(3)]
    assert len(streams) == 3


def test_requests_that_fail_are_over(serves: Callable[..., Server]) -> None:
    server = serves(lambda visit: visit.say(b'', Content_Encoding='br'))
    for _ in range(5):
        with pytest.raises(NetworkError, match='packed'):
            http.fetch(server.base)


def test_another_thread_is_waited_for() -> None:
    ends = [underway.begin('there') for _ in range(2)]
    begun, waits = threading.Event(), threading.Event()

    def work() -> None:
        end = underway.begin('there')
        begun.set()
        waits.wait(30)
        end()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert begun.wait(30)
    threading.Timer(.1, waits.set).start()
    ends.append(underway.begin('there'))
    # It was over before ours could begin.
    assert waits.is_set()
    thread.join(30)
    for end in ends:
        end()
        end()
