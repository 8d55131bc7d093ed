"""Plan requests and show the plans, or say why there is none."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from importbot.i18n import interface_language, message
from importbot.journal.journal import now
from importbot.model.decisions import Decision, Relation, Role
from importbot.model.plan import Plan
from importbot.planning.saved import SavedPlan
from importbot.reports.terminal.plan import plan_table, show, summary_line
from importbot.reports.wikitext.diffs import replaced_diffs
from importbot.requestpages.passes.context import Office
from importbot.requestpages.passes.queue import Docket
from importbot.requestpages.passes.replies import Secretary
from importbot.requestpages.passes.reply_text import MOST_SHOWN
from importbot.requestpages.passes.second_look import SecondLook, second_look
from importbot.requestpages.passes.spec import read_wanted
from importbot.requestpages.passes.tracked import Case, ReadyCase
from importbot.requestpages.status import Status
from importbot.requestpages.who.approval import Agreement, agreement_of
from importbot.requestpages.who.proof import Unproved
from importbot.sources.pair import WikiPair
from importbot.wikis.people import User


__all__ = ('Reviewer', )


class Reviewer:

    """Plans requests and shows the plans to whoever has to agree.

    :param office: what the pass works with
    :param docket: the requests of the pass
    :param secretary: says what is to be said
    """

    def __init__(self, office: Office, docket: Docket,
                 secretary: Secretary) -> None:
        """Initializer."""
        self._office = office
        self._docket = docket
        self._secretary = secretary

    def plan(self, case: Case, lead: Sequence[str] = (),
             seen: SavedPlan | None = None) -> ReadyCase | None:
        """Plan a request, and answer with the plan or with what is wrong.

        :param case: the request
        :param lead: what is to be said first
        :param seen: the plan that people have seen before, to show what is
            not what it was
        :return: the request with its plan, if nobody has to agree to it;
            None if it was answered
        """
        answers = self._office.answers
        case, requester, doubts = self._with_author(case)
        lead = [*lead, *doubts]
        over = self._over_limit(case)
        if over:
            self._secretary.answer(case, Status.QUESTION, [over], 'limit')
            return None
        planned = self._office.planner.plan(
            read_wanted(case.request, self._office.configuration,
                        self._office.access.interwiki,
                        self._office.siteinfo),
            self._secretary.asked(case.title, case.record.id))
        case = case.knowing(planned=now())
        if planned.plan is None or planned.wikis is None:
            self._secretary.answer(
                case, Status.QUESTION, answers.problems(planned.problems),
                f'problems {case.request.fingerprint}')
            return None
        if case.request.unknown:
            lead.append(answers.say('request-unknown', names=', '.join(
                case.request.unknown)[:200]))
        case = case.knowing(plan=planned.plan.id,
                            saved_plan=planned.plan.as_json())
        look = SecondLook()
        if seen:
            look = second_look(seen, planned.plan, planned.wikis, answers)
            lead += [*self._changes(seen.data.get('pages', ()),
                                    planned.plan), *look.lines]
        return self._show(case, planned.plan, planned.wikis, requester, lead,
                          [*look.diffs, *replaced_diffs(
                              planned.plan.pages, planned.wikis,
                              answers.language)])

    def _with_author(self, case: Case,
                     ) -> tuple[Case, User | None, list[str]]:
        """Return the case with who asks for it, and what is not proved."""
        answers, record = self._office.answers, case.record
        author, asks = self._office.authority.author(
            case.title, case.request,
            0 if case.is_edited else record.author_id)
        doubts = []
        if isinstance(author, Unproved):
            doubts.append(answers.unproved('request-unproved-author',
                                           author))
        elif author:
            record = replace(record, author=author.user,
                             author_id=author.user_id)
        people = self._office.people.users([record.author_id] if asks
                                           else [])
        if case.is_edited:
            # A plan for another wish is none for this one.
            record = replace(record, plan='', saved_plan=None,
                             fingerprint=case.request.fingerprint)
        return (replace(case, record=record), people.get(record.author_id),
                doubts)

    def _over_limit(self, case: Case) -> str:
        """Return what to say to somebody who has asked for enough today."""
        limit, record = self._office.configuration.limits.peruser, case.record
        # Who cannot be proved has one share with all who cannot.
        if (not limit or record.planned
                or self._office.log.planned_today(record.author) < limit):
            return ''
        return self._office.answers.say(
            'request-limit-user', user=record.author
            or self._office.answers.say('request-nobody'), limit=limit,
            status=self._secretary.word(Status.NEW))

    def _show(self, case: Case, plan: Plan, wikis: WikiPair,
              requester: User | None, lead: Sequence[str],
              diffs: Sequence[str]) -> ReadyCase | None:
        if not plan.has_work or all(
                page.decision in (Decision.HOLD, Decision.REFUSE)
                for page in plan.pages if page.role is Role.REQUESTED):
            self._say_nothing_to_do(case, plan, lead)
            return None
        agreement = self._agreement(plan, requester)
        alone = self._agreement(plan, None)
        if (requester and agreement != alone
                and not self._office.authority.is_first(
                    case.title, case.request, requester.id)):
            # Others wrote it first, so it is nobody's wish by itself.
            agreement = alone
            lead = [*lead, self._office.answers.unproved(
                'request-unproved-author', Unproved('restored'))]
        if agreement.is_needed:
            self._ask(case, plan, agreement, lead, diffs)
            return None
        case = case.knowing(approver='', approver_id=0, approvers=())
        return None if self.is_full(case) else ReadyCase(case, plan, wikis)

    def _agreement(self, plan: Plan, requester: User | None) -> Agreement:
        return agreement_of(
            plan, requester, self._office.configuration,
            self._office.siteinfo, self._office.access.now)

    def _say_nothing_to_do(self, case: Case, plan: Plan,
                           lead: Sequence[str]) -> None:
        answers = self._office.answers
        identical = all(page.relation is Relation.IDENTICAL
                        for page in plan.pages
                        if page.role is Role.REQUESTED)
        self._secretary.answer(
            case, Status.DONE if identical else Status.QUESTION,
            answers.plan(plan, [answers.say(
                'request-identical' if identical else 'request-nothing'),
                *lead]), f'nothing {plan.id}', is_end=identical)

    def _ask(self, case: Case, plan: Plan, agreement: Agreement,
             lead: Sequence[str], diffs: Sequence[str]) -> None:
        """Show a plan to those who have to agree."""
        answers = self._office.answers
        lead = [answers.say(
            'request-approve', groups=', '.join(agreement.approvers),
            status=self._secretary.word(Status.APPROVED)), *lead,
            *self._same_pages(case, plan)]
        subpage = self._secretary.subpage(case.title, case.record.id, plan)
        self._secretary.answer(
            case.knowing(approvers=agreement.approvers, approver='',
                         approver_id=0, approved_revision=None),
            Status.REVIEW,
            answers.plan(plan, lead, subpage, diffs), f'plan {plan.id}')
        show(plan_table(plan, interface_language()))
        self._secretary.tell(case.title, case.record.id, summary_line(plan))

    def _same_pages(self, case: Case, plan: Plan) -> list[str]:
        """Return which other requests would bring the same pages."""
        ours = {page.target for page in plan.pages
                if page.steps and page.role is Role.REQUESTED}
        found = []
        for other in self._office.log.records(
                self._docket.open_ids - {case.record.id}).values():
            if other.ended:
                continue  # what waits there is its undo
            theirs = {page['target'] for page
                      in (other.saved_plan or {}).get('pages', ())
                      if page['steps']
                      and page['role'] == Role.REQUESTED.value}
            found += [self._office.answers.say(
                'request-also', id=other.id, page=title)
                for title in sorted(ours & theirs)]
        return found[:MOST_SHOWN]

    def is_full(self, case: Case) -> bool:
        """Return whether the pages of a day are used up; say so once.

        :param case: the request, with its plan
        """
        limit = self._office.configuration.limits.perday
        pages = sum(bool(page['steps']) for page
                    in (case.record.saved_plan or {}).get('pages', ()))
        if not limit or self._office.log.changed_today() + pages <= limit:
            return False
        self._secretary.answer(
            case, case.request.status or Status.NEW,
            [self._office.answers.say('request-limit-day', limit=limit)],
            'day', keeps=True)
        return True

    def _changes(self, before: Sequence[Mapping[str, Any]],
                plan: Plan) -> list[str]:
        """Return what of a plan is not what it was, page by page.

        :param before: pages of the plan that was shown, as JSON has them
        :param plan: the plan by now
        """
        language = self._office.answers.language

        def gist(page: Mapping[str, Any]) -> str:
            return ', '.join((
                message(language, f'decision-{page["decision"]}'),
                message(language, f'reason-{page["reason"]}'),
                *(name for step in page['steps']
                  for name in step.get('post', ()))))

        old = {page['title']: gist(page) for page in before}
        new = {page.title: gist(page.as_json()) for page in plan.pages}
        return [self._office.answers.say(
            'request-change', page=title, before=old.get(title, '–'),
            after=new.get(title, '–'))
            for title in sorted(old.keys() | new.keys())
            if old.get(title) != new.get(title)][:MOST_SHOWN]
