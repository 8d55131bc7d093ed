"""What is written down of a run, its plan and its pages, as typed rows."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.database import Database
from importbot.journal.tables import PageRow, PlanRow, RunRow, rows_of
from importbot.model.change_plan import Mode
from importbot.model.decisions import Outcome
from importbot.model.errors import JournalError


__all__ = ('JournalReader', 'Pending', 'pending_in')


@dataclass(frozen=True)
class Pending:

    """An import that was sent under a run that never said what came of it.

    :param run: number of the run
    :param position: place of the page in its plan
    :param decided: the planned page in its JSON form
    :param sent: time of the target when it was sent, ISO 8601
    :param revision_before: the target's newest revision then, 0 for none
    """

    run: int
    position: int
    decided: Mapping[str, Any]
    sent: str
    revision_before: int


class JournalReader(Database):

    """The database of runs, for whoever wants to know what they did."""

    def run_row(self, run: int) -> RunRow:
        """Return what is recorded of a run itself.

        :raises JournalError: there is no such run
        """
        query = sa.select(tables.runs).where(tables.runs.c.run == run)
        with self.transaction() as connection:
            rows = rows_of(RunRow, connection.execute(query))
        if not rows:
            raise JournalError(f'The journal has no run {run}')
        return rows[0]

    def page_rows(self, run: int) -> list[PageRow]:
        """Return the recorded decisions and outcomes of a run, in order."""
        query = sa.select(tables.pages).where(
            tables.pages.c.run == run).order_by(tables.pages.c.position)
        with self.transaction() as connection:
            return rows_of(PageRow, connection.execute(query))

    def plan_row(self, run: int) -> PlanRow:
        """Return what a plan says besides its pages, and what was shown."""
        query = sa.select(tables.plans).where(tables.plans.c.run == run)
        with self.transaction() as connection:
            rows = rows_of(PlanRow, connection.execute(query))
        # Releases before schema 3 did not write it down.
        return rows[0] if rows else PlanRow(run=run, plan={})

    def count_runs(self) -> int:
        """Return how many runs there are."""
        with self.transaction() as connection:
            return int(connection.execute(sa.select(
                sa.func.count()).select_from(tables.runs)).scalar_one())

    def latest_run(self, target_api: str) -> int | None:
        """Return the latest run that imports, None if there is none.

        :param target_api: the target wiki
        """
        query = sa.select(sa.func.max(tables.runs.c.run)).where(
            tables.runs.c.target_api == target_api,
            tables.runs.c.mode == Mode.IMPORT.value)
        with self.transaction() as connection:
            run = connection.execute(query).scalar()
        return None if run is None else int(run)

    def pending(self, run: int) -> list[Pending]:
        """Return what a run sent without saying what came of it."""
        with self.transaction() as connection:
            return pending_in(connection, run)


def pending_in(connection: sa.Connection, run: int) -> list[Pending]:
    """Return what a run sent without saying what came of it.

    :param connection: in the transaction that needs to know
    """
    query = sa.select(tables.pages).where(
        tables.pages.c.run == run, tables.pages.c.sent.is_not(None),
        tables.pages.c.outcome.is_(None)
        | (tables.pages.c.outcome == Outcome.UNKNOWN.value),
    ).order_by(tables.pages.c.position)
    return [Pending(row.run, row.position, row.decided, row.sent,
                    row.revision_before)
            for row in connection.execute(query)]
