"""Servers go from test to test; nothing else does."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from importbot.sandbox.errors import SandboxError
from importbot.sandbox.wikis import server_processes
from tests.kit.support import Box, Client


@contextmanager
def boxed(folder: Path, **options: Any) -> Iterator[Box]:
    with Box(folder, **options) as box:
        yield box


def wait_for(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize('release', ['1.43', '1.39'])
def test_next_wiki_knows_nothing_of_the_last(tmp_path: Path, release: str,
                                             ) -> None:
    with boxed(tmp_path / 'one', release=release,
               settings='$wgSitename = "First";\n'
                        '$wgUserrightsInterwikiDelimiter = "#";') as box:
        base, first = box.target_base, box.on_target()
        before = first.snapshot()
        first.edit('Template:Convert', 'theirs')
        first.edit('MediaWiki:Sidebar', '* theirs')
        assert first.get(meta='allmessages', ammessages='sidebar')[
            'allmessages'][0]['content'] == '* theirs'
        first.do('block', user='ImportBot')
    with boxed(tmp_path / 'two', release=release) as box:
        assert box.target_base == base
        # Who was logged in there is nobody here.
        assert 'anon' in first.get(meta='userinfo')['userinfo']
        second = box.on_target()
        assert second.get(meta='siteinfo')['general'][
            'sitename'] == 'Sandbox target'
        assert second.snapshot() == before
        assert second.text('Template:Convert') != 'theirs'
        assert second.get(meta='allmessages', ammessages='sidebar')[
            'allmessages'][0]['content'] != '* theirs'
        assert not second.all('blocks', list='blocks')


def test_text_of_the_same_address_is_that_of_the_wiki(tmp_path: Path) -> None:
    """Where texts are is the same number in both, and is cached."""
    found = []
    for text in ('first text', 'other text'):
        with boxed(tmp_path / text, empty=True) as box:
            client = box.on_target()
            number = client.edit('Page', text)
            found.append((box.target_base, number, client.text('Page')))
    (base, number, _), other = found
    assert other == (base, number, 'other text')


def test_change_behind_the_back_of_a_wiki_is_what_it_answers(
        fresh_box: Box) -> None:
    admin = fresh_box.on_target()
    revision = admin.edit('Changed page', 'as it was')
    other = admin.edit('Other page', 'as it is')
    for title in ('Changed page', 'Other page'):
        admin.text(title)
    content = 'SELECT slot_content_id FROM slots WHERE slot_revision_id = :id'
    (place, ), = fresh_box.sql(
        'target', 'SELECT content_address FROM content WHERE content_id = '
        f'({content})', id=other)
    fresh_box.sql(
        'target', 'UPDATE content SET content_address = :place '
        f'WHERE content_id = ({content})', place=place, id=revision)
    assert admin.text('Changed page') == 'as it is'
    assert fresh_box.sql(
        'target', 'SELECT page_title, page_namespace FROM page '
        'WHERE page_latest = :id', id=revision) == [('Changed_page', 0)]
    # Whoever was logged in still is.
    assert admin.edit('Changed page', 'as it will be')


def test_language_is_that_of_the_wiki(tmp_path: Path) -> None:
    found = []
    for lang in ('en', 'de', 'en'):
        with boxed(tmp_path / f'{len(found)}', lang=lang) as box:
            spaces = box.on_target().get(meta='siteinfo',
                                         siprop='namespaces')['namespaces']
            found.append((box.target_base, spaces['10']['name']))
    assert [name for _base, name in found] == [
        'Template', 'Vorlage', 'Template']
    assert len({base for base, _name in found}) == 1


def test_two_pairs_at_a_time(tmp_path: Path) -> None:
    with boxed(tmp_path / 'one') as one, boxed(tmp_path / 'two') as two:
        assert len({one.source_base, one.target_base, two.source_base,
                    two.target_base}) == 4
        one.on_target().edit('Only here', 'text')
        assert not two.on_target().history('Only here')
        assert len(one.on_target().history('Only here')) == 1


@pytest.mark.parametrize('sign', [signal.SIGKILL, signal.SIGSTOP])
def test_broken_server_is_not_handed_on(tmp_path: Path,
                                        monkeypatch: pytest.MonkeyPatch,
                                        sign: signal.Signals) -> None:
    monkeypatch.setattr('tests.kit.pool.PATIENCE', 1)
    with boxed(tmp_path / 'one') as box:
        base, group = box.target_base, box._servers[1].group
        os.killpg(group, sign)
    with boxed(tmp_path / 'two') as box:
        assert box.target_base != base
        assert box.on_target().history('Rover') == []
    wait_for(lambda: not server_processes(base, group))


def test_work_that_nobody_waits_for_ends_first(tmp_path: Path) -> None:
    """A request whose client is gone must not meet the next wiki."""
    with boxed(tmp_path / 'one', settings=(
            'if ( isset( $_GET["slow"] ) ) {'
            ' touch( __DIR__ . "/begun" ); usleep( 500000 );'
            ' touch( __DIR__ . "/done" ); }')) as box:
        base = box.target_base
        asks = subprocess.Popen([
            sys.executable, '-c', 'import sys, urllib.request as r;'
            'r.urlopen(sys.argv[1])', f'{base}/api.php?slow=1'])
        wait_for((box.folder / 'target' / 'begun').exists)
        asks.kill()
        asks.wait()
    assert (box.folder / 'target' / 'done').exists()
    with boxed(tmp_path / 'two') as box:
        assert box.target_base == base


def test_late_request_of_the_test_before_goes_nowhere(tmp_path: Path,
                                                      ) -> None:
    sent = threading.Event()
    with boxed(tmp_path / 'one') as box:
        proxy = box.target
        with proxy.broken(hits=lambda exchange: True, late=0.5,
                          meanwhile=sent.set), suppress(OSError):
            Client(proxy.base)
        assert sent.is_set()
    reached = [*proxy.reached]
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join()
    assert proxy.reached == reached


@pytest.mark.parametrize('end', ['kill', 'exit'])
def test_server_ends_with_the_process_of_the_tests(tmp_path: Path,
                                                   end: str) -> None:
    with subprocess.Popen(
            [sys.executable, '-c', (
                'import sys; from pathlib import Path;'
                'from tests.kit.support import Box;'
                'box = Box(Path(sys.argv[1]));'
                'print(box.target_base, box._servers[1].group,'
                ' box._servers[1].folder, flush=True);'
                'sys.stdin.read()'), str(tmp_path / 'box')],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            ) as tests:
        assert tests.stdout is not None
        assert tests.stdin is not None
        base, group, folder = tests.stdout.readline().split()
        assert server_processes(base, int(group))
        if end == 'kill':
            tests.kill()
        else:
            tests.stdin.close()
        wait_for(lambda: not server_processes(base, int(group)))
        wait_for(lambda: not Path(folder).exists())


def test_server_that_does_not_start_leaves_nothing(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('tempfile.tempdir', str(tmp_path))
    with pytest.raises(SandboxError, match='does not come up'):
        Box(tmp_path / 'box', php=('-d', 'opcache.preload=/no/such.php'),
            settings='$wgServer = "http://elsewhere.example";')
    assert {path.name for path in tmp_path.iterdir()} == {'box'}
