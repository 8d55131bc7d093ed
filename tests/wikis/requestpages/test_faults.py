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

from importbot.journal.leases import acquire
from importbot.journal.passes import TASK
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
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Client


pytestmark = pytest.mark.usefixtures('no_waiting_for_the_dead')
SPECIMENS = 90

ALWAYS = 10 ** 6


# Answers are lost, wikis are down

def first_of(
        *writes: Callable[[Exchange], bool]) -> Callable[[Exchange], bool]:
    """Return what tells the first request of each kind."""
    left = list(writes)

    def hits(exchange: Exchange) -> bool:
        for write in left:
            if write(exchange):
                left.remove(write)
                return True
        return False

    return hits


def any_of(*writes: Callable[[Exchange], bool]) -> Callable[[Exchange], bool]:
    return lambda exchange: any(write(exchange) for write in writes)


def test_answers_to_edits_are_lost_once(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    # pywikibot sends an edit again; the wiki has done it already.
    title, = take(specimens)
    wiki.file(title, anna)
    states = [says(wiki, word) for word in ('review', 'importing', 'done')]
    with wiki.box.target.broken(hits=first_of(*states), times=ALWAYS):
        assert not wiki.work().failed
        wiki.approve(wiki.admin)
        assert not wiki.work().failed
    assert is_over(wiki, title)


def test_answers_to_edits_never_come(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    title, = take(specimens)
    wiki.file(title, anna)
    writes = (says(wiki, 'review'), says(wiki, 'importing'),
              says(wiki, 'done'), edits(wiki.log_page))
    for write in writes:
        if write is writes[1]:
            settle(wiki, approves=False)
            wiki.approve(wiki.admin)
        with wiki.box.target.broken(hits=write, times=ALWAYS):
            request_pass = wiki.work()
        assert request_pass.failed == 1
    settle(wiki)
    assert is_over(wiki, title)


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
        wiki: RequestWiki, anna: Client) -> None:
    wiki.file('Foo', anna, source='xx')
    before = wiki.text
    for fault in REFUSALS.values():
        with wiki.box.target.broken(hits=edits(wiki.page), forwards=False,
                                    times=ALWAYS, **fault):
            request_pass = wiki.work()
        assert (request_pass.treated, request_pass.failed) == (0, 1), fault
        assert wiki.text == before
    settle(wiki)
    assert wiki.statuses == ['question']
    assert len(wiki.answers()) == 1
    # Seven passes died of it, and there is but one id.
    assert list(wiki.log.open()) == [wiki.requests[0].id]


@pytest.mark.parametrize('fault', ['503', 'maxlag', 'readonly'])
def test_wiki_that_takes_no_edits_for_a_moment(
        wiki: RequestWiki, anna: Client, fault: str) -> None:
    wiki.file('Foo', anna, source='xx')
    with wiki.box.target.broken(hits=edits(wiki.page), forwards=False,
                                **REFUSALS[fault]):
        assert not wiki.work().failed
    assert wiki.statuses == ['question']
    assert len(wiki.answers()) == 1


def test_failed_requests_are_counted_in_status_and_health(
        wiki: RequestWiki, anna: Client) -> None:
    wiki.file('Foo', anna, source='xx')
    with wiki.box.target.broken(hits=edits(wiki.page), forwards=False,
                                times=ALWAYS, **REFUSALS['blocked']):
        run = passes(wiki)
    assert run.status == 1, run.output
    assert 'Traceback' not in run.output
    assert wiki.log.health(TASK)[1:] == (
        'error', 'requests treated: 0, failed: 1')
    run = passes(wiki)
    assert run.status == 0, run.output
    when, state, detail = wiki.log.health(TASK)
    assert when.startswith('20')
    assert (state, detail) == ('ok', 'requests treated: 1, failed: 0')


def test_source_down_is_no_answer(wiki: RequestWiki, anna: Client,
                                  specimens: Iterator[str]) -> None:
    title, = take(specimens)
    wiki.file(title, anna)
    before = wiki.text
    with wiki.box.source.broken(hits=lambda _: True, forwards=False,
                                times=ALWAYS):
        assert wiki.work().failed == 1
    assert wiki.text == before
    wiki.work()
    wiki.approve(wiki.admin)
    with wiki.box.source.broken(
            hits=lambda exchange: 'Export' in exchange.path, forwards=False,
            times=ALWAYS):
        wiki.work()
    settle(wiki)
    assert len(wiki.answers()) == 2
    assert logged(wiki) == 1


# Told to stop

def waits_for(condition: Callable[[], object], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(.05)


@pytest.mark.parametrize(('number', 'status'), [
    (signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_signal_stops_before_the_next_call(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str],
        number: signal.Signals, status: int) -> None:
    titles = take(specimens, 3)
    wiki.file('\n  '.join(titles), anna)
    wiki.work()
    wiki.approve(wiki.admin)
    with wiki.box.target.broken(cuts=False,
                                meanwhile=lambda: bot.tell(number)):
        bot = Bot(wiki)
        run = bot.end()
    assert run.status == status, run.output
    assert 'Traceback' not in run.output
    assert [wiki.exists(title) for title in titles].count(True) == 1
    assert wiki.statuses == ['importing']
    assert wiki.log.health(TASK)[1] == 'stopped'
    settle(wiki)
    assert is_over(wiki, *titles)


def test_watch_makes_passes_until_it_is_told_to_stop(
        wiki: RequestWiki, anna: Client) -> None:
    bot = Bot(wiki, '-watch:1')
    waits_for(lambda: wiki.log.health(TASK))
    for number in (1, 2):
        wiki.file(f'Foo {number}', anna, source='xx')
        waits_for(lambda number=number: wiki.statuses.count('question')
                  == number)
    bot.tell(signal.SIGTERM)
    run = bot.end()
    assert run.status == 0, run.output
    assert run.output.count('pass: ') >= 2


def test_pause_of_watch_ends_at_once(wiki: RequestWiki) -> None:
    bot = Bot(wiki, '-watch')
    waits_for(lambda: wiki.log.health(TASK))
    start = time.monotonic()
    bot.tell(signal.SIGTERM)
    run = bot.end()
    assert run.status == 0, run.output
    assert time.monotonic() - start < 60


def lose_newest_text(wiki: RequestWiki, title: str) -> None:
    """Let a wiki lose a text; a current one is never hidden."""
    wiki.box.sql(
        'target', "UPDATE content SET content_address = 'tt:12345' WHERE "
        'content_id IN (SELECT slot_content_id FROM slots '
        'WHERE slot_revision_id = :revision)',
        revision=wiki.admin.history(title)[0]['revid'])


@pytest.mark.parametrize('state', ['missing', 'unreadable', 'empty', 'stop',
                                   'redirect'])
def test_stop_page_that_does_not_say_run_is_stop(
        wiki: RequestWiki, anna: Client, state: str) -> None:
    wiki.file('Foo', anna, source='xx')
    before = wiki.text
    if state == 'missing':
        wiki.admin.do('delete', title=wiki.stop_page)
    elif state == 'unreadable':
        wiki.admin.edit(wiki.stop_page, f'run <!-- {wiki.page} -->')
        lose_newest_text(wiki, wiki.stop_page)
    else:
        wiki.admin.edit(wiki.stop_page, {
            'empty': '', 'stop': 'stop', 'redirect': '#REDIRECT [[Run]]'
        }[state])
    request_pass = wiki.work(stop := Stop())
    assert wiki.stop_page in stop.reason
    assert request_pass.treated == 0
    assert wiki.text == before
    # What its absence means is said by the configuration.
    wiki.configure(stop={'page': wiki.stop_page, 'missing': 'run'})
    assert wiki.work().treated == (state == 'missing')


# Two at once

def test_two_bots_started_at_once_treat_a_request_once(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    titles = take(specimens, 2)
    wiki.file('\n  '.join(titles), anna)
    for status in ('review', 'done'):
        runs = [bot.end() for bot in (Bot(wiki), Bot(wiki))]
        assert sorted(run.status for run in runs) in ([0, 0], [0, 1]), runs
        for run in runs:
            assert ('Another bot' in run.output) == (run.status == 1)
            assert 'Traceback' not in run.output
        assert wiki.statuses == [status]
        assert wiki.log.health(TASK)[1] == 'ok'
        if status == 'review':
            wiki.approve(wiki.admin)
    assert is_over(wiki, *titles)


@pytest.mark.parametrize('word', ['review', 'importing', 'done'])
def test_pass_whose_lease_lapsed_meets_the_next_one(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str],
        word: str) -> None:
    # This process holds no lease: it is as if it had lapsed. The other
    # one makes a whole pass while our edit is on its way.
    titles = take(specimens, 2)
    wiki.file('\n  '.join(titles), anna)
    if word != 'review':
        wiki.work()
        wiki.approve(wiki.admin)
    others = []

    def hits(exchange: Exchange) -> bool:
        if not others and says(wiki, word)(exchange):
            others.append(None)
            others.append(passes(wiki))
        return False

    with wiki.box.target.broken(hits=hits):
        wiki.work()
    assert others[1].status in (0, 1), others[1].output
    settle(wiki)
    assert is_over(wiki, *titles)


def test_lease_of_another_bot_is_waited_for(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    title, = take(specimens)
    wiki.file(title, anna)
    wiki.work()
    wiki.approve(wiki.admin)
    before = wiki.text
    lease = acquire(wiki.journal, f'{wiki.box.target.base}/api.php', 4711)
    run = passes(wiki)
    assert run.status == 1, run.output
    assert 'Another bot' in run.output
    assert wiki.text == before
    lease.release()
    settle(wiki)
    assert is_over(wiki, title)


# Limits

@pytest.mark.parametrize('rules', [[], [OWN]])
def test_pages_of_a_day(wiki: RequestWiki, anna: Client,
                        specimens: Iterator[str], rules: list[Any]) -> None:
    wiki.configure(rules=rules, limits={'perday': 1})
    titles = take(specimens, 2)
    for title in titles:
        wiki.file(f'{title} → User:{ANNA}/{title}', anna)
    waits = 'new' if rules else 'approved'
    if not rules:
        wiki.work()
        wiki.approve(wiki.admin)
        wiki.approve(wiki.admin)
    # That the day is full is said by the next pass if it has to be.
    is_edit = edits(wiki.page)
    with wiki.box.target.broken(hits=lambda exchange: is_edit(exchange) and (
            'The limit of 1 pages' in exchange.parameters['text']),
            forwards=False, times=ALWAYS):
        assert wiki.work().failed == 1
    wiki.work()
    assert wiki.statuses == ['done', waits]
    text = wiki.text
    wiki.work()
    assert wiki.text == text
    assert wiki.text.count('The limit of 1 pages') == 1
    wiki.configure(rules=rules, limits={'perday': 2})
    wiki.work()
    assert wiki.statuses == ['done', 'done']
    assert len(wiki.answers()) == (3 if rules else 5)


def test_requests_of_a_user_and_day(wiki: RequestWiki, anna: Client,
                                    specimens: Iterator[str]) -> None:
    wiki.configure(limits={'peruser': 1})
    for title in take(specimens, 2):
        wiki.file(title, anna)
    wiki.work()
    assert wiki.statuses == ['review', 'question']
    assert ANNA in wiki.answers()[1]
    # Asking again does not help, and is not answered at length.
    wiki.edit(anna, 'status = question', 'status = new')
    wiki.work()
    assert wiki.statuses == ['review', 'question']
    assert len(wiki.answers()) == 2
    wiki.edit(anna, 'status = question', 'status = new')
    wiki.configure(limits={'peruser': 2})
    wiki.work()
    assert wiki.statuses == ['review', 'review']


def test_bots_template_keeps_the_bot_off(wiki: RequestWiki,
                                         anna: Client) -> None:
    anna.edit(wiki.page, '{{bots|deny=ImportBot}}\n')
    wiki.file('Foo', anna, source='xx')
    before = wiki.text
    request_pass = wiki.work()
    assert (request_pass.treated, request_pass.failed) == (0, 0)
    assert wiki.text == before
    anna.edit(wiki.page, before.replace('ImportBot', 'OtherBot'))
    wiki.work()
    assert wiki.statuses == ['question']


# The command

def test_simulation_writes_nothing(wiki: RequestWiki, anna: Client,
                                   specimens: Iterator[str]) -> None:
    titles = take(specimens, 2)
    wiki.file(titles[0], anna)
    wiki.work()
    wiki.approve(wiki.admin)
    wiki.file(titles[1], anna)
    wiki.journal.close()
    before = (wiki.admin.snapshot(), dump(wiki))
    run = passes(wiki, '-simulate')
    assert run.status == 0, run.output
    assert run.output.count('would be ') == 2
    assert (wiki.admin.snapshot(), dump(wiki)) == before


def dump(wiki: RequestWiki) -> list[str]:
    with closing(sqlite3.connect(wiki.journal_path)) as connection:
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
        wiki: RequestWiki, options: tuple[str, ...], sentence: str) -> None:
    run = passes(wiki, *options)
    assert run.status == 1, run.output
    assert 'Traceback' not in run.output
    assert sentence in run.output


def test_only_the_page_of_the_option_is_worked_through(
        wiki: RequestWiki, anna: Client) -> None:
    other = f'{wiki.page} too'
    wiki.configure(pages=[other, wiki.page])
    for page in (other, wiki.page):
        anna.edit(page, wiki.request('Foo', source='xx'))
    run = passes(wiki, f'-page:{wiki.page}')
    assert run.status == 0, run.output
    assert wiki.statuses == ['question']
    assert 'status = new' in anna.text(other)


def test_missing_request_page_is_said(wiki: RequestWiki) -> None:
    run = passes(wiki)
    assert run.status == 1, run.output
    assert 'there is no such request page' in run.output
    assert wiki.log.health(TASK)[1] == 'error'
