"""Plans and reports for the terminal: one table, one line a page."""
from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from importbot.i18n import message
from importbot.model.decisions import Decision, Evidence, Outcome, Role
from importbot.model.plan import Plan, PlannedPage
from importbot.model.printable import listed, printable
from importbot.model.report import PageResult, Report
from importbot.reports.terminal.remedies import with_remedy
from importbot.reports.terminal.streams import Degrading
from importbot.reports.words.selection import shown_places


__all__ = ('complaints', 'outcome_text', 'page_line', 'plan_table', 'show',
           'summary_line')

#: Columns where nobody is watching: a log file takes long lines.
_WIDTH_IN_A_FILE = 160

#: Rows of a table that somebody might read.
_ROWS = 1000

_DECISION_STYLES = {Decision.IMPORT: 'green', Decision.SKIP: 'dim',
                    Decision.HOLD: 'yellow', Decision.REFUSE: 'red'}
_OUTCOME_STYLES = {Outcome.VERIFIED: 'green', Outcome.UNCHANGED: 'dim',
                   Outcome.IMPORTED: 'yellow'}


def plan_table(plan: Plan, language: str,
               results: Sequence[PageResult] | None = None) -> Table:
    """Return one row for each page of a plan.

    :param language: language of the reasons
    :param results: what became of the pages, once there is something
    """
    table = Table(title=_title(plan), title_justify='left', box=None,
                  header_style='bold', pad_edge=False)
    for name in ('page', 'role', 'needed by' if results is None
                 else 'outcome', 'decision', 'reason'):
        table.add_column(name, overflow='fold')
    for position in shown_places(plan.pages, results, _ROWS):
        page = plan.pages[position]
        table.add_row(
            _safe(_way(page)), _safe(_role(page)),
            _safe(_needed_by(page)) if results is None
            else _outcome_cell(page, results[position]),
            _safe(_decision(page), _DECISION_STYLES[page.decision]),
            _safe(_reason(page, language)))
    return table


def _title(plan: Plan) -> Text:
    more = len(plan.pages) - _ROWS
    return Text(f'Plan {plan.id}: {plan.source.prefix} ({plan.source.api}) '
                f'→ {plan.target.api} as {plan.target.user}'
                + (f'; {more} more pages than are shown, see -plan:FILE'
                   if more > 0 else ''))


def _way(page: PlannedPage) -> str:
    """Return the title, and where it goes if that is another."""
    if page.target in ('', page.title):
        return page.title
    return f'{page.title} → {page.target}'


def _role(page: PlannedPage) -> str:
    """Return the role, and whether the page is needed by mention only."""
    if page.evidence == (Evidence.MENTIONED, ):
        return f'{page.role.value}, mentioned'
    return page.role.value


def _decision(page: PlannedPage) -> str:
    """Return the decision, and the steps where they are more than that."""
    more = [step.action for step in page.steps[1:]]
    return ' + '.join([page.decision.value, *more])


def _reason(page: PlannedPage, language: str) -> str:
    """Return the reason, with the relation that a person has to judge."""
    text = message(language, f'reason-{page.reason.value}')
    if page.asks and page.relation:
        text += f' ({page.relation.value})'
    return text


def _needed_by(page: PlannedPage) -> str:
    if not page.needed_by:
        return ''
    first, *more = page.needed_by
    return f'{first} +{len(more)}' if more else first


def _outcome_cell(page: PlannedPage, result: PageResult) -> Text:
    text = outcome_text(result, bool(page.steps))
    if result.outcome is None:
        return _safe(text, 'yellow')
    return _safe(text, _OUTCOME_STYLES.get(result.outcome, 'red'))


def outcome_text(result: PageResult, has_steps: bool) -> str:
    """Return what became of a page in words.

    :param result: of the page
    :param has_steps: whether anything was to be done
    """
    if result.outcome is None:
        return 'not reached' if has_steps else ''
    text = result.outcome.value
    if result.imported:
        text += f', {_count(result.imported, "revision")}'
    return f'{text}: {with_remedy(result.error)}' if result.error else text


def _safe(text: str, style: str = '') -> Text:
    """Return text of a wiki as data: no markup, no control characters."""
    return Text(printable(text), style=style)


def page_line(page: PlannedPage, result: PageResult) -> str:
    """Return one line on a page for the log.

    :param result: what became of it
    """
    return printable(f'{page.title}: {page.decision.value} '
                     f'({page.reason.value}) – '
                     + _outcome_cell(page, result).plain)


def summary_line(plan: Plan, report: Report | None = None) -> str:
    """Return how many pages there are of each decision and outcome.

    :param report: what became of it
    """
    counts = ', '.join(f'{number} {name}'
                       for name, number in plan.summary.items() if number)
    line = f'{_count(len(plan.pages), "page")}: {counts}'
    if plan.unresolved:
        names = listed([item.name for item in plan.unresolved])
        line += f'; not followed, because a parameter decides: {names}'
    if report is not None and report.run is not None:
        line += f'; {_outcomes(report)}; run {report.run} of the journal'
    return printable(line)


def _outcomes(report: Report) -> str:
    """Return what became of the pages that the plan would change."""
    counts = Counter(
        result.outcome.value if result.outcome else 'not reached'
        for page, result in zip(report.plan.pages, report.results,
                                strict=True) if page.steps)
    return ', '.join(f'{number} {name}' for name, number
                     in counts.items()) or 'nothing to import'


def complaints(plan: Plan, language: str) -> list[str]:
    """Return one sentence on each page that needs a person.

    :param language: language of the reasons
    """
    return [printable(f'"{page.title}" is not imported: '
                      + message(language, f'reason-{page.reason.value}')
                      + '; '
                      + message(language, f'advice-{page.reason.value}'))
            for page in plan.pages
            if page.decision is Decision.HOLD
            or (page.decision is Decision.REFUSE
                and page.role is Role.REQUESTED)]


def _count(number: int, noun: str) -> str:
    return f'{number} {noun}' if number == 1 else f'{number} {noun}s'


def show(*parts: RenderableType) -> None:
    """Print tables and lines to standard output.

    :param parts: one below the other
    """
    file: Any = Degrading(sys.stdout)
    console = Console(file=file)
    if not console.is_terminal:
        console = Console(file=file, width=_WIDTH_IN_A_FILE)
    for part in parts:
        # A table without columns would be an empty line.
        if not isinstance(part, Table) or part.columns:
            console.print(part)
