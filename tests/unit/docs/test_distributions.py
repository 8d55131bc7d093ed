"""Source distribution and wheel hold all that they should, and no more."""
from __future__ import annotations

import re
import shutil
import sys
import tarfile
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from readme_renderer import markdown

import importbot
from tests.kit.building import (
    PACKAGES,
    Archives,
    build_archives,
    files_below,
    install,
    link_dependencies,
    packaged_files,
    run,
    setup_cfg,
)


pytestmark = pytest.mark.programs


NAME = f'importbot-{importbot.__version__}'

#: What a build adds to a source distribution.
ADDED = re.compile(r'PKG-INFO|importbot\.egg-info/[\w.-]+')

#: Quick tests that need neither wiki nor network, but data beside them.
QUICK = ('i18n/test_i18n.py', 'journal/test_journal.py',
         'rules/test_policy.py', 'wikitext/test_references.py')


@pytest.fixture(scope='module')
def archives(checkout: Path,
             tmp_path_factory: pytest.TempPathFactory) -> Archives:
    return build_archives(checkout, tmp_path_factory.mktemp('archives'))


@pytest.fixture(scope='module')
def unpacked(archives: Archives,
             tmp_path_factory: pytest.TempPathFactory) -> Path:
    return archives.unpack(tmp_path_factory.mktemp('unpacked'))


