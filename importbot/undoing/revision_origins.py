"""Which revisions runs brought to a page, and which are somebody else's.

A page keeps its newest revision whatever is put beneath it: deleted
revisions that are restored, histories that are merged, older revisions that
another one imports. Nobody sees that but who compares the whole history.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.changes import ARRIVAL
from importbot.journal.journal import Journal
from importbot.journal.undos import standing
from importbot.model.revisions import Revision
from importbot.wikis.wiki import Wiki


__all__ = ('others_in', 'revisions_of_others')


@dataclass(frozen=True, slots=True)
class _Created:

    """A page that a run created, by the journal.

    :param target: full title on the target
    :param newest: id of its newest revision then
    :param imported: revisions that the wiki says it took
    :param user: the bot's account
    """

    target: str
    newest: int
    imported: int
    user: str


def revisions_of_others(journal: Journal, run: int, target: Wiki,
                        pages: Mapping[int, str],
                        ) -> dict[int, tuple[int, ...]]:
    """Return revisions that no run brought, of pages that a run created.

    :param target: the wiki that it imported into
    :param pages: full titles there, by their place in the plan of the run
    :return: ids, the newest first, by the same places
    """
    histories = target.histories(list(pages.values()))
    return {position: others_in(histories[title], journal, run, position,
                                target.api)
            for position, title in pages.items()}


def others_in(history: Sequence[Revision], journal: Journal, run: int,
              position: int, target_api: str) -> tuple[int, ...]:
    """Return the revisions of a history that no run brought.

    Those of other runs, and of undos, are no one else's: they stand on top
    of what this one brought, or were taken back.

    :param history: of the page as it is now
    :param run: number of the run that created the page
    :param position: its place in the plan of the run
    :param target_api: the wiki
    """
    row = _page(journal, run, position)
    ranges = _brought(journal, target_api, row.target, row.newest)
    if not any(first <= row.newest <= last for first, last in ranges):
        # Of a release that did not write it down.
        return _supernumerary(history, row)
    return tuple(revision.id for revision in history if not any(
        first <= revision.id <= last for first, last in ranges)
        and standing(journal, target_api, revision.id)[0] == revision.id)


def _page(journal: Journal, run: int, position: int) -> _Created:
    pages, changes, runs = tables.pages, tables.changes, tables.runs
    with journal.transaction() as connection:
        return _Created(*connection.execute(sa.select(
            pages.c.target, changes.c.revision_after, pages.c.imported,
            runs.c.target_user).join(
            changes, sa.and_(changes.c.run == pages.c.run,
                             changes.c.position == pages.c.position,
                             changes.c.action == ARRIVAL)).join(
            runs, runs.c.run == pages.c.run).where(
            pages.c.run == run, pages.c.position == position)).one())


def _brought(journal: Journal, target_api: str, title: str,
             newest: int) -> list[tuple[int, int]]:
    """Return ranges of ids that runs into a wiki gave a page."""
    pages, runs, brought = tables.pages, tables.runs, tables.brought
    query = sa.select(
        brought.c.revision_first, brought.c.revision_last).join(
        runs, runs.c.run == brought.c.run).join(
        pages, sa.and_(pages.c.run == brought.c.run,
                       pages.c.position == brought.c.position)).where(
        runs.c.target_api == target_api, pages.c.target == title)
    with journal.transaction() as connection:
        return [(first, last) for first, last in connection.execute(query)]


def _supernumerary(history: Sequence[Revision], row: _Created,
                   ) -> tuple[int, ...]:
    """Return what is more in a history than the wiki said that it took.

    The bot's own revisions stand for imports and edits of its own.
    """
    theirs = sorted(revision.id for revision in history
                    if revision.user != row.user)
    later = [revision for revision in theirs if revision > row.newest]
    # What was deleted before the page came has lower ids than all of it.
    earlier = len(theirs) - len(later) - row.imported
    return (*reversed(later), *theirs[:max(0, earlier)])
