"""One real MediaWiki: built once into the cache, copied, served, ended.

Building (installer, accounts, sample content) takes the better part of a
minute; a copy of what it leaves takes a moment, so that every sandbox
after the first is up at once.
"""
from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from importbot.sandbox import content
from importbot.sandbox.debian import (
    cache_dir,
    locked,
    mediawiki_tree,
    release_of,
)
from importbot.sandbox.errors import SandboxError
from importbot.sandbox.php import LIMITS, environment, maintenance


__all__ = ('ACCOUNTS', 'Account', 'WikiSpec', 'answers', 'configure',
           'end_server', 'place', 'serve', 'server_processes',
           'start_server', 'write_interwiki')

_MEDIAWIKI = Path(__file__).parent / 'mediawiki'
_WORKERS = 4


@dataclass(frozen=True)
class Account:

    """A user of a sandbox wiki.

    :param name: user name
    :param password: throw-away, on loopback only
    """

    name: str
    password: str


ACCOUNTS = {'user': Account('Admin', 'sandbox-sysop-password'),
            'bot': Account('ImportBot', 'sandbox-bot-password')}


@dataclass(frozen=True)
class WikiSpec:

    """What a sandbox wiki is to be.

    :param part: ``source`` or ``target``
    :param release: MediaWiki release, ``1.39`` or ``1.43``
    :param language: content language code
    :param empty: without sample content
    :param settings: lines of PHP below all other settings
    """

    part: str
    release: str
    language: str = 'en'
    empty: bool = False
    settings: str = ''


def _local_settings(spec: WikiSpec, folder: Path, tree: Path, server: str,
                    prefixes: tuple[str, ...] = ()) -> None:
    """Write the LocalSettings.php of a wiki."""
    l10n = cache_dir() / f'l10n-{release_of(tree)}'
    l10n.mkdir(exist_ok=True)
    sources = ', '.join(_php(prefix) for prefix in prefixes)
    # Cookies belong to a host whatever the port: one name for each wiki.
    cookies = spec.part + server.rpartition(':')[2]
    (folder / 'LocalSettings.php').write_text(f"""<?php
$wgServer = {_php(server)};
$wgSitename = {_php('Sandbox ' + spec.part)};
$wgLanguageCode = {_php(spec.language)};
$wgSQLiteDataDir = {_php(str(folder / 'db'))};
$wgCacheDirectory = {_php(str(l10n))};
$wgUploadDirectory = {_php(str(folder / 'images'))};
$wgSecretKey = {_php(secrets.token_hex(16))};
$wgCookiePrefix = {_php(cookies)};
$wgImportSources = [ {sources} ];
require {_php(str(_MEDIAWIKI / 'CommonSettings.php'))};
$wgScribuntoEngineConf['luastandalone']['luaPath'] = {
    _php(shutil.which('lua5.1') or 'lua5.1')};
{spec.settings}
""", encoding='utf-8')


def _php(text: str) -> str:
    """Return *text* as a string literal of PHP."""
    escaped = text.replace('\\', '\\\\').replace("'", "\\'")
    return f"'{escaped}'"


def _template(spec: WikiSpec, tree: Path) -> Path:
    """Return the folder of a built wiki, building it if need be."""
    mark = hashlib.sha256('\n'.join((
        release_of(tree), str(tree), spec.part, spec.language,
        '' if spec.empty else content.digest(), repr(ACCOUNTS),
        *(path.read_text() for path in (
            *sorted(_MEDIAWIKI.rglob('*.php')), Path(__file__),
            Path(content.__file__))),
    )).encode()).hexdigest()[:16]
    built = cache_dir() / f'wiki-{spec.part}-{spec.release}-{mark}'
    with locked(built.name):
        if not built.exists():
            with tempfile.TemporaryDirectory(dir=built.parent) as work:
                folder = Path(work, 'wiki')
                _build(spec, tree, folder)
                folder.rename(built)
    return built


def _build(spec: WikiSpec, tree: Path, folder: Path) -> None:
    for name in ('db', 'images', 'tmp'):
        (folder / name).mkdir(parents=True)
    server, settings = 'http://127.0.0.1:1', folder / 'LocalSettings.php'
    admin, bot = ACCOUNTS['user'], ACCOUNTS['bot']
    maintenance(tree, settings, 'install', '--dbtype', 'sqlite', '--dbpath',
                str(folder / 'db'), '--dbname', 'wiki', '--scriptpath', '',
                '--server', server, '--lang', spec.language, '--pass',
                admin.password, '--confpath', str(folder),
                f'Sandbox {spec.part}', admin.name)
    _local_settings(spec, folder, tree, server)
    maintenance(tree, settings, 'update', '--quick')
    # As the settings that were not there yet have it hashed.
    maintenance(tree, settings, 'changePassword', '--user', admin.name,
                '--password', admin.password)
    maintenance(tree, settings, 'createAndPromote', '--bot',
                '--custom-groups=importer', bot.name, bot.password)
    if not spec.empty:
        _fill(spec, tree, settings)


def _fill(spec: WikiSpec, tree: Path, settings: Path) -> None:
    pages = content.sample_pages(spec.part)
    for author in content.authors(pages):
        maintenance(tree, settings, 'createAndPromote', author,
                    secrets.token_hex(16))
    # The installer's own main page is of today and would stay current.
    maintenance(tree, settings, 'deleteBatch', stdin=b'Main Page')
    # In the order of time, as pages grow; link tables in one go afterwards.
    maintenance(tree, settings, 'importDump', '--no-updates',
                stdin=content.export_xml(pages))
    maintenance(tree, settings, 'refreshLinks')
    maintenance(tree, settings, 'initSiteStats', '--update')
    maintenance(tree, settings, 'runJobs')
    for title in content.protected_titles(spec.part):
        maintenance(tree, settings, 'protect', '--user',
                    ACCOUNTS['user'].name, title)


