"""What became of a plan, as a value."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from importbot.model.change_plan import ChangePlan
from importbot.model.decisions import Outcome
from importbot.model.documents import ResultDocument
from importbot.model.notes import Note, NoteKind
from importbot.model.plan import Plan
from importbot.model.problems import Problem
from importbot.model.undo_plan import UndoPlan


__all__ = ('PageResult', 'Report', 'UndoReport', 'unexpected')


@dataclass(frozen=True, slots=True)
class PageResult:

    """What became of a page.

    :param outcome: the one outcome, None where the run did not get there
    :param imported: revisions that the wiki says it took
    :param error: what went wrong, or what differs
    """

    outcome: Outcome | None = None
    imported: int = 0
    error: Problem | None = None

    def with_outcome(self, outcome: Outcome,
                     error: Problem | None = None) -> PageResult:
        """Return the result with another outcome."""
        return replace(self, outcome=outcome, error=error)

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return ResultDocument.model_construct(
            outcome=self.outcome, imported=self.imported,
            error=self.error and str(self.error)).as_json()


def unexpected(plan: ChangePlan,
               results: Sequence[PageResult]) -> list[int]:
    """Return places of the pages with which something else came about.

    :param plan: what was to happen
    :param results: in the order of its pages
    """
    return [place for place, (page, result) in enumerate(zip(
        plan.pages, results, strict=True))
        if result.outcome is not (Outcome.VERIFIED if page.steps
                                  else Outcome.UNCHANGED)]


@dataclass(frozen=True)
class Report:

    """A plan with what became of each page.

    :param plan: the plan that was applied
    :param run: number of the run in the journal, None when simulated
    :param results: in the order of the plan's pages
    :param notes: what the imported pages show on the target
    """

    plan: Plan
    run: int | None
    results: tuple[PageResult, ...]
    notes: tuple[Note, ...] = ()

    @property
    def unexpected(self) -> list[int]:
        """Places of the pages with which something else came about."""
        return unexpected(self.plan, self.results)

    @property
    def went_as_planned(self) -> bool:
        """Whether all arrived, and is shown as what it is."""
        return not (self.unexpected or self.shows_raw_text)

    @property
    def shows_raw_text(self) -> bool:
        """Whether pages show wikitext that nobody should see."""
        return any(note.kind is NoteKind.RAW_TEXT for note in self.notes)

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        data = self.plan.as_json()
        data['run'] = self.run
        data['notes'] += [note.as_json() for note in self.notes]
        for page, result in zip(data['pages'], self.results, strict=True):
            page.update(result.as_json())
        return data


@dataclass(frozen=True)
class UndoReport:

    """An undo with what became of each page.

    :param plan: the undo that was carried out
    :param run: its own number in the journal, None when simulated
    :param results: in the order of the plan's pages
    """

    plan: UndoPlan
    run: int | None
    results: tuple[PageResult, ...]

    @property
    def unexpected(self) -> list[int]:
        """Places of the pages with which something else came about."""
        return [place for place, (page, result) in enumerate(zip(
            self.plan.pages, self.results, strict=True))
            if result.outcome not in (Outcome.VERIFIED, Outcome.UNCHANGED)
            and (page.steps or result.outcome)]

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        data = self.plan.as_json()
        data['run'] = self.run
        for page, result in zip(data['pages'], self.results, strict=True):
            page.update(outcome=result.outcome and result.outcome.value,
                        error=result.error and str(result.error))
        return data
