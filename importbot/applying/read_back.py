"""What arrived, read back: held to the plan, and written down for an undo."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from importbot.applying.agreed import Agreed
from importbot.applying.arrival_change import arrival_of
from importbot.applying.comparison import Comparison
from importbot.applying.followups import saved_sha1
from importbot.applying.leftovers import as_it_stands
from importbot.applying.run import Run
from importbot.applying.send import Results, Sender
from importbot.applying.verify import verify
from importbot.journal.changes import Change
from importbot.model.decisions import Outcome, TextAfter
from importbot.model.errors import ImportbotError
from importbot.model.plan import Plan, PlannedPage
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.model.revisions import Revision
from importbot.model.titles import Title
from importbot.wikis.waiting import doze


__all__ = ('ARRIVED', 'TAG_PAUSES', 'ReadBack')

#: Seconds between looks for change tags, which MediaWiki writes when it
#: has answered already.
TAG_PAUSES = (1, 2, 4)

#: What became of a page of which there is something to read back.
ARRIVED = (Outcome.IMPORTED, Outcome.UNCHANGED)


class ReadBack:

    """Reads pages of one run back from the target.

    :param agreed: what was agreed to, with both wikis
    :param run: where it is written down for an undo
    :param sender: sent them
    :param positions: place of the pages in the plan, by title
    :param came_before: revisions that came before the run was cut, by
        place in the plan
    """

    def __init__(self, agreed: Agreed, run: Run[Plan], sender: Sender,
                 positions: Mapping[Title, int],
                 came_before: Mapping[int, int]) -> None:
        self._agreed = agreed
        self._transfer = agreed.transfer
        self._run = run
        self._comparison = Comparison(agreed.transfer, run, sender)
        self._positions = positions
        self._came_before = came_before
        self._arrivals: list[tuple[Change, Sequence[Revision]]] = []
        #: Revisions that cleaned pages up, by place in the plan.
        self.cleaned: dict[int, int] = {}
        #: Why pages could not be read back, None if they could.
        self.problem: Problem | None = None

    def read(self, pages: Sequence[PlannedPage],
             results: Mapping[Title, PageResult]) -> Results:
        """Return what became of pages by what the target has of them.

        :param pages: of the plan, of which something arrived
        :param results: what is known of them, by title
        """
        try:
            pages = [page if results[page.title].outcome in ARRIVED
                     else as_it_stands(page, self._transfer.target)
                     for page in pages]
            self._comparison.prepare(pages)
            histories = self._comparison.with_tags(
                pages, self._transfer.target.histories(
                    [page.target_text for page in pages]))
            try:
                verified = {page.title: self._verified(
                    page, results[page.title], histories[page.target_text])
                    for page in pages}
            finally:
                self._record_arrivals()
            return verified | self._led_nowhere(pages, verified)
        except ImportbotError as error:
            self.problem = error.problem
            return {page.title: results[page.title].with_outcome(
                results[page.title].outcome or Outcome.UNKNOWN,
                Problem('not-read-back', problem=error.problem))
                if results[page.title].outcome in ARRIVED
                else results[page.title] for page in pages}

    def _record_arrivals(self) -> None:
        """Write down what an undo needs to know."""
        arrivals, self._arrivals = self._arrivals, []
        if arrivals:
            self._run.arrived(arrivals)

    def _led_nowhere(self, pages: Sequence[PlannedPage],
                     results: Mapping[Title, PageResult]) -> Results:
        """Return results of redirects that lead nowhere on the target.

        Their word for it may be one of the source's language.
        """
        redirects = [page for page in pages if page.is_redirect
                     and not page.keeps_local_text
                     and results[page.title].outcome is Outcome.VERIFIED]
        pages_now = self._transfer.target.pages(
            [page.target_text for page in redirects]) if redirects else {}
        return {page.title: results[page.title].with_outcome(
            Outcome.DIFFERS, Problem('redirect-nowhere'))
            for page in redirects
            if not pages_now[page.target_text].is_redirect}

    def _verified(self, page: PlannedPage, result: PageResult,
                  ours: Sequence[Revision]) -> PageResult:
        """Compare a page with the source as it was planned.

        If it differs, both are asked for once more: somebody may have
        hidden something there, or mended it here.
        """
        theirs = planned = page.history
        cleaned = self.cleaned.get(self._positions[page.title], 0)
        verified = verify(page, result, theirs, ours, cleaned,
                          self._comparison.problem(page, theirs, ours))
        if verified.outcome is not Outcome.VERIFIED:
            theirs = (self._transfer.history(str(page.title))
                      or page.history)
            if self._agreed.trusted:
                page = replace(page, newest=theirs[0], history=theirs)
            saved = self._saved(page)
            for pause in (0, *TAG_PAUSES):
                doze(pause)
                ours = self._transfer.target.history(page.target_text)
                self._comparison.prepare([page])
                verified = verify(
                    page, result, theirs, ours, cleaned or
                    (ours[0].id if ours and ours[0].sha1 == saved != ''
                     else 0), self._comparison.problem(page, theirs, ours,
                                                       planned=planned))
                if not (verified.error
                        and verified.error.key == 'lacks-tags'):
                    break
        change = self._note_arrival(page, result, theirs, ours)
        if result.outcome not in ARRIVED:
            return result
        return self._held_to_plan(page, verified, theirs, ours, change)

    def _saved(self, page: PlannedPage) -> str:
        """Return what the edit that brings a text forward makes of it.

        :return: its sha1, empty where there is no such edit
        """
        assert page.newest is not None, 'it was imported'
        return saved_sha1(str(page.title), page.newest, self._transfer) if (
            page.edit and page.edit.text is TextAfter.SOURCE) else ''

    def _held_to_plan(self, page: PlannedPage, verified: PageResult,
                      theirs: Sequence[Revision], ours: Sequence[Revision],
                      change: Change | None) -> PageResult:
        """Say so if something came that nobody agreed to."""
        slipped = self._agreed.slipped_in(page, theirs, ours)
        if slipped:
            return verified.with_outcome(
                Outcome.DIFFERS, Problem('slipped-in', revision=slipped.id))
        if (change and change.is_shared
                and verified.outcome is Outcome.VERIFIED):
            return verified.with_outcome(
                Outcome.DIFFERS, Problem('edited-meanwhile'))
        return verified

    def _note_arrival(self, page: PlannedPage, result: PageResult,
                      theirs: Sequence[Revision],
                      ours: Sequence[Revision]) -> Change | None:
        """Note what an undo needs to know.

        A page that was not there before and of which nothing was sent is
        somebody else's.
        """
        position = self._positions[page.title]
        came = result.imported + self._came_before.get(position, 0)
        if not ours or not (page.replaced or came):
            return None
        user = self._transfer.access.user
        cleaned = self.cleaned.get(position, 0)
        change = arrival_of(position, page, theirs, ours, user, cleaned,
                            counted=came)
        if change.is_shared:
            # Or the source was edited at the same time.
            with suppress(ImportbotError):
                theirs = self._agreed.now.history(str(page.title))
            change = arrival_of(position, page, theirs, ours, user, cleaned,
                                saved=self._saved(page), counted=came)
        self._arrivals.append((change, ours))
        if not (change.is_shared and page.replaced):
            return change
        # An undo goes by the newest revision, and would take along what has
        # a higher id than that; nobody edited the page, though.
        return arrival_of(position, page, theirs, [
            revision for revision in ours
            if revision is ours[0]
            or not page.replaced.id < revision.id <= page.before], user,
            cleaned, saved=self._saved(page), counted=came)
