"""Undo what a request brought: planned and shown first, then agreed to."""
from __future__ import annotations

from importbot.flows.undo import Undo
from importbot.flows.undoplan import Target, plan_undo
from importbot.i18n import interface_language, message
from importbot.model.errors import ImportbotError
from importbot.model.undo import UndoPlan
from importbot.reports.terminal import show
from importbot.reports.undo import (
    deletion_list,
    undo_summary,
    undo_table,
    undo_wikitext,
)
from importbot.reports.wikitext import note_lines
from importbot.requestpages.case import Case
from importbot.requestpages.edits import anchor
from importbot.requestpages.office import Office
from importbot.requestpages.proof import Proof, Unproved
from importbot.requestpages.rules import may_approve
from importbot.requestpages.secretary import Secretary
from importbot.requestpages.words import Status


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
                'request-undo-nothing', run=plan.run)])
            return
        self._secretary.answer(
            case.knowing(status=Status.UNDO.value, plan=plan.id,
                         saved_plan=plan.as_json()), Status.REVIEW,
            [office.answers.say('request-undo-plan', plan=plan.id,
                                run=plan.run, **plan.summary),
             *(f'* {line}' for line in lead),
             '* ' + office.answers.say(
                 'request-undo-approve', groups=', '.join(self._groups(case)),
                 status=self._secretary.word(Status.APPROVED)),
             *self._body(plan)], f'undo {plan.id}', keeps=True)
        show(undo_table(plan, interface_language()))
        self._secretary.tell(case.title, case.record.id, undo_summary(plan))

    def undo_approved(self, case: Case) -> None:
        """Look who agreed to an undo, and undo what was shown.

        :param case: the request, whose undo was shown, set to approved
        :raises ImportbotError: something keeps the undo from its end
        """
        office, answers = self._office, self._office.answers
        proof = office.authority.approver(case.title, case.request)
        if isinstance(proof, Unproved):
            self._secretary.answer(case, Status.REVIEW, [answers.say(
                'request-unproved-approver', reason=message(
                    answers.language, f'unproved-{proof.why}'))],
                f'unproved {proof.why}', keeps=True)
            return
        if not self._may_approve(case, proof):
            self._secretary.answer(
                case, Status.REVIEW, [self._not_allowed(case, proof)],
                f'not allowed {proof.user}'[:64], keeps=True)
            return
        plan = self._plan(case)
        if not (plan.has_work
                and plan.is_within(case.record.saved_plan or {})):
            self.plan(case, answers.say('request-changed'))
            return
        with Undo(plan, self._target, office.journal,
                  self._secretary.asked(case.title, case.record.id)) as undo:
            for place in range(len(plan.pages)):
                if office.stop.asked():
                    break
                undo.treat(place)
        if any(result.outcome is None for result in undo.results):
            if not office.stop.reason:
                raise ImportbotError('the undo is not at its end; the next '
                                     'pass goes on')
            self._secretary.tell(case.title, case.record.id, 'the undo is '
                                 'not at its end; the next pass goes on')
            return
        self._end(case, plan, [answers.say(
            'request-undo-result', run=plan.run, undo=undo.run)], undo)
        self._log(case, proof.user, undo)

    @property
    def _target(self) -> Target:
        office = self._office
        return Target(office.wiki, office.siteinfo, office.access)

    def _plan(self, case: Case) -> UndoPlan:
        assert case.record.run is not None, 'only what was begun is undone'
        return plan_undo(self._office.journal, case.record.run, self._target,
                         self._office.configuration.deletion)

    def _groups(self, case: Case) -> tuple[str, ...]:
        return case.record.approvers or tuple(
            self._office.configuration.groups)

    def _may_approve(self, case: Case, proof: Proof) -> bool:
        user = self._office.people.users([proof.user_id]).get(proof.user_id)
        return may_approve(user, self._groups(case))

    def _may(self, case: Case, setter: Proof | Unproved) -> bool:
        """Whether somebody may ask for an undo: who may approve one, and
        who asked for what nobody had to agree to."""
        if isinstance(setter, Unproved):
            return False
        if setter.user == self._office.access.user:
            # An earlier pass died before it could show the plan.
            return True
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
        """Return the end that the request had before somebody set undo."""
        known = Status(case.record.status)
        return known if known is not Status.UNDO else Status.MANUAL

    def _body(self, plan: UndoPlan, undo: Undo | None = None) -> list[str]:
        """Return notes, what is left to people, and the table."""
        language, paste = self._office.answers.language, deletion_list(plan)
        return [
            *note_lines(plan.notes, language),
            *([self._office.answers.say('request-undo-paste'),
               f'<pre>{chr(10).join(paste)}</pre>'] if paste else ()),
            *undo_wikitext(plan, language, undo.results if undo else None)]

    def _end(self, case: Case, plan: UndoPlan, lead: list[str],
             undo: Undo | None = None) -> None:
        """Say what became of an undo; what is left is for people."""
        is_done = not plan.leaves_work and (undo is None
                                            or undo.went_as_planned)
        status = Status.UNDONE if is_done else Status.MANUAL
        self._secretary.answer(
            case, status, [*lead, *self._body(plan, undo)],
            f'undone {undo.run if undo else plan.id}')
        self._secretary.tell(
            case.title, case.record.id,
            undo_summary(plan, undo.results if undo else None))

    def _log(self, case: Case, user: str, undo: Undo) -> None:
        language = self._office.answers.language
        self._secretary.log(
            case.title, case.record.id, anchor('undo', undo.run),
            message(language, 'request-undo-log-line',
                    request=self._secretary.link(case.title, case.record.id),
                    user=self._secretary.user(user), run=undo.plan.run,
                    undo=undo.run))
