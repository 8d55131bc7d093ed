"""Say things on request pages: written down first, then said, once."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pywikibot

from importbot.journal.journal import now
from importbot.journal.tables import RequestRow
from importbot.model.errors import EditError
from importbot.model.plan import Plan
from importbot.model.printable import printable
from importbot.model.problems import Problem
from importbot.model.report import Report
from importbot.requestpages.page.edits import RequestEdit, anchor
from importbot.requestpages.page.request import Request
from importbot.requestpages.passes.context import PassContext
from importbot.requestpages.passes.public_log import log_run
from importbot.requestpages.passes.queue import RequestQueue, mark_of_broken
from importbot.requestpages.passes.spec import parse_spec
from importbot.requestpages.passes.tracked import TrackedRequest
from importbot.requestpages.status import Status
from importbot.requestpages.words import Vocabulary


__all__ = ('WAITING', 'Replies')

#: Answers after which people had better talk to each other.
_MOST_ANSWERS = 30
#: States in which nobody would look at a request again that is as it was.
WAITING = (Status.REVIEW.value, Status.QUESTION.value)
#: States that requests keep while they wait for the operator.
_KEPT = (Status.APPROVED, Status.IMPORTING, Status.UNDO)
#: How often an edited request is looked at anew.
_TRIES = 3


class Replies:

    """Says things on request pages, and to the operator.

    :ivar ended: how many runs were said to have come to their end
    :ivar for_operator: what the operator has to mend, in the order in
        which it was found
    """

    def __init__(self, context: PassContext, queue: RequestQueue) -> None:
        self._context = context
        self._queue = queue
        self._words = context.reply_text
        self.ended = 0
        self.for_operator: dict[tuple[Problem, ...], None] = {}

    def tell(self, title: str, id: str, what: str) -> None:
        """Say something about a request to the operator.

        :param title: full title of the request page
        :param id: of the request, empty if it has none
        :param what: a sentence
        """
        pywikibot.info(printable(f'{title}, request {id or "(new)"}: {what}'))

    def answer(self, tracked: TrackedRequest, status: Status,
               lines: Sequence[str], about: str, *, is_end: bool = False,
               keeps: bool = False, is_plan: bool = False) -> None:
        """Write down what is to be said, say it, then write down that.

        A pass that dies in between is found out by the state alone, which
        stands on no page by then: the next one says the same under the
        same mark.

        :param status: its next state
        :param lines: wikitext of the answer
        :param about: what it says; it is not said twice in a row
        :param is_end: whether the request comes to its end
        :param keeps: whether the journal keeps the state that it has
        :param is_plan: whether a plan takes the place of earlier ones
        """
        record = tracked.record
        again = record.answer == about
        if record.answers >= _MOST_ANSWERS and not record.ended:
            status, again = Status.MANUAL, False
            lines = [self._words.say('request-enough')]
        record = replace(tracked.record, answer=about,
                         answers=tracked.record.answers + (not again))
        waits = not keeps and record.status in WAITING
        self._context.log.save(replace(record, status=Status.NEW.value)
                               if waits else record)
        mark = anchor(record.id, record.answers)
        ends = is_end or (status.is_end and not keeps)
        answer = self._words.block(
            mark, lines, status if ends else None) if lines else ''
        if self._context.store.change(tracked.title, RequestEdit(
                tracked.request, status, record.id,
                record.plan if status is Status.REVIEW or not record.ended
                else '', answer, mark, again, ends or is_plan),
                self._words.summary(tracked.title, record.id, status)):
            self._context.log.save(replace(
                record, status=record.status if keeps else status.value,
                ended=now() if is_end else record.ended))
            self._queue.add(record.id)
            self.tell(tracked.title, record.id, status.value)
        elif tracked.is_new:
            self._context.log.forget(record.id)

    def tell_operator(self, problems: Sequence[Problem]) -> None:
        """Note what the operator has to mend, to be said once a pass."""
        if problems:
            self.for_operator[tuple(problems)] = None

    def wait_for_operator(self, tracked: TrackedRequest,
                          problems: Sequence[Problem]) -> None:
        """Say once that a request waits until the bot may do it.

        What was approved or begun keeps its state: it goes on by itself.

        :param problems: what the operator of the bot has to mend
        """
        self.tell_operator(problems)
        status = tracked.request.status
        if status not in _KEPT:
            status = None
        self.answer(tracked, status or Status.OPERATOR,
                    [self._words.obstacle(problems[0])],
                    f'operator {problems[0].key}'[:64],
                    keeps=status is not None)

    def answer_broken(self, title: str, request: Request) -> None:
        """Answer what cannot be read.

        :param request: as it stands there
        """
        mark, answers = mark_of_broken(request), self._words
        self._context.store.change(title, RequestEdit(
            request, answer=answers.block(mark, answers.problems(
                parse_spec(request, self._context.configuration, {},
                           self._context.siteinfo).problems)),
            mark=mark), answers.summary(title, '', Status.QUESTION))
        self.tell(title, '', request.broken)

    def announce(self, tracked: TrackedRequest, plan: Plan) -> bool:
        """Let people see that an import begins.

        The plan that was agreed to stays named, if this one only shrank.

        :param tracked: the request, in the state of importing
        :return: whether the request stands so now
        """
        self._context.log.save(tracked.record)
        self._queue.add(tracked.record.id)
        return self._context.store.change(
            tracked.title, RequestEdit(
                tracked.request, Status.IMPORTING, tracked.record.id,
                tracked.record.plan or plan.id),
            self._words.summary(tracked.title, tracked.record.id,
                                Status.IMPORTING))

    def withdraw(self, tracked: TrackedRequest,
                 is_unseen: bool = False) -> None:
        """Forget that an import was to begin; nothing of it was sent.

        :param is_unseen: whether nobody has seen that it was to begin
        """
        if tracked.is_new and is_unseen:
            self._context.log.forget(tracked.record.id)
        else:
            self._context.log.save(replace(tracked.record,
                                           status=Status.REVIEW.value))
        self.tell(tracked.title, tracked.record.id,
                  'it was edited; the next pass looks at it again')

    def end(self, title: str, record: RequestRow, report: Report,
            status: Status, lines: Callable[[], Sequence[str]]) -> None:
        """Say what became of a run, in its request and in the log.

        Whoever edits the request now does not lose its end by that.

        :param record: of the request
        :param report: of its run
        :param status: the state that it ends in
        :param lines: makes the wikitext of the answer
        :raises EditError: it is edited all the time
        """
        mark, answer = anchor(record.id, 'run', record.run), ''
        for _try in range(_TRIES):
            standing = self._queue.standing(title, record)
            if standing is None:
                break
            answer = answer or self._words.block(mark, lines(), status)
            if self._context.store.change(title, RequestEdit(
                    standing, status, record.id, record.plan, answer, mark,
                    folds=True),
                    self._words.summary(title, record.id, status)):
                break
        else:
            raise EditError('it is edited all the time; the next pass says '
                            'what became of it')
        log_run(self._context, title, record, report)
        self.ended += 1
        if standing is not None:
            self._context.log.save(replace(record, status=status.value,
                                           ended=now()))

    def ways(self, tracked: TrackedRequest,
             *statuses: Status) -> list[str]:
        """Return how people set a request that waits to some states.

        :param statuses: the states
        :return: wikitext, a line each
        """
        words = Vocabulary(tracked.request.words)
        return [self._words.way(
            tracked.title, tracked.record.id, status,
            words.shown_status(Status.REVIEW.value),
            words.shown_status(status.value)) for status in statuses]

    def word(self, status: Status) -> str:
        """Return what the wiki's template calls a state."""
        return Vocabulary(self._context.configuration.templates[
            0]).shown_status(status.value)