@pytest.fixture(scope='module')
def python(archives: Archives,
           tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Python that has the wheel and what the tests need."""
    folder = tmp_path_factory.mktemp('python')
    (folder / 'dependencies').mkdir()
    return install(archives.wheel, folder / 'venv',
                   link_dependencies(folder / 'dependencies'))


def contents(wheel: Path) -> dict[str, bytes]:
    """Return the files of a wheel; its list of them, sorted."""
    with zipfile.ZipFile(wheel) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    record = f'{NAME}.dist-info/RECORD'
    found[record] = b'\n'.join(sorted(found[record].splitlines()))
    return found


@pytest.fixture(scope='module')
def metadata(archives: Archives) -> Message:
    return message_from_bytes(
        contents(archives.wheel)[f'{NAME}.dist-info/METADATA'])


@pytest.fixture(scope='module')
def description(metadata: Message) -> str:
    """Return what a package index shows of the project."""
    return bytes(metadata.get_payload(decode=True)).decode()


def test_every_package_is_listed(checkout: Path) -> None:
    listed = setup_cfg(checkout)['options']['packages'].split()
    assert sorted(listed) == sorted(
        '.'.join(Path(name).parts[:-1]) for name in packaged_files(checkout)
        if name.endswith('/__init__.py'))


def test_every_folder_with_code_is_a_package(checkout: Path) -> None:
    for folder in PACKAGES.values():
        for path in (checkout / folder).rglob('*.py'):
            assert (path.parent / '__init__.py').exists(), path


def test_source_distribution_is_what_is_under_version_control(
        checkout: Path, unpacked: Path) -> None:
    names = {name for name in files_below(unpacked)
             if not ADDED.fullmatch(name)}
    expected = files_below(checkout)
    # So that nobody loses them by a change of the test itself.
    assert {'.ci/run', 'CHANGELOG.md', 'LICENSE', 'MANIFEST.in', 'Makefile',
            'README.md', 'docs/operators.md', 'docs/toolforge/jobs.yaml',
            'pyproject.toml', 'ruff.toml', 'setup.cfg', 'setup.py',
            'tests/unit/journal/journal-1.sql',
            'tests/unit/wikitext/references/lua.case',
            'user-config.py.sample'} <= expected
    assert names == expected
    for name in names - {'setup.cfg'}:
        assert (unpacked / name).read_bytes() == (
            checkout / name).read_bytes(), name
    # A build notes its tag there, which is none, and drops comments; these
    # tests may run from what was built before.
    ours, theirs = setup_cfg(checkout), setup_cfg(unpacked)
    for settings in (ours, theirs):
        settings.remove_section('egg_info')
    assert theirs == ours


def test_what_runs_runs_from_the_source_distribution(
        archives: Archives) -> None:
    with tarfile.open(archives.sdist) as archive:
        assert archive.getmember(f'{NAME}/.ci/run').mode & 0o100
        assert {entry.name.partition('/')[0] for entry in archive} == {NAME}


def test_wheel_holds_the_packages_and_nothing_else(
        checkout: Path, archives: Archives) -> None:
    found = contents(archives.wheel)
    expected = packaged_files(checkout)
    assert {'importbot/py.typed', 'importbot/i18n/en.json',
            'importbot/sandbox/mediawiki/CommonSettings.php',
            'importbot/sandbox/content/source/histories.ini',
            'importbot/sandbox/content/source/pages/Main/Rover.wikitext',
            'importbot_scripts/importpages.py'} <= expected.keys()
    assert {name for name in found
            if not name.startswith(f'{NAME}.dist-info/')} == expected.keys()
    for name, source in expected.items():
        assert found[name] == (checkout / source).read_bytes(), name


def test_wheel_of_a_tree_is_the_wheel_of_the_source_distribution(
        checkout: Path, archives: Archives,
        tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp('wheel')
    tree = shutil.copytree(checkout, folder / 'tree')
    done = run(sys.executable, '-m', 'pip', 'wheel', '--no-deps',
               '--no-index', '--no-build-isolation', '-w', folder, tree,
               cwd=folder)
    assert done.status == 0, done.output
    wheel, = folder.glob('*.whl')
    assert wheel.name == archives.wheel.name == f'{NAME}-py3-none-any.whl'
    assert contents(wheel) == contents(archives.wheel)


def test_package_index_takes_both(archives: Archives) -> None:
    done = run(sys.executable, '-m', 'twine', 'check', '--strict',
               archives.sdist, archives.wheel, cwd=archives.sdist.parent,
               NO_COLOR='1')
    assert done.status == 0, done.output
    assert done.output.count('PASSED') == 2


def test_metadata_says_what_the_project_is(
        archives: Archives, metadata: Message, unpacked: Path) -> None:
    assert metadata['Version'] == importbot.__version__
    assert metadata['License'] == 'MIT'
    assert metadata['License-File'] == 'LICENSE'
    assert metadata['Author'] == 'The importbot developers'
    assert 'pywikibot>=11.8' in metadata.get_all('Requires-Dist', [])
    # There is no address that would be right.
    assert not {'Home-page', 'Project-URL', 'Download-URL'} & {
        *metadata.keys()}
    entries = contents(archives.wheel)[f'{NAME}.dist-info/entry_points.txt']
    assert entries.decode().split('\n')[:2] == [
        '[pywikibot]', 'scriptspath = importbot_scripts:base_dir']
    assert message_from_bytes((unpacked / 'PKG-INFO').read_bytes()).items() \
        == metadata.items()


def test_readme_is_shown_on_a_package_index(description: str) -> None:
    shown = markdown.render(description)
    assert shown is not None
    assert '<table>' in shown
    addresses = re.findall(r'(?:href|src)="([^"]*)"', shown)
    assert addresses
    assert [address for address in addresses
            if not address.startswith(('https://', '#'))] == []


def test_links_to_files_became_their_names(description: str,
                                           checkout: Path) -> None:
    readme = (checkout / 'README.md').read_text()
    linked = set(re.findall(r'\]\((?!https:)([^)]+)\)', readme))
    assert 'docs/policies.md' in linked
    for name in linked:
        assert (checkout / name).is_file(), name
        assert f'`{name}`' in description
    # Nothing else was changed.
    assert len(description.splitlines()) == len(readme.splitlines())


def test_all_tests_are_collected_from_the_source_distribution(
        unpacked: Path, python: Path) -> None:
    done = run(python, '-m', 'pytest', '--collect-only', cwd=unpacked)
    assert done.status == 0, done.output[-3000:]
    collected = set(re.findall(r'^tests/([/\w]+\.py)::', done.output,
                               re.MULTILINE))
    assert collected == {path.relative_to(unpacked / 'tests').as_posix()
                         for path in unpacked.glob('tests/**/test_*.py')}


@pytest.mark.soak
def test_tests_pass_from_the_source_distribution(
        unpacked: Path, python: Path) -> None:
    done = run(python, '-m', 'pytest', '-p', 'no:cacheprovider',
               *(f'tests/unit/{name}' for name in QUICK), cwd=unpacked)
    assert done.status == 0, done.output[-3000:]
    assert re.search(r'[1-9]\d{2} passed', done.output), done.output[-300:]
