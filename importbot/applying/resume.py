"""Resume a run that was interrupted, by what the journal has of it."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from importbot.journal.half_pages import has_half, is_half
from importbot.journal.journal import Journal
from importbot.journal.tables import PageRow, RunRow
from importbot.journal.undos import undos_of
from importbot.model.codec import (
    planned_pages_from_json,
    policy_from_json,
    unresolved_from_json,
)
from importbot.model.decisions import Outcome
from importbot.model.errors import UsageError
from importbot.model.notes import notes_from_json
from importbot.model.plan import (
    Plan,
    PlannedPage,
)
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.model.revisions import Revision
from importbot.model.titles import Title
from importbot.sources.transfer import Transfer


__all__ = ('InterruptedRun', 'ResumedRun', 'find_interrupted')


@dataclass(frozen=True)
class ResumedRun:

    """A run that is resumed.

    :param run: its number
    :param plan: as it was begun
    :param results: what became of the pages so far, in the plan's order
    :param sent: titles of pages of which something was sent
    """

    run: int
    plan: Plan
    results: tuple[PageResult, ...]
    sent: frozenset[Title]


@dataclass(frozen=True)
class InterruptedRun:

    """A run of the journal that did not come to its end.

    :param row: what is recorded of the run itself
    """

    row: RunRow

    @property
    def prefix(self) -> str:
        """Interwiki prefix of its source."""
        return self.row.source_prefix

    @property
    def policy(self) -> Policy:
        """The policy that its plan was made with."""
        return policy_from_json(self.row.options)

    def resumed(self, journal: Journal, transfer: Transfer) -> ResumedRun:
        """Return the run with what is left of it.

        What it had sent without an answer is to be reconciled before.
        """
        if self.row.source_api != transfer.source.api:
            raise UsageError(Problem(
                'run-of-other-source', run=self.row.run,
                api=self.row.source_api, source=transfer.source.api))
        run, transfer = self.row.run, transfer.under(self.policy)
        rows = journal.page_rows(run)
        results = [_result(row) for row in rows]
        decided = [row.decided for row in rows]
        pages = planned_pages_from_json(decided, transfer.target_info.title)
        titles = [str(page.title) for page, result
                  in zip(pages, results, strict=True)
                  if page.steps and result.outcome in (None,
                                                       Outcome.IMPORTED)]
        fresh = {title: transfer.history(title) for title in titles}
        for place, page in enumerate(pages):
            history = fresh.get(str(page.title))
            if history is not None and not _has(history, page):
                results[place] = PageResult(
                    Outcome.REJECTED, results[place].imported,
                    Problem('revision-gone'))
        source, target = transfer.endpoints()
        said = journal.plan_row(run).plan
        plan = Plan(source, target, transfer.policy, tuple(
            _with_history(page, fresh[str(page.title)], transfer)
            if str(page.title) in fresh else page for page in pages),
            unresolved_from_json(said.get('unresolved', ()), pages),
            notes_from_json(said.get('notes', ())))
        return ResumedRun(run, plan, tuple(results), frozenset(
            page.title for page, row in zip(pages, rows, strict=True)
            if row.sent))


def _has(history: Sequence[Revision], page: PlannedPage) -> bool:
    return any(revision.id == page.newest.id for revision in history
               if page.newest)


def _result(row: PageRow) -> PageResult:
    """Return what is recorded of a page; not sent is not reached.

    A failure that came before anything was sent is worth another try, and
    so is one that came when part of the page had arrived.
    """
    result = row.result
    if is_half(row):
        return PageResult(None, row.imported)
    if row.error and (result.outcome is Outcome.UNCHANGED or (
            result.outcome is Outcome.FAILED and row.sent is None)):
        return PageResult()
    return result


def _with_history(page: PlannedPage, history: Any,
                  transfer: Transfer) -> PlannedPage:
    """Return a page with its histories, as they were when it was planned.
    """
    assert page.newest is not None, 'it has steps'
    ids = [revision.id for revision in history]
    if page.newest.id in ids:
        history = history[ids.index(page.newest.id):]
    replaced = page.replaced and next(
        (revision for revision in transfer.target.history(page.target_text)
         if revision.id == page.replaced.id), page.replaced)
    return replace(page, history=history, replaced=replaced,
                   newest=history[0] if history else page.newest)


def find_interrupted(journal: Journal, target_api: str,
                     run: int | None = None) -> InterruptedRun:
    """Return the run to resume.

    :param target_api: the target wiki
    :param run: its number, None for the latest
    :raises UsageError: there is nothing to resume
    """
    if run is None:
        run = journal.latest_run(target_api)
        if run is None or not _is_open(journal, run):
            raise UsageError(Problem('no-interrupted-run', api=target_api))
    row = journal.run_row(run)
    if row.target_api != target_api:
        raise UsageError(Problem('run-of-other-target', run=run,
                                 api=row.target_api, target=target_api))
    if not _is_open(journal, run):
        raise UsageError(Problem('run-ended', run=run))
    return InterruptedRun(row)


def _is_open(journal: Journal, run: int) -> bool:
    """Return whether there is something left of a run to resume."""
    return (journal.run_row(run).state != 'finished'
            or not undos_of(journal, run) and has_half(journal, run))
