"""Pages for those who change the code name what there is."""
from __future__ import annotations

import ast
import re
from enum import Enum
from pathlib import Path

import pytest
import yaml

from importbot.model.decisions import (
    Decision,
    Evidence,
    Outcome,
    Relation,
    Role,
)
from importbot.model.undo_plan import UndoDecision
from importbot.requestpages.status import Status
from tests.kit.building import PACKAGES, ROOT, setup_cfg


PAGE = (ROOT / 'docs' / 'architecture.md').read_text('utf-8')
GLOSSARY = (ROOT / 'docs' / 'glossary.md').read_text('utf-8')

#: Paths of the project, in code or in the drawing.
PATHS = sorted(set(re.findall(
    r'(?<![\w/])(?:importbot|scripts|tests|docs)/[\w/.-]*\w', PAGE)))

#: The words of the glossary, as they stand there.
WORDS = [word for word, _meaning in re.findall(
    r'^\| ((?:`|\*\*)[^|]+(?:`|\*\*)) \| (.+) \|$', GLOSSARY, re.MULTILINE)]


def _folders() -> dict[str, Path]:
    """Return the folders of the packages by their names."""
    return {name: Path(PACKAGES[name.split('.')[0]],
                       *name.split('.')[1:])
            for name in setup_cfg()['options']['packages'].split()}


def _rooms() -> list[tuple[str, str]]:
    """Return the rows of the first table: packages, and where to begin."""
    return re.findall(r'^\| `([\w/]+)` \|.*\| `([\w/.]+)` \|$', PAGE,
                      re.MULTILINE)


def test_files_that_are_named_are_there() -> None:
    assert len(PATHS) > 80
    assert [path for path in PATHS if not (ROOT / path).exists()] == []


def test_every_package_is_named() -> None:
    folders = {folder.as_posix() for name, folder in _folders().items()
               if '.' in name and not name.startswith('importbot_scripts')}
    assert sorted(folders - {*PATHS}) == []


def test_rooms_stand_in_the_order_of_the_contract() -> None:
    layers = setup_cfg()['importlinter:contract:layers']['layers'].split('\n')
    folders = _folders()
    rooms = [name for name, _begin in _rooms()]
    for layer in filter(None, layers):
        names = {folders[name.strip()].as_posix()
                 for name in layer.split('|')}
        here, rooms = rooms[:len(names)], rooms[len(names):]
        assert {*here} == names
    assert rooms == []


@pytest.mark.parametrize(('room', 'begin'), _rooms())
def test_room_is_begun_with_a_file_of_its_own(room: str, begin: str) -> None:
    assert Path(begin).is_relative_to(room)


@pytest.mark.parametrize('folder', [
    pytest.param(folder, id=name) for name, folder in _folders().items()])
def test_every_room_says_what_it_is(folder: Path) -> None:
    text = (ROOT / folder / '__init__.py').read_text('utf-8')
    assert ast.get_docstring(ast.parse(text))


def test_names_in_code_are_still_there() -> None:
    """What a list of changes calls by name stands in a file it names."""
    told = PAGE.partition('## How to add …')[2]
    files = [ROOT / path for path in PATHS if path.endswith('.py')]
    code = '\n'.join(path.read_text('utf-8') for path in files)
    names = set(re.findall(r'`(_?[A-Za-z]\w+)`', told))
    assert len(names) > 15
    assert [name for name in sorted(names)
            if not re.search(rf'\b{name}\b', code)] == []


def test_hooks_are_what_make_lint_runs() -> None:
    lint = re.search(r'^lint:.*\n((?:\t.+\n)+)',
                     (ROOT / 'Makefile').read_text(), re.MULTILINE)
    assert lint
    hooks = yaml.safe_load((ROOT / '.pre-commit-config.yaml').read_text())
    assert [repository['repo'] for repository in hooks['repos']] == ['local']
    assert [hook['entry'].split()[0]
            for hook in hooks['repos'][0]['hooks']] == re.findall(
                r'\S+', re.sub(r'\$\(BIN\)(\S+).*', r'.venv/bin\1', lint[1]))
    assert {hook['language'] for hook in hooks['repos'][0]['hooks']} == {
        'system'}


def test_contributors_read_of_every_folder_of_tests() -> None:
    told = set(re.findall(r'`tests/(\w+)`',
                          (ROOT / 'CONTRIBUTING.md').read_text('utf-8')))
    assert {path.parent.name for path in (ROOT / 'tests').glob(
        '*/__init__.py')} <= told


def test_readme_is_a_page_and_no_manual() -> None:
    text = (ROOT / 'README.md').read_text('utf-8')
    assert len(text.splitlines()) <= 150


def test_words_are_in_the_order_of_the_alphabet() -> None:
    assert len(WORDS) > 60
    assert len(set(WORDS)) == len(WORDS)
    plain = [word.strip('`*').lower() for word in WORDS]
    assert plain == sorted(plain)


@pytest.mark.parametrize('words', [
    Decision, Evidence, Outcome, Relation, Role, Status, UndoDecision])
def test_glossary_has_every_value(words: type[Enum]) -> None:
    assert [word.value for word in words
            if f'`{word.value}`' not in WORDS] == []


def test_glossary_has_no_value_that_is_none() -> None:
    known = {word.value for words in (Decision, Evidence, Outcome, Relation,
                                      Role, Status, UndoDecision)
             for word in words}
    assert {word.strip('`') for word in WORDS
            if word.startswith('`')} - known == set()
