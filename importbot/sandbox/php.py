"""The PHP that the sandbox runs MediaWiki with."""
from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Collection
from pathlib import Path

from importbot.sandbox import mariadb
from importbot.sandbox.errors import SandboxError


__all__ = ('LIMITS', 'environment', 'maintenance', 'missing_packages',
           'require_php')

#: Debian package by what it brings: a program, or an extension of PHP.
_PROGRAMS = {'php': 'php-cli', 'lua5.1': 'lua5.1'}
_EXTENSIONS = {'apcu': 'php-apcu', 'curl': 'php-curl', 'intl': 'php-intl',
               'mbstring': 'php-mbstring', 'pdo_sqlite': 'php-sqlite3',
               'xml': 'php-xml'}

#: PHP settings of every wiki; uploads as large as a history may be.
LIMITS = ('-d', 'memory_limit=1G', '-d', 'upload_max_filesize=256M',
          '-d', 'post_max_size=260M', '-d', 'max_execution_time=0',
          '-d', 'apc.shm_size=64M', '-d', 'display_errors=0',
          '-d', 'log_errors=1')


def missing_packages(databases: Collection[str] = ()) -> list[str]:
    """Return the Debian packages that the sandbox needs and lacks.

    :param databases: of the wikis; SQLite is always there
    """
    programs, extensions = _PROGRAMS, _EXTENSIONS
    if 'mariadb' in databases:
        programs = {**programs, **mariadb.PROGRAMS}
        extensions = {**extensions, 'mysqli': 'php-mysql'}
    missing = {package for program, package in programs.items()
               if not shutil.which(mariadb.find_program(program))}
    loaded = [] if 'php-cli' in missing else subprocess.run(
        ['php', '-m'], capture_output=True, text=True).stdout.lower().split()
    return sorted(missing.union(package for name, package
                                in extensions.items() if name not in loaded))


def require_php(databases: Collection[str] = ()) -> None:
    """Check that PHP and all that MediaWiki needs of it is there.

    :param databases: of the wikis
    :raises SandboxError: something is missing; names the packages
    """
    missing = missing_packages(databases)
    if missing:
        also = ', and MariaDB' if 'mariadb' in databases else ''
        raise SandboxError(
            f'The sandbox needs PHP and Lua{also}; missing here: '
            f'{", ".join(missing)}. Install them with: '
            f'apt-get install --no-install-recommends {" ".join(missing)}')


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a wiki's PHP.

    Its temporary files go where :func:`~importbot.sandbox.down` finds them.

    :param folder: where the wiki's files are
    """
    return {**os.environ, 'MW_CONFIG_FILE': str(folder / 'LocalSettings.php'),
            'TMPDIR': str(folder / 'tmp')}


def maintenance(tree: Path, settings: Path, script: str,
                *args: str, stdin: bytes | None = None) -> str:
    """Run one of MediaWiki's maintenance scripts.

    :param tree: MediaWiki tree
    :param settings: the wiki's LocalSettings.php, or where it will be
    :param script: name of the script, without ``.php``
    :param args: its arguments
    :param stdin: what it reads
    :return: what it printed
    :raises SandboxError: it failed
    """
    env = environment(settings.parent)
    if not settings.exists():
        del env['MW_CONFIG_FILE']
    done = subprocess.run(
        ['php', *LIMITS, str(tree / 'maintenance' / f'{script}.php'), *args],
        input=stdin or b'', capture_output=True, env=env, cwd=tree)
    output = done.stdout.decode(errors='replace')
    if done.returncode:
        error = done.stderr.decode(errors='replace')
        raise SandboxError(f'The maintenance script {script} failed: '
                           f'{_gist(error + output)}')
    return output


def _gist(output: str) -> str:
    """Return what matters of a trace: the end before the call stack."""
    return output.partition('#0 ')[0].strip()[-500:]
