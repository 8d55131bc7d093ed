"""What a run left and what is there now → how it is undone: pure rules."""
from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from functools import cached_property
from typing import Any

from importbot.model.plans import SCHEMA, Endpoint, as_text
from importbot.model.revisions import Revision
from importbot.model.words import Outcome, Role


__all__ = ('Left', 'There', 'UndoDecision', 'UndoPage', 'UndoPlan',
           'UndoReason', 'UndoStep', 'Verdict', 'decide_undo',
           'marked_text', 'undo_page_from_json')


class UndoDecision(str, Enum):

    """What is to happen with a page that a run brought."""

    UNDO = 'undo'
    SKIP = 'skip'
    HOLD = 'hold'


class UndoReason(str, Enum):

    """Why; its sentence stands in ``i18n``."""

    CREATED = 'created'
    REPLACED = 'replaced'
    MAY_NOT_DELETE = 'may-not-delete'
    NOT_BROUGHT = 'not-brought'
    GONE = 'gone'
    AS_BEFORE = 'as-before'
    MARKED = 'marked'
    NOT_RECORDED = 'not-recorded'
    ON_ITS_WAY = 'on-its-way'
    ELSEWHERE = 'elsewhere'
    MOVED = 'moved'
    EDITED_MEANWHILE = 'edited-meanwhile'
    EDITED_SINCE = 'edited-since'
    HISTORY_CHANGED = 'history-changed'
    OTHERS_BENEATH = 'others-beneath'
    TEXT_HIDDEN = 'text-hidden'
    PROTECTED = 'protected'
    NOBOTS = 'nobots'
    WOULD_BE_TRANSFORMED = 'would-be-transformed'
    NOT_EDITABLE = 'not-editable'


@dataclass(frozen=True, slots=True)
class Left:

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
class There:

    """What the target has now.

    :param newest: newest revision of the page, None if there is no page
    :param stands_for: id of the revision of the run that the newest one
        amounts to: itself, or what undone runs after it put back
    :param home: full title of the page that has the revision which the
        run left; empty where the wiki has it no more
    :param has_landed: whether there is a page of the title that the import
        gave it and that the run was to move
    :param sha1_before: of the text before the run, empty where the wiki
        does not show it in this page
    :param model: content model
    :param may_delete: whether the account may delete it
    :param may_edit: whether the account may edit it
    :param is_protected: whether editing it is restricted
    :param bars_bot: whether a template on it keeps the bot out
    :param is_marked: whether an undo has marked it for deletion
    :param is_mixed: whether it was restored since, or its history merged
        with that of another page
    :param others: ids of revisions that no run brought, of a page that the
        run created
    :param would_be_transformed: whether the wiki would sign or substitute
        in the text that the page is to get back, or to have marked
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
    bars_bot: bool = False
    is_marked: bool = False
    is_mixed: bool = False
    others: tuple[int, ...] = ()
    would_be_transformed: bool = False


@dataclass(frozen=True, slots=True)
class UndoStep:

    """What an undo does to a page.

    :param action: ``delete``, ``restore`` or ``mark``
    :param revision: id of the newest revision that it is done to
    :param text: of a restoration, id of the revision whose text comes back
    """

    action: str
    revision: int
    text: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the step without what it does not use."""
        return {item.name: value for item in fields(self)
                if (value := getattr(self, item.name))}


@dataclass(frozen=True, slots=True)
class Verdict:

    """A decision with its reason and what it costs.

    :param decision: what is to happen
    :param reason: why
    :param step: what it does on the target, None for nothing
    """

    decision: UndoDecision
    reason: UndoReason
    step: UndoStep | None = None


def _skip(reason: UndoReason) -> Verdict:
    return Verdict(UndoDecision.SKIP, reason)


def _hold(reason: UndoReason) -> Verdict:
    return Verdict(UndoDecision.HOLD, reason)


def _undo(reason: UndoReason, action: str, revision: int,
          text: int = 0) -> Verdict:
    return Verdict(UndoDecision.UNDO, reason,
                   UndoStep(action, revision, text))


def decide_undo(title: str, left: Left, there: There, *,
                marks: bool) -> Verdict:
    """Return how a page is undone; where in doubt, a person decides.

    :param title: full title on the target
    :param left: how the run left it
    :param there: what the target has now
    :param marks: whether pages that the account may not delete are to be
        marked for deletion
    """
    if not left.after:
        return _of_unrecorded(left, there)
    if left.before == left.after:
        return _skip(UndoReason.NOT_BROUGHT)
    if there.newest is None and there.home in ('', title):
        return _skip(UndoReason.GONE)
    if there.home not in ('', title):
        return _hold(UndoReason.MOVED)
    newest = there.newest
    assert newest is not None, 'else it is gone or moved'
    if left.is_shared and there.stands_for == left.after:
        # Whatever it shows: what somebody wrote may lie beneath.
        return _hold(UndoReason.EDITED_MEANWHILE)
    if left.before and there.sha1_before == newest.sha1 != '':
        return _skip(UndoReason.AS_BEFORE)
    if there.is_marked and not there.may_delete:
        return _skip(UndoReason.MARKED)
    if there.is_protected:
        # Protecting it left a revision of its own.
        return _hold(UndoReason.PROTECTED)
    if there.stands_for != left.after:
        return _hold(UndoReason.EDITED_SINCE)
    return (_restored(left, there, newest) if left.before
            else _deleted(there, newest, marks))


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


