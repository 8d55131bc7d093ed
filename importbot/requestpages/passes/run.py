"""Work through the requests of a wiki, each by what is to be done next.

What is about to be written is in the journal before, so that a crash at
any moment is no second answer.
"""
from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from itertools import islice

import pywikibot

from importbot.i18n import message
from importbot.journal.journal import now
from importbot.journal.tables import RequestRow
from importbot.model.errors import (
    ImportbotError,
    PreflightError,
    UsageError,
)
from importbot.model.printable import printable
from importbot.model.problems import Problem
from importbot.reports.terminal.remedies import with_remedy
from importbot.requestpages.page.request import Request
from importbot.requestpages.passes.apply import RequestImporter
from importbot.requestpages.passes.context import PassContext
from importbot.requestpages.passes.open_requests import show_open_requests
from importbot.requestpages.passes.propose import Proposals
from importbot.requestpages.passes.queue import RequestQueue
from importbot.requestpages.passes.replies import WAITING, Replies
from importbot.requestpages.passes.spec import parse_spec
from importbot.requestpages.passes.tracked import TrackedRequest
from importbot.requestpages.passes.transition import Known, NextStep, next_step
from importbot.requestpages.passes.undo import RequestUndoer
from importbot.requestpages.status import Status
from importbot.requestpages.words import Vocabulary


__all__ = ('RequestPass', )

#: New requests of one pass; the next one takes up others.
_MOST_NEW = 50
#: Ids that are looked up in the history of their page.
_LOOKED_AT = 20
#: As the bot gives it.
_ID = re.compile('[0-9a-f]{12}')


