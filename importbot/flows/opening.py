"""The journal that is meant where none is named."""
from __future__ import annotations

import pywikibot

from importbot.flows.journal import Journal


__all__ = ('open_journal', )


def open_journal(url: str = '', *, reads_only: bool = False) -> Journal:
    """Open the journal that an option names, or the usual one.

    :param url: as given, empty for the one in pywikibot's directory
    :param reads_only: see :class:`Journal`
    :raises JournalError: it cannot be used
    """
    return Journal(url or pywikibot.config.datafilepath('importbot.sqlite'),
                   reads_only=reads_only)
