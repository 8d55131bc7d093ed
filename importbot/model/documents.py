"""The JSON of plans, reports and undos: schema 1, field by field.

A document is made of a value and says its JSON (:meth:`Document.as_json`),
or is read from JSON (``model_validate``) and held to its types: what a
person or a disk has damaged is said with the place where it stands. What a
value is made of a document is in :mod:`importbot.model.codec`.
"""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    ValidationError,
    model_serializer,
    model_validator,
)

from importbot.model.decisions import (
    Decision,
    Evidence,
    Outcome,
    Reason,
    Relation,
    Role,
    TextAfter,
)
from importbot.model.steps import (
    CleanUpStep,
    EditStep,
    ImportStep,
    MoveStep,
    Step,
)
from importbot.model.titles import MAIN


if TYPE_CHECKING:
    from importbot.model.plan import Endpoint, Plan, PlannedPage


__all__ = ('SCHEMA', 'Document', 'EndpointDocument', 'PageDocument',
           'PlanDocument', 'ResultDocument', 'StepDocument',
           'UndoPageDocument', 'UndoPlanDocument', 'UndoStepDocument',
           'UnresolvedDocument', 'damages', 'step_document')

SCHEMA = 1

_Word = Field(strict=False)

#: What pydantic puts into a place besides names and numbers.
_TAGS = frozenset({'import', 'show', 'clean', 'move', 'delete', 'restore',
                   'mark'})


class Document(BaseModel):

    """A part of the JSON; names that it does not know are passed over."""

    model_config = ConfigDict(strict=True, frozen=True, extra='ignore',
                              protected_namespaces=())

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return self.model_dump(mode='json', by_alias=True, warnings=False)


