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

from importbot.journal.journal import now
from importbot.journal.requests import RequestRecord
from importbot.model.errors import ImportbotError, UsageError
from importbot.model.printable import printable
from importbot.requestpages.page.request import Request
from importbot.requestpages.passes.apply import RequestImporter
from importbot.requestpages.passes.context import Office
from importbot.requestpages.passes.propose import Reviewer
from importbot.requestpages.passes.queue import Docket
from importbot.requestpages.passes.replies import Secretary
from importbot.requestpages.passes.tracked import Case
from importbot.requestpages.passes.transition import Known, NextStep, next_step
from importbot.requestpages.passes.undo import RequestUndoer
from importbot.requestpages.status import Status


__all__ = ('Clerk', )

#: New requests of one pass; the next one takes up others.
_MOST_NEW = 50
#: Ids that are looked up in the history of their page.
_LOOKED_AT = 20
#: As the bot gives it.
_ID = re.compile('[0-9a-f]{12}')


class Clerk:

    """One pass over the request pages.

    :param office: what it works with
    :ivar failed: number of requests and pages that could not be treated
    :ivar treated: number of requests that were treated
    """

    def __init__(self, office: Office) -> None:
        """Initializer."""
        self._office = office
        self._docket = Docket(office)
        self._secretary = Secretary(office, self._docket)
        self._importer = RequestImporter(
            office, self._docket, self._secretary,
            Reviewer(office, self._docket, self._secretary))
        self._undoer = RequestUndoer(office, self._secretary)
        self._adopted = 0
        self._put_off: set[str] = set()
        self.failed = 0
        self.treated = 0

    def work(self) -> None:
        """Treat what is to be treated, until somebody says stop."""
        for problem in self._docket.problems:
            self._fail(problem)
        entries = list(self._docket.entries())
        self._check_journal(entries)
        for title, request, record in self._docket.in_turn(entries):
            if self._office.stop.reason:
                return
            if record is None and self._adopted >= _MOST_NEW:
                continue
            self._treat(title, request, record)

    def _check_journal(self, entries: Iterable[tuple[
            str, Request, RequestRecord | None]]) -> None:
        """See whether the ids that the bot gave are in this journal.

        :raises UsageError: they are not, so that there is another one
        """
        unknown = {request.id: (title, request)
                   for title, request, record in entries
                   if record is None and _ID.fullmatch(request.id)
                   and not (request.status and request.status.keeps_bot_off)}
        known = self._office.log.records(unknown)
        for id, (title, request) in islice(unknown.items(), _LOOKED_AT):
            if id not in known and self._office.authority.gave_id(title,
                                                                  request):
                raise UsageError(
                    f'{title}: the request {id} got its id from this bot, '
                    'and the journal does not know it: another installation '
                    'works there. Stop it or use its journal (-journal); '
                    'where that is lost, take the id out of the request')

    def _treat(self, title: str, request: Request,
               record: RequestRecord | None) -> None:
        step = next_step(request, Known(
            Status(record.status), record.fingerprint, record.plan,
            record.ended is not None, record.run is not None)
            if record else None)
        if step is NextStep.WAIT or self._is_put_off(title):
            return
        try:
            if not self._office.board.may_edit(title):
                pywikibot.info(f'{title}: its text keeps bots out; nothing '
                               'is done there')
                return
            if self._office.stop.asked():
                return
            if pywikibot.config.simulate:
                self._secretary.tell(title, request.id,
                                     f'would be {step.value}')
            elif record is None:
                self._adopted += 1
                self._adopt(title, request)
            else:
                self._do(step, Case(title, request, record))
            self.treated += 1
        except ImportbotError as error:
            self._fail(f'{title}, request {request.id}: {error}')
        except Exception:
            # One request that nobody thought of keeps no other one out.
            pywikibot.exception(f'{title}, request {request.id}')
            self.failed += 1

    def _is_put_off(self, title: str) -> bool:
        """Whether the next pass goes on with a page; say so once."""
        if not self._office.board.is_slow(title):
            return False
        if title not in self._put_off:
            self._put_off.add(title)
            pywikibot.warning(printable(
                f'{title}: its edits take the wiki very long; the next pass '
                'goes on with it. Have it put right, or archived'))
        return True

    def _fail(self, sentence: str) -> None:
        self.failed += 1
        pywikibot.error('\n'.join(map(printable, sentence.splitlines())))

    def _adopt(self, title: str, request: Request) -> None:
        """Give a request an id and plan it."""
        if request.broken:
            self._secretary.answer_broken(title, request)
            return
        # A pass that died may have written an id down but not on the page.
        unseen = next((known for known in self._office.log.unseen(
            title, request.fingerprint)
            if known.id not in self._docket.ids), None)
        self._importer.plan(Case(title, request, RequestRecord(
            unseen.id if unseen else secrets.token_hex(6),
            self._office.wiki.api, title, Status.NEW.value,
            request.fingerprint, now(),
            planned=unseen.planned if unseen else None), is_new=True))

    def _do(self, step: NextStep, case: Case) -> None:
        if step is NextStep.PLAN:
            self._importer.plan(case, *(
                [self._office.answers.say('request-edited')]
                if case.is_edited and case.record.plan else ()))
        elif step is NextStep.IMPORT:
            self._importer.import_approved(case)
        elif step is NextStep.GO_ON:
            self._importer.go_on(case)
        elif step is NextStep.UNDO:
            self._undoer.plan(case)
        elif step is NextStep.UNDO_APPROVED:
            self._undoer.undo_approved(case)
        else:
            self._say_ended(case)

    def _say_ended(self, case: Case) -> None:
        """Say that an id that ended is never run again."""
        self._secretary.answer(case, Status.QUESTION, [
            self._office.answers.say(
                'request-ended', id=case.record.id,
                status=self._secretary.word(Status.NEW))],
            'ended', keeps=True)
