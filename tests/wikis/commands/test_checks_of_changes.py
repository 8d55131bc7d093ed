"""pwb importruns -check of pages that people and runs changed since."""
from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.kit.field_changes import Page, tags
from tests.kit.older_journals import lower
from tests.kit.support import Box, write_histories
from tests.kit.undo_wikis import Bench, bench_of


HISTORY = [(f'2011-03-0{day}T12:00:00Z', f'Day {day}.')
           for day in range(1, 4)]


@pytest.fixture(scope='module')
def box(any_box: Box) -> Box:
    return any_box


@dataclass
class Looker:

    """Somebody who may delete, with a journal that no other test has."""

    bench: Bench
    folder: Path

    @property
    def journal(self) -> str:
        return f'-journal:{self.folder / "j.sqlite"}'

    def fill(self, *titles: str) -> None:
        box = self.bench.box
        write_histories(box.source_tree, box.folder / 'source', 'old',
                        dict.fromkeys(titles, HISTORY))

    def bring(self, *titles: str, **policy: Any) -> int:
        report = self.bench.run(*titles, templates='none', history='full',
                                **policy)
        assert report.went_as_planned, report.results
        assert report.run is not None
        return report.run

    def check(self, *values: str, status: int = 0) -> dict[str, Any]:
        run = self.bench.box.pwb('importruns', '-format:json',
                                 *(values or ('-check', )), self.journal)
        assert run.status == status, run.output
        data: dict[str, Any] = json.loads(run.output)
        return data


@pytest.fixture
def looker(box: Box, tmp_path: Path) -> Iterator[Looker]:
    with bench_of(box, 'user', tmp_path) as bench:
        yield Looker(bench, tmp_path)


def found(report: dict[str, Any]) -> dict[tuple[int, str], list[str]]:
    return {(page['run'], page['target']): [
        finding['kind'] for finding in page['findings']]
        for page in report['pages']}


def said(report: dict[str, Any], title: str) -> str:
    return '; '.join(finding['said'] for page in report['pages']
                     if page['target'] == title
                     for finding in page['findings'])


def test_what_people_do_is_told_and_not_wrong(looker: Looker) -> None:
    titles = ('Edited', 'Protected', 'Moved', 'Left', 'Deleted', 'Anew',
              'Restored', 'In part', 'Merged')
    looker.fill(*titles)
    run, admin = looker.bring(*titles), looker.bench.admin
    admin.edit('Edited', 'Something else.')
    admin.edit('Edited', 'And once more.')
    admin.do('protect', title='Protected', protections='edit=sysop')
    admin.do('move', **{'from': 'Moved', 'to': 'Moved away'})
    admin.edit('Moved', 'Not a redirect any more.')
    admin.do('move', **{'from': 'Left', 'to': 'Right', 'noredirect': 1})
    for title in ('Deleted', 'Anew', 'Restored', 'In part'):
        admin.do('delete', title=title)
    admin.edit('Anew', 'Begun anew.')
    admin.do('undelete', title='Restored')
    admin.do('undelete', title='In part',
             timestamps='2011-03-01T12:00:00Z')
    admin.edit('Merger', 'Older than nothing.')
    admin.do('mergehistory', **{'from': 'Merged', 'to': 'Merger',
                                'timestamp': '2011-03-03T12:00:00Z'})
    report = looker.check()
    assert found(report) == {
        (run, 'Edited'): ['edited'], (run, 'Protected'): [],
        (run, 'Moved'): ['moved'], (run, 'Left'): ['moved'],
        (run, 'Deleted'): ['deleted'], (run, 'Anew'): ['deleted'],
        (run, 'Restored'): [], (run, 'In part'): ['deleted'],
        (run, 'Merged'): ['merged']}
    assert said(report, 'Edited') == 'edits since: 2, by Admin'
    assert said(report, 'Moved').startswith('moved to "Moved away" by Admin')
    assert 'is another page' in said(report, 'Anew')
    assert said(report, 'In part').startswith('3 of 4 revisions')
    homes = {page['target']: page['home'] for page in report['pages']}
    assert (homes['Left'], homes['Deleted'], homes['Restored']) == (
        'Right', None, 'Restored')


