"""The public log of request pages: a line for each run."""
from __future__ import annotations

from collections.abc import Sequence

import pywikibot

from importbot.i18n import message
from importbot.journal.tables import RequestRow
from importbot.model.decisions import Outcome, Role
from importbot.model.errors import EditError
from importbot.model.printable import printable
from importbot.model.report import Report
from importbot.reports.wikitext.escape import link, plain
from importbot.requestpages.page.edits import anchor
from importbot.requestpages.passes.context import PassContext
from importbot.requestpages.passes.reply_text import summed_up


__all__ = ('links_of', 'log_line', 'log_run')

#: Pages that a line names.
_PAGES = 10


def log_run(context: PassContext, title: str, record: RequestRow,
            report: Report) -> None:
    """Put a run into the public log.

    :param title: full title of the request page
    :param record: of the request
    :param report: of its run
    """
    words = context.reply_text
    said = message(
        words.language, 'request-log-line',
        request=words.request_link(title, record.id),
        user=words.user_link(record.author), run=record.run,
        **summed_up(report))
    try:
        # A new journal counts its runs from one again.
        log_line(context, title, record.id, anchor(
            'run', record.run, record.plan[:8]), _arrived(
                report, words.language) + said)
    except EditError as error:
        # The answer is there; what is not logged is in the journal.
        pywikibot.error(printable(str(error)))


def log_line(context: PassContext, title: str, id: str, mark: str,
             line: str) -> None:
    """Put a line into the public log, if the wiki has one.

    :param title: full title of the request page
    :param id: of the request
    :param mark: anchor of the line, so that it is put there once
    :param line: wikitext
    :raises EditError: it was not saved
    """
    log, words = context.configuration.log, context.reply_text
    if log:
        context.store.append(
            log, f'* <span id="{mark}"></span>{line} ~~~~~', mark,
            message(words.language, 'summary-log',
                    link=words.request_link(title, id)))


def _arrived(report: Report, language: str) -> str:
    """Return the requested pages that arrived, and where they are from."""
    pages = [page.target_text for page, result in zip(
        report.plan.pages, report.results, strict=True)
        if page.role is Role.REQUESTED and page.steps and result.outcome in (
            Outcome.VERIFIED, Outcome.IMPORTED, Outcome.DIFFERS)]
    source = report.plan.source
    return message(
        language, 'request-log-pages', pages=links_of(pages, language),
        source=(f'[[:{source.prefix}:]]' if source.prefix
                else plain(source.wiki))) + ' – ' if pages else ''


def links_of(titles: Sequence[str], language: str) -> str:
    """Return links to the first of some pages, and how many more there are.

    :param titles: full titles
    """
    more = len(titles) - _PAGES
    return ', '.join((*map(link, titles[:_PAGES]), *(
        [message(language, 'overview-more', count=more)]
        if more > 0 else ())))
