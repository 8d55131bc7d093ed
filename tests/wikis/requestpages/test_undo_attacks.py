"""Attempts to have undone what one may not, and what else befalls an undo.
"""
from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from importbot.model.errors import EditError
from importbot.requestpages.page.store import Board
from importbot.undoing.undo import Undo
from tests.kit.attacks import Visitor, give_group, take_group
from tests.kit.request_bot import imports, killed_at, take
from tests.kit.request_wiki import Desk
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


pytestmark = pytest.mark.wiki

ANNA, MALLORY, CHIEF = 'Anna Petit', 'Mallory', 'Chief'
SETTINGS = """
$wgGroupPermissions['importer']['delete'] = true;
if ( is_file( __DIR__ . '/readonly' ) ) {
    $wgReadOnly = 'Moving to another house';
}
"""


@pytest.fixture(scope='module')
def eraser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis; on the target the bot may delete."""
    box = Box(tmp_path_factory.mktemp('eraser'), empty=True,
              settings=SETTINGS)
    try:
        yield box
    finally:
        box.close()


@pytest.fixture(scope='module')
def specimens(eraser: Box) -> Iterator[str]:
    return put_specimens(eraser, 300)


@pytest.fixture(scope='module')
def anna(eraser: Box) -> Client:
    return Desk(eraser).person(ANNA)


@pytest.fixture(scope='module')
def mallory(eraser: Box) -> Client:
    return Desk(eraser).person(MALLORY)


@pytest.fixture
def desk(eraser: Box) -> Iterator[Desk]:
    desk = Desk(eraser)
    yield desk
    desk.journal.close()


@pytest.fixture
def chief(desk: Desk) -> Iterator[Client]:
    """Somebody who may approve, until something else is said."""
    yield desk.person(CHIEF, 'sysop')
    give_group(desk, CHIEF, 'sysop')
    desk.admin._send(action='unblock', user=CHIEF, token=desk.admin.get(
        meta='tokens')['tokens']['csrftoken'])


def imported(desk: Desk, *titles: str, by: Client | None = None) -> None:
    """Have a request for some pages come to its end."""
    desk.file('\n  '.join(titles), by)
    desk.work()
    desk.approve(desk.admin)
    assert desk.work().failed == 0
    assert desk.statuses[-1] == 'done', desk.text


def undo_shown(desk: Desk, *titles: str) -> None:
    """Have the undo of a request for some pages wait for approval."""
    imported(desk, *titles)
    desk.edit(desk.admin, 'status = done', 'status = undo')
    assert desk.work().failed == 0
    assert desk.statuses[-1] == 'review'


# Others while it waits

def test_other_requests_are_planned_while_an_undo_waits(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    first, second = take(specimens, 2)
    undo_shown(desk, first)
    desk.file(second, anna)
    assert desk.work().failed == 0
    assert desk.statuses == ['review', 'review']


# Who says so

def test_nobody_who_is_not_logged_in(desk: Desk,
                                     specimens: Iterator[str]) -> None:
    title, = take(specimens)
    imported(desk, title)
    visitor = Visitor(desk.box.target_base)
    desk.edit(visitor, 'status = done', 'status = undo')
    desk.work()
    assert desk.statuses == ['done']
    assert 'cannot have this undone' in desk.answers()[-1]
    assert desk.exists(title)


def test_waiting_undo_is_not_cancelled_by_who_may_not(
        desk: Desk, mallory: Client, specimens: Iterator[str]) -> None:
    title, = take(specimens)
    undo_shown(desk, title)
    plan = desk.requests[0].plan
    desk.edit(mallory, plan, '0123456789abcdef')
    desk.work()
    assert desk.statuses == ['review']
    assert desk.requests[0].plan == plan
    desk.edit(mallory, 'status = review', 'status = undo')
    desk.work()
    assert desk.statuses == ['review']
    assert desk.requests[0].plan == plan
    desk.approve(desk.admin)
    desk.work()
    assert desk.statuses == ['undone']


def test_plan_that_nobody_was_shown(desk: Desk, mallory: Client,
                                    specimens: Iterator[str]) -> None:
    title, = take(specimens)
    undo_shown(desk, title)
    plan = desk.requests[0].plan
    desk.edit(mallory, plan, '0123456789abcdef')
    # Who approves that has not seen it.
    desk.approve(desk.admin)
    desk.work()
    assert desk.statuses == ['review']
    assert desk.requests[0].plan == plan
    assert desk.exists(title)


def test_approval_that_is_written_along_with_a_copy(
        desk: Desk, mallory: Client, specimens: Iterator[str]) -> None:
    title, = take(specimens)
    undo_shown(desk, title)
    text = desk.text
    copy = text.replace('status = review', 'status = approved')
    mallory.edit(desk.page, f'{copy}\n{text}')
    desk.work()
    assert desk.exists(title)
    assert 'undone' not in desk.statuses


def test_copy_on_another_request_page(desk: Desk, mallory: Client,
                                      specimens: Iterator[str]) -> None:
    title, = take(specimens)
    other = f'{desk.page} too'
    desk.configure(pages=[desk.page, other])
    desk.admin.edit(other, 'Requests go here.')
    undo_shown(desk, title)
    mallory.edit(other, desk.text.replace('status = review',
                                          'status = approved'))
    assert desk.work().failed == 0
    assert desk.exists(title)
    assert desk.statuses == ['review']


@pytest.mark.parametrize('loses', ['group', 'leave to edit'])
def test_approver_who_may_not_any_more(
        desk: Desk, chief: Client, specimens: Iterator[str],
        loses: str) -> None:
    title, = take(specimens)
    undo_shown(desk, title)
    desk.approve(chief)
    if loses == 'group':
        take_group(desk, CHIEF, 'sysop')
    else:
        desk.admin.do('block', user=CHIEF)
    desk.work()
    assert desk.statuses == ['review']
    assert CHIEF in desk.answers()[-1]
    assert desk.exists(title)


def test_group_that_may_approve_no_more(
        desk: Desk, chief: Client, specimens: Iterator[str]) -> None:
    """The configuration has been changed since the import."""
    title, = take(specimens)
    desk.configure(groups=['bureaucrat', 'sysop'])
    undo_shown(desk, title)
    desk.configure(groups=['bureaucrat'])
    desk.approve(chief)
    desk.work()
    assert desk.statuses == ['review']
    assert desk.exists(title)
    assert 'sysop' not in desk.answers()[-1]
    give_group(desk, CHIEF, 'bureaucrat')
    try:
        desk.edit(desk.admin, 'status = review', 'status = declined')
        desk.edit(chief, 'status = declined', 'status = approved')
        desk.work()
        assert desk.statuses == ['undone']
    finally:
        take_group(desk, CHIEF, 'bureaucrat')


# What is said

def test_bot_that_died_says_afterwards_what_it_did(
        desk: Desk, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    title, = take(specimens)
    undo_shown(desk, title)
    desk.approve(desk.admin)

    def die(*_arguments: object) -> bool:
        raise EditError('the line is cut')

    with monkeypatch.context() as patch:
        patch.setattr(Board, 'change', die)
        assert desk.work().failed == 1
    assert desk.work().failed == 0
    assert desk.statuses == ['undone']
    assert 'Run 1 was undone by run 2' in desk.answers()[-1]
    assert 'nothing' not in desk.answers()[-1]
    log = desk.admin.text(desk.log_page)
    assert 'undone with the consent of' in log and 'Admin' in log
    assert len(desk.answers()) == 4


def test_what_could_not_be_done_is_not_said_to_be(
        desk: Desk, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = take(specimens, 2)
    undo_shown(desk, first, second)
    desk.approve(desk.admin)
    real = Undo.treat

    def edited(self: Undo, place: int) -> object:
        title = self.plan.pages[place].title
        if title == first:
            desk.admin.edit(title, 'better')
        return real(self, place)

    monkeypatch.setattr(Undo, 'treat', edited)
    desk.work()
    assert desk.exists(first) and not desk.exists(second)
    assert 'was undone by' not in desk.answers()[-1]
    assert 'in part' in desk.answers()[-1]
    assert desk.statuses == ['partial']


def test_wiki_that_goes_read_only_on_the_way(
        desk: Desk, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    titles = take(specimens, 3)
    undo_shown(desk, *titles)
    desk.approve(desk.admin)
    switch = Path(desk.box.folder, 'target', 'readonly')
    real, done = Undo.treat, []

    def treat(self: Undo, place: int) -> object:
        if done:
            switch.touch()
        done.append(place)
        return real(self, place)

    monkeypatch.setattr('pywikibot.config.retry_wait', 0)
    monkeypatch.setattr('pywikibot.config.max_retries', 1)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(Undo, 'treat', treat)
            assert desk.work().failed == 1
    finally:
        switch.unlink()
    assert desk.statuses == ['approved']
    assert sum(map(desk.exists, titles)) == 2
    assert desk.work().failed == 0
    assert desk.statuses == ['undone']
    assert not any(map(desk.exists, titles))
    assert 'Run 1 was undone by run 2, 3' in desk.answers()[-1]


def test_request_page_bears_an_undo_of_many_pages(
        desk: Desk, specimens: Iterator[str]) -> None:
    titles = take(specimens, 130)
    desk.configure(limits={'titles': 200})
    undo_shown(desk, *titles)
    shown = desk.answers()[-1]
    assert len(shown) < 10_000
    subpage = f'{desk.page}/{desk.requests[0].id}/undo'
    assert f'[[:{subpage}]]' in shown
    assert all(title in desk.admin.text(subpage) for title in titles)
    desk.approve(desk.admin)
    desk.work()
    assert desk.statuses == ['undone']
    assert len(desk.answers()[-1]) < 10_000
    assert 'verified' in desk.admin.text(subpage)


def test_hostile_titles_are_shown_as_titles(desk: Desk) -> None:
    titles = ["''Not'' italic", '--Not signed', '(mailto:not@example.org)',
              '=No heading=']
    for title in titles:
        desk.box.on_source().edit(f':{title}', 'text')
    imported(desk, *titles)
    for title in titles:
        desk.admin.edit(f':{title}', 'edited since')
    desk.edit(desk.admin, 'status = done', 'status = undo')
    desk.work()
    html = desk.admin.session.get(desk.admin.api, params={
        'action': 'parse', 'text': desk.answers()[-1], 'format': 'json',
        'formatversion': 2, 'prop': 'text', 'disableeditsection': 1,
    }).json()['parse']['text']
    assert '<i>' not in html and '<h1' not in html
    assert 'href="mailto' not in html and 'class="external' not in html
    for title in titles:
        assert f'>{title}<' in unescape(html)


# Before the import is at its end

@pytest.fixture
def cut(desk: Desk, anna: Client, specimens: Iterator[str]) -> list[str]:
    """A request whose run was killed behind the first of three pages."""
    titles = sorted(take(specimens, 3))
    desk.file('\n  '.join(titles), anna)
    desk.work()
    desk.approve(desk.admin)
    killed_at(desk, imports(titles[1]), arrives=True)
    assert desk.statuses == ['importing']
    return titles


def test_undo_of_an_import_that_was_cut(desk: Desk, cut: list[str]) -> None:
    desk.edit(desk.admin, 'status = importing', 'status = undo')
    for _pass in range(3):
        assert desk.work().failed == 0
    assert not desk.exists(cut[2]), 'it does not go on'
    assert desk.statuses == ['review']
    desk.approve(desk.admin)
    assert desk.work().failed == 0
    assert desk.statuses == ['undone'], desk.text
    assert not any(map(desk.exists, cut))


def test_undo_of_an_import_that_was_cut_by_who_may_not(
        desk: Desk, cut: list[str], mallory: Client) -> None:
    desk.edit(mallory, 'status = importing', 'status = undo')
    for _pass in range(3):
        assert desk.work().failed == 0
    assert desk.statuses == ['partial']
    assert desk.exists(cut[0]) and not desk.exists(cut[2])


