"""Undo by request: asked for, shown, agreed to, done, and said once."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from importbot.model.errors import EditError
from importbot.requestpages.page.store import Board
from importbot.requestpages.passes.stop import Stop
from tests.kit.request_wiki import Desk
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


pytestmark = pytest.mark.wiki

ANNA, BERND = 'Anna Petit', 'Bernd Neumann'
MARK = '{{Delete|import undone}}'
SETTINGS = "$wgGroupPermissions['importer']['delete'] = true;"


@pytest.fixture(scope='module', params=['1.43', '1.39'])
def eraser(request: pytest.FixtureRequest,
           tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis; on the target the bot may delete."""
    box = Box(tmp_path_factory.mktemp('eraser'), request.param, empty=True,
              settings=SETTINGS)
    try:
        yield box
    finally:
        box.close()


@pytest.fixture(scope='module')
def specimens(eraser: Box) -> Iterator[str]:
    return put_specimens(eraser, 40)


@pytest.fixture(scope='module')
def anna(eraser: Box) -> Client:
    return Desk(eraser).person(ANNA)


@pytest.fixture
def desk(eraser: Box) -> Desk:
    return Desk(eraser)


def imported(desk: Desk, *titles: str, by: Client | None = None) -> None:
    """Have a request for some pages come to its end."""
    desk.file('\n  '.join(titles), by)
    desk.work()
    desk.approve(desk.admin)
    desk.work()
    assert desk.statuses == ['done']


def test_asked_for_shown_agreed_to_and_done(
        desk: Desk, specimens: Iterator[str]) -> None:
    first, second = next(specimens), next(specimens)
    imported(desk, first, second)
    desk.edit(desk.admin, 'status = done', 'status = undo')
    desk.work()
    assert desk.statuses == ['review']
    assert desk.exists(first), 'only shown'
    shown = desk.answers()[-1]
    assert first in shown and second in shown and 'sysop' in shown
    assert desk.requests[0].plan in shown
    assert desk.work().treated == 0

    desk.approve(desk.admin)
    assert desk.work().failed == 0
    assert desk.statuses == ['undone']
    assert not desk.exists(first) and not desk.exists(second)
    assert 'Run 1 was undone' in desk.answers()[-1]
    log = desk.admin.text(desk.log_page)
    assert 'undone with the consent of' in log and 'Admin' in log
    assert desk.work().treated == 0
    assert len(desk.answers()) == 4


def test_who_may_not_approve_may_not_undo(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    title = next(specimens)
    imported(desk, title)
    desk.edit(anna, 'status = done', 'status = undo')
    desk.work()
    assert desk.statuses == ['done']
    assert ANNA in desk.answers()[-1] and 'sysop' in desk.answers()[-1]
    # Somebody who may asks for it, somebody who may not agrees to it.
    desk.edit(desk.admin, 'status = done', 'status = undo')
    desk.work()
    desk.approve(anna)
    desk.work()
    assert desk.statuses == ['review']
    assert desk.exists(title)
    desk.approve(desk.admin)
    desk.work()
    assert desk.statuses == ['undone']


def test_requester_may_ask_for_what_nobody_had_to_agree_to(
        eraser: Box, anna: Client, specimens: Iterator[str]) -> None:
    desk = Desk(eraser, rules=[{'name': 'free', 'approval': False}])
    title = next(specimens)
    desk.file(title, anna)
    desk.work()
    assert desk.statuses == ['done']
    desk.edit(anna, 'status = done', 'status = undo')
    desk.work()
    assert desk.statuses == ['review']
    desk.approve(anna)
    desk.work()
    assert desk.statuses == ['review'], 'deleting needs somebody else'
    assert desk.exists(title)


def test_what_was_edited_since_is_left_to_people(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    kept, gone = next(specimens), next(specimens)
    imported(desk, kept, gone)
    anna.edit(kept, 'much better now')
    desk.edit(desk.admin, 'status = done', 'status = undo')
    desk.work()
    assert 'edited since' in desk.answers()[-1]
    desk.approve(desk.admin)
    desk.work()
    assert desk.statuses == ['partial']
    assert not desk.exists(gone)
    assert desk.admin.text(kept) == 'much better now'


def test_edit_after_the_plan_was_shown_brings_it_back_to_review(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    title, other = next(specimens), next(specimens)
    imported(desk, title, other)
    desk.edit(desk.admin, 'status = done', 'status = undo')
    desk.work()
    plan = desk.requests[0].plan
    desk.approve(desk.admin)
    # What is done by now, or is left alone by now, needs no new consent;
    # what is to be done to another revision does.
    desk.admin.do('delete', title=other)
    anna.edit(title, 'somebody was here')
    desk.work()
    assert desk.admin.text(title) == 'somebody was here'
    assert desk.statuses == ['partial']
    assert desk.requests[0].plan == plan


def test_declined_undo_is_left_alone(desk: Desk,
                                     specimens: Iterator[str]) -> None:
    title = next(specimens)
    imported(desk, title)
    desk.edit(desk.admin, 'status = done', 'status = undo')
    desk.work()
    desk.edit(desk.admin, 'status = review', 'status = declined')
    assert desk.work().treated == 0
    assert desk.exists(title)


def test_stop_between_pages_and_the_next_pass(
        desk: Desk, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    titles = [next(specimens) for _ in range(3)]
    imported(desk, *titles)
    desk.edit(desk.admin, 'status = done', 'status = undo')
    desk.work()
    desk.approve(desk.admin)
    asked = iter([False, False, True])
    stop = Stop()
    real = stop.asked

    def ask() -> bool:
        if next(asked, True):
            stop.reason = 'told to'
        return bool(stop.reason) or real()

    monkeypatch.setattr(stop, 'asked', ask)
    desk.work(stop)
    assert desk.statuses == ['approved']
    left = [title for title in titles if desk.exists(title)]
    assert 0 < len(left) < 3
    desk.work()
    assert desk.statuses == ['undone']
    assert not any(map(desk.exists, titles))


def test_pass_that_dies_before_it_says_so(
        desk: Desk, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    title = next(specimens)
    imported(desk, title)
    desk.edit(desk.admin, 'status = done', 'status = undo')
    desk.work()
    desk.approve(desk.admin)

    def die(*_arguments: object) -> bool:
        raise EditError('the line is cut')

    with monkeypatch.context() as patch:
        patch.setattr(Board, 'change', die)
        assert desk.work().failed == 1
    assert not desk.exists(title)
    assert desk.statuses == ['approved']
    assert desk.work().failed == 0
    assert desk.statuses == ['undone']
    assert desk.work().treated == 0


@pytest.mark.parametrize('mark', ['', MARK])
def test_bot_that_may_not_delete(box: Box, mark: str) -> None:
    desk = Desk(box, deletion=mark)
    title = f'To be marked {bool(mark)}'
    box.on_source().edit(title, 'theirs')
    imported(desk, title)
    desk.edit(desk.admin, 'status = done', 'status = undo')
    desk.work()
    if mark:
        desk.approve(desk.admin)
        desk.work()
        assert desk.admin.text(title) == f'{MARK}\ntheirs'
    assert desk.statuses == ['partial']
    if not mark:
        assert f'* [[:{title}]]' in desk.answers()[-1]
        assert desk.admin.text(title) == 'theirs'
