"""A later look at imported pages as wikitext; titles are links."""
from __future__ import annotations

from collections.abc import Iterator

from importbot.i18n import message
from importbot.model.check_report import CheckedPage, CheckReport
from importbot.model.printable import printable
from importbot.reports.wikitext.escape import link, page_link, plain
from importbot.reports.words.check import (
    findings,
    state_of,
    summary_sentences,
)


__all__ = ('check_wikitext', )

_COLUMNS = ('target', 'state', 'found', 'page', 'run')


def check_wikitext(report: CheckReport, language: str) -> Iterator[str]:
    """Yield the lines of the numbers and of a table, the worst first.

    :param report: what was found
    :param language: of all words that come from no wiki
    """
    for sentence in summary_sentences(report, language):
        yield f'* {plain(printable(sentence))}'
    if not report.pages:
        return
    yield '{| class="wikitable sortable"'
    yield '! ' + ' !! '.join(plain(message(language, f'table-{name}'))
                             for name in _COLUMNS)
    for page in report.in_order:
        yield '|-'
        yield '| ' + ' || '.join(map(printable, _cells(page, language)))
    yield '|}'


def _cells(page: CheckedPage, language: str) -> list[str]:
    target = link(page.target)
    if page.home not in ('', page.target):
        target += f' → {link(page.home)}'
    return [target, plain(state_of(page, language)),
            plain(findings(page, language)),
            page_link(page.prefix, page.title) if page.prefix
            else plain(page.title),
            '' if page.run is None else str(page.run)]
