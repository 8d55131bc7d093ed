"""The public names have types, and there are no others."""
from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import importbot
from importbot.journal.imported import ListName
from importbot.model.option import Kind
from importbot.model.options import OPTIONS
from importbot.model.policy import Policy, policy_options
from importbot.rules.page_lists import LISTS


ROOT = Path(importbot.__file__).parents[1]


@pytest.fixture(scope='module')
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What mypy says of all names, and of one that is not there."""
    program = tmp_path_factory.mktemp('types') / 'program.py'
    program.write_text('\n'.join((
        *(f'from importbot import {name}\nreveal_type({name})'
          for name in importbot.__all__),
        'from importbot import no_such_name')))
    done = subprocess.run(
        [sys.executable, '-m', 'mypy', '--strict', str(program)], cwd=ROOT,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        timeout=300)
    return done.stdout


def test_name_that_is_not_there_is_an_error(said: str) -> None:
    assert 'Module "importbot" has no attribute "no_such_name"' in said


def test_every_name_has_a_type(said: str) -> None:
    lines = [line for line in said.splitlines() if 'Revealed type' in line]
    assert len(lines) == len(importbot.__all__), said
    for name, line in zip(importbot.__all__, lines, strict=True):
        assert '"def ' in line or '"Overload' in line, (name, line)
        assert '"Any"' not in line and '-> Any' not in line, (name, line)


def test_types_are_those_of_what_is_imported() -> None:
    """What mypy is told to import is what a script gets."""
    tree = ast.parse(Path(importbot.__file__).read_text('utf-8'))
    told = {alias.name: node.module
            for branch in tree.body if isinstance(branch, ast.If)
            for node in branch.body if isinstance(node, ast.ImportFrom)
            for alias in node.names}
    assert {name: importbot._HOMES.get(name, importbot._ERRORS)
            for name in importbot.__all__} == told


def test_choices_of_a_policy_are_those_of_its_options() -> None:
    hints = get_type_hints(Policy)
    for option in policy_options():
        if option.kind is Kind.CHOICE:
            assert {*get_args(hints[option.field])} == {*option.values}
    kept, _given = get_args(hints['authors'])
    assert {*get_args(kept)} == {*OPTIONS.field('authors').values}


def test_lists_of_a_run_are_those_that_there_are() -> None:
    assert {*get_args(ListName)} == {*LISTS}
