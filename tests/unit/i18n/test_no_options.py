"""No sentence beneath the commands names an option or a command.

Wikis and scripts have no command line; the terminal says what mends a
problem, by the table of ``importbot/reports/terminal/remedies.py``. Any
message may come to a wiki: replies, summaries, logs and reports in wikitext
say whatever a plan, a run or a problem holds. So this holds for all of
them, in each language.
"""
from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

import importbot
from importbot import i18n
from importbot.i18n import LANGUAGES, said
from importbot.model.decisions import Decision, Reason
from importbot.model.notes import NoteKind
from importbot.model.problems import Problem, Setting
from importbot.requestpages.passes.reply_text import ReplyText
from tests.kit.notes import note_of
from tests.kit.options import named_options
from tests.kit.plans import IMPORT, PLAN


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


def _messages(language: str) -> dict[str, str]:
    messages: dict[str, str] = json.loads(
        files(i18n).joinpath(f'{language}.json').read_text('utf-8'))
    del messages['@metadata']
    return messages


@pytest.mark.parametrize('language', LANGUAGES)
def test_no_message_names_an_option_or_a_command(language: str) -> None:
    messages = _messages(language)
    assert len(messages) > 700
    assert {key: named for key, text in messages.items()
            if (named := named_options(text))} == {}


@pytest.mark.parametrize(('text', 'named'), [
    ('leave it out, or give -existing:force', ['-existing']),
    ('mit „-simulate“ ansehen', ['-simulate']),
    ('reprendre avec -resume ; sinon, rien', ['-resume']),
    ('「-via:upload」を指定してください', ['-via']),
    ('次に-planを指定', ['-plan']),
    ("run ''pwb importruns''", ['pwb', 'importruns']),
    ('MediaWiki:Importrequests.json, User:Bot/importrequests.json', []),
    ('a well-known page, written as 2024-12-31', []),
    ('&section=0&summary=x-page', [])])
def test_options_in_messages_are_found(text: str, named: list[str]) -> None:
    assert named_options(text) == named


@pytest.mark.parametrize('language', LANGUAGES)
def test_what_was_set_is_called_by_its_field(language: str) -> None:
    setting = Setting('existing', 'existing', 'force')
    assert named_options(setting.as_option)
    assert named_options(said(language, Problem(
        'option-clash', option=setting, others=(setting, )))) == []


@pytest.mark.parametrize('language', LANGUAGES)
def test_replies_name_no_option_whatever_a_plan_holds(
        language: str) -> None:
    notes = tuple(note_of(kind) for kind in NoteKind)
    held = [replace(IMPORT, decision=decision, reason=reason, steps=())
            for reason in Reason for decision in Decision]
    plan = replace(PLAN, pages=(IMPORT, *held), notes=notes)
    words = ReplyText(language, {})
    text = '\n'.join((*words.plan(plan, []), words.whole(plan)))
    assert len(text) > 10_000
    assert named_options(text) == []


def test_remedies_are_for_the_terminal_alone() -> None:
    # They are made of options.
    users = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob('*.py')
             if 'terminal.remedies' in path.read_text('utf-8')}
    assert len(users) > 3
    assert [name for name in sorted(users) if not name.startswith(
        ('commands/', 'reports/terminal/', 'reports/formats/table.py',
         # What a pass tells its operator.
         'requestpages/passes/run.py'))] == []
