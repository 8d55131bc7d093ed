"""Carry out the plan of an import, batch by batch."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import pywikibot

from importbot.applying.account import why_stopped
from importbot.applying.agreed import Agreed, transfer_now
from importbot.applying.followups import CleanedUp, ImportedTo, finish
from importbot.applying.interwiki import InterwikiCalls
from importbot.applying.leftovers import unasked
from importbot.applying.read_back import ARRIVED, ReadBack
from importbot.applying.resume import ResumedRun
from importbot.applying.run import BareRun, Places, Run, check_target
from importbot.applying.send import Results, Sender
from importbot.applying.shown import with_rendering
from importbot.applying.takeover import take_over
from importbot.applying.uploads import Uploads
from importbot.journal.changes import CLEANUP, Change
from importbot.journal.journal import Journal
from importbot.model.decisions import Outcome, Relation
from importbot.model.errors import (
    BundleError,
    EditError,
    ImportbotError,
    ImportRefusedError,
    SourceChangedError,
)
from importbot.model.options import SERVER_LIMIT
from importbot.model.plan import Plan, PlannedPage
from importbot.model.problems import Problem, Word
from importbot.model.progress import Progress, untold
from importbot.model.report import PageResult, Report
from importbot.model.revisions import Revision
from importbot.model.titles import Title
from importbot.planning.batches import Batch, batches_of, read_together
from importbot.planning.steps import decide_again
from importbot.rules.api_errors import concerns_every_page
from importbot.sources.transfer import Transfer, connect
from importbot.wikis.importer import Importer


__all__ = ('ImportWork', 'apply_plan', 'report_of')

_ENDED = (Outcome.FAILED, Outcome.REJECTED)

_CUT = PageResult(Outcome.UNKNOWN, error=Problem('cut'))


def apply_plan(plan: Plan, target_site: pywikibot.site.APISite,
               journal: Journal, *, transfer: Transfer | None = None,
               server_limit: float = SERVER_LIMIT,
               simulate: bool = False,
               progress: Progress = untold) -> Report:
    """Carry out a plan and record every outcome.

    What was planned is what arrives: of a page that the source has in
    another version by now an upload sends the planned one, and interwiki
    nothing.

    :param plan: the plan
    :param target_site: the target that it was made for
    :param journal: where decisions and outcomes are recorded
    :param transfer: source and target, if they are connected already
    :param server_limit: seconds after which the target is not at work on
        a request any more
    :param simulate: whether nothing is sent or recorded
    :param progress: told of each page, or few pages, when they are done
    :return: the plan with what became of each page
    :raises UsageError: the plan was made for another target
    :raises LeaseHeldError: another bot imports into the target now
    :raises ImportbotError: a wiki does not answer any more
    """
    check_target(plan.target, target_site)
    if transfer is None:
        transfer = connect(target_site, plan.source.prefix or '',
                           plan.policy)
    with Run(ImportWork(plan, transfer, server_limit, reads_together=True),
             journal, simulate=simulate) as run:
        run.apply_all(progress)
    return with_rendering(report_of(run), transfer.target, journal)


def report_of(run: BareRun[Plan]) -> Report:
    """Return the plan of a run with what became of each page so far."""
    return Report(run.plan, run.number, tuple(run.results))


@dataclass(frozen=True)
class ImportWork:

    """What an import has to do.

    :param plan: what is to happen
    :param transfer: source and target
    :param server_limit: seconds after which the target is not at work on
        a request any more
    :param resumed: the run that is resumed, None for a new one
    :param trusted: whether later versions of the source's pages may arrive
        instead of the planned ones
    :param importer: sends the calls, None for the target's own
    :param reads_together: whether pages of short calls are read back a few
        at a time
    """

    plan: Plan
    transfer: Transfer
    server_limit: float = SERVER_LIMIT
    resumed: ResumedRun | None = None
    trusted: bool = False
    importer: Importer | None = None
    reads_together: bool = False

    @property
    def results(self) -> Sequence[PageResult]:
        """What came of the pages before the run was cut."""
        return self.resumed.results if self.resumed else (
            [PageResult()] * len(self.plan.pages))

    @property
    def resumes(self) -> int | None:
        """The run that is resumed, None for a new one."""
        return self.resumed.run if self.resumed else None

    def settle(self, journal: Journal) -> None:
        """Find out what a run had sent that died; bring it to its end.

        :raises LeaseHeldError: it is alive
        """
        take_over(journal, transfer_now(self.plan, self.transfer),
                  self.server_limit)

    def worker(self, run: Run[Plan]) -> _ImportWorker:
        """Return what imports the pages."""
        return _ImportWorker(self, run)


class _ImportWorker:

    """Imports the pages of a run, reads them back and compares them."""

    def __init__(self, work: ImportWork, run: Run[Plan]) -> None:
        self._run = run
        self._reads_together = work.reads_together
        self._agreed = Agreed(work.plan, work.transfer, trusted=work.trusted,
                              knows_models=work.resumed is None)
        self._transfer = transfer = self._agreed.transfer
        self._importer = work.importer or Importer(
            transfer.target.site, work.server_limit + 30)
        self._size = run.journal.upload_size(work.plan.target.api)
        self._positions = {page.title: position
                           for position, page in enumerate(work.plan.pages)}
        self._came_before = {
            position: result.imported for position, result
            in enumerate(work.results)}
        self._sender = Sender(
            transfer, run, self._positions, work.server_limit,
            work.resumed.sent if work.resumed else frozenset(),
            frozenset(title for page in work.plan.pages
                      for title in (page.target_text, page.interim_title)))
        self._reading = ReadBack(self._agreed, run, self._sender,
                                 self._positions, self._came_before)

    def batches(self) -> Iterator[Places]:
        """Yield places of the pages that are to be treated, in order.

        What an earlier process brought to its end is left out.
        """
        calls = self._calls(
            page for page, result in zip(
                self._run.plan.pages, self._run.results, strict=True)
            if result.outcome in (None, Outcome.IMPORTED))
        for batch in (read_together(calls) if self._reads_together
                      else calls):
            yield tuple(self._positions[page.title] for page in batch)

    def _calls(self, pages: Iterable[PlannedPage]) -> Iterator[Batch]:
        return batches_of(pages, self._size.room)

    def treat(self, batch: Places) -> dict[int, PageResult]:
        """Import some pages and read them back.

        :param batch: of :meth:`batches`
        :return: nothing of pages before which it was stopped
        """
        pages = [self._run.plan.pages[place] for place in batch]
        results: Results = {}
        present: list[PlannedPage] = []
        for call in tuple(self._calls(pages)):
            if results and self._run.is_stopped():
                break
            came, there = self._carried_out(call)
            results |= came
            present += there
        results |= self._read_back(present, results)
        return {place: self._with_what_came_before(place, results[page.title])
                for place, page in zip(batch, pages, strict=True)
                if page.title in results}

    def end(self, *, is_finished: bool) -> None:
        """Write down what size of upload the target takes."""
        self._run.journal.remember_upload_size(self._run.plan.target.api,
                                               self._size)

    def _with_what_came_before(self, position: int,
                               result: PageResult) -> PageResult:
        """Return a result with the revisions that came before a cut."""
        before = self._came_before.get(position, 0)
        return replace(result, imported=result.imported + before)

    def _carried_out(self, batch: Batch) -> tuple[Results,
                                                  list[PlannedPage]]:
        """Import the pages of a call; return of which there is something.
        """
        for page in batch:
            if page.steps:
                # Stays if the run is cut now: it may be on its way.
                self._run.results[self._positions[page.title]] = _CUT
        results = {page.title: self._run.before(page) for page in batch}
        ready: list[PlannedPage] = []
        for page in batch:
            if results[page.title].outcome is None:
                fresh = self._looked_at_again(page)
                if isinstance(fresh, PageResult):
                    results[page.title] = fresh
                else:
                    ready.append(fresh)
        if ready:
            results |= self._sent(ready)
            self._record_unasked()
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
        self._run.record({
            place: _as_arrived(self._with_what_came_before(
                place, results[page.title]))
            for page in present for place in [self._positions[page.title]]})
        for title, result in results.items():
            place = self._positions[title]
            self._run.results[place] = self._with_what_came_before(place,
                                                                   result)
        return results, present

    def _read_back(self, pages: Sequence[PlannedPage],
                   results: Mapping[Title, PageResult]) -> Results:
        verified = self._reading.read(pages, results)
        if self._reading.problem:
            self._run.obstacle = self._reading.problem
        return verified

    def _record_unasked(self) -> None:
        """Write down what arrived although nobody had asked for it."""
        run = self._run
        while self._sender.unasked:
            imported = self._sender.unasked.pop()
            history: Sequence[Revision] = ()
            with suppress(ImportbotError):
                history = self._transfer.target.history(imported.title)
            extra = unasked(imported, history, len(run.plan.pages),
                            self._transfer.access.user)
            run.was_misled = True
            run.plan = replace(run.plan, pages=(*run.plan.pages, extra.page))
            run.add_page(extra.page, extra.result)
            if extra.change.after:
                run.arrived([(extra.change, history)])

    def _looked_at_again(self,
                         page: PlannedPage) -> PlannedPage | PageResult:
        """Return the page as it would be planned now, if that can differ.

        Where the target had no page, :meth:`Sender.send` sees whether that
        is still so.
        """
        try:
            page = self._agreed.as_of_now(page)
            if page.relation is Relation.MISSING or self._sender.goes_on(
                    page):
                return page
            fresh = decide_again(page, self._transfer)
            if fresh.newest is None or page.newest is None:
                raise self._agreed.changed(page)
        except SourceChangedError as error:
            return PageResult(Outcome.REJECTED, error=error.problem)
        except ImportbotError as error:
            self._run.obstacle = error.problem
            return PageResult(Outcome.FAILED, error=error.problem)
        if fresh.steps == page.steps:
            return fresh
        # Who is blocked may edit no page; that is not the page's.
        if fresh.is_barred:
            self._run.obstacle = (self._why_stopped()
                                  or self._run.obstacle)
        return (self._run.before(page) if self._run.obstacle
                else _moved_on(fresh))

    def _why_stopped(self) -> Problem | None:
        """Return why the account can do no more, None if it can."""
        why = why_stopped(self._transfer.target, self._transfer.access)
        return why and Problem('settle', problem=why)

    def _sent(self, pages: Sequence[PlannedPage]) -> Results:
        """Send pages; what keeps one out keeps all of an upload out."""
        try:
            if pages[0].is_uploaded:
                uploads = Uploads(self._transfer, self._importer,
                                  self._sender, self._size,
                                  self._run.number or 0)
                results = uploads.send(pages)
                if uploads.problem:
                    self._remember(uploads.problem)
            else:
                calls = InterwikiCalls(self._agreed, self._importer,
                                       self._sender, self._remember)
                results = {page.title: calls.send(page) for page in pages}
            self._run.obstacle = self._run.obstacle or self._sender.obstacle
        except ImportbotError as error:
            self._remember(error)
            return dict.fromkeys(
                (page.title for page in pages),
                PageResult(Outcome.FAILED, error=error.problem))
        return results

    def _remember(self, error: ImportbotError) -> None:
        """Send nothing more if the next page would meet the same."""
        if isinstance(error, ImportRefusedError):
            if error.concerns_every_page:
                self._run.obstacle = (self._why_stopped()
                                      or _why_refused(error))
        elif not isinstance(error, BundleError):
            self._run.obstacle = error.problem

    def _finish(self, page: PlannedPage, result: PageResult) -> PageResult:
        """Carry out the steps after the import.

        If a wiki is gone in the meantime, the next run does it first.
        """
        try:
            now = self._agreed.now
            done = finish(ImportedTo.of(page, now.access.user),
                          page.follow_ups, now)
        except EditError as error:
            self._run.obstacle = (
                self._why_stopped() or _of_every_edit(error)
                or self._run.obstacle)
            if self._run.obstacle:
                # The next run does this step first.
                return result.with_outcome(Outcome.UNKNOWN, Problem(
                    'both', problem=error.problem,
                    other=self._run.obstacle))
            return result.with_outcome(Outcome.FAILED, error.problem)
        except ImportbotError as error:
            self._run.obstacle = error.problem
            return result.with_outcome(Outcome.UNKNOWN, error.problem)
        if done:
            self._note_cleanup(page, done)
        return result

    def _note_cleanup(self, page: PlannedPage, done: CleanedUp) -> None:
        position = self._positions[page.title]
        self._reading.cleaned[position] = done.after
        self._run.changed(Change(position, CLEANUP, done.before, done.after))


def _of_every_edit(error: EditError) -> Problem | None:
    """Return what every further edit would meet too, None if nothing."""
    return error.problem if concerns_every_page(error.code) else None


def _why_refused(error: ImportRefusedError) -> Problem:
    """Say why a wiki does nothing more, for whatever page."""
    if not error.waited:
        return Problem('settle', problem=Problem.quoted(
            error.info.rstrip('. ')))
    return Problem('patience-over', info=error.info.rstrip(' .'),
                   code=error.code, seconds=round(error.waited))


def _as_arrived(result: PageResult) -> PageResult:
    """Return what is written down until a page is read back.

    What an earlier process brought has to be read back all the same.
    """
    return (result.with_outcome(Outcome.IMPORTED, result.error)
            if result.outcome is Outcome.UNCHANGED and result.imported
            else result)


def _moved_on(page: PlannedPage) -> PageResult:
    """Say what would be planned now; nothing is done on an old relation."""
    return PageResult(Outcome.REJECTED, error=Problem(
        'moved-on',
        relation=Word('html-relation', page.relation.value)
        if page.relation else Word('relation', 'gone'),
        decision=Word('decision', page.decision.value),
        reason=Word('reason', page.reason.value)))
