"""Imports and undos for the terminal: one table, one line a page."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from importbot.i18n import message, spoken
from importbot.model.decisions import Decision, Evidence, Outcome
from importbot.model.plan import Plan, PlannedPage
from importbot.model.printable import listed, printable
from importbot.model.report import PageResult
from importbot.model.undo_plan import UndoDecision, UndoPage, UndoPlan
from importbot.reports.terminal.layout import WordTable
from importbot.reports.terminal.remedies import with_remedy
from importbot.reports.terminal.tables import safe, table
from importbot.reports.words.changes import (
    AnyPage,
    AnyPlan,
    first_and_more,
    outcome_sentence,
    reason_sentence,
    step_sentence,
)
from importbot.reports.words.selection import shown_places


__all__ = ('change_table', 'own_word', 'page_line', 'summary_line')

#: Rows of a table that somebody might read.
_ROWS = 1000

_STYLES = {Decision.IMPORT: 'green', Decision.SKIP: 'dim',
           Decision.HOLD: 'yellow', Decision.REFUSE: 'red',
           UndoDecision.UNDO: 'green', UndoDecision.SKIP: 'dim',
           UndoDecision.HOLD: 'yellow', Outcome.VERIFIED: 'green',
           Outcome.UNCHANGED: 'dim', Outcome.IMPORTED: 'yellow',
           None: 'yellow'}


def change_table(plan: AnyPlan, language: str,
                 results: Sequence[PageResult] | None = None,
                 most: int | None = _ROWS) -> WordTable:
    """Return one row for each page of a plan.

    :param plan: of an import or an undo
    :param language: language of the reasons
    :param results: what became of the pages, once there is something
    :param most: rows, None for all
    """
    most = len(plan.pages) if most is None else most
    before = (('step', 'what') if isinstance(plan, UndoPlan)
              else ('needed', 'needed by'))
    return table(
        _title(plan, most), [own_word(f'table-{key}', name, language)
                             for key, name in (
            ('page', 'page'), ('role', 'role'), before if results is None
            else ('outcome', 'outcome'), ('decision', 'decision'),
            ('reason', 'reason'))],
        ([_way(page), _role(page, language),
          _before(page, language) if results is None
          else _outcome_cell(page, results[place], language),
          safe(_decision(page, language), _STYLES[page.decision]),
          _reason(page, language)]
         for place, page in ((place, plan.pages[place]) for place
                             in shown_places(plan.pages, results, most))))


def own_word(key: str, value: str, language: str) -> str:
    """Return a word of a language; of English, the value itself.

    That is what JSON and the glossary have.

    :param key: of its message
    :param value: as JSON has it
    """
    return value if spoken(language) == 'en' else message(language, key)


def _title(plan: AnyPlan, most: int) -> Text:
    more = len(plan.pages) - most
    left = (f'; {more} more pages than are shown, see -plan:FILE'
            if more > 0 else '')
    way = f'{plan.target.api} as {plan.target.user}{left}'
    if isinstance(plan, UndoPlan):
        return safe(f'Undo {plan.id} of run {plan.run}: {way}')
    return safe(f'Plan {plan.id}: {plan.source.prefix} ({plan.source.api}) '
                f'→ {way}')


def _way(page: AnyPage) -> str:
    """Return the title, and where it goes if that is another."""
    title = str(page.title)
    if isinstance(page, UndoPage) or page.target_text in ('', title):
        return title
    return f'{page.title} → {page.target}'


def _role(page: AnyPage, language: str) -> str:
    """Return the role, and whether the page is needed by mention only."""
    role = own_word(f'role-{page.role.value}', page.role.value, language)
    if (isinstance(page, PlannedPage)
            and page.evidence == (Evidence.MENTIONED, )):
        role += ', ' + own_word('html-mentioned', 'mentioned', language)
    return role


def _before(page: AnyPage, language: str) -> str:
    """Return what is to be known of a page before anything is done."""
    return (step_sentence(page, language) if isinstance(page, UndoPage)
            else first_and_more(map(str, page.needed_by)))


def _decision(page: AnyPage, language: str) -> str:
    """Return the decision, and the steps where they are more than that."""
    decision = page.decision.value
    words = [own_word(f'decision-{decision}', decision, language)]
    if isinstance(page, PlannedPage):
        words += [own_word(f'html-action-{step.action}', step.action, language)
                  for step in page.steps[1:]]
    else:
        words += [step.action for step in page.steps[1:]
                  if spoken(language) == 'en']
    return ' + '.join(words)


def _reason(page: AnyPage, language: str) -> str:
    """Return the reason, with the relation that a person has to judge."""
    text = reason_sentence(page, language)
    if isinstance(page, PlannedPage) and page.asks and page.relation:
        word = own_word(f'html-relation-{page.relation.value}',
                     page.relation.value, language)
        text += f' ({word})'
    return text


def _outcome_cell(page: AnyPage, result: PageResult,
                  language: str) -> Text:
    return safe(_outcome(page, result, language),
                _STYLES.get(result.outcome, 'red'))


def _outcome(page: AnyPage, result: PageResult, language: str = 'en') -> str:
    """Return what became of a page in words."""
    if result.outcome is None:
        return (own_word('outcome-none', 'not reached', language)
                if page.steps else '')
    text = result.outcome.value
    if spoken(language) != 'en':
        text = outcome_sentence(text, language,
                                is_undo=isinstance(page, UndoPage))
    if result.imported:
        text += ', ' + (_count(result.imported, 'revision')
                        if spoken(language) == 'en' else message(
            language, 'overview-versions', count=result.imported))
    return (f'{text}: {with_remedy(result.error, language)}'
            if result.error else text)


def page_line(page: AnyPage, result: PageResult) -> str:
    """Return one line on a page for the log.

    :param page: of an import or an undo
    :param result: what became of it
    """
    return printable(f'{page.title}: {page.decision.value} '
                     f'({page.reason.value}) – {_outcome(page, result)}')


def summary_line(plan: AnyPlan,
                 results: Sequence[PageResult] | None = None,
                 run: int | None = None) -> str:
    """Return how many pages there are of each decision and outcome.

    :param plan: of an import or an undo
    :param results: what became of the pages, once there is something
    :param run: number of the run in the journal
    """
    counts = ', '.join(f'{number} {name}'
                       for name, number in plan.summary.items() if number)
    line = (f'Pages of run {plan.run}: {counts or "none"}'
            if isinstance(plan, UndoPlan)
            else f'{_count(len(plan.pages), "page")}: {counts}'
            + _not_followed(plan))
    if results is not None:
        line += '; ' + (_outcomes(plan, results) or 'nothing to '
                        + ('undo' if isinstance(plan, UndoPlan)
                           else 'import'))
    if run is not None:
        line += f'; run {run} of the journal'
    return printable(line)


def _not_followed(plan: Plan) -> str:
    names = listed([item.name for item in plan.unresolved])
    return (f'; not followed, because a parameter decides: {names}'
            if names else '')


def _outcomes(plan: AnyPlan, results: Sequence[PageResult]) -> str:
    """Return what became of the pages that the plan would change."""
    pages: Sequence[AnyPage] = plan.pages
    counts = Counter(
        result.outcome.value if result.outcome else 'not reached'
        for page, result in zip(pages, results, strict=True)
        if page.steps)
    return ', '.join(f'{number} {name}' for name, number in counts.items())


def _count(number: int, noun: str) -> str:
    return f'{number} {noun}' if number == 1 else f'{number} {noun}s'
