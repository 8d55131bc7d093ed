"""A bot that asks once, and that Ctrl-C ends between two pages."""
from __future__ import annotations

import signal
from types import FrameType
from typing import Any

import pywikibot
from pywikibot.bot import BaseBot, ConfigParserBot


__all__ = ('InterruptibleBot', 'says_yes')


class InterruptibleBot(ConfigParserBot, BaseBot):

    """Ends after the current page when it is told to.

    :param options: as on the command line
    :ivar interrupted: whether it did not come to its end
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.interrupted = False

    def run(self) -> None:
        """Treat everything; a first Ctrl-C stops after the current page.
        """
        def stop(_signal: int, _frame: FrameType | None) -> None:
            self.interrupted = True
            signal.signal(signal.SIGINT, before)
            pywikibot.info('\nStopping after this page; Ctrl-C again stops '
                           'at once.')

        before = signal.signal(signal.SIGINT, stop)
        try:
            super().run()
        finally:
            signal.signal(signal.SIGINT, before)
        self.interrupted |= not self.generator_completed


def says_yes(question: str) -> bool:
    """Ask; the end of the input is a no.

    :param question: with nothing after it
    """
    try:
        return bool(pywikibot.input_yn(question, default=False,
                                       automatic_quit=False))
    except EOFError:
        return False
