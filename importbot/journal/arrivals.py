"""Which pages arrived by which runs, and which revisions are of runs."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.changes import ARRIVAL, CLEANUP, Change, changes_of
from importbot.journal.journal import Journal
from importbot.journal.tables import PageRow, RunRow
from importbot.model.codec import planned_page_from_json
from importbot.model.decisions import Outcome
from importbot.model.plan import PlannedPage


__all__ = ('Arrived', 'RunChanges', 'arrived_of', 'changes_by_runs')

_Ranges = tuple[tuple[int, int], ...]

#: Of pages that arrived in the eyes of their run.
_ARRIVED = frozenset({Outcome.VERIFIED.value, Outcome.DIFFERS.value,
                      Outcome.IMPORTED.value})

#: What an undo did where it did not only ask for a deletion.
_TAKING_BACK = ('delete', 'restore')


@dataclass(frozen=True)
class Arrived:

    """A page that a run brought, by the journal.

    :param run: its run
    :param row: its decision and outcome
    :param change: from what to what it came, None where a release did not
        write that down
    :param brought: ids of the revisions that it got, from one to another
    :param cleaned: id of the revision that cleaned it up, 0 for none
    """

    run: RunRow
    row: PageRow
    change: Change | None = None
    brought: _Ranges = ()
    cleaned: int = 0

    @cached_property
    def planned(self) -> PlannedPage:
        """The page as it was planned.

        :raises KeyError, TypeError, ValueError: a later release wrote it
        """
        return planned_page_from_json(self.row.decided)

    @property
    def key(self) -> tuple[int, int]:
        """What tells it apart in the journal."""
        return self.row.run, self.row.position

    @property
    def before(self) -> int:
        """Id of the revision that the target had, 0 for none."""
        return (self.change.before if self.change
                else self.row.revision_before or 0)

    @property
    def after(self) -> int:
        """Id of its newest revision then, 0 where nobody knows."""
        return self.change.after if self.change else 0

    @property
    def revisions(self) -> list[int]:
        """Ids of the revisions that it got, as far as they are known."""
        return [revision for first, last in self.brought
                for revision in range(first, last + 1)]


def arrived_of(journal: Journal, run: RunRow) -> list[Arrived]:
    """Return the pages that arrived by a run, in the order of its plan.

    :param journal: where it is recorded
    :param run: that imports
    """
    changes: defaultdict[int, dict[str, Change]] = defaultdict(dict)
    for change in changes_of(journal, run.run):
        changes[change.position][change.action] = change
    brought = _brought(journal, run.run)
    found = []
    for row in journal.page_rows(run.run):
        made = changes[row.position]
        arrival = made.get(ARRIVAL)
        has_come = (arrival.before != arrival.after if arrival
                    else row.outcome in _ARRIVED)
        if row.target and (row.imported or has_come):
            cleanup = made.get(CLEANUP)
            found.append(Arrived(
                run, row, arrival, tuple(brought[row.position]),
                cleanup.after if cleanup else 0))
    return found


def _brought(journal: Journal,
             run: int) -> defaultdict[int, list[tuple[int, int]]]:
    table = tables.brought
    query = sa.select(table).where(table.c.run == run).order_by(
        table.c.position, table.c.revision_first)
    ranges: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    with journal.transaction() as connection:
        for row in connection.execute(query):
            ranges[row.position].append((row.revision_first,
                                         row.revision_last))
    return ranges


@dataclass(frozen=True)
class RunChanges:

    """What all runs into a wiki did to a page.

    :param brought: ids of revisions, from one to another, with the run
    :param undos: runs that undid something, by the run that they undid
    """

    brought: tuple[tuple[int, int, int], ...] = ()
    undos: Mapping[int, int] = field(default_factory=dict)

    def run_of(self, revision: int) -> int | None:
        """Return the run that a revision is of, None if it is of none.

        :param revision: its id
        """
        return next((run for first, last, run in self.brought
                     if first <= revision <= last), None)


def changes_by_runs(journal: Journal, api: str,
                    titles: Collection[str]) -> dict[str, RunChanges]:
    """Return what all runs into a wiki did to some pages, by title.

    :param api: address of the wiki's API
    :param titles: full titles there
    """
    brought: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
    undos: defaultdict[str, dict[int, int]] = defaultdict(dict)
    with journal.transaction() as connection:
        for title, first, last, run in _ranges(connection, api, titles):
            brought[title].append((first, last, run))
        for title, after, run, undoes in _edits(connection, api, titles):
            if undoes is not None:
                undos[title][undoes] = run
            if after:
                brought[title].append((after, after, run))
    return {title: RunChanges(tuple(brought[title]), undos[title])
            for title in titles}


def _ranges(connection: sa.Connection, api: str, titles: Collection[str],
            ) -> Iterator[tuple[str, int, int, int]]:
    pages, runs, brought = tables.pages, tables.runs, tables.brought
    for row in connection.execute(sa.select(
            pages.c.target, brought.c.revision_first,
            brought.c.revision_last, runs.c.run).join(
            runs, runs.c.run == brought.c.run).join(
            pages, sa.and_(pages.c.run == brought.c.run,
                           pages.c.position == brought.c.position)).where(
            runs.c.target_api == api, pages.c.target.in_(titles))):
        yield row.target, row.revision_first, row.revision_last, row.run


def _edits(connection: sa.Connection, api: str, titles: Collection[str],
           ) -> Iterator[tuple[str, int, int, int | None]]:
    """Yield single edits of runs, with the run that each takes back."""
    pages, runs = tables.pages, tables.runs
    changes, undos = tables.changes, tables.undos
    for row in connection.execute(sa.select(
            pages.c.target, changes.c.action, changes.c.revision_after,
            runs.c.run, undos.c.undoes).join(
            runs, runs.c.run == changes.c.run).join(
            pages, sa.and_(pages.c.run == changes.c.run,
                           pages.c.position == changes.c.position)).outerjoin(
            undos, undos.c.run == changes.c.run).where(
            runs.c.target_api == api, pages.c.target.in_(titles))):
        yield (row.target, row.revision_after, row.run, row.undoes
               if row.action in _TAKING_BACK else None)
