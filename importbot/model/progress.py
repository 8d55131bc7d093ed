"""How far a long work is, for whoever wants to be told."""
from __future__ import annotations

from collections.abc import Callable


__all__ = ('Progress', 'untold')

#: Told what is being done or was done last, how many pages that makes, and
#: of how many; None where nobody knows.
Progress = Callable[[str, int, int | None], None]


def untold(what: str, done: int, total: int | None) -> None:
    """Tell nobody."""
