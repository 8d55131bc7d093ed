"""The requests of all request pages, with what is known of them."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pywikibot

from importbot.flows.requestlog import RequestRecord
from importbot.model.text import printable
from importbot.requestpages.board import BoardPage
from importbot.requestpages.edits import anchor
from importbot.requestpages.office import Office
from importbot.requestpages.reader import TooLargeError
from importbot.requestpages.request import Request
from importbot.requestpages.words import Status


__all__ = ('Docket', 'mark_of_broken')

#: Characters of a page that is too large to be edited often in a pass.
_LARGE = 500_000
_FEW = 3


class Docket:

    """The requests of a wiki, read once for a pass.

    :param office: what the pass works with
    :ivar problems: request pages that cannot be read, one sentence each
    :ivar ids: ids that stand on the pages
    :ivar open_ids: those of requests that have not come to their end
    """

    def __init__(self, office: Office) -> None:
        """Initializer."""
        self._office = office
        self._titles = {
            office.siteinfo.text(title)
            for page in office.configuration.pages
            if (title := office.siteinfo.title(f':{page}'))}
        self.problems: list[str] = []
        self.ids: set[str] = set()
        self.open_ids: set[str] = set()
        self._found: list[tuple[BoardPage, list[Request]]] = []
        for name, board_page in office.pages.items():
            self._read(name, board_page)

    def _read(self, title: str, page: BoardPage | None) -> None:
        if page is None or page.text is None or page.is_redirect:
            self.problems.append(
                f'{title}: there is no such request page, or it leads '
                'elsewhere; put the configuration right')
            return
        try:
            requests = self._office.board.reader.requests(page.text)
        except TooLargeError as error:
            self.problems.append(f'{title}: {error}; have it archived')
            return
        self._found.append((page, self._reached(
            title, list(_unanswered(requests, page.text)), page.text)))
        self.ids |= {request.id for request in requests}
        self.open_ids |= {
            request.id for request in requests if request.id and not (
                request.status and request.status.keeps_bot_off)}

    @staticmethod
    def _reached(title: str, requests: list[Request],
                 text: str) -> list[Request]:
        """Return the requests of a page that a pass can work through.

        An edit of a very large page takes the wiki its time, so that few
        new ones are taken up there: the first and the last.
        """
        new = [request for request in requests if not request.id]
        if len(text) <= _LARGE or len(new) <= _FEW:
            return requests
        pywikibot.warning(printable(
            f'{title} has {len(text)} characters; of its new requests '
            f'only {_FEW} are taken up in a pass. Have it put right, or '
            'archived'))
        reached = {new[0].span, *(each.span for each in new[1 - _FEW:])}
        return [request for request in requests
                if request.id or request.span in reached]

    def add(self, id: str) -> None:
        """Note an id that a request got during the pass."""
        self.ids.add(id)
        self.open_ids.add(id)

    def entries(self) -> Iterator[tuple[str, Request, RequestRecord | None]]:
        """Yield page, request and what is known of it, page by page."""
        for page, requests in self._found:
            for request, record in self._with_records(page.title, requests):
                yield page.title, request, record

    def _with_records(self, title: str, requests: Sequence[Request],
                      ) -> Iterator[tuple[Request, RequestRecord | None]]:
        """Yield requests with what is known of them, work begun first.

        Of copies only the one that is as it was is known; none of those
        on another request page, but a page may have been moved.
        """
        records = self._office.log.records(
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
        known = [(request, replace(records[request.id], page=title)
                  if first.get(request.id) is request else None)
                 for request in requests]
        yield from sorted(known, key=lambda pair: (
            pair[1] is None or pair[1].status != Status.IMPORTING.value))

    def standing(self, title: str,
                 record: RequestRecord) -> Request | None:
        """Return a request as it stands on its page at this moment.

        :param title: full title of the page
        :param record: what is known of the request
        """
        page = self._office.board.read(title)
        requests = self._office.board.reader.requests(page.text or '')
        return next((found for found, known in self._with_records(
            title, requests) if known and known.id == record.id), None)


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
