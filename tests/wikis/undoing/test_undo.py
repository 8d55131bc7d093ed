"""Undo on real wikis: every page is as it was before, or a person decides.

Every case has a page of its own. What counts is the whole target: which
pages there are and what they say, before the run and after its undo.
"""
from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

from importbot import Policy, apply_plan, apply_undo, make_undo_plan
from importbot.journal import tables
from importbot.journal.pruning import forget, forgettable
from importbot.journal.queries import RunLog
from importbot.model.decisions import Outcome
from importbot.model.notes import NoteKind
from importbot.planning.plan import plan_titles
from importbot.sandbox.php import maintenance
from importbot.sandbox.wikis import ACCOUNTS
from importbot.sources.transfer import connect
from importbot.wikis.importer import Importer
from tests.kit.relations import CASES
from tests.kit.support import RELEASES, Box, Client, write_histories
from tests.kit.undo_wikis import (
    MARK,
    Bench,
    bench_of,
    brought,
    decisions,
    verdict,
)


#: Texts can be hidden; nine revisions are a long history to this wiki.
SETTINGS = """
$wgGroupPermissions['sysop']['deleterevision'] = true;
$wgDeleteRevisionsBatchSize = 8;
"""
POLICIES = ('update', 'force', 'keep')
#: Accounts and policies of ``make test``: the sysop deletes what was
#: created, and who may not delete restores what was replaced.
ONCE_EACH = (('sysop', 'update'), ('bot', 'force'), ('sysop', 'keep'))


def title_of(case: str, policy: str, kind: str = 'Page') -> str:
    return f'Template:{kind} {case} {policy}'


@pytest.fixture(scope='module', params=RELEASES)
def wikis(request: pytest.FixtureRequest,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('undo'), request.param, empty=True,
             settings=SETTINGS) as box:
        yield box


def write_relations(box: Box, kind: str, policy: str) -> None:
    """Give both wikis the pages that an account imports by a policy."""
    here: dict[str, Any] = {}
    there: dict[str, Any] = {}
    for case, (source, target) in CASES.items():
        for title in (title_of(case, policy, f'Page {kind}'),
                      title_of(case, policy, f'Part {kind}')):
            here[title] = source
            if target:
                there[title] = target
    here[f'Uses {kind} {policy}'] = [(source[-1][0], ' '.join(
        f'{{{{{title_of(case, policy, f"Part {kind}")}}}}}'
        for case in CASES))]
    write_histories(box.source_tree, box.folder / 'source', 'old', here)
    write_histories(box.target_tree, box.folder / 'target', 'en', there)


