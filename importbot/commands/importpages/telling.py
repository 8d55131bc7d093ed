"""What an import tells a person on the terminal."""
from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pywikibot

from importbot.commands.recorded_bot import Compared
from importbot.i18n import interface_language
from importbot.model.plan import Plan
from importbot.model.report import Report
from importbot.reports.terminal.changes import (
    change_table,
    complaints,
    summary_line,
)
from importbot.reports.terminal.diffs import cleanup_diffs, held_diffs
from importbot.reports.terminal.remedies import note_with_remedy
from importbot.reports.terminal.tables import show
from importbot.reports.texts import (
    CleanedTexts,
    HeldTexts,
    cleaned_texts,
    held_texts,
)
from importbot.sources.transfer import Transfer


__all__ = ('show_plan', 'show_report')

#: Texts that are kept for a report in HTML, which has room for no more.
_KEPT = 300

_Text = TypeVar('_Text', HeldTexts, CleanedTexts)


def show_plan(plan: Plan, transfer: Transfer,
              asks: bool = False) -> Compared:
    """Print what a person should know first, then the table.

    :param asks: whether pages on hold are asked about next
    :return: the texts that were compared
    """
    compared: Compared = []

    def kept(texts: Iterator[_Text]) -> Iterator[_Text]:
        for item in texts:
            if len(compared) < _KEPT:
                compared.append(item)
            yield item

    for note in plan.notes:
        pywikibot.info(note_with_remedy(note, interface_language()))
    show(change_table(plan, interface_language()))
    pywikibot.info(summary_line(plan))
    if not asks:
        for line in held_diffs(kept(held_texts(plan.pages, transfer))):
            pywikibot.info(line)
        for line in cleanup_diffs(kept(cleaned_texts(plan.pages, transfer))):
            pywikibot.info(line)
        for sentence in complaints(plan, interface_language()):
            pywikibot.warning(sentence)
    return compared


def show_report(report: Report) -> None:
    """Print what became of the pages, and what they miss."""
    if report.plan.has_work:
        show(change_table(report.plan, interface_language(), report.results))
    for note in report.notes:
        # What the source lacks as well is no news.
        if note.is_news:
            pywikibot.warning(note_with_remedy(note, interface_language()))
    pywikibot.info(summary_line(report.plan, report.results, report.run))
