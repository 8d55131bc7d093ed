"""The decisions of a plan as rows of a table, and what filters them."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from markupsafe import Markup

from importbot.i18n import message
from importbot.model.decisions import Decision, Evidence, Outcome, Role
from importbot.model.plan import PlannedPage
from importbot.model.report import PageResult
from importbot.model.undo_plan import UndoPage
from importbot.reports.html.steps import step_text
from importbot.reports.wiki_links import WikiLinks
from importbot.reports.words.changes import (
    AnyReport,
    advice_sentence,
    is_kept_out,
    reason_sentence,
    step_sentence,
)


__all__ = ('NOT_REACHED', 'DecisionRow', 'filters_of', 'outcome_word',
           'rows_of')

#: What stands for no outcome where there is something to do.
NOT_REACHED = 'none'


@dataclass(frozen=True, slots=True)
class DecisionRow:

    """One page in the table.

    :param place: of the page in the plan
    :param title: full title on the source
    :param link: its address
    :param revision: id of the newest revision there, None for no page
    :param revision_link: address of that
    :param target: full title on the target, empty where it has none
    :param role: word for what it is to the run
    :param is_mentioned: whether nothing uses the page as yet
    :param needers: how many pages lead to it
    :param decision: word for what is to happen
    :param reason: why
    :param advice: what a person can do, empty where nobody has to
    :param steps: what is done on the target
    :param revisions: number of revisions to send, None if nobody counted
    :param outcome: word for what became of it, empty where there is
        nothing to say
    :param result: what became of it
    :param sent: when it was sent, ISO 8601, empty where nobody knows
    :param landing: full title on the target under which the import log has
        it, if that is another one
    """

    place: int
    title: str
    target: str
    role: str
    decision: str
    reason: str
    advice: str
    steps: tuple[Markup, ...]
    outcome: str
    result: PageResult
    link: str = ''
    revision: int | None = None
    revision_link: str = ''
    is_mentioned: bool = False
    needers: int = 0
    revisions: int | None = None
    sent: str = ''
    landing: str = ''


def rows_of(report: AnyReport, places: Iterable[int], source: WikiLinks,
            language: str, sent: Mapping[str, str]) -> list[DecisionRow]:
    """Return some pages of a report as rows.

    :param report: of an import or an undo, with one result a page
    :param places: of the pages in the plan
    :param source: makes addresses there
    :param sent: when pages were sent, by title
    """
    rows = []
    for place in places:
        page, result = report.plan.pages[place], report.results[place]
        common = {'place': place, 'role': page.role.value,
                  'decision': page.decision.value,
                  'outcome': outcome_word(result, bool(page.steps)),
                  'advice': advice_sentence(page, language)
                  if is_kept_out(page) else '',
                  'result': result}
        rows.append(DecisionRow(
            **common, title=page.source, target=page.title,
            reason=reason_sentence(page, language),
            steps=tuple(filter(None, [Markup.escape(
                step_sentence(page, language))])))
            if isinstance(page, UndoPage) else DecisionRow(
            **common, **_of_import(page, source, language),
            sent=sent.get(str(page.title), '')))
    return rows


def _of_import(page: PlannedPage, source: WikiLinks,
               language: str) -> dict[str, Any]:
    """Return what only the rows of an import have."""
    revision = page.newest.id if page.newest else None
    return {
        'title': str(page.title), 'target': page.target_text,
        'reason': _reason(page, language),
        'steps': tuple(step_text(step, language) for step in page.steps),
        'link': source.page(str(page.title)), 'revision': revision,
        'revision_link': source.revision(revision) if revision else '',
        'is_mentioned': page.evidence == (Evidence.MENTIONED, ),
        'needers': len(page.needed_by), 'revisions': page.revisions,
        'landing': page.move.landing if page.move else ''}


def outcome_word(result: PageResult, has_steps: bool) -> str:
    """Return the word for what became of a page, empty for nothing.

    :param result: of the page
    :param has_steps: whether anything was to be done
    """
    if result.outcome:
        return result.outcome.value
    return NOT_REACHED if has_steps else ''


def _reason(page: PlannedPage, language: str) -> str:
    """Return the reason, with the relation where a person has to judge."""
    text = reason_sentence(page, language)
    if page.decision is Decision.HOLD and page.relation:
        relation = message(language, f'html-relation-{page.relation.value}')
        text += f' ({relation})'
    return text




def filters_of(rows: Sequence[DecisionRow], decisions: type[Enum],
               is_plan: bool) -> dict[str, dict[str, int]]:
    """Return the words that rows can be filtered by, with their numbers.

    :param rows: of the table
    :param decisions: the words that there are for decisions
    :param is_plan: whether there are no outcomes
    """
    counts = {'decision': Counter(row.decision for row in rows),
              'outcome': Counter(row.outcome for row in rows),
              'role': Counter(row.role for row in rows)}
    words: dict[str, type[Enum]] = {
        'decision': decisions, 'outcome': Outcome, 'role': Role}
    if is_plan:
        del words['outcome']
    return {name: {word: counts[name][word] for word in (
        *(item.value for item in kind), NOT_REACHED)
        if counts[name][word]} for name, kind in words.items()}
