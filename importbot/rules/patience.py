"""What follows from an error of a wiki for the request that met it.

A request that writes is sent again only where nothing came of it: because
the wiki says so itself, or because it was read back. Which of the two it
takes, and how long it is waited, is decided here and nowhere else.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from enum import Enum

from importbot.model.errors import (
    ImportbotError,
    ImportRefusedError,
    NoAnswerError,
    ServerFailureError,
)


__all__ = ('Met', 'Patience', 'asked_seconds', 'halves', 'is_for_patience',
           'met')


class Met(Enum):

    """What a request met, as far as it matters for sending it again."""

    #: The wiki did nothing, and asks for patience: wait, again.
    BUSY = 'busy'
    #: It did nothing, because it does not know the bot any more: log in
    #: or fetch a new token, again, once.
    SESSION = 'session'
    #: Its database gave up in the middle, or the source did not answer it;
    #: it may well work the next time: read back, and again a few times if
    #: nothing is there.
    BROKE_OFF = 'broke-off'
    #: It failed at what was sent; part of it may be there: read back.
    FAILED = 'failed'
    #: No answer came: wait past the wiki's own limit, read back, and again
    #: once if nothing is there.
    SILENCE = 'silence'
    #: It did nothing, and will do nothing the next time.
    REFUSED = 'refused'


#: Codes of the API, and of HTTP as ``http-N``, that come before anything is
#: done (ApiMain: checkMaxLag, checkReadOnly, checkBotReadOnly where replicas
#: are behind; RFC 6585: 429; PHP: an upload that was cut).
_BUSY = frozenset({'http-429', 'maxlag', 'partialupload', 'ratelimited',
                   'readonly'})
_NONCE = 'mwoauth-invalid-authorization', 'Nonce already used'
_SESSION = frozenset({'assertuserfailed', 'badtoken', 'notloggedin',
                      'notoken'})
#: How codes begin of what may pass: MediaWiki's exceptions of databases, as
#: an import calls them (DBExpectedError::getKey, ApiErrorFormatter::
#: getMessageFromException), one of a database that became read-only in the
#: middle, and a source that was too busy to be fetched from
#: (ImportStreamSource::newFromURL).
_PASSING = ('cantopenfile', 'databaseerror', 'internal_api_error_DB',
            'readonlytext', 'transaction-max-statement-time-exceeded')


def is_for_patience(code: str, info: str = '') -> bool:
    """Return whether an error says that nothing was done as yet.

    :param code: code of the API, or ``http-`` and a number
    :param info: the wiki's own sentence
    """
    start, nonce = _NONCE
    return code in _BUSY or (code.startswith(start) and nonce in info)


def met(error: ImportbotError) -> Met:
    """Return what an import met.

    :param error: of an import
    """
    if isinstance(error, NoAnswerError):
        return Met.SILENCE
    if not isinstance(error, ImportRefusedError):
        return Met.REFUSED
    if is_for_patience(error.code, error.info):
        return Met.BUSY
    if error.code in _SESSION:
        return Met.SESSION
    if error.code.startswith(_PASSING):
        return Met.BROKE_OFF
    # What nobody has heard of may come from the middle of an import: every
    # exception that has a sentence of its own has a code of its own.
    return Met.FAILED if type(error) in (
        ImportRefusedError, ServerFailureError) else Met.REFUSED


@dataclass(frozen=True)
class Patience:

    """How long a wiki is waited for in all that asks for patience.

    :param first: seconds of the first pause where the wiki names none; each
        is twice as long as the one before
    :param longest: seconds of the longest of those
    :param tries: how often one request is sent again
    :param total: seconds of all pauses of one request. Limits of rates are
        by the minute, and a database that lags has caught up long before;
        a wiki that is read-only for longer is under maintenance, and the
        run is better resumed
    :param broken: how often a request is sent again that broke off
    """

    first: float = 5
    longest: float = 120
    tries: int = 15
    total: float = 900
    broken: int = 3

    def pause(self, number: int, waited: float,
              asked: float | None) -> float | None:
        """Return the seconds to wait, None if it was long enough.

        What the wiki asks for is never cut short. Where it asks for the
        same little pause again and again, it gets a longer one.

        :param number: of the pause, from 1
        :param waited: seconds that were waited before
        :param asked: seconds that the wiki asks for, None if it does not say
        """
        if number > self.tries:
            return None
        grown = self._grown(number if not asked else number - 1)
        seconds = max(asked or 0, grown)
        return seconds if waited + seconds <= self.total else None

    def after_failure(self, number: int) -> float | None:
        """Return the seconds to wait after a request that broke off.

        :param number: how often it did
        """
        return self._grown(number) if number <= self.broken else None

    def _grown(self, number: int) -> float:
        return min(self.first * 2 ** (number - 1), self.longest) if (
            number > 0) else 0


def asked_seconds(value: str | None, now: datetime) -> float | None:
    """Return what ``Retry-After`` asks for (RFC 9110, 10.2.3).

    :param value: of the header: seconds, or a date of HTTP
    :param now: what time it is for whom the answer comes from
    :return: seconds from now, None if it says nothing that makes sense
    """
    text = (value or '').strip()
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - now).total_seconds())


def halves(count: int, has_arrived: bool, has_half: bool,
           ) -> Iterator[tuple[int, int]]:
    """Yield which pages of an upload that failed go together from now on.

    What a wiki takes in turn and keeps tells which page it was: the first
    that is not there. What it rolled back tells nothing; then halves tell,
    in about twice as many calls as the number of pages can be halved.

    :param count: how many pages of it are not there, in their order
    :param has_arrived: whether one before them is there
    :param has_half: whether one is there in part, which it was then
    """
    if has_half:
        yield 0, count
    elif has_arrived:
        yield 0, 1
        yield 1, count
    else:
        yield 0, (count + 1) // 2
        yield (count + 1) // 2, count
