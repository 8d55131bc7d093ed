"""What an import tells a person on the terminal."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import pywikibot

from importbot.commands.overviews import show_overview
from importbot.commands.recorded_bot import Compared
from importbot.i18n import interface_language
from importbot.model.plan import Plan
from importbot.model.printable import printable
from importbot.model.report import Report
from importbot.reports.overview import overview_of
from importbot.reports.terminal.diffs import cleanup_diffs, held_diffs
from importbot.reports.terminal.overview import without_old_news
from importbot.reports.terminal.remedies import with_remedy
from importbot.reports.terminal.tables import safe, show
from importbot.reports.texts import (
    CleanedTexts,
    HeldTexts,
    cleaned_texts,
    code_texts,
    held_texts,
)
from importbot.reports.words.overview import headline_of_several
from importbot.sources.transfer import Transfer


__all__ = ('difference_lines', 'show_code', 'show_report', 'show_sum')

#: Texts that are kept for a report in HTML, which has room for no more.
_KEPT = 300

_Text = TypeVar('_Text', HeldTexts, CleanedTexts)


def difference_lines(plan: Plan, transfer: Transfer,
                     compared: Compared) -> Iterator[str]:
    """Yield diffs of what is replaced, on hold and cleaned up.

    :param compared: gets the texts that were compared
    """
    def kept(texts: Iterator[_Text]) -> Iterator[_Text]:
        for item in texts:
            if len(compared) < _KEPT:
                compared.append(item)
            yield item

    yield from held_diffs(kept(held_texts(plan.pages, transfer)))
    yield from cleanup_diffs(kept(cleaned_texts(plan.pages, transfer)))


def show_code(plan: Plan, transfer: Transfer) -> None:
    """Print, in red and to its end, what would run as code for others."""
    for texts in code_texts(plan.pages, transfer):
        lines = ([with_remedy(texts.error)] if texts.error
                 else texts.theirs.splitlines())
        show(*(safe(printable(line), 'red') for line in (
            f'Code for {texts.page.target}, from {texts.page.title} '
            f'({texts.theirs_id}):', *(f'    {line}' for line in lines))))


def show_sum(things: Sequence[Plan | Report]) -> None:
    """Print what several plans or reports come to, if there are several.

    :param things: plans that are carried out one after another, or what
        became of them
    """
    if len(things) > 1:
        pywikibot.info('\n' + headline_of_several(
            [*map(overview_of, things)], interface_language()))


def show_report(report: Report) -> None:
    """Print what became of the pages, and what they miss."""
    show_overview(without_old_news(report))
