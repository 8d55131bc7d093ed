"""Import what was approved, and nothing else."""
from __future__ import annotations

from dataclasses import replace

from importbot.applying.takeover import take_over
from importbot.i18n import interface_language
from importbot.journal.requests import RequestRecord
from importbot.model.decisions import Role
from importbot.model.errors import ImportbotError
from importbot.model.plan import Plan
from importbot.model.report import Report, is_of_another_version
from importbot.planning.saved import SavedPlan
from importbot.reports.terminal.plan import plan_table, show, summary_line
from importbot.requestpages.passes.context import Office
from importbot.requestpages.passes.propose import Reviewer
from importbot.requestpages.passes.queue import Docket
from importbot.requestpages.passes.replies import Secretary
from importbot.requestpages.passes.runs import (
    end_of,
    is_finished,
    report_of,
    resumed_run,
    run_plan,
)
from importbot.requestpages.passes.tracked import Case, ReadyCase
from importbot.requestpages.status import Status
from importbot.requestpages.who.approval import agreement_of, may_approve
from importbot.requestpages.who.proof import Unproved
from importbot.sources.pair import WikiPair


__all__ = ('RequestImporter', )


class RequestImporter:

    """Carries out what everybody who has to has agreed to.

    :param office: what the pass works with
    :param docket: the requests of the pass
    :param secretary: says what is to be said
    :param reviewer: plans again what is not what it was
    """

    def __init__(self, office: Office, docket: Docket, secretary: Secretary,
                 reviewer: Reviewer) -> None:
        """Initializer."""
        self._office = office
        self._docket = docket
        self._secretary = secretary
        self._reviewer = reviewer

    def plan(self, case: Case, *lead: str,
             seen: SavedPlan | None = None) -> None:
        """Plan a request, and import it at once if nobody has to agree.

        :param case: the request
        :param lead: what is to be said first
        :param seen: the plan that people have seen before
        """
        ready = self._reviewer.plan(case, lead, seen)
        if ready:
            self._begin(ready)

    def import_approved(self, case: Case) -> None:
        """Look who approved a request, and import what was approved.

        :param case: the request, set to approved
        """
        configuration = self._office.configuration
        groups = {*configuration.groups, *(
            group for rule in configuration.rules
            for group in rule.approvers)}
        if not (case.record.approvers and groups.issuperset(
                case.record.approvers)):
            # Others have to agree by now.
            self.plan(case)
            return
        answers = self._office.answers
        proof = self._office.authority.approver(case.title, case.request)
        if isinstance(proof, Unproved) and proof.hides_plan:
            self.plan(case.knowing(answer=''), answers.say(
                'request-plan-edited') if proof.why == 'edited'
                else answers.unproved('request-unproved-approver', proof))
            return
        if isinstance(proof, Unproved):
            self._secretary.answer(case, Status.REVIEW, [answers.unproved(
                'request-unproved-approver', proof)],
                f'unproved {proof.why}')
            return
        approver = self._office.people.users([proof.user_id]).get(
            proof.user_id)
        if not may_approve(approver, case.record.approvers):
            self._not_allowed(case, proof.user)
            return
        self._import_as_shown(case.knowing(
            approver=proof.user, approver_id=proof.user_id,
            approved_revision=proof.revision))

    def _not_allowed(self, case: Case, user: str) -> None:
        """Say who may approve; the request waits for them again."""
        groups = case.record.approvers or tuple(
            self._office.configuration.groups)
        self._secretary.answer(
            case.knowing(approver='', approver_id=0, approved_revision=None,
                         approvers=groups), Status.REVIEW,
            [self._office.answers.say(
                'request-not-allowed', user=user or self._office.answers.say(
                    'request-nobody'), groups=', '.join(groups))],
            f'not allowed {user}'[:64])

    def _import_as_shown(self, case: Case) -> None:
        """Import the plan of the journal if it still is the same."""
        office, saved = self._office, case.saved_plan
        if self._reviewer.is_full(case):
            return
        wikis = office.planner.connect(saved.prefix, saved.policy)
        take_over(office.journal, wikis, office.server_limit)
        if not (saved.is_whole and saved.data['id'] == case.record.plan):
            # Nobody can tell what people have agreed to.
            self.plan(case, office.answers.say('request-changed'))
            return
        plan = office.planner.again(saved, wikis)
        if not saved.departure_of(plan, trusted=office.planner.trusts(
                saved.prefix)).is_none:
            self.plan(case, office.answers.say('request-changed'),
                      seen=saved)
        elif not plan.has_work:
            # Others have brought all of it.
            self.plan(case)
        elif office.planner.problems_of(plan, wikis):
            # The configuration does not allow it any more.
            self.plan(case)
        elif self._is_approval_taken_back(case):
            self._secretary.withdraw(case)
        else:
            self._begin(ReadyCase(case, plan, wikis))

    def _is_approval_taken_back(self, case: Case) -> bool:
        """Whether somebody else approved while it was planned again."""
        if case.request.status is not Status.APPROVED:
            return False
        proof = self._office.authority.approver(case.title, case.request)
        return (isinstance(proof, Unproved)
                or proof.revision != case.record.approved_revision)

    def _begin(self, ready: ReadyCase) -> None:
        """Let people see that the import begins, then begin."""
        case = ready.case.knowing(status=Status.IMPORTING.value)
        if not self._secretary.announce(case, ready.plan):
            self._secretary.withdraw(case, is_unseen=True)
            return
        # The wiki may have merged our edit with somebody else's.
        standing = self._docket.standing(case.title, case.record)
        if standing is None or standing.status is not Status.IMPORTING:
            self._secretary.withdraw(case)
            return
        case = Case(case.title, standing, case.record)
        if case.is_edited:
            self.plan(case, self._office.answers.say('request-edited'))
        elif not self._is_still_agreed(case.record, ready.plan):
            self._not_allowed(case, case.record.approver
                              or case.record.author)
        elif not self._office.stop.asked():
            self._run(case, ready.plan, ready.wikis)

    def _is_still_agreed(self, record: RequestRecord, plan: Plan) -> bool:
        """Whether who agreed may do so at this moment."""
        office = self._office
        people = office.people.users([record.author_id, record.approver_id])
        agreement = agreement_of(
            plan, people.get(record.author_id), office.configuration,
            office.siteinfo, office.access.now)
        if record.approver_id:
            return may_approve(people.get(record.approver_id),
                               agreement.approvers)
        return not agreement.is_needed

    def _run(self, case: Case, plan: Plan, wikis: WikiPair) -> None:
        """Apply a plan, or go on with it, as far as nobody says stop.

        :raises ImportbotError: something keeps it from its end
        """
        office, record = self._office, case.record
        runs: list[int] = []

        def begun(run: int) -> None:
            runs.append(run)
            office.log.save(replace(record, run=run))

        resumed = (resumed_run(office.journal, wikis, record.run)
                   if record.run is not None else None)
        why = run_plan(
            resumed.plan if resumed else plan, wikis, office.journal,
            office.stop, office.server_limit, begun, resumed,
            trusted=office.planner.trusts(wikis.prefix))
        if is_finished(office.journal, runs[0]):
            self._finish(case.knowing(run=runs[0]))
            return
        left = f'run {runs[0]} is not at its end; the next pass goes on'
        if not office.stop.reason:
            raise ImportbotError(f'{why}; {left}' if why else left)
        self._secretary.tell(case.title, record.id, left)

    def go_on(self, case: Case) -> None:
        """Go on with an import that was cut, or say what became of it.

        :param case: the request, whose import was to begin
        """
        office, run = self._office, case.record.run
        if run is None:
            if case.is_edited:
                self.plan(case, office.answers.say('request-edited'))
            elif case.request.plan != case.record.plan:
                # Nobody has seen the plan that the journal has by now.
                self.plan(case)
            elif not office.authority.is_by_bot(case.title, case.request):
                self.plan(case)
            else:
                self._import_as_shown(case)
        elif is_finished(office.journal, run):
            self._finish(case, status=self._wanted_end(case))
        else:
            self._resume(case, run)

    def _resume(self, case: Case, run: int) -> None:
        """Go on with a run that was cut, if it is still wanted so."""
        office, saved, why = self._office, case.saved_plan, ''
        wikis = office.planner.connect(saved.prefix, saved.policy)
        take_over(office.journal, wikis, office.server_limit)
        plan = resumed_run(office.journal, wikis, run).plan
        end = self._wanted_end(case)
        if end:
            why = office.answers.say('request-stopped-undo')
        elif case.is_edited or not self._is_set_by_trusted(case):
            why = office.answers.say('request-stopped-edit')
        elif not self._is_still_agreed(case.record, plan):
            why = office.answers.say(
                'request-not-allowed',
                user=case.record.approver or case.record.author,
                groups=', '.join(case.record.approvers))
        if why:
            # Nobody is to go on with it by -resume either.
            office.journal.end_run(run, 'finished')
            self._finish(case, why, status=end)
        else:
            self._run(case, plan, wikis)

    def _wanted_end(self, case: Case) -> Status | None:
        """Return the end that people have set before the bot could.

        It says what came, and its next pass plans the undo.
        """
        return Status.UNDO if (
            case.request.status is Status.UNDO
            and self._is_set_by_trusted(case)) else None

    def _is_set_by_trusted(self, case: Case) -> bool:
        """Whether the state is set by the bot, or by one who may agree.

        People can take a cut import away, and not everybody may give it
        back.
        """
        office, record = self._office, case.record
        setter = office.authority.setter(case.title, case.request)
        if isinstance(setter, Unproved):
            return False
        if setter.user == office.access.user:
            return True
        if not record.approver_id:
            return setter.user_id == record.author_id
        return may_approve(office.people.users([setter.user_id]).get(
            setter.user_id), record.approvers)

    def _finish(self, case: Case, *lead: str,
                status: Status | None = None) -> None:
        """Say what became of a run, and end the request.

        :param lead: what is to be said first
        :param status: its end, if that is not what became of the run
        """
        office, title, record = self._office, case.title, case.record
        report = report_of(record, office.journal, office.wiki)
        if not (lead or status) and any(map(is_of_another_version,
                                            report.results)):
            self._look_again(case, report)
            return
        self._secretary.end(
            title, record, report, status or end_of(report),
            lambda: [*lead, *office.answers.result(
                report, self.newest(report), self._secretary.subpage(
                    title, record.id, report.plan, report))])
        show(plan_table(report.plan, interface_language(), report.results))
        self._secretary.tell(title, record.id,
                             summary_line(report.plan, report))

    def _look_again(self, case: Case, report: Report) -> None:
        """Ask again about pages that the source has otherwise by now.

        The target would have fetched what nobody has seen.
        """
        say, lead = self._office.answers.say, 'request-changed'
        if any(result.imported for result in report.results):
            lead = 'request-some-arrived'
            self._secretary.log_run(case.title, case.record, report)
        self.plan(case.knowing(run=None, approver='', approver_id=0,
                               approved_revision=None),
                  say(lead, run=report.run), seen=case.saved_plan)

    def newest(self, report: Report) -> dict[str, int]:
        """Return the newest revisions of the requested pages here.

        :param report: of the run that brought them
        """
        targets = [page.target for page in report.plan.pages
                   if page.role is Role.REQUESTED and page.steps]
        return {title: read.newest.id for title, read
                in self._office.wiki.pages(targets).items() if read.newest}
