"""A MediaWiki tree out of Debian's packages, without root.

The packages ``mediawiki`` and ``mediawiki-classes`` are downloaded from
the mirror that this machine is configured for, with apt's own state kept
in a folder of ours, and unpacked into the cache once.
"""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from importbot.sandbox.errors import SandboxError


__all__ = ('SUITES', 'cache_dir', 'locked', 'mediawiki_tree', 'release_of')

#: The Debian suite that carries a MediaWiki release.
SUITES = {'1.39': 'bookworm', '1.43': 'trixie'}

_PACKAGES = ('mediawiki', 'mediawiki-classes')
_KEYRING = Path('/usr/share/keyrings/debian-archive-keyring.gpg')
_ELSEWHERE = ('set MEDIAWIKI_DIR to an unpacked MediaWiki tree with the '
              'extensions Cite, ParserFunctions, Scribunto and TemplateData')


def cache_dir() -> Path:
    """Return the folder for what outlives a sandbox."""
    base = os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache'
    path = Path(base, 'importbot')
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold a lock of the cache, so that two makers do not collide.

    :param name: what is being made
    """
    import fcntl

    with Path(cache_dir(), f'{name}.lock').open('w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def release_of(tree: Path) -> str:
    """Return the MediaWiki version of a tree, as ``1.43.9``.

    :raises SandboxError: it is no MediaWiki tree
    """
    defines = tree / 'includes' / 'Defines.php'
    match = defines.is_file() and re.search(
        r"MW_VERSION', '([\w.-]+)'", defines.read_text(encoding='utf-8'))
    if not match:
        raise SandboxError(f'{tree} holds no MediaWiki (no MW_VERSION in '
                           'includes/Defines.php); set MEDIAWIKI_DIR to '
                           'the folder that has index.php in it')
    return match[1]


def mediawiki_tree(release: str) -> Path:
    """Return a MediaWiki tree of the release, downloading it if need be.

    :param release: ``1.39`` or ``1.43``; with ``MEDIAWIKI_DIR`` set,
        that tree serves whatever its release
    :raises SandboxError: it cannot be had here
    """
    given = os.environ.get('MEDIAWIKI_DIR')
    if given:
        release_of(Path(given))
        return Path(given).resolve()
    if release not in SUITES:
        raise SandboxError(f'There is no sandbox for MediaWiki {release}; '
                           f'take one of {", ".join(SUITES)}, or {_ELSEWHERE}')
    tree = cache_dir() / f'mediawiki-{release}'
    with locked(tree.name):
        if not tree.exists():
            _make_tree(release, tree)
    return tree


def _make_tree(release: str, tree: Path) -> None:
    for program in ('apt-get', 'dpkg-deb'):
        if not shutil.which(program):
            raise SandboxError(f'{program} is missing, so MediaWiki cannot '
                               f'be fetched from Debian; {_ELSEWHERE}')
    with tempfile.TemporaryDirectory(dir=tree.parent) as folder:
        work = Path(folder)
        for package in _download(SUITES[release], work):
            _run('dpkg-deb', '-x', str(package), str(work / 'root'))
        unpacked = work / 'root' / 'usr' / 'share' / 'mediawiki'
        _make_self_contained(unpacked)
        unpacked.rename(tree)


def _make_self_contained(tree: Path) -> None:
    """Turn the links that lead into the system into folders."""
    for link in ('LocalSettings.php', 'config', 'extensions', 'images'):
        (tree / link).unlink(missing_ok=True)
    (tree / 'extensions-core').rename(tree / 'extensions')
    (tree / 'images').mkdir()


def _download(suite: str, work: Path) -> list[Path]:
    """Download the packages and return the files."""
    (work / 'lists' / 'partial').mkdir(parents=True)
    (work / 'cache' / 'archives' / 'partial').mkdir(parents=True)
    signed = f'[signed-by={_KEYRING}] ' if _KEYRING.exists() else ''
    sources = work / 'sources.list'
    sources.write_text(f'deb {signed}{_mirror()} {suite} main\n')
    apt = ('apt-get', '-q', '-o', f'Dir::Etc::sourcelist={sources}',
           '-o', 'Dir::Etc::sourceparts=/dev/null',
           '-o', f'Dir::State::Lists={work / "lists"}',
           '-o', f'Dir::Cache={work / "cache"}',
           '-o', 'APT::Sandbox::User=')
    _run(*apt, 'update')
    _run(*apt, 'download', *_PACKAGES, cwd=work)
    return sorted(work.glob('*.deb'))


def _mirror() -> str:
    """Return the base address of the Debian mirror apt is set up with."""
    uris = _run('apt-get', '--print-uris', 'update').stdout
    names = '|'.join((*SUITES.values(), 'bullseye', 'forky', 'sid',
                      'stable', 'testing', 'unstable'))
    match = re.search(rf"^'(\S+)/dists/(?:{names})/InRelease'", uris, re.M)
    if not match:
        raise SandboxError('apt knows no Debian mirror on this machine, so '
                           f'MediaWiki cannot be fetched; {_ELSEWHERE}')
    return match[1]


def _run(*command: str,
         cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]
        raise SandboxError(f'{command[0]} failed while fetching MediaWiki: '
                           f'{" ".join(last)}; {_ELSEWHERE}')
    return done
