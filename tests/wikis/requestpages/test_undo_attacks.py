"""Attempts to have undone what one may not, and what else befalls an undo.
"""
from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from importbot.applying.run import Places, Run
from importbot.model.errors import EditError
from importbot.requestpages.page.store import PageStore
from importbot.requestpages.passes import reply_text, subpages
from tests.kit.attacks import Visitor, give_group, take_group
from tests.kit.request_bot import imported, take
from tests.kit.request_wiki import RequestWiki
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


CHIEF = 'Chief'
SETTINGS = """
$wgGroupPermissions['importer']['delete'] = true;
if ( is_file( __DIR__ . '/readonly' ) ) {
    $wgReadOnly = 'Moving to another house';
}
"""


@pytest.fixture(scope='module')
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis; on the target the bot may delete."""
    with Box(tmp_path_factory.mktemp('eraser'), empty=True,
             settings=SETTINGS) as box:
        yield box


@pytest.fixture
def chief(wiki: RequestWiki) -> Iterator[Client]:
    """Somebody who may approve, until something else is said."""
    yield wiki.person(CHIEF, 'sysop')
    give_group(wiki, CHIEF, 'sysop')
    wiki.admin._send(action='unblock', user=CHIEF, token=wiki.admin.get(
        meta='tokens')['tokens']['csrftoken'])


def undo_shown(wiki: RequestWiki, *titles: str) -> None:
    """Have the undo of a request for some pages wait for approval."""
    imported(wiki, *titles)
    wiki.edit(wiki.admin, 'status = done', 'status = undo')
    assert wiki.work().failed == 0
    assert wiki.statuses[-1] == 'review'


# Others while it waits

def test_other_requests_are_planned_while_an_undo_waits(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    first, second = take(specimens, 2)
    undo_shown(wiki, first)
    wiki.file(second, anna)
    assert wiki.work().failed == 0
    assert wiki.statuses == ['review', 'review']


# Who says so

def test_nobody_who_is_not_logged_in(wiki: RequestWiki,
                                     specimens: Iterator[str]) -> None:
    title, = take(specimens)
    imported(wiki, title)
    visitor = Visitor(wiki.box.target_base)
    wiki.edit(visitor, 'status = done', 'status = undo')
    wiki.work()
    assert wiki.statuses == ['done']
    assert 'cannot have this undone' in wiki.answers()[-1]
    assert wiki.exists(title)


def test_waiting_undo_is_not_cancelled_by_who_may_not(
        wiki: RequestWiki, mallory: Client, specimens: Iterator[str]) -> None:
    title, = take(specimens)
    undo_shown(wiki, title)
    plan = wiki.requests[0].plan
    wiki.edit(mallory, plan, '0123456789abcdef')
    wiki.work()
    assert wiki.statuses == ['review']
    assert wiki.requests[0].plan == plan
    wiki.edit(mallory, 'status = review', 'status = undo')
    wiki.work()
    assert wiki.statuses == ['review']
    assert wiki.requests[0].plan == plan
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.statuses == ['undone']


def test_plan_that_nobody_was_shown(wiki: RequestWiki, mallory: Client,
                                    specimens: Iterator[str]) -> None:
    title, = take(specimens)
    undo_shown(wiki, title)
    plan = wiki.requests[0].plan
    wiki.edit(mallory, plan, '0123456789abcdef')
    # Who approves that has not seen it.
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.statuses == ['review']
    assert wiki.requests[0].plan == plan
    assert wiki.exists(title)


def test_approval_that_is_written_along_with_a_copy(
        wiki: RequestWiki, mallory: Client, specimens: Iterator[str]) -> None:
    title, = take(specimens)
    undo_shown(wiki, title)
    text = wiki.text
    copy = text.replace('status = review', 'status = approved')
    mallory.edit(wiki.page, f'{copy}\n{text}')
    wiki.work()
    assert wiki.exists(title)
    assert 'undone' not in wiki.statuses


def test_copy_on_another_request_page(wiki: RequestWiki, mallory: Client,
                                      specimens: Iterator[str]) -> None:
    title, = take(specimens)
    other = f'{wiki.page} too'
    wiki.configure(pages=[wiki.page, other])
    wiki.admin.edit(other, 'Requests go here.')
    undo_shown(wiki, title)
    mallory.edit(other, wiki.text.replace('status = review',
                                          'status = approved'))
    assert wiki.work().failed == 0
    assert wiki.exists(title)
    assert wiki.statuses == ['review']


@pytest.mark.parametrize('loses', ['group', 'leave to edit'])
def test_approver_who_may_not_any_more(
        wiki: RequestWiki, chief: Client, specimens: Iterator[str],
        loses: str) -> None:
    title, = take(specimens)
    undo_shown(wiki, title)
    wiki.approve(chief)
    if loses == 'group':
        take_group(wiki, CHIEF, 'sysop')
    else:
        wiki.admin.do('block', user=CHIEF)
    wiki.work()
    assert wiki.statuses == ['review']
    assert CHIEF in wiki.answers()[-1]
    assert wiki.exists(title)


def test_group_that_may_approve_no_more(
        wiki: RequestWiki, chief: Client, specimens: Iterator[str]) -> None:
    """The configuration has been changed since the import."""
    title, = take(specimens)
    wiki.configure(groups=['bureaucrat', 'sysop'])
    undo_shown(wiki, title)
    wiki.configure(groups=['bureaucrat'])
    wiki.approve(chief)
    wiki.work()
    assert wiki.statuses == ['review']
    assert wiki.exists(title)
    assert 'sysop' not in wiki.answers()[-1]
    give_group(wiki, CHIEF, 'bureaucrat')
    try:
        wiki.edit(wiki.admin, 'status = review', 'status = declined')
        wiki.edit(chief, 'status = declined', 'status = approved')
        wiki.work()
        assert wiki.statuses == ['undone']
    finally:
        take_group(wiki, CHIEF, 'bureaucrat')


# What is said

def test_bot_that_died_says_afterwards_what_it_did(
        wiki: RequestWiki, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    title, = take(specimens)
    undo_shown(wiki, title)
    wiki.approve(wiki.admin)

    def die(*_arguments: object) -> bool:
        raise EditError('the line is cut')

    with monkeypatch.context() as patch:
        patch.setattr(PageStore, 'change', die)
        assert wiki.work().failed == 1
    assert wiki.work().failed == 0
    assert wiki.statuses == ['undone']
    assert 'Run 1 was undone by run 2' in wiki.answers()[-1]
    assert 'nothing' not in wiki.answers()[-1]
    log = wiki.admin.text(wiki.log_page)
    assert 'undone, approved by' in log and 'Admin' in log
    assert len(wiki.answers()) == 4


def test_what_could_not_be_done_is_not_said_to_be(
        wiki: RequestWiki, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = take(specimens, 2)
    undo_shown(wiki, first, second)
    wiki.approve(wiki.admin)
    real = Run.apply

    def edited(self: Run[Any], batch: Places) -> object:
        title = str(self.plan.pages[batch[0]].title)
        if title == first:
            wiki.admin.edit(title, 'better')
        return real(self, batch)

    monkeypatch.setattr(Run, 'apply', edited)
    wiki.work()
    assert wiki.exists(first) and not wiki.exists(second)
    assert 'was undone by' not in wiki.answers()[-1]
    assert 'in part' in wiki.answers()[-1]
    assert wiki.statuses == ['partial']


def test_wiki_that_goes_read_only_on_the_way(
        wiki: RequestWiki, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    titles = take(specimens, 3)
    undo_shown(wiki, *titles)
    wiki.approve(wiki.admin)
    switch = Path(wiki.box.folder, 'target', 'readonly')
    real, done = Run.apply, []

    def apply(self: Run[Any], batch: Places) -> object:
        if done:
            switch.touch()
        done.append(batch)
        return real(self, batch)

    monkeypatch.setattr('pywikibot.config.retry_wait', 0)
    monkeypatch.setattr('pywikibot.config.max_retries', 1)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(Run, 'apply', apply)
            assert wiki.work().failed == 1
    finally:
        switch.unlink()
    assert wiki.statuses == ['approved']
    assert sum(map(wiki.exists, titles)) == 2
    assert wiki.work().failed == 0
    assert wiki.statuses == ['undone']
    assert not any(map(wiki.exists, titles))
    assert 'Run 1 was undone by run 2, 3' in wiki.answers()[-1]


@pytest.mark.parametrize('few', [
    True, pytest.param(False, marks=pytest.mark.soak)])
def test_request_page_bears_an_undo_of_many_pages(
        wiki: RequestWiki, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch, few: bool) -> None:
    if few:
        for module in (reply_text, subpages):
            monkeypatch.setattr(module, 'MOST_SHOWN', 2)
            monkeypatch.setattr(module, 'MOST_FOLDED', 4)
    titles = take(specimens, 7) if few else [
        *put_specimens(wiki.box, 130, 'Help:')]
    wiki.configure(limits={'titles': 200})
    undo_shown(wiki, *titles)
    shown = wiki.answers()[-1]
    assert len(shown) < 10_000
    subpage = f'{wiki.page}/{wiki.requests[0].id}/undo'
    assert f'[[:{subpage}]]' in shown
    assert all(title in wiki.admin.text(subpage) for title in titles)
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.statuses == ['undone']
    assert len(wiki.answers()[-1]) < 10_000
    assert 'undone and checked' in wiki.admin.text(subpage)


def test_hostile_titles_are_shown_as_titles(wiki: RequestWiki) -> None:
    titles = ["''Not'' italic", '--Not signed', '(mailto:not@example.org)',
              '=No heading=']
    for title in titles:
        wiki.box.on_source().edit(f':{title}', 'text')
    imported(wiki, *titles)
    for title in titles:
        wiki.admin.edit(f':{title}', 'edited since')
    wiki.edit(wiki.admin, 'status = done', 'status = undo')
    wiki.work()
    html = wiki.admin.session.get(wiki.admin.api, params={
        'action': 'parse', 'text': wiki.answers()[-1], 'format': 'json',
        'formatversion': 2, 'prop': 'text', 'disableeditsection': 1,
    }).json()['parse']['text']
    assert '<i>' not in html and '<h1' not in html
    assert 'href="mailto' not in html and 'class="external' not in html
    for title in titles:
        assert f'>{title}<' in unescape(html)


# Before the import is at its end

def test_undo_of_an_import_that_was_cut(wiki: RequestWiki,
                                        cut: list[str]) -> None:
    wiki.edit(wiki.admin, 'status = importing', 'status = undo')
    for _pass in range(3):
        assert wiki.work().failed == 0
    assert not wiki.exists(cut[2]), 'it does not go on'
    assert wiki.statuses == ['review']
    wiki.approve(wiki.admin)
    assert wiki.work().failed == 0
    assert wiki.statuses == ['undone'], wiki.text
    assert not any(map(wiki.exists, cut))


def test_undo_of_an_import_that_was_cut_by_who_may_not(
        wiki: RequestWiki, cut: list[str], mallory: Client) -> None:
    wiki.edit(mallory, 'status = importing', 'status = undo')
    for _pass in range(3):
        assert wiki.work().failed == 0
    assert wiki.statuses == ['partial']
    assert wiki.exists(cut[0]) and not wiki.exists(cut[2])
