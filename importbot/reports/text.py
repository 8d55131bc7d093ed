"""Text of a wiki on its way to a terminal is data."""
from __future__ import annotations


__all__ = ('printable', )


def printable(text: str) -> str:
    """Return *text* without what could steer a terminal.

    :param text: a line, without its end
    """
    return ''.join(char if char.isprintable() else '\ufffd'
                   for char in text)
