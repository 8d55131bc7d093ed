"""Servers that outlive the wikis they serve.

Starting PHP and compiling MediaWiki costs more than most tests do, a copy
of a wiki's files next to nothing. So every test has wikis of its own, in
a folder of its own, and only the servers go from hand to hand: a server
reads with each request which folder it serves, and forgets what it knew
when that is another one.
"""
from __future__ import annotations

import itertools
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from importbot.sandbox.wikis import (
    PlacedWiki,
    WikiSpec,
    answers,
    configure,
    end_server,
    place,
    server_processes,
    start_server,
)


#: The LocalSettings.php of a server: that of the wiki it serves. What APCu
#: holds is of the wiki before, and whose cookie it was is nobody here.
_SETTINGS = r"""<?php
[ $poolWiki, $poolNumber, $poolCache ] =
	file( __DIR__ . '/wiki', FILE_IGNORE_NEW_LINES );
if ( apcu_fetch( 'pool-cache' ) !== $poolCache ) {
	apcu_clear_cache();
	apcu_store( 'pool-cache', $poolCache );
}
require "$poolWiki/LocalSettings.php";
$wgCookiePrefix .= "w$poolNumber";
"""
#: Ends a server when the process that holds its input is gone, however.
_GUARD = """
read -r line
for file in $(grep -lsz "^MW_CONFIG_FILE=$1/" /proc/[0-9]*/environ); do
    process=${file#/proc/}
    kill -KILL "${process%/environ}" 2>/dev/null
done
rm -rf "$1"
"""
#: Seconds that a server may go on with what a test has left it.
PATIENCE = 10
_numbers = itertools.count(1)


@dataclass(frozen=True)
class PooledServer:

    """A server and what it is known by.

    :param kind: MediaWiki tree and arguments for PHP, which stay
    :param folder: of the server, not of the wiki
    :param base: address
    :param group: its process group
    :param guard: ends it with this process
    """

    kind: tuple[Path, tuple[str, ...]]
    folder: Path
    base: str
    group: int
    guard: subprocess.Popen[bytes]

    @property
    def is_idle(self) -> bool:
        """Whether it works on nothing any more.

        Whoever works holds a connection, even one that the other side has
        cut, beside the socket on which all of them listen.
        """
        processes = server_processes(self.base, self.group)
        return self.group in processes and all(
            _sockets(process) <= 1 for process in processes)

    def is_idle_soon(self) -> bool:
        """Wait until it works on nothing any more."""
        deadline = time.monotonic() + PATIENCE
        while not self.is_idle:
            if (time.monotonic() > deadline
                    or not server_processes(self.base, self.group)):
                return False
            time.sleep(0.01)
        return True

    def end(self) -> None:
        """End it and remove its folder."""
        self.guard.communicate()
        end_server(self.group)


#: Servers without a wiki, by kind.
_idle: defaultdict[tuple[Path, tuple[str, ...]],
                   list[PooledServer]] = defaultdict(list)


def take(spec: WikiSpec, folder: Path, interwiki: dict[str, str],
         php: Sequence[str] = ()) -> tuple[PooledServer, PlacedWiki]:
    """Put a fresh wiki into a folder and serve it.

    A server of its database is nobody else's and ends with this process.

    :param spec: what it is to be
    :param folder: where its files go
    :param interwiki: base address of other wikis by interwiki prefix
    :param php: arguments for PHP
    :return: its server, for :func:`put_back`, and the wiki, whose database
        is ended by :meth:`Database.end`
    """
    wiki = place(spec, folder, ('setpriv', '--pdeathsig=KILL'))
    try:
        return _served(wiki, interwiki, php), wiki
    except BaseException:
        wiki.database.end()
        raise


def _served(wiki: PlacedWiki, interwiki: dict[str, str],
            php: Sequence[str]) -> PooledServer:
    kind = wiki.tree, tuple(php)
    while _idle[kind]:
        server = _idle[kind].pop()
        configure(wiki, server.base, interwiki)
        _point(server.folder, wiki.folder)
        if answers(server.base, patience=PATIENCE):
            return server
        server.end()

    def prepare(base: str) -> None:
        configure(wiki, base, interwiki)
        _point(own, wiki.folder)

    own = Path(tempfile.mkdtemp(prefix='importbot-server-'))
    (own / 'tmp').mkdir()
    (own / 'LocalSettings.php').write_text(_SETTINGS)
    guard = subprocess.Popen(
        ['sh', '-c', _GUARD, 'sh', str(own)], stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        base, group = start_server(own, wiki.tree, prepare, php)
    except BaseException:
        guard.communicate()
        raise
    return PooledServer(kind, own, base, group, guard)


def put_back(server: PooledServer) -> None:
    """Keep a server for the next wiki if it is sound."""
    if server.is_idle_soon():
        for path in (server.folder / 'tmp').iterdir():
            with suppress(OSError):
                path.unlink()
        _idle[server.kind].append(server)
    else:
        server.end()


def forget(server: PooledServer) -> None:
    """Let a wiki read anew what is in its database."""
    wiki, number, _cache = (server.folder / 'wiki').read_text().splitlines()
    _write(server.folder, wiki, number)


def _point(own: Path, wiki: Path) -> None:
    _write(own, str(wiki), str(next(_numbers)))


def _write(own: Path, wiki: str, number: str) -> None:
    new = own / 'wiki.new'
    new.write_text(f'{wiki}\n{number}\n{next(_numbers)}')
    new.replace(own / 'wiki')


def _sockets(process: int) -> int:
    """Return how many sockets a process has open."""
    found = 0
    with suppress(OSError):
        for link in Path(f'/proc/{process}/fd').iterdir():
            with suppress(OSError):
                found += str(link.readlink()).startswith('socket:')
    return found
