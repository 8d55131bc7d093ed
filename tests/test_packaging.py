"""The scripts run under pwb installed, editable, and from a checkout."""
from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import importbot
from importbot.i18n import message
from tests.support import PWB, Box, Run


ROOT = Path(importbot.__file__).parents[1]
PACKAGES = {'importbot': ROOT / 'importbot',
            'importbot_scripts': ROOT / 'scripts' / 'importbot_scripts'}

SHOW_PLACES = ('import importbot, importbot_scripts\n'
               'print(importbot.__file__, importbot_scripts.__file__)')
TRY_IMPORT = ('import importlib.util as util\n'
              'print(util.find_spec("importbot"), '
              'util.find_spec("importbot_scripts"))')


def run(*command: str | Path, cwd: Path, **env: str) -> Run:
    """Run a command without what points to this checkout."""
    clean = {name: value for name, value in os.environ.items()
             if not name.startswith(('PYTHON', 'PYWIKIBOT', 'PIP_'))}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, text=True, timeout=300,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env={**clean, 'COLUMNS': '200', **env})
    return Run(done.returncode, done.stdout)


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the files that belong to a package."""
    for path in sorted(folder.rglob('*')):
        if path.is_file() and '__pycache__' not in path.parts:
            yield path


def expected_names() -> set[str]:
    """Return the paths of all files of our packages when installed."""
    return {f'{name}/{path.relative_to(folder).as_posix()}'
            for name, folder in PACKAGES.items() for path in files_of(folder)}


def setup_cfg() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / 'setup.cfg', encoding='utf-8')
    return parser


@pytest.fixture(scope='module')
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what is under version control, as far as needed."""
    copy = tmp_path_factory.mktemp('checkout')
    for name in ('importbot', 'scripts'):
        shutil.copytree(ROOT / name, copy / name,
                        ignore=shutil.ignore_patterns('__pycache__'))
    for name in ('setup.cfg', 'pyproject.toml', 'README.md', 'LICENSE'):
        shutil.copy(ROOT / name, copy)
    return copy


@pytest.fixture(scope='module')
def dependencies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with all that is installed here but importbot."""
    folder = tmp_path_factory.mktemp('dependencies')
    for place in {sysconfig.get_path('purelib'),
                  sysconfig.get_path('platlib')}:
        for path in Path(place).iterdir():
            if 'importbot' not in path.name and path.suffix != '.pth':
                (folder / path.name).symlink_to(path)
    return folder


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


def environment(folder: Path, dependencies: Path,
                with_pip: bool = False) -> Path:
    """Make a virtual environment without importbot; return its Python."""
    venv.create(folder, with_pip=with_pip, symlinks=True)
    python = folder / 'bin' / 'python'
    packages = Path(run(
        python, '-c', 'import sysconfig; print(sysconfig.get_path('
        '"purelib"))', cwd=folder).output.strip())
    (packages / 'dependencies.pth').write_text(f'{dependencies}\n')
    assert run(python, '-c', TRY_IMPORT,
               cwd=folder).output == 'None None\n'
    return python


@pytest.fixture(scope='module')
def bare_python(tmp_path_factory: pytest.TempPathFactory,
                dependencies: Path) -> Path:
    """Return a Python to which importbot is unknown."""
    return environment(tmp_path_factory.mktemp('bare'), dependencies)


@pytest.fixture(scope='module')
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as pip does, with the setuptools that is here."""
    folder = tmp_path_factory.mktemp('wheel')
    tree = folder / 'tree'
    shutil.copytree(checkout, tree)
    built = run(sys.executable, '-m', 'pip', 'wheel', '--no-deps',
                '--no-index', '--no-build-isolation', '-w', folder, tree,
                cwd=folder)
    assert built.status == 0, built.output
    path, = folder.glob('*.whl')
    return path


def config_of(box: Box, folder: Path, *lines: str) -> Path:
    """Make a pywikibot directory for a box, with lines of its own."""
    folder.mkdir(exist_ok=True)
    for name in ('user-config.py', 'user-password.py'):
        shutil.copy(box.config / name, folder)
    with (folder / 'user-config.py').open('a') as config:
        config.writelines(f'{line}\n' for line in lines)
    return folder


@pytest.fixture(scope='module')
def installed(box: Box, wheel: Path, dependencies: Path,
              tmp_path_factory: pytest.TempPathFactory) -> Way:
    folder = tmp_path_factory.mktemp('installed')
    python = environment(folder / 'venv', dependencies, with_pip=True)
    done = run(python, '-m', 'pip', 'install', '--no-deps', '--no-index',
               wheel, cwd=folder)
    assert done.status == 0, done.output
    places = run(python, '-c', SHOW_PLACES, cwd=folder).output.split()
    assert len(places) == 2
    assert all(Path(place).is_relative_to(folder) for place in places)
    return Way(python, config_of(box, folder / 'config'))


