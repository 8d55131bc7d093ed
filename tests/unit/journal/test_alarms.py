"""What is wrong is told once, then once a day, until it is over."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from importbot.journal import alarms as module
from importbot.journal import passes as passes_module
from importbot.journal.alarms import Alarms
from importbot.journal.journal import Journal
from importbot.journal.passes import TASK, Made, PassLog
from tests.kit.journals import TARGET


OK, BAD = Made(state='ok', detail='fine'), Made(state='error', detail='no')


class Clock:

    """Tells the time that a test wants it to be."""

    def __init__(self) -> None:
        self.at = datetime(2024, 1, 1, tzinfo=timezone.utc)

    def __call__(self) -> str:
        return self.at.isoformat(timespec='seconds')


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for each in (module, passes_module):
        monkeypatch.setattr(each, 'now', clock)
    return clock


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(str(tmp_path / 'j.sqlite'))
    yield journal
    journal.close()


def told(journal: Journal, *texts: str) -> list[str]:
    """Return what a pass tells that finds these things wrong."""
    alarms = Alarms(journal, TARGET)
    found = [text for text in texts if alarms.is_news(text)]
    alarms.save()
    return found


def test_day_of_failures_is_told_once_and_the_next_day_again(
        journal: Journal, clock: Clock) -> None:
    heard = []
    for number in range(2 * 144):
        heard += told(journal, f'the wiki is down, try {number} of 0f3a')
        clock.at += timedelta(minutes=10)
    assert heard == ['the wiki is down, try 0 of 0f3a',
                     'the wiki is down, try 144 of 0f3a']
    alarm, = Alarms(journal, TARGET).standing
    assert (alarm.times, alarm.since) == (288, '2024-01-01T00:00:00+00:00')


def test_other_things_and_other_wikis_are_told_too(
        journal: Journal, clock: Clock) -> None:
    assert told(journal, 'a is wrong', 'b is wrong') == [
        'a is wrong', 'b is wrong']
    elsewhere = Alarms(journal, 'http://second/api.php')
    assert elsewhere.is_news('a is wrong')
    elsewhere.save()
    assert len(Alarms(journal, TARGET).standing) == 2


def test_what_comes_back_is_news_unless_it_comes_and_goes(
        journal: Journal, clock: Clock) -> None:
    assert told(journal, 'down')
    for _turn in range(10):
        clock.at += timedelta(minutes=20)
        assert not told(journal)
        clock.at += timedelta(minutes=20)
        assert not told(journal, 'down')
    clock.at += timedelta(minutes=61)
    assert not told(journal)
    assert told(journal, 'down')


def test_what_stands_on_a_page_is_said_there_once(
        journal: Journal, clock: Clock) -> None:
    for is_first in (True, False, False):
        alarms = Alarms(journal, TARGET)
        assert alarms.is_unsaid('no JSON', 'Talk:X') is is_first
        alarms.save()
        clock.at += timedelta(days=3)
    assert alarms.said_no_more() == ['Talk:X']
    alarms.save()
    assert Alarms(journal, TARGET).said_no_more() == []


# Passes

def test_passes_that_fail_are_counted_since_the_last_good_one(
        journal: Journal, clock: Clock) -> None:
    log = PassLog(journal, TARGET, TASK)
    assert log.latest() is None
    assert log.failing().count == 0
    for made in (BAD, OK, BAD, BAD):
        log.record(clock(), made)
        clock.at += timedelta(minutes=10)
    assert (log.failing().count, log.failing().since) == (
        2, '2024-01-01T00:20:00+00:00')
    good, latest = log.latest('ok'), log.latest()
    assert good
    assert latest
    assert (good.ended, latest.state) == (
        '2024-01-01T00:10:00+00:00', 'error')
    log.record(clock(), Made(state='stopped', detail='SIGTERM'))
    assert log.failing().count == 0
    assert PassLog(journal, 'http://second/api.php', TASK).latest() is None


def test_old_passes_are_forgotten_but_for_the_last_good_one(
        journal: Journal, clock: Clock) -> None:
    log = PassLog(journal, TARGET, TASK)
    for made in (OK, OK, BAD):
        log.record(clock(), made)
    clock.at += timedelta(days=100)
    log.record(clock(), BAD)
    assert log.failing().count == 1
    good = log.latest('ok')
    assert good
    assert good.number == 2
