"""Attempts to get something imported by what a history seems to say."""
from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest

from importbot.sandbox.php import maintenance
from tests.kit.attacks import (
    approved,
    give_group,
    honestly,
    in_vain,
    reviewed,
    take_group,
    upload,
)
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Box, Client


SYSOPS = {'name': 'sysops', 'groups': ['sysop'], 'approval': False}


@pytest.fixture(scope='module')
def importer(box: Box) -> Client:
    return RequestWiki(box).person('Importer', 'importer')


def moment(**ago: float) -> str:
    time = datetime.now(timezone.utc) - timedelta(**ago)
    return time.strftime('%Y-%m-%dT%H:%M:%SZ')


@pytest.mark.parametrize('ago', [86_400, 0, -30, -86_400])
def test_approval_comes_by_an_import(
        wiki: RequestWiki, anna: Client, importer: Client, title: str,
        ago: int) -> None:
    reviewed(wiki, title, anna)
    upload(importer, wiki.page, [
        (moment(seconds=ago), 'Admin', approved(wiki.text))])
    if ago == 86_400:
        # It is below the text of today, so that is taken away.
        old, = [row['revid'] for row in wiki.admin.history(wiki.page)
                if row['timestamp'] < moment(hours=1)]
        importer.do('edit', title=wiki.page, undo=wiki.admin.history(
            wiki.page)[0]['revid'], undoafter=old)
    assert 'status = approved' in wiki.text
    in_vain(wiki)
    assert wiki.statuses == ['review']
    assert 'Nothing proves who approved' in wiki.answers()[-1]


