"""Carry a plan out, page by page; the only step that writes."""
from __future__ import annotations

from contextlib import suppress
from typing import Any

import pywikibot

from importbot.flows.finish import ImportedTo, finish
from importbot.flows.journal import Journal, Lease
from importbot.flows.notes import Note, notes_on_rendering
from importbot.flows.plan import decide_again
from importbot.flows.reconcile import reconcile
from importbot.flows.takeover import take_over
from importbot.flows.verify import verify
from importbot.flows.wikipair import WikiPair, connect
from importbot.i18n import message
from importbot.model.errors import (
    EditError,
    ImportbotError,
    ImportRefusedError,
    NoAnswerError,
    ServerFailureError,
)
from importbot.model.plans import (
    PageResult,
    Plan,
    PlannedPage,
    Report,
    Step,
)
from importbot.model.policy import policy_from_json
from importbot.model.revisions import Revision
from importbot.model.text import printable
from importbot.model.words import Outcome, Reason, Relation, Role
from importbot.wikis.answers import PageNow
from importbot.wikis.importer import (
    SERVER_LIMIT,
    ImportedPage,
    Importer,
)


__all__ = ('Application', 'apply_plan')

_ARRIVED = (Outcome.IMPORTED, Outcome.UNCHANGED)
_CUT = PageResult(Outcome.UNKNOWN, error='interrupted on its way; the same '
                  'command again finds out what came of it')


def apply_plan(plan: Plan, target_site: pywikibot.site.APISite,
               journal: Journal, *, wikis: WikiPair | None = None,
               server_limit: float = SERVER_LIMIT) -> Report:
    """Carry out a plan and record every outcome.

    Under ``-simulate`` nothing is sent or recorded.

    :param plan: the plan
    :param target_site: the target that it was made for
    :param journal: where decisions and outcomes are recorded
    :param wikis: source and target, if they are connected already
    :param server_limit: seconds after which the target is not at work on
        a request any more
    :return: the plan with what became of each page
    :raises LeaseHeldError: another bot imports into the target now
    :raises ImportbotError: a wiki does not answer any more
    """
    if wikis is None:
        wikis = connect(target_site, plan.source.prefix or '',
                        policy_from_json(plan.options))
    with Application(plan, wikis, journal, server_limit) as application:
        for page in plan.pages:
            application.apply(page)
    return application.report()