class _Short(Document):

    """A part that leaves out what it does not use."""

    @model_serializer(mode='wrap')
    def _used(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Return the members that say something."""
        return {name: value for name, value in handler(self).items()
                if value not in (None, '')}


class EndpointDocument(Document):

    """See :class:`importbot.model.plan.Endpoint`."""

    api: str
    wiki: str = ''
    prefix: str | None = None
    user: str | None = None

    @model_serializer(mode='wrap')
    def _known(self, handler: SerializerFunctionWrapHandler,
               ) -> dict[str, Any]:
        """Return what is known of the wiki."""
        return {name: value for name, value in handler(self).items()
                if value is not None}

    @classmethod
    def of(cls, endpoint: Endpoint) -> EndpointDocument:
        """Return the document of a wiki."""
        return cls.model_construct(**vars(endpoint))


class ImportDocument(_Short):

    """See :class:`importbot.model.steps.ImportStep`."""

    action: Literal['import']
    via: Literal['interwiki', 'upload']
    because: str = ''
    history: Literal['', 'full', 'current'] = ''
    namespace: int | None = None
    rootpage: str = ''
    replaces: int | None = None


class EditDocument(Document):

    """See :class:`importbot.model.steps.EditStep`."""

    action: Literal['edit']
    text: Annotated[TextAfter, _Word]


class CleanUpDocument(Document):

    """See :class:`importbot.model.steps.CleanUpStep`."""

    action: Literal['edit']
    post: list[str]


class MoveDocument(_Short):

    """See :class:`importbot.model.steps.MoveStep`."""

    action: Literal['move']
    landing: str
    redirect: bool | None = None


def _kind(data: Any) -> str:
    """Return which step something is, by what pydantic calls it."""
    if not isinstance(data, Mapping):
        return str(getattr(data, 'action', ''))
    action = data.get('action')
    if action == 'edit':
        return 'clean' if 'post' in data else 'show'
    return action if isinstance(action, str) else ''


StepDocument = Annotated[
    Annotated[ImportDocument, Tag('import')]
    | Annotated[EditDocument, Tag('show')]
    | Annotated[CleanUpDocument, Tag('clean')]
    | Annotated[MoveDocument, Tag('move')], Discriminator(_kind)]


def step_document(step: Step) -> Document:
    """Return the document of a step."""
    match step:
        case ImportStep():
            return ImportDocument.model_construct(action=step.action,
                                                  **asdict(step))
        case EditStep(text):
            return EditDocument.model_construct(action=step.action, text=text)
        case CleanUpStep(names):
            return CleanUpDocument.model_construct(action=step.action,
                                                   post=list(names))
        case MoveStep(landing, redirect):
            return MoveDocument.model_construct(
                action=step.action, landing=landing,
                redirect=redirect or None)


class PageDocument(Document):

    """See :class:`importbot.model.plan.PlannedPage`."""

    title: str
    ns: int
    target: str
    role: Annotated[Role, _Word]
    needed_by: list[str]
    evidence: list[Annotated[Evidence, _Word]]
    relation: Annotated[Relation, _Word] | None
    decision: Annotated[Decision, _Word]
    reason: Annotated[Reason, _Word]
    steps: list[StepDocument]
    revisions: int | None
    bytes: int | None = None
    latest: int | None
    sha1: str | None
    model: str | None = None
    redirect: bool = False

    @model_validator(mode='after')
    def _agrees(self) -> PageDocument:
        """Check what one part says of another."""
        if self.ns != MAIN and ':' not in self.title:
            raise ValueError(f'the title "{self.title}" is not one of the '
                             f'namespace {self.ns}')
        return self

    @model_serializer(mode='wrap')
    def _written(self, handler: SerializerFunctionWrapHandler,
                 ) -> dict[str, Any]:
        """Return the members; schema 1 says of redirects alone that."""
        data: dict[str, Any] = handler(self)
        if not self.redirect:
            del data['redirect']
        return data

    @classmethod
    def of(cls, page: PlannedPage) -> PageDocument:
        """Return the document of a page."""
        newest = page.newest
        return cls.model_construct(
            title=str(page.title), ns=page.title.namespace,
            target=page.target_text, role=page.role,
            needed_by=sorted(map(str, page.needed_by)),
            evidence=list(page.evidence), relation=page.relation,
            decision=page.decision, reason=page.reason,
            steps=list(map(step_document, page.steps)),
            revisions=page.revisions, bytes=page.size,
            latest=newest.id if newest else None,
            sha1=newest.sha1 if newest else None,
            model=page.model if newest else None, redirect=page.is_redirect)


class ResultDocument(Document):

    """See :class:`importbot.model.report.PageResult`."""

    outcome: Annotated[Outcome, _Word] | None
    imported: int
    error: str | None


class UnresolvedDocument(Document):

    """See :class:`importbot.model.plan.Unresolved`."""

    name: str
    needed_by: list[str]


class PlanDocument(Document):

    """See :class:`importbot.model.plan.Plan`."""

    version: Literal[1] = Field(alias='schema')
    id: str
    source: EndpointDocument
    target: EndpointDocument
    options: dict[str, Any]
    pages: list[PageDocument]
    unresolved: list[UnresolvedDocument] = Field(default_factory=list)
    notes: list[dict[str, Any]] = Field(default_factory=list)
    summary: dict[str, int] = Field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> PlanDocument:
        """Return the document of a plan."""
        return cls.model_construct(
            version=SCHEMA, id=plan.id,
            source=EndpointDocument.of(plan.source),
            target=EndpointDocument.of(plan.target),
            options=asdict(plan.policy),
            pages=list(map(PageDocument.of, plan.pages)),
            unresolved=[UnresolvedDocument.model_construct(
                name=item.name, needed_by=sorted(map(str, item.needed_by)))
                for item in plan.unresolved],
            notes=[note.as_json() for note in plan.notes],
            summary=plan.summary)


class UndoStepDocument(_Short):

    """A step of an undo; see :mod:`importbot.model.undo_plan`."""

    action: Literal['delete', 'restore', 'mark', 'unmerge', 'discard']
    revision: int | None = None
    text: int | None = None
    first: int | None = None
    last: int | None = None
    begins: str = ''
    ends: str = ''
    count: int | None = None
    home: str = ''


class UndoPageDocument(Document):

    """See :class:`importbot.model.undo_plan.UndoPage`."""

    position: int
    title: str
    source: str
    role: Annotated[Role, _Word]
    decision: str
    reason: str
    steps: list[UndoStepDocument]
    merged: bool


class UndoPlanDocument(Document):

    """See :class:`importbot.model.undo_plan.UndoPlan`."""

    version: Literal[1] = Field(alias='schema')
    id: str
    undoes: int
    target: EndpointDocument
    mark: str
    pages: list[UndoPageDocument]
    notes: list[dict[str, Any]] = Field(default_factory=list)
    summary: dict[str, int] = Field(default_factory=dict)


def damages(error: ValidationError, above: Sequence[str | int] = (),
            ) -> list[str]:
    """Return what is wrong with some JSON, each with its place.

    :param error: what pydantic found
    :param above: names and numbers that lead to what was read
    """
    return [f'{_place((*above, *item["loc"]))}: {_expected(item)}'
            for item in error.errors()]


def _place(location: Sequence[str | int]) -> str:
    """Return a place as JSONPath writes it."""
    path, before = '$', None
    for part in location:
        if isinstance(part, int):
            path += f'[{part}]'
        elif not (isinstance(before, int) and part in _TAGS):
            path += f'.{part}'
        before = part
    return path


def _expected(item: Any) -> str:
    if item['type'] == 'extra_forbidden':
        return 'no such name is known here'
    if item['type'] == 'missing':
        return 'this has to be given'
    if item['type'] == 'union_tag_invalid':
        return 'no such step is known'
    value = json.dumps(item['input'], ensure_ascii=False, default=str)
    # What is a tuple here is a list in JSON.
    expected = item['msg'].replace('a valid tuple', 'a valid list')
    return f'{expected}, found {value[:80]}'
