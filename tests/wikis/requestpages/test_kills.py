"""Killed at any moment of the life of a request: all is done once.

Wikis and processes are real; the proxy before the wiki kills.
"""
from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Iterator

import pytest
import pywikibot

from importbot.applying import reconcile
from tests.kit.request_bot import (
    ANNA,
    OWN,
    Bot,
    edits,
    imports,
    is_over,
    killed_at,
    killed_twice,
    left_open,
    logged,
    passes,
    says,
    settle,
    take,
)
from tests.kit.request_wiki import Desk
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


pytestmark = pytest.mark.wiki


@pytest.fixture(scope='module')
def anna(box: Box) -> Client:
    return Desk(box).person(ANNA)


@pytest.fixture(scope='module')
def specimens(box: Box) -> Iterator[str]:
    return put_specimens(box, 90)


@pytest.fixture
def desk(box: Box) -> Iterator[Desk]:
    desk = Desk(box)
    yield desk
    desk.journal.close()


@pytest.fixture(autouse=True)
def _no_waiting_for_the_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, '_PAUSE', .3)
    monkeypatch.setattr(pywikibot.config, 'retry_wait', 0)


def test_request_killed_at_every_write_of_its_life(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    first, second = titles = take(specimens, 2)
    desk.file('\n  '.join(titles), anna)
    killed_twice(desk, says(desk, 'review'))
    settle(desk, approves=False)
    assert desk.statuses == ['review']
    assert len(desk.answers()) == 1
    desk.approve(desk.admin)
    killed_twice(desk, says(desk, 'importing'))
    assert desk.statuses == ['importing']
    killed_twice(desk, imports(first))
    killed_twice(desk, imports(second))
    killed_twice(desk, says(desk, 'done'))
    assert desk.statuses == ['done']
    killed_twice(desk, edits(desk.log_page))
    # One real pass that nobody kills; is_over makes one more.
    run = passes(desk)
    assert run.status == 0, run.output
    assert is_over(desk, *titles)


def test_request_that_nobody_agrees_to_killed_at_every_write(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    desk.configure(rules=[OWN])
    title, = take(specimens)
    desk.file(f'{title} → User:{ANNA}/{title}', anna)
    killed_at(desk, says(desk, 'importing'), arrives=False)
    # The id of the dead is not lost, and not given a second time.
    [id] = desk.log.open()
    killed_at(desk, says(desk, 'importing'), arrives=True)
    assert [request.id for request in desk.requests] == [id]
    before = len(desk.box.target.imports_done)
    killed_at(desk, lambda exchange: exchange.is_import, arrives=True)
    killed_at(desk, edits(desk.log_page), arrives=True)
    settle(desk)
    assert is_over(desk, answers=1)
    assert len(desk.box.target.imports_done) == before + 1
    assert len(desk.admin.imports(f'User:{ANNA}/{title}')) == 1


@pytest.mark.parametrize('source', ['en', 'xx'])
def test_question_killed_before_it_is_asked_again(
        desk: Desk, anna: Client, source: str) -> None:
    desk.file('No such page', anna, source=source)
    desk.work()
    desk.edit(anna, 'No such page', 'Nor this one')
    killed_twice(desk, says(desk, 'question'))
    settle(desk)
    assert desk.statuses == ['question']
    assert len(desk.answers()) == 2


def test_end_without_an_import_killed(desk: Desk, anna: Client,
                                      specimens: Iterator[str]) -> None:
    # All is there already: the answer ends the request.
    title, = take(specimens)
    desk.file(title, anna)
    settle(desk)
    other = Desk(desk.box)
    other.file(title, anna)
    killed_twice(other, says(other, 'done'))
    settle(other)
    assert other.statuses == ['done']
    assert len(other.answers()) == 1
    other.journal.close()


def test_approval_taken_back_while_the_bot_was_dead(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    # The journal says "importing", but nobody has seen that.
    title, = take(specimens)
    desk.file(title, anna)
    desk.work()
    desk.approve(desk.admin)
    killed_at(desk, says(desk, 'importing'), arrives=False)
    desk.edit(desk.admin, 'status = approved', 'status = review')
    settle(desk, approves=False)
    assert desk.statuses == ['review']
    assert not desk.exists(title)
    # Approved as before, it looks like a revert, which approves nothing.
    settle(desk)
    assert is_over(desk, title, answers=3)


@pytest.mark.parametrize('seed', range(2))
def test_killed_at_random(desk: Desk, anna: Client, seed: int,
                          specimens: Iterator[str]) -> None:
    # At a random request, before or after the wiki, or some moments
    # later, when the bot may be writing into its journal.
    chance = random.Random(seed)
    titles = take(specimens, 2)
    desk.file('\n  '.join(titles), anna)
    bots: list[Bot] = []

    def kill(later: float) -> None:
        threading.Timer(later, bots[-1].kill).start()

    for _kill in range(5):
        countdown = itertools.count(-chance.randrange(8, 45))
        later = chance.choice((0, .001, .01, .05))
        with desk.box.target.broken(
                hits=lambda _, countdown=countdown: not next(countdown),
                forwards=later or chance.random() < .5, cuts=not later,
                meanwhile=lambda later=later: kill(later)):
            bots.append(Bot(desk))
            bots[-1].end()
        if 'status = review' in desk.text:
            desk.approve(desk.admin)
    settle(desk)
    assert is_over(desk, *titles)


# A run that was cut, and what people do meanwhile

@pytest.fixture
def cut(desk: Desk, anna: Client, specimens: Iterator[str]) -> list[str]:
    """A request whose run was killed behind the first of three pages."""
    # In the order of a plan.
    titles = sorted(take(specimens, 3))
    desk.file('\n  '.join(titles), anna)
    desk.work()
    desk.approve(desk.admin)
    killed_at(desk, imports(titles[1]), arrives=True)
    assert desk.statuses == ['importing']
    return titles


def imported(desk: Desk, titles: list[str]) -> list[int]:
    return [len(desk.admin.imports(title)) for title in titles]


def test_cut_and_withdrawn(desk: Desk, anna: Client, cut: list[str],
                           specimens: Iterator[str]) -> None:
    desk.edit(anna, 'status = importing', 'status = withdrawn')
    settle(desk)
    assert imported(desk, cut) == [1, 1, 0]
    assert desk.statuses == ['withdrawn']
    # Others are not kept out by it.
    title, = take(specimens)
    desk.file(title, anna)
    settle(desk)
    assert desk.statuses == ['withdrawn', 'done']
    assert imported(desk, [title]) == [1]


def test_cut_and_edited(desk: Desk, anna: Client, cut: list[str],
                        specimens: Iterator[str]) -> None:
    other, = take(specimens)
    desk.edit(anna, cut[2], other)
    settle(desk)
    assert imported(desk, [*cut, other]) == [1, 1, 0, 0]
    assert desk.statuses == ['partial']
    assert len(desk.answers()) == 2
    assert logged(desk) == 1
    assert left_open(desk) == []


def test_cut_and_vanished(desk: Desk, anna: Client, cut: list[str]) -> None:
    before = desk.text
    anna.edit(desk.page, 'Nothing to see here.')
    settle(desk)
    assert imported(desk, cut) == [1, 1, 0]
    assert desk.text == 'Nothing to see here.'
    desk.admin.edit(desk.page, before)
    settle(desk)
    # Who brings the page back does not thereby agree to the rest.
    assert imported(desk, cut) == [1, 1, 0]
    assert desk.statuses == ['partial']
    assert len(desk.answers()) == 2
    assert left_open(desk) == []


def test_cut_and_moved(desk: Desk, cut: list[str]) -> None:
    old, new = desk.page, f'{desk.page} (new)'
    desk.admin.do('move', **{'from': old, 'to': new})
    clerk = desk.work()
    assert (clerk.treated, clerk.failed) == (0, 1)
    assert imported(desk, cut) == [1, 1, 0]
    desk.page = new
    desk.configure()
    settle(desk)
    assert is_over(desk, *cut)
