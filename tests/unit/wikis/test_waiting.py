"""Waits that a wiki asks for: alive, and over when somebody says so."""
from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import requests

from importbot.model.errors import LeaseHeldError
from importbot.rules.patience import Patience
from importbot.wikis import waiting
from importbot.wikis.waiting import Waiting, alive, asked_by, doze, rest


class Site:

    """As much of a site as a wait needs."""

    def __init__(self) -> None:
        self.throttle = SimpleNamespace(retry_after=60)

    def __str__(self) -> str:
        return 'a wiki'


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(waiting, '_LOOK', .001)
    monkeypatch.setattr(waiting, '_BEAT', 0)
    yield
    waiting.unhastened()


def test_signs_of_life_are_shown() -> None:
    beats: list[None] = []
    with alive(lambda: beats.append(None)):
        assert rest(.01)
        assert beats
        beats.clear()
        doze(.01)
        assert beats
    beats.clear()
    assert rest(.01)
    assert not beats


def test_many_short_waits_are_one_long_one(
        monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[None] = []
    monkeypatch.setattr(waiting, '_BEAT', .02)
    with alive(lambda: beats.append(None)):
        for _wait in range(30):
            doze(.005)
    assert len(beats) > 1


def test_lease_that_was_taken_over_ends_a_wait() -> None:
    def lost() -> None:
        raise LeaseHeldError('another bot took it over')

    with alive(lost), pytest.raises(LeaseHeldError):
        rest(10_000)
    with alive(lost), pytest.raises(LeaseHeldError):
        doze(10_000)


def test_who_stops_the_bot_does_not_wait() -> None:
    with alive(waiting.hasten):
        assert not rest(10_000)
    assert not rest(10_000)
    # What an import has left is still waited for.
    begun = time.monotonic()
    doze(.02)
    assert time.monotonic() - begun >= .02


def waits(**given: float) -> tuple[Waiting, list[float]]:
    slept: list[float] = []

    def sleep(seconds: float) -> bool:
        slept.append(seconds)
        return True

    site = Site()
    return Waiting(site, Patience(**given), sleep), slept  # type: ignore


def test_patience_of_one_request() -> None:
    wait, slept = waits(first=5, total=100)
    assert wait.has_waited('http-429', 7)
    assert wait.has_waited('maxlag', None)
    assert not wait.has_waited('http-429', 600)
    assert [seconds for seconds in slept if seconds] == [7, 10]
    assert wait.waited == 17


def test_pywikibot_does_not_wait_once_more() -> None:
    site = Site()
    assert Waiting(site, Patience(), lambda _seconds: True  # type: ignore
                   ).has_waited('http-429', 7)
    assert site.throttle.retry_after == 0


def test_failures_have_a_count_of_their_own() -> None:
    wait, slept = waits(first=1)
    assert [wait.has_waited_after_failure('databaseerror-text')
            for _try in range(4)] == [True, True, True, False]
    assert wait.has_waited('maxlag', 3)
    assert [seconds for seconds in slept if seconds] == [1, 2, 4, 3]


def answer(**headers: str) -> requests.Response:
    response = requests.Response()
    response.headers.update({name.replace('_', '-'): value
                             for name, value in headers.items()})
    return response


def test_date_is_by_the_clock_of_who_sends_it() -> None:
    late = {'Retry_After': 'Mon, 06 May 2024 12:01:30 GMT'}
    assert asked_by(answer(**late, Date='Mon, 06 May 2024 12:00:00 GMT')
                    ) == 90
    assert asked_by(answer(**late)) == 0
    assert asked_by(answer(**late, Date='today')) == 0
    assert asked_by(answer(Retry_After='17')) == 17
    assert asked_by(answer()) is None
