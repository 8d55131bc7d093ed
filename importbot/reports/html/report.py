"""A plan or a report as one HTML page."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from markupsafe import Markup

from importbot.journal.reports import RunDetails
from importbot.model.decisions import Decision
from importbot.model.notes import NoteKind
from importbot.model.plan import Plan
from importbot.model.report import PageResult, Report, UndoReport
from importbot.model.undo_plan import UndoDecision, UndoPlan
from importbot.reports.html.asked import facts_of, name_of
from importbot.reports.html.decisions import (
    filters_of,
    rows_of,
)
from importbot.reports.html.differences import Comparer, differences_of
from importbot.reports.html.document import document
from importbot.reports.html.drawing import MOST_PAGES, draw
from importbot.reports.html.overview import OverviewParts
from importbot.reports.html.tree import grow, needs_of, roots_of
from importbot.reports.html.visible import isolated
from importbot.reports.overview import overview_of
from importbot.reports.texts import CleanedTexts, HeldTexts
from importbot.reports.wiki_links import WikiLinks, links_of
from importbot.reports.words.changes import (
    AnyPlan,
    AnyReport,
    outcome_sentence,
)
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
    parts = OverviewParts(overview_of(report), plan, language)
    values = {
        'title': _title(report, language), 'plan': plan, 'beside': beside,
        'verdict': parts.verdict, 'look': parts.look, 'rest': parts.rest(),
        'facts': facts_of(plan, details, language),
        'source': source, 'target': target,
        'log': 'import' if isinstance(plan, Plan) else 'delete',
        'summary': plan.summary,
        **_decisions(report, source, language, details),
        **_needs(plan), **_said(report),
        # What is a table says no sentence.
        'notes': parts.notes(without={NoteKind.AUTHORS})}

    def text(room: int) -> str:
        differences, cleaned = differences_of(diffs, Comparer(
            source, target, language, room))
        shown = {**values, 'eyes': parts.needs_eyes(differences),
                 'differing': len(differences), 'cleaned': cleaned}
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


def _said(report: AnyReport) -> dict[str, Any]:
    """Return what has tables of its own."""
    notes = [*report.plan.notes, *(
        report.notes if isinstance(report, Report) else ())]
    return {
        'authors': list(chain.from_iterable(
            note.authors for note in notes)),
        'unresolved': report.plan.unresolved
        if isinstance(report.plan, Plan) else ()}


def _decisions(report: AnyReport, source: WikiLinks, language: str,
               details: RunDetails) -> dict[str, Any]:
    plan, is_plan = report.plan, report.run is None
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
        'say_outcome': partial(outcome_sentence, language=language,
                               is_undo=isinstance(plan, UndoPlan)),
        'caption': isolated(language, 'html-caption', plan=plan.id),
        'shown': set(places), 'left_out': len(plan.pages) - len(places)}


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
    return [*(name for name in ('eyes', 'rest', 'notes') if values[name]),
            'decisions', 'asked',
            *(name for name in ('needs', 'cleaned', 'authors', 'unresolved')
              if values[name])]
