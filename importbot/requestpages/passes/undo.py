"""Undo what a request brought: planned and shown first, then agreed to."""
from __future__ import annotations

from collections.abc import Sequence

from importbot.applying.recover import catch_up
from importbot.applying.run import Run
from importbot.i18n import interface_language, message
from importbot.journal.undos import undos_of
from importbot.model.decisions import Outcome, Role
from importbot.model.errors import ImportbotError
from importbot.model.problems import Problem
from importbot.model.report import PageResult, UndoReport
from importbot.model.undo_plan import UndoPlan
from importbot.reports.terminal.changes import summary_line
from importbot.reports.terminal.overview import overview_parts
from importbot.reports.terminal.watched import show_watched
from importbot.requestpages.page.edits import anchor
from importbot.requestpages.passes.context import PassContext
from importbot.requestpages.passes.public_log import links_of, log_line
from importbot.requestpages.passes.replies import Replies
from importbot.requestpages.passes.run_plan import until_stopped
from importbot.requestpages.passes.subpages import undo_subpage
from importbot.requestpages.passes.tracked import TrackedRequest
from importbot.requestpages.status import Status
from importbot.requestpages.who.approval import may_approve
from importbot.requestpages.who.proof import Proof, Unproved
from importbot.undoing.plan import Target, plan_undo
from importbot.undoing.undo import UndoWork


__all__ = ('RequestUndoer', )


