"""A later look at imported pages for the terminal."""
from __future__ import annotations

from rich.console import RenderableType

from importbot.i18n import message
from importbot.model.check_report import CheckReport, PageState
from importbot.reports.terminal.tables import filled_table, lines, safe
from importbot.reports.words.check import (
    findings,
    page_way,
    state_of,
    summary_sentences,
)


__all__ = ('check_parts', )

#: Pages that are listed whatever was found.
_FEW = 20

_STYLES = {PageState.WRONG: 'red', PageState.UNREADABLE: 'yellow',
           PageState.DELETED: 'yellow', PageState.UNDONE: 'dim',
           PageState.MOVED: 'yellow', PageState.EDITED: 'yellow',
           PageState.INTACT: 'green'}


def check_parts(report: CheckReport, language: str) -> list[RenderableType]:
    """Return the numbers, then one row for each page, the worst first.

    Of many pages that are as they were imported, the number has to do.

    :param report: what was found
    :param language: of all words that come from no wiki
    """
    sentences = summary_sentences(report, language)
    pages = report.in_order
    if len(pages) > _FEW:
        pages = [page for page in pages if page.run is None
                 or page.state is not PageState.INTACT]
    hidden = len(report.pages) - len(pages)
    if hidden:
        sentences.append(message(language, 'check-not-listed', count=hidden))
    return [*lines(sentences), *([filled_table('', [{
        'run': '' if page.run is None else str(page.run),
        'page': page_way(page),
        'state': safe(state_of(page, language), _STYLES[page.state]),
        'found': findings(page, language),
    } for page in pages])] if pages else ())]
