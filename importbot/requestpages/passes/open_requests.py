"""One table of all open requests, on a page of the wiki.

The bot writes between two comments and nowhere else, so that people can
write around it; it writes only when something changed. What stands there
steers nothing: the requests are on their own pages.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pywikibot

from importbot.i18n import message, spoken
from importbot.journal.tables import RequestRow
from importbot.model.errors import EditError
from importbot.model.printable import printable
from importbot.model.problems import Problem
from importbot.reports.wikitext.escape import plain
from importbot.requestpages.page.edits import anchor
from importbot.requestpages.page.markers import BEGIN, END, between
from importbot.requestpages.page.request import Request
from importbot.requestpages.page.store import read_pages
from importbot.requestpages.passes.context import PassContext
from importbot.requestpages.passes.queue import RequestQueue
from importbot.requestpages.passes.reply_text import ReplyText
from importbot.requestpages.status import Status
from importbot.wikis.waiting import doze


__all__ = ('OpenRequest', 'open_table', 'show_open_requests')

#: Rows that somebody might read.
_MOST = 200
_COLUMNS = ('request', 'state', 'requester', 'source', 'changes', 'since')
#: What people are to look at comes first.
_ORDER = (Status.REVIEW, Status.QUESTION, None, Status.APPROVED,
          Status.IMPORTING, Status.UNDO, Status.NEW)


@dataclass(frozen=True)
class OpenRequest:

    """A row of the table.

    :param page: full title of its request page
    :param request: as it stands there
    :param record: what the journal knows of it, None for nothing yet
    """

    page: str
    request: Request
    record: RequestRow | None

    @property
    def rank(self) -> tuple[int, str]:
        """What it is sorted by: the state, then what waits longest."""
        status = self.request.status
        return (_ORDER.index(status) if status in _ORDER else len(_ORDER),
                self.since)

    @property
    def since(self) -> str:
        """When it was planned last, or else when it got its id."""
        if self.record is None:
            return ''
        time = self.record.planned or self.record.opened
        return time[:16].replace('T', ' ')

    @property
    def source(self) -> str:
        """The interwiki prefix, by its plan where it names none."""
        plan = (self.record.saved_plan if self.record else None) or {}
        return self.request.fields.get('source', '') or str(
            plan.get('source', {}).get('prefix') or '')

    @property
    def pages(self) -> list[dict[str, Any]]:
        """The pages of its plan, as JSON."""
        plan = (self.record.saved_plan if self.record else None) or {}
        return list(plan.get('pages', ()))


def open_table(requests: Iterable[OpenRequest], words: ReplyText) -> str:
    """Return the table as wikitext.

    :param requests: that have not come to their end
    :param words: speaks the language of the wiki
    """
    rows = sorted(requests, key=lambda request: request.rank)
    if not rows:
        return words.say('open-none')
    heads = ' !! '.join(words.say(
        f'open-{name}' if name in ('changes', 'since') else f'table-{name}')
        for name in _COLUMNS)
    code = spoken(words.language)
    return '\n'.join((
        f'{{| class="wikitable sortable" lang="{code}" dir="ltr"',
        f'|+ {words.say("open-caption", count=len(rows))}', f'! {heads}',
        *(f'|-\n| {" || ".join(_cells(row, words))}'
          for row in rows[:_MOST]), '|}',
        *([words.say('open-more', count=len(rows) - _MOST)]
          if len(rows) > _MOST else ())))


def _cells(row: OpenRequest, words: ReplyText) -> list[str]:
    status = row.request.status
    state = (words.say(f'status-{status.value}') if status
             else plain(row.request.status_word))
    changes = sum(bool(page['steps']) for page in row.pages)
    return [
        _place(row, _wanted(row)), _place(row, state),
        words.user_link(row.record.author)
        if row.record and row.record.author else '',
        plain(row.source),
        str(changes) if row.pages else '', row.since]


def _place(row: OpenRequest, label: str) -> str:
    """Return a link to the request on its page; the label is wikitext."""
    where = f'#{anchor(row.request.id)}' if row.request.id else ''
    return f'<bdi>[[:{row.page}{where}|{label}]]</bdi>'


def _wanted(row: OpenRequest) -> str:
    """Return the first of the requested pages, and how many more."""
    titles = [page['title'] for page in row.pages
              if page['role'] == 'requested'] or [
        line.strip() for line in row.request.fields.get(
            'pages', '').splitlines() if line.strip()]
    if not titles:
        return plain(row.request.id or '…')
    more = f' +{len(titles) - 1}' if titles[1:] else ''
    return plain(titles[0][:80]) + more


def show_open_requests(context: PassContext, queue: RequestQueue, *,
                       has_changed: bool) -> None:
    """Write the table of open requests, if it is not there as it is.

    :param queue: the requests as the pass has read them
    :param has_changed: whether the pass may have changed any
    """
    title = context.configuration.overview
    if not title or context.simulate:
        return
    if has_changed:
        queue = _read_again(context)
    text = open_table(_open(queue), context.reply_text)
    try:
        _write(context, title, text)
    except EditError as error:
        pywikibot.warning(printable(str(error)))


def _open(queue: RequestQueue) -> Sequence[OpenRequest]:
    return [OpenRequest(title, request, record)
            for title, request, record in queue.entries()
            if not (request.status and request.status.keeps_bot_off)]


def _read_again(context: PassContext) -> RequestQueue:
    stored = read_pages(context.wiki, context.pages)
    return RequestQueue(replace(context, pages={
        title: stored.get(title) for title in context.pages}))


def _write(context: PassContext, title: str, text: str) -> None:
    """Put the table between its comments.

    :raises EditError: there is no place for it, or it was not saved
    """
    place = between(context.overview.text or '') if (
        context.overview) else None
    if place is None:
        raise EditError(Problem('overview-no-place', title=title,
                                begin=BEGIN, end=END))
    if place == text.strip():
        return
    if not context.store.may_edit(title):
        raise EditError(Problem('overview-nobots', title=title))
    context.store.put_between(title, text, message(
        context.reply_text.language, 'summary-open'))
    # The request pages may show it; the wiki would come to them later. What
    # was rendered in the second of the purge stays.
    doze(1)
    with suppress(pywikibot.exceptions.Error, OSError):
        context.wiki.site.purgepages([
            pywikibot.Page(context.wiki.site, page)
            for page in context.pages])
