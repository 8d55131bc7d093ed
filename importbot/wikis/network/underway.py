"""At most a few requests at once to a wiki, those that are still read too.

Wikimedia asks for it (https://www.mediawiki.org/wiki/API:Etiquette): three
at once. A stream counts until it is at its end or left.
"""
from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable

from importbot.wikis.network.errors import NetworkError


__all__ = ('MOST', 'begin')

#: Requests at once to one host and port.
MOST = 3
#: Seconds to wait for another thread to be done with one of its own.
_PATIENCE = 300

_changes = threading.Condition()
#: Requests of each thread to each host and port.
_under_way: Counter[tuple[str, int]] = Counter()


def begin(host: str) -> Callable[[], None]:
    """Begin a request, when no more than two others are under way.

    :param host: host and port
    :return: ends it, however often it is called
    :raises NetworkError: they do not come to an end. Whoever holds all of
        them is not waited for: that would be this thread itself
    """
    key, until = (host, threading.get_ident()), time.monotonic() + _PATIENCE
    is_open = [True]

    def end() -> None:
        with _changes:
            if is_open[0]:
                is_open[0] = False
                _under_way[key] -= 1
                _changes.notify_all()

    with _changes:
        while sum(count for (where, _thread), count in _under_way.items()
                  if where == host) >= MOST:
            left = until - time.monotonic()
            if _under_way[key] >= MOST or left <= 0:
                raise NetworkError(f'{MOST} requests are under way already, '
                                   'and do not come to an end')
            _changes.wait(left)
        _under_way[key] += 1
    return end
