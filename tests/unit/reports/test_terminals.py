"""A terminal that lacks letters degrades; nothing of it is a traceback."""
from __future__ import annotations

import io
import json
import os
import pty
import re
import select
import subprocess
import sys
from typing import Any

import pytest

from importbot.model.plan import as_text
from importbot.reports.formats import format_named
from importbot.reports.terminal.progress import ProgressBar, progress_line
from importbot.reports.terminal.streams import Degrading


SHOW = """
import pywikibot
from rich.table import Table
from importbot.reports.terminal.progress import ProgressBar
from importbot.reports.terminal.tables import show
with ProgressBar() as bar:
    bar.show('Čeština — 日本語', 1, 3)
table = Table('title', 'reason')
for title in ('Čeština', 'Ёлка', '日本語', 'Ελλάδα', 'plain…', chr(0xd800)):
    table.add_row(title, 'not on the source')
show(table)
pywikibot.info('Ёлка')
"""


def shown(**env: str) -> bytes:
    # By a pipe: a command line is in the encoding of the locale.
    done = subprocess.run([sys.executable, '-'], timeout=60,
                          input=b'# coding: utf-8' + SHOW.encode(),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, **env}, check=False)
    assert done.returncode == 0, done.stdout
    assert b'Traceback' not in done.stdout
    return done.stdout


@pytest.mark.parametrize('encoding', ['ascii', 'cp1252', 'latin-1', 'koi8-r',
                                      'cp437', 'shift_jis'])
def test_encodings(encoding: str) -> None:
    text = shown(PYTHONIOENCODING=encoding).decode(encoding)
    assert 'plain' in text
    assert any(word in text for word in ('Ёлка', 'Elka', 'Ëlka'))


def test_posix_without_coercion() -> None:
    text = shown(LC_ALL='C', PYTHONCOERCECLOCALE='0', PYTHONUTF8='0',
                 PYTHONIOENCODING='ascii').decode('ascii')
    assert 'Cestina' in text
    assert '+-' in text


def test_unicode_stays() -> None:
    text = shown(PYTHONIOENCODING='utf-8').decode()
    assert 'Čeština' in text
    assert '日本語' in text


def test_terminal_in_ascii() -> None:
    """With a bar that moves, as where a person is watching."""
    host, guest = pty.openpty()
    with subprocess.Popen(
            [sys.executable, '-c', SHOW], stdout=guest, stderr=guest,
            env={**os.environ, 'PYTHONIOENCODING': 'ascii',
                 'TERM': 'xterm'}) as process:
        os.close(guest)
        seen = b''
        while select.select([host], [], [], 30)[0]:
            try:
                seen += os.read(host, 2 ** 16)
            except OSError:  # the other side has closed
                break
    os.close(host)
    assert process.returncode == 0, seen
    assert b'Cestina' in seen
    seen.decode('ascii')


def test_where_nobody_watches_lines_come_now_and_then(
        capsys: pytest.CaptureFixture[str]) -> None:
    seconds = iter([0, 1, 59, 61, 62, 63, 64, 65])
    bar = ProgressBar(tells=True, clock=lambda: next(seconds))
    with bar:
        for done in (10, 20, 30, 40, 130):
            bar.show('reading the source', done)
        bar.show('importing', 1, 54, ['Rover'])
        bar.show('importing', 120, 154, ['A', 'B'])
    lines = capsys.readouterr().err.splitlines()
    assert [re.sub(r'^[\d-]{10}T[\d:]{8}Z ', '', line) for line in lines] == [
        'reading the source: 30 pages', 'reading the source: 130 pages',
        'importing 121–122 of 154: A, B']


def test_where_nobody_asked_for_lines_there_are_none(
        capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressBar(clock=lambda: 0) as bar:
        bar.show('reading the source', 1000)
    assert capsys.readouterr().err == ''


@pytest.mark.parametrize(('state', 'line'), [
    (('reading the target', 0), 'reading the target'),
    (('reading the target', 1), 'reading the target: 1 page'),
    (('importing', 2, 54, ['Rover']), 'importing 3 of 54: Rover'),
    (('importing', 54, 54), 'importing 54 of 54'),
    (('undoing', 0, 9, [f'{number}' for number in range(9)]),
     'undoing 1–9 of 9: 0, 1, 2, 3, 4 +4')])
def test_progress_says_what_is_done(state: Any, line: str) -> None:
    assert progress_line(*state) == line


@pytest.mark.parametrize(('encoding', 'written'), [
    ('ascii', 'Elka caf? ?'), ('utf-8', 'Ёлка caf\N{SNOWMAN} 😀'),
    ('no-such-encoding', 'Elka caf? ?')])
def test_stream(encoding: str, written: str) -> None:
    class Stream(io.StringIO):
        @property
        def encoding(self) -> str:  # type: ignore[override]
            return encoding

    stream = Stream()
    Degrading(stream).write('Ёлка caf\N{SNOWMAN} 😀')
    assert stream.getvalue() == written


@pytest.mark.parametrize('encoding', ['ascii', 'cp1252', 'utf-8'])
def test_json_says_the_same(encoding: str) -> None:
    data: dict[str, Any] = {'title': 'Ёлка\x1b[0m 😀 “x”'}
    text = format_named('json').fitted(as_text(data), encoding)
    assert json.loads(text.encode(encoding).decode(encoding)) == data
    assert '\x1b' not in text
