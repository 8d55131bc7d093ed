"""What went wrong with a page, as it is written down."""
from __future__ import annotations

from importbot.model.problems import Problem


__all__ = ('recorded_problem', )


def recorded_problem(error: str | None) -> Problem | None:
    """Return what went wrong with a page.

    :param error: its English sentence
    """
    return Problem.quoted(error) if error else None
