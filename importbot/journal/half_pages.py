"""Pages of which a run brought a part: told by the journal."""
from __future__ import annotations

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.journal import Journal
from importbot.journal.tables import PageRow, rows_of
from importbot.model.decisions import Outcome


__all__ = ('half_pages', 'has_half', 'is_half')

#: Outcomes of pages with which nothing was done.
_NOTHING = (Outcome.UNCHANGED.value, Outcome.REJECTED.value)


def is_half(row: PageRow) -> bool:
    """Return whether some revisions of a page arrived and some did not.

    :param row: of the page in the journal
    """
    planned = int(row.decided.get('revisions') or 0)
    return (row.outcome == Outcome.FAILED.value
            and 0 < row.imported < planned)


def has_half(journal: Journal, run: int) -> bool:
    """Return whether a run has left a page by half."""
    return any(map(is_half, journal.page_rows(run)))


def half_pages(journal: Journal, target_api: str) -> dict[str, int]:
    """Return the pages of a wiki that are there by half.

    :param target_api: the wiki
    :return: numbers of the runs that left them so, by title there
    """
    pages, runs = tables.pages, tables.runs
    of_wiki = sa.select(pages).join(
        runs, runs.c.run == pages.c.run).where(
        runs.c.target_api == target_api)
    halves = of_wiki.where(pages.c.outcome == Outcome.FAILED.value,
                           pages.c.imported > 0)
    with journal.transaction() as connection:
        by_title = {row.target: row.run for row in rows_of(
            PageRow, connection.execute(halves.order_by(pages.c.run)))
            if is_half(row)}
        for title, run in list(by_title.items()):
            # A later run brought the rest, or took the page back.
            later = of_wiki.where(
                pages.c.target == title, pages.c.run > run,
                pages.c.outcome.not_in(_NOTHING)).limit(1)
            if connection.execute(later).first():
                del by_title[title]
    return by_title
