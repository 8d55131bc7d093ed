"""Undo moves the source's revisions out of histories that they went into.

Only MediaWiki 1.45 can do that, and Debian carries none: the target is a
1.43 with an ``action=mergehistory`` that does what the source of 1.45 says
(tests/kit/unmerging.py), in a real database.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from importbot.model.decisions import Outcome
from importbot.model.notes import NoteKind
from importbot.model.undo_plan import (
    DiscardStep,
    RestoreStep,
    UndoPlan,
    UnmergeStep,
)
from tests.kit.proxy import Exchange
from tests.kit.support import Box, write_histories
from tests.kit.undo_wikis import Bench, at, brought, verdict
from tests.kit.unmerging import UNMERGING


@pytest.fixture(scope='module')
def wikis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('wikis'), '1.43', empty=True,
             settings=UNMERGING) as box:
        yield box


def theirs(bench: Bench, title: str, *years: int) -> None:
    """Give a page of the source revisions of some years."""
    write_histories(bench.box.source_tree, bench.box.folder / 'source', 'xx', {
        title: [(f'{year}-01-01T00:00:00Z', f'theirs of {year}')
                for year in years]})


def ours(bench: Bench, title: str, *years: int) -> None:
    """Give a page of the target revisions of some years."""
    write_histories(bench.box.target_tree, bench.box.folder / 'target', 'zz', {
        title: [(f'{year}-01-01T00:00:00Z', f'ours of {year}')
                for year in years]})


def merged(bench: Bench, title: str, existing: str = 'force') -> int | None:
    """Import a page into one that the target has; return the run."""
    report = bench.run(title, templates='none', existingpages=existing)
    assert report.went_as_planned, report.results
    return report.run


def locals_of(bench: Bench, title: str) -> list[dict[str, Any]]:
    return bench.admin.history(title)


def kinds(plan: UndoPlan) -> list[str]:
    return [step.action for step in plan.pages[0].steps]


def home(plan: UndoPlan) -> str:
    return next(step.home for step in plan.pages[0].steps
                if isinstance(step, DiscardStep))


def is_cut(exchange: Exchange, action: str) -> bool:
    return exchange.parameters.get('action') == action


def old_and_new(bench: Bench, title: str) -> tuple[
        int | None, list[dict[str, Any]]]:
    """Merge histories in which both wikis' revisions take turns."""
    theirs(bench, title, 2001, 2003, 2005, 2030 - 10)
    ours(bench, title, 2002, 2004)
    before = locals_of(bench, title)
    return merged(bench, title), before


# What is planned, and what comes of it

def test_text_comes_back_and_the_history_is_ours_again(sysop: Bench) -> None:
    run, before = old_and_new(sysop, 'Turns')
    with_theirs = locals_of(sysop, 'Turns')
    plan = sysop.plan(run)
    assert kinds(plan) == ['restore', 'unmerge', 'unmerge', 'unmerge',
                           'discard']
    assert not plan.pages[0].is_merged
    assert {note.kind for note in plan.notes} == {NoteKind.HISTORY_LEAVES}
    undo = sysop.undo(run)
    assert undo.went_as_planned, undo.results
    after = locals_of(sysop, 'Turns')
    assert after[1:] == before
    assert sysop.admin.text('Turns') == 'ours of 2004'
    # What left is where deleted revisions are, and nothing else.
    assert home(plan) not in sysop.texts()
    gone = sysop.admin.get(titles=home(plan), prop='deletedrevisions',
                           drvprop='ids', drvlimit='max')['pages'][0]
    assert {row['revid'] for row in gone['deletedrevisions']} >= {
        row['revid'] for row in with_theirs} - {
        row['revid'] for row in before}
    assert verdict(sysop, run) == ('skip', 'as-before')
    again = sysop.plan(run)
    assert not again.pages[0].steps
    assert not again.pages[0].is_merged
    assert not again.notes


def test_text_that_stayed_stays(sysop: Bench) -> None:
    theirs(sysop, 'Stayed', 2001, 2002)
    sysop.admin.edit('Stayed', 'ours')
    before = locals_of(sysop, 'Stayed')
    run = merged(sysop, 'Stayed', 'keep')
    plan = sysop.plan(run)
    assert verdict(sysop, run) == ('undo', 'merged')
    assert kinds(plan) == ['unmerge', 'discard']
    newest = locals_of(sysop, 'Stayed')[0]
    undo = sysop.undo(run)
    assert undo.went_as_planned, undo.results
    assert locals_of(sysop, 'Stayed') == [newest, *before]
    assert sysop.admin.text('Stayed') == 'ours'


def test_summaries_and_logs_say_what_it_was(sysop: Bench) -> None:
    run = brought(sysop, 'Said', ours='ours')
    assert sysop.undo(run).went_as_planned
    rows = sysop.admin.all('logevents', list='logevents', letype='merge',
                           letitle='Said', lelimit='max')
    assert rows
    assert all(f'(run {run})' in row['comment'] for row in rows)


def test_plan_comes_back_out_of_json_and_is_agreed_to(sysop: Bench) -> None:
    run, _before = old_and_new(sysop, 'Agreed')
    plan = sysop.plan(run)
    assert plan.is_within(plan.as_json())
    # When a part is done, the rest is what was agreed to.
    with sysop.box.target.broken(
            hits=lambda exchange: is_cut(exchange, 'mergehistory'),
            forwards=False, times=9):
        undo = sysop.undo(run)
    assert undo.results[0].outcome is Outcome.UNKNOWN
    rest = sysop.plan(run)
    assert kinds(rest) == ['unmerge'] * 3 + ['discard']
    assert rest.is_within(plan.as_json())
    assert not plan.is_within(rest.as_json())
    assert sysop.undo(run).went_as_planned


