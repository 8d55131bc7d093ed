"""What imported pages show on the target, for the report of their run."""
from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from importbot.journal.journal import Journal
from importbot.model.decisions import Outcome, Role
from importbot.model.errors import ImportbotError
from importbot.model.notes import Note
from importbot.model.report import Report
from importbot.planning.notes import notes_on_rendering
from importbot.wikis.wiki import Wiki


__all__ = ('with_rendering', )

#: Requested pages that are parsed on the target after a run.
_LOOKED_AT = 100


def with_rendering(report: Report, target: Wiki, journal: Journal,
                   most: int = _LOOKED_AT) -> Report:
    """Return a report with what its requested pages miss on the target.

    Those that arrived are parsed there; of very many only the first.

    :param journal: where that is recorded of the run, if there is one
    :param most: pages that are parsed
    """
    notes: list[Note] = []
    nowhere = {page.target_text for page in report.plan.pages
               if page.is_missing_on_source}
    arrived = [page for page, result in zip(
        report.plan.pages, report.results, strict=True)
        if page.role is Role.REQUESTED
        and result.outcome is Outcome.VERIFIED]
    for page in arrived[:most]:
        # The record of the run is worth more than this look.
        with suppress(ImportbotError):
            notes += notes_on_rendering(page.target_text, target, nowhere)
    if report.run is not None:
        journal.shown(report.run, notes)
    return replace(report, notes=tuple(notes))