class RequestPass:

    """One pass over the request pages.

    :param context: what it works with
    :ivar failed: number of requests and pages that could not be treated
    :ivar treated: number of requests that were treated
    :ivar looked_at: number of requests that the bot looks after
    """

    def __init__(self, context: PassContext) -> None:
        self._context = context
        self._queue = RequestQueue(context)
        self._replies = Replies(context, self._queue)
        self._importer = RequestImporter(
            context, self._queue, self._replies,
            Proposals(context, self._queue, self._replies))
        self._undoer = RequestUndoer(context, self._replies)
        self._adopted = 0
        self._put_off: set[str] = set()
        self.failed = 0
        self.treated = 0
        self.looked_at = 0

    @property
    def imported(self) -> int:
        """Number of requests whose import came to its end."""
        return self._replies.ended

    def waiting(self) -> int:
        """Return how many requests wait for somebody now."""
        return sum(
            record.ended is None and record.status in (
                *WAITING, Status.OPERATOR.value)
            for record in self._context.log.records(
                self._queue.open_ids).values())

    def work(self) -> None:
        """Treat what is to be treated, until somebody says stop."""
        for problem in self._queue.problems:
            self._fail(problem)
        entries = list(self._queue.entries())
        self.looked_at = sum(
            not (request.status and request.status.keeps_bot_off)
            for _title, request, _record in entries)
        self._check_journal(entries)
        self._put_links_right()
        for title, request, record in self._queue.in_turn(entries):
            if self._context.stop.reason:
                break
            if record is None and self._adopted >= _MOST_NEW:
                continue
            self._treat(title, request, record)
        for obstacles in self._replies.for_operator:
            self._fail('Requests wait for the operator: '
                       + ' '.join(map(with_remedy, obstacles)))
        show_open_requests(self._context, self._queue,
                           has_changed=bool(self.treated))

    def _put_links_right(self) -> None:
        """Have links open the sections of requests where they are now."""
        store = self._context.store
        summary = message(self._context.reply_text.language,
                          'summary-sections')
        for title in self._queue.shifted():
            if self._context.simulate or self._context.stop.asked():
                return
            try:
                if store.may_edit(title):
                    store.put_links_right(title, summary)
            except ImportbotError as error:
                self._fail(f'{title}: {error}')

    def _check_journal(
            self,
            entries: Iterable[tuple[str, Request, RequestRow | None]],
            ) -> None:
        """See whether the ids that the bot gave are in this journal.

        :raises UsageError: they are not, so that there is another one
        """
        unknown = {request.id: (title, request)
                   for title, request, record in entries
                   if record is None and _ID.fullmatch(request.id)
                   and not (request.status and request.status.keeps_bot_off)}
        records = self._context.log.records(unknown)
        for id, (title, request) in islice(unknown.items(), _LOOKED_AT):
            if id not in records and self._context.authority.gave_id(title,
                                                                     request):
                raise UsageError(Problem('request-of-other-journal',
                                         page=title, request=id))

    def _treat(self, title: str, request: Request,
               record: RequestRow | None) -> None:
        step = next_step(request, Known(
            Status(record.status), record.fingerprint, record.plan,
            record.ended is not None, record.run is not None)
            if record else None)
        if step is NextStep.WAIT or self._is_put_off(title):
            return
        try:
            if not self._context.store.may_edit(title):
                pywikibot.info(f'{title}: its text keeps bots out; nothing '
                               'is done there')
                return
            if self._context.stop.asked():
                return
            if self._context.simulate:
                self._replies.tell(title, request.id,
                                   f'would be {step.value}')
            elif record is None:
                self._adopted += 1
                self._adopt(title, request)
            else:
                self._do(step, TrackedRequest(title, request, record))
            self.treated += 1
        except PreflightError as error:
            self._wait(title, request, record, error)
        except ImportbotError as error:
            self._fail(f'{title}, request {request.id}: {error}')
        except Exception:
            # One request that nobody thought of keeps no other one out.
            pywikibot.exception(f'{title}, request {request.id}')
            self.failed += 1

    def _wait(self, title: str, request: Request, record: RequestRow | None,
              error: PreflightError) -> None:
        """Have what was agreed to wait until the bot may do it."""
        if record is None:
            self._replies.tell_operator(error.problems)
            return
        try:
            self._replies.wait_for_operator(
                TrackedRequest(title, request, record), error.problems)
        except ImportbotError as other:
            self._fail(f'{title}, request {request.id}: {other}')

    def _is_put_off(self, title: str) -> bool:
        """Whether the next pass goes on with a page; say so once."""
        if not self._context.store.is_slow(title):
            return False
        if title not in self._put_off:
            self._put_off.add(title)
            pywikibot.warning(printable(
                f'{title}: its edits take the wiki very long; the next pass '
                'continues with it. Have it put right, or archived'))
        return True

    def _fail(self, sentence: str) -> None:
        self.failed += 1
        pywikibot.error('\n'.join(map(printable, sentence.splitlines())))

    def _adopt(self, title: str, request: Request) -> None:
        """Give a request an id and plan it."""
        if request.broken:
            self._replies.answer_broken(title, request)
            return
        # A pass that died may have written an id down but not on the page.
        unseen = next((former for former in self._context.log.unseen(
            title, request.fingerprint)
            if former.id not in self._queue.ids), None)
        self._importer.plan(TrackedRequest(title, request, RequestRow(
            unseen.id if unseen else secrets.token_hex(6),
            self._context.wiki.api, title, Status.NEW.value,
            request.fingerprint, now(),
            planned=unseen.planned if unseen else None), is_new=True))

    def _do(self, step: NextStep, tracked: TrackedRequest) -> None:
        if step is NextStep.PLAN:
            self._importer.plan(tracked, *(
                [self._context.reply_text.say('request-edited')]
                if tracked.is_edited and tracked.record.plan else ()))
        elif step is NextStep.IMPORT:
            self._importer.import_approved(tracked)
        elif step is NextStep.GO_ON:
            self._importer.go_on(tracked)
        elif step is NextStep.RETRY:
            self._try_again(tracked)
        elif step is NextStep.UNDO:
            self._undoer.plan(tracked)
        elif step is NextStep.UNDO_APPROVED:
            self._undoer.undo_approved(tracked)
        else:
            self._say_ended(tracked)

    def _try_again(self, tracked: TrackedRequest) -> None:
        """Plan a request that waited for the operator, if it can be."""
        context = self._context
        obstacles = context.planner.obstacles(parse_spec(
            tracked.request, context.configuration, context.access.interwiki,
            context.siteinfo), context.siteinfo, context.access)
        if obstacles:
            self._replies.tell_operator(obstacles)
        else:
            self._importer.plan(tracked)

    def _say_ended(self, tracked: TrackedRequest) -> None:
        """Say that an id that ended is never run again."""
        words = Vocabulary(tracked.request.words)
        self._replies.answer(tracked, Status.QUESTION, [
            self._context.reply_text.say(
                'request-ended', id=tracked.record.id,
                id_name=words.shown('id'), plan_name=words.shown('plan'),
                status=words.shown_status(Status.NEW.value))],
            'ended', keeps=True)
