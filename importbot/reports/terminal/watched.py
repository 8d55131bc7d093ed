"""Whether anybody looks at what a pass prints, or wants all of it."""
from __future__ import annotations

import sys

import pywikibot
from rich.console import RenderableType

from importbot.reports.terminal.tables import show


__all__ = ('is_watched', 'show_watched')


def is_watched() -> bool:
    """Return whether there is a terminal, or all is to be said.

    A job has none: what it prints is kept in files, and mailed.
    """
    return bool(pywikibot.config.verbose_output) or sys.stderr.isatty()


def show_watched(*parts: RenderableType) -> None:
    """Print tables and lines, if anybody looks at them.

    :param parts: one below the other
    """
    if is_watched():
        show(*parts)
