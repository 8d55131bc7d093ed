"""Pages by upload: fetched from the source, ordered, sent in few calls."""
from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import count

from importbot.applying.send import TWICE_SILENT, Results, Sender
from importbot.applying.upload_parts import Outgoing, Part
from importbot.exports.order import Ordered, order_revisions
from importbot.exports.spool import Spool, SpooledPage
from importbot.exports.writer import page_xml, upload_head, upload_xml
from importbot.model.decisions import Outcome, Relation
from importbot.model.errors import (
    BundleError,
    ImportbotError,
    ImportRefusedError,
    NoAnswerError,
    ServerFailureError,
    SourceError,
    UploadError,
)
from importbot.model.plan import PlannedPage
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.model.revisions import Revision, lacking
from importbot.model.titles import Title
from importbot.model.upload_size import LEAST, UploadSize
from importbot.planning.attribution import (
    attribution,
    attribution_of_several,
)
from importbot.planning.steps import circumstances_of
from importbot.rules.held import HeldPage
from importbot.rules.patience import halves
from importbot.sources.transfer import Transfer
from importbot.wikis.importer import ImportedPage, Importer


__all__ = ('Uploads', )

_TRIES = 3
_PAUSE = 2
#: Bytes around the revisions of a page: its tags and title.
_PAGE_TAGS = 600


@dataclass(frozen=True)
class _Fetched:

    """A page as the source exports it, held against the plan."""

    spooled: SpooledPage
    held: HeldPage


