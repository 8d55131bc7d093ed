"""What all commands that change a wiki tell of plans and reports alike."""
from __future__ import annotations

import pywikibot

from importbot.i18n import interface_language
from importbot.reports.terminal.overview import overview_parts
from importbot.reports.terminal.tables import show
from importbot.reports.words.changes import AnyPlan, AnyReport


__all__ = ('is_verbose', 'show_overview')


def is_verbose() -> bool:
    """Return whether whoever runs the bot wants to see every page."""
    return bool(pywikibot.config.verbose_output)


def show_overview(thing: AnyPlan | AnyReport) -> None:
    """Print a plan or a report; all its pages where that is wanted.

    :param thing: of an import or an undo
    """
    show(*overview_parts(thing, interface_language(),
                         everything=is_verbose(), more='-verbose'))
