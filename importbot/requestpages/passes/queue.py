"""The requests of all request pages, with what is known of them."""
from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, zip_longest

import pywikibot

from importbot.journal.tables import RequestRow
from importbot.model.printable import printable
from importbot.requestpages.page.edits import anchor
from importbot.requestpages.page.parser import TooLargeError
from importbot.requestpages.page.request import Request
from importbot.requestpages.page.sections import renumbered
from importbot.requestpages.page.store import StoredPage
from importbot.requestpages.passes.context import PassContext
from importbot.requestpages.passes.transition import NextStep, next_step
from importbot.requestpages.status import Status


__all__ = ('RequestQueue', 'mark_of_broken')

Entry = tuple[str, Request, 'RequestRow | None']

#: Characters of a page that is too large to be edited often in a pass.
_LARGE = 500_000
#: New requests of a page, and of a large one, that a pass takes up.
_MOST_NEW, _FEW = 50, 3


class RequestQueue:

    """The requests of a wiki, read once for a pass.

    :ivar problems: request pages that cannot be read, one sentence each
    :ivar ids: ids that stand on the pages
    :ivar open_ids: those of requests that have not come to their end
    """

    def __init__(self, context: PassContext) -> None:
        self._context = context
        self._titles = {
            str(title)
            for page in context.configuration.pages
            if (title := context.siteinfo.title(f':{page}'))}
        self.problems: list[str] = []
        self.ids: set[str] = set()
        self.open_ids: set[str] = set()
        self._found: list[tuple[StoredPage, list[Request]]] = []
        for name, board_page in context.pages.items():
            self._read(name, board_page)

    def _read(self, title: str, page: StoredPage | None) -> None:
        if page is None or page.text is None or page.is_redirect:
            self.problems.append(
                f'{title}: there is no such request page, or it leads '
                'elsewhere; put the configuration right')
            return
        try:
            requests = self._context.store.reader.requests(page.text)
        except TooLargeError as error:
            self.problems.append(f'{title}: {error}; have it archived')
            return
        self._found.append((page, list(_unanswered(requests, page.text))))
        self.ids |= {request.id for request in requests}
        self.open_ids |= {
            request.id for request in requests if request.id and not (
                request.status and request.status.keeps_bot_off)}

    def shifted(self) -> Iterator[str]:
        """Yield pages with links that open other sections by now."""
        for page, _requests in self._found:
            text = page.text or ''
            if renumbered(text, self._context.store.reader) != text:
                yield page.title

    def add(self, id: str) -> None:
        """Note an id that a request got during the pass."""
        self.ids.add(id)
        self.open_ids.add(id)

    def entries(self) -> Iterator[Entry]:
        """Yield page, request and what is known of it, page by page."""
        for page, requests in self._found:
            for request, record in self._with_records(page.title, requests):
                yield page.title, request, record

    def in_turn(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Yield what a pass can work through, in the order to do it.

        The pages take turns; those whose edits take the wiki its time
        come last.

        :param entries: of all pages
        """
        by_page: dict[str, list[Entry]] = {}
        for entry in entries:
            by_page.setdefault(entry[0], []).append(entry)
        sizes = {page.title: len(page.text or '')
                 for page, _requests in self._found}
        for are_large in (False, True):
            yield from filter(None, chain(*zip_longest(*(
                _reached(of_page, sizes[title])
                for title, of_page in by_page.items()
                if (sizes[title] > _LARGE) is are_large))))

    def _with_records(self, title: str, requests: Sequence[Request],
                      ) -> Iterator[tuple[Request, RequestRow | None]]:
        """Yield requests with what is known of them, work begun first.

        Of copies only the one that is as it was is known; none of those
        on another request page, but a page may have been moved.
        """
        records = self._context.log.records(
            request.id for request in requests if request.id)
        first: dict[str, Request] = {}
        for request in requests:
            record = records.get(request.id)
            if record and (record.page == title
                           or record.page not in self._titles) and (
                    request.id not in first
                    or first[request.id].fingerprint != record.fingerprint
                    and request.fingerprint == record.fingerprint):
                first[request.id] = request
        recorded = [(request, replace(records[request.id], page=title)
                     if first.get(request.id) is request else None)
                    for request in requests]
        yield from sorted(recorded, key=lambda pair: (
            pair[1] is None or pair[1].status != Status.IMPORTING.value))

    def standing(self, title: str,
                 record: RequestRow) -> Request | None:
        """Return a request as it stands on its page at this moment.

        :param title: full title of the page
        :param record: what is known of the request
        """
        page = self._context.store.read(title)
        requests = self._context.store.reader.requests(page.text or '')
        return next((request for request, record_of in self._with_records(
            title, requests) if record_of and record_of.id == record.id), None)


def _reached(entries: Sequence[Entry], size: int) -> list[Entry]:
    """Return what of a page a pass can work through, what it knows first.

    Of more new requests than that, those from both ends in turn: an edit
    that brings very many of them stands between the others.

    :param entries: of the page
    :param size: of the page, in characters
    """
    recorded = [entry for entry in entries if entry[2]]
    new = deque(entry for entry in entries if not entry[2] and next_step(
        entry[1], None) is not NextStep.WAIT)
    few = _FEW if size > _LARGE else _MOST_NEW
    if len(new) <= few:
        return [*recorded, *new]
    pywikibot.warning(printable(
        f'{entries[0][0]} has {len(new)} new requests; {few} are taken up '
        'in a pass. Have it put right, or archived'))
    # The ends take turns from pass to pass, too.
    return [*recorded, *(
        new.pop() if (len(recorded) + number) % 2 else new.popleft()
        for number in range(few))]


def _unanswered(requests: Iterable[Request], text: str) -> Iterator[Request]:
    """Yield requests but those broken ones whose answer is on the page.

    One answer is for all that are broken in the same way: a page has room
    for a hundred thousand of them.
    """
    answered: set[str] = set()
    for request in requests:
        mark = mark_of_broken(request) if request.broken else ''
        if mark in answered or mark and f'id="{mark}"' in text:
            continue
        if mark:
            answered.add(mark)
        yield request


def mark_of_broken(request: Request) -> str:
    """Return the anchor of the answer to what cannot be read.

    :param request: as it stands on its page
    """
    return anchor('broken', request.fingerprint[:8])
