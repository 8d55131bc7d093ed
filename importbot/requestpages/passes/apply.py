"""Import what was approved, and nothing else."""
from __future__ import annotations

from dataclasses import replace

from importbot.applying.takeover import take_over
from importbot.i18n import interface_language
from importbot.journal.tables import RequestRow
from importbot.model.agreement import is_edited_since
from importbot.model.decisions import Role
from importbot.model.errors import ImportbotError
from importbot.model.plan import Plan
from importbot.model.report import Report
from importbot.planning.saved import SavedPlan
from importbot.reports.terminal.changes import summary_line
from importbot.reports.terminal.overview import overview_parts
from importbot.reports.terminal.watched import show_watched
from importbot.requestpages.passes.context import PassContext
from importbot.requestpages.passes.propose import Proposals
from importbot.requestpages.passes.public_log import log_run
from importbot.requestpages.passes.queue import RequestQueue
from importbot.requestpages.passes.replies import Replies
from importbot.requestpages.passes.run_plan import (
    end_of,
    is_finished,
    report_of,
    resumed_run,
    run_plan,
)
from importbot.requestpages.passes.subpages import plan_subpage
from importbot.requestpages.passes.tracked import ReadyRequest, TrackedRequest
from importbot.requestpages.status import Status
from importbot.requestpages.who.approval import agreement_of, may_approve
from importbot.requestpages.who.proof import Unproved
from importbot.sources.transfer import Transfer


__all__ = ('RequestImporter', )


