"""What the journal has of a run, as the report that the run would give."""
from __future__ import annotations

from importbot.flows.journal import Journal
from importbot.model.plans import (
    Endpoint,
    PageResult,
    Plan,
    Report,
    Unresolved,
    planned_page_from_json,
)
from importbot.model.words import Outcome


__all__ = ('recorded_report', )


def recorded_report(journal: Journal, run: int) -> Report:
    """Return the report of a run by what is written down.

    :param journal: where it is recorded
    :param run: its number
    :raises JournalError: there is no such run
    """
    row, rows = journal.run_row(run), journal.page_rows(run)
    said, shown = journal.plan_row(run)
    wikis = {side: said.get(side, {}).get('wiki', '')
             for side in ('source', 'target')}
    plan = Plan(
        Endpoint(row['source_api'], wikis['source'],
                 prefix=row['source_prefix']),
        Endpoint(row['target_api'], wikis['target'],
                 user=row['target_user']),
        dict(row['options']),
        tuple(planned_page_from_json(page['decided']) for page in rows),
        tuple(Unresolved(item['name'], tuple(item['needed_by']))
              for item in said.get('unresolved', ())),
        tuple(said.get('notes', ())))
    return Report(plan, run, tuple(
        PageResult(page['outcome'] and Outcome(page['outcome']),
                   page['imported'], page['error']) for page in rows),
        tuple(shown))
