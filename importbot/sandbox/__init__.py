"""Throw-away real MediaWikis: a source and a target on the loopback.

On the command line ``python -m importbot.sandbox up``; in Python::

    with running(Path('/some/dir'), release='1.39') as sandbox:
        print(sandbox.target.api)
"""
from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from importbot.sandbox.errors import SandboxError
from importbot.sandbox.mariadb import (
    MariadbServer,
    end_mariadb,
    mariadb_processes,
)
from importbot.sandbox.php import require_php
from importbot.sandbox.pywikibot_dir import write_pywikibot_dir
from importbot.sandbox.wikis import (
    ACCOUNTS,
    WikiSpec,
    end_server,
    place,
    serve,
    server_processes,
)


__all__ = ('Pair', 'Sandbox', 'SandboxError', 'SandboxWiki', 'down',
           'running', 'status', 'up')

#: Marks a folder as ours before anything else is in it, and keeps what
#: :func:`down` has to end, so that a kill at any moment can be cleaned up.
_STATE = 'importbot-sandbox.json'


@dataclass(frozen=True)
class SandboxWiki:

    """A wiki of a running sandbox.

    :param base: address without a path
    :param process_group: its server
    :param database_server: None for SQLite
    """

    base: str
    process_group: int
    database_server: MariadbServer | None = None

    @property
    def database(self) -> str:
        """``sqlite`` or ``mariadb``."""
        return 'mariadb' if self.database_server else 'sqlite'

    @property
    def api(self) -> str:
        """Address of the API."""
        return f'{self.base}/api.php'

    @property
    def index(self) -> str:
        """Address of index.php."""
        return f'{self.base}/index.php'


@dataclass(frozen=True)
class Sandbox:

    """A running pair of wikis.

    :param dir: folder that holds all of it
    :param prefix: interwiki prefix of the source on the target
    :param source: where pages come from
    :param target: where they are to go
    """

    dir: Path
    prefix: str
    source: SandboxWiki
    target: SandboxWiki

    @property
    def pywikibot_dir(self) -> Path:
        """What ``PYWIKIBOT_DIR`` is to be set to."""
        return self.dir / 'pywikibot'

    def as_json(self) -> dict[str, Any]:
        """Return addresses and accounts in the documented form."""
        user, bot = ACCOUNTS['user'], ACCOUNTS['bot']
        login = {'user': user.name, 'password': user.password}
        return {
            'dir': str(self.dir),
            'pywikibot_dir': str(self.pywikibot_dir),
            'source': {'api': self.source.api, 'index': self.source.index,
                       'database': self.source.database,
                       'prefix': self.prefix, **login},
            'target': {'api': self.target.api, 'index': self.target.index,
                       'database': self.target.database,
                       **login, 'bot': bot.name,
                       'bot_password': bot.password},
        }


@dataclass(frozen=True)
class Pair:

    """What a sandbox is to be.

    :param release: MediaWiki release of the target
    :param source_release: of the source; the target's by default
    :param lang: content language of the target
    :param source_lang: content language of the source, and its
        interwiki prefix on the target
    :param empty: without sample content
    :param settings: lines of PHP for the target's LocalSettings.php
    :param source_settings: the same for the source's
    :param database: ``sqlite`` or ``mariadb``, of the target; MariaDB runs
        as a server of its own and ends with the sandbox
    :param source_database: of the source
    """

    release: str = '1.43'
    source_release: str | None = None
    lang: str = 'en'
    source_lang: str = 'en'
    empty: bool = False
    settings: str = ''
    source_settings: str = ''
    database: str = 'sqlite'
    source_database: str = 'sqlite'

    @property
    def source(self) -> WikiSpec:
        """Where pages come from."""
        return WikiSpec('source', self.source_release or self.release,
                        self.source_lang, self.empty, self.source_settings,
                        self.source_database)

    @property
    def target(self) -> WikiSpec:
        """Where they go."""
        return WikiSpec('target', self.release, self.lang, self.empty,
                        self.settings, self.database)


