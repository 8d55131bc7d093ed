"""Undos as wikitext; every word of a wiki is escaped."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from importbot.i18n import message
from importbot.model.report import PageResult
from importbot.model.undo_plan import UndoPlan
from importbot.reports.wikitext.escape import link, plain
from importbot.reports.wikitext.plan import note_lines, outcome, wikitable_head
from importbot.reports.words.undo import (
    held_sentences,
    reason_of,
    step_sentence,
)


__all__ = ('deletion_list', 'held_lines', 'undo_wikitable', 'undo_wikitext')


#: Links in a line of wikitext.
_LINKED = 50


def deletion_list(plan: UndoPlan) -> list[str]:
    """Return what somebody who may delete has to delete, in wikitext.

    To be pasted, so it is not escaped: no title holds a bracket, brace,
    bar or angle bracket.
    """
    return [f'* [[:{page.title}]]' for page in plan.held
            if page.verdict.awaits_deletion]


def undo_wikitext(plan: UndoPlan, language: str,
                  results: Sequence[PageResult] | None = None) -> list[str]:
    """Return a whole undo in wikitext: who is to look first, then a table.

    :param results: what became of the pages, once there is something
    """
    return [*note_lines(plan.notes, language), *held_lines(plan, language),
            *([undo_wikitable(plan, range(len(plan.pages)), language,
                              results=results)] if plan.pages else ())]


def held_lines(plan: UndoPlan, language: str) -> list[str]:
    """Return what is left to people as items of a list, by reason."""
    return [f'* {plain(sentence)}: '
            + ', '.join(map(link, titles[:_LINKED]))
            + (f' +{len(titles) - _LINKED}' if len(titles) > _LINKED else '')
            for sentence, titles in held_sentences(plan, language).items()]


def undo_wikitable(plan: UndoPlan, places: Iterable[int], language: str, *,
                   results: Sequence[PageResult] | None = None,
                   caption: str = '', folded: bool = False) -> str:
    """Return some pages of an undo as a table.

    :param places: of the pages in it
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
            plain(step_sentence(page, language)) if results is None
            else outcome(results[place], language)))]
    return '\n'.join([*rows, '|}'])
