"""What makes the bot stop: a page of the wiki, or a signal."""
from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from importbot.journal.leases import Lease
from importbot.model.errors import (
    ImportbotError,
    LeaseHeldError,
    UntrustedTextError,
)
from importbot.requestpages.configuration import StopPage
from importbot.requestpages.page.store import StoredPage, read_pages
from importbot.requestpages.who.provenance import Provenance
from importbot.wikis.network import hurry, unhurried
from importbot.wikis.waiting import alive, hasten, unhastened
from importbot.wikis.wiki import Wiki


__all__ = ('Stop', 'says_run')

#: Seconds between two signs of life.
_BEAT = 30
#: Seconds that an answer may take when the bot was told to stop.
_GRACE = 5
_UNSEEN = re.compile(r'<!--.*?(?:-->|$)|<noinclude>.*?(?:</noinclude>|$)',
                     re.DOTALL | re.IGNORECASE)


def says_run(page: StoredPage | None, rule: StopPage) -> bool:
    """Return whether the stop page lets the bot work.

    :param page: the page, None if it cannot be seen
    :param rule: what the configuration says about it
    """
    if page is None or (page.revision and page.text is None):
        return False
    if not page.revision:
        return rule.missing == 'run'
    return _UNSEEN.sub('', page.text or '').strip().lower() == 'run'


class Stop:

    """Asked between pages and batches whether to go on."""

    def __init__(self) -> None:
        self.reason = ''
        self.is_interrupt = False
        self.is_signalled = False
        self._page: tuple[Wiki, StopPage, Provenance] | None = None
        self._revision = 0
        self._lease: Lease | None = None
        self._beaten = 0.0

    def hold(self, lease: Lease | None) -> None:
        """Keep a lease alive from now on; without it, stop.

        :param lease: the lease, None to keep none alive any more
        """
        self._lease = lease
        self._beaten = time.monotonic()

    def rest(self, seconds: float) -> bool:
        """Wait; return whether a signal came.

        :param seconds: how long
        """
        until = time.monotonic() + seconds
        while not self.is_signalled and time.monotonic() < until:
            time.sleep(min(0.5, max(0, until - time.monotonic())))
        return self.is_signalled

    def work(self) -> None:
        """Keep the lease alive during long work.

        :raises LeaseHeldError: it lapsed and was taken over
        """
        if self._lease and time.monotonic() - self._beaten > _BEAT:
            self._lease.heartbeat()
            self._beaten = time.monotonic()

    def watch(self, wiki: Wiki, rule: StopPage, provenance: Provenance,
              page: StoredPage | None) -> None:
        """Let a page of a wiki stop the bot from now on.

        :param rule: the page, and what its absence means
        :param provenance: says whether those who wrote it may
        :param page: as it is now, None if it cannot be seen; what it says
            was looked at
        """
        self._page = wiki, rule, provenance
        self._revision = page.revision if page else 0
        if not says_run(page, rule):
            self.reason = f'the page "{rule.page}" does not say "run"'

    def asked(self) -> bool:
        """Return whether somebody wants the bot to stop."""
        if not self.reason and self._lease:
            try:
                self._lease.heartbeat()
            except LeaseHeldError as error:
                self.reason = str(error)
        if not self.reason and self._page:
            self.reason = self._said(*self._page)
        return bool(self.reason)

    def _said(self, wiki: Wiki, rule: StopPage,
              provenance: Provenance) -> str:
        """Return why the page stops the bot now, empty if it does not."""
        try:
            page = read_pages(wiki, [rule.page]).get(rule.page)
            # Anybody may stop the bot; whose "run" it is has to be known.
            if (page and says_run(page, rule)
                    and page.revision != self._revision):
                provenance.check([page])
                self._revision = page.revision
        except UntrustedTextError as error:
            return str(error)
        except ImportbotError:
            page = None
        return '' if says_run(page, rule) else (
            f'the page "{rule.page}" does not say "run"')

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Stop before the next call on SIGTERM and on Ctrl-C."""
        def stop(number: int, _frame: FrameType | None) -> None:
            self.reason = signal.Signals(number).name
            self.is_signalled = True
            self.is_interrupt = number == signal.SIGINT
            # Somebody may be sending a byte a second.
            hurry(_GRACE)
            hasten()
            signal.signal(signal.SIGINT, before[signal.SIGINT])

        before = {number: signal.signal(number, stop)
                  for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            with alive(self.work):
                yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            unhurried()
            unhastened()