class Uploads:

    """Uploads pages of one run.

    :param importer: of the target
    :param sender: sends the calls
    :param size: what is known of the size of an upload; learns
    :param run: number of the run
    """

    def __init__(self, transfer: Transfer, importer: Importer,
                 sender: Sender, size: UploadSize, run: int) -> None:
        self._run = run
        self.size = size
        self._transfer = transfer
        self._importer = importer
        self._sender = sender
        self._authors = transfer.authors()
        self._circumstances = circumstances_of(transfer)
        self._has_probed = False
        self._groups = count(1)
        #: Why the last pages could not be sent, None if they could.
        self.problem: ImportbotError | None = None
        self._head = upload_head({
            number: namespace.name for number, namespace
            in transfer.target_info.namespaces.items() if number >= 0})

    def send(self, pages: Sequence[PlannedPage]) -> Results:
        """Send what the target lacks of some pages; return what came of it.

        :param pages: planned as uploads
        :raises ImportbotError: the source does not answer; what happens
            later is in :attr:`problem`, and what arrived is not lost
        """
        with Spool() as spool:
            fetched, results = self._fetch(pages, spool)
            while not self._sender.obstacle:
                waiting = [outgoing for outgoing in fetched
                           if not outgoing.is_done
                           and not self._is_refused(outgoing, results)]
                if not waiting:
                    break
                try:
                    self._send_next(waiting, spool)
                except ImportbotError as error:
                    self.problem = error
                    results |= {
                        outgoing.page.title: _broken(outgoing, error)
                        for outgoing in waiting}
                    break
        return results | {
            outgoing.page.title: self._end_of(outgoing) for outgoing in fetched
            if outgoing.page.title not in results}

    def _end_of(self, outgoing: Outgoing) -> PageResult:
        """Return the result of a page; all of it may not have been sent."""
        if outgoing.is_done or outgoing.result.outcome not in (
                Outcome.IMPORTED, Outcome.UNCHANGED):
            return outgoing.result
        return PageResult(
            Outcome.UNKNOWN if outgoing.sent else Outcome.FAILED,
            outgoing.result.imported,
            self._sender.obstacle and Problem(
                'not-sent', problem=self._sender.obstacle))

    def _fetch(self, pages: Sequence[PlannedPage], spool: Spool,
               ) -> tuple[list[Outgoing], Results]:
        """Fetch pages; those that cannot be had as planned have a result."""
        fetched: dict[Title, _Fetched] = {}
        for history in (False, True):
            some = [page for page in pages
                    if self._takes_history(page) is history]
            if some:
                fetched.update(self._export(some, history, spool))
        uploads: list[Outgoing] = []
        results: Results = {}
        for page in pages:
            if page.title not in fetched or fetched[page.title].held.lacks:
                # The form cuts long histories, the path does not; and what
                # was the newest revision may be an older one by now.
                fetched.update(self._export([page], True, spool))
            came = fetched.get(page.title)
            if came and came.held.has_unplanned:
                came.held.admits(self._transfer.source.history(
                    str(page.title)))
            problem = (came.held.problem if came else
                       Problem('not-exported'))
            if problem or came is None:
                results[page.title] = PageResult(Outcome.REJECTED,
                                                 error=problem)
            else:
                uploads.append(self._outgoing(page, came.spooled))
        return uploads, results

    def _takes_history(self, page: PlannedPage) -> bool:
        """Whether the whole history is fetched; an old text is in it."""
        return page.is_full or bool(self._transfer.policy.before)

    def _export(self, pages: Sequence[PlannedPage], history: bool,
                spool: Spool) -> dict[Title, _Fetched]:
        """Return what the source exports; reading is safe to repeat."""
        for attempt in range(1, _TRIES + 1):
            try:
                return self._exported(pages, history, spool)
            except (SourceError, BundleError):
                if attempt == _TRIES:
                    raise
                time.sleep(_PAUSE)
        raise AssertionError('unreachable')

    def _exported(self, pages: Sequence[PlannedPage], history: bool,
                  spool: Spool) -> dict[Title, _Fetched]:
        """Read an export, and take in what was planned of it."""
        waiting = {str(page.title): HeldPage(page, self._circumstances)
                   for page in pages}
        pages_fetched: dict[Title, _Fetched] = {}
        with closing(self._transfer.source.export(
                list(waiting), history)) as exported:
            for page in exported:
                held = waiting.get(page.title)
                if held is None:
                    continue
                title = held.page.title
                if title in pages_fetched:
                    held.came_again()
                else:
                    pages_fetched[title] = _Fetched(spool.add(
                        page, takes=held.takes, written=self._written), held)
        return pages_fetched

    def _written(self, revision: Revision) -> str | None:
        if revision.hidden and not revision.user:
            return None
        return self._authors.written(revision.user)

    def _outgoing(self, page: PlannedPage,
                  fetched: SpooledPage) -> Outgoing:
        """Choose what is sent of a page and in which order."""
        current = page.newest.id if page.newest else 0
        indices = list(range(len(fetched.revisions)))
        if not page.is_full:
            ordered = order_revisions(fetched.revisions, 'time', current)
            indices = [ordered.indices[-1]]
        if page.relation is not Relation.MISSING or self._sender.goes_on(page):
            absent = {id(revision) for revision in lacking(
                fetched.revisions,
                self._transfer.target.history(page.target_text))}
            indices = [index for index in indices
                       if id(fetched.revisions[index]) in absent]
        return Outgoing(page, fetched, self._ordered(
            [fetched.revisions[index] for index in indices], indices, current,
            sum(fetched.places[index][1] for index in indices)))

    def _ordered(self, revisions: list[Revision], indices: list[int],
                 current: int, size: int) -> Ordered:
        order = self._transfer.policy.order
        if order == 'auto' and size > self._room():
            # In the order of time a page cannot be split.
            order = 'fast'
        ordered = order_revisions(revisions, order, current)
        return replace(ordered, indices=tuple(
            indices[index] for index in ordered.indices))

    def _order_again(self, outgoing: Outgoing) -> None:
        """What fitted into one upload may have to be split by now."""
        if outgoing.sent == 0:
            indices = sorted(outgoing.ordered.indices)
            newest = outgoing.page.newest
            outgoing.ordered = self._ordered(
                [outgoing.spooled.revisions[index] for index in indices],
                indices, newest.id if newest else 0, outgoing.size(indices))

    def _room(self) -> int:
        return self.size.room - len(self._head) - _PAGE_TAGS

    def _is_refused(self, outgoing: Outgoing, results: Results) -> bool:
        """Whether the rest of a page can never be sent; says why."""
        if outgoing.result.outcome not in (Outcome.IMPORTED,
                                           Outcome.UNCHANGED):
            return True
        around = len(self._head) + _PAGE_TAGS
        most = self.size.most
        head = outgoing.size(outgoing.ordered.indices[
            :outgoing.ordered.head if outgoing.sent == 0 else 0])
        if most and outgoing.largest + around > most:
            key, size = 'upload-revision-too-large', outgoing.largest
        elif most and head + around > most:
            key, size = 'upload-head-too-large', head
        else:
            return False
        results[outgoing.page.title] = PageResult(
            Outcome.REJECTED, outgoing.result.imported,
            Problem(key, size=size, limit=most))
        return True

    def _send_next(self, waiting: list[Outgoing], spool: Spool) -> None:
        """Send one upload and book what came of it."""
        if self._needs_a_probe(waiting[0]):
            self._probe(waiting[0].largest)
            return
        parts = list(self._parts(waiting))
        pages = [part.outgoing.page for part in parts]
        xml = upload_xml(self._head, (
            page_xml(part.outgoing.page.arriving,
                     spool.read(part.outgoing.spooled, part.indices))
            for part in parts))
        goes_on = parts[0].outgoing.sent > 0 or self._sender.goes_on(pages[0])
        try:
            results = self._sender.send(
                pages, lambda: self._call(parts, xml), goes_on=goes_on,
                may_repeat=not any(part.outgoing.failed for part in parts),
                parts={part.outgoing.page.title: part.revisions
                       for part in parts})
        except ImportRefusedError as error:
            is_too_large = isinstance(error, UploadError
                                      ) and error.is_too_large
            if error.concerns_every_page or (
                    is_too_large and len(xml) <= LEAST):
                raise
            if isinstance(error, UploadError) and is_too_large:
                self.size.refused(len(xml), error.limit)
                for outgoing in waiting:
                    self._order_again(outgoing)
                return
            results = {page.title: PageResult(error=error.problem)
                       for page in pages}
        else:
            self.size.accepted(len(xml))
        self._book_all([(part, results[part.outgoing.page.title])
                        for part in parts
                        # Else it was left out of this one.
                        if part.outgoing.page.title in results])

    def _parts(self, waiting: Sequence[Outgoing]) -> Iterator[Part]:
        """Yield what goes into the next upload: pages that fit whole."""
        first, *others = waiting
        part = first.next_part(self._room())
        yield Part(first, part)
        room = self._room() - first.size(part)
        if (first.sent or self._sender.goes_on(first.page)
                or len(part) < len(first.ordered.indices)):
            return
        for outgoing in others:
            room -= outgoing.size(outgoing.ordered.indices) + _PAGE_TAGS
            if (room < 0 or outgoing.group != first.group
                    or self._sender.goes_on(outgoing.page)):
                return
            yield Part(outgoing, outgoing.ordered.indices)

    def _call(self, parts: Sequence[Part],
              xml: bytes) -> list[ImportedPage] | None:
        return self._importer.from_xml(
            BytesIO(xml),
            self._transfer.author_prefix,
            tags=self._transfer.policy.tags,
            assign_known_users=self._authors.assigns_known_users,
            summary=self._summary(parts))

    def _summary(self, parts: Sequence[Part]) -> str:
        if len(parts) > 1:
            return attribution_of_several(self._transfer, self._run)
        outgoing = parts[0].outgoing
        return attribution(str(outgoing.page.title), outgoing.newest,
                           self._transfer)

    def _needs_a_probe(self, outgoing: Outgoing) -> bool:
        """Whether a revision may turn out too large after others.

        What goes in one upload is refused as a whole or not at all.
        """
        return (outgoing.sent == 0 and not self.size.most
                and not self._has_probed
                and len(outgoing.next_part(self._room()))
                < len(outgoing.ordered.indices)
                and outgoing.largest + len(self._head) + _PAGE_TAGS
                > max(self.size.proven, self.size.room))

    def _probe(self, size: int) -> None:
        """Upload a file of a size that has no page in it."""
        filler = b'<!--' + b' ' * (2 ** 16) + b'-->'
        xml = upload_xml(self._head, [filler] * (size // len(filler) + 2))
        self._has_probed = True
        try:
            self._sender.ask(lambda: self._importer.from_xml(
                BytesIO(xml), self._transfer.author_prefix))
        except (NoAnswerError, ServerFailureError):
            return  # nothing learnt, and nothing was in it
        except UploadError as error:
            if not error.is_too_large:
                raise
            self.size.refused(len(xml), error.limit)
        else:
            self.size.accepted(len(xml))

    def _book_all(self, booked: Sequence[tuple[Part, PageResult]]) -> None:
        """Note what came of an upload.

        What is not there is sent again in smaller ones, until the page
        that it fails at is alone: only that one fails. If no answer came
        and nothing of it is there, nobody can be at work on it any more:
        then it goes once more as it was.
        """
        absent = []
        for part, result in booked:
            if len(booked) > 1 and self._is_absent(result):
                is_silent = result.outcome is Outcome.UNKNOWN
                part.outgoing.silences += is_silent
                if not is_silent or part.outgoing.silences > 1:
                    absent.append(part.outgoing)
            else:
                self._book(part, result)
        results = [result for _part, result in booked
                   if not self._is_absent(result)]
        for start, end in halves(
                len(absent), bool(results), has_half=any(
                    result.outcome is Outcome.FAILED for result in results)):
            group = next(self._groups)
            for outgoing in absent[start:end]:
                outgoing.group, outgoing.failed = group, True

    def _is_absent(self, result: PageResult) -> bool:
        """Whether a page is not there, and can be sent again."""
        return result.outcome is None or (
            result.outcome is Outcome.UNKNOWN and not self._sender.obstacle)

    def _book(self, part: Part, result: PageResult) -> None:
        """Note what came of a part; silence is no end of it, but once."""
        outgoing = part.outgoing
        if result.outcome is None:
            result = result.with_outcome(Outcome.FAILED, result.error)
        imported = outgoing.result.imported + result.imported
        if result.outcome in (Outcome.IMPORTED, Outcome.UNCHANGED):
            outgoing.sent += len(part.indices)
            outgoing.silences = 0
            outgoing.result = PageResult(Outcome.IMPORTED if imported
                                         else Outcome.UNCHANGED, imported)
            return
        if self._is_absent(result):
            outgoing.silences += 1
            if outgoing.silences == 1:
                return
            result = TWICE_SILENT
        outgoing.result = replace(result, imported=imported)


def _broken(outgoing: Outgoing, error: ImportbotError) -> PageResult:
    """Return the result of a page that the rest of could not be sent."""
    return PageResult(Outcome.UNKNOWN if outgoing.sent else Outcome.FAILED,
                      outgoing.result.imported, error.problem)
