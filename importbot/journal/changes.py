"""What runs did to pages of the target, by the ids of revisions."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.journal import Journal, now
from importbot.model.revisions import Revision


__all__ = ('ARRIVAL', 'CLEANUP', 'Change', 'brought_by', 'changes_of',
           'record', 'record_arrivals')


#: From before the run to how it left the page, read back.
ARRIVAL = 'arrival'
#: The edit that cleaned the text up.
CLEANUP = 'cleanup'


@dataclass(frozen=True, slots=True)
class Change:

    """What a run did to a page.

    :param position: place of the page in the plan of the run
    :param action: :data:`ARRIVAL`, or what a single edit was for
    :param before: id of the revision that the page had, 0 for no page
    :param after: id of its newest revision then, 0 for no page
    :param is_shared: whether somebody else edited it at the same time
    """

    position: int
    action: str
    before: int
    after: int
    is_shared: bool = False


def record_arrivals(journal: Journal, run: int,
                    arrivals: Iterable[tuple[Change, Sequence[Revision]]],
                    ) -> None:
    """Write down how a run left pages, and which revisions it gave them.

    :param arrivals: changes of :func:`arrival_of`, with the histories of
        the target pages as they were read back
    """
    with journal.transaction() as connection:
        for change, ours in arrivals:
            _record(connection, run, change)
            _record_brought(connection, run, change, ours)


def _record_brought(connection: sa.Connection, run: int, change: Change,
                    ours: Sequence[Revision]) -> None:
    table = tables.brought
    ranges = () if change.is_shared else _ranges(
        revision.id for revision in ours if revision.id > change.before)
    connection.execute(table.delete().where(
        table.c.run == run, table.c.position == change.position))
    rows = [{'run': run, 'position': change.position,
             'revision_first': first, 'revision_last': last}
            for first, last in ranges]
    if rows:
        connection.execute(table.insert(), rows)


def _ranges(revisions: Iterable[int]) -> list[tuple[int, int]]:
    """Return ids as ranges: those of one import follow each other."""
    ranges: list[tuple[int, int]] = []
    for revision in sorted(set(revisions)):
        first, last = ranges[-1] if ranges else (0, 0)
        if ranges and last == revision - 1:
            ranges[-1] = first, revision
        else:
            ranges.append((revision, revision))
    return ranges


def record(journal: Journal, run: int, change: Change) -> None:
    """Write down what was done; a later time counts.

    :param run: number of the run that did it
    :param change: what it did
    """
    with journal.transaction() as connection:
        _record(connection, run, change)


def _record(connection: sa.Connection, run: int, change: Change) -> None:
    table = tables.changes
    connection.execute(table.delete().where(
        table.c.run == run, table.c.position == change.position,
        table.c.action == change.action))
    connection.execute(table.insert().values(
        run=run, position=change.position, action=change.action,
        revision_before=change.before, revision_after=change.after,
        is_shared=change.is_shared, made=now()))


def changes_of(journal: Journal, run: int) -> list[Change]:
    """Return what a run did, in the order of its plan."""
    table = tables.changes
    query = sa.select(table).where(table.c.run == run).order_by(
        table.c.position, table.c.made)
    with journal.transaction() as connection:
        return [Change(row.position, row.action, row.revision_before,
                       row.revision_after, row.is_shared)
                for row in connection.execute(query)]


def brought_by(journal: Journal, run: int) -> dict[int, list[range]]:
    """Return ids of the revisions that a run gave pages, as ranges.

    :return: by place in the plan of the run; without pages that somebody
        else edited at the same time, and those of early releases
    """
    table = tables.brought
    query = sa.select(table.c.position, table.c.revision_first,
                      table.c.revision_last).where(table.c.run == run)
    ranges: dict[int, list[range]] = {}
    with journal.transaction() as connection:
        for position, first, last in connection.execute(query):
            ranges.setdefault(position, []).append(range(first, last + 1))
    return ranges