class RequestUndoer:

    """Plans undos, and carries out what was agreed to."""

    def __init__(self, context: PassContext, replies: Replies) -> None:
        self._context = context
        self._replies = replies

    def plan(self, tracked: TrackedRequest, *lead: str) -> None:
        """Plan the undo of a request's run and show it.

        :param tracked: the request, at its end and set to undo
        :param lead: what is to be said first
        """
        context = self._context
        setter = context.authority.setter(tracked.title, tracked.request)
        if not lead and not self._may(tracked, setter):
            self._replies.answer(
                tracked, self._end_before(tracked),
                [self._not_allowed(tracked, setter)], 'undo not allowed',
                keeps=True)
            return
        plan = self._plan(tracked)
        if not plan.has_work:
            self._end(tracked, plan, [*lead, context.reply_text.say(
                'request-undo-nothing', run=plan.run)], plan.id)
            return
        subpage = undo_subpage(
            context, tracked.title, tracked.record.id, plan)
        self._replies.answer(
            tracked.knowing(status=Status.UNDO.value, plan=plan.id,
                            saved_plan=plan.as_json()), Status.REVIEW,
            context.reply_text.undo(plan, [
                context.reply_text.say('request-undo-plan', plan=plan.id,
                                       run=plan.run),
                *(f'* {line}' for line in lead),
                '* ' + context.reply_text.say(
                    'request-undo-approve',
                    groups=context.reply_text.groups(self._groups(tracked))),
                *(f'* {way}' for way in self._replies.ways(
                    tracked, Status.APPROVED))],
                subpage=subpage), f'undo {plan.id}', keeps=True,
            is_plan=True)
        show_watched(*overview_parts(plan, interface_language()))
        self._replies.tell(tracked.title, tracked.record.id,
                           summary_line(plan))

    def undo_approved(self, tracked: TrackedRequest) -> None:
        """Look who agreed to an undo, and undo what was shown.

        :param tracked: the request, whose undo was shown, set to approved
        :raises ImportbotError: something keeps the undo from its end
        """
        context, answers = self._context, self._context.reply_text
        proof = context.authority.approver(tracked.title, tracked.request)
        if isinstance(proof, Unproved) and proof.hides_plan:
            self.plan(tracked.knowing(answer=''), answers.say(
                'request-plan-edited') if proof.why == 'edited'
                else answers.unproved('request-unproved-approver', proof))
            return
        if isinstance(proof, Unproved):
            self._replies.answer(tracked, Status.REVIEW, [answers.unproved(
                'request-unproved-approver', proof)],
                f'unproved {proof.why}', keeps=True)
            return
        if not self._may_approve(tracked, proof):
            self._replies.answer(
                tracked, Status.REVIEW, [self._not_allowed(tracked, proof)],
                f'not allowed {proof.user}'[:64], keeps=True)
            return
        plan = self._plan(tracked)
        if not plan.is_within(tracked.record.saved_plan or {}):
            self.plan(tracked, answers.say('request-undo-changed'))
        else:
            self._undo(tracked, plan, proof.user)

    def _undo(self, tracked: TrackedRequest, plan: UndoPlan,
              approver: str) -> None:
        """Undo what is left to undo, and say what became of it.

        A pass that died may have done it without saying so.
        """
        context, results = self._context, None
        if plan.has_work:
            results = self._carry_out(tracked, plan)
            if results is None:
                return
        runs = undos_of(context.journal, plan.run)
        if not runs:
            self._end(tracked, plan, [context.reply_text.say(
                'request-undo-nothing', run=plan.run)], plan.id, results)
            return
        self._end(tracked, plan, [context.reply_text.say(
            'request-undo-partly' if self._leaves_work(plan, results)
            else 'request-undo-result', run=plan.run,
            undo=', '.join(map(str, runs)))], str(runs[-1]), results)
        self._log(tracked, approver, plan, runs)

    def _carry_out(self, tracked: TrackedRequest,
                   plan: UndoPlan) -> Sequence[PageResult] | None:
        """Undo pages until all are done, or somebody says stop.

        :return: what became of them, None if it is to be resumed
        :raises ImportbotError: something keeps the undo from its end
        """
        context = self._context
        with Run(UndoWork(plan, self._target, context.reply_text.asked_summary(
                tracked.title, tracked.record.id)), context.journal) as run:
            for _place in until_stopped(run, context.stop):
                pass
        left = 'the undo is not at its end; the next pass goes on'
        if run.obstacle:
            raise ImportbotError(Problem('both', problem=run.obstacle,
                                         other=left))
        if any(result.outcome is None for result in run.results):
            self._replies.tell(tracked.title, tracked.record.id, left)
            return None
        return run.results

    @property
    def _target(self) -> Target:
        context = self._context
        return Target(context.wiki, context.siteinfo, context.access)

    def _plan(self, tracked: TrackedRequest) -> UndoPlan:
        assert tracked.record.run is not None, 'only what was begun is undone'
        catch_up(self._context.journal, tracked.record.run, self._context.wiki,
                 self._context.siteinfo, self._context.access,
                 self._context.server_limit)
        return plan_undo(self._context.journal, tracked.record.run,
                         self._target, self._context.configuration.deletion)

    def _groups(self, tracked: TrackedRequest) -> tuple[str, ...]:
        configuration = self._context.configuration
        groups = {*configuration.groups, *(
            group for rule in configuration.rules
            for group in rule.approvers)}
        return (tracked.record.approvers
                if tracked.record.approvers and groups.issuperset(
                    tracked.record.approvers) else tuple(configuration.groups))

    def _may_approve(self, tracked: TrackedRequest, proof: Proof) -> bool:
        user = self._context.people.users([proof.user_id]).get(proof.user_id)
        return may_approve(user, self._groups(tracked))

    def _may(self, tracked: TrackedRequest, setter: Proof | Unproved) -> bool:
        """Whether somebody may ask for an undo: who may approve one, and
        who asked for what nobody had to agree to."""
        if isinstance(setter, Unproved):
            return False
        if setter.user == self._context.access.user:
            # It says so where people had set that before; the journal
            # knows.
            return bool(tracked.record.status == Status.UNDO.value)
        is_own = (not tracked.record.approver_id
                  and 0 != setter.user_id == tracked.record.author_id)
        return is_own or self._may_approve(tracked, setter)

    def _not_allowed(self, tracked: TrackedRequest,
                     proof: Proof | Unproved) -> str:
        answers = self._context.reply_text
        return answers.say(
            'request-undo-not-allowed',
            groups=answers.groups(self._groups(tracked)),
            user=proof.user if isinstance(proof, Proof)
            else answers.say('request-nobody'))

    @staticmethod
    def _end_before(tracked: TrackedRequest) -> Status:
        """Return the state that the request had before somebody set undo.

        An undo that waits goes on waiting.
        """
        status = Status(tracked.record.status)
        return status if status is not Status.UNDO or not tracked.record.plan \
            else Status.REVIEW

    @staticmethod
    def _leaves_work(plan: UndoPlan,
                     results: Sequence[PageResult] | None) -> bool:
        return plan.leaves_work or any(
            page.steps and result.outcome is not Outcome.VERIFIED
            for page, result in zip(plan.pages, results or (),
                                    strict=bool(results)))

    def _end(self, tracked: TrackedRequest, plan: UndoPlan, lead: list[str],
             about: str, results: Sequence[PageResult] | None = None) -> None:
        """Say what became of an undo; what is left is for people."""
        context, title, id = self._context, tracked.title, tracked.record.id
        runs = undos_of(context.journal, plan.run)
        report = UndoReport(plan, runs[-1], tuple(results)) if (
            runs and results) else None
        subpage = undo_subpage(context, title, id, plan, report)
        self._replies.answer(
            tracked, Status.PARTIAL if self._leaves_work(plan, results)
            else Status.UNDONE,
            context.reply_text.undo(plan, lead, report, subpage),
            f'undone {about}')
        self._replies.tell(title, id, summary_line(plan, results))

    def _log(self, tracked: TrackedRequest, user: str, plan: UndoPlan,
             undos: Sequence[int]) -> None:
        words, title, id = (self._context.reply_text, tracked.title,
                            tracked.record.id)
        pages = links_of([page.title for page in plan.pages
                          if page.role is Role.REQUESTED and page.steps],
                         words.language)
        said = message(
            words.language, 'request-undo-log-line',
            request=words.request_link(title, id),
            user=words.user_link(user), run=plan.run,
            undo=', '.join(map(str, undos)))
        log_line(self._context, title, id, anchor('undo', undos[-1]),
                 f'{pages} – {said}' if pages else said)
