"""A reason explains; nothing is done on its strength."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from importbot.model.plan import PlannedPage
from importbot.rules.decide import Verdict
from tests.kit.building import ROOT


#: Where reasons are given, and where JSON is read that has nothing else.
GIVE = {
    'model/codec.py', 'model/decisions.py', 'model/implied.py',
    'rules/decide.py', 'rules/existing.py', 'rules/undo.py',
    'planning/verdicts.py', 'planning/plan.py', 'applying/leftovers.py'}

#: Where one is compared: with the reasons that a decision can have, when a
#: verdict is made, and at the edge of JSON.
COMPARE = {'model/codec.py', 'model/implied.py', 'rules/decide.py'}


def _is_reason(node: ast.AST) -> bool:
    """Return whether an expression is a reason, or a field of that name."""
    match node:
        case ast.Attribute(ast.Name('Reason' | 'UndoReason')):
            return True
        case ast.Name('reason') | ast.Attribute(attr='reason'):
            return True
        case ast.Subscript(slice=ast.Constant('reason')):
            return True
        case ast.Attribute(value, 'value'):
            return _is_reason(value)
        case ast.Tuple(items) | ast.List(items) | ast.Set(items):
            return any(map(_is_reason, items))
    return False


def _named(tree: ast.AST) -> Iterator[int]:
    """Yield lines that name a certain reason."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(ast.Name('Reason' | 'UndoReason')):
                yield node.lineno


def _compared(tree: ast.AST) -> Iterator[int]:
    """Yield lines where a reason steers."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left, _operators, others):
                steering = [left, *others]
            case ast.Subscript(ast.Name() | ast.Attribute(), key):
                steering = [key]
            case ast.Match(subject):
                steering = [subject]
            case _:
                continue
        if any(map(_is_reason, steering)):
            yield node.lineno


def _trees() -> Iterator[tuple[str, ast.AST]]:
    package = ROOT / 'importbot'
    for path in sorted(package.rglob('*.py')):
        yield (Path(path).relative_to(package).as_posix(),
               ast.parse(path.read_text('utf-8')))


def test_reasons_are_named_only_where_they_are_given() -> None:
    assert {path for path, tree in _trees() if any(_named(tree))} == GIVE


def test_nothing_but_these_compares_a_reason() -> None:
    assert {path for path, tree in _trees() if any(_compared(tree))
            } == COMPARE


@pytest.mark.parametrize('code', [
    'page.reason is Reason.ASK', 'Reason.ASK == page.reason',
    'verdict.reason in (UndoReason.GONE, UndoReason.MOVED)',
    'page["reason"] == "forced"', 'page.reason.value == "forced"',
    'row.reason != other.reason', 'TABLE[page.reason]',
    'match page.reason:\n  case 1: pass'])
def test_what_steers_is_found(code: str) -> None:
    assert list(_compared(ast.parse(code)))


@pytest.mark.parametrize('code', [
    'message(language, f"reason-{page.reason.value}")', 'page["reason"]',
    'Verdict(Decision.HOLD, Reason.ASK)', 'page.decision is Decision.HOLD'])
def test_what_explains_is_not(code: str) -> None:
    assert not list(_compared(ast.parse(code)))


def test_planned_pages_have_all_of_a_verdict() -> None:
    assert {item.name for item in fields(Verdict)} <= {
        item.name for item in fields(PlannedPage)}
