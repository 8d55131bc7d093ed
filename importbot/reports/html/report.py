"""A plan or a report as one HTML page."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from markupsafe import Markup

from importbot.flows.records import RunDetails
from importbot.model.plans import PageResult, Plan, Report
from importbot.model.words import Outcome
from importbot.reports.html.asked import options_given
from importbot.reports.html.decisions import (
    filters_of,
    outcome_word,
    rows_of,
)
from importbot.reports.html.differences import (
    MOST_LINE,
    Comparer,
    differences_of,
)
from importbot.reports.html.document import document
from importbot.reports.html.drawing import MOST_PAGES, draw
from importbot.reports.html.links import links_of
from importbot.reports.html.times import duration
from importbot.reports.html.tree import grow, needs_of, roots_of
from importbot.reports.html.visible import isolated
from importbot.reports.notes import note_values
from importbot.reports.shown import shown_places
from importbot.reports.texts import CleanedTexts, HeldTexts


__all__ = ('report_html', )

#: Of a list; what is longer nobody reads here, and JSON has it all.
_MOST = {'most_requested': 50, 'first_notes': 10, 'most_notes': 200,
         'most_elsewhere': 12, 'most_authors': 500,
         'most_unresolved': 200, 'most_error': 600, 'most_line': MOST_LINE}
_MOST_ROWS = 2_000


def report_html(report: Report | Plan, language: str, *,
                diffs: Sequence[HeldTexts | CleanedTexts] = (),
                details: RunDetails | None = None) -> str:
    """Return a plan or the report of a run as HTML.

    :param report: a plan, or a report; one without a number of a run is
        that of a plan
    :param language: of all words that come from no wiki
    :param diffs: texts of pages on hold and of pages to be cleaned up
    :param details: who asked for it and when it was, where that is known
    """
    if isinstance(report, Plan):
        report = Report(report, None, ())
    plan = report.plan
    if not report.results:
        report = replace(report, results=(PageResult(), ) * len(plan.pages))
    details = details or RunDetails()
    source, target = links_of(plan.source.api), links_of(plan.target.api)
    values = {
        'report': report, 'plan': plan, 'details': details,
        'is_plan': report.run is None,
        'source': source, 'target': target,
        'source_name': plan.source.prefix or plan.source.wiki,
        'target_name': plan.target.wiki or plan.target.api,
        'options': options_given(plan.options),
        'requested': [plan.pages[place] for place in roots_of(plan.pages)],
        'duration': duration(details.started, details.ended),
        **_outcomes(report), **_decisions(report, language, details),
        **_needs(plan),
        'notes': _notes(report, language),
        **differences_of(diffs, Comparer(source, target, language)),
        'authors': list(chain.from_iterable(
            note['authors'] for note in _all_notes(report)
            if 'authors' in note)),
        **_MOST}
    return document('report.html.jinja', language, **values,
                    sections=_sections(values))


def _all_notes(report: Report) -> list[Mapping[str, Any]]:
    return [*report.plan.notes, *report.notes]


def _notes(report: Report, language: str) -> list[Markup]:
    """Return the notes as sentences, but for those that are tables."""
    return [isolated(language, f'note-{note["kind"]}',
                     **note_values(note, language))
            for note in _all_notes(report) if 'authors' not in note]


def _outcomes(report: Report) -> dict[str, Any]:
    """Return how many pages ended how."""
    words = Counter(outcome_word(page, result) for page, result in zip(
        report.plan.pages, report.results, strict=True))
    order = [*(outcome.value for outcome in Outcome), 'none']
    return {'outcomes': {} if report.run is None else {
        word: words[word] for word in order if words[word]}}


def _decisions(report: Report, language: str,
               details: RunDetails) -> dict[str, Any]:
    pages = report.plan.pages
    is_plan = report.run is None
    places = shown_places(pages, None if is_plan else report.results,
                          _MOST_ROWS)
    rows = rows_of(report, places, language, details.sent)
    return {'rows': rows, 'filters': filters_of(rows, is_plan),
            'shown': set(places), 'left_out': len(pages) - len(places)}


def _needs(plan: Plan) -> dict[str, Any]:
    """Return tree and drawing; of very many pages, neither."""
    if len(plan.pages) > _MOST_ROWS:
        return {'forest': None, 'drawing': None, 'branches': ()}
    needs, roots = needs_of(plan.pages), roots_of(plan.pages)
    return {'forest': grow(needs, roots),
            'branches': range(len(plan.pages)),
            'drawing': draw(needs, roots)
            if 1 < len(plan.pages) <= MOST_PAGES else None}


def _sections(values: Mapping[str, Any]) -> list[str]:
    """Return the names of the parts that there is something for."""
    has = {'asked': True, 'notes': values['notes'], 'decisions': True,
           'needs': values['forest'] and any(
               page.needed_by for page in values['plan'].pages),
           'differences': values['differences'],
           'cleaned': values['cleaned'],
           'authors': values['authors'],
           'unresolved': values['plan'].unresolved}
    return [name for name, there_is in has.items() if there_is]
