"""What is put beneath a page that a run brought is not deleted with it.

The newest revision stays what it was in all of these cases, and the logs
tell nothing: only the history itself does.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from importbot import Journal, Policy, apply_plan
from importbot.applying.send import Sender
from importbot.journal import tables
from importbot.model.decisions import Outcome
from importbot.model.notes import NoteKind
from importbot.planning.plan import plan_titles
from importbot.reports.words.notes import note_sentence
from importbot.sandbox.wikis import ACCOUNTS
from importbot.sources.transfer import connect
from importbot.undoing.plan import make_undo_plan
from tests.kit.support import Client, write_histories
from tests.kit.undo_wikis import MARK, Bench, at, brought, verdict


HELD = ('hold', 'others-beneath')
SETTINGS = """
$wgGroupPermissions['sysop']['deleterevision'] = true;
$wgGroupPermissions['sysop']['mergehistory'] = true;
$wgGroupPermissions['sysop']['deletelogentry'] = true;
"""


def hide_logs(admin: Client, kind: str) -> None:
    """Hide entries of a log, so that nobody finds them by their title."""
    ids = [row['logid'] for row in admin.all(
        'logevents', list='logevents', letype=kind, lelimit='max')
        if 'actionhidden' not in row]
    if ids:
        admin.do('revisiondelete', type='logging',
                 ids='|'.join(map(str, ids)), hide='content|comment|user')


def old_of_others(bench: Bench, title: str) -> None:
    """Import an older revision as a server's own script does it."""
    write_histories(bench.box.target_tree, bench.box.folder / 'target', 'xx',
                    {title: [('2001-01-01T00:00:00Z', 'of others')]})


def brought_where_deleted(bench: Bench, title: str) -> int | None:
    """Bring a page where deleted revisions lie.

    As if the entry of the log were hidden, or the page had been moved away.
    """
    policy = Policy(templates='none')
    wikis = connect(bench.site, bench.box.prefix, policy)
    wikis = replace(wikis, access=replace(
        wikis.access, deleted=frozenset(), knows_deletions=True))
    wanted = wikis.source_info.title(title)
    assert wanted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sender, '_was_deleted', lambda *_arguments: False)
        report = apply_plan(plan_titles(wikis, [wanted]), bench.site,
                            bench.journal, transfer=wikis)
    assert report.went_as_planned, report.results
    return report.run


def restored(bench: Bench, title: str) -> int | None:
    """Bring a page where deleted revisions lie, and restore those."""
    admin = bench.admin
    admin.edit(title, 'of this wiki')
    admin.do('delete', title=title)
    bench.box.on_source().edit(title, 'theirs')
    run = brought_where_deleted(bench, title)
    newest = admin.history(title)[0]['revid']
    admin.do('undelete', title=title)
    hide_logs(admin, 'delete')
    rows = admin.get(titles=title, prop='info')['pages']
    assert rows[0]['lastrevid'] == newest
    return run


def merged(bench: Bench, title: str) -> int | None:
    """Bring a page, and merge an older history into it."""
    admin = bench.admin
    admin.edit(f'{title} 2', 'of this wiki')
    oldest = admin.history(f'{title} 2')[0]
    run = brought(bench, title)
    admin.do('mergehistory', **{'from': f'{title} 2', 'to': title,
                                'timestamp': oldest['timestamp']})
    hide_logs(admin, 'merge')
    return run


def imported(bench: Bench, title: str) -> int | None:
    """Bring a page, and let somebody import older revisions into it."""
    run = brought(bench, title)
    old_of_others(bench, title)
    return run


