"""Work through the requests of a wiki, each by what is to be done next.

The way of a request::

    wikitext ──► Request ──► Wanted ──► plan ──► answer
                    │                    │
                    └── proof: who ──────┴── rules: who has to agree

What is approved is kept in the journal; the wiki is only ever asked who
wanted what. What is about to be written is in the journal before, so that
a crash at any moment is no second answer.
"""
from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pywikibot

from importbot.flows.planfiles import SavedPlan
from importbot.flows.requestlog import RequestRecord, now
from importbot.flows.takeover import take_over
from importbot.flows.wikipair import WikiPair
from importbot.i18n import interface_language, message
from importbot.model.errors import EditError, ImportbotError
from importbot.model.plans import Plan, Report
from importbot.model.text import printable
from importbot.model.words import Relation, Role
from importbot.reports.escape import link
from importbot.reports.terminal import plan_table, show, summary_line
from importbot.requestpages.answers import (
    MOST_FOLDED,
    MOST_SHOWN,
    summed_up,
)
from importbot.requestpages.board import BoardPage
from importbot.requestpages.edits import Change, anchor
from importbot.requestpages.importing import (
    end_of,
    is_finished,
    report_of,
    resumed_run,
    run_plan,
)
from importbot.requestpages.office import Office
from importbot.requestpages.proof import Unproved
from importbot.requestpages.reader import TooLargeError
from importbot.requestpages.request import Request
from importbot.requestpages.rules import agreement_of, may_approve
from importbot.requestpages.step import Known, NextStep, next_step
from importbot.requestpages.wanted import read_wanted
from importbot.requestpages.words import Status
from importbot.wikis.people import User


__all__ = ('Clerk', )

#: Answers after which people had better talk to each other.
_MOST_ANSWERS = 30
#: How often an edited request is looked at anew.
_TRIES = 3


