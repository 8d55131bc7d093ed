"""The scripts run under pwb installed, editable, and from a checkout."""
from __future__ import annotations

import ast
import json
import shutil
import sys
from pathlib import Path

import pytest

from importbot.i18n import LANGUAGES, message
from importbot.sandbox.content import digest
from tests.kit.building import (
    PACKAGES,
    ROOT,
    Way,
    build_archives,
    config_of,
    environment,
    install,
    link_dependencies,
    run,
)
from tests.kit.support import Box


SCRIPTS = sorted(path.stem for path in
                 (ROOT / PACKAGES['importbot_scripts']).glob('[!_]*.py'))

SHOW_PLACES = ('import importbot, importbot_scripts\n'
               'print(importbot.__file__, importbot_scripts.__file__)')

#: What a program finds out about the data of the package.
SHOW_DATA = """
import json
from importbot.i18n import LANGUAGES, message
from importbot.sandbox.content import digest
print(json.dumps({'content': digest(), 'words': {
    code: message(code, 'reason-needed') for code in LANGUAGES}}))
"""


@pytest.fixture(scope='module')
def dependencies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return link_dependencies(tmp_path_factory.mktemp('dependencies'))


@pytest.fixture(scope='module')
def bare_python(tmp_path_factory: pytest.TempPathFactory,
                dependencies: Path) -> Path:
    """Return a Python to which importbot is unknown."""
    return environment(tmp_path_factory.mktemp('bare'), dependencies)


@pytest.fixture(scope='module')
def installed_python(checkout: Path, dependencies: Path,
                     tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Python that has the wheel."""
    folder = tmp_path_factory.mktemp('installed')
    return install(build_archives(checkout, folder).wheel, folder / 'venv',
                   dependencies)


@pytest.fixture(scope='module')
def installed(box: Box, installed_python: Path,
              tmp_path_factory: pytest.TempPathFactory) -> Way:
    return Way(installed_python, config_of(
        box, tmp_path_factory.mktemp('ofwheel') / 'config'))


@pytest.fixture(scope='module')
def editable(box: Box, tmp_path_factory: pytest.TempPathFactory) -> Way:
    folder = tmp_path_factory.mktemp('editable')
    python = Path(sys.executable)
    places = run(python, '-c', SHOW_PLACES, cwd=folder).output.split()
    assert [Path(place) for place in places] == [
        ROOT / folder / '__init__.py' for folder in PACKAGES.values()]
    return Way(python, config_of(box, folder / 'config'))


@pytest.fixture(scope='module')
def by_path(box: Box, checkout: Path, bare_python: Path,
            tmp_path_factory: pytest.TempPathFactory) -> Way:
    """Return a pywikibot directory that names a checkout elsewhere."""
    scripts = checkout / PACKAGES['importbot_scripts']
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


@pytest.mark.parametrize('script', SCRIPTS)
def test_pwb_shows_the_help(way: Way, script: str) -> None:
    path = ROOT / PACKAGES['importbot_scripts'] / f'{script}.py'
    purpose, *_ = (ast.get_docstring(ast.parse(path.read_text())) or '',
                   )[0].splitlines()
    done = way.pwb(script, '-help')
    assert done.status == 0, done.output
    assert purpose in done.output
    # In its place pywikibot puts what there is to know of generators.
    assert '&params;' not in done.output


def test_pwb_plans_an_import(way: Way) -> None:
    done = way.pwb('importpages', '-source:en', '-page:Rover', '-plan')
    assert done.status == 2, done.output
    assert 'Template:Infobox rover' in done.output
    # A reason comes from the messages, which are files of the package.
    assert message('en', 'reason-exists') in done.output


def test_without_any_of_them_pwb_finds_no_script(
        box: Box, bare_python: Path, tmp_path: Path) -> None:
    way = Way(bare_python, config_of(box, tmp_path / 'config'))
    done = way.pwb('importpages', '-help')
    assert 'importpages.py not found' in done.output
    assert 'Import pages' not in done.output


def test_wheel_finds_its_messages_and_its_sample_content(
        installed_python: Path, tmp_path: Path) -> None:
    done = run(installed_python, '-c', SHOW_DATA, cwd=tmp_path,
               PYWIKIBOT_NO_USER_CONFIG='2')
    assert done.status == 0, done.output
    words = {code: message(code, 'reason-needed') for code in LANGUAGES}
    assert len(set(words.values())) == len(LANGUAGES) == 4
    assert json.loads(done.output) == {'content': digest(), 'words': words}


def test_sandbox_of_the_wheel_says_that_none_is_up(
        installed_python: Path, tmp_path: Path) -> None:
    done = run(installed_python, '-m', 'importbot.sandbox', 'status',
               '--dir', tmp_path / 'none', cwd=tmp_path)
    assert done.status == 1
    assert done.output.startswith('No sandbox is up in')


def test_sandbox_of_the_wheel_serves_two_wikis(
        installed_python: Path, tmp_path: Path) -> None:
    def sandbox(command: str, *more: str) -> str:
        done = run(installed_python, '-m', 'importbot.sandbox', command,
                   '--dir', tmp_path / 'box', *more, cwd=tmp_path)
        assert done.status == 0, done.output
        return done.output

    up = json.loads(sandbox('up', '--json'))
    try:
        assert json.loads(sandbox('status', '--json')) == up
        way = Way(installed_python, Path(up['pywikibot_dir']))
        done = way.pwb('importpages', '-source:en', '-page:Rover', '-always')
        assert done.status == 0, done.output
    finally:
        sandbox('down')
    assert not (tmp_path / 'box').exists()
