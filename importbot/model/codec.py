"""Values from the JSON that they were written as.

The way back, from a value to its JSON, is ``as_json()`` of the value; both
go through :mod:`importbot.model.documents`.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any, get_args

from pydantic import create_model

from importbot.model.documents import (
    CleanUpDocument,
    Document,
    EditDocument,
    ImportDocument,
    MoveDocument,
    PageDocument,
    UndoPageDocument,
    UndoStepDocument,
    UnresolvedDocument,
)
from importbot.model.errors import UsageError
from importbot.model.implied import implied_by
from importbot.model.option import Kind
from importbot.model.plan import PlannedPage, Unresolved
from importbot.model.policy import Policy, policy_options
from importbot.model.revisions import Revision
from importbot.model.steps import (
    CleanUpStep,
    EditStep,
    ImportStep,
    MoveStep,
    Step,
)
from importbot.model.titles import Title
from importbot.model.undo_plan import (
    UndoDecision,
    UndoPage,
    UndoReason,
    UndoStep,
    UndoVerdict,
    UnmergingStep,
)


__all__ = ('ReadTitle', 'planned_page_from_json', 'planned_pages',
           'planned_pages_from_json', 'policy_from_json',
           'undo_page_from_json', 'undo_step',
           'unresolved_from_json')

#: Kinds of steps of an undo by their action.
_UNDO_STEPS: dict[str, type[UndoStep]] = {
    kind.action: kind for kind in get_args(UndoStep)}

#: Returns the title of a text, None where it is none on the wiki.
ReadTitle = Callable[[str], Title | None]


def policy_from_json(options: Mapping[str, Any], *,
                     passes_over: bool = False) -> Policy:
    """Return the policy of a plan in its JSON form.

    :param options: the ``options`` of the plan
    :param passes_over: whether options of a later release are left out
    :raises UsageError: an option or a value that this release does not know
    :raises ValueError: a value is of another type than its option
    """
    unknown = options.keys() - {item.name for item in fields(Policy)}
    if unknown and not passes_over:
        raise UsageError('The plan has options that this release of '
                         f'importbot does not know: {", ".join(unknown)}; '
                         'make it again')
    given = _policy_document().model_validate({
        name: _frozen(value) for name, value in options.items()
        if name not in unknown})
    return Policy(**{name: getattr(given, name)
                     for name in given.model_fields_set})


#: What JSON has for the kinds of options that a policy has.
_TYPES: dict[Kind, Any] = {
    Kind.FLAG: bool, Kind.NUMBER: int, Kind.NAMESPACE: int | None,
    Kind.PAIRS: tuple[tuple[str, str], ...],
    **dict.fromkeys((Kind.WORDS, Kind.TEXTS, Kind.PATTERNS, Kind.CLEANUPS),
                    tuple[str, ...])}


@cache
def _policy_document() -> type[Document]:
    """Return what the fields of a policy are of, as JSON has them."""
    names: Any = {option.field: (_TYPES.get(option.kind, str), option.default)
                  for option in policy_options()}
    return create_model('PolicyDocument', __base__=Document, **names)


def _frozen(value: Any) -> Any:
    """Return lists, as JSON has them, as tuples again."""
    if isinstance(value, (list, tuple)):
        return tuple(map(_frozen, value))
    return value


def _step(document: Any) -> Step:
    match document:
        case ImportDocument():
            return ImportStep(document.via, document.because,
                              document.history, document.namespace,
                              document.rootpage, document.replaces)
        case EditDocument(text=text):
            return EditStep(text)
        case CleanUpDocument(post=names):
            return CleanUpStep(tuple(names))
        case MoveDocument(landing=landing, redirect=redirect):
            return MoveStep(landing, bool(redirect))
    raise AssertionError(f'no step is made of {document}')


def planned_page_from_json(data: Mapping[str, Any],
                           read: ReadTitle = Title.unread) -> PlannedPage:
    """Return one page by itself; see :func:`planned_pages_from_json`.

    :param data: a member of the ``pages`` of a plan
    :param read: returns titles of the target
    """
    page, = planned_pages_from_json([data], read)
    return page


def planned_pages_from_json(rows: Iterable[Mapping[str, Any]],
                            read: ReadTitle = Title.unread,
                            ) -> tuple[PlannedPage, ...]:
    """Return pages from their JSON form; of revisions only what is there.

    :param rows: the ``pages`` of a plan
    :param read: returns titles of the target
    :raises ValueError: one is damaged
    """
    return planned_pages([PageDocument.model_validate(row) for row in rows],
                         read)


def planned_pages(documents: Sequence[PageDocument],
                  read: ReadTitle = Title.unread) -> tuple[PlannedPage, ...]:
    """Return the pages of some documents.

    :param documents: of the pages of a plan
    :param read: returns titles of the target
    """
    titles = {document.title: Title.known(document.title, document.ns)
              for document in documents}
    return tuple(_page(document, titles, read) for document in documents)


def _page(document: PageDocument, titles: Mapping[str, Title],
          read: ReadTitle) -> PlannedPage:
    page = PlannedPage(
        titles[document.title], _read(document.target, read), document.role,
        _needing(document.needed_by, titles), tuple(document.evidence),
        document.relation, document.decision, document.reason,
        tuple(map(_step, document.steps)),
        None if document.latest is None else Revision(
            document.latest, 0, '', document.sha1 or ''),
        document.revisions, document.bytes,
        model=document.model or 'wikitext', is_redirect=document.redirect,
        **implied_by(document.decision, document.reason))
    return replace(page, replaced=Revision(page.replaces, 0, '', '')
                   ) if page.replaces else page


def _read(text: str, read: ReadTitle) -> Title | None:
    return (read(text) or Title.unread(text)) if text else None


def _needing(texts: Iterable[str],
             titles: Mapping[str, Title]) -> tuple[Title, ...]:
    return tuple(titles.get(text) or Title.unread(text) for text in texts)


def unresolved_from_json(rows: Iterable[Mapping[str, Any]],
                         pages: Iterable[PlannedPage],
                         ) -> tuple[Unresolved, ...]:
    """Return unresolved names from their JSON form.

    :param rows: the ``unresolved`` of a plan
    :param pages: its pages
    :raises ValueError: one is damaged
    """
    titles = {str(page.title): page.title for page in pages}
    return tuple(Unresolved(item.name, _needing(item.needed_by, titles))
                 for item in map(UnresolvedDocument.model_validate, rows))


def undo_page_from_json(data: Mapping[str, Any]) -> UndoPage:
    """Return a page of an undo from its JSON form.

    :param data: a member of the ``pages`` of an undo
    :raises ValueError: it is damaged
    """
    document = UndoPageDocument.model_validate(data)
    return UndoPage(
        document.position, document.title, document.source, document.role,
        _undo_verdict(document), document.merged)


def _undo_verdict(document: UndoPageDocument) -> UndoVerdict:
    """Return the verdict on a page; the reason tells what JSON lacks."""
    decision = UndoDecision(document.decision)
    reason = UndoReason(document.reason)
    steps = [*map(undo_step, document.steps)]
    return UndoVerdict(
        decision, reason,
        next((step for step in steps
              if not isinstance(step, UnmergingStep)), None),
        tuple(step for step in steps if isinstance(step, UnmergingStep)),
        is_gone=reason is UndoReason.GONE,
        is_marked=reason is UndoReason.MARKED,
        awaits_deletion=decision is UndoDecision.HOLD
        and reason is UndoReason.MAY_NOT_DELETE)


def undo_step(document: UndoStepDocument) -> UndoStep:
    """Return the step of an undo that a document is.

    :raises ValueError: it lacks what its kind needs, or has more
    """
    data = document.as_json()
    kind = _UNDO_STEPS[data.pop('action')]
    if data.keys() != {item.name for item in fields(kind)}:
        raise ValueError(f'there is no step {document.as_json()}')
    return kind(**data)
