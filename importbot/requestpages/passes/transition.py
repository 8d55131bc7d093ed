"""What is to be done with a request next: its page against the journal."""
from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from importbot.requestpages.page.request import Request
from importbot.requestpages.status import Status


__all__ = ('Known', 'NextStep', 'next_step')


class NextStep(Enum):

    """What the bot does with a request."""

    #: Nothing: it waits for a person, or is out of the bot's hands.
    WAIT = 'left alone'
    #: Give it an id, plan it and answer.
    ADOPT = 'given an id and planned'
    #: Plan it again, because it or its state was edited.
    PLAN = 'planned again'
    #: Look who approved it, and import.
    IMPORT = 'imported, if the approval counts'
    #: Resume an import, or say what became of it.
    GO_ON = 'resumed'
    #: An id that ended is never run again.
    ENDED = 'answered: it has ended'
    #: It waits for the bot's operator: planned again as soon as it may be.
    RETRY = 'tried again, if nothing is in its way any more'
    #: Plan its undo and show that.
    UNDO = 'planned to be undone'
    #: Look who agreed to the undo, and undo.
    UNDO_APPROVED = 'undone, if the approval counts'


@dataclass(frozen=True)
class Known:

    """What the journal knows of a request.

    :param status: the state that the bot left it in
    :param fingerprint: of what was wanted then
    :param plan: id of the plan that was shown
    :param is_ended: whether it came to its end
    :param is_begun: whether anything of its import may have been sent
    """

    status: Status
    fingerprint: str
    plan: str
    is_ended: bool = False
    is_begun: bool = True


def next_step(request: Request, recorded: Known | None) -> NextStep:
    """Return what is to be done with a request.

    :param request: as it stands on its page
    :param recorded: what the journal knows of it, None for nothing
    """
    status = request.status
    is_open = status is None or status.is_open
    if request.broken:
        # It has no state; the answer stands below it, or does not yet.
        return NextStep.ADOPT
    if recorded is None:
        return NextStep.ADOPT if is_open else NextStep.WAIT
    if recorded.is_ended:
        return _step_of_ended(request, recorded)
    if recorded.status is Status.IMPORTING:
        if recorded.is_begun or status is Status.IMPORTING:
            # Whatever was written over it; but people can take it away.
            return NextStep.WAIT if status and (
                status.is_taken_away or status is Status.QUESTION
            ) else NextStep.GO_ON
        # The pass died before anybody could see that it began.
        recorded = replace(recorded, status=Status.REVIEW)
    if not is_open:
        return NextStep.WAIT
    edited = request.fingerprint != recorded.fingerprint
    if status is Status.APPROVED:
        same = not edited and request.plan == recorded.plan and recorded.plan
        return NextStep.IMPORT if same else NextStep.PLAN
    if status in (Status.NEW, None):
        waits = status is None and recorded.status is Status.QUESTION
        return NextStep.WAIT if waits and not edited else NextStep.PLAN
    if edited or status is not recorded.status or (
            status is Status.REVIEW and request.plan != recorded.plan):
        return NextStep.PLAN
    return (NextStep.RETRY if status is Status.OPERATOR
            else NextStep.WAIT)


def _step_of_ended(request: Request, recorded: Known) -> NextStep:
    status = request.status
    if status is Status.UNDO and recorded.is_begun:
        return NextStep.UNDO
    if recorded.status is Status.UNDO and status in (Status.REVIEW,
                                                     Status.APPROVED):
        if request.plan != recorded.plan:
            return NextStep.UNDO
        return (NextStep.UNDO_APPROVED if status is Status.APPROVED
                else NextStep.WAIT)
    if status in (Status.NEW, Status.REVIEW, Status.APPROVED):
        return NextStep.ENDED
    return NextStep.WAIT
