"""What wikis ask of bots: logged in, few at once, patience after HTTP 429.
"""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path

import pytest

from importbot.sandbox.wikis import ACCOUNTS
from tests.kit.proxy import Exchange
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Run


LOGIN = frozenset({'login', 'clientlogin'})


@pytest.fixture(scope='module')
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis; the source is read by those who are logged in alone, and
    the account on the target has no bot flag.
    """
    with Box(tmp_path_factory.mktemp('closed'), source_settings=(
            # Whether it is up is seen by GET.
            "$wgGroupPermissions['*']['read'] = "
            "($_SERVER['REQUEST_METHOD'] ?? 'GET') === 'GET';"), settings=(
            "$wgGroupPermissions['bot']['bot'] = false;")) as box:
        yield box


@pytest.fixture(scope='module')
def specimens(box: Box) -> Iterator[str]:
    return put_specimens(box, 40)


def logins(box: Box) -> list[Exchange]:
    return [exchange for exchange in box.source.exchanges
            if exchange.parameters.get('action') in LOGIN]


def words(run: Run) -> str:
    return ' '.join(run.output.split())


def imported(box: Box, title: str, *options: str, **more: Path) -> Run:
    run, _report = box.importpages(f'-page:{title}', '-templates:none',
                                   *options, **more)
    return run


def other_config(box: Box, name: str, password: str) -> Path:
    """Return another folder of pywikibot, with no cookies as yet."""
    folder = box.folder / name
    folder.mkdir()
    for file in ('user-config.py', 'user-password.py'):
        text = (box.config / file).read_text()
        if file == 'user-password.py':
            text = '\n'.join(line for line in text.splitlines()
                             if 'sandboxsource' not in line) + '\n' + password
        (folder / file).write_text(text)
        (folder / file).chmod(0o600)
    return folder


# Logged in on the source

def test_source_that_is_read_logged_in(closed: Box) -> None:
    first, second = put_specimens(closed, 2)
    run = imported(closed, first, '-via:upload')
    assert run.status == 0, run.output
    assert closed.on_target().history(first)
    assert len(logins(closed)) == 1
    # The next process has its cookies.
    assert imported(closed, second, '-via:upload').status == 0
    assert len(logins(closed)) == 1
    secrets = {ACCOUNTS['bot'].password, ACCOUNTS['bot'].name}
    assert not any(secrets & {*exchange.parameters.values()}
                   for exchange in closed.source.exchanges)


def test_no_bot_flag_at_home(closed: Box) -> None:
    title = [*put_specimens(closed, 3)][-1]
    run = imported(closed, title, '-via:upload')
    assert run.status == 0, run.output
    assert 'ImportBot has no bot flag on the target wiki' in words(run)
    assert not any(exchange.parameters.get('assert') == 'bot'
                   for exchange in closed.target.exchanges)
    newest, *_ = closed.on_target().all(
        'recentchanges', list='recentchanges', rcprop='flags|title',
        rctype='log')
    assert (newest['title'], newest['bot']) == (title, False)


@pytest.mark.parametrize(('password', 'why'), [
    ('', 'no password is given'),
    (f"('sandboxsource', {ACCOUNTS['user'].name!r}, 'wrong')\n", ': '),
], ids=['none', 'wrong'])
def test_login_that_fails_is_a_warning(
        box: Box, specimens: Iterator[str], password: str,
        why: str) -> None:
    config = other_config(box, f'config{len(password)}', password)
    before = len(logins(box))
    run = imported(box, next(specimens), config=config)
    assert run.status == 0, run.output
    assert words(run).count('is not logged in on the source') == 1
    assert why in words(run)
    assert len(logins(box)) - before <= bool(password)


def test_source_that_denies_the_login(box: Box,
                                      specimens: Iterator[str]) -> None:
    config = other_config(box, 'lied to', (
        f"('sandboxsource', {ACCOUNTS['user'].name!r}, "
        f"{ACCOUNTS['user'].password!r})\n"))
    before = len(logins(box))
    with box.source.rewritten(lambda body: body.replace(
            b'"name":"Admin"', b'"name":"Eve"')):
        run = imported(box, next(specimens), '-via:upload', config=config)
    assert run.status == 0, run.output
    assert 'is not logged in on the source' in words(run)
    assert 0 < len(logins(box)) - before <= 2


# Patience for reads

def later() -> str:
    return format_datetime(datetime.now(timezone.utc) + timedelta(seconds=2),
                           usegmt=True)


@pytest.mark.parametrize(('wiki', 'asks'), [
    ('target', 'curtimestamp'), ('source', 'rvprop'), ('source', 'history')])
def test_reads_are_repeated_after_429(
        box: Box, specimens: Iterator[str], wiki: str, asks: str) -> None:
    proxy = getattr(box, wiki)
    with proxy.broken(hits=lambda exchange: asks in exchange.parameters,
                      forwards=False, status=429,
                      headers={'Retry-After': later()},
                      body=b'<html>Too many requests</html>'):
        run = imported(box, next(specimens), '-via:upload')
        assert not any(fault.times for fault in proxy.faults)
    assert run.status == 0, run.output


def test_source_that_never_has_time(box: Box,
                                    specimens: Iterator[str]) -> None:
    with box.source.broken(
            hits=lambda exchange: 'rvprop' in exchange.parameters,
            forwards=False, status=429, times=10 ** 6,
            headers={'Retry-After': '86400'}):
        run = imported(box, next(specimens))
    assert run.status == 1
    assert 'too many requests' in words(run), run.output


# Few at once

@pytest.mark.parametrize('route', ['upload', 'interwiki'])
def test_few_requests_at_once(box: Box, specimens: Iterator[str],
                              route: str) -> None:
    box.source.most = box.target.most = 0
    run = imported(box, next(specimens), f'-page:{next(specimens)}',
                   f'-via:{route}')
    assert run.status == 0, run.output
    assert 0 < box.target.most <= 3
    # The target fetches from there as well.
    assert 0 < box.source.most <= 3