class Clerk:

    """One pass over the request pages.

    :param office: what it works with
    """

    def __init__(self, office: Office) -> None:
        """Initializer."""
        self._office = office
        self._titles = {
            office.siteinfo.text(title)
            for page in office.configuration.pages
            if (title := office.siteinfo.title(f':{page}'))}
        #: Requests that could not be treated.
        self.failed = 0
        #: Requests that were treated.
        self.treated = 0
        #: Ids that stand on the pages, and those of open requests.
        self._ids: set[str] = set()
        self._open_ids: set[str] = set()

    def work(self) -> None:
        """Treat what is to be treated, until somebody says stop."""
        found: list[tuple[BoardPage, list[Request]]] = []
        for title, page in self._office.pages.items():
            if page is None or page.text is None or page.is_redirect:
                self._fail(f'{title}: there is no such request page, or it '
                           'leads elsewhere; put the configuration right')
                continue
            try:
                requests = self._office.board.reader.requests(page.text)
            except TooLargeError as error:
                self._fail(f'{title}: {error}; have it archived')
                continue
            found.append((page, [request for request in requests if not (
                request.broken and f'id="{_broken_mark(request)}"'
                in page.text)]))
            self._ids |= {request.id for request in requests}
            self._open_ids |= {
                request.id for request in requests if request.id and not (
                    request.status and request.status.keeps_bot_off)}
        for page, requests in found:
            for request, record in self._with_records(page.title, requests):
                if self._office.stop.reason:
                    return
                self._treat(page.title, request, record)

    def _with_records(self, title: str, requests: Sequence[Request],
                      ) -> Iterator[tuple[Request, RequestRecord | None]]:
        """Yield requests with what is known of them, work begun first.

        Of copies only the one that is as it was is known; none of those
        on another request page, but a page may have been moved.
        """
        records = self._office.log.records(
            request.id for request in requests if request.id)
        first: dict[str, Request] = {}
        for request in requests:
            record = records.get(request.id)
            if record and (record.page == title
                           or record.page not in self._titles) and (
                    request.id not in first
                    or first[request.id].fingerprint != record.fingerprint
                    and request.fingerprint == record.fingerprint):
                first[request.id] = request
        known = [(request, replace(records[request.id], page=title)
                  if first.get(request.id) is request else None)
                 for request in requests]
        yield from sorted(known, key=lambda pair: (
            pair[1] is None or pair[1].status != Status.IMPORTING.value))

    def _treat(self, title: str, request: Request,
               record: RequestRecord | None) -> None:
        step = next_step(request, Known(
            Status(record.status), record.fingerprint, record.plan,
            record.ended is not None, record.run is not None)
            if record else None)
        if step is NextStep.WAIT:
            return
        try:
            if not self._office.board.may_edit(title):
                pywikibot.info(f'{title}: its text keeps bots out; nothing '
                               'is done there')
                return
            if self._office.stop.asked():
                return
            if pywikibot.config.simulate:
                self._say(title, request.id, f'{step.value}, if this were '
                          'no simulation')
            else:
                self._STEPS[step](self, title, request, record)
            self.treated += 1
        except ImportbotError as error:
            self._fail(f'{title}, request {request.id}: {error}')

    def _fail(self, sentence: str) -> None:
        self.failed += 1
        pywikibot.error('\n'.join(map(printable, sentence.splitlines())))

    def _say(self, title: str, id: str, what: str) -> None:
        pywikibot.info(printable(f'{title}, request {id or "(new)"}: {what}'))

    # Planning

    def _adopt(self, title: str, request: Request,
               _record: RequestRecord | None) -> None:
        if request.broken:
            self._answer_broken(title, request)
            return
        # A pass that died may have written an id down but not on the page.
        record = next((known for known in self._office.log.unseen(
            title, request.fingerprint) if known.id not in self._ids), None)
        self._plan(title, request, RequestRecord(
            record.id if record else secrets.token_hex(4),
            self._office.wiki.api, title, Status.NEW.value,
            request.fingerprint, now(),
            planned=record.planned if record else None), is_new=True)

    def _answer_broken(self, title: str, request: Request) -> None:
        """Answer what cannot be read, once."""
        mark, answers = _broken_mark(request), self._office.answers
        self._office.board.change(title, Change(
            request, answer=answers.block(mark, answers.problems(
                read_wanted(request, self._office.configuration, {},
                            self._office.siteinfo).problems)),
            mark=mark), self._summary(title, '', Status.QUESTION))
        self._say(title, '', request.broken)

    def _plan(self, title: str, request: Request, record: RequestRecord,
              lead: Sequence[str] = (), is_new: bool = False) -> None:
        """Plan a request and answer; import at once if nobody must agree.
        """
        office, answers = self._office, self._office.answers
        is_edited = request.fingerprint != record.fingerprint
        author, asks = office.authority.author(
            title, request, 0 if is_edited else record.author_id)
        lead = list(lead)
        if isinstance(author, Unproved):
            lead.append(answers.say('request-unproved-author', reason=message(
                answers.language, f'unproved-{author.why}')))
        elif author:
            record = replace(record, author=author.user,
                             author_id=author.user_id)
        requester = self._user(record.author_id) if asks else None
        record = replace(record, fingerprint=request.fingerprint)
        over = self._over_limit(record)
        planned = over is None and office.planner.plan(
            read_wanted(request, office.configuration,
                        office.access.interwiki, office.siteinfo),
            self._asked(title, record.id))
        if planned:
            record = replace(record, planned=now())
        else:
            assert over is not None
            self._answer(title, request, record, Status.QUESTION, [over],
                         'limit', is_new=is_new)
            return
        if planned.plan is None or planned.wikis is None:
            self._answer(title, request, record, Status.QUESTION,
                         answers.problems(planned.problems),
                         f'problems {request.fingerprint}', is_new=is_new)
        else:
            if request.unknown:
                lead.append(answers.say('request-unknown', names=', '.join(
                    request.unknown)[:200]))
            self._show(title, request, replace(
                record, plan=planned.plan.id,
                saved_plan=planned.plan.as_json()), planned.plan,
                planned.wikis, requester, lead, is_new)

    def _user(self, number: int) -> User | None:
        return self._office.people.users([number]).get(number)

    def _over_limit(self, record: RequestRecord) -> str | None:
        """Return what to say to somebody who has asked for enough today."""
        limit = self._office.configuration.limits.peruser
        if (not limit or not record.author or record.planned
                or self._office.log.planned_today(record.author) < limit):
            return None
        return self._office.answers.say(
            'request-limit-user', user=record.author, limit=limit,
            status=self._word(Status.NEW))

    def _show(self, title: str, request: Request, record: RequestRecord,
              plan: Plan, wikis: WikiPair, requester: User | None,
              lead: Sequence[str], is_new: bool) -> None:
        """Answer with a plan, or carry it out if nobody has to agree."""
        answers = self._office.answers
        if not plan.has_work:
            identical = all(page.relation is Relation.IDENTICAL
                            for page in plan.pages
                            if page.role is Role.REQUESTED)
            self._answer(
                title, request, record,
                Status.DONE if identical else Status.QUESTION,
                answers.plan(plan, [answers.say(
                    'request-identical' if identical else 'request-nothing'),
                    *lead]), f'nothing {plan.id}', is_new=is_new,
                is_end=identical)
            return
        agreement = agreement_of(plan, requester, self._office.configuration,
                                 self._office.siteinfo,
                                 self._office.access.now)
        if not agreement.is_needed:
            record = replace(record, approver='', approver_id=0,
                             approvers=())
            if not self._is_full(title, request, record, is_new):
                self._announce(title, request, record, plan, wikis, is_new)
            return
        lead = [answers.say(
            'request-approve', groups=', '.join(agreement.approvers),
            status=self._word(Status.APPROVED)), *lead,
            *self._same_pages(record, plan)]
        subpage = self._subpage(title, record.id, plan)
        self._answer(
            title, request, replace(record, approvers=agreement.approvers),
            Status.REVIEW, answers.plan(plan, lead, subpage),
            f'plan {plan.id}', is_new=is_new)
        show(plan_table(plan, interface_language()))
        self._say(title, record.id, summary_line(plan))

    def _same_pages(self, record: RequestRecord, plan: Plan) -> list[str]:
        """Return which other requests would bring the same pages."""
        ours = {page.target for page in plan.pages
                if page.steps and page.role is Role.REQUESTED}
        found = []
        for other in self._office.log.records(
                self._open_ids - {record.id}).values():
            theirs = {page['target'] for page
                      in (other.saved_plan or {}).get('pages', ())
                      if page['steps']
                      and page['role'] == Role.REQUESTED.value}
            found += [self._office.answers.say(
                'request-also', id=other.id, page=title)
                for title in sorted(ours & theirs)]
        return found[:MOST_SHOWN]

    def _subpage(self, title: str, id: str, plan: Plan,
                 report: Report | None = None) -> str:
        """Write the whole table where a request page could not bear it."""
        if len(plan.pages) <= MOST_SHOWN + MOST_FOLDED:
            return ''
        subpage = f'{title}/{id}'
        # Where somebody else has written it, all of it goes on the page.
        return subpage if self._office.board.put(
            subpage, self._office.answers.whole_table(plan, report),
            self._asked(title, id)) else ''

    # Importing

    def _import(self, title: str, request: Request,
                record: RequestRecord | None) -> None:
        """Look who approved a request, and import what was approved."""
        assert record is not None, 'it was planned'
        if not record.approvers:
            self._plan_again(title, request, record)
            return
        answers = self._office.answers
        proof = self._office.authority.approver(title, request)
        if isinstance(proof, Unproved):
            self._answer(title, request, record, Status.REVIEW, [answers.say(
                'request-unproved-approver', reason=message(
                    answers.language, f'unproved-{proof.why}'))],
                f'unproved {proof.why}')
            return
        approver = self._user(proof.user_id)
        if not may_approve(approver, record.approvers):
            self._not_allowed(title, request, record, proof.user)
            return
        self._import_approved(title, request, replace(
            record, approver=proof.user, approver_id=proof.user_id,
            approved_revision=proof.revision))

    def _not_allowed(self, title: str, request: Request,
                     record: RequestRecord, user: str) -> None:
        groups = record.approvers or self._office.configuration.groups
        self._answer(
            title, request, replace(
                record, approver='', approver_id=0, approved_revision=None,
                approvers=tuple(groups)), Status.REVIEW,
            [self._office.answers.say(
                'request-not-allowed', user=user or self._office.answers.say(
                    'request-nobody'), groups=', '.join(groups))],
            f'not allowed {user}'[:64])

    def _import_approved(self, title: str, request: Request,
                         record: RequestRecord) -> None:
        """Import a plan of the journal if it still is the same."""
        office = self._office
        saved = SavedPlan(f'request {record.id}', record.saved_plan or {})
        if self._is_full(title, request, record):
            return
        wikis = office.planner.connect(saved.prefix, saved.policy)
        take_over(office.journal, wikis, office.server_limit)
        plan = office.planner.again(saved, wikis)
        if plan.id != record.plan:
            self._plan(title, request, record, [
                office.answers.say('request-changed'),
                *self._changes(saved.data['pages'], plan)])
            return
        self._announce(title, request, record, plan, wikis)

    def _is_full(self, title: str, request: Request,
                 record: RequestRecord, is_new: bool = False) -> bool:
        """Whether the pages of a day are used up; say so once."""
        limit = self._office.configuration.limits.perday
        pages = sum(bool(page['steps']) for page
                    in (record.saved_plan or {}).get('pages', ()))
        if not limit or self._office.log.changed_today() + pages <= limit:
            return False
        if record.answer != 'day':
            self._answer(title, request, record, request.status
                         or Status.NEW, [self._office.answers.say(
                             'request-limit-day', limit=limit)], 'day',
                         is_new=is_new, keeps=True)
        return True

    def _changes(self, before: Sequence[Mapping[str, Any]],
                 plan: Plan) -> list[str]:
        """Return what is not what it was, page by page."""
        language = self._office.answers.language

        def gist(decision: str, reason: str) -> str:
            return (message(language, f'decision-{decision}') + ', '
                    + message(language, f'reason-{reason}'))

        old = {page['title']: gist(page['decision'], page['reason'])
               for page in before}
        new = {page.title: gist(page.decision.value, page.reason.value)
               for page in plan.pages}
        return [self._office.answers.say(
            'request-change', page=title, before=old.get(title, '–'),
            after=new.get(title, '–'))
            for title in sorted(old.keys() | new.keys())
            if old.get(title) != new.get(title)][:MOST_SHOWN]

    def _announce(self, title: str, request: Request, record: RequestRecord,
                  plan: Plan, wikis: WikiPair, is_new: bool = False) -> None:
        """Let people see that the import begins, then begin."""
        record = replace(record, status=Status.IMPORTING.value)
        self._office.log.save(record)
        self._ids.add(record.id)
        self._open_ids.add(record.id)
        change = Change(request, Status.IMPORTING, record.id, plan.id)
        if not self._office.board.change(title, change, self._summary(
                title, record.id, Status.IMPORTING)):
            self._withdraw(title, record, is_new)
            return
        # The wiki may have merged our edit with somebody else's.
        standing = self._standing(title, record)
        if standing is None or standing.status is not Status.IMPORTING:
            self._withdraw(title, record)
        elif standing.fingerprint != record.fingerprint:
            self._plan(title, standing, record, [
                self._office.answers.say('request-edited')])
        elif not self._still_agreed(record, plan):
            self._not_allowed(title, standing, record, record.approver
                              or record.author)
        elif not self._office.stop.asked():
            self._run(title, record, plan, wikis)

    def _withdraw(self, title: str, record: RequestRecord,
                  is_new: bool = False) -> None:
        """Forget that an import was to begin; nothing of it was sent."""
        if is_new:
            self._office.log.forget(record.id)
        else:
            self._office.log.save(replace(record,
                                          status=Status.REVIEW.value))
        self._say(title, record.id, 'it was edited; the next pass looks '
                  'at it again')

    def _standing(self, title: str,
                  record: RequestRecord) -> Request | None:
        """Return a request as it stands on its page now."""
        page = self._office.board.read(title)
        requests = self._office.board.reader.requests(page.text or '')
        return next((found for found, known in self._with_records(
            title, requests) if known and known.id == record.id), None)

    def _still_agreed(self, record: RequestRecord, plan: Plan) -> bool:
        """Whether who agreed may do so at this moment."""
        office = self._office
        people = office.people.users([record.author_id, record.approver_id])
        agreement = agreement_of(
            plan, people.get(record.author_id) if not record.approver_id
            else None, office.configuration, office.siteinfo,
            office.access.now)
        if not record.approver_id:
            return not agreement.is_needed
        return may_approve(people.get(record.approver_id), record.approvers)

    def _run(self, title: str, record: RequestRecord, plan: Plan,
             wikis: WikiPair) -> None:
        office = self._office
        runs: list[int] = []

        def begun(run: int) -> None:
            runs.append(run)
            office.log.save(replace(record, run=run))

        resumed = (resumed_run(office.journal, wikis, record.run)
                   if record.run is not None else None)
        run_plan(resumed.plan if resumed else plan, wikis, office.journal,
                 office.stop, office.server_limit, begun, resumed)
        record = replace(record, run=runs[0])
        if is_finished(office.journal, runs[0]):
            self._finish(title, record)
            return
        left = f'run {runs[0]} is not at its end; the next pass goes on'
        if office.stop.reason:
            self._say(title, record.id, left)
        else:
            self._fail(f'{title}, request {record.id}: {left}')

    def _go_on(self, title: str, request: Request,
               record: RequestRecord | None) -> None:
        """Go on with an import that was cut, or say what became of it."""
        assert record is not None, 'it was begun'
        office = self._office
        edited = request.fingerprint != record.fingerprint
        if record.run is None:
            if edited:
                self._plan(title, request, record,
                           [office.answers.say('request-edited')])
            elif not office.authority.is_by_bot(title, request):
                self._plan(title, request, record)
            else:
                self._import_approved(title, request, record)
        elif is_finished(office.journal, record.run):
            self._finish(title, record)
        else:
            self._resume(title, record, record.run, edited)

    def _resume(self, title: str, record: RequestRecord, run: int,
                edited: bool) -> None:
        """Go on with a run that was cut, if it is still wanted so."""
        office, why = self._office, ''
        saved = SavedPlan(f'request {record.id}', record.saved_plan or {})
        wikis = office.planner.connect(saved.prefix, saved.policy)
        take_over(office.journal, wikis, office.server_limit)
        plan = resumed_run(office.journal, wikis, run).plan
        if edited:
            why = office.answers.say('request-stopped-edit')
        elif not self._still_agreed(record, plan):
            why = office.answers.say(
                'request-not-allowed', user=record.approver or record.author,
                groups=', '.join(record.approvers))
        if why:
            # Nobody is to go on with it by -resume either.
            office.journal.end_run(run, 'finished')
            self._finish(title, record, [why])
        else:
            self._run(title, record, plan, wikis)

    def _finish(self, title: str, record: RequestRecord,
                lead: Sequence[str] = ()) -> None:
        """Answer with what became of a run, and end the request."""
        office, answers = self._office, self._office.answers
        report = report_of(record, office.journal, office.wiki)
        status = end_of(report)
        mark = anchor(record.id, 'run', record.run)
        answer = ''
        # Whoever edits the request now does not lose its end by that.
        for _try in range(_TRIES):
            standing = self._standing(title, record)
            if standing is None:
                break
            answer = answer or answers.block(mark, [
                *lead, *answers.result(
                    report, self._newest(report),
                    self._subpage(title, record.id, report.plan, report))],
                status)
            if office.board.change(title, Change(
                    standing, status, record.id, record.plan, answer, mark),
                    self._summary(title, record.id, status)):
                break
        else:
            raise EditError('it is edited all the time; the next pass says '
                            'what became of it')
        self._write_log(title, record, report)
        if standing is not None:
            office.log.save(replace(record, status=status.value,
                                    ended=now()))
        show(plan_table(report.plan, interface_language(), report.results))
        self._say(title, record.id, summary_line(report.plan, report))

    def _newest(self, report: Report) -> dict[str, int]:
        """Return the newest revisions of the requested pages here."""
        targets = [page.target for page in report.plan.pages
                   if page.role is Role.REQUESTED and page.steps]
        return {title: read.newest.id for title, read
                in self._office.wiki.pages(targets).items() if read.newest}

    def _write_log(self, title: str, record: RequestRecord,
                   report: Report) -> None:
        log = self._office.configuration.log
        if not log:
            return
        answers = self._office.answers
        # A new journal counts its runs from one again.
        mark = anchor('run', record.run, record.plan[:8])
        line = message(
            answers.language, 'request-log-line',
            request=self._link(title, record.id),
            user=link(f'User:{record.author}', record.author)
            if record.author else answers.say('request-nobody'),
            run=record.run, **summed_up(report))
        self._office.board.append(
            log, f'* <span id="{mark}"></span>{line} ~~~~~', mark,
            message(answers.language, 'summary-log',
                    link=self._link(title, record.id)))

    # Ends

    def _ended(self, title: str, request: Request,
               record: RequestRecord | None) -> None:
        """Say that an id that ended is never run again."""
        assert record is not None, 'it ended'
        answers = self._office.answers
        self._answer(title, request, record, Status.QUESTION, [answers.say(
            'request-ended', id=record.id, status=self._word(Status.NEW))],
            'ended', keeps=True)

    def _undo(self, title: str, request: Request,
              record: RequestRecord | None) -> None:
        """Say by hand how a run is undone."""
        assert record is not None, 'it ended'
        answers = self._office.answers
        lines = [answers.say('request-undo', run=record.run)]
        if record.run is not None:
            report = report_of(record, self._office.journal,
                               self._office.wiki)
            lines += answers.result(report, self._newest(report))
        self._answer(title, request, record, Status.MANUAL, lines, 'undo',
                     keeps=True)

    def _answer(self, title: str, request: Request, record: RequestRecord,
                status: Status, lines: Sequence[str], about: str, *,
                is_new: bool = False, is_end: bool = False,
                keeps: bool = False) -> None:
        """Write down what is to be said, say it, then write down that.

        A pass that dies in between is found out by the state alone: the
        next one says the same under the same mark.

        :param title: full title of the request page
        :param request: as it stands there
        :param record: what is known of it now
        :param status: its next state
        :param lines: wikitext of the answer
        :param about: what it says; it is not said twice in a row
        :param is_new: whether it gets its id now
        :param is_end: whether it comes to its end
        :param keeps: whether the journal keeps the state that it has
        """
        again = record.answer == about
        if record.answers >= _MOST_ANSWERS and not record.ended:
            status, lines, again = Status.MANUAL, [], True
        record = replace(record, answer=about,
                         answers=record.answers + (not again))
        self._office.log.save(record)
        mark = anchor(record.id, record.answers)
        answer = self._office.answers.block(
            mark, lines, status if is_end else None) if lines else ''
        if self._office.board.change(title, Change(
                request, status, record.id,
                '' if record.ended else record.plan, answer, mark, again),
                self._summary(title, record.id, status)):
            self._office.log.save(replace(
                record, status=record.status if keeps else status.value,
                ended=now() if is_end else record.ended))
            self._ids.add(record.id)
            self._open_ids.add(record.id)
            self._say(title, record.id, status.value)
        elif is_new:
            self._office.log.forget(record.id)

    def _word(self, status: Status) -> str:
        """Return what the wiki's template calls a state."""
        words = self._office.configuration.templates[0]
        return words.statuses.get(status.value, [status.value])[0]

    def _link(self, title: str, id: str) -> str:
        return (f'[[{title}#{anchor(id)}|{id}]]' if id else f'[[{title}]]')

    def _summary(self, title: str, id: str, status: Status) -> str:
        language = self._office.answers.language
        return message(language, 'summary-request',
                       link=self._link(title, id),
                       status=message(language, f'status-{status.value}'))

    def _asked(self, title: str, id: str) -> str:
        return message(self._office.answers.language, 'summary-asked',
                       link=self._link(title, id))

    def _plan_again(self, title: str, request: Request,
                    record: RequestRecord | None) -> None:
        assert record is not None, 'it was planned'
        edited = request.fingerprint != record.fingerprint
        self._plan(title, request, record, [
            self._office.answers.say('request-edited')] if edited else [])

    _STEPS = {NextStep.ADOPT: _adopt, NextStep.PLAN: _plan_again,
              NextStep.IMPORT: _import,
              NextStep.GO_ON: _go_on, NextStep.ENDED: _ended,
              NextStep.UNDO: _undo}


def _broken_mark(request: Request) -> str:
    """Return the anchor of the answer to what cannot be read."""
    return anchor('broken', request.fingerprint[:8])
