"""What is told, on standard output in the format that is asked for."""
from __future__ import annotations

import sys

from importbot.commands.overviews import is_verbose
from importbot.i18n import interface_language
from importbot.reports.formats import Told, format_named, rendered
from importbot.reports.terminal.tables import show


__all__ = ('printed', )


def printed(thing: object, name: str) -> None:
    """Print a thing in a format to standard output.

    :param thing: runs of the journal, one run, what was found of pages, …
    :param name: of the format
    """
    form = format_named(name)
    made = rendered(thing, form, Told(
        interface_language(),
        everything=is_verbose() or not sys.stdout.isatty()))
    if isinstance(made, str):
        encoding = sys.stdout.encoding or 'utf-8'
        print(form.fitted(made, encoding), end='')
    else:
        show(*made)
    # Whoever reads it may have gone, and that is to be noticed here.
    sys.stdout.flush()
