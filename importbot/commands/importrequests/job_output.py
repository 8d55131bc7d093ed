"""What a job prints: dated lines, and what is wrong only once a day.

Standard output gets a line for each pass, standard error what somebody has
to look at: cron mails what a job writes there.
"""
from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pywikibot
from pywikibot.logging import INFO, WARNING
from pywikibot.userinterfaces.terminal_interface_base import TerminalHandler

from importbot.journal.alarms import Alarms
from importbot.reports.terminal.watched import is_watched


__all__ = ('JobOutput', )


class JobOutput:

    """Decides what of a pass is printed where nobody looks at it.

    :param alarms: what is wrong, and was told already
    :ivar has_told: whether something that is wrong was told
    """

    def __init__(self, alarms: Alarms) -> None:
        self.alarms = alarms
        self.has_told = False
        self._is_saying = False

    @contextmanager
    def around(self) -> Iterator[None]:
        """Decide it within the block, and write down what was told."""
        # Whoever simulates wants to know.
        if is_watched() or pywikibot.config.simulate:
            self.has_told = True
            yield
            return
        # pywikibot makes its handlers with the first line.
        pywikibot.debug('the output of a job')
        # What goes to a file by -log is all there.
        handlers = [handler for handler in logging.getLogger('pywiki').handlers
                    if isinstance(handler, TerminalHandler)]
        before = [handler.formatter for handler in handlers]
        for handler in handlers:
            handler.addFilter(self._takes)
            handler.setFormatter(_Dated(handler.formatter))
        try:
            yield
        finally:
            for handler, formatter in zip(handlers, before, strict=True):
                handler.removeFilter(self._takes)
                handler.setFormatter(formatter)
            self.alarms.save()

    def say(self, text: str) -> None:
        """Print something to standard error, whatever was told before.

        :param text: a sentence
        """
        self._is_saying = True
        pywikibot.info(text)
        self._is_saying = False

    def _takes(self, record: logging.LogRecord) -> bool:
        """Return whether a line is printed."""
        if self._is_saying:
            return True
        if record.levelno < WARNING:
            # The line of a pass goes to standard output.
            return record.levelno != INFO
        # Each line comes here once for each handler.
        if 'is_news' not in vars(record):
            vars(record)['is_news'] = self._is_news(record)
        is_news = bool(vars(record)['is_news'])
        self.has_told |= is_news
        return is_news

    def _is_news(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        is_news, alarm = self.alarms.is_news(text), self.alarms.known(text)
        if is_news and alarm and alarm.times > 1:
            record.msg, record.args = (
                f'{text} (seen {alarm.times} times since {alarm.since})', ())
        return is_news


class _Dated(logging.Formatter):

    """Puts the time before each line.

    :param formatter: that makes the lines
    """

    def __init__(self, formatter: logging.Formatter | None) -> None:
        super().__init__()
        self._lines = formatter or logging.Formatter()

    def format(self, record: logging.LogRecord) -> str:
        """Return a record with the time of UTC before each line."""
        stamp = time.strftime('%Y-%m-%dT%H:%M:%SZ',
                              time.gmtime(record.created))
        return ''.join(f'{stamp} {line}' for line in self._lines.format(
            record).splitlines(keepends=True))
