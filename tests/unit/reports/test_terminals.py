"""A terminal that lacks letters degrades; nothing of it is a traceback."""
from __future__ import annotations

import io
import json
import os
import pty
import select
import subprocess
import sys
from typing import Any

import pytest

from importbot.model.plan import as_text
from importbot.reports.formats import format_named
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