def _of_unrecorded(left: Left, there: There) -> Verdict:
    if not left.was_brought:
        return _skip(UndoReason.NOT_BROUGHT)
    if left.is_on_its_way:
        return _hold(UndoReason.ON_ITS_WAY)
    if there.newest:
        return _hold(UndoReason.NOT_RECORDED)
    # The answer named another title, or it was not moved from there.
    return (_hold(UndoReason.ELSEWHERE)
            if there.has_landed or left.outcome is Outcome.DIFFERS
            else _skip(UndoReason.GONE))


def _deleted(there: There, newest: Revision, marks: bool) -> Verdict:
    if there.others:
        return _hold(UndoReason.OTHERS_BENEATH)
    if there.is_mixed:
        # Revisions of others may lie beneath that of the run.
        return _hold(UndoReason.HISTORY_CHANGED)
    if there.may_delete:
        return _undo(UndoReason.CREATED, 'delete', newest.id)
    if marks and there.model == 'wikitext' and there.may_edit:
        if there.bars_bot:
            return _hold(UndoReason.NOBOTS)
        if there.would_be_transformed:
            return _hold(UndoReason.WOULD_BE_TRANSFORMED)
        return _undo(UndoReason.MAY_NOT_DELETE, 'mark', newest.id)
    return _hold(UndoReason.MAY_NOT_DELETE)


def _restored(left: Left, there: There, newest: Revision) -> Verdict:
    if not there.sha1_before:
        return _hold(UndoReason.TEXT_HIDDEN)
    if there.bars_bot:
        return _hold(UndoReason.NOBOTS)
    if not there.may_edit:
        return _hold(UndoReason.NOT_EDITABLE)
    if there.would_be_transformed:
        return _hold(UndoReason.WOULD_BE_TRANSFORMED)
    return _undo(UndoReason.REPLACED, 'restore', newest.id, left.before)


@dataclass(frozen=True)
class UndoPage:

    """One page of an undo with its one decision.

    :param position: its place in the plan of the run that is undone
    :param title: full title on the target
    :param source: where it came from, with the interwiki prefix
    :param role: what it was to that run
    :param verdict: what is to happen, and why
    :param is_merged: whether the source's revisions stay in its history,
        whatever is done
    """

    position: int
    title: str
    source: str
    role: Role
    verdict: Verdict
    is_merged: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        step = self.verdict.step
        return {'position': self.position, 'title': self.title,
                'source': self.source, 'role': self.role.value,
                'decision': self.verdict.decision.value,
                'reason': self.verdict.reason.value,
                'steps': [step.as_json()] if step else [],
                'merged': self.is_merged}


def undo_page_from_json(data: Mapping[str, Any]) -> UndoPage:
    """Return a page from its JSON form.

    :param data: a member of the ``pages`` of an undo
    """
    step = next((UndoStep(**step) for step in data['steps']), None)
    return UndoPage(
        data['position'], data['title'], data['source'], Role(data['role']),
        Verdict(UndoDecision(data['decision']), UndoReason(data['reason']),
                step), data['merged'])


@dataclass(frozen=True)
class UndoPlan:

    """How a run is undone, page by page, requested pages first.

    :param run: number of the run
    :param target: the wiki that it imported into
    :param mark: wikitext that marks a page for deletion, empty for none
    :param pages: pages of which the run has planned steps
    :param notes: what a person should know
    """

    run: int
    target: Endpoint
    mark: str
    pages: tuple[UndoPage, ...]
    notes: tuple[Mapping[str, Any], ...] = ()

    @cached_property
    def id(self) -> str:
        """Digest of the decisions."""
        return hashlib.sha256(as_text(
            [self.run, self.target.api, self.mark,
             [page.as_json() for page in self.pages]]
        ).encode()).hexdigest()[:16]

    @property
    def summary(self) -> dict[str, int]:
        """Number of pages by decision."""
        counts = Counter(page.verdict.decision for page in self.pages)
        return {decision.value: counts[decision]
                for decision in UndoDecision}

    @property
    def has_work(self) -> bool:
        """Whether any page has a step."""
        return any(page.verdict.step for page in self.pages)

    @property
    def held(self) -> Sequence[UndoPage]:
        """Pages that a person has to look after."""
        return [page for page in self.pages
                if page.verdict.decision is UndoDecision.HOLD]

    @property
    def leaves_work(self) -> bool:
        """Whether a person has to do something when it is done."""
        return bool(self.held) or any(
            page.verdict.reason is UndoReason.MARKED
            or (page.verdict.step and page.verdict.step.action == 'mark')
            for page in self.pages)

    def is_within(self, agreed: Mapping[str, Any]) -> bool:
        """Return whether it does nothing that an earlier one did not say.

        What is done already since then need not be agreed to again.

        :param agreed: the earlier plan in its JSON form
        """
        known = {page['title']: page for page in agreed['pages']}
        return self.run == agreed['undoes'] and self.mark == agreed[
            'mark'] and all(
                page.verdict.step is None
                or (known.get(page.title) or {}).get('steps')
                == [page.verdict.step.as_json()] for page in self.pages)

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {'schema': SCHEMA, 'id': self.id, 'undoes': self.run,
                'target': self.target.as_json(), 'mark': self.mark,
                'pages': [page.as_json() for page in self.pages],
                'notes': [dict(note) for note in self.notes],
                'summary': self.summary}