class RequestImporter:

    """Carries out what everybody who has to has agreed to.

    :param proposals: plans again what is not what it was
    """

    def __init__(self, context: PassContext, queue: RequestQueue,
                 replies: Replies, proposals: Proposals) -> None:
        self._context = context
        self._queue = queue
        self._replies = replies
        self._proposals = proposals

    def plan(self, tracked: TrackedRequest, *lead: str,
             seen: SavedPlan | None = None) -> None:
        """Plan a request, and import it at once if nobody has to agree.

        :param lead: what is to be said first
        :param seen: the plan that people have seen before
        """
        if lead:
            # The same plan is shown again, since there is more to say.
            tracked = tracked.knowing(answer='')
        ready = self._proposals.plan(tracked, lead, seen)
        if ready:
            self._begin(ready)

    def import_approved(self, tracked: TrackedRequest) -> None:
        """Look who approved a request, and import what was approved.

        :param tracked: the request, set to approved
        """
        configuration = self._context.configuration
        groups = {*configuration.groups, *(
            group for rule in configuration.rules
            for group in rule.approvers)}
        if not (tracked.record.approvers and groups.issuperset(
                tracked.record.approvers)):
            # Others have to agree by now.
            self.plan(tracked.knowing(answer=''))
            return
        answers = self._context.reply_text
        proof = self._context.authority.approver(tracked.title,
                                                 tracked.request)
        if isinstance(proof, Unproved) and proof.hides_plan:
            self.plan(tracked, answers.say(
                'request-plan-edited') if proof.why == 'edited'
                else answers.unproved('request-unproved-approver', proof))
            return
        if isinstance(proof, Unproved):
            self._replies.answer(tracked, Status.REVIEW, [answers.unproved(
                'request-unproved-approver', proof)],
                f'unproved {proof.why}')
            return
        approver = self._context.people.users([proof.user_id]).get(
            proof.user_id)
        if not may_approve(approver, tracked.record.approvers):
            self._not_allowed(tracked, proof.user)
            return
        self._import_as_shown(tracked.knowing(
            approver=proof.user, approver_id=proof.user_id,
            approved_revision=proof.revision))

    def _not_allowed(self, tracked: TrackedRequest, user: str) -> None:
        """Say who may approve; the request waits for them again."""
        groups = tracked.record.approvers or tuple(
            self._context.configuration.groups)
        answers = self._context.reply_text
        self._replies.answer(
            tracked.knowing(approver='', approver_id=0, approved_revision=None,
                            approvers=groups), Status.REVIEW,
            [answers.say(
                'request-not-allowed', groups=answers.groups(groups),
                user=user or answers.say('request-nobody'))],
            f'not allowed {user}'[:64])

    def _import_as_shown(self, tracked: TrackedRequest) -> None:
        """Import the plan of the journal if it still is the same."""
        context, saved = self._context, tracked.saved_plan
        if self._proposals.is_full(tracked):
            return
        transfer = context.planner.connect(saved.prefix, saved.policy)
        take_over(context.journal, transfer, context.server_limit)
        if not (saved.is_whole and saved.data['id'] == tracked.record.plan):
            # Nobody can tell what people have agreed to.
            self.plan(tracked, context.reply_text.say('request-changed'))
            return
        plan = context.planner.again(saved, transfer)
        if not saved.departure_of(plan, trusted=context.planner.trusts(
                saved.prefix)).is_none:
            self.plan(tracked, context.reply_text.say('request-changed'),
                      seen=saved)
        elif not plan.has_work:
            # Others have brought all of it.
            self.plan(tracked)
        elif context.planner.problems_of(plan, transfer):
            # The configuration does not allow it any more.
            self.plan(tracked)
        elif self._is_approval_taken_back(tracked):
            self._replies.withdraw(tracked)
        else:
            self._begin(ReadyRequest(tracked, plan, transfer))

    def _is_approval_taken_back(self, tracked: TrackedRequest) -> bool:
        """Whether somebody else approved while it was planned again."""
        if tracked.request.status is not Status.APPROVED:
            return False
        proof = self._context.authority.approver(tracked.title,
                                                 tracked.request)
        return (isinstance(proof, Unproved)
                or proof.revision != tracked.record.approved_revision)

    def _begin(self, ready: ReadyRequest) -> None:
        """Let people see that the import begins, then begin."""
        tracked = ready.tracked.knowing(status=Status.IMPORTING.value)
        if not self._replies.announce(tracked, ready.plan):
            self._replies.withdraw(tracked, is_unseen=True)
            return
        # The wiki may have merged our edit with somebody else's.
        standing = self._queue.standing(tracked.title, tracked.record)
        if standing is None or standing.status is not Status.IMPORTING:
            self._replies.withdraw(tracked)
            return
        tracked = TrackedRequest(tracked.title, standing, tracked.record)
        if tracked.is_edited:
            self.plan(tracked, self._context.reply_text.say('request-edited'))
        elif not self._is_still_agreed(tracked.record, ready.plan):
            self._not_allowed(tracked, tracked.record.approver
                              or tracked.record.author)
        elif not self._context.stop.asked():
            self._run(tracked, ready.plan, ready.transfer)

    def _is_still_agreed(self, record: RequestRow, plan: Plan) -> bool:
        """Whether who agreed may do so at this moment."""
        context = self._context
        people = context.people.users([record.author_id, record.approver_id])
        agreement = agreement_of(
            plan, people.get(record.author_id), context.configuration,
            context.access.now)
        if record.approver_id:
            return may_approve(people.get(record.approver_id),
                               agreement.approvers)
        return not agreement.is_needed

    def _run(self, tracked: TrackedRequest, plan: Plan,
             transfer: Transfer) -> None:
        """Apply a plan, or resume it, as far as nobody says stop.

        :raises ImportbotError: something keeps it from its end
        """
        context, record = self._context, tracked.record
        runs: list[int] = []

        def begun(run: int) -> None:
            runs.append(run)
            context.log.save(replace(record, run=run))

        resumed = (resumed_run(context.journal, transfer, record.run)
                   if record.run is not None else None)
        why = run_plan(
            resumed.plan if resumed else plan, transfer, context.journal,
            context.stop, context.server_limit, begun, resumed,
            trusted=context.planner.trusts(transfer.prefix))
        if is_finished(context.journal, runs[0]):
            self._finish(tracked.knowing(run=runs[0]))
            return
        left = f'run {runs[0]} is not at its end; the next pass goes on'
        if not context.stop.reason:
            raise ImportbotError(f'{why}; {left}' if why else left)
        self._replies.tell(tracked.title, record.id, left)

    def go_on(self, tracked: TrackedRequest) -> None:
        """Resume an import that was cut, or say what became of it.

        :param tracked: the request, whose import was to begin
        """
        context, run = self._context, tracked.record.run
        if run is None:
            if tracked.is_edited:
                self.plan(tracked, context.reply_text.say('request-edited'))
            elif tracked.request.plan != tracked.record.plan:
                # Nobody has seen the plan that the journal has by now.
                self.plan(tracked)
            elif not context.authority.is_by_bot(tracked.title,
                                                 tracked.request):
                self.plan(tracked)
            else:
                self._import_as_shown(tracked)
        elif is_finished(context.journal, run):
            self._finish(tracked, status=self._wanted_end(tracked))
        else:
            self._resume(tracked, run)

    def _resume(self, tracked: TrackedRequest, run: int) -> None:
        """Resume a run that was cut, if it is still wanted so."""
        context, saved, why = self._context, tracked.saved_plan, ''
        transfer = context.planner.connect(saved.prefix, saved.policy)
        take_over(context.journal, transfer, context.server_limit)
        plan = resumed_run(context.journal, transfer, run).plan
        end = self._wanted_end(tracked)
        if end:
            why = context.reply_text.say('request-stopped-undo')
        elif tracked.is_edited or not self._is_set_by_trusted(tracked):
            why = context.reply_text.say('request-stopped-edit')
        elif not self._is_still_agreed(tracked.record, plan):
            why = context.reply_text.say(
                'request-not-allowed',
                user=tracked.record.approver or tracked.record.author,
                groups=context.reply_text.groups(tracked.record.approvers))
        if why:
            # Nobody is to continue it by -resume either.
            context.journal.end_run(run, 'finished')
            self._finish(tracked, why, status=end)
        else:
            self._run(tracked, plan, transfer)

    def _wanted_end(self, tracked: TrackedRequest) -> Status | None:
        """Return the end that people have set before the bot could.

        It says what came, and its next pass plans the undo.
        """
        return Status.UNDO if (
            tracked.request.status is Status.UNDO
            and self._is_set_by_trusted(tracked)) else None

    def _is_set_by_trusted(self, tracked: TrackedRequest) -> bool:
        """Whether the state is set by the bot, or by one who may agree.

        People can take a cut import away, and not everybody may give it
        back.
        """
        context, record = self._context, tracked.record
        setter = context.authority.setter(tracked.title, tracked.request)
        if isinstance(setter, Unproved):
            return False
        if setter.user == context.access.user:
            return True
        if not record.approver_id:
            return setter.user_id == record.author_id
        return may_approve(context.people.users([setter.user_id]).get(
            setter.user_id), record.approvers)

    def _finish(self, tracked: TrackedRequest, *lead: str,
                status: Status | None = None) -> None:
        """Say what became of a run, and end the request.

        :param lead: what is to be said first
        :param status: its end, if that is not what became of the run
        """
        context, title, record = self._context, tracked.title, tracked.record
        report = report_of(record, context.journal, context.wiki)
        if not (lead or status) and any(
                is_edited_since(result.error) for result in report.results):
            self._look_again(tracked, report)
            return
        self._replies.end(
            title, record, report, status or end_of(report),
            lambda: context.reply_text.result(
                report, self.newest(report), plan_subpage(
                    context, title, record.id, report.plan, report), lead))
        show_watched(*overview_parts(report, interface_language()))
        self._replies.tell(title, record.id, summary_line(
            report.plan, report.results, report.run))

    def _look_again(self, tracked: TrackedRequest, report: Report) -> None:
        """Ask again about pages that the source has otherwise by now.

        The target would have fetched what nobody has seen.
        """
        say, lead = self._context.reply_text.say, 'request-changed'
        if any(result.imported for result in report.results):
            lead = 'request-some-arrived'
            log_run(self._context, tracked.title, tracked.record, report)
        self.plan(tracked.knowing(run=None, approver='', approver_id=0,
                                  approved_revision=None),
                  say(lead, run=report.run), seen=tracked.saved_plan)

    def newest(self, report: Report) -> dict[str, int]:
        """Return the newest revisions of the requested pages here.

        :param report: of the run that brought them
        """
        targets = [page.target_text for page in report.plan.pages
                   if page.role is Role.REQUESTED and page.steps]
        return {title: read.newest.id for title, read
                in self._context.wiki.pages(targets).items() if read.newest}