@pytest.mark.parametrize('befalls', [restored, merged, imported])
@pytest.mark.parametrize('mark', ['', MARK])
def test_what_lies_beneath_is_kept(
        sysop: Bench, befalls: Callable[[Bench, str], int | None],
        mark: str) -> None:
    title = f'Beneath {befalls.__name__} {bool(mark)}'
    run = befalls(sysop, title)
    history = sysop.admin.history(title)
    bench = Bench(sysop.box, ACCOUNTS['bot'].name,
                  sysop.journal) if mark else sysop
    plan = bench.plan(run, mark)
    assert verdict(bench, run, mark) == HELD
    note = next(note for note in plan.notes
                if note.kind is NoteKind.OTHERS_BENEATH)
    foreign = note.as_json()['revisions']
    assert note.page == title and len(foreign) == note.count == 1
    assert foreign[0] in [row['revid'] for row in history]
    assert str(foreign[0]) in note_sentence(note, 'en')
    undo = bench.undo(run, mark)
    assert undo.results[0].outcome is Outcome.UNCHANGED
    assert sysop.admin.history(title) == history


def test_what_is_put_beneath_between_plan_and_deed(sysop: Bench) -> None:
    run = brought(sysop, 'Beneath in between')
    undo = sysop.undo(run, before=lambda place: old_of_others(
        sysop, 'Beneath in between'))
    assert undo.results[0].outcome is Outcome.REJECTED, undo.results
    assert 'did not bring' in str(undo.results[0].error)
    assert len(sysop.admin.history('Beneath in between')) == 3


def test_what_is_put_beneath_at_the_moment_of_deletion_is_told(
        sysop: Bench) -> None:
    run = brought(sysop, 'Beneath at once')
    with sysop.box.target.broken(**at('delete', lambda: old_of_others(
            sysop, 'Beneath at once'))):
        undo = sysop.undo(run)
    assert undo.results[0].outcome is Outcome.DIFFERS, undo.results
    assert 'Special:Undelete' in str(undo.results[0].error)


def test_earlier_deletions_of_a_page_are_not_told_as_new(
        sysop: Bench) -> None:
    assert sysop.undo(brought(sysop, 'Deleted twice')).went_as_planned
    again = brought_where_deleted(sysop, 'Deleted twice')
    # The log has no restoration of it since.
    undo = sysop.undo(again)
    assert undo.results[0].outcome is Outcome.VERIFIED, undo.results


def test_runs_and_undos_on_top_of_each_other_are_no_others(
        sysop: Bench) -> None:
    first = brought(sysop, 'Twice brought')
    sysop.box.on_source().edit('Twice brought', 'theirs, and more')
    second = sysop.run('Twice brought', templates='none',
                       existingpages='update')
    assert second.went_as_planned
    assert verdict(sysop, first)[0] == 'hold'
    assert sysop.undo(second.run).went_as_planned
    assert verdict(sysop, first) == ('undo', 'created')
    # Beneath all that, too, others' work is seen.
    old_of_others(sysop, 'Twice brought')
    assert verdict(sysop, first) == HELD


def without(journal: Journal, *gone: sa.Table) -> None:
    with journal.transaction() as connection:
        for table in gone:
            connection.execute(table.delete())


def test_journal_of_an_older_release(sysop: Bench) -> None:
    run = brought(sysop, 'Of an older release')
    without(sysop.journal, tables.brought)
    assert verdict(sysop, run) == ('undo', 'created')
    old_of_others(sysop, 'Of an older release')
    assert verdict(sysop, run) == HELD


@pytest.mark.parametrize('befalls', [restored, imported])
def test_run_that_is_found_out_about_late(
        sysop: Bench, befalls: Callable[[Bench, str], int | None]) -> None:
    """It was cut before it was read back: what is there may be others'."""
    title = f'Cut {befalls.__name__}'
    run = befalls(sysop, title)
    without(sysop.journal, tables.brought, tables.changes)
    with sysop.journal.transaction() as connection:
        connection.execute(tables.runs.update().values(state='interrupted'))
        connection.execute(tables.pages.update().values(outcome='imported'))
    assert run is not None
    plan: Any = make_undo_plan(run, sysop.site, sysop.journal)
    assert plan.pages[0].verdict.step is None, plan.pages
