"""What all commands that change a wiki tell of plans and reports alike."""
from __future__ import annotations

import sys

import pywikibot

from importbot.i18n import interface_language
from importbot.reports.terminal.overview import overview_parts
from importbot.reports.terminal.progress import stamped
from importbot.reports.terminal.tables import safe, show
from importbot.reports.words.changes import AnyPlan, AnyReport


__all__ = ('is_verbose', 'show_overview', 'tell_line')


def is_verbose() -> bool:
    """Return whether whoever runs the bot wants to see every page."""
    return bool(pywikibot.config.verbose_output)


def show_overview(thing: AnyPlan | AnyReport) -> None:
    """Print a plan or a report; all its pages where that is wanted.

    :param thing: of an import or an undo
    """
    if not sys.stdout.isatty():
        show(safe(stamped('')))
    show(*overview_parts(thing, interface_language(),
                         everything=is_verbose(), more='-verbose'))


def tell_line(line: str) -> None:
    """Print a line on something that just happened.

    :param line: fit for a terminal; elsewhere it gets the time
    """
    pywikibot.info(line if sys.stderr.isatty() else stamped(line))
