"""Imports and undos as wikitext; every word of a wiki is escaped."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from importbot.i18n import message, said
from importbot.model.notes import Note
from importbot.model.plan import Plan, PlannedPage
from importbot.model.printable import listed
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.model.undo_plan import UndoPlan
from importbot.reports.wikitext.escape import link, page_link, plain
from importbot.reports.words.changes import (
    AnyPage,
    AnyPlan,
    advice_sentence,
    held_sentences,
    outcome_sentence,
    reason_sentence,
    step_sentence,
)
from importbot.reports.words.notes import note_sentence


__all__ = ('advice', 'change_table', 'cleanup_lines', 'deletion_list',
           'error_text', 'held_lines', 'note_lines', 'outcome',
           'undo_wikitext')

#: Links in a line of wikitext.
_LINKED = 50


def undo_wikitext(plan: UndoPlan, language: str,
                  results: Sequence[PageResult] | None = None) -> list[str]:
    """Return a whole undo in wikitext: who is to look first, then a table.

    :param results: what became of the pages, once there is something
    """
    return [*note_lines(plan.notes, language), *held_lines(plan, language),
            *([change_table(plan, range(len(plan.pages)), language,
                            results=results)] if plan.pages else ())]


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


def held_lines(plan: UndoPlan, language: str) -> list[str]:
    """Return what is left to people as items of a list, by reason."""
    return [f'* {plain(sentence)}: '
            + ', '.join(map(link, titles[:_LINKED]))
            + (f' +{len(titles) - _LINKED}' if len(titles) > _LINKED else '')
            for sentence, titles in held_sentences(plan, language).items()]


def deletion_list(plan: UndoPlan) -> list[str]:
    """Return what somebody who may delete has to delete, in wikitext.

    To be pasted, so it is not escaped: no title holds a bracket, brace,
    bar or angle bracket.
    """
    return [f'* [[:{page.title}]]' for page in plan.held
            if page.verdict.awaits_deletion]


def change_table(plan: AnyPlan, places: Iterable[int], language: str, *,
                 results: Sequence[PageResult] | None = None,
                 caption: str = '', folded: bool = False) -> str:
    """Return some pages of a plan as a table.

    :param plan: of an import or an undo
    :param places: of the pages in the plan
    :param results: what became of all pages, once there is something
    :param caption: of the table
    :param folded: whether it is shown closed first
    """
    before = (('step', ) if isinstance(plan, UndoPlan)
              else ('latest', 'target'))
    names = ('page', 'role', 'decision', 'reason', *(
        before if results is None else (*before[:-1], 'outcome')))
    look = 'mw-collapsible mw-collapsed' if folded else 'sortable'
    rows = [f'{{| class="wikitable {look}"']
    if caption:
        rows.append(f'|+ style="white-space: nowrap" | {plain(caption)}')
    rows.append('! ' + ' !! '.join(message(language, f'table-{name}')
                                   for name in names))
    for place in places:
        cells = _cells(plan, plan.pages[place], language)
        if results is not None:
            cells['outcome'] = outcome(results[place], language, is_undo=(
                isinstance(plan, UndoPlan)))
        rows += ['|-', '| ' + ' || '.join(cells[name] for name in names)]
    return '\n'.join([*rows, '|}'])


def _cells(plan: AnyPlan, page: AnyPage, language: str) -> dict[str, str]:
    cells = {
        'role': message(language, f'role-{page.role.value}'),
        'decision': message(language, f'decision-{page.decision.value}'),
        'reason': plain(reason_sentence(page, language))}
    if isinstance(plan, Plan) and isinstance(page, PlannedPage):
        prefix = plan.source.prefix or ''
        return {**cells, 'page': page_link(prefix, str(page.title)),
                'latest': _version(prefix, page),
                'target': link(page.target_text) if page.target else ''}
    assert not isinstance(page, PlannedPage), 'it is of an undo'
    return {**cells, 'page': link(page.title),
            'step': plain(step_sentence(page, language))}


def _version(prefix: str, page: PlannedPage) -> str:
    """Return a permanent link to the revision that is imported."""
    if not page.import_steps or page.newest is None:
        return ''
    return link(f'{prefix}:Special:PermanentLink/{page.newest.id}',
                str(page.newest.id))


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


def advice(page: PlannedPage, prefix: str, language: str) -> str:
    """Return why a page stays out and what a person can do, as an item.

    :param page: on hold or refused
    :param prefix: interwiki prefix of the source
    """
    text = plain(reason_sentence(page, language))
    remedy = advice_sentence(page, language)
    if remedy:
        text += f'; {plain(remedy)}'
    # Where the source lacks it, that is where to look for its spelling.
    shown = (page_link(prefix, str(page.title)) if not page.target
             or page.is_missing_on_source else link(page.target_text))
    return f'* {shown}: {text}'
