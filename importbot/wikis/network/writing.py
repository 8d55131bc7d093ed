"""What is asked before each request that writes: whether it still may.

A process can be stopped between any two of its steps, for any time, and go
on as if nothing had been: by a signal, with its container, with the lid of
a laptop. What it found out before says nothing then. So it is asked before
a request is sent, and again, where that is some time ago, before each piece
of its bytes.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from importbot.model.errors import ImportbotError


__all__ = ('WritePermission', 'WritingEndedError', 'may_still_write',
           'may_write', 'writing_while')

#: Seconds for which an answer counts: far below what a lease lasts.
COUNTS = 60
#: The clock that goes on while a machine sleeps, where there is one.
_CLOCK = getattr(time, 'CLOCK_BOOTTIME', time.CLOCK_MONOTONIC)

_permissions: list[WritePermission] = []


class WritingEndedError(BaseException):

    """This process may write nothing any more, whatever it is at.

    No exception of its own kind catches it, as none catches Ctrl-C: what
    repeats a request, or goes on with the next page, is not to.

    :param permission: that ended
    :param error: why
    """

    def __init__(self, permission: WritePermission,
                 error: ImportbotError) -> None:
        self.permission = permission
        self.error = error
        super().__init__(str(error))


class WritePermission:

    """Leave to write, which may end at any time.

    :param ask: asks whether there is leave still, and raises if not
    """

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._asked: float | None = None

    def renew(self) -> None:
        """Ask now.

        :raises WritingEndedError: nothing may be written any more
        """
        while True:
            asked = _now()
            try:
                self._ask()
            except ImportbotError as error:
                raise WritingEndedError(self, error) from error
            self._asked = asked
            # The answer itself may have been waited for, or slept on.
            if self._counts():
                return

    def keep(self) -> None:
        """Ask, unless that was done a moment ago.

        :raises WritingEndedError: nothing may be written any more
        """
        if not self._counts():
            self.renew()

    def _counts(self) -> bool:
        return self._asked is not None and _now() - self._asked <= COUNTS


@contextmanager
def writing_while(ask: Callable[[], None]) -> Iterator[WritePermission]:
    """Let nothing be written within a block but while there is leave.

    Whichever wiki it goes to, and whoever sends it: also what pywikibot
    does by itself. One block may be within another.

    :param ask: asks whether there is leave still, and raises if not
    :raises ImportbotError: what that raised
    """
    permission = WritePermission(ask)
    _permissions.append(permission)
    try:
        yield permission
    except WritingEndedError as ended:
        if ended.permission is not permission:
            raise
        raise ended.error from None
    finally:
        _permissions.remove(permission)


def may_write() -> None:
    """Ask whether a request that writes may be sent.

    :raises WritingEndedError: it may not
    """
    for permission in _permissions:
        permission.renew()


def may_still_write() -> None:
    """See whether the bytes of such a request may go on.

    :raises WritingEndedError: they may not
    """
    for permission in _permissions:
        permission.keep()


def _now() -> float:
    return time.clock_gettime(_CLOCK)