def up(folder: Path, **options: Any) -> Sandbox:
    """Bring up a source and a target wiki.

    :param folder: a folder that is missing or empty
    :param options: those of :class:`Pair`
    :return: the running pair
    :raises SandboxError: a program is missing, or the folder is in use
    """
    pair = Pair(**options)
    folder = folder.resolve()
    if _is_foreign(folder):
        raise SandboxError(f'{folder} holds other files; take an empty or '
                           'a new folder as --dir')
    require_php({pair.source.database, pair.target.database})
    created = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        (folder / _STATE).touch(exist_ok=False)
    except FileExistsError:
        raise SandboxError(f'There is a sandbox in {folder} already; end it '
                           'with "down" first, or take another '
                           '--dir') from None
    try:
        return _start(folder, pair.source, pair.target)
    except BaseException:
        down(folder)
        if not created:
            folder.mkdir()
        raise


def _start(folder: Path, source: WikiSpec, target: WikiSpec) -> Sandbox:
    wikis: dict[str, SandboxWiki] = {}
    interwiki: dict[str, str] = {}
    for spec in (source, target):
        placed = place(spec, folder / spec.part)
        wikis[spec.part] = SandboxWiki(*serve(placed, interwiki),
                                       placed.database.server)
        _write_state(folder, {
            'prefix': source.language,
            **{part: asdict(wiki) for part, wiki in wikis.items()}})
        interwiki[source.language] = wikis['source'].base
    sandbox = Sandbox(folder, source.language, **wikis)
    write_pywikibot_dir(sandbox.pywikibot_dir, sandbox.source.api,
                        sandbox.target.api)
    return sandbox


def _write_state(folder: Path, state: dict[str, Any]) -> None:
    new = folder / f'{_STATE}.new'
    new.write_text(json.dumps(state))
    new.replace(folder / _STATE)


def _read_state(folder: Path) -> dict[str, Any] | None:
    """Return what is known of the sandbox in a folder, None if none is."""
    path = folder / _STATE
    return (dict(json.loads(path.read_text() or '{}')) if path.is_file()
            else None)


def _is_foreign(folder: Path) -> bool:
    """Whether there is something that no sandbox has put there."""
    return folder.exists() and _read_state(folder) is None and (
        not folder.is_dir() or any(folder.iterdir()))


def status(folder: Path) -> Sandbox | None:
    """Return the sandbox that is up in a folder, or None."""
    folder = folder.resolve()
    state = _read_state(folder) or {}
    if not {'source', 'target'} <= state.keys():
        return None
    wikis = {part: _wiki(state[part]) for part in ('source', 'target')}
    alive = all(_is_up(wiki, folder / part) for part, wiki in wikis.items())
    return Sandbox(folder, state['prefix'], **wikis) if alive else None


def _wiki(row: dict[str, Any]) -> SandboxWiki:
    server = row.get('database_server')
    return SandboxWiki(**{
        **row, 'database_server': server and MariadbServer(**server)})


def _is_up(wiki: SandboxWiki, folder: Path) -> bool:
    database = wiki.database_server
    return (wiki.process_group in server_processes(wiki.base,
                                                   wiki.process_group)
            and (not database or database.process_group
                 in mariadb_processes(folder / 'db')))


def down(folder: Path) -> None:
    """End a sandbox and remove its folder; no error if it is gone.

    :param folder: the folder given to :func:`up`
    :raises SandboxError: the folder holds something else
    """
    folder = folder.resolve()
    if _is_foreign(folder):
        raise SandboxError(f'{folder} is no folder of a sandbox; nothing '
                           'was removed')
    state = _read_state(folder) or {}
    for part in ('source', 'target'):
        wiki = _wiki(state[part]) if part in state else None
        if wiki and server_processes(wiki.base, wiki.process_group):
            end_server(wiki.process_group)
        # Not by what was written down: it may have come to no writing.
        end_mariadb(folder / part / 'db')
    if folder.exists():
        shutil.rmtree(folder)


@contextmanager
def running(folder: Path, **options: Any) -> Iterator[Sandbox]:
    """Hold a sandbox up for the length of a block.

    :param folder: as for :func:`up`
    :param options: as for :func:`up`
    """
    sandbox = up(folder, **options)
    try:
        yield sandbox
    finally:
        down(folder)
