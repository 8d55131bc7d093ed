"""The sandbox: two real wikis that come, stay among themselves, and go."""
from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import requests

from importbot import sandbox
from importbot.sandbox.debian import mediawiki_tree
from importbot.sandbox.demo import demo
from importbot.sandbox.php import missing_packages
from importbot.sandbox.pywikibot_dir import write_pywikibot_dir
from tests.kit.commands import PWB
from tests.kit.sandboxes import (
    SESSION,
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
from tests.kit.support import Client, Run


Programs = Callable[..., Path]
ALL_PACKAGES = ('lua5.1 php-apcu php-cli php-curl php-intl php-mbstring '
                'php-sqlite3 php-xml')


def titles(client: Client) -> set[str]:
    return set(client.snapshot())


def rights(client: Client) -> set[str]:
    return set(client.get(meta='userinfo',
                          uiprop='rights')['userinfo']['rights'])


@pytest.fixture(scope='module')
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp('default') / 'sandbox'


@pytest.fixture(scope='module')
def default(place: Path) -> Iterator[dict[str, Any]]:
    """A sandbox as it comes up without options."""
    with running(place) as data:
        yield data


@pytest.fixture(scope='module')
def foreign(tmp_path_factory: pytest.TempPathFactory,
            ) -> Iterator[dict[str, Any]]:
    """Two empty wikis of both releases, in other languages."""
    with running(tmp_path_factory.mktemp('foreign') / 'sandbox', '--empty',
                 '--release', '1.43', '--source-release', '1.39',
                 '--lang', 'de', '--source-lang', 'ja') as data:
        yield data


# What comes up


def test_up_prints_exactly_the_documented_json(default: dict[str, Any],
                                               place: Path) -> None:
    assert default.keys() == {'dir', 'pywikibot_dir', 'source', 'target'}
    assert default['source'].keys() == {'api', 'index', 'database', 'prefix',
                                        'user', 'password'}
    assert default['target'].keys() == {'api', 'index', 'database', 'user',
                                        'password', 'bot', 'bot_password'}
    assert default['source']['database'] == 'sqlite'
    assert default['dir'] == str(place)
    assert Path(default['pywikibot_dir']).is_relative_to(place)


def test_both_wikis_answer_at_their_addresses(
        default: dict[str, Any]) -> None:
    for part in ('source', 'target'):
        wiki = default[part]
        assert general(wiki)['generator'].startswith('MediaWiki 1.43.')
        page = SESSION.get(wiki['index'], timeout=60)
        assert page.status_code == 200
        assert f'Sandbox {part}' in page.text


def test_an_older_release_is_that_of_both_wikis(tmp_path: Path) -> None:
    with running(tmp_path / 'old', '--release', '1.39') as data:
        for part in ('source', 'target'):
            assert general(data[part])['generator'].startswith(
                'MediaWiki 1.39.')


def test_releases_can_be_mixed(foreign: dict[str, Any]) -> None:
    assert general(foreign['source'])['generator'].startswith(
        'MediaWiki 1.39.')
    assert general(foreign['target'])['generator'].startswith(
        'MediaWiki 1.43.')


def test_each_wiki_has_its_language(default: dict[str, Any],
                                    foreign: dict[str, Any]) -> None:
    assert [general(data[part])['lang'] for data in (default, foreign)
            for part in ('source', 'target')] == ['en', 'en', 'ja', 'de']
    namespaces = Client(base(foreign['target'])).get(
        meta='siteinfo', siprop='namespaces')['namespaces']
    assert namespaces['10']['name'] == 'Vorlage'


def test_prefix_is_the_language_of_the_source(
        default: dict[str, Any], foreign: dict[str, Any]) -> None:
    for data, prefix in ((default, 'en'), (foreign, 'ja')):
        assert data['source']['prefix'] == prefix
        target = Client(base(data['target']))
        rows = {row['prefix']: row['url'] for row in target.get(
            meta='siteinfo', siprop='interwikimap')['interwikimap']}
        assert rows[prefix] == f'{data["source"]["index"]}/$1'


def test_prefix_is_the_one_allowed_source(default: dict[str, Any]) -> None:
    bot = Client(base(default['target']), default['target']['bot'],
                 default['target']['bot_password'])
    module, = bot._send(action='paraminfo',
                        modules='import')['paraminfo']['modules']
    source, = (row for row in module['parameters']
               if row['name'] == 'interwikisource')
    assert source['type'] == ['en']


def test_source_has_sample_content(default: dict[str, Any]) -> None:
    assert {'Rover', 'Template:Infobox rover', 'Module:Infobox'} <= titles(
        Client(base(default['source'])))
    assert 'Template:Convert' in titles(Client(base(default['target'])))


def test_empty_wikis_have_no_sample_page(foreign: dict[str, Any]) -> None:
    assert titles(Client(base(foreign['target']))) == {'Hauptseite'}
    assert titles(Client(base(foreign['source']))) == {'メインページ'}


def test_user_is_a_sysop_of_both_wikis(default: dict[str, Any]) -> None:
    for part in ('source', 'target'):
        wiki = default[part]
        user = Client(base(wiki), wiki['user'], wiki['password'])
        info = user.get(meta='userinfo', uiprop='groups')['userinfo']
        assert info['name'] == wiki['user']
        assert 'sysop' in info['groups']


def test_bot_has_the_import_rights_and_the_flag_and_nothing_else(
        default: dict[str, Any]) -> None:
    wiki = default['target']
    admin = Client(base(wiki), wiki['user'], wiki['password'])
    token = admin.get(meta='tokens', type='createaccount')['tokens']
    made = admin._send(
        action='createaccount', username='Normal user',
        password='some long password', retype='some long password',
        createtoken=token['createaccounttoken'],
        createreturnurl=base(wiki))
    assert made['createaccount']['status'] == 'PASS', made
    normal = Client(base(wiki), 'Normal user', 'some long password')
    bot = Client(base(wiki), wiki['bot'], wiki['bot_password'])
    assert rights(bot) - rights(normal) == {'bot', 'import', 'importupload'}
    assert rights(normal) <= rights(bot)
    assert 'importupload' in rights(admin)


def groups(place: Path) -> list[int]:
    """Return the process groups of the servers in a folder."""
    up_there = sandbox.status(place)
    assert up_there
    return [up_there.source.process_group, up_there.target.process_group]


def test_nothing_listens_but_on_loopback(default: dict[str, Any],
                                         place: Path) -> None:
    there = processes(place)
    assert len(there) >= 4
    heard = set().union(*map(listening, there))
    assert heard == {
        f'0100007F:{int(base(default[part]).rpartition(":")[2]):04X}'
        for part in ('source', 'target')}


def test_servers_have_process_groups_of_their_own(
        default: dict[str, Any], place: Path) -> None:
    there = processes(place)
    assert {os.getpgid(process) for process in there} == set(groups(place))
    assert os.getpgid(0) not in groups(place)
    assert {os.getsid(process) for process in there} == set(groups(place))


# pywikibot


SHOW_TITLES = """\
import pywikibot
from pywikibot import pagegenerators

arguments = pywikibot.handle_args()
factory = pagegenerators.GeneratorFactory()
assert not factory.handle_args(arguments)
for page in factory.getCombinedGenerator():
    print(page.site, page.title(), page.exists())
"""


def pwb(data: Mapping[str, Any], *arguments: str) -> Run:
    done = subprocess.run(
        [str(PWB), *arguments], cwd=data['pywikibot_dir'], text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=300,
        env={**os.environ, 'PYWIKIBOT_DIR': data['pywikibot_dir']})
    assert done.returncode == 0, done.stdout
    return Run(done.returncode, done.stdout)


def test_pywikibot_works_on_both_wikis_at_once(
        default: dict[str, Any]) -> None:
    Path(default['pywikibot_dir'], 'showtitles.py').write_text(SHOW_TITLES)
    wanted = ('showtitles', '-start:!', '-limit:2')
    target = pwb(default, *wanted)
    source = pwb(default, *wanted, '-family:sandboxsource',
                 '-lang:sandboxsource')
    assert target.output.splitlines() == [
        'sandboxtarget:sandboxtarget Balancing a chassis True',
        'sandboxtarget:sandboxtarget Main Page True']
    assert source.output.splitlines() == [
        'sandboxsource:sandboxsource Ambler programme True',
        'sandboxsource:sandboxsource Autonomous driving True']


def test_pywikibot_logs_in_to_both_wikis(default: dict[str, Any]) -> None:
    assert 'Logged in on sandboxtarget:sandboxtarget as ImportBot' in pwb(
        default, 'login').output
    assert 'Logged in on sandboxsource:sandboxsource as Admin' in pwb(
        default, 'login', '-family:sandboxsource',
        '-lang:sandboxsource').output


def test_configuration_is_nobody_elses(default: dict[str, Any]) -> None:
    for name in ('user-config.py', 'user-password.py'):
        path = Path(default['pywikibot_dir'], name)
        assert path.stat().st_mode & 0o777 == 0o600


# Two at once, one after the other, status


def test_status_says_what_is_up(default: dict[str, Any],
                                place: Path) -> None:
    said = command('status', '--dir', place)
    assert (said.status, said.err) == (0, '')
    for word in (default['source']['index'], default['target']['index'],
                 default['pywikibot_dir'], default['target']['bot'],
                 default['target']['bot_password']):
        assert word in said.out
    said = command('status', '--json', '--dir', place)
    assert json.loads(said.out) == default


def test_status_says_that_nothing_is_up(tmp_path: Path) -> None:
    said = command('status', '--dir', tmp_path / 'nothing')
    assert str(tmp_path / 'nothing') in said.sentence
    assert not (tmp_path / 'nothing').exists()


def test_folder_is_one_for_each_user_unless_given(tmp_path: Path) -> None:
    said = command('status', TMPDIR=str(tmp_path))
    assert f'{tmp_path}/importbot-sandbox-{os.getuid()};' in said.sentence


def test_what_is_printed_can_be_pasted_into_a_shell(tmp_path: Path) -> None:
    folder = tmp_path / 'a folder; with $signs'
    try:
        said = command('up', '--empty', '--dir', folder)
        assert said.status == 0, said
        export, = re.findall(r'^export .*', said.out, re.M)
        shown = subprocess.run(
            ['sh', '-c', f'{export}; echo "$PYWIKIBOT_DIR"'],
            capture_output=True, text=True).stdout.strip()
        assert Path(shown, 'user-config.py').is_file()
        end, = re.findall(r'^To end them: (.*)', said.out, re.M)
        subprocess.run(['sh', '-c', end], check=True)
        assert not folder.exists()
    finally:
        command('down', '--dir', folder)


def test_two_sandboxes_do_not_meet(default: dict[str, Any],
                                   tmp_path: Path) -> None:
    with running(tmp_path / 'other') as other:
        addresses = [data[part]['api'] for data in (default, other)
                     for part in ('source', 'target')]
        assert len(set(addresses)) == 4
        wikis = [Client(address.removesuffix('/api.php'))
                 for address in addresses]
        before = [wiki.snapshot() for wiki in wikis]
        wikis[3].edit('Only here', 'text')
        after = [wiki.snapshot() for wiki in wikis]
        assert after[:3] == before[:3]
        assert after[3].keys() - before[3].keys() == {'Only here'}
        command('down', '--dir', tmp_path / 'other')
        assert not processes(tmp_path / 'other')
        assert [wiki.snapshot() for wiki in wikis[:2]] == before[:2]


def test_of_two_at_once_in_one_folder_one_comes_up(tmp_path: Path) -> None:
    folder = tmp_path / 'sandbox'
    arguments = ('up', '--json', '--empty', '--dir', folder)
    try:
        with coming_up(*arguments) as one, coming_up(*arguments) as other:
            said = sorted((Said(ended.wait(120), *ended.communicate())
                           for ended in (one, other)),
                          key=lambda ended: ended.status)
        assert said[0].status == 0
        assert str(folder) in said[1].sentence
        for part in ('source', 'target'):
            general(json.loads(said[0].out)[part])
    finally:
        command('down', '--dir', folder)


def test_in_python_it_lasts_for_a_block(tmp_path: Path) -> None:
    folder = tmp_path / 'sandbox'
    with pytest.raises(ZeroDivisionError), sandbox.running(
            folder, empty=True, settings="$wgSitename = 'Mine';") as pair:
        data = pair.as_json()
        assert [general(data[part])['sitename']
                for part in ('source', 'target')] == ['Sandbox source',
                                                      'Mine']
        1 / 0  # noqa: B018
    assert not processes(folder)
    assert not folder.exists()


def test_down_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    folder = tmp_path / 'sandbox'
    data = up(folder, TMPDIR=str(tmp_path))
    # What scripts and wikis leave goes with it.
    Client(base(data['target'])).edit('New page', 'text')
    pwb(data, 'login')
    Path(folder, 'report.json').write_text('{}')
    assert processes(folder)
    assert command('down', '--dir', folder) == Said(0, '', '')
    assert not processes(folder)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(requests.ConnectionError):
        general(data['target'])


def test_down_twice_is_no_error(tmp_path: Path) -> None:
    for _time in range(2):
        assert command('down', '--dir', tmp_path / 'never') == Said(0, '', '')


@pytest.mark.parametrize('killed', ['the master alone', 'all of a server'])
def test_server_killed_from_outside_is_seen_and_cleaned_up(
        tmp_path: Path, killed: str) -> None:
    folder = tmp_path / 'sandbox'
    with running(folder, '--empty'):
        group = groups(folder)[0]
        if killed == 'the master alone':
            os.kill(group, signal.SIGKILL)
        else:
            os.killpg(group, signal.SIGKILL)
        wait_until(lambda: group not in processes(folder))
        assert str(folder) in command('status', '--dir', folder).sentence
        assert command('down', '--dir', folder) == Said(0, '', '')
        assert not processes(folder)
        assert not folder.exists()


def test_sandbox_comes_up_again_where_one_was(tmp_path: Path) -> None:
    with running(tmp_path / 'sandbox', '--empty') as first:
        Client(base(first['target'])).edit('Old page', 'text')
        command('down', '--dir', tmp_path / 'sandbox')
        again = up(tmp_path / 'sandbox', '--empty')
        assert titles(Client(base(again['target']))) == {'Main Page'}


# Folders that are taken


def contents(folder: Path) -> dict[str, str | None]:
    return {str(path): path.read_text() if path.is_file() else None
            for path in sorted(folder.rglob('*'))}


def test_up_where_a_sandbox_is_up_leaves_it_alone(
        default: dict[str, Any], place: Path) -> None:
    before = processes(place)
    said = command('up', '--dir', place)
    assert str(place) in said.sentence
    assert 'already' in said.sentence and 'down' in said.sentence
    with (pytest.raises(sandbox.SandboxError, match='already'),
          sandbox.running(place)):
        pass
    assert processes(place) == before
    assert general(default['target'])['server'] == base(default['target'])


@pytest.mark.parametrize('names', [['thesis.txt'], ['source/x', 'target/y'],
                                   ['pywikibot/user-config.py']])
def test_folder_of_others_is_never_touched(tmp_path: Path,
                                           names: list[str]) -> None:
    folder = tmp_path / 'mine'
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text('precious')
    before = contents(folder)
    said = command('up', '--dir', folder)
    assert str(folder) in said.sentence and '--dir' in said.sentence
    said = command('down', '--dir', folder)
    assert str(folder) in said.sentence and 'nothing' in said.sentence
    assert command('status', '--dir', folder).status == 1
    assert contents(folder) == before


def test_file_in_place_of_a_folder_is_never_touched(tmp_path: Path) -> None:
    path = tmp_path / 'file'
    path.write_text('precious')
    for name in ('up', 'down', 'status'):
        assert str(path) in command(name, '--dir', path).sentence
    assert path.read_text() == 'precious'


def test_place_where_nothing_can_be_is_one_sentence() -> None:
    assert '/proc/nowhere' in command('up', '--dir',
                                      '/proc/nowhere/here').sentence


def test_empty_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / 'empty').mkdir()
    with running(tmp_path / 'empty', '--empty') as data:
        assert general(data['target'])['lang'] == 'en'


