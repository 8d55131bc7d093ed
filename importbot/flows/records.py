"""What the journal has of a run, as the report that the run would give."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from importbot.flows.journal import Journal
from importbot.model.plans import (
    Endpoint,
    PageResult,
    Plan,
    Report,
    planned_page_from_json,
)
from importbot.model.words import Outcome


__all__ = ('recorded_report', )


def recorded_report(journal: Journal, run: int,
                    plan_notes: Sequence[Mapping[str, Any]] = (),
                    ) -> Report:
    """Return the report of a run by what is written down.

    :param journal: where it is recorded
    :param run: its number
    :param plan_notes: notes of its plan, which the journal does not keep
    :raises JournalError: there is no such run
    """
    row, rows = journal.run_row(run), journal.page_rows(run)
    plan = Plan(
        Endpoint(row['source_api'], '', prefix=row['source_prefix']),
        Endpoint(row['target_api'], '', user=row['target_user']),
        dict(row['options']),
        tuple(planned_page_from_json(page['decided']) for page in rows),
        notes=tuple(plan_notes))
    return Report(plan, run, tuple(
        PageResult(page['outcome'] and Outcome(page['outcome']),
                   page['imported'], page['error']) for page in rows))
