"""Waits for a wiki that asks for patience: told, alive, and cut short.

The lease of a run lapses unless its holder shows a sign of life, and a wait
may be longer than a lease lasts: :func:`alive` says what shows it. A person
who stops the bot does not want to wait for its patience: :func:`hasten`.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import pywikibot
import requests

from importbot.model.printable import printable
from importbot.rules.patience import Patience, asked_seconds
from importbot.wikis.network import as_asked


__all__ = ('Waiting', 'alive', 'asked_by', 'beat', 'doze', 'hasten',
           'patience', 'unhastened')

#: Seconds after which somebody who stops the bot is heard.
_LOOK = 0.5
#: Seconds between two signs of life.
_BEAT = 60
_beats: list[Callable[[], object]] = []
#: When the latest sign of life was shown, by the monotonic clock: several
#: short waits are one long one.
_beaten = [0.0]
#: Whether nothing is to be waited for any more.
_is_hastened = [False]


@contextmanager
def alive(shows: Callable[[], object]) -> Iterator[None]:
    """Show that somebody is alive in the waits of a block.

    :param shows: shows it; raises where somebody else took over
    """
    _beats.append(shows)
    try:
        yield
    finally:
        _beats.remove(shows)


def beat() -> None:
    """Show that everybody is alive who holds a lease.

    :raises WritingEndedError: a lease lapsed and was taken over
    """
    _beaten[0] = time.monotonic()
    for shows in tuple(_beats):
        shows()


def hasten() -> None:
    """Let waits that a wiki asks for come to their end at once."""
    _is_hastened[0] = True


def unhastened() -> None:
    """Take back what :func:`hasten` has said."""
    _is_hastened[0] = False


def doze(seconds: float) -> None:
    """Wait to the end, and stay alive.

    :param seconds: how long
    :raises WritingEndedError: a lease lapsed and was taken over
    """
    _rest(seconds, lambda: False)


def rest(seconds: float) -> bool:
    """Wait, and stay alive; return whether it was to the end.

    :param seconds: how long
    :raises WritingEndedError: a lease lapsed and was taken over
    """
    return _rest(seconds, lambda: _is_hastened[0])


def _rest(seconds: float, is_over: Callable[[], bool]) -> bool:
    now = time.monotonic()
    until = now + seconds
    while now < until and not is_over():
        time.sleep(min(_LOOK, until - now))
        now = time.monotonic()
        if now - _beaten[0] >= _BEAT:
            beat()
    return not is_over()


def patience() -> Patience:
    """Return the patience that pywikibot is configured to have."""
    config = pywikibot.config
    return Patience(config.retry_wait, config.retry_max, config.max_retries)


def asked_by(response: requests.Response) -> float | None:
    """Return the seconds that an answer asks to wait, if it does.

    :param response: whose ``Date`` tells the time of who sent it
    """
    try:
        now = parsedate_to_datetime(response.headers.get('Date', ''))
    except (TypeError, ValueError, IndexError):
        now = datetime.now(timezone.utc)
    if now.tzinfo is None:
        now = now.replace(tzinfo=timezone.utc)
    return asked_seconds(as_asked(response), now)


class Waiting:

    """The patience that is left for one request.

    :param site: the wiki
    :param given: the patience, None for that of pywikibot
    :param sleep: waits for some seconds, returns whether to the end
    :ivar waited: seconds of all pauses so far
    """

    def __init__(self, site: pywikibot.site.APISite,
                 given: Patience | None = None,
                 sleep: Callable[[float], bool] = rest) -> None:
        self.waited = 0.0
        self._site = site
        self._patience = given or patience()
        self._sleep = sleep
        self._pauses = self._failures = 0

    def has_waited(self, code: str, asked: float | None) -> bool:
        """Wait because a wiki did nothing as yet, if there is patience.

        :param code: of its error
        :param asked: seconds that it asks for, None if it does not say
        :return: whether the request is to be sent again
        :raises WritingEndedError: a lease lapsed and was taken over
        """
        self._pauses += 1
        seconds = self._patience.pause(self._pauses, self.waited, asked)
        # pywikibot would wait for it a second time, and unheard.
        self._site.throttle.retry_after = 0
        return self._waits(seconds, 'asks for patience', code)

    def has_waited_after_failure(self, code: str) -> bool:
        """Wait after a request that failed and left nothing behind.

        :param code: of the error
        :return: whether the request is to be sent again
        :raises WritingEndedError: a lease lapsed and was taken over
        """
        self._failures += 1
        return self._waits(self._patience.after_failure(self._failures),
                           'has done nothing of it', code)

    def _waits(self, seconds: float | None, what: str, code: str) -> bool:
        if seconds is None or not self._sleep(0):
            return False
        pywikibot.warning(printable(
            f'{self._site} {what} ({code}); sending it again in '
            f'{seconds:.0f} seconds'))
        self.waited += seconds
        is_whole = self._sleep(seconds)
        beat()
        return is_whole