# What is missing


def test_missing_php_names_packages_and_command(
        programs: Programs, tmp_path: Path) -> None:
    programs('apt-get')
    said = command('up', '--dir', tmp_path / 'sandbox')
    assert said.sentence.endswith(
        f'apt-get install --no-install-recommends {ALL_PACKAGES}')
    assert ALL_PACKAGES.replace(' ', ', ') in said.sentence
    assert not (tmp_path / 'sandbox').exists()
    assert command('packages') == Said(0, f'{ALL_PACKAGES}\n', '')


@pytest.mark.parametrize(('extension', 'package'), [
    ('intl', 'php-intl'), ('pdo_sqlite', 'php-sqlite3'),
    ('apcu', 'php-apcu')])
def test_missing_extension_names_its_package_alone(
        programs: Programs, tmp_path: Path, extension: str,
        package: str) -> None:
    php, grep = shutil.which('php'), shutil.which('grep')
    programs('lua5.1', php=f'"{php}" "$@" | "{grep}" -vx {extension}')
    said = command('up', '--dir', tmp_path / 'sandbox')
    assert said.sentence.endswith(
        f'apt-get install --no-install-recommends {package}')
    assert not (tmp_path / 'sandbox').exists()
    assert command('packages') == Said(0, f'{package}\n', '')


