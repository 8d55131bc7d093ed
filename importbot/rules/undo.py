"""What a run left and what is there now → how it is undone."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch

from importbot.model.decisions import Outcome
from importbot.model.revisions import Revision
from importbot.model.undo_plan import (
    DeleteStep,
    DiscardStep,
    EditingStep,
    MarkStep,
    PageStep,
    RestoreStep,
    UndoDecision,
    UndoReason,
    UndoVerdict,
    UnmergingStep,
)


__all__ = ('RecordedState', 'CurrentState', 'decide_undo', 'marked_text',
           'text_to_save', 'unmerged_verdict')


@dataclass(frozen=True, slots=True)
class RecordedState:

    """How a run left a page, by the journal.

    :param before: id of the revision that the page had, 0 for no page
    :param after: id of its newest revision then, 0 where nobody knows
    :param outcome: what became of the page
    :param was_sent: whether anything was sent of it
    :param imported: revisions that the wiki says it took
    :param is_shared: whether somebody else edited it at the same time
    """

    before: int = 0
    after: int = 0
    outcome: Outcome | None = None
    was_sent: bool = True
    imported: int = 0
    is_shared: bool = False

    @property
    def was_brought(self) -> bool:
        """Whether anything of it may have arrived.

        A long page can be refused when part of it has.
        """
        return self.was_sent and (bool(self.imported) or self.outcome not in (
            Outcome.UNCHANGED, Outcome.REJECTED))

    @property
    def is_on_its_way(self) -> bool:
        """Whether nobody has found out yet what came of it."""
        return self.was_sent and self.outcome in (None, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CurrentState:

    """What the target has now.

    :param newest: newest revision of the page, None if there is no page
    :param stands_for: id of the revision of the run that the newest one
        amounts to: itself, or what undone runs after it put back
    :param home: full title of the page that has the revision which the
        run left; empty where the wiki no longer has it
    :param has_landed: whether there is a page of the title that the import
        gave it and that the run was to move
    :param sha1_before: of the text before the run, empty where the wiki
        does not show it in this page
    :param model: content model
    :param may_delete: whether the account may delete it
    :param may_edit: whether the account may edit it
    :param is_protected: whether editing it is restricted
    :param excludes_bot: whether a template on it keeps the bot out
    :param is_marked: whether an undo has marked it for deletion
    :param is_mixed: whether it was restored since, or its history merged
        with that of another page
    :param others: ids of revisions that no run brought, of a page that the
        run created
    :param would_be_transformed: whether the wiki would sign or substitute
        in the text that the page is to get back, or to have marked
    :param redirect: full title of the redirect that the move to its title
        left, if the account may delete it; empty for none
    """

    newest: Revision | None = None
    stands_for: int = 0
    home: str = ''
    has_landed: bool = False
    sha1_before: str = ''
    model: str = 'wikitext'
    may_delete: bool = False
    may_edit: bool = True
    is_protected: bool = False
    excludes_bot: bool = False
    is_marked: bool = False
    is_mixed: bool = False
    others: tuple[int, ...] = ()
    would_be_transformed: bool = False
    redirect: str = ''

    @property
    def may_be_changed(self) -> bool:
        """Whether nothing keeps the account from changing it."""
        return self.may_edit and not (self.is_protected or self.excludes_bot)


_GONE = UndoVerdict(UndoDecision.SKIP, UndoReason.GONE, is_gone=True)


def _skip(reason: UndoReason) -> UndoVerdict:
    return UndoVerdict(UndoDecision.SKIP, reason)


def _hold(reason: UndoReason) -> UndoVerdict:
    return UndoVerdict(UndoDecision.HOLD, reason)


def _undo(reason: UndoReason, step: PageStep) -> UndoVerdict:
    return UndoVerdict(UndoDecision.UNDO, reason, step)


def decide_undo(title: str, recorded: RecordedState, current: CurrentState, *,
                marks: bool) -> UndoVerdict:
    """Return how a page is undone; where in doubt, a person decides.

    :param title: full title on the target
    :param recorded: how the run left it
    :param current: what the target has now
    :param marks: whether pages that the account may not delete are to be
        marked for deletion
    """
    verdict = _decided(title, recorded, current, marks=marks)
    if not current.redirect:
        return verdict
    leaves = (DiscardStep(current.redirect), )
    if isinstance(verdict.step, DeleteStep):
        return replace(verdict, unmerging=leaves)
    return UndoVerdict(UndoDecision.UNDO, UndoReason.CREATED,
                       unmerging=leaves) if verdict.is_gone else verdict


def _decided(title: str, recorded: RecordedState, current: CurrentState, *,
             marks: bool) -> UndoVerdict:
    if not recorded.after:
        return _of_unrecorded(recorded, current)
    if recorded.before == recorded.after:
        return _skip(UndoReason.NOT_BROUGHT)
    if current.newest is None and current.home in ('', title):
        return _GONE
    if current.home not in ('', title):
        return _hold(UndoReason.MOVED)
    newest = current.newest
    assert newest is not None, 'else it is gone or moved'
    if recorded.is_shared and current.stands_for == recorded.after:
        # Whatever it shows: what somebody wrote may lie beneath.
        return _hold(UndoReason.EDITED_MEANWHILE)
    if recorded.before and current.sha1_before == newest.sha1 != '':
        return UndoVerdict(UndoDecision.SKIP, UndoReason.AS_BEFORE,
                           is_own=True)
    if current.is_marked and not current.may_delete:
        return UndoVerdict(UndoDecision.SKIP, UndoReason.MARKED,
                           is_marked=True)
    if current.is_protected:
        # Protecting it left a revision of its own.
        return _hold(UndoReason.PROTECTED)
    if current.stands_for != recorded.after:
        return _hold(UndoReason.EDITED_SINCE)
    return (_restored(recorded, current, newest) if recorded.before
            else _deleted(current, newest, marks))


def unmerged_verdict(verdict: UndoVerdict,
                     steps: Sequence[UnmergingStep]) -> UndoVerdict:
    """Return a verdict with what is done to the history of the page.

    :param verdict: on what it shows
    :param steps: in order
    """
    if verdict.step is None:
        verdict = UndoVerdict(UndoDecision.UNDO, UndoReason.MERGED)
    return replace(verdict, unmerging=tuple(steps))


@singledispatch
def text_to_save(step: EditingStep, text: str, mark: str, *, is_used: bool,
                 is_redirect: bool) -> str:
    """Return the text that a step saves; each kind has its own function.

    :param text: of the revision that the step names
    :param mark: see :func:`marked_text`, with what follows
    """
    raise NotImplementedError(f'{step} saves no text')


@text_to_save.register
def _(step: RestoreStep, text: str, mark: str, *, is_used: bool,
      is_redirect: bool) -> str:
    return text


@text_to_save.register
def _(step: MarkStep, text: str, mark: str, *, is_used: bool,
      is_redirect: bool) -> str:
    return marked_text(text, mark, is_used=is_used, is_redirect=is_redirect)


def marked_text(text: str, mark: str, *, is_used: bool,
                is_redirect: bool) -> str:
    """Return a text with a mark for deletion, where it does no harm.

    :param text: of the page
    :param mark: wikitext
    :param is_used: whether other pages may transclude it; only the page is
        to be deleted, not who uses it
    :param is_redirect: whether it is a redirect, which leads nowhere if
        anything stands before it
    """
    mark = f'<noinclude>{mark}</noinclude>' if is_used else f'{mark}\n'
    return f'{text}\n{mark}' if is_redirect else f'{mark}{text}'


def _of_unrecorded(recorded: RecordedState,
                   current: CurrentState) -> UndoVerdict:
    if not recorded.was_brought:
        return _skip(UndoReason.NOT_BROUGHT)
    if recorded.is_on_its_way:
        return _hold(UndoReason.ON_ITS_WAY)
    if current.newest:
        return _hold(UndoReason.NOT_RECORDED)
    # The answer named another title, or it was not moved from there.
    return (_hold(UndoReason.ELSEWHERE)
            if current.has_landed or recorded.outcome is Outcome.DIFFERS
            else _GONE)


def _deleted(current: CurrentState, newest: Revision,
             marks: bool) -> UndoVerdict:
    if current.others:
        return UndoVerdict(UndoDecision.HOLD, UndoReason.OTHERS_BENEATH,
                           others=current.others)
    if current.is_mixed:
        # Revisions of others may lie beneath that of the run.
        return _hold(UndoReason.HISTORY_CHANGED)
    if current.may_delete:
        return _undo(UndoReason.CREATED, DeleteStep(newest.id))
    if marks and current.model == 'wikitext' and current.may_edit:
        if current.excludes_bot:
            return _hold(UndoReason.NOBOTS)
        if current.would_be_transformed:
            return _hold(UndoReason.WOULD_BE_TRANSFORMED)
        return _undo(UndoReason.MAY_NOT_DELETE, MarkStep(newest.id))
    return UndoVerdict(UndoDecision.HOLD, UndoReason.MAY_NOT_DELETE,
                       awaits_deletion=True)


def _restored(recorded: RecordedState, current: CurrentState,
              newest: Revision) -> UndoVerdict:
    if not current.sha1_before:
        return _hold(UndoReason.TEXT_HIDDEN)
    if current.excludes_bot:
        return _hold(UndoReason.NOBOTS)
    if not current.may_edit:
        return _hold(UndoReason.NOT_EDITABLE)
    if current.would_be_transformed:
        return _hold(UndoReason.WOULD_BE_TRANSFORMED)
    return UndoVerdict(UndoDecision.UNDO, UndoReason.REPLACED,
                       RestoreStep(newest.id, recorded.before), is_own=True)
