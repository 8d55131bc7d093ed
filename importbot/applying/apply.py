"""Carry a plan out, batch by batch; the only step that writes."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import pywikibot

from importbot.applying.account import GOES_ON, why_stopped
from importbot.applying.agreed import Agreed
from importbot.applying.followups import CleanedUp, ImportedTo, finish
from importbot.applying.interwiki import InterwikiCalls
from importbot.applying.leftovers import unasked
from importbot.applying.read_back import ARRIVED, ReadBack
from importbot.applying.resume import ResumedRun
from importbot.applying.send import Results, Sender
from importbot.applying.takeover import take_over
from importbot.applying.uploads import Uploads
from importbot.journal.changes import CLEANUP, Change, record, record_arrival
from importbot.journal.journal import Journal
from importbot.journal.leases import Lease, acquire
from importbot.model.decisions import Outcome, Reason, Relation, Role
from importbot.model.errors import (
    BundleError,
    EditError,
    ImportbotError,
    ImportRefusedError,
    SourceChangedError,
)
from importbot.model.plan import Plan, PlannedPage
from importbot.model.policy import policy_from_json
from importbot.model.report import PageResult, Report
from importbot.model.revisions import Revision
from importbot.planning.batches import Batch, batches_of
from importbot.planning.notes import Note, notes_on_rendering
from importbot.planning.steps import decide_again
from importbot.sources.transfer import Transfer, connect
from importbot.wikis.importer import SERVER_LIMIT, Importer


__all__ = ('Application', 'apply_plan')

_ENDED = (Outcome.FAILED, Outcome.REJECTED)
#: Requested pages that are parsed on the target after a run.
_LOOKED_AT = 100

_CUT = PageResult(Outcome.UNKNOWN, error='interrupted on its way; -resume '
                  'finds out what came of it and goes on')


def apply_plan(plan: Plan, target_site: pywikibot.site.APISite,
               journal: Journal, *, transfer: Transfer | None = None,
               server_limit: float = SERVER_LIMIT) -> Report:
    """Carry out a plan and record every outcome.

    What was planned is what arrives: of a page that the source has in
    another version by now an upload sends the planned one, and interwiki
    nothing. Under ``-simulate`` nothing is sent or recorded.

    :param plan: the plan
    :param target_site: the target that it was made for
    :param journal: where decisions and outcomes are recorded
    :param transfer: source and target, if they are connected already
    :param server_limit: seconds after which the target is not at work on
        a request any more
    :return: the plan with what became of each page
    :raises LeaseHeldError: another bot imports into the target now
    :raises ImportbotError: a wiki does not answer any more
    """
    if transfer is None:
        transfer = connect(target_site, plan.source.prefix or '',
                           policy_from_json(plan.options))
    with Application(plan, transfer, journal, server_limit) as application:
        for batch in application.batches():
            application.apply(batch)
    return application.report()


class Application:

    """One run of a plan: a context that holds the lease of the target.

    :param server_limit: seconds after which the target is not at work on
        a request any more
    :param resumed: the run that is resumed, None for a new one
    :param trusted: whether later versions of the source's pages may arrive
        instead of the planned ones
    """

    def __init__(self, plan: Plan, transfer: Transfer, journal: Journal,
                 server_limit: float = SERVER_LIMIT,
                 resumed: ResumedRun | None = None, *,
                 trusted: bool = False) -> None:
        self.plan = plan
        self.run: int | None = None
        self._agreed = Agreed(plan, transfer, trusted=trusted,
                              knows_models=resumed is None)
        self._transfer = transfer = self._agreed.transfer
        self._journal = journal
        self._server_limit = server_limit
        self._resumed = resumed
        self._importer = Importer(transfer.target.site, server_limit + 30)
        self._size = journal.upload_size(plan.target.api)
        self._positions = {page.title: position
                           for position, page in enumerate(plan.pages)}
        self._results = (list(resumed.results) if resumed else
                         [PageResult()] * len(plan.pages))
        self._came_before = {
            position: result.imported for position, result
            in enumerate(resumed.results)} if resumed else {}
        self._obstacle: str | None = None
        #: Whether the source sent what nobody asked for.
        self._was_misled = False
        self._lease: Lease | None = None
        self._sender: Sender | None = None
        self._reading: ReadBack | None = None

    def __enter__(self) -> Application:
        """Take the lease and write the decisions down.

        :raises LeaseHeldError: another bot imports into the target now
        """
        if not pywikibot.config.simulate:
            if self._resumed is None:
                take_over(self._journal, self._agreed.now,
                          self._server_limit)
                self.run = self._journal.begin_run(self.plan)
            else:
                self.run = self._resumed.run
                self._journal.go_on(self.run)
            try:
                self._lease = acquire(self._journal, self.plan.target.api,
                                      self.run)
            except ImportbotError:
                self._journal.end_run(self.run, 'interrupted')
                raise
            self._reading = ReadBack(
                self._agreed, self._journal, self.run,
                self._positions, self._came_before)
            self._sender = Sender(
                self._transfer, self._journal, self._lease, self._positions,
                self._server_limit,
                self._resumed.sent if self._resumed else frozenset(),
                frozenset(title for page in self.plan.pages
                          for title in (page.target, page.interim_title)))
        return self

    def __exit__(self, *_exception: object) -> None:
        """Give the lease back, unless an import is without an outcome.

        Then the next run has to find out first what came of it.
        """
        if self._lease is None or self.run is None:
            return
        self._journal.remember_upload_size(self.plan.target.api, self._size)
        pending = self._journal.pending(self.run)
        # Nothing is to be resumed that a source did that cannot be trusted.
        done = not pending and (self._was_misled or not self._obstacle and all(
            result.outcome not in (None, Outcome.UNKNOWN)
            for result in self._results))
        self._journal.end_run(self.run,
                              'finished' if done else 'interrupted')
        if pending:
            self._lease.abandon()
        else:
            self._lease.release()

    @property
    def obstacle(self) -> str:
        """Why nothing more can be sent, empty if it can."""
        return self._obstacle or ''

    def batches(self) -> Iterator[Batch]:
        """Yield the pages of the plan that are to be treated, in order.

        What an earlier process brought to its end is left out.
        """
        return batches_of(
            (page for page, result in zip(self.plan.pages, self._results,
                                          strict=True)
             if result.outcome in (None, Outcome.IMPORTED)),
            self._transfer.prefix, self._size.room)

    def report(self) -> Report:
        """Return the plan with what became of each page so far.

        Requested pages that arrived are parsed on the target, to see what
        they miss there; of very many only the first.
        """
        notes: list[Note] = []
        arrived = [page for page, result in zip(
            self.plan.pages, self._results, strict=True)
            if page.role is Role.REQUESTED
            and result.outcome is Outcome.VERIFIED]
        nowhere = {page.target for page in self.plan.pages
                   if page.reason is Reason.NOT_ON_SOURCE}
        for page in arrived[:_LOOKED_AT]:
            # The record of the run is worth more than this look.
            with suppress(ImportbotError):
                notes += notes_on_rendering(
                    page.target, self._transfer.target, nowhere)
        if self.run is not None:
            self._journal.shown(self.run, notes)
        return Report(self.plan, self.run, tuple(self._results),
                      tuple(notes))

    def apply(self, batch: Batch) -> list[PageResult]:
        """Carry out a batch, read it back and record what came of it.

        :param batch: of :meth:`batches`
        :return: what came of its pages; no outcome under ``-simulate``
        """
        if self._sender is None or self.run is None:
            return [PageResult()] * len(batch)
        for page in batch:
            if page.steps:
                # Stays if the run is cut now: it may be on its way.
                self._results[self._positions[page.title]] = _CUT
        results = self._carry_out(batch, self._sender, self.run)
        for page in batch:
            position = self._positions[page.title]
            results[page.title] = self._with_what_came_before(
                position, results[page.title])
            self._results[position] = results[page.title]
        self._record(self.run, batch, results)
        return [results[page.title] for page in batch]

    def _with_what_came_before(self, position: int,
                               result: PageResult) -> PageResult:
        """Return a result with the revisions that came before a cut."""
        before = self._came_before.get(position, 0)
        return replace(result, imported=result.imported + before)

    def _carry_out(self, batch: Batch, sender: Sender, run: int) -> Results:
        results = {page.title: self._before(page) for page in batch}
        ready: list[PlannedPage] = []
        for page in batch:
            if results[page.title].outcome is None:
                fresh = self._looked_at_again(page, sender)
                if isinstance(fresh, PageResult):
                    results[page.title] = fresh
                else:
                    ready.append(fresh)
        if ready:
            results |= self._sent(ready, sender)
            self._record_unasked(sender, run)
        arrived = [page for page in ready
                   if results[page.title].outcome in ARRIVED]
        for page in arrived:
            results[page.title] = self._finish(page, results[page.title])
        # What a step after the import failed for has arrived all the same,
        # and a page that was refused halfway in part.
        present = [page for page in ready
                   if results[page.title].outcome in ARRIVED
                   or (results[page.title].outcome in _ENDED
                       and (page in arrived or results[page.title].imported))]
        # Recorded before it is read back: a kill in between must not leave
        # it as sent without an answer.
        self._record(run, present, results)
        return results | self._read_back(present, results)

    def _read_back(self, pages: Sequence[PlannedPage],
                   results: Mapping[str, PageResult]) -> Results:
        assert self._reading is not None, 'the run has begun'
        verified = self._reading.read(pages, results)
        if self._reading.problem:
            self._obstacle = str(self._reading.problem)
        return verified

    def _record_unasked(self, sender: Sender, run: int) -> None:
        """Write down what arrived although nobody had asked for it."""
        while sender.unasked:
            imported = sender.unasked.pop()
            history: Sequence[Revision] = ()
            with suppress(ImportbotError):
                history = self._transfer.target.history(imported.title)
            extra = unasked(imported, history, len(self.plan.pages),
                            self._transfer.access.user)
            self._was_misled = True
            self.plan = replace(self.plan, pages=(*self.plan.pages,
                                                  extra.page))
            self._results = [*self._results, extra.result]
            self._journal.add_page(run, extra.change.position, extra.page)
            self._journal.outcomes(run, {extra.change.position:
                                         extra.result})
            if extra.change.after:
                record_arrival(self._journal, run, extra.change, history)

    def _record(self, run: int, pages: Sequence[PlannedPage],
                results: Mapping[str, PageResult]) -> None:
        self._journal.outcomes(run, {
            self._positions[page.title]: results[page.title]
            for page in pages})

    def _before(self, page: PlannedPage) -> PageResult:
        """Return the result of a page that nothing is sent for."""
        if not page.steps:
            return PageResult(Outcome.UNCHANGED)
        if self._obstacle:
            return PageResult(Outcome.UNCHANGED,
                              error=f'not sent: {self._obstacle}')
        return PageResult()

    def _looked_at_again(self, page: PlannedPage,
                         sender: Sender) -> PlannedPage | PageResult:
        """Return the page as it would be planned now, if that can differ.

        Where the target had no page, :meth:`Sender.send` sees whether that
        is still so.
        """
        try:
            page = self._agreed.as_of_now(page)
            if page.relation is Relation.MISSING or sender.goes_on(page):
                return page
            fresh = decide_again(page, self._transfer)
            if fresh.newest is None or page.newest is None:
                raise self._agreed.changed(page)
        except SourceChangedError as error:
            return PageResult(Outcome.REJECTED, error=str(error))
        except ImportbotError as error:
            self._obstacle = str(error)
            return PageResult(Outcome.FAILED, error=str(error))
        if fresh.steps == page.steps:
            return fresh
        # Who is blocked may edit no page; that is not the page's.
        self._obstacle = (fresh.reason in (Reason.NOT_EDITABLE,
                                           Reason.PROTECTED)
                          and self._why_stopped()) or None
        return self._before(page) if self._obstacle else _moved_on(fresh)

    def _why_stopped(self) -> str:
        """Return why the account can do no more, empty if it can."""
        why = why_stopped(self._transfer.target, self._transfer.access)
        return why and f'{why}; {GOES_ON}'

    def _sent(self, pages: Sequence[PlannedPage], sender: Sender) -> Results:
        """Send pages; what keeps one out keeps all of an upload out."""
        try:
            if pages[0].is_uploaded:
                uploads = Uploads(self._transfer, self._importer,
                                  sender, self._size)
                results = uploads.send(pages)
                if uploads.problem:
                    self._remember(uploads.problem)
            else:
                calls = InterwikiCalls(self._agreed,
                                       self._importer, sender, self._remember)
                results = {page.title: calls.send(page) for page in pages}
            self._obstacle = self._obstacle or sender.obstacle
        except ImportbotError as error:
            self._remember(error)
            return dict.fromkeys(
                (page.title for page in pages),
                PageResult(Outcome.FAILED, error=str(error)))
        return results

    def _remember(self, error: ImportbotError) -> None:
        """Send nothing more if the next page would meet the same."""
        if isinstance(error, ImportRefusedError):
            if error.concerns_every_page:
                self._obstacle = self._why_stopped() or error.info
        elif not isinstance(error, BundleError):
            self._obstacle = str(error)

    def _finish(self, page: PlannedPage, result: PageResult) -> PageResult:
        """Carry out the steps after the import.

        If a wiki is gone in the meantime, the next run does it first.
        """
        try:
            if page.follow_ups and self._lease:
                self._lease.heartbeat()
            now = self._agreed.now
            done = finish(ImportedTo.of(page, now.access.user),
                          page.follow_ups, now)
        except EditError as error:
            self._obstacle = self._why_stopped() or self._obstacle
            if self._obstacle:
                # The next run does this step first.
                return result.with_outcome(
                    Outcome.UNKNOWN, f'{error}; {self._obstacle}')
            return result.with_outcome(Outcome.FAILED, str(error))
        except ImportbotError as error:
            self._obstacle = str(error)
            return result.with_outcome(Outcome.UNKNOWN, str(error))
        if done:
            self._note_cleanup(page, done)
        return result

    def _note_cleanup(self, page: PlannedPage, done: CleanedUp) -> None:
        position = self._positions[page.title]
        assert self._reading is not None, 'the run has begun'
        self._reading.cleaned[position] = done.after
        if self.run is not None:
            record(self._journal, self.run, Change(
                position, CLEANUP, done.before, done.after))


def _moved_on(page: PlannedPage) -> PageResult:
    """Say what would be planned now; nothing is done on an old relation."""
    relation = page.relation.value if page.relation else 'gone'
    return PageResult(
        Outcome.REJECTED, error='the page changed since it was planned; it '
        f'is {relation} now, which makes {page.decision.value} '
        f'({page.reason.value})')
