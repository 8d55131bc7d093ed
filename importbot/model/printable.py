"""Text of a wiki on its way to a terminal is data."""
from __future__ import annotations

from collections.abc import Sequence


__all__ = ('listed', 'printable')

_SHOWN = 5


def printable(text: str) -> str:
    """Return *text* without what could steer a terminal.

    :param text: a line, without its end
    """
    return ''.join(char if char.isprintable() else '\ufffd'
                   for char in text)


def listed(names: Sequence[str]) -> str:
    """Return the first of some names, and how many more there are.

    :param names: in the order in which they are to be shown
    """
    more = len(names) - _SHOWN
    return ', '.join(names[:_SHOWN]) + (f' +{more}' if more > 0 else '')