def test_missing_lua_is_noticed(programs: Programs, tmp_path: Path) -> None:
    programs('php')
    assert command('up', '--dir', tmp_path / 'sandbox').sentence.endswith(
        'install --no-install-recommends lua5.1')


def test_nothing_is_missing_here() -> None:
    assert missing_packages() == []
    assert command('packages') == Said(0, '\n', '')


@pytest.fixture
def make_php(tmp_path: Path) -> Callable[..., Said]:
    """Return "make php" of a checkout whose environment is set up."""
    make, folder = shutil.which('make'), tmp_path / 'venv'
    assert make
    (folder / 'bin').mkdir(parents=True)
    python = folder / 'bin' / 'python'
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (folder / 'installed').touch()

    def run(what: str = 'php') -> Said:
        done = subprocess.run(
            [make, '-s', what, f'VENV={folder}'], text=True,
            cwd=Path(sandbox.__file__).parents[2], capture_output=True,
            env={'PATH': os.environ['PATH'], 'HOME': str(tmp_path)})
        return Said(done.returncode, done.stdout, done.stderr)

    return run


def test_make_installs_what_is_missing(programs: Programs, tmp_path: Path,
                                       make_php: Callable[..., Said]) -> None:
    log = tmp_path / 'log'
    programs('id', 'env', 'php', apt_get=f'echo "$@" >>"{log}"',
             sudo='exec "$@"')
    assert make_php() == Said(0, 'Installing lua5.1\n', '')
    assert log.read_text() == (
        '-qq update\n-qq install --no-install-recommends lua5.1\n')


