"""Overviews on terminals of any width, and in files."""
from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from importbot.commands import change_bot
from importbot.commands.importundo import UndoBot
from importbot.i18n import LANGUAGES, message
from importbot.model.decisions import Decision, Outcome, Reason, Relation
from importbot.model.plan import Plan
from importbot.model.problems import Problem
from importbot.model.report import PageResult, Report
from importbot.model.undo_plan import UndoPlan
from importbot.reports.terminal.changes import change_table
from importbot.reports.terminal.layout import Names, WordTable
from importbot.reports.terminal.overview import (
    overview_parts,
    without_old_news,
)
from importbot.reports.terminal.tables import plain_text, safe, show_on
from tests.kit.many_pages import run_of
from tests.kit.plans import IMPORT, PLAN, SKIP, titled
from tests.kit.renderings import REPORT, UNDO, UNDO_REPORT


def lines_at(width: int, parts: Iterable[RenderableType]) -> list[str]:
    """Return what a terminal of a width shows."""
    file = io.StringIO()
    show_on(Console(file=file, width=width, force_terminal=True,
                    color_system=None), parts)
    return file.getvalue().splitlines()


def plan_of(count: int) -> Plan:
    """Return a plan as closures are: nearly all is new."""
    new = replace(SKIP, decision=Decision.IMPORT, reason=Reason.NEEDED,
                  relation=Relation.MISSING, steps=IMPORT.steps)
    page = run_of(6).plan.pages[3]
    pages = [replace(
        new, role=(SKIP.role, page.role)[number % 4 == 0],
        title=titled(f'Template:Infobox number {number}'),
        target=titled(f'Template:Infobox number {number}'))
        for number in range(count - 1)]
    return replace(run_of(6).plan, pages=(*pages, IMPORT))


@pytest.mark.parametrize(('count', 'lines'), [(57, 40), (620, 80)])
@pytest.mark.parametrize('plan', [
    plan_of, lambda count: run_of(count).plan, run_of])
def test_plan_fits_on_a_screen(count: int, lines: int,
                               plan: type[Plan]) -> None:
    thing = plan(count)
    if isinstance(thing, Report):
        thing = without_old_news(thing)
    shown = lines_at(80, overview_parts(thing, 'en', more='-verbose'))
    # The question takes a line.
    assert len(shown) < lines


@pytest.mark.parametrize('count', [57, 620])
def test_everything_is_one_page_a_row(count: int) -> None:
    plan = run_of(count).plan
    text = plain_text(overview_parts(plan, 'en', everything=True))
    assert [page.title for page in plan.pages
            if f'\n{page.title}  ' not in text] == []
    assert '-verbose' not in text


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('width', [40, 57, 80, 120, 200])
def test_lines_break_at_words(width: int, language: str) -> None:
    things = (REPORT, REPORT.plan, UNDO, UNDO_REPORT, run_of(30).plan)
    for thing in things:
        for line in lines_at(width, [
                *overview_parts(thing, language, everything=True)]):
            assert cell_len(line) <= width or 'http' in line
    # So few that no name is cut off.
    few = run_of(8, requested=2).plan
    plain = plain_text(overview_parts(few, language, everything=True))
    shown = ' '.join(lines_at(width, overview_parts(
        few, language, everything=True)))
    # Cells below each other have a stop between them.
    words, there = ({word.rstrip(';:') for word in text.split()}
                    for text in (plain, shown))
    title = message(language, 'table-page')
    assert [word for word in words - there - {'page', *title.split()}
            if len(word) == cell_len(word) < 30] == []


CELLS = st.lists(st.sampled_from([
    'import', 'Template:Infobox rover/styles.css', 'ローバー', 'not on the',
    'a person is to decide', '', '12', 'verified,', '-existing:update']),
    min_size=1, max_size=9).map(' '.join)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), min_size=1,
                max_size=4), st.integers(40, 200))
def test_no_cell_of_a_table_is_cut_off(
        rows: list[tuple[str, ...]], width: int) -> None:
    names = ('page', 'role', 'needed by', 'decision', 'reason')
    table = WordTable(None, names, [[*map(Text, row)] for row in rows])
    lines = lines_at(width, [table])
    assert all(cell_len(line) <= width for line in lines)
    shown = ''.join(''.join(lines).split())
    for row in rows:
        for word in ' '.join(row).split():
            assert word in ' '.join(lines) or len(word) > 12
            # Japanese has no spaces to break at.
            assert set(word) <= set(shown)


