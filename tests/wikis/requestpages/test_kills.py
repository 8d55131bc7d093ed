"""Killed at any moment of the life of a request: all is done once.

Wikis and processes are real; the proxy before the wiki kills.
"""
from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Iterator

import pytest

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
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Client


pytestmark = pytest.mark.usefixtures('no_waiting_for_the_dead')
SPECIMENS = 90


def test_request_killed_at_every_write_of_its_life(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    first, second = titles = take(specimens, 2)
    wiki.file('\n  '.join(titles), anna)
    killed_twice(wiki, says(wiki, 'review'))
    settle(wiki, approves=False)
    assert wiki.statuses == ['review']
    assert len(wiki.answers()) == 1
    wiki.approve(wiki.admin)
    killed_twice(wiki, says(wiki, 'importing'))
    assert wiki.statuses == ['importing']
    killed_twice(wiki, imports(first))
    killed_twice(wiki, imports(second))
    killed_twice(wiki, says(wiki, 'done'))
    assert wiki.statuses == ['done']
    killed_twice(wiki, edits(wiki.log_page))
    # One real pass that nobody kills; is_over makes one more.
    run = passes(wiki)
    assert run.status == 0, run.output
    assert is_over(wiki, *titles)


def test_request_that_nobody_agrees_to_killed_at_every_write(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    wiki.configure(rules=[OWN])
    title, = take(specimens)
    wiki.file(f'{title} → User:{ANNA}/{title}', anna)
    killed_at(wiki, says(wiki, 'importing'), arrives=False)
    # The id of the dead is not lost, and not given a second time.
    [id] = wiki.log.open()
    killed_at(wiki, says(wiki, 'importing'), arrives=True)
    assert [request.id for request in wiki.requests] == [id]
    before = len(wiki.box.target.imports_done)
    killed_at(wiki, lambda exchange: exchange.is_import, arrives=True)
    killed_at(wiki, edits(wiki.log_page), arrives=True)
    settle(wiki)
    assert is_over(wiki, answers=1)
    assert len(wiki.box.target.imports_done) == before + 1
    assert len(wiki.admin.imports(f'User:{ANNA}/{title}')) == 1


@pytest.mark.parametrize('source', ['en', 'xx'])
def test_question_killed_before_it_is_asked_again(
        wiki: RequestWiki, anna: Client, source: str) -> None:
    wiki.file('No such page', anna, source=source)
    wiki.work()
    wiki.edit(anna, 'No such page', 'Nor this one')
    killed_twice(wiki, says(wiki, 'question'))
    settle(wiki)
    assert wiki.statuses == ['question']
    assert len(wiki.answers()) == 2


def test_end_without_an_import_killed(wiki: RequestWiki, anna: Client,
                                      specimens: Iterator[str]) -> None:
    # All is there already: the answer ends the request.
    title, = take(specimens)
    wiki.file(title, anna)
    settle(wiki)
    other = RequestWiki(wiki.box)
    other.file(title, anna)
    killed_twice(other, says(other, 'done'))
    settle(other)
    assert other.statuses == ['done']
    assert len(other.answers()) == 1
    other.journal.close()


def test_approval_taken_back_while_the_bot_was_dead(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    # The journal says "importing", but nobody has seen that.
    title, = take(specimens)
    wiki.file(title, anna)
    wiki.work()
    wiki.approve(wiki.admin)
    killed_at(wiki, says(wiki, 'importing'), arrives=False)
    wiki.edit(wiki.admin, 'status = approved', 'status = review')
    settle(wiki, approves=False)
    assert wiki.statuses == ['review']
    assert not wiki.exists(title)
    # Approved as before, it looks like a revert, which approves nothing.
    settle(wiki)
    assert is_over(wiki, title, answers=3)


@pytest.mark.parametrize('seed', [
    0, pytest.param(1, marks=pytest.mark.soak)])
def test_killed_at_random(wiki: RequestWiki, anna: Client, seed: int,
                          specimens: Iterator[str]) -> None:
    # At a random request, before or after the wiki, or some moments
    # later, when the bot may be writing into its journal.
    chance = random.Random(seed)
    titles = take(specimens, 2)
    wiki.file('\n  '.join(titles), anna)
    bots: list[Bot] = []

    def kill(later: float) -> None:
        threading.Timer(later, bots[-1].kill).start()

    for _kill in range(5):
        countdown = itertools.count(-chance.randrange(8, 45))
        later = chance.choice((0, .001, .01, .05))
        with wiki.box.target.broken(
                hits=lambda _, countdown=countdown: not next(countdown),
                forwards=later or chance.random() < .5, cuts=not later,
                meanwhile=lambda later=later: kill(later)):
            bots.append(Bot(wiki))
            bots[-1].end()
        if 'status = review' in wiki.text:
            wiki.approve(wiki.admin)
    settle(wiki)
    assert is_over(wiki, *titles)


# A run that was cut, and what people do meanwhile

def imported(wiki: RequestWiki, titles: list[str]) -> list[int]:
    return [len(wiki.admin.imports(title)) for title in titles]


def test_cut_and_withdrawn(wiki: RequestWiki, anna: Client, cut: list[str],
                           specimens: Iterator[str]) -> None:
    wiki.edit(anna, 'status = importing', 'status = withdrawn')
    settle(wiki)
    assert imported(wiki, cut) == [1, 1, 0]
    assert wiki.statuses == ['withdrawn']
    # Others are not kept out by it.
    title, = take(specimens)
    wiki.file(title, anna)
    settle(wiki)
    assert wiki.statuses == ['withdrawn', 'done']
    assert imported(wiki, [title]) == [1]


def test_cut_and_edited(wiki: RequestWiki, anna: Client, cut: list[str],
                        specimens: Iterator[str]) -> None:
    other, = take(specimens)
    wiki.edit(anna, cut[2], other)
    settle(wiki)
    assert imported(wiki, [*cut, other]) == [1, 1, 0, 0]
    assert wiki.statuses == ['partial']
    assert len(wiki.answers()) == 2
    assert logged(wiki) == 1
    assert left_open(wiki) == []


def test_cut_and_vanished(wiki: RequestWiki, anna: Client,
                          cut: list[str]) -> None:
    before = wiki.text
    anna.edit(wiki.page, 'Nothing to see here.')
    settle(wiki)
    assert imported(wiki, cut) == [1, 1, 0]
    assert wiki.text == 'Nothing to see here.'
    wiki.admin.edit(wiki.page, before)
    settle(wiki)
    # Who brings the page back does not thereby agree to the rest.
    assert imported(wiki, cut) == [1, 1, 0]
    assert wiki.statuses == ['partial']
    assert len(wiki.answers()) == 2
    assert left_open(wiki) == []


def test_cut_and_moved(wiki: RequestWiki, cut: list[str]) -> None:
    old, new = wiki.page, f'{wiki.page} (new)'
    wiki.admin.do('move', **{'from': old, 'to': new})
    request_pass = wiki.work()
    assert (request_pass.treated, request_pass.failed) == (0, 1)
    assert imported(wiki, cut) == [1, 1, 0]
    wiki.page = new
    wiki.configure()
    settle(wiki)
    assert is_over(wiki, *cut)
