"""The project as somebody else gets it: files, archives, environments."""
from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from dataclasses import dataclass
from pathlib import Path

import importbot
from tests.kit.commands import PWB
from tests.kit.support import Box, Run


ROOT = Path(importbot.__file__).parents[1]

#: Folders of the packages in a checkout, by the names of the packages.
PACKAGES = {'importbot': Path('importbot'),
            'importbot_scripts': Path('scripts', 'importbot_scripts')}

#: What a tree collects that somebody works in; a password is the worst.
STRAYS = ('.pytest_cache/README.md', '.venv/bin/python', 'build/lib/gone.py',
          'build/lib/importbot/gone.py', 'docs/_build/html/index.html',
          'importbot/.DS_Store', 'importbot/__pycache__/gone.cpython-311.pyc',
          'importbot/i18n/en.json~', 'importbot/i18n/.en.json.swp',
          'importbot.sqlite', 'tests/__pycache__/gone.cpython-311.pyc',
          'user-config.py', 'user-password.py')

_TRY_IMPORT = ('import importlib.util as util\n'
               'print(util.find_spec("importbot"), '
               'util.find_spec("importbot_scripts"))')


def run(*command: str | Path, cwd: Path, **env: str) -> Run:
    """Run a command without what points to this checkout."""
    clean = {name: value for name, value in os.environ.items()
             if not name.startswith(('PYTHON', 'PYTEST', 'PYWIKIBOT',
                                     'PIP_'))}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, text=True, timeout=300,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env={**clean, 'COLUMNS': '200', **env})
    return Run(done.returncode, done.stdout)


def files_below(folder: Path) -> set[str]:
    """Return the names of all files below a folder, but for caches."""
    return {path.relative_to(folder).as_posix()
            for path in folder.rglob('*')
            if path.is_file() and '__pycache__' not in path.parts}


def project_files() -> set[str]:
    """Return the names of the files that make up the project.

    A checkout asks git, new files included. An unpacked source distribution
    brings a list.
    """
    if (ROOT / '.git').exists():
        listed = subprocess.run(
            ['git', 'ls-files', '-z', '--cached', '--others',
             '--exclude-standard'], cwd=ROOT, check=True,
            stdout=subprocess.PIPE).stdout.decode().split('\0')
    else:
        sources = ROOT / 'importbot.egg-info' / 'SOURCES.txt'
        listed = [name for name in sources.read_text('utf-8').splitlines()
                  if not name.startswith('importbot.egg-info/')]
    return {name for name in listed if (ROOT / name).is_file()}


def setup_cfg(tree: Path = ROOT) -> configparser.ConfigParser:
    """Return the settings of the project.

    :param tree: its files
    """
    parser = configparser.ConfigParser()
    parser.read(tree / 'setup.cfg', encoding='utf-8')
    return parser


def copy_project(folder: Path) -> Path:
    """Copy what is under version control, as a fresh clone has it."""
    for name in project_files():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place)
    return folder


def packaged_files(checkout: Path) -> dict[str, str]:
    """Return what an installation has to hold.

    :param checkout: the files of the project
    :return: names in the checkout, by names where packages are installed
    """
    return {f'{package}/{name}': f'{folder.as_posix()}/{name}'
            for package, folder in PACKAGES.items()
            for name in files_below(checkout / folder)}


@dataclass(frozen=True)
class Archives:

    """What is uploaded to a package index."""

    sdist: Path
    wheel: Path

    def unpack(self, folder: Path) -> Path:
        """Unpack the source distribution; return its folder."""
        with tarfile.open(self.sdist) as archive:
            archive.extractall(folder, filter='data')
        return folder / self.sdist.name.removesuffix('.tar.gz')


def build_archives(checkout: Path, folder: Path) -> Archives:
    """Build as ``make dist`` does, in a tree that somebody worked in.

    :param checkout: the files of the project
    :param folder: for the tree and the archives
    """
    tree = shutil.copytree(checkout, folder / 'tree')
    for name in STRAYS:
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('stray')
    done = run(sys.executable, '-m', 'build', '--no-isolation', '--outdir',
               folder / 'dist', tree, cwd=folder)
    assert done.status == 0, done.output[-3000:]
    sdist, = folder.glob('dist/*.tar.gz')
    wheel, = folder.glob('dist/*.whl')
    return Archives(sdist, wheel)


def link_dependencies(folder: Path) -> Path:
    """Fill a folder with all that is installed here but importbot."""
    for place in {sysconfig.get_path('purelib'),
                  sysconfig.get_path('platlib')}:
        for path in Path(place).iterdir():
            if 'importbot' not in path.name and path.suffix != '.pth':
                (folder / path.name).symlink_to(path)
    return folder


def environment(folder: Path, dependencies: Path,
                with_pip: bool = False) -> Path:
    """Make a virtual environment without importbot; return its Python.

    :param folder: where it goes
    :param dependencies: as :func:`link_dependencies` filled it
    :param with_pip: whether something is to be installed into it
    """
    venv.create(folder, with_pip=with_pip, symlinks=True)
    python = folder / 'bin' / 'python'
    packages = Path(run(
        python, '-c', 'import sysconfig; print(sysconfig.get_path('
        '"purelib"))', cwd=folder).output.strip())
    (packages / 'dependencies.pth').write_text(f'{dependencies}\n')
    assert run(python, '-c', _TRY_IMPORT,
               cwd=folder).output == 'None None\n'
    return python


def install(wheel: Path, folder: Path, dependencies: Path) -> Path:
    """Install a wheel into an environment of its own; return its Python."""
    python = environment(folder, dependencies, with_pip=True)
    done = run(python, '-m', 'pip', 'install', '--no-deps', '--no-index',
               wheel, cwd=folder)
    assert done.status == 0, done.output
    places = run(python, '-c', 'import importbot, importbot_scripts\n'
                 'print(importbot.__file__, importbot_scripts.__file__)',
                 cwd=folder).output.split()
    assert len(places) == 2
    assert all(Path(place).is_relative_to(folder) for place in places)
    return python


@dataclass(frozen=True)
class Way:

    """One way to have the scripts.

    :param python: the interpreter that has them
    :param config: what ``PYWIKIBOT_DIR`` is set to
    """

    python: Path
    config: Path

    def pwb(self, *arguments: str) -> Run:
        return run(self.python, PWB, *arguments, cwd=self.config.parent,
                   PYWIKIBOT_DIR=str(self.config))


def config_of(box: Box, folder: Path, *lines: str) -> Path:
    """Make a pywikibot directory for a box, with lines of its own."""
    folder.mkdir(exist_ok=True)
    for name in ('user-config.py', 'user-password.py'):
        shutil.copy(box.config / name, folder)
    with (folder / 'user-config.py').open('a') as config:
        config.writelines(f'{line}\n' for line in lines)
    return folder