@pytest.fixture
def bench(wikis: Box, request: pytest.FixtureRequest,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench_of(wikis, 'user' if request.param == 'sysop' else 'bot',
                  tmp_path_factory.mktemp('j')) as bench:
        yield bench


@pytest.mark.parametrize(('bench', 'policy'), [
    pytest.param(kind, policy, marks=(
        () if (kind, policy) in ONCE_EACH else pytest.mark.soak))
    for kind in ('sysop', 'bot') for policy in POLICIES], indirect=['bench'])
def test_every_relation_is_as_it_was(bench: Bench, policy: str) -> None:
    kind = 'sysop' if bench.is_sysop else 'bot'
    write_relations(bench.box, kind, policy)
    before = bench.texts()
    report = bench.run(
        *(title_of(case, policy, f'Page {kind}') for case in CASES),
        f'Uses {kind} {policy}', existingpages=policy,
        existing='force' if policy == 'keep' else policy)
    assert report.went_as_planned
    changed = {title for title, sha1 in bench.texts().items()
               if before.get(title) != sha1}
    assert len(changed) > 2
    undo = bench.undo(report.run)
    found = decisions(undo.plan)
    # Everything that the run had a step for is in the plan, and no more.
    assert found.keys() == {page.target_text for page in report.plan.pages
                            if page.steps}
    created = {title for title in found if title not in before}
    for title, told in found.items():
        if title in created:
            assert told == (('undo', 'created') if bench.is_sysop
                            else ('hold', 'may-not-delete')), title
        else:
            assert told == (('undo', 'replaced') if title in changed
                            else ('skip', 'as-before')), title
    assert undo.went_as_planned, undo.results
    after = bench.texts()
    if not bench.is_sysop:
        assert created <= after.keys()
        after = {title: sha1 for title, sha1 in after.items()
                 if title not in created}
    assert after == before
    # Undo twice is no error, and does nothing.
    again = bench.plan(report.run)
    assert not again.has_work
    assert {reason for _decision, reason in decisions(again).values()} <= {
        'gone', 'as-before', 'may-not-delete'}
    assert bench.texts().keys() - created == after.keys()


# What happened since

def test_page_that_was_edited_since_is_held(sysop: Bench) -> None:
    run = brought(sysop, 'Since edited')
    sysop.admin.edit('Since edited', 'theirs, and better')
    assert verdict(sysop, run) == ('hold', 'edited-since')
    sysop.undo(run)
    assert sysop.admin.text('Since edited') == 'theirs, and better'


def test_edit_that_was_taken_back_since_is_still_an_edit(
        sysop: Bench) -> None:
    run = brought(sysop, 'Since reverted')
    sysop.admin.edit('Since reverted', 'other')
    sysop.admin.edit('Since reverted', 'theirs')
    assert verdict(sysop, run) == ('hold', 'edited-since')


def test_text_that_somebody_put_back_is_as_before(sysop: Bench) -> None:
    run = brought(sysop, 'Put back', ours='ours')
    sysop.admin.edit('Put back', 'ours')
    assert verdict(sysop, run) == ('skip', 'as-before')


def test_page_that_was_moved_since_is_held(sysop: Bench) -> None:
    run = brought(sysop, 'Since moved')
    sysop.admin.do('move', **{'from': 'Since moved', 'to': 'Elsewhere'})
    assert verdict(sysop, run) == ('hold', 'moved')
    sysop.undo(run)
    assert sysop.admin.text('Elsewhere') == 'theirs'


def test_page_that_was_deleted_since_is_gone(sysop: Bench) -> None:
    run = brought(sysop, 'Since deleted')
    sysop.admin.do('delete', title='Since deleted')
    assert verdict(sysop, run) == ('skip', 'gone')
    sysop.admin.edit('Since deleted', 'a page of ours')
    assert verdict(sysop, run) == ('hold', 'edited-since')


@pytest.mark.parametrize('ours', ['', 'ours'])
def test_protected_page_is_held(sysop: Bench, ours: str) -> None:
    title = f'Since protected{ours}'
    run = brought(sysop, title, ours=ours)
    sysop.admin.do('protect', title=title, protections='edit=sysop')
    assert verdict(sysop, run) == ('hold', 'protected')


def test_page_that_keeps_bots_out_is_held(importer: Bench) -> None:
    run = brought(importer, 'Nobots', '{{nobots}}', 'ours')
    assert verdict(importer, run) == ('hold', 'nobots')


def test_hidden_text_cannot_come_back(sysop: Bench) -> None:
    run = brought(sysop, 'Hidden', ours='ours')
    # Where the import did not show its text, its dummy revision says so too.
    before = min(row['revid'] for row in sysop.admin.history('Hidden')
                 if row['sha1'] == hashlib.sha1(b'ours').hexdigest())
    sysop.admin.do('revisiondelete', type='revision', ids=before,
                   hide='content|user', suppress='nochange')
    importer = Bench(sysop.box, ACCOUNTS['bot'].name, sysop.journal)
    assert verdict(importer, run) == ('hold', 'text-hidden')


def test_edit_in_the_moment_of_the_import_is_not_lost(
        sysop: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    sysop.box.on_source().edit('Crowded', 'theirs')
    sysop.admin.edit('Crowded', 'ours')
    sent = Importer.from_wiki

    def crowded(self: Any, *args: Any, **options: Any) -> Any:
        Client(sysop.box.target_base, ACCOUNTS['bot'].name,
               ACCOUNTS['bot'].password).edit('Crowded', 'somebody else')
        return sent(self, *args, **options)

    monkeypatch.setattr(Importer, 'from_wiki', crowded)
    report = sysop.run('Crowded', templates='none', existingpages='keep')
    assert verdict(sysop, report.run)[0] == 'hold'
    sysop.undo(report.run)
    assert 'somebody else' in {
        row['slots']['main']['content'] for row in sysop.admin.get(
            titles='Crowded', prop='revisions', rvprop='content',
            rvslots='main', rvlimit=20)['pages'][0]['revisions']}


# Runs behind one another

def test_later_run_is_undone_first(sysop: Bench) -> None:
    first = brought(sysop, 'Twice brought', 'one')
    sysop.box.on_source().edit('Twice brought', 'two')
    second = sysop.run('Twice brought', existingpages='update').run
    assert sysop.admin.text('Twice brought') == 'two'
    assert verdict(sysop, first) == ('hold', 'edited-since')
    assert sysop.undo(second).went_as_planned
    assert sysop.admin.text('Twice brought') == 'one'
    assert verdict(sysop, first) == ('undo', 'created')
    assert sysop.undo(first).went_as_planned
    assert 'Twice brought' not in sysop.texts()


def test_run_whose_texts_are_forgotten_is_undone(sysop: Bench) -> None:
    before = sysop.texts()
    first = brought(sysop, 'Forgotten')
    second = brought(sysop, 'Forgotten too', ours='ours')
    with sysop.journal.transaction() as connection:
        connection.execute(tables.runs.update().values(
            ended='2024-01-01T00:00:00+00:00'))
    told = [RunLog(sysop.journal).run(run).pages for run in (first, second)
            if run]
    for kind in forgettable(sysop.journal, 30):
        forget(sysop.journal, kind, lambda *told: None)
        assert not forgettable(sysop.journal, 30)[0].count
    assert told == [RunLog(sysop.journal).run(run).pages
                    for run in (first, second) if run]
    for run in (second, first):
        assert sysop.undo(run).went_as_planned
    after = sysop.texts()
    assert after.pop('Forgotten too') == hashlib.sha1(b'ours').hexdigest()
    assert after == before


def test_edit_after_the_undo_of_a_later_run_counts(sysop: Bench) -> None:
    first = brought(sysop, 'Brought and edited', 'one')
    sysop.box.on_source().edit('Brought and edited', 'two')
    second = sysop.run('Brought and edited', existingpages='update').run
    sysop.undo(second)
    sysop.admin.edit('Brought and edited', 'three')
    assert verdict(sysop, first) == ('hold', 'edited-since')


def test_page_that_another_bot_brought_is_not_deleted(sysop: Bench) -> None:
    """The plan was made before somebody else imported the very page."""
    sysop.box.on_source().edit('Brought by another', 'theirs')
    wanted = Policy()
    wikis = connect(sysop.site, sysop.box.prefix, wanted)
    title = wikis.source_info.title('Brought by another')
    assert title
    plan = plan_titles(wikis, [title])
    Importer(sysop.site).from_wiki(sysop.box.prefix, 'Brought by another',
                                   full_history=True)
    report = apply_plan(plan, sysop.site, sysop.journal, transfer=wikis)
    assert verdict(sysop, report.run) == ('skip', 'not-brought')


# The ways in which pages come

@pytest.mark.parametrize('policy', [
    {'via': 'upload'}, {'targettitle': 'Somewhere else'},
    {'rootpage': 'User:Admin'}])
def test_every_way_is_undone(sysop: Bench, policy: dict[str, str]) -> None:
    before = sysop.texts()
    run = brought(sysop, f'Came by {len(str(policy))}', **policy)
    assert sysop.undo(run).went_as_planned
    assert sysop.texts() == before


def test_redirect_that_a_move_left_goes_too(importer: Bench) -> None:
    importer.box.on_source().edit('Left behind', 'theirs')
    before = importer.texts()
    run = importer.run('Left behind', templates='none', via='interwiki',
                       targettitle='User:Anna/Moved on').run
    landing = f'User:{importer.account}/importing/Left behind'
    assert importer.texts().keys() - before.keys() == {
        landing, 'User:Anna/Moved on'}
    # Who may not delete leaves both to somebody who may.
    assert verdict(importer, run) == ('hold', 'may-not-delete')
    chief = Bench(importer.box, ACCOUNTS['user'].name, importer.journal)
    page, = chief.plan(run).pages
    assert [step.action for step in page.steps] == ['delete', 'discard']
    importer.admin.edit(landing, 'by hand')
    page, = chief.plan(run).pages
    assert [step.action for step in page.steps] == ['delete']
    importer.admin.do('delete', title=landing)
    assert chief.undo(run).went_as_planned
    assert importer.texts() == before
    again = importer.run('Left behind', templates='none', via='interwiki',
                         targettitle='User:Anna/Moved again').run
    importer.admin.do('delete', title='User:Anna/Moved again')
    assert chief.undo(again).went_as_planned
    assert importer.texts() == before


def test_page_that_was_not_brought_is_left_alone(sysop: Bench) -> None:
    """The wiki answered without the page."""
    sysop.box.on_source().edit('Left out', 'theirs')
    wanted = Policy()
    wikis = connect(sysop.site, sysop.box.prefix, wanted)
    title = wikis.source_info.title('Left out')
    assert title
    plan = plan_titles(wikis, [title])
    sysop.admin.edit('Left out', 'a page of ours')
    report = apply_plan(plan, sysop.site, sysop.journal, transfer=wikis)
    assert report.results[0].outcome is Outcome.REJECTED
    assert verdict(sysop, report.run) == ('skip', 'not-brought')


# Who may not delete

def test_pages_are_marked_for_deletion(importer: Bench) -> None:
    importer.box.on_source().edit('Template:Marked', 'part')
    run = brought(importer, 'Marked', 'uses {{Marked}}')
    both = importer.run('Template:Marked').run
    undo = importer.undo(run, MARK)
    assert undo.went_as_planned
    assert importer.admin.text('Marked') == f'{MARK}\nuses {{{{Marked}}}}'
    assert verdict(importer, run, MARK) == ('skip', 'marked')
    importer.undo(both, MARK)
    assert importer.admin.text('Template:Marked') == (
        f'<noinclude>{MARK}</noinclude>part')
    # Somebody who may delete finds what to delete.
    chief = Bench(importer.box, ACCOUNTS['user'].name, importer.journal)
    assert verdict(chief, run) == ('undo', 'created')
    assert chief.undo(run).went_as_planned
    assert 'Marked' not in chief.texts()


def test_lua_cannot_be_marked(importer: Bench) -> None:
    run = brought(importer, 'Module:Unmarked', 'return {}')
    assert verdict(importer, run, MARK) == ('hold', 'may-not-delete')


# What goes wrong on the way

def test_edit_in_the_moment_of_the_undo_is_kept(sysop: Bench) -> None:
    run = brought(sysop, 'Moment')
    undo = sysop.undo(run, before=lambda place: (
        sysop.admin.edit('Moment', 'of somebody'), None)[1])
    assert undo.results[0].outcome is Outcome.REJECTED
    assert sysop.admin.text('Moment') == 'of somebody'


def test_lost_answers_are_no_failures(sysop: Bench) -> None:
    created = brought(sysop, 'Answer lost')
    replaced = brought(sysop, 'Other answer lost', ours='ours')
    proxy = sysop.box.target
    for run, action in ((created, 'delete'), (replaced, 'edit')):
        with proxy.broken(hits=lambda exchange, action=action: (
                exchange.parameters.get('action') == action)):
            undo = sysop.undo(run)
        assert undo.results[0].outcome is Outcome.VERIFIED, undo.results
    assert 'Answer lost' not in sysop.texts()
    assert sysop.admin.text('Other answer lost') == 'ours'


def test_undo_that_was_cut_is_gone_on_with(sysop: Bench) -> None:
    for number in range(3):
        sysop.box.on_source().edit(f'Cut {number}', 'theirs')
    before = sysop.texts()
    run = sysop.run(*(f'Cut {number}' for number in range(3))).run

    def cut(place: int) -> None:
        if place == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sysop.undo(run, before=cut)
    assert len(sysop.texts().keys() - before.keys()) == 1
    assert sysop.undo(run).went_as_planned
    assert sysop.texts() == before


def test_who_uses_what_is_deleted_is_said(sysop: Bench) -> None:
    run = brought(sysop, 'Template:In use', 'part')
    sysop.admin.edit('User of it', '{{In use}}')
    note = next(note for note in sysop.plan(run).notes
                if note.kind is NoteKind.STILL_USED)
    assert note.as_json() == {
        'kind': 'still-used', 'page': 'Template:In use', 'count': 1,
        'needed_by': ['User of it']}


def test_history_that_stays_is_said(sysop: Bench) -> None:
    run = brought(sysop, 'Merged', ours='ours')
    notes = [note.as_json() for note in sysop.plan(run).notes
             if note.kind is NoteKind.HISTORY_STAYS]
    assert notes == [{'kind': 'history-stays', 'page': 'Merged', 'count': 1,
                      'titles': ['Merged']}]


def test_long_history_is_left_to_a_job_of_the_wiki(
        sysop: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('importbot.undoing.undo._JOB', 2)
    for number in range(9):
        sysop.box.on_source().edit('Long', f'text {number}')
    run = sysop.run('Long').run
    undo = sysop.undo(run)
    assert undo.results[0].outcome is Outcome.UNKNOWN
    assert 'job of its own' in str(undo.results[0].error)
    maintenance(sysop.box.target_tree, sysop.box.folder / 'target'
                / 'LocalSettings.php', 'runJobs')
    assert verdict(sysop, run) == ('skip', 'gone')
    assert 'Long' not in sysop.texts()


# From Python

def test_public_names(sysop: Bench) -> None:
    run = brought(sysop, 'By name')
    assert run is not None
    plan = make_undo_plan(run, sysop.site, sysop.journal)
    result, = apply_undo(plan, sysop.site, sysop.journal)
    assert result.outcome is Outcome.VERIFIED
    assert not make_undo_plan(run, sysop.site, sysop.journal).has_work
