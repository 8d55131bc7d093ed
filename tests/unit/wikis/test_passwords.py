"""Passwords stay out of command lines and of what is kept of them."""
from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import pywikibot

from importbot.commands.arguments import arguments_of
from importbot.journal.location import open_journal
from importbot.model.errors import JournalError, UsageError
from tests.kit.commands import PWB


URL = 'mysql+pymysql://bot:hunter2@db.example/imports'
SCRIPTS = {'importpages': ['-source:en', '-page:A'], 'importdump': ['x.xml'],
           'importrequests': [], 'importruns': [], 'importundo': ['12']}


def folder(tmp_path: Path, *lines: str) -> Path:
    """Make a directory of pywikibot whose wiki is not there."""
    config = tmp_path / 'user-config.py'
    config.write_text('\n'.join((
        "family_files['nowhere'] = 'http://127.0.0.1:9/api.php'",
        "mylang = family = 'nowhere'",
        "usernames['nowhere']['nowhere'] = 'Bot'",
        'max_retries = 0', 'retry_wait = 0', *lines)) + '\n')
    config.chmod(0o600)
    return tmp_path


def pwb(where: Path, *arguments: str, **env: str) -> tuple[int, str]:
    done = subprocess.run(
        [str(PWB), *arguments], cwd=where, text=True, timeout=60,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, 'PYWIKIBOT_DIR': str(where), **env})
    return done.returncode, ' '.join(done.stdout.split())


def kept(where: Path) -> str:
    """Return all that a run left in files."""
    return ''.join(path.read_text(errors='replace')
                   for path in where.rglob('*') if path.is_file())


@pytest.mark.parametrize('script', SCRIPTS)
def test_url_on_the_command_line(tmp_path: Path, script: str) -> None:
    status, printed = pwb(folder(tmp_path), script, *SCRIPTS[script],
                          f'-journal:{URL}')
    assert status == 1
    assert 'IMPORTBOT_JOURNAL' in printed
    assert 'user-config.py' in printed
    assert 'Traceback' not in printed
    assert 'hunter2' not in printed + kept(tmp_path)


def test_what_pwb_wrote_down_before(tmp_path: Path,
                                    monkeypatch: pytest.MonkeyPatch) -> None:
    """It does so if a global option stands before the script."""
    logs = tmp_path / 'logs'
    logs.mkdir()
    before = f'today pwb "-simulate" "importruns" "-journal:{URL}" "-v"\n'
    for name in ('commands.log', 'pwb-bot.log'):
        (logs / name).write_text(before)
    monkeypatch.setattr(pywikibot.config, 'base_dir', str(tmp_path))
    with pytest.raises(UsageError):
        arguments_of([f'-journal:{URL}'])
    assert 'hunter2' not in kept(tmp_path)
    after = (logs / 'commands.log').read_text()
    assert (len(after), after[-6:]) == (len(before), ' "-v"\n')


@pytest.mark.parametrize('argument', [
    f'-journal:{URL}', f'--journal={URL}', URL, f'-journal: {URL}',
    '-journal:postgresql://u:p@h', '-journal:mysql://u:a/b@c@h/d',
    '-journal:mysql://h/d?user=u&password=x', '-journal:x://h?PASSWD=x',
    '-journal:oracle+x://:p@h', '-page:https://u:p@h/'])
def test_spellings(argument: str) -> None:
    with pytest.raises(UsageError, match='change the password') as caught:
        arguments_of(['-source:en', argument])
    assert 'hunter2' not in str(caught.value)


@pytest.mark.parametrize('argument', [
    '-journal:runs.sqlite', '-journal:sqlite:///a:b/c.sqlite',
    '-journal:mysql+pymysql://db/x?read_default_file=~/replica.my.cnf',
    '-journal:mysql://user@host:3306/d', '-page:Talk:A@b',
    '-page:https://en.wikipedia.org/wiki/Talk:A@b', '-page:a://b'])
def test_what_is_no_password(argument: str,
                             monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pywikibot, 'handle_args', list)
    assert argument in arguments_of([argument])


def test_url_of_the_environment(tmp_path: Path,
                                monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / 'here.sqlite'
    monkeypatch.setenv('IMPORTBOT_JOURNAL', f'sqlite:///{path}')
    open_journal().close()
    assert path.exists()
    # What is given counts more.
    open_journal(str(tmp_path / 'given.sqlite')).close()
    assert (tmp_path / 'given.sqlite').exists()


def test_url_of_user_config(tmp_path: Path) -> None:
    where = folder(tmp_path, f'_importbot_journal = {URL!r}')
    status, printed = pwb(where, 'importruns')
    assert status == 1
    assert 'journal mysql+pymysql://bot:***@db.example/imports' in printed
    assert 'unknown' not in printed
    assert printed.count('hunter2') == 0


@pytest.mark.parametrize('value', ['5', "f'{name}'", 'name'])
def test_setting_that_is_no_text(tmp_path: Path, value: str,
                                 monkeypatch: pytest.MonkeyPatch) -> None:
    folder(tmp_path, "name = 'x'", f'_importbot_journal = {value}')
    monkeypatch.setattr(pywikibot.config, 'base_dir', str(tmp_path))
    with pytest.raises(JournalError, match='_importbot_journal'):
        open_journal()


@pytest.mark.parametrize('argument', [b'-page:Fl\xf6', URL.replace(
    '2', '\xf6').encode('latin-1')])
def test_arguments_of_another_encoding(tmp_path: Path,
                                       argument: bytes) -> None:
    status, printed = pwb(folder(tmp_path), 'importpages', '-source:en',
                          os.fsdecode(argument))
    assert status == 1
    assert 'Traceback' not in printed
    assert 'ERROR: ' in printed
    assert 'hunter' not in printed + kept(tmp_path)