class Application:

    """One run of a plan: a context that holds the lease of the target.

    :param plan: the plan
    :param wikis: source and target
    :param journal: where decisions and outcomes are recorded
    :param server_limit: seconds after which the target is not at work on
        a request any more
    """

    def __init__(self, plan: Plan, wikis: WikiPair, journal: Journal,
                 server_limit: float = SERVER_LIMIT) -> None:
        """Initializer."""
        self.plan = plan
        self.run: int | None = None
        self._wikis = wikis
        self._policy = policy_from_json(plan.options)
        self._journal = journal
        self._server_limit = server_limit
        self._importer = Importer(wikis.target.site, server_limit + 30)
        self._positions = {page.title: position
                           for position, page in enumerate(plan.pages)}
        self._results = [PageResult()] * len(plan.pages)
        self._obstacle: str | None = None
        self._lease: Lease | None = None

    def __enter__(self) -> Application:
        """Take the lease and write the decisions down.

        :raises LeaseHeldError: another bot imports into the target now
        """
        if not pywikibot.config.simulate:
            take_over(self._journal, self._wikis, self._server_limit)
            self.run = self._journal.begin_run(self.plan)
            try:
                self._lease = self._journal.acquire(self.plan.target.api,
                                                    self.run)
            except ImportbotError:
                self._journal.end_run(self.run, 'interrupted')
                raise
        return self

    def __exit__(self, *_exception: object) -> None:
        """Give the lease back, unless an import is without an outcome.

        Then the next run has to find out first what came of it.
        """
        if self._lease is None or self.run is None:
            return
        pending = self._journal.pending(self.run)
        done = not pending and all(
            result.outcome not in (None, Outcome.UNKNOWN)
            for result in self._results)
        self._journal.end_run(self.run,
                              'finished' if done else 'interrupted')
        if pending:
            self._journal.abandon(self._lease)
        else:
            self._journal.release(self._lease)

    def report(self) -> Report:
        """Return the plan with what became of each page so far.

        Requested pages that arrived are parsed on the target, to see what
        they miss there.
        """
        notes: list[Note] = []
        nowhere = {page.target for page in self.plan.pages
                   if page.reason is Reason.NOT_ON_SOURCE}
        for page, result in zip(self.plan.pages, self._results, strict=True):
            if result.hidden:
                notes.append({'kind': 'hidden', 'page': page.title,
                              'count': result.hidden})
            if (page.role is Role.REQUESTED
                    and result.outcome is Outcome.VERIFIED):
                # The record of the run is worth more than this look.
                with suppress(ImportbotError):
                    notes += notes_on_rendering(
                        page.target, self._wikis.target, nowhere)
        return Report(self.plan, self.run, tuple(self._results),
                      tuple(notes))

    def apply(self, page: PlannedPage) -> PageResult:
        """Carry out one page, read it back and record what came of it.

        :param page: a page of the plan
        :return: what came of it; no outcome under ``-simulate``
        """
        position = self._positions[page.title]
        if self._lease is None or self.run is None:
            return PageResult()
        if not page.steps:
            result = PageResult(Outcome.UNCHANGED)
        elif self._obstacle:
            result = PageResult(Outcome.UNCHANGED,
                                error=f'not sent: {self._obstacle}')
        else:
            # Stays if the run is cut now: it may be on its way already.
            self._results[position] = _CUT
            result = self._carry_out(position, page, self._lease, self.run)
        self._results[position] = result
        self._journal.outcome(self.run, position, result)
        return result

    def _carry_out(self, position: int, page: PlannedPage, lease: Lease,
                   run: int) -> PageResult:
        try:
            fresh = self._looked_at_again(page)
            if fresh.steps != page.steps:
                return _moved_on(fresh)
            result = self._send_and_reconcile(position, fresh, lease, run)
            if result.outcome in _ARRIVED:
                result = self._finish(fresh, result)
        except ImportRefusedError as error:
            if error.concerns_every_page:
                self._obstacle = error.info
            return PageResult(Outcome.FAILED, error=str(error))
        except ImportbotError as error:
            self._obstacle = str(error)
            return PageResult(Outcome.FAILED, error=str(error))
        if result.outcome not in _ARRIVED:
            return result
        # Recorded before it is read back: a kill in between must not leave
        # it as sent without an answer.
        self._journal.outcome(run, position, result)
        return self._read_back(fresh, result)

    def _finish(self, page: PlannedPage, result: PageResult) -> PageResult:
        """Carry out the steps behind the import.

        If a wiki is gone in the meantime, the next run does it first.
        """
        try:
            if page.steps[1:] and self._lease:
                self._journal.heartbeat(self._lease)
            finish(_imported_to(page), page.steps[1:], self._wikis)
        except EditError as error:
            return result.with_outcome(Outcome.FAILED, str(error))
        except ImportbotError as error:
            self._obstacle = str(error)
            return result.with_outcome(Outcome.UNKNOWN, str(error))
        return result

    def _looked_at_again(self, page: PlannedPage) -> PlannedPage:
        """Return the page as it would be planned now, if that can differ.

        Where the target had no page, :meth:`_send` sees whether that is
        still so.
        """
        if page.relation is Relation.MISSING:
            return page
        return decide_again(page, self._wikis, self._policy)

    def _read_back(self, page: PlannedPage,
                   result: PageResult) -> PageResult:
        try:
            return verify(page, result, self._wikis.source,
                          self._wikis.target)
        except ImportbotError as error:
            self._obstacle = str(error)
            return result.with_outcome(
                result.outcome or Outcome.UNKNOWN,
                f'it could not be read back: {error}')

    def _send_and_reconcile(self, position: int, page: PlannedPage,
                            lease: Lease, run: int) -> PageResult:
        """Send a page; a second time only where the first came to nothing.

        After the wait of :func:`reconcile` nobody can be at work on the
        first one any more, so that this is no second POST on a guess.
        """
        result = self._send(position, page, lease, run)
        if result.outcome is Outcome.UNKNOWN and not self._obstacle:
            result = self._send(position, page, lease, run)
            if result.outcome is Outcome.UNKNOWN and not self._obstacle:
                return result.with_outcome(
                    Outcome.FAILED, 'twice no answer came, and the target '
                    'shows no trace of the page; see whether it is up')
        return result

    def _send(self, position: int, page: PlannedPage, lease: Lease,
              run: int) -> PageResult:
        step, landing = page.steps[0], _landing(page)
        now = self._wikis.target.page_now(landing)
        if page.relation is Relation.MISSING:
            found = self._since_the_plan(page, now)
            if found:
                return found
        self._journal.heartbeat(lease)
        self._journal.sending(run, position, now.time, _id(page.replaced))
        try:
            answer = self._importer.from_wiki(
                self.plan.source.prefix or '', page.title,
                **self._call(page, step))
        except NoAnswerError as error:
            return (self._reconcile(page, now.time)
                    or PageResult(Outcome.UNKNOWN, error=str(error)))
        except ServerFailureError as error:
            return self._broken_off(page, error)
        return _judge(landing, answer or [])

    def _since_the_plan(self, page: PlannedPage,
                        now: PageNow) -> PageResult | None:
        """Return why a page cannot be created any more, if so."""
        places = [now]
        if _landing(page) != page.target:
            places.append(self._wikis.target.page_now(page.target))
        for place in places:
            if place.page.newest:
                return _judge_new(page, place.page.newest, len(places) > 1)
            for happened, what in ((place.was_deleted, 'deleted'),
                                   (place.page.is_protected, 'protected')):
                if happened:
                    return PageResult(
                        Outcome.REJECTED, error=f'"{place.page.title}" was '
                        f'{what} on the target; a person must decide')
        return None

    def _broken_off(self, page: PlannedPage,
                    error: ServerFailureError) -> PageResult:
        """Say what an import has left behind that MediaWiki broke off."""
        left = sum(revision.id > _id(page.replaced) for revision
                   in self._wikis.target.history(_landing(page)))
        rest = f' Revisions of it on the target now: {left}.' if left else ''
        return PageResult(Outcome.FAILED, left, f'{error}{rest}')

    def _reconcile(self, page: PlannedPage, sent: str) -> PageResult | None:
        pywikibot.warning(printable(
            f'No answer came to the import of "{page.title}"; looking what '
            'the target made of it'))
        try:
            return reconcile(self._wikis.target, _landing(page), sent,
                             self._wikis.access.user, self._server_limit,
                             before=_id(page.replaced))
        except ImportbotError as error:
            # Nobody can tell now; the next run finds out first.
            self._obstacle = str(error)
            return None

    def _call(self, page: PlannedPage, step: Step) -> dict[str, Any]:
        return {'full_history': step.history == 'full',
                'namespace': step.namespace, 'rootpage': step.rootpage,
                'tags': self._policy.tags, 'summary': self._summary(page)}

    def _summary(self, page: PlannedPage) -> str:
        assert page.newest is not None
        return self._policy.summary or message(
            self._wikis.target_info.language, 'summary',
            prefix=self.plan.source.prefix, title=page.title,
            revision=page.newest.id)


