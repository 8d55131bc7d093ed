"""How long a plan takes to be carried out, about."""
from __future__ import annotations

import math


__all__ = ('minutes_of', )

#: Seconds that a wiki takes for a write, and for each revision of it: small
#: pages on a wiki that is not busy.
_WRITE, _REVISION = 2.0, 0.02
#: Beyond so many minutes they are told in steps of five.
_HOUR, _STEP = 60, 5


def minutes_of(writes: int, revisions: int, pause: float) -> int:
    """Return the minutes that some writes take, rounded up.

    pywikibot counts the pause from the beginning of a write to that of the
    next one (:py:class:`pywikibot.throttle.Throttle`), so that what takes
    longer than the pause does not wait.

    :param writes: calls, uploads and edits
    :param revisions: that are sent, in all
    :param pause: seconds between two of them, at least
    """
    each = _WRITE + revisions * _REVISION / max(writes, 1)
    minutes = math.ceil((max(writes - 1, 0) * max(pause, each) + each) / 60)
    if minutes > _HOUR:
        minutes = math.ceil(minutes / _STEP) * _STEP
    return minutes