def test_damage_since_is_told_with_what_a_run_brought(
        looker: Looker) -> None:
    looker.fill('Damaged since')
    run = looker.bring('Damaged since')
    looker.bench.admin.edit('Damaged since', 'Edited since.')
    damaged = Page(looker.bench.box, 'Damaged since')
    damaged.set('rev_actor', str(damaged.number_of(
        'actor', 'actor', 'xx>Somebody')), -1)
    assert found(looker.check()) == {(run, 'Damaged since'): ['edited']}
    report = looker.check('-check', '-title:Damaged since',
                          '-title:damaged_since', status=3)
    page, = report['pages']
    assert page['state'] == 'wrong'
    assert found(report) == {(run, 'Damaged since'): ['edited', 'prefix']}


def test_later_runs_and_undos_are_no_strangers(looker: Looker) -> None:
    if looker.bench.box.release == '1.39':
        pytest.skip('its log does not tell imports of one second apart')
    titles = ('Twice', 'Thrice', 'Taken back')
    looker.fill(*titles)
    first = looker.bring(*titles)
    source = looker.bench.box.on_source()
    runs = []
    for time in ('once', 'twice'):
        source.edit('Thrice', f'Edited {time}.')
        runs.append(looker.bring('Thrice', existingpages='force'))
    undone = bring_and_undo(looker)
    report = looker.check()
    assert found(report) == {
        (first, 'Twice'): [], (first, 'Taken back'): [],
        (first, 'Thrice'): ['renewed'], (runs[0], 'Thrice'): ['renewed'],
        (runs[1], 'Thrice'): [], (undone, 'Undone'): ['undone']}
    assert f'by runs: {runs[0]}, {runs[1]}' in said(report, 'Thrice')
    only = looker.check(f'-check:{runs[1]}')
    assert found(only) == {(runs[1], 'Thrice'): []}
    undo = looker.bench.box.pwb('importruns', f'-check:{undone + 1}',
                         looker.journal)
    assert (undo.status, 'and brought no page' in undo.output) == (1, True)


def bring_and_undo(looker: Looker) -> int:
    looker.fill('Undone')
    run = looker.bring('Undone')
    assert looker.bench.undo(run).went_as_planned
    return run


def test_what_the_source_loses_or_renames_is_not_wrong(
        looker: Looker) -> None:
    looker.fill('Lost there', 'Renamed there', 'Hidden there')
    run = looker.bring('Lost there', 'Renamed there', 'Hidden there')
    source, box = looker.bench.box.on_source(), looker.bench.box
    hidden = source.history('Hidden there')[1]['revid']
    source.do('delete', title='Lost there')
    source.do('revisiondelete', type='revision', ids=hidden,
              hide='content|user|comment')
    box.sql('source', "UPDATE actor SET actor_name = 'old>Anna the Great' "
            "WHERE actor_name = 'old>Anna'")
    try:
        report = looker.check()
    finally:
        box.sql('source', "UPDATE actor SET actor_name = 'old>Anna' "
                "WHERE actor_name = 'old>Anna the Great'")
    assert found(report) == {
        (run, 'Lost there'): ['source-lacks'],
        (run, 'Renamed there'): [], (run, 'Hidden there'): []}


def test_entry_that_was_hidden_is_not_wrong(looker: Looker) -> None:
    looker.fill('Log hidden', 'Log shown', 'Imported after')
    run = looker.bring('Log hidden', 'Log shown')
    looker.bench.box.sql(
        'target', 'UPDATE logging SET log_deleted = 1 WHERE log_title = '
        "'Log_hidden' AND log_type = 'import'")
    assert found(looker.check()) == {(run, 'Log hidden'): [],
                                     (run, 'Log shown'): []}
    looker.bring('Imported after')