def _landing(page: PlannedPage) -> str:
    """Return the title that the import itself gives a page."""
    return next((step.landing for step in page.steps if step.landing),
                page.target)


def _id(revision: Revision | None) -> int:
    return revision.id if revision else 0


def _imported_to(page: PlannedPage) -> ImportedTo:
    return ImportedTo(page.title, page.target, _id(page.newest),
                      _id(page.replaced))


def _moved_on(page: PlannedPage) -> PageResult:
    """Say what would be planned now; nothing is done on an old relation."""
    relation = page.relation.value if page.relation else 'gone'
    return PageResult(
        Outcome.REJECTED, error='the page changed since it was planned; it '
        f'is {relation} now, which makes {page.decision.value} '
        f'({page.reason.value})')


def _judge_new(page: PlannedPage, there: Revision,
               is_moved: bool) -> PageResult:
    """Judge a page that the target has got since it was planned.

    It may be this very import, sent by a run that was killed; but what
    is not ours for certain is never moved.
    """
    assert page.newest is not None
    if there.sha1 and there.sha1 == page.newest.sha1 and not is_moved:
        return PageResult(Outcome.UNCHANGED)
    return PageResult(Outcome.REJECTED, error='the target has got a page of '
                      'this title since it was planned; plan it again')


def _judge(expected: str, answer: list[ImportedPage]) -> PageResult:
    """Compare the title expected with the titles answered."""
    for imported in answer:
        if imported.title == expected:
            return PageResult(Outcome.IMPORTED if imported.revisions
                              else Outcome.UNCHANGED, imported.revisions)
    if answer:
        there = ', '.join(f'"{imported.title}"' for imported in answer)
        return PageResult(Outcome.DIFFERS, answer[0].revisions,
                          f'it arrived as {there}, not "{expected}"')
    return PageResult(Outcome.REJECTED, error='the wiki answered without '
                      'the page; it is protected, or no valid title there')
