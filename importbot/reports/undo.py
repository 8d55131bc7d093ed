"""Undos for people: a table and what is left to do by hand."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from importbot.i18n import message
from importbot.model.printable import listed, printable
from importbot.model.report import PageResult
from importbot.model.undo_plan import (
    UndoDecision,
    UndoPage,
    UndoPlan,
    UndoReason,
)
from importbot.reports.escape import link, plain
from importbot.reports.terminal import outcome_text
from importbot.reports.wikitext import note_lines, outcome, wikitable_head


__all__ = ('deletion_list', 'held_lines', 'undo_complaints', 'undo_line',
           'undo_summary', 'undo_table', 'undo_wikitable', 'undo_wikitext')

#: Links in a line of wikitext.
_LINKED = 50

_STYLES = {UndoDecision.UNDO: 'green', UndoDecision.SKIP: 'dim',
           UndoDecision.HOLD: 'yellow'}


def undo_table(plan: UndoPlan, language: str,
               results: Sequence[PageResult] | None = None) -> Table:
    """Return one row for each page of an undo.

    :param plan: the undo
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
        last = (_what(page, language) if results is None else
                outcome_text(results[place], bool(page.verdict.step)))
        table.add_row(*(Text(printable(text)) for text in (
            page.title, page.role.value, last)),
            Text(page.verdict.decision.value,
                 style=_STYLES[page.verdict.decision]),
            Text(reason_of(page, language)))
    return table


def _what(page: UndoPage, language: str) -> str:
    step = page.verdict.step
    return message(language, f'undo-step-{step.action}',
                   text=step.text) if step else ''


def reason_of(page: UndoPage, language: str) -> str:
    """Return the sentence of a page's reason.

    :param page: of an undo
    :param language: of the sentence
    """
    return message(language, f'undo-reason-{page.verdict.reason.value}')


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

    :param plan: the undo
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
    """Return one sentence for each reason why pages are left to people.

    :param plan: the undo
    :param language: of the sentences
    """
    return [printable(f'Not undone, {len(titles)}: {sentence}: '
                      + listed([f'"{title}"' for title in titles]))
            for sentence, titles in _held(plan, language).items()]


def _held(plan: UndoPlan, language: str) -> dict[str, list[str]]:
    """Return the pages that are left to people, by what they can do."""
    found: dict[str, list[str]] = {}
    for page in plan.held:
        advice = message(language,
                         f'undo-advice-{page.verdict.reason.value}')
        found.setdefault(f'{reason_of(page, language)}; {advice}',
                         []).append(page.title)
    return found


def deletion_list(plan: UndoPlan) -> list[str]:
    """Return what somebody who may delete has to delete, in wikitext.

    To be pasted, so it is not escaped: no title holds a bracket, brace,
    bar or angle bracket.

    :param plan: the undo
    """
    return [f'* [[:{page.title}]]' for page in plan.held
            if page.verdict.reason is UndoReason.MAY_NOT_DELETE]


def undo_wikitext(plan: UndoPlan, language: str,
                  results: Sequence[PageResult] | None = None) -> list[str]:
    """Return a whole undo in wikitext: who is to look first, then a table.

    :param plan: the undo
    :param language: of all words
    :param results: what became of the pages, once there is something
    """
    return [*note_lines(plan.notes, language), *held_lines(plan, language),
            *([undo_wikitable(plan, range(len(plan.pages)), language,
                              results=results)] if plan.pages else ())]


def held_lines(plan: UndoPlan, language: str) -> list[str]:
    """Return what is left to people as items of a list, by reason.

    :param plan: the undo
    :param language: of the sentences
    """
    return [f'* {plain(sentence)}: '
            + ', '.join(map(link, titles[:_LINKED]))
            + (f' +{len(titles) - _LINKED}' if len(titles) > _LINKED else '')
            for sentence, titles in _held(plan, language).items()]


def undo_wikitable(plan: UndoPlan, places: Iterable[int], language: str, *,
                   results: Sequence[PageResult] | None = None,
                   caption: str = '', folded: bool = False) -> str:
    """Return some pages of an undo as a table.

    :param plan: the undo
    :param places: of the pages in it
    :param language: of all words
    :param results: what became of all pages, once there is something
    :param caption: of the table
    :param folded: whether it is shown closed first
    """
    heads = ' !! '.join(message(language, f'table-{name}') for name in (
        'page', 'role', 'decision', 'reason',
        'step' if results is None else 'outcome'))
    rows = wikitable_head(heads, caption, folded=folded)
    for place in places:
        page = plan.pages[place]
        rows += ['|-', '| ' + ' || '.join((
            link(page.title), message(language, f'role-{page.role.value}'),
            message(language, f'decision-{page.verdict.decision.value}'),
            plain(reason_of(page, language)),
            plain(_what(page, language)) if results is None
            else outcome(results[place], language)))]
    return '\n'.join([*rows, '|}'])
