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
from tests.kit.request_wiki import Desk
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


pytestmark = pytest.mark.wiki

SYSOPS = {'name': 'sysops', 'groups': ['sysop'], 'approval': False}


@pytest.fixture(scope='module')
def anna(box: Box) -> Client:
    return Desk(box).person('Anna Petit')


@pytest.fixture(scope='module')
def mallory(box: Box) -> Client:
    return Desk(box).person('Mallory')


@pytest.fixture(scope='module')
def importer(box: Box) -> Client:
    return Desk(box).person('Importer', 'importer')


@pytest.fixture(scope='module')
def specimens(box: Box) -> Iterator[str]:
    return put_specimens(box, 60)


@pytest.fixture
def desk(box: Box) -> Desk:
    return Desk(box)


@pytest.fixture
def title(specimens: Iterator[str]) -> str:
    return next(specimens)


def moment(**ago: float) -> str:
    time = datetime.now(timezone.utc) - timedelta(**ago)
    return time.strftime('%Y-%m-%dT%H:%M:%SZ')


@pytest.mark.parametrize('ago', [86_400, 0, -30, -86_400])
def test_approval_comes_by_an_import(
        desk: Desk, anna: Client, importer: Client, title: str,
        ago: int) -> None:
    reviewed(desk, title, anna)
    upload(importer, desk.page, [
        (moment(seconds=ago), 'Admin', approved(desk.text))])
    if ago == 86_400:
        # It is below the text of today, so that is taken away.
        old, = [row['revid'] for row in desk.admin.history(desk.page)
                if row['timestamp'] < moment(hours=1)]
        importer.do('edit', title=desk.page, undo=desk.admin.history(
            desk.page)[0]['revid'], undoafter=old)
    assert 'status = approved' in desk.text
    in_vain(desk)
    assert desk.statuses == ['review']
    assert 'Nothing proves who approved' in desk.answers()[-1]


