"""importbot as a library: the way of interface.md, and its manners."""
from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import importbot
from importbot.model import errors


ROOT = Path(importbot.__file__).parents[1]
FILES = {'.'.join(path.relative_to(ROOT).with_suffix('').parts): path
         for path in sorted((ROOT / 'importbot').rglob('*.py'))}
#: Without the empty ones, which only make a folder a package.
MODULES = {name.removesuffix('.__init__'): path
           for name, path in FILES.items() if path.read_text().strip()}
#: Those that hold more than a sentence on what is in a package.
WITH_CODE = sorted(name for name, path in MODULES.items()
                   if len(ast.parse(path.read_text()).body) > 1)


# Its manners


def test_public_names_are_the_documented_ones() -> None:
    assert set(importbot.__all__) - set(errors.__all__) == {
        'ImportedPages', 'Importer', 'Journal', 'PageResult', 'Plan',
        'PlannedPage', 'Policy', 'Report', 'UndoPlan', 'apply_plan',
        'apply_undo', 'make_plan', 'make_undo_plan', 'report_html'}
    assert set(errors.__all__) - set(importbot.__all__) == {'first_line'}
    for name in importbot.__all__:
        assert getattr(importbot, name).__name__ == name


def test_a_name_that_it_lacks_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'importbot' .*'make_plans'"):
        importbot.make_plans  # noqa: B018


@pytest.mark.parametrize('module', ['importbot', 'importbot.sandbox'])
def test_import_needs_no_configuration(module: str, tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items()
           if not name.startswith('PYWIKIBOT')}
    done = subprocess.run(
        [sys.executable, '-W', 'error', '-c',
         f'import sys, {module}; print("pywikibot" in sys.modules)'],
        cwd=tmp_path, capture_output=True, text=True,
        env={**env, 'HOME': str(tmp_path)})
    assert (done.returncode, done.stdout, done.stderr) == (0, 'False\n', '')
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize('name', WITH_CODE)
def test_all_of_a_module_resolves(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__all__
    assert len(set(module.__all__)) == len(module.__all__)
    for public in module.__all__:
        assert not public.startswith('_')
        assert getattr(module, public) is not None


def undocumented(tree: ast.AST, inside: str = '') -> Iterator[str]:
    """Yield the public classes, functions and methods without docstring."""
    for node in ast.iter_child_nodes(tree):
        if (isinstance(node, (ast.ClassDef, ast.FunctionDef,
                              ast.AsyncFunctionDef))
                and not node.name.startswith('_')):
            if ast.get_docstring(node) is None:
                yield inside + node.name
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node, f'{node.name}.')


@pytest.mark.parametrize('name', sorted(MODULES))
def test_everything_public_has_a_docstring(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text())
    assert ast.get_docstring(tree)
    assert list(undocumented(tree)) == []


def test_docstring_check_finds_what_is_missing() -> None:
    tree = ast.parse('class A:\n  """A."""\n  def f(self): pass\n'
                     '  def _g(self): pass\n  def h(self):\n    """H."""\n'
                     'def i(): pass\n')
    assert list(undocumented(tree)) == ['A.f', 'i']
