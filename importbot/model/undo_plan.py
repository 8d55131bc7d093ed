"""How a run is undone, page by page: a plan as a value."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar

from importbot.model.change_plan import ChangePlan, Mode
from importbot.model.decisions import Role
from importbot.model.documents import (
    SCHEMA,
    EndpointDocument,
    UndoPageDocument,
    UndoPlanDocument,
    UndoStepDocument,
)
from importbot.model.notes import Note
from importbot.model.plan import Endpoint, as_text
from importbot.model.revisions import Revision


__all__ = ('DeleteStep', 'DiscardStep', 'EditingStep', 'MarkStep',
           'PageStep', 'RestoreStep', 'UndoDecision', 'UndoPage', 'UndoPlan',
           'UndoReason', 'UndoStep', 'UndoVerdict', 'UnmergeStep',
           'UnmergingStep', 'undo_page_document', 'undo_step_document')


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
    MERGED = 'merged'
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
class DeleteStep:

    """The page is deleted.

    :param revision: id of the newest revision that it is done to
    """

    action: ClassVar[str] = 'delete'

    revision: int


@dataclass(frozen=True, slots=True)
class RestoreStep:

    """The text before the run comes back.

    :param revision: id of the newest revision that it is done to
    :param text: id of the revision whose text comes back
    """

    action: ClassVar[str] = 'restore'

    revision: int
    text: int


@dataclass(frozen=True, slots=True)
class MarkStep:

    """The page is marked for deletion.

    :param revision: id of the newest revision that it is done to
    """

    action: ClassVar[str] = 'mark'

    revision: int

    @property
    def text(self) -> int:
        """Id of the revision whose text gets the mark."""
        return self.revision


@dataclass(frozen=True, slots=True)
class UnmergeStep:

    """Revisions of the run are moved out of the history of a page.

    They follow each other there, by time and id, with no other between.

    :param revision: id of the newest revision of the page that it is done
        to; where its text is restored before, of the one before that
    :param first: id of the oldest revision that is moved
    :param last: id of the newest one
    :param begins: timestamp of the oldest one
    :param ends: timestamp of the newest one
    :param count: how many they are
    :param home: full title of the page that they are moved to
    """

    action: ClassVar[str] = 'unmerge'

    revision: int
    first: int
    last: int
    begins: str
    ends: str
    count: int
    home: str

    def holds(self, revision: Revision) -> bool:
        """Return whether a revision of the page is between its ends."""
        return (self.begins, self.first) <= (
            revision.timestamp, revision.id) <= (self.ends, self.last)


@dataclass(frozen=True, slots=True)
class DiscardStep:

    """The page that revisions of the run were moved to is deleted.

    Or the redirect that stayed where the run moved the page from.

    :param home: its full title
    """

    action: ClassVar[str] = 'discard'

    home: str


#: Those that save a text.
EditingStep = RestoreStep | MarkStep

#: Those that change what a page shows.
PageStep = DeleteStep | EditingStep

#: Those that take a merged history apart.
UnmergingStep = UnmergeStep | DiscardStep

UndoStep = PageStep | UnmergingStep


def undo_step_document(step: UndoStep) -> UndoStepDocument:
    """Return the document of a step."""
    return UndoStepDocument.model_construct(action=step.action,
                                            **asdict(step))


@dataclass(frozen=True, slots=True)
class UndoVerdict:

    """A decision with its reason and what it costs.

    :param decision: what is to happen
    :param reason: why
    :param step: what it does to what the page shows, None for nothing
    :param unmerging: what it does to the history behind that, in order
    :param is_gone: whether the target has no such page any more
    :param is_marked: whether an undo before has marked it for deletion
    :param awaits_deletion: whether it is left to somebody who may delete
    :param is_own: whether the page shows the text from before the run, or
        does when the step is done
    :param others: ids of its revisions that no run brought, newest first,
        where they are in the way
    """

    decision: UndoDecision
    reason: UndoReason
    step: PageStep | None = None
    unmerging: tuple[UnmergingStep, ...] = ()
    is_gone: bool = False
    is_marked: bool = False
    awaits_deletion: bool = False
    is_own: bool = field(default=False, compare=False)
    others: tuple[int, ...] = field(default=(), compare=False)


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
    verdict: UndoVerdict
    is_merged: bool = False

    @property
    def decision(self) -> UndoDecision:
        """What is to happen."""
        return self.verdict.decision

    @property
    def reason(self) -> UndoReason:
        """Why."""
        return self.verdict.reason

    @property
    def steps(self) -> tuple[UndoStep, ...]:
        """What it does on the target."""
        step = (self.verdict.step, ) if self.verdict.step else ()
        return *step, *self.verdict.unmerging

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return undo_page_document(self).as_json()


def undo_page_document(page: UndoPage) -> UndoPageDocument:
    """Return the document of a page."""
    return UndoPageDocument.model_construct(
        position=page.position, title=page.title, source=page.source,
        role=page.role, decision=page.decision.value,
        reason=page.reason.value,
        steps=list(map(undo_step_document, page.steps)),
        merged=page.is_merged)


@dataclass(frozen=True)
class UndoPlan(ChangePlan):

    """How a run is undone, page by page, requested pages first.

    :param run: number of the run
    :param target: the wiki that it imported into
    :param mark: wikitext that marks a page for deletion, empty for none
    :param pages: pages of which the run has planned steps
    :param notes: what a person should know
    """

    mode: ClassVar = Mode.UNDO
    decisions: ClassVar = UndoDecision

    run: int
    target: Endpoint
    mark: str
    pages: tuple[UndoPage, ...]
    notes: tuple[Note, ...] = ()

    @cached_property
    def id(self) -> str:
        """Digest of the decisions."""
        return hashlib.sha256(as_text(
            [self.run, self.target.api, self.mark,
             [page.as_json() for page in self.pages]]
        ).encode()).hexdigest()[:16]

    @property
    def held(self) -> Sequence[UndoPage]:
        """Pages that a person has to look after."""
        return [page for page in self.pages
                if page.verdict.decision is UndoDecision.HOLD]

    @property
    def leaves_work(self) -> bool:
        """Whether a person has to do something when it is done."""
        return bool(self.held) or any(
            page.verdict.is_marked
            or isinstance(page.verdict.step, MarkStep)
            for page in self.pages)

    def is_within(self, agreed: Mapping[str, Any]) -> bool:
        """Return whether it does nothing that an earlier one did not say.

        What is done already since then need not be agreed to again.

        :param agreed: the earlier plan in its JSON form
        """
        agreed_pages = {page['title']: page for page in agreed['pages']}
        return self.run == agreed['undoes'] and self.mark == agreed[
            'mark'] and all(
                _are_among(page.steps, (agreed_pages.get(page.title)
                                        or {}).get('steps', []))
                for page in self.pages)

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return UndoPlanDocument.model_construct(
            version=SCHEMA, id=self.id, undoes=self.run,
            target=EndpointDocument.of(self.target), mark=self.mark,
            pages=list(map(undo_page_document, self.pages)),
            notes=[note.as_json() for note in self.notes],
            summary=self.summary).as_json()


def _are_among(steps: Sequence[UndoStep],
               agreed: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether all steps of a page were agreed to.

    Of those that take a history apart, some may be done since; by then the
    restored text may be the newest.
    """
    shown = [undo_step_document(step).as_json() for step in steps]
    if not any(isinstance(step, UnmergingStep) for step in steps):
        return not shown or shown == [*agreed]
    return all(_apart(step) in map(_apart, agreed) for step in shown)


def _apart(step: Mapping[str, Any]) -> Mapping[str, Any]:
    return ({name: value for name, value in step.items()
             if name != 'revision'}
            if step.get('action') == UnmergeStep.action else step)
