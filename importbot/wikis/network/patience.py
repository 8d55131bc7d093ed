"""How long pywikibot goes on asking a wiki that does not answer well."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pywikibot

from importbot.wikis.network.guarding import at_most


__all__ = ('RETRIES', 'RETRY_WAIT', 'briefly', 'patiently')

#: Reads are repeated by pywikibot, but not for the twenty minutes of its
#: default: a person is waiting.
RETRIES = 3
RETRY_WAIT = 2
#: Seconds of one pause, and answers to one question, with all that
#: pywikibot asks on its way.
_LONGEST_WAIT = 30
_ANSWERS = 40


@contextmanager
def briefly() -> Iterator[None]:
    """Let pywikibot lose its patience early within a block."""
    config = pywikibot.config
    before = config.max_retries, config.retry_wait, config.retry_max
    config.max_retries = min(before[0], RETRIES)
    config.retry_wait = min(before[1], RETRY_WAIT)
    config.retry_max = min(before[2], _LONGEST_WAIT)
    try:
        with at_most(_ANSWERS):
            yield
    finally:
        config.max_retries, config.retry_wait, config.retry_max = before


@contextmanager
def patiently(seconds: float) -> Iterator[None]:
    """Let an answer take longer than pywikibot's read timeout.

    :param seconds: that it may take
    """
    before: Any = pywikibot.config.socket_timeout
    connect = before[0] if isinstance(before, tuple) else before
    pywikibot.config.socket_timeout = connect, int(seconds)
    try:
        yield
    finally:
        pywikibot.config.socket_timeout = before