def test_make_installs_what_only_tests_need(
        programs: Programs, make_php: Callable[..., Said]) -> None:
    php, grep = shutil.which('php'), shutil.which('grep')
    programs('id', 'env', 'lua5.1', 'chromium', 'chromedriver', 'grep',
             fc_list='echo a font', apt_get='exit 0', sudo='exec "$@"',
             php=f'"{php}" "$@" | "{grep}" -vx mysqli')
    assert make_php('testprograms') == Said(
        0, 'Installing mariadb-client-core mariadb-server-core php-mysql\n',
        '')


def test_make_installs_nothing_where_nothing_is_missing(
        programs: Programs, make_php: Callable[..., Said]) -> None:
    programs('id', 'php', 'lua5.1', apt_get='exit 1')
    assert make_php() == Said(0, '', '')


def test_make_without_apt_says_what_to_install(
        programs: Programs, make_php: Callable[..., Said]) -> None:
    programs('id')
    said = make_php()
    assert said.status == 2
    assert said.out.endswith(f' {ALL_PACKAGES}\n')


def leftovers(cache: Path) -> set[str]:
    """Return what is in the cache of a sandbox, apart from locks."""
    folder = cache / 'importbot'
    return {path.name for path in folder.iterdir()
            if path.suffix != '.lock'} if folder.exists() else set()


