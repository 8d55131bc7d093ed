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
from importbot.requestpages.stopping import Stop
from tests.desk import Desk
from tests.proxy import Exchange
from tests.requestbot import (
    Bot,
    edits,
    is_over,
    left_open,
    logged,
    passes,
    settle,
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
    bots: list[Bot] = []

    def kill(later: float) -> None:
        threading.Timer(later, bots[-1].kill).start()

    for _kill in range(4):
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


# Answers are lost, wikis are down

def first_of(*writes: Callable[[Exchange], bool]) -> Callable[
        [Exchange], bool]:
    """Return what tells the first request of each kind."""
    left = list(writes)

    def hits(exchange: Exchange) -> bool:
        for write in left:
            if write(exchange):
                left.remove(write)
                return True
        return False

    return hits


def any_of(*writes: Callable[[Exchange], bool]) -> Callable[
        [Exchange], bool]:
    return lambda exchange: any(write(exchange) for write in writes)


def test_answers_to_edits_are_lost_once(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    # pywikibot sends an edit again; the wiki has done it already.
    title, = take(specimens)
    desk.file(title, anna)
    states = [says(desk, word) for word in ('review', 'importing', 'done')]
    with desk.box.target.broken(hits=first_of(*states), times=ALWAYS):
        assert not desk.work().failed
        desk.approve(desk.admin)
        assert not desk.work().failed
    assert is_over(desk, title)


def test_answers_to_edits_never_come(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    title, = take(specimens)
    desk.file(title, anna)
    writes = (says(desk, 'review'), says(desk, 'importing'),
              says(desk, 'done'), edits(desk.log_page))
    for write in writes:
        if write is writes[1]:
            settle(desk, approves=False)
            desk.approve(desk.admin)
        with desk.box.target.broken(hits=write, times=ALWAYS):
            clerk = desk.work()
        assert clerk.failed == 1
    settle(desk)
    assert is_over(desk, title)


def refusal(code: str, **more: Any) -> dict[str, Any]:
    """Return a fault: the wiki says so itself."""
    return {'status': 200, 'body': json.dumps({'error': {
        'code': code, 'info': code, **more}}).encode()}


REFUSALS = {
    'cut': {}, '502': {'status': 502}, '503': {'status': 503},
    'maxlag': refusal('maxlag', lag=.1, host='db', type='db'),
    'readonly': refusal('readonly', readonlyreason='upgrade'),
    'database': refusal('internal_api_error_DBQueryError'),
    'blocked': refusal('blocked')}


def test_wiki_that_takes_no_edits_is_asked_again_later(
        desk: Desk, anna: Client) -> None:
    desk.file('Foo', anna, source='xx')
    before = desk.text
    for fault in REFUSALS.values():
        with desk.box.target.broken(hits=edits(desk.page), forwards=False,
                                    times=ALWAYS, **fault):
            clerk = desk.work()
        assert (clerk.treated, clerk.failed) == (0, 1), fault
        assert desk.text == before
    settle(desk)
    assert desk.statuses == ['question']
    assert len(desk.answers()) == 1
    # Seven passes died of it, and there is but one id.
    assert list(desk.log.open()) == [desk.requests[0].id]


@pytest.mark.parametrize('fault', ['503', 'maxlag', 'readonly'])
def test_wiki_that_takes_no_edits_for_a_moment(
        desk: Desk, anna: Client, fault: str) -> None:
    desk.file('Foo', anna, source='xx')
    with desk.box.target.broken(hits=edits(desk.page), forwards=False,
                                **REFUSALS[fault]):
        assert not desk.work().failed
    assert desk.statuses == ['question']
    assert len(desk.answers()) == 1


def test_failed_requests_are_counted_in_status_and_health(
        desk: Desk, anna: Client) -> None:
    desk.file('Foo', anna, source='xx')
    with desk.box.target.broken(hits=edits(desk.page), forwards=False,
                                times=ALWAYS, **REFUSALS['blocked']):
        run = passes(desk)
    assert run.status == 1, run.output
    assert 'Traceback' not in run.output
    assert desk.log.health(TASK)[1:] == (
        'error', 'requests treated: 0, failed: 1')
    run = passes(desk)
    assert run.status == 0, run.output
    when, state, detail = desk.log.health(TASK)
    assert when.startswith('20')
    assert (state, detail) == ('ok', 'requests treated: 1, failed: 0')


def test_source_down_is_no_answer(desk: Desk, anna: Client,
                                  specimens: Iterator[str]) -> None:
    title, = take(specimens)
    desk.file(title, anna)
    before = desk.text
    with desk.box.source.broken(hits=lambda _: True, forwards=False,
                                times=ALWAYS):
        assert desk.work().failed == 1
    assert desk.text == before
    desk.work()
    desk.approve(desk.admin)
    with desk.box.source.broken(
            hits=lambda exchange: 'Export' in exchange.path, forwards=False,
            times=ALWAYS):
        desk.work()
    settle(desk)
    assert len(desk.answers()) == 2
    assert logged(desk) == 1


# Told to stop

def waits_for(condition: Callable[[], object], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(.05)


@pytest.mark.parametrize(('number', 'status'), [
    (signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_signal_stops_before_the_next_call(
        desk: Desk, anna: Client, specimens: Iterator[str],
        number: signal.Signals, status: int) -> None:
    titles = take(specimens, 3)
    desk.file('\n  '.join(titles), anna)
    desk.work()
    desk.approve(desk.admin)
    with desk.box.target.broken(cuts=False,
                                meanwhile=lambda: bot.tell(number)):
        bot = Bot(desk)
        run = bot.end()
    assert run.status == status, run.output
    assert 'Traceback' not in run.output
    assert [desk.exists(title) for title in titles].count(True) == 1
    assert desk.statuses == ['importing']
    assert desk.log.health(TASK)[1] == 'stopped'
    settle(desk)
    assert is_over(desk, *titles)


def test_watch_makes_passes_until_it_is_told_to_stop(
        desk: Desk, anna: Client) -> None:
    bot = Bot(desk, '-watch:1')
    waits_for(lambda: desk.log.health(TASK))
    for number in (1, 2):
        desk.file(f'Foo {number}', anna, source='xx')
        waits_for(lambda number=number: desk.statuses.count('question')
                  == number)
    bot.tell(signal.SIGTERM)
    run = bot.end()
    assert run.status == 0, run.output
    assert run.output.count('Pass ended') >= 2


def test_pause_of_watch_ends_at_once(desk: Desk) -> None:
    bot = Bot(desk, '-watch')
    waits_for(lambda: desk.log.health(TASK))
    start = time.monotonic()
    bot.tell(signal.SIGTERM)
    run = bot.end()
    assert run.status == 0, run.output
    assert time.monotonic() - start < 5


def lose_newest_text(desk: Desk, title: str) -> None:
    """Let a wiki lose a text; a current one is never hidden."""
    path = desk.box.folder / 'target' / 'db' / 'wiki.sqlite'
    revision = desk.admin.history(title)[0]['revid']
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        content = connection.execute(
            'SELECT slot_content_id FROM slots WHERE slot_revision_id = ?',
            (revision, )).fetchone()
        connection.execute("UPDATE content SET content_address = 'tt:12345' "
                           'WHERE content_id = ?', content)
        connection.commit()


@pytest.mark.parametrize('state', ['missing', 'unreadable', 'empty', 'stop',
                                   'redirect'])
def test_stop_page_that_does_not_say_run_is_stop(
        desk: Desk, anna: Client, state: str) -> None:
    desk.file('Foo', anna, source='xx')
    before = desk.text
    if state == 'missing':
        desk.admin.do('delete', title=desk.stop_page)
    elif state == 'unreadable':
        desk.admin.edit(desk.stop_page, f'run <!-- {desk.page} -->')
        lose_newest_text(desk, desk.stop_page)
    else:
        desk.admin.edit(desk.stop_page, {
            'empty': '', 'stop': 'stop', 'redirect': '#REDIRECT [[Run]]'
        }[state])
    clerk = desk.work(stop := Stop())
    assert desk.stop_page in stop.reason
    assert clerk.treated == 0
    assert desk.text == before
    # What its absence means is said by the configuration.
    desk.configure(stop={'page': desk.stop_page, 'missing': 'run'})
    assert desk.work().treated == (state == 'missing')


# Two at once

def test_two_bots_started_at_once_treat_a_request_once(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    titles = take(specimens, 2)
    desk.file('\n  '.join(titles), anna)
    for status in ('review', 'done'):
        runs = [bot.end() for bot in (Bot(desk), Bot(desk))]
        assert sorted(run.status for run in runs) in ([0, 0], [0, 1]), runs
        for run in runs:
            assert ('Another bot' in run.output) == (run.status == 1)
            assert 'Traceback' not in run.output
        assert desk.statuses == [status]
        assert desk.log.health(TASK)[1] == 'ok'
        if status == 'review':
            desk.approve(desk.admin)
    assert is_over(desk, *titles)


@pytest.mark.parametrize('word', ['review', 'importing', 'done'])
def test_pass_whose_lease_lapsed_meets_the_next_one(
        desk: Desk, anna: Client, specimens: Iterator[str],
        word: str) -> None:
    # This process holds no lease: it is as if it had lapsed. The other
    # one makes a whole pass while our edit is on its way.
    titles = take(specimens, 2)
    desk.file('\n  '.join(titles), anna)
    if word != 'review':
        desk.work()
        desk.approve(desk.admin)
    others = []

    def hits(exchange: Exchange) -> bool:
        if not others and says(desk, word)(exchange):
            others.append(None)
            others.append(passes(desk))
        return False

    with desk.box.target.broken(hits=hits):
        desk.work()
    assert others[1].status in (0, 1), others[1].output
    settle(desk)
    assert is_over(desk, *titles)


def test_lease_of_another_bot_is_waited_for(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    title, = take(specimens)
    desk.file(title, anna)
    desk.work()
    desk.approve(desk.admin)
    before = desk.text
    lease = acquire(desk.journal, f'{desk.box.target.base}/api.php', 4711)
    run = passes(desk)
    assert run.status == 1, run.output
    assert 'Another bot' in run.output
    assert desk.text == before
    lease.release()
    settle(desk)
    assert is_over(desk, title)


# Limits

@pytest.mark.parametrize('rules', [[], [OWN]])
def test_pages_of_a_day(desk: Desk, anna: Client, specimens: Iterator[str],
                        rules: list[Any]) -> None:
    desk.configure(rules=rules, limits={'perday': 1})
    titles = take(specimens, 2)
    for title in titles:
        desk.file(f'{title} → User:{ANNA}/{title}', anna)
    desk.work()
    if not rules:
        desk.approve(desk.admin)
        desk.approve(desk.admin)
        desk.work()
    waits = 'new' if rules else 'approved'
    assert desk.statuses == ['done', waits]
    text = desk.text
    desk.work()
    assert desk.text == text
    assert '1' in desk.answers()[-1]
    desk.configure(rules=rules, limits={'perday': 2})
    desk.work()
    assert desk.statuses == ['done', 'done']
    assert len(desk.answers()) == (3 if rules else 5)


def test_requests_of_a_user_and_day(desk: Desk, anna: Client,
                                    specimens: Iterator[str]) -> None:
    desk.configure(limits={'peruser': 1})
    for title in take(specimens, 2):
        desk.file(title, anna)
    desk.work()
    assert desk.statuses == ['review', 'question']
    assert ANNA in desk.answers()[1]
    # Asking again does not help, and is not answered at length.
    desk.edit(anna, 'status = question', 'status = new')
    desk.work()
    assert desk.statuses == ['review', 'question']
    assert len(desk.answers()) == 2
    desk.edit(anna, 'status = question', 'status = new')
    desk.configure(limits={'peruser': 2})
    desk.work()
    assert desk.statuses == ['review', 'review']


def test_bots_template_keeps_the_bot_off(desk: Desk, anna: Client) -> None:
    anna.edit(desk.page, '{{bots|deny=ImportBot}}\n')
    desk.file('Foo', anna, source='xx')
    before = desk.text
    clerk = desk.work()
    assert (clerk.treated, clerk.failed) == (0, 0)
    assert desk.text == before
    anna.edit(desk.page, before.replace('ImportBot', 'OtherBot'))
    desk.work()
    assert desk.statuses == ['question']


# A run that was cut, and what people do meanwhile

@pytest.fixture
def cut(desk: Desk, anna: Client, specimens: Iterator[str]) -> list[str]:
    """A request whose run was killed behind the first of three pages."""
    titles = take(specimens, 3)
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
    assert is_over(desk, *cut)


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


# The command

def test_simulation_writes_nothing(desk: Desk, anna: Client,
                                   specimens: Iterator[str]) -> None:
    titles = take(specimens, 2)
    desk.file(titles[0], anna)
    desk.work()
    desk.approve(desk.admin)
    desk.file(titles[1], anna)
    desk.journal.close()
    before = (desk.admin.snapshot(), dump(desk))
    run = passes(desk, '-simulate')
    assert run.status == 0, run.output
    assert run.output.count('if this were no simulation') == 2
    assert (desk.admin.snapshot(), dump(desk)) == before


def dump(desk: Desk) -> list[str]:
    with closing(sqlite3.connect(desk.journal_path)) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize(('options', 'sentence'), [
    (('-page:Elsewhere', ), '"Elsewhere", which -page names, is none of'),
    (('-configpage:Nowhere', ), 'there is no such page'),
    (('-watch:soon', ), '-watch'),
    (('-serverlimit:-1', ), '-serverlimit'),
    (('-nonsense', ), 'nonsense'),
    (('-page', ), '-page'),
    (('-journal:nowhere://', ), 'journal'),
])
def test_what_cannot_be_done_is_one_sentence(
        desk: Desk, options: tuple[str, ...], sentence: str) -> None:
    run = passes(desk, *options)
    assert run.status == 1, run.output
    assert 'Traceback' not in run.output
    assert sentence in run.output


def test_only_the_page_of_the_option_is_worked_through(
        desk: Desk, anna: Client) -> None:
    other = f'{desk.page} too'
    desk.configure(pages=[other, desk.page])
    for page in (other, desk.page):
        anna.edit(page, desk.request('Foo', source='xx'))
    run = passes(desk, f'-page:{desk.page}')
    assert run.status == 0, run.output
    assert desk.statuses == ['question']
    assert 'status = new' in anna.text(other)


def test_missing_request_page_is_said(desk: Desk) -> None:
    run = passes(desk)
    assert run.status == 1, run.output
    assert 'there is no such request page' in run.output
    assert desk.log.health(TASK)[1] == 'error'
