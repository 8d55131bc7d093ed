"""Undo what a request brought: planned and shown first, then agreed to."""
from __future__ import annotations

from collections.abc import Sequence

from importbot.applying.recover import catch_up
from importbot.i18n import interface_language, message
from importbot.journal.undos import undos_of
from importbot.model.decisions import Outcome
from importbot.model.errors import ImportbotError
from importbot.model.report import PageResult
from importbot.model.undo_plan import UndoPlan
from importbot.reports.terminal.plan import show
from importbot.reports.terminal.undo import undo_summary, undo_table
from importbot.requestpages.page.edits import anchor
from importbot.requestpages.passes.context import Office
from importbot.requestpages.passes.replies import Secretary
from importbot.requestpages.passes.tracked import Case
from importbot.requestpages.status import Status
from importbot.requestpages.who.approval import may_approve
from importbot.requestpages.who.proof import Proof, Unproved
from importbot.undoing.plan import Target, plan_undo
from importbot.undoing.undo import Undo


__all__ = ('RequestUndoer', )


class RequestUndoer:

    """Plans undos, and carries out what was agreed to.

    :param office: what the pass works with
    :param secretary: says what is to be said
    """

    def __init__(self, office: Office, secretary: Secretary) -> None:
        """Initializer."""
        self._office = office
        self._secretary = secretary

    def plan(self, case: Case, *lead: str) -> None:
        """Plan the undo of a request's run and show it.

        :param case: the request, at its end and set to undo
        :param lead: what is to be said first
        """
        office = self._office
        setter = office.authority.setter(case.title, case.request)
        if not lead and not self._may(case, setter):
            self._secretary.answer(
                case, self._end_before(case),
                [self._not_allowed(case, setter)], 'undo not allowed',
                keeps=True)
            return
        plan = self._plan(case)
        if not plan.has_work:
            self._end(case, plan, [*lead, office.answers.say(
                'request-undo-nothing', run=plan.run)], plan.id)
            return
        subpage = self._secretary.undo_subpage(case.title, case.record.id,
                                               plan)
        self._secretary.answer(
            case.knowing(status=Status.UNDO.value, plan=plan.id,
                         saved_plan=plan.as_json()), Status.REVIEW,
            office.answers.undo(plan, [
                office.answers.say('request-undo-plan', plan=plan.id,
                                   run=plan.run, **plan.summary),
                *(f'* {line}' for line in lead),
                '* ' + office.answers.say(
                    'request-undo-approve',
                    groups=', '.join(self._groups(case)),
                    status=self._secretary.word(Status.APPROVED))],
                subpage=subpage), f'undo {plan.id}', keeps=True)
        show(undo_table(plan, interface_language()))
        self._secretary.tell(case.title, case.record.id, undo_summary(plan))

    def undo_approved(self, case: Case) -> None:
        """Look who agreed to an undo, and undo what was shown.

        :param case: the request, whose undo was shown, set to approved
        :raises ImportbotError: something keeps the undo from its end
        """
        office, answers = self._office, self._office.answers
        proof = office.authority.approver(case.title, case.request)
        if isinstance(proof, Unproved) and proof.hides_plan:
            self.plan(case.knowing(answer=''), answers.say(
                'request-plan-edited') if proof.why == 'edited'
                else answers.unproved('request-unproved-approver', proof))
            return
        if isinstance(proof, Unproved):
            self._secretary.answer(case, Status.REVIEW, [answers.unproved(
                'request-unproved-approver', proof)],
                f'unproved {proof.why}', keeps=True)
            return
        if not self._may_approve(case, proof):
            self._secretary.answer(
                case, Status.REVIEW, [self._not_allowed(case, proof)],
                f'not allowed {proof.user}'[:64], keeps=True)
            return
        plan = self._plan(case)
        if not plan.is_within(case.record.saved_plan or {}):
            self.plan(case, answers.say('request-undo-changed'))
        else:
            self._undo(case, plan, proof.user)

    def _undo(self, case: Case, plan: UndoPlan, approver: str) -> None:
        """Undo what is left to undo, and say what became of it.

        A pass that died may have done it without saying so.
        """
        office, results = self._office, None
        if plan.has_work:
            results = self._carry_out(case, plan)
            if results is None:
                return
        runs = undos_of(office.journal, plan.run)
        if not runs:
            self._end(case, plan, [office.answers.say(
                'request-undo-nothing', run=plan.run)], plan.id, results)
            return
        self._end(case, plan, [office.answers.say(
            'request-undo-partly' if self._leaves_work(plan, results)
            else 'request-undo-result', run=plan.run,
            undo=', '.join(map(str, runs)))], str(runs[-1]), results)
        self._log(case, approver, plan.run, runs)

    def _carry_out(self, case: Case,
                   plan: UndoPlan) -> Sequence[PageResult] | None:
        """Undo pages until all are done, or somebody says stop.

        :return: what became of them, None if it is to be gone on with
        :raises ImportbotError: something keeps the undo from its end
        """
        office = self._office
        with Undo(plan, self._target, office.journal,
                  self._secretary.asked(case.title, case.record.id)) as undo:
            for place in range(len(plan.pages)):
                if office.stop.asked():
                    break
                undo.treat(place)
        left = 'the undo is not at its end; the next pass goes on'
        if undo.obstacle:
            raise ImportbotError(f'{undo.obstacle}; {left}')
        if any(result.outcome is None for result in undo.results):
            self._secretary.tell(case.title, case.record.id, left)
            return None
        return undo.results

    @property
    def _target(self) -> Target:
        office = self._office
        return Target(office.wiki, office.siteinfo, office.access)

    def _plan(self, case: Case) -> UndoPlan:
        assert case.record.run is not None, 'only what was begun is undone'
        catch_up(self._office.journal, case.record.run, self._office.wiki,
                 self._office.siteinfo, self._office.access,
                 self._office.server_limit)
        return plan_undo(self._office.journal, case.record.run, self._target,
                         self._office.configuration.deletion)

    def _groups(self, case: Case) -> tuple[str, ...]:
        configuration = self._office.configuration
        known = {*configuration.groups, *(
            group for rule in configuration.rules
            for group in rule.approvers)}
        return (case.record.approvers
                if case.record.approvers and known.issuperset(
                    case.record.approvers) else tuple(configuration.groups))

    def _may_approve(self, case: Case, proof: Proof) -> bool:
        user = self._office.people.users([proof.user_id]).get(proof.user_id)
        return may_approve(user, self._groups(case))

    def _may(self, case: Case, setter: Proof | Unproved) -> bool:
        """Whether somebody may ask for an undo: who may approve one, and
        who asked for what nobody had to agree to."""
        if isinstance(setter, Unproved):
            return False
        if setter.user == self._office.access.user:
            # It says so where people had set that before; the journal
            # knows.
            return case.record.status == Status.UNDO.value
        is_own = (not case.record.approver_id
                  and 0 != setter.user_id == case.record.author_id)
        return is_own or self._may_approve(case, setter)

    def _not_allowed(self, case: Case, who: Proof | Unproved) -> str:
        answers = self._office.answers
        return answers.say(
            'request-undo-not-allowed', groups=', '.join(self._groups(case)),
            user=who.user if isinstance(who, Proof)
            else answers.say('request-nobody'))

    @staticmethod
    def _end_before(case: Case) -> Status:
        """Return the state that the request had before somebody set undo.

        An undo that waits goes on waiting.
        """
        known = Status(case.record.status)
        return known if known is not Status.UNDO or not case.record.plan \
            else Status.REVIEW

    @staticmethod
    def _leaves_work(plan: UndoPlan,
                     results: Sequence[PageResult] | None) -> bool:
        return plan.leaves_work or any(
            page.verdict.step and result.outcome is not Outcome.VERIFIED
            for page, result in zip(plan.pages, results or (),
                                    strict=bool(results)))

    def _end(self, case: Case, plan: UndoPlan, lead: list[str], about: str,
             results: Sequence[PageResult] | None = None) -> None:
        """Say what became of an undo; what is left is for people."""
        office, title, id = self._office, case.title, case.record.id
        subpage = self._secretary.undo_subpage(title, id, plan, results)
        self._secretary.answer(
            case, Status.PARTIAL if self._leaves_work(plan, results)
            else Status.UNDONE,
            office.answers.undo(plan, lead, results, subpage),
            f'undone {about}')
        self._secretary.tell(title, id, undo_summary(plan, results))

    def _log(self, case: Case, user: str, run: int,
             undos: Sequence[int]) -> None:
        language = self._office.answers.language
        self._secretary.log(
            case.title, case.record.id, anchor('undo', undos[-1]),
            message(language, 'request-undo-log-line',
                    request=self._secretary.link(case.title, case.record.id),
                    user=self._secretary.user(user), run=run,
                    undo=', '.join(map(str, undos))))
