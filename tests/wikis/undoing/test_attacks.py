"""What others do while a run is undone, or did since: nothing is lost."""
from __future__ import annotations

from typing import Any

import pytest

from importbot.model.decisions import Outcome, Role
from importbot.model.notes import NoteKind
from importbot.reports.words.notes import note_sentence
from importbot.sandbox.wikis import ACCOUNTS
from importbot.wikis.editor import Editor
from importbot.wikis.importer import Importer
from importbot.wikis.locations import transcluders
from tests.kit.attacks import Visitor
from tests.kit.support import Client
from tests.kit.undo_wikis import MARK, Bench, at, brought, decisions, verdict


SETTINGS = """
$wgGroupPermissions['sysop']['deleterevision'] = true;
$wgGroupPermissions['sysop']['mergehistory'] = true;
"""


def somebody(bench: Bench) -> Client:
    """Return an account that is not the one that imports."""
    account = ACCOUNTS['bot' if bench.is_sysop else 'user']
    return Client(bench.box.target_base, account.name, account.password)


# In between look and deed

LINES = '\n'.join(f'line {number}' for number in range(12))


@pytest.mark.parametrize('action', ['restore', 'mark'])
def test_edit_right_before_ours_is_not_merged_away(
        importer: Bench, action: str) -> None:
    """MediaWiki merges edits of different lines, and says nothing of it."""
    title = f'Merged edit {action}'
    ours = LINES.replace('line 1\n', 'line one\n', 1) if (
        action == 'restore') else ''
    run = brought(importer, title, LINES, ours)
    with importer.box.target.broken(**at('edit', lambda: somebody(
            importer).edit(title, LINES.replace('line 11', 'of somebody')))):
        undo = importer.undo(run, MARK)
    assert 'of somebody' in importer.admin.text(title)
    assert undo.results[0].outcome is not Outcome.VERIFIED, undo.results
    # Nobody takes that for what the run left.
    assert verdict(importer, run, MARK) == ('hold', 'edited-since')
    chief = Bench(importer.box, ACCOUNTS['user'].name, importer.journal)
    assert verdict(chief, run)[0] == 'hold'


def test_answer_to_a_deletion_is_lost_and_somebody_begins_anew(
        sysop: Bench) -> None:
    run = brought(sysop, 'Begun anew')
    fault = {'hits': lambda exchange: (
        exchange.parameters.get('action') == 'delete'),
        'meanwhile': lambda: somebody(sysop).edit('Begun anew', 'new')}
    with sysop.box.target.broken(**fault):
        undo = sysop.undo(run)
    assert sysop.admin.text('Begun anew') == 'new'
    assert undo.results[0].outcome is Outcome.DIFFERS, undo.results


def test_text_that_was_hidden_since_the_plan_is_not_shown_again(
        sysop: Bench) -> None:
    run = brought(sysop, 'Hidden in between', ours='private')
    before = sysop.admin.history('Hidden in between')[-1]['revid']

    def hide(place: int) -> None:
        for row in sysop.admin.history('Hidden in between')[1:]:
            sysop.admin.do('revisiondelete', type='revision',
                           ids=row['revid'], hide='content')

    assert before
    undo = sysop.undo(run, before=hide)
    assert 'private' not in sysop.admin.text('Hidden in between')
    assert undo.results[0].outcome is Outcome.FAILED, undo.results


# Since the run

def test_page_that_somebody_restored_is_not_deleted_again(
        sysop: Bench) -> None:
    run = brought(sysop, 'Wanted after all')
    assert sysop.undo(run).went_as_planned
    somebody_who_may = sysop.admin
    somebody_who_may.do('undelete', title='Wanted after all')
    assert verdict(sysop, run)[0] == 'hold'


def test_page_that_was_deleted_and_restored_is_held(sysop: Bench) -> None:
    run = brought(sysop, 'Deleted and restored')
    sysop.admin.do('delete', title='Deleted and restored')
    sysop.admin.do('undelete', title='Deleted and restored')
    assert verdict(sysop, run)[0] == 'hold'


def test_history_that_was_merged_in_is_not_deleted(sysop: Bench) -> None:
    sysop.admin.edit('Merged in from', 'of ours, from before')
    run = brought(sysop, 'Merged into')
    sysop.admin.edit('Merged in from', 'of ours, later')
    oldest = sysop.admin.history('Merged in from')[-1]
    sysop.admin.do('mergehistory', **{
        'from': 'Merged in from', 'to': 'Merged into',
        'timestamp': oldest['timestamp']})
    titles = [row['revid'] for row in sysop.admin.history('Merged into')]
    assert oldest['revid'] in titles
    assert verdict(sysop, run)[0] == 'hold'


def test_moved_away_and_another_moved_in(sysop: Bench) -> None:
    run = brought(sysop, 'Place')
    sysop.admin.do('move', **{'from': 'Place', 'to': 'Other place',
                              'noredirect': True})
    sysop.admin.edit('Third place', 'of ours')
    sysop.admin.do('move', **{'from': 'Third place', 'to': 'Place'})
    assert verdict(sysop, run) == ('hold', 'moved')
    sysop.undo(run)
    assert sysop.admin.text('Place') == 'of ours'


