"""What breaks while requests are treated: all is done once, or said.

Wikis and processes are real; the proxy takes answers away and kills.
"""
from __future__ import annotations

import json
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import pywikibot

from importbot.applying import reconcile
from importbot.commands.importrequests.command import TASK
from importbot.journal.leases import acquire
from importbot.requestpages.passes.stop import Stop
from tests.kit.proxy import Exchange
from tests.kit.request_bot import (
    ANNA,
    OWN,
    Bot,
    edits,
    is_over,
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

ALWAYS = 10 ** 6


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

def waits_for(condition: Callable[[], object], seconds: float = 120) -> None:
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
    assert time.monotonic() - start < 60


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
    waits = 'new' if rules else 'approved'
    if not rules:
        desk.work()
        desk.approve(desk.admin)
        desk.approve(desk.admin)
    # That the day is full is said by the next pass if it has to be.
    is_edit = edits(desk.page)
    with desk.box.target.broken(hits=lambda exchange: is_edit(exchange) and (
            'The limit of 1 pages' in exchange.parameters['text']),
            forwards=False, times=ALWAYS):
        assert desk.work().failed == 1
    desk.work()
    assert desk.statuses == ['done', waits]
    text = desk.text
    desk.work()
    assert desk.text == text
    assert desk.text.count('The limit of 1 pages') == 1
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
    assert run.output.count('would be ') == 2
    assert (desk.admin.snapshot(), dump(desk)) == before


def dump(desk: Desk) -> list[str]:
    with closing(sqlite3.connect(desk.journal_path)) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize(('options', 'sentence'), [
    (('-page:Elsewhere', ), '-page:Elsewhere names no request page'),
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