@pytest.fixture(scope='module')
def editable(box: Box, tmp_path_factory: pytest.TempPathFactory) -> Way:
    folder = tmp_path_factory.mktemp('editable')
    python = Path(sys.executable)
    places = run(python, '-c', SHOW_PLACES, cwd=folder).output.split()
    assert [Path(place) for place in places] == [
        folder / '__init__.py' for folder in PACKAGES.values()]
    return Way(python, config_of(box, folder / 'config'))


@pytest.fixture(scope='module')
def by_path(box: Box, checkout: Path, bare_python: Path,
            tmp_path_factory: pytest.TempPathFactory) -> Way:
    """Return a pywikibot directory that names a checkout elsewhere."""
    scripts = checkout / 'scripts' / 'importbot_scripts'
    # pywikibot reads a dot in it as a step down into a folder.
    assert '.' not in str(scripts)
    return Way(bare_python, config_of(
        box, tmp_path_factory.mktemp('by_path') / 'config',
        f'user_script_paths = [{str(scripts)!r}]'))


@pytest.fixture(scope='module')
def inside(box: Box, checkout: Path, bare_python: Path,
           tmp_path_factory: pytest.TempPathFactory) -> Way:
    """Return a checkout that is the pywikibot directory itself."""
    copy = tmp_path_factory.mktemp('inside') / 'importbot-main'
    shutil.copytree(checkout, copy)
    return Way(bare_python, config_of(
        box, copy, "user_script_paths = ['scripts.importbot_scripts']"))


@pytest.fixture(params=['installed', 'editable', 'by_path', 'inside'])
def way(request: pytest.FixtureRequest) -> Way:
    """Each way in turn."""
    found: Way = request.getfixturevalue(request.param)
    return found


@pytest.mark.wiki
def test_pwb_shows_the_help(way: Way) -> None:
    done = way.pwb('importpages', '-help')
    assert done.status == 0, done.output
    assert 'Import pages from another wiki, with history' in done.output
    # What pywikibot puts in the place of &params;
    assert '&params;' not in done.output
    assert '-prefixindex' in done.output


@pytest.mark.wiki
def test_pwb_plans_an_import(way: Way) -> None:
    done = way.pwb('importpages', '-source:en', '-page:Rover', '-plan')
    assert done.status == 2, done.output
    assert 'Template:Infobox rover' in done.output
    # A reason comes from the messages, which are files of the package.
    assert message('en', 'reason-needed') in done.output


@pytest.mark.wiki
def test_without_any_of_them_pwb_finds_no_script(
        box: Box, bare_python: Path, tmp_path: Path) -> None:
    way = Way(bare_python, config_of(box, tmp_path / 'config'))
    done = way.pwb('importpages', '-help')
    assert 'importpages.py not found' in done.output
    assert 'Import pages' not in done.output


def test_every_package_is_listed() -> None:
    listed = setup_cfg()['options']['packages'].split()
    assert sorted(listed) == sorted(
        '.'.join((name, *path.parent.relative_to(folder).parts))
        for name, folder in PACKAGES.items()
        for path in files_of(folder) if path.name == '__init__.py')


def test_every_folder_with_code_is_a_package() -> None:
    for folder in PACKAGES.values():
        for path in files_of(folder):
            if path.suffix == '.py':
                assert (path.parent / '__init__.py').exists(), path


def test_wheel_holds_every_file_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist()
                 if '.dist-info/' not in name}
    expected = expected_names()
    # So that nobody loses them by a change of the test itself.
    assert {'importbot/py.typed', 'importbot/i18n/en.json',
            'importbot/sandbox/mediawiki/CommonSettings.php',
            'importbot/sandbox/content/source/histories.ini',
            'importbot/sandbox/content/source/pages/Main/Rover.wikitext',
            'importbot_scripts/importpages.py'} <= expected
    assert names == expected


def test_wheel_is_what_its_metadata_says(wheel: Path) -> None:
    folder = f'importbot-{importbot.__version__}.dist-info'
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f'{folder}/METADATA').decode()
        entries = archive.read(f'{folder}/entry_points.txt').decode()
        licences = [name for name in archive.namelist()
                    if name.startswith(folder) and 'LICENSE' in name]
    assert wheel.name == f'importbot-{importbot.__version__}-py3-none-any.whl'
    assert 'Requires-Dist: pywikibot>=11.8' in metadata
    assert '[pywikibot]\nscriptspath = importbot_scripts:base_dir' in entries
    assert len(licences) == 1


def test_source_distribution_holds_every_file(
        checkout: Path, tmp_path: Path) -> None:
    tree = tmp_path / 'tree'
    shutil.copytree(checkout, tree)
    done = run(sys.executable, '-c', 'from setuptools.build_meta import '
               f'build_sdist; build_sdist({str(tmp_path)!r})', cwd=tree)
    assert done.status == 0, done.output
    path, = tmp_path.glob('*.tar.gz')
    with tarfile.open(path) as archive:
        names = {name.partition('/')[2] for name in archive.getnames()}
    assert {'setup.cfg', 'pyproject.toml', 'README.md', 'LICENSE'} <= names
    assert {path.relative_to(ROOT).as_posix()
            for folder in PACKAGES.values()
            for path in files_of(folder)} <= names
