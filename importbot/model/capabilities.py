"""What a source can do, by name: the run asks for these, never for a kind."""
from __future__ import annotations

from enum import Enum


__all__ = ('ALL_CAPABILITIES', 'Capability')


class Capability(Enum):

    """What not every source can do.

    A wiki can do all of it, a file nothing.
    """

    #: it tells what its pages transclude when they are shown
    RENDER = 'render'
    #: the target fetches pages from it by itself; others are uploaded
    BE_FETCHED = 'be-fetched'
    #: it gives one text without being read as a whole
    SEEK = 'seek'
    #: it has every revision that a page ever had, not only some
    KEEP_HISTORY = 'keep-history'
    #: its pages are edited while a run is at work
    CHANGE = 'change'


ALL_CAPABILITIES = frozenset(Capability)
