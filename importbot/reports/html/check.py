"""A later look at imported pages as one HTML page."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from importbot.i18n import message
from importbot.model.check_report import CheckedPage, CheckReport, PageState
from importbot.reports.html.document import document
from importbot.reports.html.pieces import link, when
from importbot.reports.html.visible import isolated
from importbot.reports.wiki_links import WikiLinks, links_of
from importbot.reports.words.check import (
    findings,
    state_of,
    summary_sentences,
)


__all__ = ('check_html', )

#: The columns, those in the middle only where anything stands in them.
_COLUMNS = ('target', 'state', 'found', 'page', 'run', 'sent')

#: The outcome of a run as which each state looks.
_LOOKS = {PageState.WRONG: 'differs', PageState.UNREADABLE: 'unknown',
          PageState.DELETED: 'unknown', PageState.UNDONE: 'unchanged',
          PageState.MOVED: 'unknown', PageState.EDITED: 'unknown',
          PageState.INTACT: 'verified'}


@dataclass(frozen=True, slots=True)
class _Row:

    """One page in the table.

    :param target: the page, where it went and where it is now
    :param links: what else there is of it on the target
    :param state: which it is in
    :param look: how that looks
    :param word: for the state
    :param found: what was found of it
    :param page: on the source, empty without a run
    :param run: number of its run, empty without
    :param sent: when it was imported, empty where nobody knows
    """

    target: Markup
    links: Markup
    state: str
    look: str
    word: str
    found: str
    page: Markup | str
    run: str
    sent: Markup | str


def check_html(report: CheckReport, language: str) -> str:
    """Return the numbers, then one row for each page, the worst first.

    :param report: what was found
    :param language: of all words that come from no wiki
    """
    links = links_of(report.api)
    rows = [_row(page, links, language) for page in report.in_order]
    counts = Counter((row.look, row.word) for row in rows)
    return document(
        'check.html.jinja', language, rows=rows,
        title=isolated(language, 'html-title-check',
                       target=links.name or report.api),
        caption=message(language, 'html-check-caption'),
        sentences=summary_sentences(report, language),
        look='bad' if report.wrong else 'good' if report.pages else 'waits',
        counts=[(*row, count) for row, count in counts.items()],
        columns=[name for name in _COLUMNS if name in ('target', 'state')
                 or any(getattr(row, name) for row in rows)],
        filters={name: Counter(
            value for row in rows if (value := getattr(row, name)))
            for name in ('state', 'run')},
        words=_words(rows))


def _words(rows: Sequence[_Row]) -> dict[tuple[str, str], str]:
    """Return what the values of filters are called."""
    return {**{('state', row.state): row.word for row in rows},
            **{('run', row.run): row.run for row in rows}}


def _row(page: CheckedPage, links: WikiLinks, language: str) -> _Row:
    target = link(links.page(page.home or page.target), page.target)
    if page.home not in ('', page.target):
        target = Markup('{} → {}').format(
            link('', page.target), link(links.page(page.home), page.home))
    source = links_of(page.source)
    return _Row(
        target=target, links=_more(page, links, language),
        state=_key(page), look=_LOOKS[page.state],
        word=state_of(page, language), found=findings(page, language),
        page=link(source.page(page.title), page.title) if page.title else '',
        run='' if page.run is None else str(page.run),
        sent=when(page.sent) if page.sent else '')


def _key(page: CheckedPage) -> str:
    """Return what a filter tells states apart by, as their words do."""
    return page.state.value if page.run is not None else (
        f'{page.state.value}.alone')


def _more(page: CheckedPage, links: WikiLinks, language: str) -> Markup:
    """Return links to the history of a page and to what logs say of it."""
    title = page.home or page.target
    addresses = {'html-history': links.history(title) if page.home else '',
                 'html-log-import': links.log('import', title),
                 'html-log-delete': '' if page.home
                 else links.log('delete', title)}
    return Markup(' · ').join(
        Markup('<a href="{}">{}</a>').format(address, message(language, key))
        for key, address in addresses.items() if address)
