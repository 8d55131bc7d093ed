"""Clean-ups that the configuration of request pages names."""
from __future__ import annotations

import itertools

import pytest

from tests.kit.request_wiki import Desk
from tests.kit.support import Box, Client


pytestmark = pytest.mark.wiki

TEXT = 'A rover.\n[[Category:Mars]]'
POST = ['note:Imported', 'nocategories']
_numbers = itertools.count(1)


@pytest.fixture(scope='module')
def anna(box: Box) -> Client:
    return Desk(box).person('Anna Petit')


@pytest.fixture
def desk(box: Box) -> Desk:
    return Desk(box, policy={'post': POST})


@pytest.fixture
def title(box: Box) -> str:
    title = f"Tidy ''{next(_numbers)}''"
    box.on_source().edit(title, TEXT)
    return title


def test_plan_says_what_is_cleaned_up(desk: Desk, anna: Client,
                                      title: str) -> None:
    desk.file(title, anna)
    assert desk.work().failed == 0
    answer, = desk.answers()
    shown = title.replace("''", "'&#39;")
    assert ('* Edited after the import by note:Imported, nocategories: '
            f'<bdi>[[:{shown}]]</bdi>') in answer
    assert 'The target has no "Template:Imported"' in answer
    desk.approve(desk.admin)
    assert desk.work().failed == 0
    assert desk.statuses == ['done']
    revision = desk.box.on_source().history(title)[0]['revid']
    assert desk.admin.text(title) == (
        f'A rover.\n{{{{Imported|en|{title}|{revision}}}}}\n'
        '<!-- [[Category:Mars]] -->')


def test_other_cleanups_now_are_another_plan(desk: Desk, anna: Client,
                                             title: str) -> None:
    desk.file(title, anna)
    desk.work()
    desk.approve(desk.admin)
    desk.box.on_source().edit(title, 'A rover.')
    desk.work()
    assert desk.statuses == ['review']
    assert not desk.exists(title)
    last = desk.answers()[-1]
    assert 'the plan is another one by now' in last
    assert (': import, not on the target, note:Imported, nocategories, now '
            'import, not on the target, note:Imported\n') in last
    assert 'Edited after the import by note:Imported: ' in last


def test_request_cannot_name_one(box: Box, anna: Client,
                                 title: str) -> None:
    desk = Desk(box)
    desk.file(title, anna, post='nocategories')
    desk.work()
    answer, = desk.answers()
    assert 'Parameters that mean nothing here: post' in answer
    desk.approve(desk.admin)
    desk.work()
    assert desk.admin.text(title) == TEXT


def test_cleanup_that_cannot_be_done_is_a_question(
        box: Box, anna: Client, title: str) -> None:
    desk = Desk(box, policy={'post': ['note:<b>']})
    desk.file(title, anna)
    assert desk.work().failed == 0
    assert desk.statuses == ['question']
    assert 'names no template' in desk.answers()[0]
