"""What a person reads: every word of a wiki is data."""
from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import pytest

from importbot.i18n import LANGUAGES, message
from importbot.model.decisions import Outcome, Reason
from importbot.model.printable import printable
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.reports.terminal.changes import (
    change_table,
    page_line,
    summary_line,
)
from importbot.reports.terminal.tables import show
from tests.kit.plans import IMPORT, PLAN, titled


def test_table_has_a_row_for_each_page(
        capsys: pytest.CaptureFixture[str]) -> None:
    show(change_table(PLAN, 'en', [PageResult(Outcome.UNCHANGED),
                                 PageResult(Outcome.VERIFIED, 300)]))
    printed = capsys.readouterr().out
    assert 'verified, 300 revisions' in printed
    assert 'same text on the target' in printed


def test_control_characters_and_markup_are_shown_not_obeyed(
        capsys: pytest.CaptureFixture[str]) -> None:
    hostile = replace(IMPORT, title=titled('[red]x[/red] \x1b[31m\u202e'))
    plan = replace(PLAN, pages=(hostile, ))
    show(change_table(plan, 'en', [PageResult(
        Outcome.FAILED, error=Problem.quoted('\x1b]0;owned\x07'))]))
    printed = capsys.readouterr().out
    assert '[red]x[/red]' in printed
    line = page_line(hostile, PageResult())
    for char in '\x1b\x07\u202e':
        assert char not in printed + line


def test_printable_keeps_every_script() -> None:
    assert printable('Zvěst 🜨 ローバー') == 'Zvěst 🜨 ローバー'


def test_summary_counts_and_names_the_run() -> None:
    assert summary_line(PLAN) == '2 pages: 1 import, 1 skip'
    assert summary_line(PLAN, [PageResult()] * 2, 7).endswith(
        '; run 7 of the journal')


@pytest.mark.parametrize('language', LANGUAGES)
def test_languages_have_the_same_messages(language: str) -> None:
    def keys(code: str) -> set[str]:
        text = files('importbot.i18n').joinpath(f'{code}.json').read_text(
            'utf-8')
        return set(json.loads(text))

    assert keys(language) == keys('en')


@pytest.mark.parametrize('reason', Reason)
@pytest.mark.parametrize('language', LANGUAGES)
def test_every_reason_has_a_sentence(language: str,
                                     reason: Reason) -> None:
    assert message(language, f'reason-{reason.value}')


@pytest.mark.parametrize('reason', sorted(set(Reason) - {
    Reason.REQUESTED, Reason.NEEDED, Reason.IDENTICAL, Reason.EXISTS,
    Reason.HISTORY_MISSING, Reason.NOTHING_TO_BRING, Reason.BEHIND,
    Reason.LOCAL_CHANGES, Reason.FORCED, Reason.HISTORY_BENEATH,
    Reason.EXCLUDED, Reason.EQUIVALENT, Reason.OTHER_SOURCE}))
@pytest.mark.parametrize('language', LANGUAGES)
def test_what_keeps_a_page_out_has_advice(language: str,
                                          reason: Reason) -> None:
    assert message(language, f'advice-{reason.value}')


def test_other_languages_fall_back_to_a_known_one() -> None:
    assert message('pt', 'summary', prefix='en', title='A', revision=1) == (
        'Import of [[:en:A]], revision 1')
    assert message('bar', 'summary', prefix='en', title='A', revision=1
                   ).startswith('Import von')
