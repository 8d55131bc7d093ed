"""The decisions of a plan as rows of a table, and what filters them."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from markupsafe import Markup

from importbot.i18n import message
from importbot.model.plans import PageResult, PlannedPage, Report, Step
from importbot.model.words import Decision, Evidence, Outcome, Role
from importbot.reports.html.visible import isolated


__all__ = ('NOT_REACHED', 'Row', 'filters_of', 'outcome_word', 'rows_of',
           'step_text')

#: What stands for no outcome where there is something to do.
NOT_REACHED = 'none'

#: Fields of a step whose values have a message, by how its key begins.
_WORDED = {'via': 'html-via', 'because': 'because', 'history': 'html-history',
           'text': 'html-text'}


@dataclass(frozen=True, slots=True)
class Row:

    """One page in the table.

    :param place: of the page in the plan
    :param page: the page
    :param result: what became of it
    :param outcome: word for that, empty where there is nothing to say
    :param reason: why it was decided so
    :param advice: what a person can do, empty where nobody has to
    :param steps: what is done on the target
    :param sent: when it was sent, ISO 8601, empty where nobody knows
    """

    place: int
    page: PlannedPage
    result: PageResult
    outcome: str
    reason: str
    advice: str
    steps: tuple[Markup, ...]
    sent: str

    @property
    def only_mentioned(self) -> bool:
        """Whether nothing uses the page as yet."""
        return self.page.evidence == (Evidence.MENTIONED, )


def rows_of(report: Report, places: Iterable[int], language: str,
            sent: Mapping[str, str]) -> list[Row]:
    """Return some pages of a report as rows.

    :param report: with one result a page
    :param places: of the pages in the plan
    :param language: of all words
    :param sent: when pages were sent, by title
    """
    rows = []
    for place in places:
        page, result = report.plan.pages[place], report.results[place]
        rows.append(Row(
            place, page, result, outcome_word(page, result),
            _reason(page, language), _advice(page, language),
            tuple(step_text(step, language) for step in page.steps),
            sent.get(page.title, '')))
    return rows


def outcome_word(page: PlannedPage, result: PageResult) -> str:
    """Return the word for what became of a page.

    :param page: the page
    :param result: what became of it
    """
    if result.outcome:
        return result.outcome.value
    return NOT_REACHED if page.steps else ''


def _reason(page: PlannedPage, language: str) -> str:
    """Return the reason, with the relation where a person has to judge."""
    text = message(language, f'reason-{page.reason.value}')
    if page.decision is Decision.HOLD and page.relation:
        relation = message(language, f'html-relation-{page.relation.value}')
        text += f' ({relation})'
    return text


def _advice(page: PlannedPage, language: str) -> str:
    if page.decision in (Decision.HOLD, Decision.REFUSE):
        with suppress(KeyError):  # not every reason has a remedy
            return message(language, f'advice-{page.reason.value}')
    return ''


def step_text(step: Step, language: str) -> Markup:
    """Return what a step does, in a few words.

    :param step: of a page
    :param language: of the words
    """
    told = []
    for name, value in step.as_json().items():
        if name == 'action':
            continue
        try:
            if name in _WORDED:
                told.append(Markup.escape(message(
                    language, f'{_WORDED[name]}-{value}')))
            else:
                told.append(isolated(language, f'html-step-{name}',
                                     value=_joined(value)))
        except KeyError:  # of a field that is new here
            told.append(Markup('{}: <bdi>{}</bdi>').format(
                name, _joined(value)))
    action = step.action
    with suppress(KeyError):
        action = message(language, f'html-action-{action}')
    return (Markup('{} ({})').format(action, Markup(', ').join(told))
            if told else Markup.escape(action))


def _joined(value: object) -> str:
    return ', '.join(value) if isinstance(value, list) else str(value)


def filters_of(rows: Sequence[Row],
               is_plan: bool) -> dict[str, dict[str, int]]:
    """Return the words that rows can be filtered by, with their numbers.

    :param rows: of the table
    :param is_plan: whether there are no outcomes
    """
    counts = {'decision': Counter(row.page.decision.value for row in rows),
              'outcome': Counter(row.outcome for row in rows),
              'role': Counter(row.page.role.value for row in rows)}
    words: dict[str, Iterable[Enum]] = {
        'decision': Decision, 'outcome': Outcome, 'role': Role}
    if is_plan:
        del words['outcome']
    return {name: {word: counts[name][word] for word in (
        *(item.value for item in kind), NOT_REACHED)
        if counts[name][word]} for name, kind in words.items()}