@given(st.lists(st.sampled_from(['Rover', 'Paris, Texas', 'ローバー']),
                min_size=1, max_size=200), st.integers(1, 5),
       st.integers(40, 120))
def test_names_are_counted_where_they_are_cut(
        names: list[str], most: int, width: int) -> None:
    lines = lines_at(width, [Names(
        safe('Templates –'), names, most, lambda count: f'+{count}')])
    assert len(lines) <= most
    text = ' '.join(line.strip() for line in lines)
    more = int(text.rpartition('+')[2]) if '+' in text else 0
    shown = text.replace('Paris, Texas', 'Paris').count(',') + 1
    assert shown + more == len(names)
    assert ('"Paris, Texas"' in text) or 'Paris' not in text


def test_a_file_has_a_line_for_each_thing() -> None:
    held = replace(IMPORT, title=titled('A' * 200), decision=Decision.HOLD,
                   steps=(), reason=Reason.PROTECTED, role=SKIP.role)
    text = plain_text(overview_parts(replace(PLAN, pages=(held, )), 'en'))
    assert (f'  {"A" * 200} → Rover: protected on the target; a person with '
            'the right has to import it\n') in text


def test_titles_with_markup_and_control_characters_are_shown() -> None:
    page = replace(IMPORT, title=titled('[red]x[/red] \x1b[31m\u202e'))
    for line in lines_at(80, overview_parts(
            replace(PLAN, pages=(page, )), 'en')):
        assert '\x1b' not in line and '\u202e' not in line
    assert '[red]x[/red]' in plain_text(overview_parts(
        replace(PLAN, pages=(page, )), 'en'))


def test_requested_pages_of_a_report_have_their_addresses() -> None:
    report = Report(replace(PLAN, target=replace(
        PLAN.target, api='https://b.example/w/api.php')), 12, (
        PageResult(Outcome.UNCHANGED), PageResult(Outcome.VERIFIED, 2)))
    text = plain_text(overview_parts(report, 'en'))
    assert text.splitlines()[0] == (
        'All went as planned: 1 imported and checked, 1 stays')
    assert '\n    https://b.example/w/index.php?title=Rover\n' in text
    assert text.endswith('\nRun 12: pwb importruns -run:12 shows it, pwb '
                         'importundo 12 undoes it\n')


def test_what_went_wrong_stands_first() -> None:
    report = Report(PLAN, 12, (
        PageResult(Outcome.UNCHANGED),
        PageResult(Outcome.FAILED, error=Problem.quoted('badtoken: x'))))
    assert plain_text(overview_parts(report, 'en')).splitlines()[:4] == [
        'Not all went as planned: 1 failed, 1 stays',
        f'From en (a) to b as Bot; plan {PLAN.id}',
        'Not as planned', '  Rover: failed; badtoken: x']


def test_undo_without_pages_is_a_sentence() -> None:
    text = plain_text(overview_parts(
        UndoPlan(7, PLAN.target, '', ()), 'en'))
    assert text.splitlines()[0] == 'no pages'


def test_table_is_in_one_language() -> None:
    for thing in (run_of(12), REPORT, UNDO_REPORT):
        text = plain_text([replace(change_table(
            thing.plan, 'de', thing.results), title=None)])
        words = {*re.findall(r'[a-z]{4,}', text)}
        assert words & {
            'page', 'role', 'needed', 'decision', 'reason', 'outcome',
            'template', 'requested', 'style', 'import', 'skip', 'hold',
            'refuse', 'verified', 'failed', 'unchanged', 'revisions',
            'mentioned', 'diverged'} == set()
    assert 'gebraucht von' in plain_text([change_table(PLAN, 'de')])


def test_same_error_is_said_a_few_times(
        monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    monkeypatch.setattr(change_bot, 'tell_line', lines.append)
    bot = UndoBot.__new__(UndoBot)
    monkeypatch.setattr(bot, 'page_done', lambda page, result: lines.append(
        str(page.title)), raising=False)
    error = PageResult(Outcome.FAILED, error=Problem.quoted('full'))
    told: list[Any] = [(page, error) for page in run_of(20).plan.pages]
    bot._tell_pages(told)
    assert lines[:3] == [str(page.title) for page, _result in told[:3]]
    assert lines[3:] == ['Pages more of which the same is to be said: 17']


def test_table_has_a_title_that_says_what_is_left_out() -> None:
    table = change_table(run_of(1200).plan, 'en')
    assert table.title and '200 more pages' in table.title.plain
    assert len(table.rows) == 1000
    assert len(change_table(run_of(1200).plan, 'en', most=None).rows) == 1200
