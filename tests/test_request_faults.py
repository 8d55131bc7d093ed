"""What breaks while requests are treated: all is done once, or said.

Wikis and processes are real; the proxy takes answers away and kills.
"""
from __future__ import annotations

import itertools
import json
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import pywikibot

from importbot.commands.requestsbot import TASK
from importbot.flows import reconcile
from importbot.flows.leases import acquire
from importbot.requestpages import clerk as clerks
from importbot.requestpages.stopping import Stop
from tests.desk import Desk
from tests.proxy import Exchange
from tests.requestbot import (
    Bot,
    edits,
    is_over,
    left_open,
    logged,
    options_of,
    passes,
    settle,
    was_imported_once,
)
from tests.specimens import put_specimens
from tests.support import Box, Client


pytestmark = pytest.mark.wiki

ANNA = 'Anna Petit'
ALWAYS = 10 ** 6
OWN = {'name': 'own user space', 'ownuserspace': True, 'missing': True,
       'maxtemplates': 0, 'maxrevisions': 200, 'approval': False}


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


def take(specimens: Iterator[str], count: int = 1) -> list[str]:
    return [next(specimens) for _number in range(count)]


# Killed

def killed_at(desk: Desk, hits: Callable[[Exchange], bool],
              arrives: bool) -> None:
    """Make a pass that dies at a request, before or after the wiki.

    :param hits: whether it is this request
    :param arrives: whether the wiki gets it
    """
    with desk.box.target.broken(hits=hits, forwards=arrives,
                                meanwhile=lambda: bot.kill()):
        bot = Bot(desk)
        run = bot.end()
    assert run.status == -signal.SIGKILL, run.output


def killed_twice(desk: Desk, hits: Callable[[Exchange], bool]) -> None:
    """Die before the wiki gets a request, then after it did it."""
    killed_at(desk, hits, arrives=False)
    killed_at(desk, hits, arrives=True)


def imports(title: str) -> Callable[[Exchange], bool]:
    return lambda exchange: (
        exchange.parameters.get('interwikipage') == title)


def says(desk: Desk, word: str) -> Callable[[Exchange], bool]:
    """Return what tells the edit that sets a request to a state."""
    is_edit = edits(desk.page)
    return lambda exchange: is_edit(exchange) and (
        f'status = {word}' in exchange.parameters.get('text', ''))


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


def test_question_killed_before_it_is_asked_again(
        desk: Desk, anna: Client) -> None:
    desk.file('No such page', anna)
    desk.work()
    desk.edit(anna, 'No such page', 'Nor this one')
    killed_twice(desk, says(desk, 'question'))
    settle(desk)
    assert desk.statuses == ['question']
    first, second = desk.answers()
    assert 'Nor this one' in second


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
    settle(desk)
    assert is_over(desk, title)


@pytest.mark.parametrize('seed', range(3))
def test_killed_at_random(desk: Desk, anna: Client, seed: int,
                          specimens: Iterator[str]) -> None:
    # At a random request, before or after the wiki, or some moments
    # later, when the bot may be writing into its journal.
    chance = random.Random(seed)
    titles = take(specimens, 2)
    desk.file('\n  '.join(titles), anna)
    for _kill in range(4):
        passed = itertools.count()
        number = chance.randrange(8, 45)
        later = chance.choice((None, .001, .01, .05))
        with desk.box.target.broken(
                hits=lambda _, passed=passed, number=number: (
                    next(passed) == number),
                forwards=later is not None or chance.random() < .5,
                cuts=later is None, meanwhile=lambda later=later: (
                    bot.kill() if later is None
                    else threading.Timer(later, bot.kill).start())):
            bot = Bot(desk)
            bot.end()
        if 'status = review' in desk.text:
            desk.approve(desk.admin)
    settle(desk)
    assert is_over(desk, *titles)