def test_approval_comes_with_the_history_of_another_page(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    draft = f'{wiki.page} draft'
    wiki.admin.edit(draft, approved(wiki.text))
    forged = wiki.text
    mallory.do('move', **{'from': wiki.page, 'to': f'{wiki.page} away'})
    wiki.admin.do('delete', title=wiki.page)
    mallory.edit(wiki.page, approved(forged))
    wiki.admin.do('mergehistory', **{'from': draft, 'to': wiki.page})
    in_vain(wiki)
    assert wiki.statuses == ['review']
    time.sleep(1)  # a log is read by the second
    honestly(wiki, title)


def test_revision_between_is_not_undeleted(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    time.sleep(1)  # what is restored is named by times
    wiki.approve(mallory)
    forged = wiki.admin.history(wiki.page)[0]['revid']
    time.sleep(1)
    wiki.admin.edit(wiki.page, f'{wiki.text}\nSomething else.')
    wiki.admin.do('delete', title=wiki.page)
    rows = wiki.admin.get(prop='deletedrevisions', titles=wiki.page,
                          drvprop='ids|timestamp', drvlimit='max')['pages'][
        0]['deletedrevisions']
    wiki.admin.do('undelete', title=wiki.page, timestamps='|'.join(
        row['timestamp'] for row in rows if row['revid'] != forged))
    assert 'status = approved' in wiki.text
    in_vain(wiki)
    assert 'the history of this page has a gap' in wiki.answers()[-1]
    honestly(wiki, title)


def test_forged_page_in_place_of_the_request_page(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    text = approved(wiki.text)
    mallory.do('move', **{'from': wiki.page, 'to': f'{wiki.page} away'})
    request_pass = wiki.work()
    assert request_pass.failed == 1  # it leads elsewhere now
    mallory.edit(wiki.page, text)
    in_vain(wiki)
    assert 'Nothing proves who approved' in wiki.answers()[-1]
    honestly(wiki, title)


def test_bot_sees_what_is_hidden(wiki: RequestWiki, anna: Client,
                                 mallory: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    before = mallory.edit(wiki.page, f'{wiki.text}\nA word.')
    wiki.approve(wiki.admin)
    wiki.admin.do('revisiondelete', type='revision', hide='content',
                  ids=before)
    name = wiki.site.username()
    give_group(wiki, name, 'sysop')
    try:
        in_vain(wiki)
    finally:
        take_group(wiki, name, 'sysop')
    assert 'a version of this page is hidden' in wiki.answers()[-1]


def test_old_name_of_an_administrator_is_taken_by_somebody(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    wiki.person('Old Chief', 'sysop')
    rename(wiki, 'Old Chief', 'New Chief')
    heir = wiki.person('Old Chief')
    reviewed(wiki, title, anna)
    wiki.approve(heir)
    in_vain(wiki)
    assert 'Old Chief cannot approve this' in wiki.answers()[-1]


def test_name_of_who_approved_is_taken_by_an_administrator(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    nobody = wiki.person('Nobody')
    reviewed(wiki, title, anna)
    wiki.approve(nobody)
    rename(wiki, 'Nobody', 'Somebody')
    wiki.person('Nobody', 'sysop')
    in_vain(wiki)
    assert 'Somebody cannot approve this' in wiki.answers()[-1]


def rename(wiki: RequestWiki, old: str, new: str) -> None:
    maintenance(wiki.box.target_tree,
                wiki.box.folder / 'target' / 'LocalSettings.php',
                'renameUser', '--skip-page-moves', old, new)


def test_parameters_are_changed_in_the_edit_that_approves(
        wiki: RequestWiki, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    title, other = next(specimens), next(specimens)
    reviewed(wiki, title, anna)
    mallory.edit(wiki.page, approved(wiki.text).replace(title, other))
    in_vain(wiki)
    assert wiki.statuses == ['review']


def test_parameters_are_changed_before_the_administrator_looks(
        wiki: RequestWiki, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    """The sysop needs nobody to agree; but it is not the sysop who asks."""
    wiki.configure(rules=[SYSOPS])
    title, other = next(specimens), next(specimens)
    reviewed(wiki, title, anna)
    wiki.edit(mallory, title, other)
    wiki.approve(wiki.admin)
    in_vain(wiki)
    assert wiki.statuses == ['review']
    honestly(wiki, other)


def test_administrator_asks_for_a_new_plan(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    wiki.configure(rules=[SYSOPS])
    reviewed(wiki, title, anna)
    wiki.edit(wiki.admin, 'status = review', 'status = new')
    in_vain(wiki)
    assert wiki.statuses == ['review']


def test_administrator_needs_nobody(wiki: RequestWiki, title: str) -> None:
    wiki.configure(rules=[SYSOPS])
    wiki.file(title, wiki.admin)
    wiki.work()
    assert wiki.statuses == ['done']


def test_withdrawn_request_is_opened_by_somebody_else(
        wiki: RequestWiki, mallory: Client, title: str) -> None:
    wiki.configure(rules=[SYSOPS])
    wiki.file(title, wiki.admin, status='withdrawn')
    in_vain(wiki)
    wiki.edit(mallory, 'status = withdrawn', 'status = new')
    in_vain(wiki)
    assert wiki.statuses == ['review']
    honestly(wiki, title)


@pytest.mark.parametrize('how', ['rollback', 'undo', 'by hand'])
@pytest.mark.parametrize('what', ['approval', 'request'])
def test_administrator_reverts_vandalism(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str, how: str,
        what: str) -> None:
    """Whoever puts a text back says nothing about what stands in it."""
    if what == 'approval':
        reviewed(wiki, title, anna)
        wiki.approve(anna)
    else:
        wiki.configure(rules=[SYSOPS])
        wiki.file(title, anna)
    text = wiki.text
    bad = mallory.edit(wiki.page, 'Ha!')
    if how == 'rollback':
        token = wiki.admin.get(meta='tokens', type='rollback')['tokens'][
            'rollbacktoken']
        answer = wiki.admin._send(action='rollback', title=wiki.page,
                                  user='Mallory', token=token)
        assert 'error' not in answer, answer
    elif how == 'undo':
        wiki.admin.do('edit', title=wiki.page, undo=bad)
    else:
        wiki.admin.edit(wiki.page, text)
    assert wiki.text == text
    in_vain(wiki)
    assert wiki.statuses == ['review']


def test_administrator_puts_a_part_back(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    wiki.approve(anna)
    text = wiki.text
    mallory.edit(wiki.page, 'Ha!')
    wiki.admin.edit(wiki.page, f'Please be kind.\n\n{text}')
    in_vain(wiki)
    assert wiki.statuses == ['review']


@pytest.mark.parametrize('who', ['somebody', 'an administrator'])
def test_approval_in_nowiki_is_made_real(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str,
        who: str) -> None:
    reviewed(wiki, title, anna)
    text = wiki.text
    mallory.edit(wiki.page, f'<nowiki>{approved(text)}</nowiki>\n\n{text}')
    in_vain(wiki)
    by = mallory if who == 'somebody' else wiki.admin
    by.edit(wiki.page, f'{approved(text)}\n\n{text}')
    in_vain(wiki)
    in_vain(wiki)
    assert wiki.statuses == ['review', 'review']
    assert len({request.id for request in wiki.requests}) == 2
    honestly(wiki, title)


def test_administrator_removes_the_copy_that_waits(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    text = wiki.text
    mallory.edit(wiki.page, f'{approved(text)}\n\n{text}')
    wiki.admin.edit(wiki.page, approved(text))
    in_vain(wiki)
    assert wiki.statuses == ['review']


@pytest.mark.parametrize(('start', 'end', 'who'), [
    ('<nowiki>', '</nowiki>', 'an administrator'),
    ('<pre>', '</pre>', 'somebody'), ('<!--', '-->', 'an administrator')])
def test_request_alone_in_nowiki_is_made_real(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str, who: str,
        start: str, end: str) -> None:
    reviewed(wiki, title, anna)
    text = approved(wiki.text)
    mallory.edit(wiki.page, f'{start}{text}{end}')
    in_vain(wiki)
    by = mallory if who == 'somebody' else wiki.admin
    by.edit(wiki.page, f'Cleaned up.\n\n{text}')
    in_vain(wiki)
    assert wiki.statuses == ['review']


def test_plan_of_another_request(
        wiki: RequestWiki, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    title, other = next(specimens), next(specimens)
    first = reviewed(wiki, title, anna)
    second = reviewed(wiki, other, mallory)
    # An administrator approves a request whose plan was exchanged.
    wiki.edit(mallory, first.plan, second.plan)
    wiki.approve(wiki.admin)
    in_vain(wiki)
    assert wiki.statuses == ['review', 'review']
    honestly(wiki, title)


def test_approver_rues_it_when_the_pass_has_died(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    from importbot.requestpages.passes import apply

    def die(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    reviewed(wiki, title, anna)
    wiki.approve(wiki.admin)
    with monkeypatch.context() as patch:
        patch.setattr(apply, 'run_plan', die)
        with pytest.raises(KeyboardInterrupt):
            wiki.work()
    assert wiki.statuses == ['importing']
    wiki.edit(wiki.admin, 'status = importing', 'status = review')
    wiki.edit(mallory, 'status = review', 'status = importing')
    in_vain(wiki)
    assert 'importing' not in wiki.statuses


def test_answer_is_said_to_be_there(
        wiki: RequestWiki, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    """Else a plan would be approved that nobody was shown."""
    title, other = next(specimens), next(specimens)
    request = reviewed(wiki, title, anna)
    marks = ''.join(f'<span id="import-{request.id}-{number}"></span>'
                    for number in range(9))
    mallory.edit(wiki.page, f'{wiki.text.replace(title, other)}\n{marks}')
    in_vain(wiki)
    request, = wiki.requests
    assert request.plan in wiki.answers()[-1]
    assert other in wiki.answers()[-1]
    honestly(wiki, other)
