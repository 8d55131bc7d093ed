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
from importbot.sandbox.php import require_php
from importbot.sandbox.pywikibot_dir import write_pywikibot_dir
from importbot.sandbox.wikis import (
    ACCOUNTS,
    WikiSpec,
    end_server,
    place,
    serve,
)


__all__ = ('Sandbox', 'SandboxError', 'Wiki', 'down', 'running', 'status',
           'up')

_STATE = 'sandbox.json'


@dataclass(frozen=True)
class Wiki:

    """A wiki of a running sandbox.

    :param base: address without a path
    :param process_group: its server
    """

    base: str
    process_group: int

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
    source: Wiki
    target: Wiki

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
                       'prefix': self.prefix, **login},
            'target': {'api': self.target.api, 'index': self.target.index,
                       **login, 'bot': bot.name,
                       'bot_password': bot.password},
        }


def up(folder: Path, *, release: str = '1.43',
       source_release: str | None = None, lang: str = 'en',
       source_lang: str = 'en', empty: bool = False,
       settings: str = '', source_settings: str = '') -> Sandbox:
    """Bring up a source and a target wiki.

    :param folder: a folder that is missing or empty
    :param release: MediaWiki release of the target
    :param source_release: of the source; the target's by default
    :param lang: content language of the target
    :param source_lang: content language of the source, and its
        interwiki prefix on the target
    :param empty: without sample content
    :param settings: lines of PHP for the target's LocalSettings.php
    :param source_settings: the same for the source's
    :return: the running pair
    :raises SandboxError: a program is missing, or the folder is in use
    """
    folder = folder.resolve()
    if (folder / _STATE).exists():
        raise SandboxError(f'A sandbox is up in {folder} already; end it '
                           'with "down" first, or take another --dir')
    if folder.exists() and any(folder.iterdir()):
        raise SandboxError(f'{folder} holds other files; take an empty or '
                           'a new folder as --dir')
    require_php()
    specs = (WikiSpec('source', source_release or release, source_lang,
                      empty, source_settings),
             WikiSpec('target', release, lang, empty, settings))
    created = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return _start(folder, *specs)
    except BaseException:
        down(folder)
        if not created:
            folder.mkdir(exist_ok=True)
        raise


def _start(folder: Path, source: WikiSpec, target: WikiSpec) -> Sandbox:
    groups: list[int] = []
    bases: list[str] = []
    interwiki: dict[str, str] = {}
    try:
        for spec in (source, target):
            tree = place(spec, folder / spec.part)
            base, group = serve(spec, folder / spec.part, tree, interwiki)
            groups.append(group)
            bases.append(base)
            interwiki[source.language] = bases[0]
    except BaseException:
        for group in groups:
            end_server(group)
        raise
    sandbox = Sandbox(folder, source.language,
                      *map(Wiki, bases, groups))
    write_pywikibot_dir(sandbox.pywikibot_dir, sandbox.source.api,
                        sandbox.target.api)
    state = {'prefix': sandbox.prefix, 'source': asdict(sandbox.source),
             'target': asdict(sandbox.target)}
    (folder / _STATE).write_text(json.dumps(state))
    return sandbox


def status(folder: Path) -> Sandbox | None:
    """Return the sandbox that is up in a folder, or None."""
    folder = folder.resolve()
    try:
        state = json.loads((folder / _STATE).read_text())
    except FileNotFoundError:
        return None
    sandbox = Sandbox(folder, state['prefix'], Wiki(**state['source']),
                      Wiki(**state['target']))
    alive = all(_is_ours(wiki) for wiki in (sandbox.source, sandbox.target))
    return sandbox if alive else None


def _is_ours(wiki: Wiki) -> bool:
    """Whether the process is still the server, not a later namesake."""
    address = wiki.base.removeprefix('http://').encode()
    try:
        command = Path(f'/proc/{wiki.process_group}/cmdline').read_bytes()
    except OSError:
        return False
    return address in command.split(b'\0')


def down(folder: Path) -> None:
    """End a sandbox and remove its folder; no error if it is gone.

    :param folder: the folder given to :func:`up`
    :raises SandboxError: the folder holds something else
    """
    folder = folder.resolve()
    try:
        state = json.loads((folder / _STATE).read_text())
    except FileNotFoundError:
        state = {}
    for part in ('source', 'target'):
        if part in state and _is_ours(Wiki(**state[part])):
            end_server(state[part]['process_group'])
    if not folder.exists():
        return
    ours = {_STATE, 'source', 'target', 'pywikibot'}
    if {path.name for path in folder.iterdir()} - ours:
        raise SandboxError(f'{folder} is no folder of a sandbox; nothing '
                           'was removed')
    shutil.rmtree(folder)


@contextmanager
def running(folder: Path, **options: Any) -> Iterator[Sandbox]:
    """Hold a sandbox up for the length of a block.

    :param folder: as for :func:`up`
    :param options: as for :func:`up`
    """
    try:
        yield up(folder, **options)
    finally:
        down(folder)
