"""Undos for the terminal: a table, a line a page, what is left to do."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from importbot.model.printable import listed, printable
from importbot.model.report import PageResult
from importbot.model.undo_plan import UndoDecision, UndoPage, UndoPlan
from importbot.reports.terminal.plan import outcome_text
from importbot.reports.words.undo import (
    held_sentences,
    reason_of,
    step_sentence,
)


__all__ = ('undo_complaints', 'undo_line', 'undo_summary', 'undo_table')


_STYLES = {UndoDecision.UNDO: 'green', UndoDecision.SKIP: 'dim',
           UndoDecision.HOLD: 'yellow'}


def undo_table(plan: UndoPlan, language: str,
               results: Sequence[PageResult] | None = None) -> Table:
    """Return one row for each page of an undo.

    :param language: of the reasons
    :param results: what became of the pages, once there is something
    """
    table = Table(
        title=Text(printable(f'Undo {plan.id} of run {plan.run}: '
                             f'{plan.target.api} as {plan.target.user}')),
        title_justify='left', box=None, header_style='bold', pad_edge=False)
    for name in ('page', 'role', 'what' if results is None else 'outcome',
                 'decision', 'reason'):
        table.add_column(name, overflow='fold')
    for place, page in enumerate(plan.pages):
        last = (step_sentence(page, language) if results is None else
                outcome_text(results[place], bool(page.verdict.step)))
        table.add_row(*(Text(printable(text)) for text in (
            page.title, page.role.value, last)),
            Text(page.verdict.decision.value,
                 style=_STYLES[page.verdict.decision]),
            Text(reason_of(page, language)))
    return table


def undo_line(page: UndoPage, result: PageResult) -> str:
    """Return one line on a page for the log.

    :param page: of an undo
    :param result: what became of it
    """
    return printable(
        f'{page.title}: {page.verdict.decision.value} '
        f'({page.verdict.reason.value}) – '
        + outcome_text(result, bool(page.verdict.step)))


def undo_summary(plan: UndoPlan,
                 results: Sequence[PageResult] | None = None) -> str:
    """Return how many pages there are of each decision and outcome.

    :param results: what became of the pages
    """
    counts = ', '.join(f'{number} {name}'
                       for name, number in plan.summary.items() if number)
    line = f'Pages of run {plan.run}: {counts or "none"}'
    if results is not None:
        ends = Counter(
            result.outcome.value if result.outcome else 'not reached'
            for page, result in zip(plan.pages, results, strict=True)
            if page.verdict.step)
        line += '; ' + (', '.join(f'{number} {name}' for name, number
                                  in ends.items()) or 'nothing to undo')
    return line


def undo_complaints(plan: UndoPlan, language: str) -> list[str]:
    """Return one sentence for each reason why pages are left to people."""
    return [printable(f'Not undone, {len(titles)}: {sentence}: '
                      + listed([f'"{title}"' for title in titles]))
            for sentence, titles in held_sentences(plan, language).items()]
