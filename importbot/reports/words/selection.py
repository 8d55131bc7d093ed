"""Which pages of a very large plan are shown."""
from __future__ import annotations

from collections.abc import Sequence

from importbot.model.decisions import Outcome
from importbot.model.report import PageResult
from importbot.reports.words.changes import AnyPage, is_kept_out


__all__ = ('shown_places', )


def shown_places(pages: Sequence[AnyPage],
                 results: Sequence[PageResult] | None,
                 most: int) -> list[int]:
    """Return the places of the pages in a table; of very many only some.

    Those that need a person are what matters then.

    :param pages: of a plan
    :param results: what became of them, None or none before
    :param most: rows of the table
    """
    places = range(len(pages))
    if len(places) <= most:
        return list(places)
    needy = [place for place in places
             if is_kept_out(pages[place])
             or (results and results[place].outcome not in (
                 Outcome.VERIFIED, Outcome.UNCHANGED))]
    rest = sorted(set(places) - set(needy))
    return sorted((needy + rest)[:most])
