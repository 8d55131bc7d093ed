"""What an import tells a person on the terminal."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeVar

import pywikibot

from importbot.commands.overviews import show_overview
from importbot.commands.recorded_bot import Compared
from importbot.model.plan import Plan
from importbot.model.report import Report
from importbot.reports.terminal.diffs import cleanup_diffs, held_diffs
from importbot.reports.terminal.overview import without_old_news
from importbot.reports.texts import (
    CleanedTexts,
    HeldTexts,
    cleaned_texts,
    held_texts,
)
from importbot.sources.transfer import Transfer


__all__ = ('difference_lines', 'show_report', 'show_sum')

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


def show_sum(plans: Sequence[Plan]) -> None:
    """Print what several plans come to.

    :param plans: that are carried out one after another
    """
    counts = Counter[str]()
    for plan in plans:
        counts.update(plan.summary)
    pywikibot.info(f'\nFrom {len(plans)} wikis: ' + ', '.join(
        f'{count} {decision}' for decision, count in counts.items()
        if count))


def show_report(report: Report) -> None:
    """Print what became of the pages, and what they miss."""
    show_overview(without_old_news(report))
