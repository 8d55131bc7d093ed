"""Words that reports on imports and on undos share."""
from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict

from importbot.i18n import message
from importbot.model.decisions import (
    Decision,
    Outcome,
    Reason,
    Relation,
    Role,
)
from importbot.model.plan import Plan, PlannedPage
from importbot.model.report import PageResult, Report, UndoReport
from importbot.model.undo_plan import UndoPage, UndoPlan, UndoReason


__all__ = ('AnyPage', 'AnyPlan', 'AnyReport', 'advice_sentence',
           'first_and_more', 'held_sentences', 'is_kept_out', 'is_replaced',
           'needs_person', 'outcome_sentence', 'reason_sentence',
           'step_sentence')

#: Imports and undos are told of alike, by what they have in common.
AnyPlan = Plan | UndoPlan
AnyReport = Report | UndoReport
AnyPage = PlannedPage | UndoPage


def reason_sentence(page: AnyPage, language: str) -> str:
    """Return why a page is decided about as it is.

    :param page: of an import or an undo
    """
    return message(language, _key(page.reason, 'reason'))


def advice_sentence(page: AnyPage, language: str) -> str:
    """Return what a person can do, empty where there is no remedy.

    :param page: of an import or an undo
    """
    with suppress(KeyError):
        return message(language, _key(page.reason, 'advice'))
    return ''


def _key(reason: Reason | UndoReason, kind: str) -> str:
    undo = 'undo-' if isinstance(reason, UndoReason) else ''
    return f'{undo}{kind}-{reason.value}'


def outcome_sentence(name: str, language: str, *, is_undo: bool) -> str:
    """Return what became of a page; of an undo, what was undone is heard.

    :param name: the outcome; a later release may have written one that
        this one does not know
    :param is_undo: whether an undo treated the page
    """
    for kind in ('undo-outcome', 'outcome') if is_undo else ('outcome', ):
        with suppress(KeyError):
            return message(language, f'{kind}-{name}')
    return name


def is_kept_out(page: AnyPage) -> bool:
    """Return whether a page is on hold or refused.

    :param page: of an import or an undo
    """
    return page.decision.value in (Decision.HOLD.value, Decision.REFUSE.value)


def is_replaced(page: PlannedPage) -> bool:
    """Return whether another text is to be shown instead of the target's."""
    return bool(page.import_steps and page.newest and page.replaced
                and page.relation is not Relation.IDENTICAL
                and not page.keeps_local_text)


def needs_person(page: AnyPage, result: PageResult | None = None) -> bool:
    """Return whether a page is what a person should look at first.

    :param page: of an import or an undo
    :param result: what became of it, None before
    """
    if is_kept_out(page) and (page.decision is not Decision.REFUSE
                              or page.role is Role.REQUESTED):
        return True
    return result is not None and result.outcome not in (
        Outcome.VERIFIED, Outcome.UNCHANGED)


def step_sentence(page: UndoPage, language: str) -> str:
    """Return what an undo does to a page, empty for nothing.

    :param page: of an undo
    """
    return '; '.join(message(language, f'undo-step-{step.action}',
                             **asdict(step)) for step in page.steps)


def held_sentences(plan: UndoPlan, language: str) -> dict[str, list[str]]:
    """Return the pages that are left to people, by what they can do."""
    sentences: dict[str, list[str]] = {}
    for page in plan.held:
        sentences.setdefault(f'{reason_sentence(page, language)}; '
                             + advice_sentence(page, language),
                             []).append(page.title)
    return sentences


def first_and_more(titles: Iterable[str]) -> str:
    """Return the first of some titles, and how many more there are."""
    first, *more = [*titles] or ['']
    return f'{first} +{len(more)}' if more else first
