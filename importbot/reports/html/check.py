"""A later look at imported pages as one HTML page."""
from __future__ import annotations

from markupsafe import Markup

from importbot.i18n import message
from importbot.model.check_report import CheckedPage, CheckReport, PageState
from importbot.reports.html.document import document
from importbot.reports.html.pieces import link, when
from importbot.reports.html.visible import isolated, visible
from importbot.reports.html.wiki_links import WikiLinks, links_of
from importbot.reports.words.check import (
    findings,
    state_of,
    summary_sentences,
)


__all__ = ('check_html', )

#: The outcome of a run as which each state looks.
_LOOKS = {PageState.WRONG: 'differs', PageState.UNREADABLE: 'unknown',
          PageState.DELETED: 'unknown', PageState.UNDONE: 'unchanged',
          PageState.MOVED: 'unknown', PageState.EDITED: 'unknown',
          PageState.INTACT: 'verified'}


def check_html(report: CheckReport, language: str) -> str:
    """Return the numbers, then one row for each page, the worst first.

    :param report: what was found
    :param language: of all words that come from no wiki
    """
    links = links_of(report.api)
    rows = [_row(page, links, language) for page in report.in_order]
    return document(
        'check.html.jinja', language, rows=rows,
        title=isolated(language, 'html-title-check',
                       target=links.name or report.api),
        caption=message(language, 'html-check-caption'),
        sentences=summary_sentences(report, language),
        look='bad' if report.wrong else 'good' if report.pages else 'waits',
        columns=[name for name in (rows[0] if rows else ('target', ))
                 if any(row[name] for row in rows)])


def _row(page: CheckedPage, links: WikiLinks,
         language: str) -> dict[str, Markup | str]:
    target: Markup = link(links.history(page.home) if page.home else
                          links.page(page.target), page.target)
    if page.home not in ('', page.target):
        target += Markup(' → {}').format(link(links.history(page.home),
                                              page.home))
    return {
        'target': target, 'state': _state(page, language),
        'found': Markup('<span dir="auto">{}</span>').format(
            visible(found)) if (found := findings(page, language)) else '',
        'page': link('', page.title) if page.title else '',
        'run': '' if page.run is None else str(page.run),
        'sent': when(page.sent) if page.sent else ''}


def _state(page: CheckedPage, language: str) -> Markup:
    return Markup('<span class="outcome {}">{}</span>').format(
        _LOOKS[page.state], visible(state_of(page, language)))