@pytest.mark.parametrize('program', ['apt-get', 'dpkg-deb'])
def test_without_apt_and_cache_it_says_what_to_do(
        programs: Programs, tmp_path: Path, program: str) -> None:
    programs('php', 'lua5.1', *{'apt-get', 'dpkg-deb'} - {program})
    said = command('up', '--dir', tmp_path / 'sandbox',
                   XDG_CACHE_HOME=str(tmp_path / 'cache'))
    assert program in said.sentence
    assert 'MEDIAWIKI_DIR' in said.sentence
    assert not (tmp_path / 'sandbox').exists()
    assert leftovers(tmp_path / 'cache') == set()


NO_NETWORK = """\
case "$*" in
*--print-uris*) echo "'http://127.0.0.1:9/dists/trixie/InRelease' x 0" ;;
*) echo "E: Could not connect" >&2; exit 100 ;;
esac"""
HALF_A_FILE = """\
case "$*" in
*--print-uris*) echo "'http://127.0.0.1:9/dists/trixie/InRelease' x 0" ;;
*download*) echo half > mediawiki_1.43_all.deb ;;
esac"""


@pytest.mark.parametrize(('apt', 'words'), [
    pytest.param(NO_NETWORK, 'apt-get failed.*Could not connect',
                 id='no network'),
    pytest.param(HALF_A_FILE, 'dpkg-deb failed', id='half a file'),
    pytest.param('exit 0', 'apt knows no Debian mirror', id='no mirror'),
])
def test_failed_fetching_leaves_nothing_half_installed(
        programs: Programs, tmp_path: Path, apt: str, words: str) -> None:
    programs('php', 'lua5.1', 'dpkg-deb', 'tar', apt_get=apt)
    said = command('up', '--dir', tmp_path / 'sandbox',
                   XDG_CACHE_HOME=str(tmp_path / 'cache'))
    assert re.search(words, said.sentence)
    assert 'MEDIAWIKI_DIR' in said.sentence
    assert not (tmp_path / 'sandbox').exists()
    assert leftovers(tmp_path / 'cache') == set()


