"""Undo by request: asked for, shown, agreed to, done, and said once."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from importbot.model.errors import EditError
from importbot.requestpages.page.store import PageStore
from importbot.requestpages.passes.stop import Stop
from tests.kit.request_bot import ANNA, imported
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import RELEASES, Box, Client


BERND = 'Bernd Neumann'
SETTINGS = "$wgGroupPermissions['importer']['delete'] = true;"


@pytest.fixture(scope='module', params=RELEASES)
def box(request: pytest.FixtureRequest,
        tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis; on the target the bot may delete."""
    with Box(tmp_path_factory.mktemp('eraser'), request.param, empty=True,
             settings=SETTINGS) as box:
        yield box


def test_asked_for_shown_agreed_to_and_done(
        wiki: RequestWiki, specimens: Iterator[str]) -> None:
    first, second = next(specimens), next(specimens)
    imported(wiki, first, second)
    wiki.edit(wiki.admin, 'status = done', 'status = undo')
    wiki.work()
    assert wiki.statuses == ['review']
    assert wiki.exists(first), 'only shown'
    shown = wiki.answers()[-1]
    assert first in shown and second in shown and 'Administrators' in shown
    assert wiki.requests[0].plan in shown
    assert wiki.work().treated == 0

    wiki.approve(wiki.admin)
    assert wiki.work().failed == 0
    assert wiki.statuses == ['undone']
    assert not wiki.exists(first) and not wiki.exists(second)
    assert 'Run 1 was undone' in wiki.answers()[-1]
    log = wiki.admin.text(wiki.log_page)
    assert 'undone, approved by' in log and 'Admin' in log
    assert wiki.work().treated == 0
    assert len(wiki.answers()) == 4


def test_who_may_not_approve_may_not_undo(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    title = next(specimens)
    imported(wiki, title)
    wiki.edit(anna, 'status = done', 'status = undo')
    wiki.work()
    assert wiki.statuses == ['done']
    assert ANNA in wiki.answers()[-1]
    assert 'Administrators' in wiki.answers()[-1]
    # Somebody who may asks for it, somebody who may not agrees to it.
    wiki.edit(wiki.admin, 'status = done', 'status = undo')
    wiki.work()
    wiki.approve(anna)
    wiki.work()
    assert wiki.statuses == ['review']
    assert wiki.exists(title)
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.statuses == ['undone']


def test_requester_may_ask_for_what_nobody_had_to_agree_to(
        box: Box, anna: Client, specimens: Iterator[str]) -> None:
    wiki = RequestWiki(box, rules=[{'name': 'free', 'approval': False}])
    title = next(specimens)
    wiki.file(title, anna)
    wiki.work()
    assert wiki.statuses == ['done']
    wiki.edit(anna, 'status = done', 'status = undo')
    wiki.work()
    assert wiki.statuses == ['review']
    wiki.approve(anna)
    wiki.work()
    assert wiki.statuses == ['review'], 'deleting needs somebody else'
    assert wiki.exists(title)


def test_what_was_edited_since_is_left_to_people(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    kept, gone = next(specimens), next(specimens)
    imported(wiki, kept, gone)
    anna.edit(kept, 'much better now')
    wiki.edit(wiki.admin, 'status = done', 'status = undo')
    wiki.work()
    assert 'edited since' in wiki.answers()[-1]
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.statuses == ['partial']
    assert not wiki.exists(gone)
    assert wiki.admin.text(kept) == 'much better now'


def test_edit_after_the_plan_was_shown_brings_it_back_to_review(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    title, other = next(specimens), next(specimens)
    imported(wiki, title, other)
    wiki.edit(wiki.admin, 'status = done', 'status = undo')
    wiki.work()
    plan = wiki.requests[0].plan
    wiki.approve(wiki.admin)
    # What is done by now, or is left alone by now, needs no new consent;
    # what is to be done to another revision does.
    wiki.admin.do('delete', title=other)
    anna.edit(title, 'somebody was here')
    wiki.work()
    assert wiki.admin.text(title) == 'somebody was here'
    assert wiki.statuses == ['partial']
    assert wiki.requests[0].plan == plan


def test_declined_undo_is_left_alone(wiki: RequestWiki,
                                     specimens: Iterator[str]) -> None:
    title = next(specimens)
    imported(wiki, title)
    wiki.edit(wiki.admin, 'status = done', 'status = undo')
    wiki.work()
    wiki.edit(wiki.admin, 'status = review', 'status = declined')
    assert wiki.work().treated == 0
    assert wiki.exists(title)


def test_stop_between_pages_and_the_next_pass(
        wiki: RequestWiki, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    titles = [next(specimens) for _ in range(3)]
    imported(wiki, *titles)
    wiki.edit(wiki.admin, 'status = done', 'status = undo')
    wiki.work()
    wiki.approve(wiki.admin)
    asked = iter([False, False, True])
    stop = Stop()
    real = stop.asked

    def ask() -> bool:
        if next(asked, True):
            stop.reason = 'told to'
        return bool(stop.reason) or real()

    monkeypatch.setattr(stop, 'asked', ask)
    wiki.work(stop)
    assert wiki.statuses == ['approved']
    left = [title for title in titles if wiki.exists(title)]
    assert 0 < len(left) < 3
    wiki.work()
    assert wiki.statuses == ['undone']
    assert not any(map(wiki.exists, titles))


def test_pass_that_dies_before_it_says_so(
        wiki: RequestWiki, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    title = next(specimens)
    imported(wiki, title)
    wiki.edit(wiki.admin, 'status = done', 'status = undo')
    wiki.work()
    wiki.approve(wiki.admin)

    def die(*_arguments: object) -> bool:
        raise EditError('the line is cut')

    with monkeypatch.context() as patch:
        patch.setattr(PageStore, 'change', die)
        assert wiki.work().failed == 1
    assert not wiki.exists(title)
    assert wiki.statuses == ['approved']
    assert wiki.work().failed == 0
    assert wiki.statuses == ['undone']
    assert wiki.work().treated == 0