def test_who_may_not_delete_lists_them_as_before(importer: Bench) -> None:
    run = brought(importer, 'Listed', ours='ours')
    plan = importer.plan(run)
    assert kinds(plan) == ['restore']
    assert plan.pages[0].is_merged
    assert {note.kind for note in plan.notes} == {NoteKind.HISTORY_STAYS}


def test_history_in_very_many_parts_is_left_to_people(sysop: Bench) -> None:
    theirs(sysop, 'Woven', *range(1961, 2005, 2))
    ours(sysop, 'Woven', *range(1962, 2006, 2))
    run = merged(sysop, 'Woven', 'keep')
    plan = sysop.plan(run)
    assert not plan.pages[0].steps
    assert {note.kind for note in plan.notes} == {
        NoteKind.HISTORY_STAYS, NoteKind.HISTORY_INTERWOVEN}


# Others come in between

def test_what_others_put_among_them_keeps_the_page(sysop: Bench) -> None:
    theirs(sysop, 'Among', 2003, 2005)
    ours(sysop, 'Among', 2002)
    run = merged(sysop, 'Among', 'keep')
    with sysop.undoing(sysop.plan(run)) as undo:
        ours(sysop, 'Among', 2004)
        after = locals_of(sysop, 'Among')
        undo.apply_all()
    assert undo.results[0].outcome is Outcome.REJECTED, undo.results
    assert locals_of(sysop, 'Among') == after


def test_edit_since_the_plan_keeps_the_page(sysop: Bench) -> None:
    theirs(sysop, 'Edited', 2001)
    sysop.admin.edit('Edited', 'ours')
    run = merged(sysop, 'Edited', 'keep')
    with sysop.undoing(sysop.plan(run)) as undo:
        sysop.admin.edit('Edited', 'of somebody')
        after = locals_of(sysop, 'Edited')
        undo.apply_all()
    assert undo.results[0].outcome is Outcome.REJECTED
    assert locals_of(sysop, 'Edited') == after


def test_page_moved_to_that_others_have_is_not_touched(sysop: Bench) -> None:
    run = brought(sysop, 'Taken', ours='ours')
    taken = home(sysop.plan(run))
    sysop.admin.edit(taken, 'notes of mine')
    assert kinds(sysop.plan(run)) == ['restore']
    assert sysop.plan(run).pages[0].is_merged
    assert sysop.admin.text(taken) == 'notes of mine'


def test_edit_of_the_page_moved_to_keeps_it(sysop: Bench) -> None:
    run = brought(sysop, 'Kept', ours='ours')
    plan = sysop.plan(run)
    with sysop.box.target.broken(**at('delete', lambda: None)), \
            sysop.undoing(plan) as undo:
        step = plan.pages[0].steps[1]
        assert isinstance(step, UnmergeStep)
        fault = sysop.box.target.faults[0]
        fault.hits = lambda exchange: is_cut(exchange, 'mergehistory')
        fault.meanwhile = lambda: sysop.admin.edit(step.home, 'look here')
        undo.apply_all()
    assert undo.results[0].outcome is Outcome.DIFFERS
    assert step.home in str(undo.results[0].error)
    assert sysop.admin.text(step.home) == 'look here'


# Lost answers and kills

@pytest.mark.parametrize('action', ['mergehistory', 'delete'])
def test_lost_answer_is_no_failure(sysop: Bench, action: str) -> None:
    title = f'Answer to {action} lost'
    run = brought(sysop, title, ours='ours')
    with sysop.box.target.broken(
            hits=lambda exchange: is_cut(exchange, action)):
        undo = sysop.undo(run)
    assert undo.results[0].outcome is Outcome.VERIFIED, undo.results
    assert len(locals_of(sysop, title)) == 2


@pytest.mark.parametrize('nth', range(5))
def test_undo_killed_before_any_write_is_gone_on_with(
        sysop: Bench, nth: int) -> None:
    """Each write of an undo in turn: the text, the page, two parts, the end.
    """
    title = f'Killed {nth}'
    theirs(sysop, title, 2001, 2003)
    ours(sysop, title, 2002)
    before = locals_of(sysop, title)
    run = merged(sysop, title)
    plan = sysop.plan(run)
    seen: list[str] = []

    def dies(exchange: Exchange) -> bool:
        action = exchange.parameters.get('action', '')
        if action not in ('edit', 'mergehistory', 'delete'):
            return False
        seen.append(action)
        return len(seen) > nth

    with sysop.box.target.broken(hits=dies, forwards=False, times=99):
        undo = sysop.undo(run)
    assert undo.results[0].outcome in (
        Outcome.UNKNOWN, Outcome.FAILED), undo.results
    assert sysop.undo(run).went_as_planned
    assert locals_of(sysop, title)[1:] == before
    assert not [page for page in sysop.texts() if page == home(plan)]


def test_refused_part_is_said_with_the_words_of_the_wiki(
        sysop: Bench) -> None:
    run = brought(sysop, 'Refused', ours='ours')
    plan = sysop.plan(run)
    assert isinstance(plan.pages[0].steps[0], RestoreStep)
    body = (b'{"error": {"code": "mergehistory-fail-change-current-revision",'
            b' "info": "It would change the current revision."}}')
    with sysop.box.target.broken(
            hits=lambda exchange: is_cut(exchange, 'mergehistory'),
            forwards=False, status=200, body=body,
            headers={'Content-Type': 'application/json'}):
        undo = sysop.undo(run)
    assert undo.results[0].outcome is Outcome.FAILED
    assert 'It would change the current revision' in str(
        undo.results[0].error)
    assert sysop.undo(run).went_as_planned
