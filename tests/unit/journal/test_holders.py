"""A bot that may be alive, in another container, is not called dead."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from importbot.journal import holders
from importbot.journal.holders import is_dead, shown, this_process


ALIVE = """
import time
from importbot.journal.holders import this_process
print(this_process(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def other() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Return another process, and what it calls itself."""
    with subprocess.Popen([sys.executable, '-c', ALIVE], text=True,
                          stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield process, process.stdout.readline().strip()
        process.kill()


def test_process_of_the_same_place(
        other: tuple[subprocess.Popen[str], str]) -> None:
    process, name = other
    assert not is_dead(name)
    process.kill()
    process.wait()
    assert is_dead(name)


def test_number_that_is_used_again() -> None:
    name, _dot, start = this_process().rpartition('.')
    assert start.isdecimal()
    assert not is_dead(this_process())
    assert is_dead(f'{name}.{int(start) - 1}')


@pytest.mark.parametrize('holder', [
    'elsewhere:1', 'host:99999999', '', 'x', 'a:b c.d', 'a:1 ', ':',
    f'{os.uname().nodename}:99999999', 'a:99999999999999999999999 b.1'])
def test_holders_of_whom_nothing_is_known(holder: str) -> None:
    assert not is_dead(holder)


def gone() -> str:
    """Return a process that has ended."""
    with subprocess.Popen([sys.executable, '-c', ALIVE], text=True,
                          stdout=subprocess.PIPE) as process:
        assert process.stdout
        name = process.stdout.readline().strip()
        process.kill()
    return name


@pytest.mark.parametrize('what', ['boot', 'namespace', 'no proc', 'host'])
def test_from_another_place(what: str, tmp_path: Path,
                            monkeypatch: pytest.MonkeyPatch) -> None:
    name = gone()
    assert is_dead(name)
    if what == 'boot':
        monkeypatch.setattr(holders, '_BOOT', tmp_path / 'boot')
        (tmp_path / 'boot').write_text('another')
    elif what == 'namespace':
        (tmp_path / 'pid').symlink_to('pid:[1]')
        monkeypatch.setattr(holders, '_NAMESPACE', tmp_path / 'pid')
    elif what == 'no proc':
        monkeypatch.setattr(holders, '_BOOT', tmp_path / 'none')
        assert ' ' not in this_process()
    else:
        monkeypatch.setattr('socket.gethostname', lambda: 'another')
    assert not is_dead(name)


def test_container_of_the_same_name() -> None:
    """One with numbers of its own, where the kernel lets us make it."""
    unshare = shutil.which('unshare')
    if not unshare or subprocess.run(
            [unshare, '--pid', '--fork', '--mount-proc', 'true'],
            capture_output=True, check=False).returncode:
        pytest.skip('the kernel lets nobody make a namespace here')
    with subprocess.Popen(
            [unshare, '--pid', '--fork', '--mount-proc', '--kill-child',
             sys.executable, '-c', ALIVE], text=True,
            stdout=subprocess.PIPE) as process:
        assert process.stdout
        name = process.stdout.readline().strip()
        assert shown(name).endswith(':1')
        assert not is_dead(name.replace(':1 ', ':99999999 '))
        process.kill()


def test_people_are_shown_host_and_number() -> None:
    assert shown(this_process()) == f'{os.uname().nodename}:{os.getpid()}'