def test_moved_there_and_back(sysop: Bench) -> None:
    run = brought(sysop, 'Here')
    for old, new in (('Here', 'There'), ('There', 'Here')):
        sysop.admin.do('move', **{'from': old, 'to': new,
                                  'noredirect': True})
    assert verdict(sysop, run) == ('hold', 'edited-since')


def test_text_that_is_in_another_page_by_now_does_not_come_back(
        sysop: Bench) -> None:
    """What stood there before was split off into another page."""
    run = brought(sysop, 'Split', ours='ours')
    first = min((row for row in sysop.admin.history('Split')
                 if row['user'] == sysop.account),
                key=lambda row: int(row['revid']))
    sysop.admin.edit('Split off', 'something')
    sysop.admin.do('mergehistory', **{
        'from': 'Split', 'to': 'Split off',
        'timestamp': first['timestamp']})
    assert verdict(sysop, run)[0] == 'hold'


# What the run did

def test_page_that_arrived_elsewhere_is_not_gone(
        sysop: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    sysop.box.on_source().edit('Lands elsewhere', 'theirs')
    before = sysop.texts()
    sent = Importer.from_wiki

    def elsewhere(self: Any, *args: Any, **options: Any) -> Any:
        return sent(self, *args, **{**options, 'rootpage': 'User:Root'})

    with monkeypatch.context() as patch:
        patch.setattr(Importer, 'from_wiki', elsewhere)
        report = sysop.run('Lands elsewhere', templates='none')
    assert report.results[0].outcome is Outcome.DIFFERS
    # Nobody asked for it where it is, so that it is taken back there.
    assert sysop.undo(report.run).went_as_planned
    assert sysop.texts() == before


def test_page_whose_move_failed_is_not_gone(
        sysop: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from importbot.model.errors import EditError

    def fails(*_arguments: object) -> None:
        raise EditError('it was not moved')

    sysop.box.on_source().edit('Not moved', 'theirs')
    before = sysop.texts()
    with monkeypatch.context() as patch:
        patch.setattr(Editor, 'move', fails)
        report = sysop.run('Not moved', templates='none',
                           targettitle='Moved to')
    assert report.results[0].outcome is Outcome.FAILED
    landing = f'User:{sysop.account}/importing/Not moved'
    assert sysop.texts().keys() - before.keys() == {landing}
    undo = sysop.plan(report.run)
    assert decisions(undo) == {landing: ('undo', 'created')}
    assert sysop.undo(report.run).went_as_planned
    assert sysop.texts() == before


@pytest.mark.parametrize('account', ['same', 'other'])
def test_edit_by_our_own_account_during_the_import(
        sysop: Bench, monkeypatch: pytest.MonkeyPatch,
        account: str) -> None:
    title = f'Crowded by {account}'
    sysop.box.on_source().edit(title, 'theirs')
    sysop.admin.edit(title, 'ours')
    sent = Importer.from_wiki
    who = sysop.admin if account == 'same' else somebody(sysop)

    def crowded(self: Any, *args: Any, **options: Any) -> Any:
        who.edit(title, 'by hand')
        return sent(self, *args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Importer, 'from_wiki', crowded)
        report = sysop.run(title, templates='none', existingpages='keep')
    assert verdict(sysop, report.run)[0] == 'hold', report.results


def test_run_that_changed_nothing_brings_nothing_back(sysop: Bench) -> None:
    """Undoing it is not to redo what another undo has taken back."""
    first = brought(sysop, 'Twice the same', 'one', ours='ours')
    again = sysop.run('Twice the same', templates='none',
                      existingpages='force')
    print(again.results, decisions(sysop.plan(again.run)))
    second = sysop.run('Twice the same', templates='none',
                       existingpages='keep')
    print(second.results, second.plan.pages, decisions(
        sysop.plan(second.run)))
    sysop.undo(first)
    for run in (again.run, second.run):
        undo = sysop.undo(run)
        print(undo.plan.pages, undo.results)
    assert sysop.admin.text('Twice the same') == 'ours'


# Marks

def test_mark_leaves_a_redirect_a_redirect(importer: Bench) -> None:
    importer.box.on_source().edit('Template:Aim', 'aimed at')
    importer.box.on_source().edit('Template:Way',
                                  '#REDIRECT [[Template:Aim]]')
    report = importer.run('Template:Way', templates='used')
    importer.admin.edit('Uses the way', '{{Way}}')
    importer.undo(report.run, MARK)
    parsed = importer.admin.session.get(importer.admin.api, params={
        'action': 'parse', 'text': '{{Way}}', 'format': 'json',
        'prop': 'text'}).json()['parse']['text']['*']
    assert 'aimed at' in parsed, parsed
    assert 'redirect' in importer.admin.get(
        titles='Template:Way', prop='info')['pages'][0]
    assert MARK in importer.admin.text('Template:Way')


def test_source_that_is_edited_and_reverted_during_the_import(
        sysop: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text is as planned; nobody agreed to what came beneath."""
    title = 'Edited there'
    Visitor(sysop.box.source_base).edit(title, 'theirs')
    sent = Importer.from_wiki

    def edited(self: Any, *args: Any, **options: Any) -> Any:
        # Names of people who are not logged in have no prefix.
        for text in ('nonsense', 'theirs'):
            Visitor(sysop.box.source_base).edit(title, text)
        return sent(self, *args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Importer, 'from_wiki', edited)
        report = sysop.run(title, templates='none')
    assert report.results[0].outcome is Outcome.DIFFERS, report.results
    assert 'which nobody agreed to' in str(report.results[0].error)
    assert verdict(sysop, report.run) == ('undo', 'created')


def test_local_authors_are_no_strangers(sysop: Bench) -> None:
    before = sysop.texts()
    run = brought(sysop, 'By an account of both', authors='local')
    assert verdict(sysop, run) == ('undo', 'created')
    assert sysop.undo(run).went_as_planned
    assert sysop.texts() == before


def test_mark_that_is_substituted(importer: Bench) -> None:
    importer.admin.edit('Template:Delete now', 'Away with it')
    run = brought(importer, 'Substituted')
    undo = importer.undo(run, '{{subst:Delete now}}')
    assert undo.went_as_planned, undo.results
    assert importer.admin.text('Substituted') == 'Away with it\ntheirs'
    assert verdict(importer, run, MARK) == ('skip', 'marked')


def test_page_that_others_transclude_is_marked_for_itself_alone(
        importer: Bench) -> None:
    source = importer.box.on_source()
    source.edit('Project:Header', 'header')
    source.edit('With header', '{{Project:Header}} text')
    report = importer.run('With header', templates='used')
    importer.undo(report.run, MARK)
    assert importer.admin.text('With header').startswith(f'{MARK}\n')
    part, = (page.target_text for page in report.plan.pages
             if page.role is Role.TRANSCLUDED)
    assert importer.admin.text(part).startswith('<noinclude>')


def test_two_undos_planned_at_once(sysop: Bench) -> None:
    """The second finds everything done, and does nothing."""
    run = brought(sysop, 'Undone twice')
    changed = brought(sysop, 'Restored twice', ours='ours')
    for number, title in ((run, 'Undone twice'),
                          (changed, 'Restored twice')):
        late = sysop.plan(number)
        assert sysop.undo(number).went_as_planned
        history = sysop.admin.history(title)
        with sysop.undoing(late) as undo:
            undo.apply_all()
        assert undo.results[0].outcome is Outcome.REJECTED
        assert sysop.admin.history(title) == history


def test_users_are_not_counted_without_end(
        sysop: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ('importbot.wikis.locations', 'importbot.undoing.plan'):
        monkeypatch.setattr(f'{module}.ENOUGH', 2)
    sysop.box.on_source().edit('Template:Popular', 'part')
    sysop.box.on_source().edit('Template:Rare', 'part')
    report = sysop.run('Template:Popular', 'Template:Rare')
    for number in range(4):
        sysop.admin.edit(f'Uses popular {number}', '{{Popular}}')
    sysop.admin.edit('Uses rare', '{{Rare}}')
    notes = {note.page: note for note in sysop.plan(report.run).notes
             if note.kind is NoteKind.STILL_USED}
    assert notes['Template:Rare'].count == 1
    popular = notes['Template:Popular']
    assert popular.has_more and popular.count > 2
    assert f'{popular.count}+' in note_sentence(popular, 'en')


class CrowdedWiki:

    """Answers for users of templates, two at a time, like a wiki."""

    def __init__(self, **users: int) -> None:
        self.users = users
        self.asked = 0

    def query(self, titles: list[str], **_parameters: Any) -> Any:
        for title in titles:
            for start in range(0, self.users[title] or 1, 2):
                self.asked += 1
                yield {'pages': [{'title': title, 'transcludedin': [
                    {'title': f'{title} {number}'} for number in range(
                        start, min(start + 2, self.users[title]))]}]}


def test_crowded_template_costs_few_requests(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('importbot.wikis.locations.ENOUGH', 10)
    wiki: Any = CrowdedWiki(A=3, B=100_000, C=0, D=5)
    found = transcluders(wiki, ['A', 'B', 'C', 'D'])
    assert {title: len(users) for title, users in found.items()} == {
        'A': 3, 'B': 12, 'C': 0, 'D': 5}
    assert wiki.asked < 20


def test_page_that_is_restored_is_no_user(sysop: Bench) -> None:
    """Its text before knew nothing of what is deleted."""
    source = sysop.box.on_source()
    source.edit('Template:Came along', 'part')
    source.edit('Was here before', '{{Came along}}')
    sysop.admin.edit('Was here before', 'ours')
    report = sysop.run('Was here before', existingpages='force')
    plan = sysop.plan(report.run)
    assert decisions(plan)['Template:Came along'] == ('undo', 'created')
    assert NoteKind.STILL_USED not in {note.kind for note in plan.notes}
