"""Parts of imports and undos as wikitext; a wiki's words are escaped."""
from __future__ import annotations

from collections.abc import Iterable

from importbot.i18n import message, said
from importbot.model.notes import Note
from importbot.model.plan import Plan
from importbot.model.printable import listed
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.model.undo_plan import UndoPlan
from importbot.reports.wikitext.escape import link, plain
from importbot.reports.words.changes import outcome_sentence
from importbot.reports.words.notes import note_sentence


__all__ = ('cleanup_lines', 'deletion_list', 'error_text', 'note_lines',
           'outcome')


def note_lines(notes: Iterable[Note],
               language: str) -> list[str]:
    """Return the notes of a plan or report as items of a list.

    :param notes: of the plan or report
    """
    return [f'* {plain(note_sentence(note, language))}' for note in notes]


def cleanup_lines(plan: Plan, language: str) -> list[str]:
    """Return which clean-ups which pages get, as items of a list."""
    pages: dict[tuple[str, ...], list[str]] = {}
    for page in plan.pages:
        if page.cleanups:
            pages.setdefault(page.cleanups, []).append(
                link(page.target_text))
    return ['* ' + message(
        language, 'cleanups', names=plain(', '.join(names)),
        pages=listed(links)) for names, links in pages.items()]


def deletion_list(plan: UndoPlan) -> list[str]:
    """Return what somebody who may delete has to delete, in wikitext.

    To be pasted, so it is not escaped: no title holds a bracket, brace,
    bar or angle bracket.
    """
    return [f'* [[:{page.title}]]' for page in plan.held
            if page.verdict.awaits_deletion]


def outcome(result: PageResult, language: str, *,
            is_undo: bool = False) -> str:
    """Return what became of a page.

    :param result: of the page
    :param is_undo: whether an undo treated it
    """
    name = result.outcome.value if result.outcome else 'none'
    text = plain(outcome_sentence(name, language, is_undo=is_undo))
    return f'{text}{error_text(result.error, language)}'


def error_text(error: Problem | None, language: str) -> str:
    """Return what went wrong with a page, after its outcome.

    What a wiki answered stays as it is, in whatever language it did.

    :param error: empty for nothing
    """
    if error is None:
        return ''
    attributes = ' lang="en" dir="ltr"' if error.is_quoted else ''
    return f' <small{attributes}>{plain(said(language, error))}</small>'