def test_mediawiki_dir_may_point_to_a_tree(tmp_path: Path,
                                           programs: Programs) -> None:
    tree = mediawiki_tree('1.39')
    link = tmp_path / 'mediawiki'
    link.symlink_to(tree)
    programs('php', 'lua5.1')  # nothing to fetch another one with
    with running(tmp_path / 'sandbox', '--empty',
                 MEDIAWIKI_DIR=str(link)) as data:
        for part in ('source', 'target'):
            assert general(data[part])['generator'].startswith(
                'MediaWiki 1.39.')


@pytest.mark.parametrize('name', ['nothing', 'empty'])
def test_mediawiki_dir_of_something_else_is_one_sentence(
        tmp_path: Path, name: str) -> None:
    (tmp_path / 'empty').mkdir()
    wrong = tmp_path / name
    said = command('up', '--dir', tmp_path / 'sandbox',
                   MEDIAWIKI_DIR=str(wrong))
    assert said.sentence.startswith(f'{wrong} holds no MediaWiki')
    assert 'MEDIAWIKI_DIR' in said.sentence
    assert not (tmp_path / 'sandbox').exists()


@pytest.mark.parametrize('arguments', [
    ['up', '--release', '1.35'], ['up', '--source-release', 'latest'],
    ['upp'], []])
def test_command_line_that_makes_no_sense(arguments: list[str]) -> None:
    said = command(*arguments)
    assert (said.status, said.out) == (2, '')
    assert 'usage: python -m importbot.sandbox' in said.err


def test_language_that_cannot_be_is_one_sentence(tmp_path: Path) -> None:
    said = command('up', '--empty', '--lang', '../x', '--dir',
                   tmp_path / 'sandbox')
    assert 'Invalid language code "../x"' in said.sentence
    assert not (tmp_path / 'sandbox').exists()
    assert not processes(tmp_path / 'sandbox')


# Interrupted


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_interrupted_between_two_servers_nothing_is_left(
        programs: Programs, tmp_path: Path, number: int) -> None:
    php, sleep = shutil.which('php'), shutil.which('sleep')
    programs('lua5.1', php=(
        f'case "$MW_CONFIG_FILE $*" in */target/*\\ -S\\ *) '
        f'exec "{sleep}" 600;; esac\nexec "{php}" "$@"'))
    folder = tmp_path / 'sandbox'
    with coming_up('up', '--empty', '--dir', folder) as started:
        # The source is up, and the target will never be.
        wait_until(lambda: processes(folder / 'target'))
        assert processes(folder / 'source')
        said = interrupt(started, number)
    assert said == Said(130, '', '\nInterrupted.\n')
    assert not processes(folder)
    assert not folder.exists()


