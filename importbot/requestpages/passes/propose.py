"""Plan requests and show the plans, or say why there is none."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from importbot.i18n import interface_language, message
from importbot.model.decisions import Decision, Relation, Role
from importbot.model.plan import Plan, PlannedPage
from importbot.planning.saved import SavedPlan
from importbot.reports.terminal.changes import summary_line
from importbot.reports.terminal.overview import overview_parts
from importbot.reports.terminal.watched import show_watched
from importbot.reports.wikitext.diffs import replaced_diffs
from importbot.requestpages.passes.context import PassContext
from importbot.requestpages.passes.queue import RequestQueue
from importbot.requestpages.passes.replies import Replies
from importbot.requestpages.passes.reply_text import MOST_SHOWN
from importbot.requestpages.passes.second_look import SecondLook, second_look
from importbot.requestpages.passes.spec import parse_spec, unknown_parameters
from importbot.requestpages.passes.subpages import plan_subpage
from importbot.requestpages.passes.tracked import ReadyRequest, TrackedRequest
from importbot.requestpages.status import Status
from importbot.requestpages.who.approval import Agreement, agreement_of
from importbot.requestpages.who.proof import Unproved
from importbot.sources.transfer import Transfer
from importbot.wikis.people import User


__all__ = ('Proposals', )


class Proposals:

    """Plans requests and shows the plans to whoever has to agree."""

    def __init__(self, context: PassContext, queue: RequestQueue,
                 replies: Replies) -> None:
        self._context = context
        self._queue = queue
        self._replies = replies

    def plan(self, tracked: TrackedRequest, lead: Sequence[str] = (),
             seen: SavedPlan | None = None) -> ReadyRequest | None:
        """Plan a request, and answer with the plan or with what is wrong.

        :param lead: what is to be said first
        :param seen: the plan that people have seen before, to show what is
            not what it was
        :return: the request with its plan, if nobody has to agree to it;
            None if it was answered
        """
        answers = self._context.reply_text
        tracked, requester, doubts = self._with_author(tracked)
        lead = [*lead, *doubts]
        over = self._over_limit(tracked)
        if over:
            self._replies.answer(tracked, Status.QUESTION, [over], 'limit')
            return None
        planned = self._context.planner.plan(
            parse_spec(tracked.request, self._context.configuration,
                       self._context.access.interwiki,
                       self._context.siteinfo),
            answers.asked_summary(tracked.title, tracked.record.id))
        self._replies.tell_operator(planned.told)
        if planned.obstacles:
            self._replies.wait_for_operator(tracked, planned.obstacles)
            return None
        tracked = tracked.knowing(planned=self._context.log.time())
        unknown = unknown_parameters(tracked.request)
        if planned.plan is None or planned.transfer is None:
            self._replies.answer(
                tracked, Status.QUESTION, answers.problems(
                    [*planned.problems, *([unknown] if unknown else ())]),
                f'problems {tracked.request.fingerprint}')
            return None
        if unknown:
            lead.append(answers.problem(unknown))
        tracked = tracked.knowing(plan=planned.plan.id,
                                  saved_plan=planned.plan.as_json())
        look = SecondLook()
        if seen:
            look = second_look(seen, planned.plan, planned.transfer, answers)
            lead += [*self._changes(seen.pages, planned.plan.pages),
                     *look.lines]
        return self._show(tracked, planned.plan, planned.transfer, requester,
                          lead, [*look.diffs, *replaced_diffs(
                              planned.plan.pages, planned.transfer,
                              answers.language)])

    def _with_author(self, tracked: TrackedRequest,
                     ) -> tuple[TrackedRequest, User | None, list[str]]:
        """Return the case with who asks for it, and what is not proved."""
        answers, record = self._context.reply_text, tracked.record
        author, asks = self._context.authority.author(
            tracked.title, tracked.request,
            0 if tracked.is_edited else record.author_id)
        doubts = []
        if isinstance(author, Unproved):
            doubts.append(answers.unproved('request-unproved-author',
                                           author))
        elif author:
            record = replace(record, author=author.user,
                             author_id=author.user_id)
        people = self._context.people.users([record.author_id] if asks
                                            else [])
        if tracked.is_edited:
            # A plan for another wish is none for this one.
            record = replace(record, plan='', saved_plan=None,
                             fingerprint=tracked.request.fingerprint)
        return (replace(tracked, record=record), people.get(record.author_id),
                doubts)

    def _over_limit(self, tracked: TrackedRequest) -> str:
        """Return what to say to somebody who has asked for enough today."""
        limit = self._context.configuration.limits.peruser
        record = tracked.record
        # Who cannot be proved has one share with all who cannot.
        if (not limit or record.planned
                or self._context.log.planned_today(record.author) < limit):
            return ''
        return self._context.reply_text.say(
            'request-limit-user', user=record.author
            or self._context.reply_text.say('request-nobody'), limit=limit,
            status=self._replies.word(Status.NEW))

    def _show(self, tracked: TrackedRequest, plan: Plan, transfer: Transfer,
              requester: User | None, lead: Sequence[str],
              diffs: Sequence[str]) -> ReadyRequest | None:
        if not plan.has_work or all(
                page.decision in (Decision.HOLD, Decision.REFUSE)
                for page in plan.pages if page.role is Role.REQUESTED):
            self._say_nothing_to_do(tracked, plan, lead)
            return None
        agreement = self._agreement(plan, requester)
        alone = self._agreement(plan, None)
        if (requester and agreement != alone
                and not self._context.authority.is_first(
                    tracked.title, tracked.request, requester.id)):
            # Others wrote it first, so it is nobody's wish by itself.
            agreement = alone
            lead = [*lead, self._context.reply_text.unproved(
                'request-unproved-author', Unproved('restored'))]
        if agreement.is_needed:
            self._ask(tracked, plan, agreement, lead, diffs)
            return None
        tracked = tracked.knowing(approver='', approver_id=0, approvers=())
        return (None if self.is_full(tracked)
                else ReadyRequest(tracked, plan, transfer))

    def _agreement(self, plan: Plan, requester: User | None) -> Agreement:
        return agreement_of(
            plan, requester, self._context.configuration,
            self._context.access.now)

    def _say_nothing_to_do(self, tracked: TrackedRequest, plan: Plan,
                           lead: Sequence[str]) -> None:
        answers = self._context.reply_text
        identical = all(page.relation is Relation.IDENTICAL
                        for page in plan.pages
                        if page.role is Role.REQUESTED)
        self._replies.answer(
            tracked, Status.DONE if identical else Status.QUESTION,
            answers.plan(plan, [answers.say(
                'request-identical' if identical else 'request-nothing'),
                *lead]), f'nothing {plan.id}', is_end=identical)

    def _ask(self, tracked: TrackedRequest, plan: Plan, agreement: Agreement,
             lead: Sequence[str], diffs: Sequence[str]) -> None:
        """Show a plan to those who have to agree."""
        answers = self._context.reply_text
        lead = [answers.say(
            'request-approve', groups=answers.groups(agreement.approvers)),
            *self._replies.ways(tracked, Status.APPROVED, Status.DECLINED),
            *lead, *self._same_pages(tracked, plan)]
        subpage = plan_subpage(
            self._context, tracked.title, tracked.record.id, plan)
        self._replies.answer(
            tracked.knowing(approvers=agreement.approvers, approver='',
                            approver_id=0, approved_revision=None),
            Status.REVIEW,
            answers.plan(plan, lead, subpage, diffs), f'plan {plan.id}',
            is_plan=True)
        show_watched(*overview_parts(plan, interface_language()))
        self._replies.tell(tracked.title, tracked.record.id,
                           summary_line(plan))

    def _same_pages(self, tracked: TrackedRequest, plan: Plan) -> list[str]:
        """Return which other requests would bring the same pages."""
        ours = {page.target_text for page in plan.pages
                if page.steps and page.role is Role.REQUESTED}
        sentences = []
        for other in self._context.log.records(
                self._queue.open_ids - {tracked.record.id}).values():
            if other.ended:
                continue  # what waits there is its undo
            theirs = {page['target'] for page
                      in (other.saved_plan or {}).get('pages', ())
                      if page['steps']
                      and page['role'] == Role.REQUESTED.value}
            sentences += [self._context.reply_text.also(
                other.page, other.id, title)
                for title in sorted(ours & theirs)]
        return sentences[:MOST_SHOWN]

    def is_full(self, tracked: TrackedRequest) -> bool:
        """Return whether the pages of a day are used up; say so once.

        :param tracked: the request, with its plan
        """
        limit = self._context.configuration.limits.perday
        pages = sum(bool(page['steps']) for page
                    in (tracked.record.saved_plan or {}).get('pages', ()))
        if not limit or self._context.log.changed_today() + pages <= limit:
            return False
        self._replies.answer(
            tracked, tracked.request.status or Status.NEW,
            [self._context.reply_text.say('request-limit-day', limit=limit)],
            'day', keeps=True)
        return True

    def _changes(self, before: Sequence[PlannedPage],
                 after: Sequence[PlannedPage]) -> list[str]:
        """Return what of a plan is not what it was, page by page.

        :param before: pages of the plan that was shown
        :param after: those of the plan by now
        """
        language = self._context.reply_text.language

        def gist(page: PlannedPage) -> str:
            return ', '.join((
                message(language, f'decision-{page.decision.value}'),
                message(language, f'reason-{page.reason.value}'),
                *page.cleanups))

        old = {page.title: gist(page) for page in before}
        new = {page.title: gist(page) for page in after}
        return [self._context.reply_text.say(
            'request-change', page=title, before=old.get(title, '–'),
            after=new.get(title, '–'))
            for title in sorted(old.keys() | new.keys())
            if old.get(title) != new.get(title)][:MOST_SHOWN]
