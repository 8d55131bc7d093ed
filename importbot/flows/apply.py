"""Carry a plan out, page by page; the only step that writes."""
from __future__ import annotations

from typing import Any

import pywikibot

from importbot.flows.journal import Journal, Lease
from importbot.flows.reconcile import reconcile
from importbot.flows.verify import verify
from importbot.flows.wikipair import WikiPair, connect
from importbot.i18n import message
from importbot.model.errors import (
    ImportbotError,
    ImportRefusedError,
    NoAnswerError,
)
from importbot.model.plans import (
    PageResult,
    Plan,
    PlannedPage,
    Report,
    Step,
)
from importbot.model.policy import Policy
from importbot.model.words import Outcome
from importbot.wikis.importer import (
    SERVER_LIMIT,
    ImportedPage,
    Importer,
)


__all__ = ('Application', 'apply_plan', 'policy_of')


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
                        policy_of(plan))
    with Application(plan, wikis, journal, server_limit) as application:
        for page in plan.pages:
            application.apply(page)
    return application.report()


def policy_of(plan: Plan) -> Policy:
    """Return the policy that a plan was made with."""
    return Policy(**{**plan.options, 'tags': tuple(plan.options['tags'])})


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
        self._policy = policy_of(plan)
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
            _take_over(self._journal, self._wikis, self._server_limit)
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
        done = all(result.outcome for result in self._results)
        self._journal.end_run(self.run,
                              'finished' if done else 'interrupted')
        if not self._journal.pending(self.run):
            self._journal.release(self._lease)

    def report(self) -> Report:
        """Return the plan with what became of each page so far."""
        return Report(self.plan, self.run, tuple(self._results))

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
            result = self._carry_out(position, page, self._lease, self.run)
        self._results[position] = result
        self._journal.outcome(self.run, position, result)
        return result

    def _carry_out(self, position: int, page: PlannedPage, lease: Lease,
                   run: int) -> PageResult:
        try:
            self._journal.heartbeat(lease)
            result = self._send_and_reconcile(position, page, run)
        except ImportRefusedError as error:
            if error.concerns_every_page:
                self._obstacle = error.info
            return PageResult(Outcome.FAILED, error=str(error))
        except ImportbotError as error:
            self._obstacle = str(error)
            return PageResult(Outcome.FAILED, error=str(error))
        if result.outcome not in (Outcome.IMPORTED, Outcome.UNCHANGED):
            return result
        # Recorded before it is read back: a kill in between must not leave
        # it as sent without an answer.
        self._journal.outcome(run, position, result)
        return self._read_back(page, result)

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
                            run: int) -> PageResult:
        """Send a page; a second time only where the first came to nothing.

        After the wait of :func:`reconcile` nobody can be at work on the
        first one any more, so that this is no second POST on a guess.
        """
        result = self._send(position, page, run)
        if result.outcome is Outcome.UNKNOWN and not self._obstacle:
            result = self._send(position, page, run)
            if result.outcome is Outcome.UNKNOWN and not self._obstacle:
                return result.with_outcome(
                    Outcome.FAILED, 'twice no answer came, and the target '
                    'shows no trace of the page; see whether it is up')
        return result

    def _send(self, position: int, page: PlannedPage,
              run: int) -> PageResult:
        before, now = self._wikis.target.page_now(page.target)
        if before.newest is not None:
            return PageResult(Outcome.REJECTED, error='somebody created the '
                              'page since it was planned; plan it again')
        self._journal.sending(run, position, now, 0)
        try:
            answer = self._importer.from_wiki(
                self.plan.source.prefix or '', page.title,
                **self._call(page, page.steps[0]))
        except NoAnswerError as error:
            return (self._reconcile(page, now)
                    or PageResult(Outcome.UNKNOWN, error=str(error)))
        return _judge(page, answer or [])

    def _reconcile(self, page: PlannedPage, sent: str) -> PageResult | None:
        pywikibot.warning(f'No answer came to the import of "{page.title}"; '
                          'looking what the target made of it')
        try:
            return reconcile(self._wikis.target, page.target, sent,
                             self._wikis.access.user, self._server_limit)
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


def _judge(page: PlannedPage, answer: list[ImportedPage]) -> PageResult:
    """Compare the titles expected with the titles answered."""
    for imported in answer:
        if imported.title == page.target:
            return PageResult(Outcome.IMPORTED if imported.revisions
                              else Outcome.UNCHANGED, imported.revisions)
    if answer:
        there = ', '.join(f'"{imported.title}"' for imported in answer)
        return PageResult(Outcome.DIFFERS, answer[0].revisions,
                          f'it arrived as {there}, not "{page.target}"')
    return PageResult(Outcome.REJECTED, error='the wiki answered without '
                      'the page; it is protected, or no valid title there')


def _take_over(journal: Journal, wikis: WikiPair,
               server_limit: float) -> None:
    """Find out what a run that died under its lease had sent."""
    run = journal.lapsed_run(wikis.target.api)
    if run is None:
        return
    user = journal.run_row(run)['target_user']
    for pending in journal.pending(run):
        found = reconcile(wikis.target, pending.decided['target'],
                          pending.sent, user, server_limit)
        journal.outcome(run, pending.position, found or PageResult(
            Outcome.FAILED, error='the run ended before its answer came; '
            'the target shows no trace of it'))
    journal.end_run(run, 'interrupted')
