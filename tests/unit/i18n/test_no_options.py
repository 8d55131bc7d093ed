"""No sentence beneath the commands names an option or a command.

Wikis and scripts have no command line; the terminal says what mends a
problem, by the table of ``importbot/reports/terminal/remedies.py``.
"""
from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import importbot


ROOT = Path(importbot.__file__).parent

_NAMED = re.compile(r'(?<![\w-])-[a-z]{3,}|\bpwb ')

#: What speaks to people at a command line, and what options are made of.
_AT_A_TERMINAL = ('commands/', 'reports/terminal/', 'sandbox/',
                  'model/option', 'model/policy.py')


def _texts(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the literals of a module that are no docstrings."""
    alone = {node.value for node in ast.walk(tree)
             if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (isinstance(node, ast.Constant) and isinstance(node.value, str)
                and node not in alone):
            yield node


def _named(source: str) -> list[tuple[int, str]]:
    """Return where a module names options, and by what words."""
    return [(text.lineno, word) for text in _texts(ast.parse(source))
            for word in _NAMED.findall(str(text.value))]


def test_no_sentence_names_an_option_or_a_command() -> None:
    paths = {path.relative_to(ROOT).as_posix(): path
             for path in ROOT.rglob('*.py')}
    read = {name: path.read_text('utf-8') for name, path in paths.items()
            if not name.startswith(_AT_A_TERMINAL)}
    assert len(read) > 100
    assert {name: named for name, text in read.items()
            if (named := _named(text))} == {}


@pytest.mark.parametrize(('source', 'words'), [
    ("raise UsageError('give it with -journal:')", ['-journal']),
    ("raise UsageError(f'{a}; give -plan:{b}')", ['-plan']),
    ("raise UsageError('run pwb importruns')", ['pwb ']),
    ("raise UsageError(Problem('plan-changed', a='follow-up'))", []),
    ("def f():\n    'As -resume does.'", [])])
def test_options_are_found(source: str, words: list[str]) -> None:
    assert [word for _line, word in _named(source)] == words