def test_what_administrators_hide_or_untag_is_not_wrong(
        looker: Looker) -> None:
    admin, box = looker.bench.admin, looker.bench.box
    admin.do('managetags', operation='create', tag='brought')
    looker.fill('Untagged', 'Hidden bot')
    run = looker.bring('Untagged', 'Hidden bot', tags=('brought', ))
    tags(Page(box, 'Untagged'))
    box.sql('target', 'DELETE FROM change_tag WHERE ct_rev_id = :id',
            id=Page(box, 'Untagged').ids[-1])
    box.sql('target', 'UPDATE revision SET rev_deleted = 4 '
            'WHERE rev_id = :id', id=Page(box, 'Hidden bot').ids[-1])
    report = looker.check()
    assert found(report) == {(run, 'Untagged'): ['untagged'],
                             (run, 'Hidden bot'): []}
    assert {page['state'] for page in report['pages']} == {'intact'}


def test_texts_that_stay_and_texts_that_come_are_told_apart(
        looker: Looker) -> None:
    looker.fill('Beneath', 'Replaced')
    looker.bench.admin.edit('Beneath', 'Ours, and newer.')
    looker.bench.admin.edit('Replaced', 'Ours, and not wanted.')
    one = looker.bring('Beneath', existingpages='keep')
    other = looker.bring('Replaced', existingpages='force')
    assert found(looker.check()) == {(one, 'Beneath'): [],
                                   (other, 'Replaced'): []}


def test_steps_after_the_import_are_no_damage(looker: Looker) -> None:
    looker.fill('Landed')
    looker.bench.box.on_source().edit(
        'Cleaned', 'A text.\n[[Category:Nowhere at all]]')
    looker.bench.box.on_source().edit('Of an account', 'By Admin.')
    runs = {looker.bring('Landed', targettitle='Elsewhere'): 'Elsewhere',
            looker.bring('Cleaned', post=('nocategories', )): 'Cleaned',
            looker.bring('Of an account', authors='local'): 'Of an account'}
    assert found(looker.check()) == {
        (run, title): [] for run, title in runs.items()}


def test_dump_is_checked_by_the_journal_alone(looker: Looker,
                                              tmp_path: Path) -> None:
    looker.fill('Dumped', 'Damaged')
    path = tmp_path / 'pages.xml'
    path.write_bytes(looker.bench.box.on_source().session.get(
        f'{looker.bench.box.source_base}/index.php', params={
            'title': 'Special:Export', 'pages': 'Dumped\nDamaged',
            'history': 1, 'action': 'submit'}, timeout=60).content)
    run = looker.bench.box.pwb(
        'importdump', '-interwikiprefix:en', '-always', '-templates:none',
        '-history:full', looker.journal, str(path))
    assert run.status == 0, run.output
    report = looker.check()
    assert found(report) == {(1, 'Dumped'): [], (1, 'Damaged'): []}
    assert [(source['api'].endswith('pages.xml'), source['said'])
            for source in report['unasked']] == [(True, 'it is a file')]
    looker.bench.box.sql(
        'target', "UPDATE revision SET rev_actor = (SELECT actor_id FROM "
        "actor WHERE actor_name = 'Admin') WHERE rev_timestamp = "
        "'20110302120000' AND rev_page = (SELECT page_id FROM page "
        "WHERE page_title = 'Damaged')")
    report = looker.check(status=3)
    assert found(report) == {(1, 'Dumped'): [], (1, 'Damaged'): ['prefix']}
    assert '"Admin"' in said(report, 'Damaged') or 'Admin' in said(
        report, 'Damaged')


@pytest.mark.parametrize('schema', [1, 3])
def test_journal_of_an_earlier_release_is_enough(
        looker: Looker, tmp_path: Path, schema: int) -> None:
    looker.fill(f'Old {schema}')
    run = looker.bring(f'Old {schema}')
    looker.bench.journal.close()
    lower(tmp_path / 'j.sqlite', schema)
    assert found(looker.check()) == {(run, f'Old {schema}'): []}
