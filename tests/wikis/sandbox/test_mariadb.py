"""Wikis of the sandbox on MariaDB: a server of each, that ends with it."""
from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from importbot import sandbox
from importbot.sandbox.errors import SandboxError
from importbot.sandbox.mariadb import MariadbServer, start_mariadb
from importbot.sandbox.php import missing_packages
from tests.kit.sandboxes import (
    Said,
    base,
    coming_up,
    command,
    general,
    interrupt,
    listening,
    processes,
    running,
    up,
    wait_until,
)
from tests.kit.support import Box, Client


Programs = Callable[..., Path]
PACKAGES = ('mariadb-client-core', 'mariadb-server-core', 'php-mysql')


@pytest.fixture(scope='module')
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp('mariadb') / 'a sandbox'


@pytest.fixture(scope='module')
def target_on_mariadb(place: Path) -> Iterator[dict[str, Any]]:
    with running(place, '--database', 'mariadb') as data:
        yield data


def test_each_wiki_has_the_database_that_was_asked_for(
        target_on_mariadb: dict[str, Any]) -> None:
    data = target_on_mariadb
    assert [data[part]['database'] for part in ('source', 'target')] == [
        'sqlite', 'mariadb']
    assert [general(data[part])['dbtype'] for part in ('source', 'target')
            ] == ['sqlite', 'mysql']
    target = Client(base(data['target']))
    assert 'Template:Convert' in target.snapshot()
    rows = {row['prefix']: row['url'] for row in target.get(
        meta='siteinfo', siprop='interwikimap')['interwikimap']}
    assert rows['en'] == f'{data["source"]["index"]}/$1'


def test_both_can_be_on_mariadb(tmp_path: Path) -> None:
    with running(tmp_path / 'both', '--database', 'mariadb',
                 '--source-database', 'mariadb', '--empty') as data:
        for part in ('source', 'target'):
            assert general(data[part])['dbtype'] == 'mysql'
        Client(base(data['source'])).edit('Only here', 'text')
        assert set(Client(base(data['target'])).snapshot()) == {'Main Page'}


def server_of(place: Path) -> MariadbServer:
    found = sandbox.status(place)
    assert found
    assert found.target.database_server
    return found.target.database_server


@pytest.mark.usefixtures('target_on_mariadb')
def test_status_knows_the_server_again(place: Path) -> None:
    assert server_of(place).process_group in processes(place)
    said = command('status', '--json', '--dir', place)
    assert json.loads(said.out)['target']['database'] == 'mariadb'


@pytest.mark.usefixtures('target_on_mariadb')
def test_it_listens_on_loopback_and_lets_nobody_but_the_wiki_in(
        place: Path) -> None:
    server = server_of(place)
    assert listening(server.process_group) == {
        f'0100007F:{server.port:04X}'}
    for account in ('root', 'mysql', ''):
        with pytest.raises(SandboxError, match='Access denied'):
            server.run('SELECT 1', account, '')
    settings = (place / 'target' / 'LocalSettings.php').read_text()
    password = settings.partition("$wgDBpassword = '")[2].partition("'")[0]
    assert server.run('SELECT page_title FROM page WHERE page_title = '
                      "'Convert'", 'wiki', password, 'wiki') == 'Convert\n'
    assert server.run("SELECT LOAD_FILE('/etc/passwd')", 'wiki',
                      password) == 'NULL\n'


def test_down_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    folder = tmp_path / 'sandbox'
    data = up(folder, '--database', 'mariadb', TMPDIR=str(tmp_path))
    Client(base(data['target'])).edit('New page', 'text')
    assert server_of(folder).process_group in processes(folder)
    assert command('down', '--dir', folder) == Said(0, '', '')
    assert not processes(folder)
    assert list(tmp_path.iterdir()) == []


def test_server_killed_from_outside_is_seen_and_cleaned_up(
        tmp_path: Path) -> None:
    folder = tmp_path / 'sandbox'
    with running(folder, '--empty', '--database', 'mariadb'):
        process = server_of(folder).process_group
        os.kill(process, signal.SIGKILL)
        wait_until(lambda: process not in processes(folder))
        assert str(folder) in command('status', '--dir', folder).sentence
        assert command('down', '--dir', folder) == Said(0, '', '')
        assert not processes(folder)
        assert not folder.exists()


def test_killed_while_coming_up_it_can_be_cleaned_up(
        programs: Programs, tmp_path: Path) -> None:
    php, sleep = shutil.which('php'), shutil.which('sleep')
    programs('lua5.1', 'mariadb', 'mariadb-install-db', 'my_print_defaults',
             php=(f'case "$MW_CONFIG_FILE $*" in */source/*\\ -S\\ *) '
                  f'exec "{sleep}" 30;; esac\nexec "{php}" "$@"'))
    folder = tmp_path / 'sandbox'
    with coming_up('up', '--empty', '--source-database', 'mariadb',
                   '--dir', folder) as started:
        # PHP will never be up, and nothing is written down yet.
        wait_until(lambda: len(processes(folder / 'source')) > 1)
        interrupt(started, signal.SIGKILL)
    waiting = processes(f'MW_CONFIG_FILE={folder}')
    assert len(processes(folder / 'source') - waiting) == 1
    assert command('down', '--dir', folder) == Said(0, '', '')
    assert processes(folder) <= waiting
    assert not folder.exists()


def test_database_of_tests_ends_with_their_wikis(tmp_path: Path) -> None:
    with Box(tmp_path / 'box', empty=True, database='mariadb') as box:
        server = box.databases['target'].server
        assert server
        assert server.process_group in processes(tmp_path)
        assert box.databases['source'].server is None
    assert not processes(tmp_path)


def test_server_that_does_not_come_up_says_why(tmp_path: Path) -> None:
    (tmp_path / 'data').mkdir()
    with pytest.raises(SandboxError) as caught:
        start_mariadb(tmp_path / 'data')
    line, = str(caught.value).splitlines()
    assert line.startswith('MariaDB does not come up: ')
    assert "Table 'mysql.db' doesn't exist" in line
    assert not processes(tmp_path / 'data')


# What is missing


def test_packages_are_those_of_the_database_that_is_asked_for(
        programs: Programs, tmp_path: Path) -> None:
    php, grep = shutil.which('php'), shutil.which('grep')
    programs('lua5.1', php=f'"{php}" "$@" | "{grep}" -vx mysqli')
    assert command('packages') == Said(0, '\n', '')
    said = command('packages', '--database', 'mariadb')
    assert said == Said(0, f'{" ".join(PACKAGES)}\n', '')
    for option in ('--database', '--source-database'):
        sentence = command('up', '--dir', tmp_path / 'sandbox', option,
                           'mariadb').sentence
        assert sentence.startswith('The sandbox needs PHP and Lua, and '
                                   f'MariaDB; missing here: {PACKAGES[0]}, ')
        assert sentence.endswith('apt-get install --no-install-recommends '
                                 + ' '.join(PACKAGES))
    assert not (tmp_path / 'sandbox').exists()


def test_nothing_is_missing_here() -> None:
    assert missing_packages({'mariadb'}) == []


def test_database_that_there_is_not() -> None:
    said = command('up', '--database', 'postgres')
    assert said.status == 2
    assert "invalid choice: 'postgres'" in said.err