def place(spec: WikiSpec, folder: Path) -> Path:
    """Put a fresh wiki into a folder.

    :param spec: what it is to be
    :param folder: where its files go
    :return: the MediaWiki tree that serves it
    :raises SandboxError: it cannot be built
    """
    tree = mediawiki_tree(spec.release)
    shutil.copytree(_template(spec, tree), folder)
    return tree


def serve(spec: WikiSpec, folder: Path, tree: Path,
          interwiki: dict[str, str],
          php: Sequence[str] = ()) -> tuple[str, int]:
    """Start the server of a wiki on a free port of the loopback.

    :param spec: what the wiki is
    :param folder: where its files are
    :param tree: MediaWiki tree
    :param interwiki: base address of other wikis by interwiki prefix;
        each prefix is also a source that imports are allowed from
    :param php: arguments for PHP after its usual limits
    :return: base address and process group
    :raises SandboxError: the server does not come up
    """
    return start_server(
        folder, tree,
        lambda base: configure(spec, folder, tree, base, interwiki), php)


def start_server(folder: Path, tree: Path, prepare: Callable[[str], None],
                 php: Sequence[str] = ()) -> tuple[str, int]:
    """Start PHP on a free port of the loopback.

    :param folder: where LocalSettings.php, log and temporary files are
    :param tree: MediaWiki tree
    :param prepare: called with the base address before PHP starts, which
        finds a LocalSettings.php for that address afterwards
    :param php: arguments for PHP after its usual limits
    :return: base address and process group
    :raises SandboxError: the server does not come up
    """
    for _attempt in range(5):
        port = _free_port()
        base = f'http://127.0.0.1:{port}'
        prepare(base)
        with (folder / 'php.log').open('ab') as log:
            server = subprocess.Popen(
                ['php', *LIMITS, *php, '-S', f'127.0.0.1:{port}', '-t',
                 str(tree)],
                env={**environment(folder),
                     'PHP_CLI_SERVER_WORKERS': str(_WORKERS)},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        try:
            if answers(base, server):
                return base, server.pid
        except BaseException:
            end_server(server.pid)
            raise
        end_server(server.pid)
    log_end = (folder / 'php.log').read_text(errors='replace')[-500:]
    raise SandboxError(f'The {folder.name} wiki does not come up: {log_end}')


def configure(spec: WikiSpec, folder: Path, tree: Path, base: str,
              interwiki: dict[str, str]) -> None:
    """Tell a wiki that was put into a folder where it is served.

    :param spec: what the wiki is
    :param folder: where its files are
    :param tree: MediaWiki tree
    :param base: its address
    :param interwiki: as for :func:`serve`
    """
    write_interwiki(folder / 'db' / 'wiki.sqlite', interwiki)
    _local_settings(spec, folder, tree, base, tuple(interwiki))


def write_interwiki(database: Path, interwiki: dict[str, str]) -> None:
    """Write where interwiki prefixes lead.

    :param database: the wiki's SQLite file
    :param interwiki: base address of other wikis by prefix
    """
    with sqlite3.connect(database) as connection:
        for prefix, base in interwiki.items():
            connection.execute(
                'REPLACE INTO interwiki (iw_prefix, iw_url, iw_api, '
                "iw_wikiid, iw_local, iw_trans) VALUES (?, ?, ?, '', 1, 0)",
                (prefix, f'{base}/index.php/$1', f'{base}/api.php'))
    connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return int(probe.getsockname()[1])


def answers(base: str, server: subprocess.Popen[bytes] | None = None,
            patience: float = 60) -> bool:
    """Wait for the wiki itself, not for whoever else took the port.

    :param base: address of the wiki
    :param server: whose end is not waited for
    :param patience: seconds to wait
    :return: whether it answers
    """
    session = requests.Session()
    session.trust_env = False
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and (
            server is None or server.poll() is None):
        with suppress(requests.RequestException, ValueError, KeyError):
            answer = session.get(
                f'{base}/api.php', timeout=min(30, patience),
                params={'action': 'query', 'meta': 'siteinfo',
                        'format': 'json'}).json()
            if answer['query']['general']['server'] == base:
                return True
        time.sleep(0.05)
    return False


def server_processes(base: str, process_group: int) -> set[int]:
    """Return the live processes of a server: its master and its workers.

    :param base: address of the wiki, which tells its server from a later
        namesake
    :param process_group: of the server
    """
    address = base.removeprefix('http://').encode()
    processes = set()
    for process in _members(process_group):
        with suppress(OSError):
            command = Path(f'/proc/{process}/cmdline').read_bytes()
            if address in command.split(b'\0'):
                processes.add(process)
    return processes


def end_server(group: int) -> None:
    """End a server with its workers; no error if it is gone already."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
        deadline = time.monotonic() + 2
        while _members(group):
            if time.monotonic() > deadline:
                os.killpg(group, signal.SIGKILL)
            time.sleep(0.01)
    with suppress(ChildProcessError):
        os.waitpid(group, os.WNOHANG)


def _members(group: int) -> set[int]:
    """Return the processes of a group that are no zombies."""
    members = set()
    for stat in Path('/proc').glob('[0-9]*/stat'):
        with suppress(OSError):
            state, _parent, of_group = (
                stat.read_text().rpartition(')')[2].split()[:3])
            if int(of_group) == group and state != 'Z':
                members.add(int(stat.parent.name))
    return members
