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
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from importbot.sandbox import content, databases, mariadb
from importbot.sandbox.databases import (
    Database,
    make_database,
    open_database,
)
from importbot.sandbox.debian import (
    cache_dir,
    locked,
    mediawiki_tree,
    release_of,
)
from importbot.sandbox.errors import SandboxError
from importbot.sandbox.mariadb import mariadb_version
from importbot.sandbox.php import LIMITS, environment, maintenance


__all__ = ('ACCOUNTS', 'Account', 'PlacedWiki', 'WikiSpec', 'answers',
           'configure', 'end_server', 'place', 'serve', 'server_processes',
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
    :param database: ``sqlite`` or ``mariadb``
    """

    part: str
    release: str
    language: str = 'en'
    empty: bool = False
    settings: str = ''
    database: str = 'sqlite'


@dataclass(frozen=True)
class PlacedWiki:

    """A wiki that is in its folder and can be served.

    :param spec: what it is
    :param folder: its files
    :param tree: MediaWiki tree
    :param database: where it stores what it has
    """

    spec: WikiSpec
    folder: Path
    tree: Path
    database: Database

    @property
    def settings(self) -> Path:
        """Its LocalSettings.php."""
        return self.folder / 'LocalSettings.php'

    def run(self, script: str, *arguments: str,
            stdin: bytes | None = None) -> str:
        """Run a maintenance script; see :func:`maintenance`."""
        return maintenance(self.tree, self.settings, script, *arguments,
                           stdin=stdin)


def _local_settings(wiki: PlacedWiki, server: str,
                    prefixes: tuple[str, ...] = ()) -> None:
    """Write the LocalSettings.php of a wiki."""
    spec = wiki.spec
    l10n = cache_dir() / f'l10n-{release_of(wiki.tree)}'
    l10n.mkdir(exist_ok=True)
    sources = ', '.join(_php(prefix) for prefix in prefixes)
    # Cookies belong to a host whatever the port: one name for each wiki.
    cookies = spec.part + server.rpartition(':')[2]
    settings = {
        'wgServer': server, 'wgSitename': f'Sandbox {spec.part}',
        'wgLanguageCode': spec.language, 'wgCacheDirectory': str(l10n),
        'wgUploadDirectory': str(wiki.folder / 'images'),
        'wgSecretKey': secrets.token_hex(16), 'wgCookiePrefix': cookies,
        **wiki.database.settings}
    lines = '\n'.join(f'${name} = {_php(value)};'
                      for name, value in settings.items())
    wiki.settings.write_text(f"""<?php
{lines}
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
        '' if spec.database == 'sqlite' else mariadb_version(),
        *(path.read_text() for path in (
            *sorted(_MEDIAWIKI.rglob('*.php')), Path(__file__),
            Path(content.__file__), Path(databases.__file__),
            Path(mariadb.__file__))),
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
    for name in ('images', 'tmp'):
        (folder / name).mkdir(parents=True)
    with _made_database(spec, folder) as database:
        wiki = PlacedWiki(spec, folder, tree, database)
        _install(wiki)
        if not spec.empty:
            _fill(wiki)


@contextmanager
def _made_database(spec: WikiSpec, folder: Path) -> Iterator[Database]:
    """Make a database whose files can be copied afterwards."""
    database = make_database(spec.database, folder / 'db')
    try:
        yield database
    except BaseException:
        database.end()
        raise
    database.end(gently=True)


def _install(wiki: PlacedWiki) -> None:
    server = 'http://127.0.0.1:1'
    admin, bot = ACCOUNTS['user'], ACCOUNTS['bot']
    wiki.run('install', *wiki.database.installation, '--scriptpath', '',
             '--server', server, '--lang', wiki.spec.language, '--pass',
             admin.password, '--confpath', str(wiki.folder),
             f'Sandbox {wiki.spec.part}', admin.name)
    _local_settings(wiki, server)
    wiki.run('update', '--quick')
    # As the settings that were not there yet have it hashed.
    wiki.run('changePassword', '--user', admin.name,
             '--password', admin.password)
    wiki.run('createAndPromote', '--bot', '--custom-groups=importer',
             bot.name, bot.password)


def _fill(wiki: PlacedWiki) -> None:
    pages = content.sample_pages(wiki.spec.part)
    for author in content.authors(pages):
        wiki.run('createAndPromote', author, secrets.token_hex(16))
    # The installer's own main page is of today and would stay current.
    wiki.run('deleteBatch', stdin=b'Main Page')
    # In the order of time, as pages grow; link tables in one go afterwards.
    wiki.run('importDump', '--no-updates', stdin=content.export_xml(pages))
    wiki.run('refreshLinks')
    wiki.run('initSiteStats', '--update')
    wiki.run('runJobs')
    for title in content.protected_titles(wiki.spec.part):
        wiki.run('protect', '--user', ACCOUNTS['user'].name, title)


def place(spec: WikiSpec, folder: Path,
          before: Sequence[str] = ()) -> PlacedWiki:
    """Put a fresh wiki into a folder and open its database.

    :param spec: what it is to be
    :param folder: where its files go
    :param before: a command that starts a database's server in its own place
    :return: the wiki; who asked for it ends its database
    :raises SandboxError: it cannot be built
    """
    tree = mediawiki_tree(spec.release)
    shutil.copytree(_template(spec, tree), folder)
    return PlacedWiki(spec, folder, tree, open_database(
        spec.database, folder / 'db', before))


def serve(wiki: PlacedWiki, interwiki: dict[str, str],
          php: Sequence[str] = ()) -> tuple[str, int]:
    """Start the server of a wiki on a free port of the loopback.

    :param wiki: the wiki
    :param interwiki: base address of other wikis by interwiki prefix;
        each prefix is also a source that imports are allowed from
    :param php: arguments for PHP after its usual limits
    :return: base address and process group
    :raises SandboxError: the server does not come up
    """
    return start_server(
        wiki.folder, wiki.tree,
        lambda base: configure(wiki, base, interwiki), php)


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


def configure(wiki: PlacedWiki, base: str,
              interwiki: dict[str, str]) -> None:
    """Tell a wiki that was put into a folder where it is served.

    :param wiki: the wiki
    :param base: its address
    :param interwiki: as for :func:`serve`
    """
    write_interwiki(wiki.database, interwiki)
    _local_settings(wiki, base, tuple(interwiki))


def write_interwiki(database: Database, interwiki: dict[str, str]) -> None:
    """Write where interwiki prefixes lead.

    :param database: of the wiki
    :param interwiki: base address of other wikis by prefix
    """
    rows = [(prefix, f'{base}/index.php/$1', f'{base}/api.php')
            for prefix, base in interwiki.items()]
    if rows:
        database.run(''.join(
            'REPLACE INTO interwiki (iw_prefix, iw_url, iw_api, iw_wikiid, '
            f"iw_local, iw_trans) VALUES ({_sql(*row)}, '', 1, 0);"
            for row in rows))


def _sql(*texts: str) -> str:
    """Return texts as string literals of SQL."""
    return ', '.join("'{}'".format(text.replace("'", "''"))
                     for text in texts)


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