def test_approval_comes_with_the_history_of_another_page(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    reviewed(desk, title, anna)
    draft = f'{desk.page} draft'
    desk.admin.edit(draft, approved(desk.text))
    forged = desk.text
    mallory.do('move', **{'from': desk.page, 'to': f'{desk.page} away'})
    desk.admin.do('delete', title=desk.page)
    mallory.edit(desk.page, approved(forged))
    desk.admin.do('mergehistory', **{'from': draft, 'to': desk.page})
    in_vain(desk)
    assert desk.statuses == ['review']
    time.sleep(1)  # a log is read by the second
    honestly(desk, title)


def test_revision_between_is_not_undeleted(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    reviewed(desk, title, anna)
    time.sleep(1)  # what is restored is named by times
    desk.approve(mallory)
    forged = desk.admin.history(desk.page)[0]['revid']
    time.sleep(1)
    desk.admin.edit(desk.page, f'{desk.text}\nSomething else.')
    desk.admin.do('delete', title=desk.page)
    rows = desk.admin.get(prop='deletedrevisions', titles=desk.page,
                          drvprop='ids|timestamp', drvlimit='max')['pages'][
        0]['deletedrevisions']
    desk.admin.do('undelete', title=desk.page, timestamps='|'.join(
        row['timestamp'] for row in rows if row['revid'] != forged))
    assert 'status = approved' in desk.text
    in_vain(desk)
    assert 'the history of this page has a gap' in desk.answers()[-1]
    honestly(desk, title)


def test_forged_page_in_place_of_the_request_page(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    reviewed(desk, title, anna)
    text = approved(desk.text)
    mallory.do('move', **{'from': desk.page, 'to': f'{desk.page} away'})
    clerk = desk.work()
    assert clerk.failed == 1  # it leads elsewhere now
    mallory.edit(desk.page, text)
    in_vain(desk)
    assert 'Nothing proves who approved' in desk.answers()[-1]
    honestly(desk, title)


def test_bot_sees_what_is_hidden(desk: Desk, anna: Client,
                                 mallory: Client, title: str) -> None:
    reviewed(desk, title, anna)
    before = mallory.edit(desk.page, f'{desk.text}\nA word.')
    desk.approve(desk.admin)
    desk.admin.do('revisiondelete', type='revision', hide='content',
                  ids=before)
    name = desk.site.username()
    give_group(desk, name, 'sysop')
    try:
        in_vain(desk)
    finally:
        take_group(desk, name, 'sysop')
    assert 'a version of this page is hidden' in desk.answers()[-1]


def test_old_name_of_an_administrator_is_taken_by_somebody(
        desk: Desk, anna: Client, title: str) -> None:
    desk.person('Old Chief', 'sysop')
    rename(desk, 'Old Chief', 'New Chief')
    heir = desk.person('Old Chief')
    reviewed(desk, title, anna)
    desk.approve(heir)
    in_vain(desk)
    assert 'Old Chief cannot approve this' in desk.answers()[-1]


def test_name_of_who_approved_is_taken_by_an_administrator(
        desk: Desk, anna: Client, title: str) -> None:
    nobody = desk.person('Nobody')
    reviewed(desk, title, anna)
    desk.approve(nobody)
    rename(desk, 'Nobody', 'Somebody')
    desk.person('Nobody', 'sysop')
    in_vain(desk)
    assert 'Somebody cannot approve this' in desk.answers()[-1]


def rename(desk: Desk, old: str, new: str) -> None:
    maintenance(desk.box.target_tree,
                desk.box.folder / 'target' / 'LocalSettings.php',
                'renameUser', '--skip-page-moves', old, new)


def test_parameters_are_changed_in_the_edit_that_approves(
        desk: Desk, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    title, other = next(specimens), next(specimens)
    reviewed(desk, title, anna)
    mallory.edit(desk.page, approved(desk.text).replace(title, other))
    in_vain(desk)
    assert desk.statuses == ['review']


def test_parameters_are_changed_before_the_administrator_looks(
        desk: Desk, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    """The sysop needs nobody to agree; but it is not the sysop who asks."""
    desk.configure(rules=[SYSOPS])
    title, other = next(specimens), next(specimens)
    reviewed(desk, title, anna)
    desk.edit(mallory, title, other)
    desk.approve(desk.admin)
    in_vain(desk)
    assert desk.statuses == ['review']
    honestly(desk, other)


def test_administrator_asks_for_a_new_plan(
        desk: Desk, anna: Client, title: str) -> None:
    desk.configure(rules=[SYSOPS])
    reviewed(desk, title, anna)
    desk.edit(desk.admin, 'status = review', 'status = new')
    in_vain(desk)
    assert desk.statuses == ['review']


def test_administrator_needs_nobody(desk: Desk, title: str) -> None:
    desk.configure(rules=[SYSOPS])
    desk.file(title, desk.admin)
    desk.work()
    assert desk.statuses == ['done']


def test_withdrawn_request_is_opened_by_somebody_else(
        desk: Desk, mallory: Client, title: str) -> None:
    desk.configure(rules=[SYSOPS])
    desk.file(title, desk.admin, status='withdrawn')
    in_vain(desk)
    desk.edit(mallory, 'status = withdrawn', 'status = new')
    in_vain(desk)
    assert desk.statuses == ['review']
    honestly(desk, title)


@pytest.mark.parametrize('how', ['rollback', 'undo', 'by hand'])
@pytest.mark.parametrize('what', ['approval', 'request'])
def test_administrator_reverts_vandalism(
        desk: Desk, anna: Client, mallory: Client, title: str, how: str,
        what: str) -> None:
    """Whoever puts a text back says nothing about what stands in it."""
    if what == 'approval':
        reviewed(desk, title, anna)
        desk.approve(anna)
    else:
        desk.configure(rules=[SYSOPS])
        desk.file(title, anna)
    text = desk.text
    bad = mallory.edit(desk.page, 'Ha!')
    if how == 'rollback':
        token = desk.admin.get(meta='tokens', type='rollback')['tokens'][
            'rollbacktoken']
        answer = desk.admin._send(action='rollback', title=desk.page,
                                  user='Mallory', token=token)
        assert 'error' not in answer, answer
    elif how == 'undo':
        desk.admin.do('edit', title=desk.page, undo=bad)
    else:
        desk.admin.edit(desk.page, text)
    assert desk.text == text
    in_vain(desk)
    assert desk.statuses == ['review']


def test_administrator_puts_a_part_back(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    reviewed(desk, title, anna)
    desk.approve(anna)
    text = desk.text
    mallory.edit(desk.page, 'Ha!')
    desk.admin.edit(desk.page, f'Please be kind.\n\n{text}')
    in_vain(desk)
    assert desk.statuses == ['review']


@pytest.mark.parametrize('who', ['somebody', 'an administrator'])
def test_approval_in_nowiki_is_made_real(
        desk: Desk, anna: Client, mallory: Client, title: str,
        who: str) -> None:
    reviewed(desk, title, anna)
    text = desk.text
    mallory.edit(desk.page, f'<nowiki>{approved(text)}</nowiki>\n\n{text}')
    in_vain(desk)
    by = mallory if who == 'somebody' else desk.admin
    by.edit(desk.page, f'{approved(text)}\n\n{text}')
    in_vain(desk)
    in_vain(desk)
    assert desk.statuses == ['review', 'review']
    assert len({request.id for request in desk.requests}) == 2
    honestly(desk, title)


def test_administrator_removes_the_copy_that_waits(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    reviewed(desk, title, anna)
    text = desk.text
    mallory.edit(desk.page, f'{approved(text)}\n\n{text}')
    desk.admin.edit(desk.page, approved(text))
    in_vain(desk)
    assert desk.statuses == ['review']


@pytest.mark.parametrize(('start', 'end', 'who'), [
    ('<nowiki>', '</nowiki>', 'an administrator'),
    ('<pre>', '</pre>', 'somebody'), ('<!--', '-->', 'an administrator')])
def test_request_alone_in_nowiki_is_made_real(
        desk: Desk, anna: Client, mallory: Client, title: str, who: str,
        start: str, end: str) -> None:
    reviewed(desk, title, anna)
    text = approved(desk.text)
    mallory.edit(desk.page, f'{start}{text}{end}')
    in_vain(desk)
    by = mallory if who == 'somebody' else desk.admin
    by.edit(desk.page, f'Cleaned up.\n\n{text}')
    in_vain(desk)
    assert desk.statuses == ['review']


def test_plan_of_another_request(
        desk: Desk, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    title, other = next(specimens), next(specimens)
    first = reviewed(desk, title, anna)
    second = reviewed(desk, other, mallory)
    # An administrator approves a request whose plan was exchanged.
    desk.edit(mallory, first.plan, second.plan)
    desk.approve(desk.admin)
    in_vain(desk)
    assert desk.statuses == ['review', 'review']
    honestly(desk, title)


def test_approver_rues_it_when_the_pass_has_died(
        desk: Desk, anna: Client, mallory: Client, title: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    from importbot.requestpages.passes import apply

    def die(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    reviewed(desk, title, anna)
    desk.approve(desk.admin)
    with monkeypatch.context() as patch:
        patch.setattr(apply, 'run_plan', die)
        with pytest.raises(KeyboardInterrupt):
            desk.work()
    assert desk.statuses == ['importing']
    desk.edit(desk.admin, 'status = importing', 'status = review')
    desk.edit(mallory, 'status = review', 'status = importing')
    in_vain(desk)
    assert 'importing' not in desk.statuses


def test_answer_is_said_to_be_there(
        desk: Desk, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    """Else a plan would be approved that nobody was shown."""
    title, other = next(specimens), next(specimens)
    request = reviewed(desk, title, anna)
    marks = ''.join(f'<span id="import-{request.id}-{number}"></span>'
                    for number in range(9))
    mallory.edit(desk.page, f'{desk.text.replace(title, other)}\n{marks}')
    in_vain(desk)
    request, = desk.requests
    assert request.plan in desk.answers()[-1]
    assert other in desk.answers()[-1]
    honestly(desk, other)
