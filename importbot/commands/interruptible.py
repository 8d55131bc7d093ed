"""A bot that asks once, and that Ctrl-C ends between two pages."""
from __future__ import annotations

import signal
from types import FrameType
from typing import Any

import pywikibot
from pywikibot.bot import BaseBot, ConfigParserBot

from importbot.commands.option_values import value_of
from importbot.model.options import OPTIONS


__all__ = ('InterruptibleBot', 'says_yes')


class InterruptibleBot(ConfigParserBot, BaseBot):

    """Ends after the current page when it is told to.

    :param options: as on the command line
    :cvar script: as it is called after ``pwb``; it has their table
    :ivar interrupted: whether it did not come to its end
    """

    script: str

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.interrupted = False

    def value(self, name: str) -> Any:
        """Return what the value of an option means.

        :param name: of the option
        :raises UsageError: it does not make sense
        """
        return value_of(OPTIONS.of(self.script)[name], self.opt[name])

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
