"""What the journal has of a run when it begins, for each kind of plan."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import singledispatch
from typing import Any

from importbot.journal.reader import JournalReader
from importbot.model.change_plan import ChangePlan
from importbot.model.plan import Plan, PlannedPage
from importbot.model.undo_plan import UndoPage, UndoPlan


__all__ = ('Beginning', 'beginning_of', 'page_row')


@dataclass(frozen=True)
class Beginning:

    """What is written down of a plan of one kind.

    :param source_api: where its pages come from
    :param source_prefix: the same, as the target knows it
    :param options: what the plan was made with
    :param pages: rows of its pages, in order
    :param undoes: the run that it undoes, None if it is no undo
    """

    source_api: str
    source_prefix: str
    options: Mapping[str, Any]
    pages: Sequence[Mapping[str, Any]]
    undoes: int | None = None


@singledispatch
def beginning_of(plan: ChangePlan, journal: JournalReader) -> Beginning:
    """Return what is written down of a plan; each kind has a function.

    :param journal: where former runs are recorded
    """
    raise NotImplementedError(f'no run is made of {type(plan).__name__}')


@beginning_of.register
def _import(plan: Plan, journal: JournalReader) -> Beginning:
    return Beginning(plan.source.api, plan.source.prefix or '',
                     asdict(plan.policy), [*map(page_row, plan.pages)])


@beginning_of.register
def _undo(plan: UndoPlan, journal: JournalReader) -> Beginning:
    undone = journal.run_row(plan.run)
    return Beginning(
        undone.source_api, undone.source_prefix,
        {'undoes': plan.run, 'mark': plan.mark},
        [_undo_row(page, f'{undone.source_prefix}:') for page in plan.pages],
        plan.run)


def page_row(page: PlannedPage) -> dict[str, Any]:
    """Return the row of a page of an import, without its place.

    :param page: of a plan
    """
    return {'title': str(page.title), 'target': page.target_text,
            'role': page.role.value,
            'relation': page.relation and page.relation.value,
            'decision': page.decision.value, 'reason': page.reason.value,
            'decided': page.as_json()}


def _undo_row(page: UndoPage, prefix: str) -> dict[str, Any]:
    return {'title': page.source.removeprefix(prefix), 'target': page.title,
            'role': page.role.value, 'relation': None,
            'decision': page.decision.value, 'reason': page.reason.value,
            'decided': page.as_json()}
