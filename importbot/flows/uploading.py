"""Pages by upload: fetched from the source, ordered, sent in few calls."""
from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO

from importbot.bundles.order import Ordered, order_revisions
from importbot.bundles.spool import Spool, SpooledPage
from importbot.bundles.writer import page_xml, upload_head, upload_xml
from importbot.flows.attribution import attribution
from importbot.flows.post import TWICE_SILENT, Post, Results
from importbot.flows.wikipair import WikiPair
from importbot.model.errors import (
    BundleError,
    ImportbotError,
    NoAnswerError,
    ServerFailureError,
    SourceError,
    UploadError,
)
from importbot.model.plans import PageResult, PlannedPage
from importbot.model.policy import Policy
from importbot.model.revisions import Revision, lacking
from importbot.model.uploads import LEAST, UploadSize
from importbot.model.words import Outcome, Relation
from importbot.wikis.importer import ImportedPage, Importer


__all__ = ('Uploads', )

_TRIES = 3
_PAUSE = 2
#: Bytes around the revisions of a page: its tags and title.
_PAGE_TAGS = 600


@dataclass
class _Outgoing:

    """A page on its way.

    :param page: as it was planned
    :param spooled: its revisions
    :param ordered: places of those to send, in their order
    :param sent: how many of them were sent
    :param silences: how often no answer came to the next part
    :param result: what came of it so far
    """

    page: PlannedPage
    spooled: SpooledPage
    ordered: Ordered
    sent: int = 0
    silences: int = 0
    result: PageResult = field(
        default_factory=lambda: PageResult(Outcome.UNCHANGED))

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be sent."""
        return self.sent == len(self.ordered.indices)

    @property
    def newest(self) -> int:
        """Id of the newest revision of the page."""
        return max(self.spooled.revisions, key=lambda revision: (
            revision.timestamp, revision.id)).id

    @cached_property
    def largest(self) -> int:
        """Bytes of the largest revision."""
        return max((self.spooled.places[index][1]
                    for index in self.ordered.indices), default=0)

    def size(self, indices: Sequence[int]) -> int:
        """Return how many bytes some revisions are."""
        return sum(self.spooled.places[index][1] for index in indices)

    def next_part(self, room: int) -> tuple[int, ...]:
        """Return what goes into the next upload.

        :param room: bytes; the head of a page goes in one upload whatever
            its size, and a revision that is larger goes alone
        """
        rest = self.ordered.indices[self.sent:]
        at_least = self.ordered.head if self.sent == 0 else 1
        size, count = self.size(rest[:at_least]), at_least
        for index in rest[at_least:]:
            size += self.spooled.places[index][1]
            if size > room:
                break
            count += 1
        return rest[:count]


@dataclass(frozen=True)
class _Part:

    """Revisions of one page in one upload."""

    outgoing: _Outgoing
    indices: tuple[int, ...]


class Uploads:

    """Uploads pages of one run.

    :param wikis: source and target
    :param policy: what is wanted
    :param importer: of the target
    :param post: sends the calls
    :param size: what is known of the size of an upload; learns
    """

    def __init__(self, wikis: WikiPair, policy: Policy, importer: Importer,
                 post: Post, size: UploadSize) -> None:
        """Initializer."""
        self.size = size
        self._wikis = wikis
        self._policy = policy
        self._importer = importer
        self._post = post
        self._authors = wikis.authors(policy)
        self._has_probed = False
        #: Why the last pages could not be sent, None if they could.
        self.problem: ImportbotError | None = None
        self._head = upload_head({
            number: namespace.name for number, namespace
            in wikis.target_info.namespaces.items() if number >= 0})

    def send(self, pages: Sequence[PlannedPage]) -> Results:
        """Send what the target lacks of some pages; return what came of it.

        :param pages: planned as uploads
        :raises ImportbotError: the source does not answer; what happens
            later is in :attr:`problem`, and what arrived is not lost
        """
        with Spool() as spool:
            found, results = self._fetch(pages, spool)
            while not self._post.obstacle:
                waiting = [outgoing for outgoing in found
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
            outgoing.page.title: outgoing.result for outgoing in found
            if outgoing.page.title not in results}

    def _fetch(self, pages: Sequence[PlannedPage], spool: Spool,
               ) -> tuple[list[_Outgoing], Results]:
        """Fetch pages; those that cannot be had whole have a result."""
        spooled: dict[str, SpooledPage] = {}
        for history in (False, True):
            titles = [page.title for page in pages
                      if self._takes_history(page) is history]
            if titles:
                spooled.update(self._export(titles, history, spool))
        found, results = [], {}
        for page in pages:
            fetched = spooled.get(page.title)
            if fetched is None or self._lacks(page, fetched):
                # The form cuts long histories; the path does not.
                fetched = self._export([page.title],
                                       self._takes_history(page),
                                       spool).get(page.title)
            problem = self._problem(page, fetched)
            if problem or fetched is None:
                results[page.title] = PageResult(Outcome.REJECTED,
                                                 error=problem)
            else:
                found.append(self._outgoing(page, fetched))
        return found, results

    def _takes_history(self, page: PlannedPage) -> bool:
        """Whether the whole history is fetched; an old text is in it."""
        return page.is_full or bool(self._policy.before)

    def _export(self, titles: list[str], history: bool,
                spool: Spool) -> dict[str, SpooledPage]:
        """Return what the source exports; reading is safe to repeat."""
        for attempt in range(1, _TRIES + 1):
            try:
                with closing(self._wikis.source.export(
                        titles, history)) as pages:
                    return {page.title: spool.add(
                        page, before=self._policy.before,
                        written=self._written) for page in pages}
            except (SourceError, BundleError):
                if attempt == _TRIES:
                    raise
                time.sleep(_PAUSE)
        raise AssertionError('unreachable')

    def _written(self, revision: Revision) -> str | None:
        if revision.hidden and not revision.user:
            return None
        return self._authors.written(revision.user)

    def _lacks(self, page: PlannedPage, fetched: SpooledPage) -> int:
        """Return how many planned revisions an export lacks."""
        planned = page.history if page.is_full else page.history[:1]
        if not self._takes_history(page):
            # The source may have been edited: what it shows now counts.
            return not fetched.revisions
        return len(lacking(planned, fetched.revisions))

    def _problem(self, page: PlannedPage,
                 fetched: SpooledPage | None) -> str | None:
        """Return why a page is not sent."""
        if fetched is None:
            return 'the source exports no such page any more'
        lacks = self._lacks(page, fetched)
        if lacks:
            return (f'revisions that the export of the source lacks: {lacks}'
                    '; they were deleted since the plan, or the source does '
                    'not export whole histories; plan it again')
        return None

    def _outgoing(self, page: PlannedPage,
                  fetched: SpooledPage) -> _Outgoing:
        """Choose what is sent of a page and in which order."""
        current = page.newest.id if page.newest else 0
        wanted = list(range(len(fetched.revisions)))
        if not page.is_full:
            ordered = order_revisions(fetched.revisions, 'time', current)
            wanted = [ordered.indices[-1]]
        if page.relation is not Relation.MISSING or self._post.goes_on(page):
            absent = {id(revision) for revision in lacking(
                fetched.revisions, self._wikis.target.history(page.target))}
            wanted = [index for index in wanted
                      if id(fetched.revisions[index]) in absent]
        return _Outgoing(page, fetched, self._ordered(
            [fetched.revisions[index] for index in wanted], wanted, current,
            sum(fetched.places[index][1] for index in wanted)))

    def _ordered(self, revisions: list[Revision], wanted: list[int],
                 current: int, size: int) -> Ordered:
        order = self._policy.order
        if order == 'auto' and size > self._room():
            # In the order of time a page cannot be split.
            order = 'fast'
        ordered = order_revisions(revisions, order, current)
        return replace(ordered, indices=tuple(
            wanted[index] for index in ordered.indices))

    def _order_again(self, outgoing: _Outgoing) -> None:
        """What fitted into one upload may have to be split by now."""
        if outgoing.sent == 0:
            wanted = sorted(outgoing.ordered.indices)
            newest = outgoing.page.newest
            outgoing.ordered = self._ordered(
                [outgoing.spooled.revisions[index] for index in wanted],
                wanted, newest.id if newest else 0, outgoing.size(wanted))

    def _room(self) -> int:
        return self.size.room - len(self._head) - _PAGE_TAGS

    def _is_refused(self, outgoing: _Outgoing, results: Results) -> bool:
        """Whether the rest of a page can never be sent; says why."""
        if outgoing.result.outcome not in (Outcome.IMPORTED,
                                           Outcome.UNCHANGED):
            return True
        around = len(self._head) + _PAGE_TAGS
        most = self.size.most
        head = outgoing.size(outgoing.ordered.indices[
            :outgoing.ordered.head if outgoing.sent == 0 else 0])
        if most and outgoing.largest + around > most:
            what = (f'a revision of {outgoing.largest} bytes of XML can '
                    'never fit')
        elif most and head + around > most:
            what = (f'{head} bytes of XML have to go in one upload (-order:'
                    f'{self._policy.order})')
        else:
            return False
        results[outgoing.page.title] = PageResult(
            Outcome.REJECTED, outgoing.result.imported,
            f'{what}: the target takes at most {most} bytes '
            '(upload_max_filesize of its PHP); ask its operators for more, '
            'or import it with -via:interwiki')
        return True

    def _send_next(self, waiting: list[_Outgoing], spool: Spool) -> None:
        """Send one upload and book what came of it."""
        if self._needs_a_probe(waiting[0]):
            self._probe(waiting[0].largest)
            return
        parts = list(self._parts(waiting))
        pages = [part.outgoing.page for part in parts]
        xml = upload_xml(self._head, (
            page_xml(part.outgoing.page.target, self._namespace(
                part.outgoing.page), spool.read(part.outgoing.spooled,
                                                part.indices))
            for part in parts))
        goes_on = parts[0].outgoing.sent > 0 or self._post.goes_on(pages[0])
        try:
            results = self._post.send(pages, lambda: self._call(parts, xml),
                                      goes_on=goes_on)
        except UploadError as error:
            if not error.is_too_large or len(xml) <= LEAST:
                raise
            self.size.refused(len(xml), error.limit)
            for outgoing in waiting:
                self._order_again(outgoing)
            return
        self.size.accepted(len(xml))
        for part in parts:
            result = results.get(part.outgoing.page.title)
            if result:  # else it was left out of this one
                self._book(part, result)

    def _parts(self, waiting: Sequence[_Outgoing]) -> Iterator[_Part]:
        """Yield what goes into the next upload: pages that fit whole."""
        first, *others = waiting
        part = first.next_part(self._room())
        yield _Part(first, part)
        room = self._room() - first.size(part)
        if (first.sent or first.silences or self._post.goes_on(first.page)
                or len(part) < len(first.ordered.indices)):
            return
        for outgoing in others:
            room -= outgoing.size(outgoing.ordered.indices) + _PAGE_TAGS
            if room < 0 or outgoing.silences or self._post.goes_on(
                    outgoing.page):
                return
            yield _Part(outgoing, outgoing.ordered.indices)

    def _namespace(self, page: PlannedPage) -> int:
        title = self._wikis.target_info.title(f':{page.target}')
        assert title is not None, 'it was planned'
        return title.namespace

    def _call(self, parts: Sequence[_Part],
              xml: bytes) -> list[ImportedPage] | None:
        return self._importer.from_xml(
            BytesIO(xml),
            self._policy.interwikiprefix or self._wikis.prefix,
            tags=self._policy.tags,
            assign_known_users=self._authors.assigns_known_users,
            summary=attribution(
                [(part.outgoing.page.title, part.outgoing.newest)
                 for part in parts], self._wikis, self._policy))

    def _needs_a_probe(self, outgoing: _Outgoing) -> bool:
        """Whether a revision may turn out too large behind others.

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
            self._importer.from_xml(
                BytesIO(xml),
                self._policy.interwikiprefix or self._wikis.prefix)
        except (NoAnswerError, ServerFailureError):
            return  # nothing learnt, and nothing was in it
        except UploadError as error:
            if not error.is_too_large:
                raise
            self.size.refused(len(xml), error.limit)
        else:
            self.size.accepted(len(xml))

    def _book(self, part: _Part, result: PageResult) -> None:
        """Note what came of a part.

        If no answer came and nothing of it is there, nobody can be at
        work on it any more: it is sent again, once, and alone.
        """
        outgoing = part.outgoing
        imported = outgoing.result.imported + result.imported
        if result.outcome in (Outcome.IMPORTED, Outcome.UNCHANGED):
            outgoing.sent += len(part.indices)
            outgoing.silences = 0
            outgoing.result = PageResult(Outcome.IMPORTED if imported
                                         else Outcome.UNCHANGED, imported)
            return
        if result.outcome is Outcome.UNKNOWN and not self._post.obstacle:
            outgoing.silences += 1
            if outgoing.silences == 1:
                return
            result = TWICE_SILENT
        outgoing.result = replace(result, imported=imported)


def _broken(outgoing: _Outgoing, error: ImportbotError) -> PageResult:
    """Return the result of a page that the rest of could not be sent."""
    return PageResult(Outcome.UNKNOWN if outgoing.sent else Outcome.FAILED,
                      outgoing.result.imported, str(error))
