"""An undo as one HTML page, before and after it was carried out."""
from __future__ import annotations

from collections.abc import Sequence

from importbot.journal.reports import RunDetails
from importbot.model.decisions import Outcome
from importbot.model.report import PageResult
from importbot.model.undo_plan import UndoDecision, UndoPlan
from importbot.reports.html.asked import name_of, undo_facts
from importbot.reports.html.decisions import filters_of, undo_rows
from importbot.reports.html.document import document
from importbot.reports.html.report import note_html, outcomes_of
from importbot.reports.html.visible import isolated
from importbot.reports.html.wiki_links import links_of


__all__ = ('undo_html', )


def undo_html(plan: UndoPlan, language: str, *,
              results: Sequence[PageResult] | None = None,
              details: RunDetails | None = None,
              beside: Sequence[tuple[str, str]] = ()) -> str:
    """Return an undo as HTML.

    :param language: of all words that come from no wiki
    :param results: what became of the pages, None before
    :param details: who asked for it and when it was, where that is known
    :param beside: addresses and words of pages in the same folder
    """
    is_plan = results is None
    rows = undo_rows(plan, results or [PageResult()] * len(plan.pages),
                     language)
    columns = ('page', 'target', 'role', 'decision', 'reason', 'step')
    notes = [note_html(note, language) for note in plan.notes]
    target = links_of(plan.target.api)
    return document(
        'report.html.jinja', language, target=target, log='delete',
        beside=beside,
        title=isolated(language, 'html-title-undo', run=plan.run,
                       target=name_of(plan.target)),
        facts=undo_facts(plan, details or RunDetails(), language),
        summary=plan.summary, rows=rows, notes=notes,
        filters=filters_of(rows, UndoDecision, is_plan),
        columns=columns if is_plan else (*columns, 'outcome'),
        caption=isolated(language, 'html-caption', plan=plan.id),
        left_out=0, branches=(),
        unexpected=None if is_plan else sum(
            row.outcome not in ('', Outcome.VERIFIED.value,
                                Outcome.UNCHANGED.value) for row in rows),
        outcomes={} if is_plan else outcomes_of(
            row.outcome for row in rows),
        sections=['asked', *(['notes'] if notes else []), 'decisions'])
