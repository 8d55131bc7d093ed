"""Words that reports on undos share."""
from __future__ import annotations

from dataclasses import asdict

from importbot.i18n import message
from importbot.model.undo_plan import UndoPage, UndoPlan


__all__ = ('held_sentences', 'reason_of', 'step_sentence')


def step_sentence(page: UndoPage, language: str) -> str:
    """Return what is done to a page, empty for nothing."""
    step = page.verdict.step
    return message(language, f'undo-step-{step.action}',
                   **asdict(step)) if step else ''


def reason_of(page: UndoPage, language: str) -> str:
    """Return the sentence of a page's reason.

    :param page: of an undo
    """
    return message(language, f'undo-reason-{page.verdict.reason.value}')


def held_sentences(plan: UndoPlan, language: str) -> dict[str, list[str]]:
    """Return the pages that are left to people, by what they can do."""
    sentences: dict[str, list[str]] = {}
    for page in plan.held:
        advice = message(language,
                         f'undo-advice-{page.verdict.reason.value}')
        sentences.setdefault(f'{reason_of(page, language)}; {advice}',
                             []).append(page.title)
    return sentences
