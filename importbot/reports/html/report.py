"""A plan or a report as one HTML page."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from markupsafe import Markup

from importbot.journal.reports import RunDetails
from importbot.model.decisions import Decision, Outcome
from importbot.model.notes import Note, NoteKind
from importbot.model.plan import Plan
from importbot.model.report import PageResult, Report, UndoReport
from importbot.model.undo_plan import UndoDecision, UndoPlan
from importbot.reports.html.asked import facts_of, name_of
from importbot.reports.html.decisions import (
    NOT_REACHED,
    filters_of,
    outcome_word,
    rows_of,
)
from importbot.reports.html.differences import Comparer, differences_of
from importbot.reports.html.document import document
from importbot.reports.html.drawing import MOST_PAGES, draw
from importbot.reports.html.tree import grow, needs_of, roots_of
from importbot.reports.html.visible import isolated
from importbot.reports.texts import CleanedTexts, HeldTexts
from importbot.reports.wiki_links import WikiLinks, links_of
from importbot.reports.words.changes import AnyPage, AnyPlan, AnyReport
from importbot.reports.words.notes import note_values
from importbot.reports.words.selection import shown_places


__all__ = ('report_html', )

_MOST_ROWS = 2_000
#: Bytes of a report, and of texts in it.
_MOST_BYTES, _MOST_OF_TEXTS = 1_950_000, 700_000
_COLUMNS = ('page', 'target', 'role', 'decision', 'reason', 'step',
            'revisions', 'outcome')


def report_html(report: AnyReport | AnyPlan, language: str, *,
                diffs: Sequence[HeldTexts | CleanedTexts] = (),
                details: RunDetails | None = None,
                beside: Sequence[tuple[str, str]] = ()) -> str:
    """Return a plan or the report of a run as HTML.

    :param report: of an import or an undo: a plan, or a report; one without
        a number of a run is that of a plan
    :param language: of all words that come from no wiki
    :param diffs: texts of pages on hold, to be replaced and to be cleaned
        up
    :param details: who asked for it and when it was, where that is known
    :param beside: addresses and words of pages in the same folder
    """
    report = _whole(report)
    plan, details = report.plan, details or RunDetails()
    source, target = _links(plan), links_of(plan.target.api)
    values = {
        'title': _title(report, language), 'plan': plan, 'beside': beside,
        'facts': facts_of(plan, details, language),
        'source': source, 'target': target,
        'log': 'import' if isinstance(plan, Plan) else 'delete',
        'summary': plan.summary,
        **_decisions(report, source, language, details),
        **_needs(plan), **_said(report, language)}

    def text(room: int) -> str:
        shown = {**values, **differences_of(diffs, Comparer(
            source, target, language, room))}
        return document('report.html.jinja', language, **shown,
                        sections=_sections(shown))

    without = text(room=0)
    room = _MOST_BYTES - len(without.encode())
    return text(min(room, _MOST_OF_TEXTS)) if diffs and room > 0 else without


def _whole(report: AnyReport | AnyPlan) -> AnyReport:
    """Return a report with as many results as there are pages."""
    if isinstance(report, Plan):
        report = Report(report, None, ())
    elif isinstance(report, UndoPlan):
        report = UndoReport(report, None, ())
    if report.results:
        return report
    return replace(report,
                   results=(PageResult(), ) * len(report.plan.pages))


def _links(plan: AnyPlan) -> WikiLinks:
    """Return what makes addresses on the source; an undo asks none."""
    return links_of(plan.source.api if isinstance(plan, Plan) else '')


def _title(report: AnyReport, language: str) -> Markup:
    plan = report.plan
    if isinstance(plan, UndoPlan):
        return isolated(language, 'html-title-undo', run=plan.run,
                        target=name_of(plan.target))
    wikis = {'source': plan.source.prefix or name_of(plan.source),
             'target': name_of(plan.target)}
    if report.run is None:
        return isolated(language, 'html-title-plan', **wikis)
    return isolated(language, 'html-title-run', run=report.run, **wikis)


def _said(report: AnyReport, language: str) -> dict[str, Any]:
    """Return what stands below the decisions in words."""
    notes = [*report.plan.notes, *(
        report.notes if isinstance(report, Report) else ())]
    return {
        # What is a table says no sentence.
        'notes': [note_html(note, language) for note in notes
                  if note.kind is not NoteKind.AUTHORS],
        'authors': list(chain.from_iterable(
            note.authors for note in notes)),
        'unresolved': report.plan.unresolved
        if isinstance(report.plan, Plan) else ()}


def note_html(note: Note, language: str) -> Markup:
    """Return a note as a sentence.

    :param note: of a plan or report
    """
    return isolated(language, f'note-{note.kind.value}',
                    **note_values(note, language))


def _outcomes(words: Iterable[str]) -> dict[str, int]:
    """Return how many pages ended how.

    :param words: for what became of the pages
    """
    counts = Counter(words)
    return {word: counts[word] for word in (
        *(outcome.value for outcome in Outcome), NOT_REACHED)
        if counts[word]}


def _decisions(report: AnyReport, source: WikiLinks, language: str,
               details: RunDetails) -> dict[str, Any]:
    plan, is_plan = report.plan, report.run is None
    pages: Sequence[AnyPage] = plan.pages
    places = shown_places(plan.pages, None if is_plan else report.results,
                          _MOST_ROWS)
    rows = rows_of(report, places, source, language, details.sent)
    columns = [name for name in _COLUMNS
               if not (name == 'outcome' and is_plan
                       or name == 'revisions' and isinstance(plan, UndoPlan))]
    return {
        'rows': rows, 'filters': filters_of(
            rows, Decision if isinstance(plan, Plan) else UndoDecision,
            is_plan),
        'columns': columns,
        'caption': isolated(language, 'html-caption', plan=plan.id),
        'shown': set(places), 'left_out': len(plan.pages) - len(places),
        'unexpected': None if is_plan else len(report.unexpected),
        'outcomes': {} if is_plan else _outcomes(
            outcome_word(result, bool(page.steps)) for page, result
            in zip(pages, report.results, strict=True))}


def _needs(plan: AnyPlan) -> dict[str, Any]:
    """Return tree and drawing; of an undo or very many pages, neither."""
    if (isinstance(plan, UndoPlan) or len(plan.pages) > _MOST_ROWS
            or not any(page.needed_by for page in plan.pages)):
        return {'needs': None, 'drawing': None, 'branches': ()}
    needs, roots = needs_of(plan.pages), roots_of(plan.pages)
    return {'needs': grow(needs, roots), 'branches': range(len(plan.pages)),
            'drawing': draw(needs, roots)
            if len(plan.pages) <= MOST_PAGES else None}


def _sections(values: Mapping[str, Any]) -> list[str]:
    """Return the names of the parts that there is something for."""
    return ['asked', *(name for name in ('notes', ) if values[name]),
            'decisions',
            *(name for name in ('needs', 'differences', 'replaced', 'cleaned',
                                'authors', 'unresolved') if values[name])]