def test_interrupted_while_a_wiki_is_built_nothing_is_left(
        tmp_path: Path) -> None:
    cache = tmp_path / 'cache' / 'importbot'
    cache.mkdir(parents=True)
    (cache / 'mediawiki-1.43').symlink_to(mediawiki_tree('1.43'))
    with coming_up('up', '--dir', tmp_path / 'sandbox',
                   XDG_CACHE_HOME=str(cache.parent)) as started:
        wait_until(lambda: processes(cache))
        said = interrupt(started, signal.SIGINT)
    assert said == Said(130, '', '\nInterrupted.\n')
    # What a script had called for a moment ends by itself.
    wait_until(lambda: not processes(cache))
    assert not (tmp_path / 'sandbox').exists()
    assert not {name for name in leftovers(cache.parent)
                if not name.startswith(('mediawiki-', 'l10n-'))}


def test_killed_while_coming_up_it_can_be_cleaned_up(
        programs: Programs, tmp_path: Path) -> None:
    php, sleep = shutil.which('php'), shutil.which('sleep')
    programs('lua5.1', php=(
        f'case "$MW_CONFIG_FILE $*" in */target/*\\ -S\\ *) '
        f'exec "{sleep}" 30;; esac\nexec "{php}" "$@"'))
    folder = tmp_path / 'sandbox'
    with coming_up('up', '--empty', '--dir', folder) as started:
        wait_until(lambda: processes(folder / 'target'))
        interrupt(started, signal.SIGKILL)
    assert processes(folder / 'source')
    assert command('status', '--dir', folder).status == 1
    assert 'down' in command('up', '--dir', folder).sentence
    assert command('down', '--dir', folder) == Said(0, '', '')
    assert not processes(folder / 'source')
    assert not folder.exists()


# The demonstration


def test_demonstration_imports_an_article_and_ends(tmp_path: Path) -> None:
    path = tmp_path / 'deep' / 'report.json'
    said = command('demo', '--report', path, TMPDIR=str(tmp_path))
    assert said.status == 0, said
    assert 'Traceback' not in said.err
    page, article = path.with_suffix('.html'), path.with_name('article.html')
    end = said.out[said.out.index('\nTo look at:\n'):]
    assert [line.split()[0] for line in end.splitlines()[3:]] == [
        str(page), str(article), str(path)]
    shown = page.read_text()
    assert shown.count('class="outcome verified"') > 50
    assert 'ImportBot' in shown
    report = json.loads(path.read_text())
    assert report['run'] == 1
    assert {page['outcome'] for page in report['pages']} == {'verified',
                                                             'unchanged'}
    # The plan fits a terminal, and no line is longer.
    plan = said.out[said.out.index('54 new'):said.out.index('Import these')]
    assert len(plan.splitlines()) <= 50
    assert all(len(line) <= 80 for line in plan.splitlines())
    assert '\x1b' not in said.out
    assert len(said.out.splitlines()) < 200
    for word in ('Requested pages', 'Rover', 'Template:Convert', 'Timeline'):
        assert word in plan
    assert 'All went as planned' in said.out
    assert 'asks for "Firefly Walker"' in said.out
    shown = article.read_text()
    assert 'is a vehicle that drives' in shown
    assert '<script' not in shown and '<link' not in shown
    assert {item.name for item in tmp_path.iterdir()} == {'deep'}
    assert not processes(tmp_path / 'importbot-demo-')


def test_demonstration_ends_as_the_bot_does(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = sandbox.SandboxWiki('http://127.0.0.1:9', 0)
    gone = sandbox.Sandbox(tmp_path, 'en', nowhere, nowhere)
    write_pywikibot_dir(gone.pywikibot_dir, gone.source.api, gone.target.api)
    with (gone.pywikibot_dir / 'user-config.py').open('a') as config:
        config.write('max_retries = retry_wait = 0\n')
    monkeypatch.setattr('importbot.sandbox.demo.running',
                        lambda folder: nullcontext(gone))
    report = tmp_path / 'report.json'
    report.write_text('of an earlier run')
    assert demo(report) == 1
    assert not report.exists()
    assert 'To look at' not in capsys.readouterr().out
