"""A plan as a value: one decision for every page.

Its JSON form (schema 1) has sorted keys and pages in the order of
application; equal input gives equal bytes.
"""
from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from importbot.model.agreement import identity
from importbot.model.change_plan import ChangePlan, Mode
from importbot.model.decisions import (
    Decision,
    Evidence,
    Reason,
    Relation,
    Role,
    TextAfter,
)
from importbot.model.documents import (
    EndpointDocument,
    PageDocument,
    PlanDocument,
)
from importbot.model.notes import Note
from importbot.model.part_of_plan import only, without
from importbot.model.policy import Policy
from importbot.model.revisions import Revision
from importbot.model.steps import (
    UPLOAD,
    CleanUpStep,
    EditStep,
    FollowUp,
    ImportStep,
    MoveStep,
    Step,
)
from importbot.model.titles import Title


__all__ = ('Endpoint', 'Plan', 'PlannedPage', 'Unresolved',
           'as_text', 'texts_of')


_Kind = TypeVar('_Kind', ImportStep, EditStep, MoveStep, CleanUpStep)


@dataclass(frozen=True, slots=True)
class PlannedPage:

    """One page of a plan with its one decision.

    :param title: on the source
    :param target: on the target, None where it has none
    :param role: what the page is to the run
    :param needed_by: titles of the pages that lead to it, sorted
    :param evidence: how that is known, sorted
    :param relation: of the target page to the source page
    :param decision: what is to happen
    :param reason: why; it explains, and nothing is done on its strength
    :param steps: what it costs on the target
    :param newest: newest revision on the source, None if there is no page
    :param revisions: number of revisions to send, None if nobody counted
    :param size: of their texts, in bytes, None if nobody counted
    :param history: of the source page as far as it was read, newest first
    :param model: content model
    :param replaced: newest revision on the target, None if there is none
    :param last: highest id of its revisions there, which is not that of the
        newest after some imports and merges; 0 where nobody read them
    :param is_redirect: whether it leads to another page on the source
    :param text_after: whose text is to be shown afterwards
    :param agreed: whether somebody wants the target's own text replaced
    :param asks: whether it waits for somebody to agree to that
    :param is_missing_on_source: whether the source has no such page
    :param is_barred: whether the account may not write there
    :param is_unasked: whether it came without having been planned
    """

    title: Title
    target: Title | None
    role: Role
    needed_by: tuple[Title, ...]
    evidence: tuple[Evidence, ...]
    relation: Relation | None
    decision: Decision
    reason: Reason
    steps: tuple[Step, ...]
    newest: Revision | None
    revisions: int | None = None
    size: int | None = None
    history: Sequence[Revision] = field(default=(), repr=False,
                                        compare=False)
    model: str = 'wikitext'
    replaced: Revision | None = None
    last: int = field(default=0, repr=False, compare=False)
    is_redirect: bool = False
    text_after: TextAfter = TextAfter.TARGET
    agreed: bool = False
    asks: bool = False
    is_missing_on_source: bool = False
    is_barred: bool = False
    is_unasked: bool = False

    @property
    def arriving(self) -> Title:
        """The title on the target, of a page that has one."""
        assert self.target is not None, 'it was planned'
        return self.target

    @property
    def before(self) -> int:
        """Id up to which the target had revisions before, 0 for no page."""
        return max(self.last, self.replaced.id) if self.replaced else 0

    @property
    def target_text(self) -> str:
        """Full title on the target, empty where it has none."""
        return str(self.target or '')

    def _of_kind(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        return tuple(step for step in self.steps if isinstance(step, kind))

    @property
    def import_steps(self) -> tuple[ImportStep, ...]:
        """The import calls."""
        return self._of_kind(ImportStep)

    @property
    def follow_ups(self) -> tuple[FollowUp, ...]:
        """The steps after the import calls."""
        return tuple(step for step in self.steps
                     if not isinstance(step, ImportStep))

    @property
    def edit(self) -> EditStep | None:
        """The edit that makes a text current again, if there is one."""
        return next(iter(self._of_kind(EditStep)), None)

    @property
    def move(self) -> MoveStep | None:
        """The move to its title, if there is one."""
        return next(iter(self._of_kind(MoveStep)), None)

    @property
    def cleanup(self) -> CleanUpStep | None:
        """The edit that cleans it up, if there is one."""
        return next(iter(self._of_kind(CleanUpStep)), None)

    @property
    def cleanups(self) -> tuple[str, ...]:
        """The clean-ups after everything else, as they are named."""
        return self.cleanup.names if self.cleanup else ()

    @property
    def interim_title(self) -> str:
        """Full title on the target that the import itself gives it."""
        return self.move.landing if self.move else self.target_text

    @property
    def replaces(self) -> int:
        """Id of the target's newest revision, 0 where nothing replaces it.
        """
        steps = self.import_steps
        return steps[0].replaces or 0 if steps else 0

    @property
    def via(self) -> str:
        """The route of its import, empty where there is none."""
        return self.import_steps[0].via if self.import_steps else ''

    @property
    def is_uploaded(self) -> bool:
        """Whether it goes by upload."""
        return self.via == UPLOAD

    @property
    def is_full(self) -> bool:
        """Whether its whole history is sent."""
        return any(step.is_full for step in self.import_steps)

    @property
    def sent(self) -> Sequence[Revision]:
        """The revisions of the source that are sent, newest first."""
        return self.history if self.is_full else self.history[:1]

    @property
    def keeps_local_text(self) -> bool:
        """Whether a text of the target's own is to stay."""
        return (self.text_after is TextAfter.TARGET
                and self.relation is not Relation.IDENTICAL)

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return PageDocument.of(self).as_json()


@dataclass(frozen=True)
class Unresolved:

    """A name that depends on a parameter.

    :param name: as it stands in the wikitext or Lua
    :param needed_by: titles of the pages where it stands, sorted
    """

    name: str
    needed_by: tuple[Title, ...]


def texts_of(titles: Iterable[Title]) -> list[str]:
    """Return titles as texts, sorted as JSON has them."""
    return sorted(map(str, titles))


@dataclass(frozen=True)
class Endpoint:

    """A wiki as plans and reports name it.

    :param api: address of its API
    :param wiki: its own identifier
    :param prefix: of the source, as the target knows it
    :param user: the bot's account on the target
    """

    api: str
    wiki: str
    prefix: str | None = None
    user: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what is known of the wiki."""
        return EndpointDocument.of(self).as_json()


@dataclass(frozen=True)
class Plan(ChangePlan):

    """What is to happen, page by page, in the order of application.

    :param source: where pages come from
    :param target: where they go
    :param policy: what was wanted
    :param pages: leaves first, requested pages last
    :param unresolved: names that nobody can resolve without rendering
    :param notes: what a person should know
    """

    mode: ClassVar = Mode.IMPORT
    decisions: ClassVar = Decision

    source: Endpoint
    target: Endpoint
    policy: Policy
    pages: tuple[PlannedPage, ...]
    unresolved: tuple[Unresolved, ...] = ()
    notes: tuple[Note, ...] = ()

    @cached_property
    def id(self) -> str:
        """Digest of the decisions, of what they say in public, and of the
        source's revisions that are imported."""
        return identity({
            'source': self.source.as_json(), 'target': self.target.as_json(),
            'options': asdict(self.policy),
            'pages': [page.as_json() for page in self.pages]})

    def without(self, *titles: str | Title) -> Plan:
        """Return the plan without some pages and what only they need.

        :param titles: full titles on the source
        :raises UsageError: it has no such page
        """
        return without(self, titles)

    def only(self, *titles: str | Title) -> Plan:
        """Return the plan of some of its pages and what they need.

        :param titles: full titles on the source
        :raises UsageError: it has no such page
        """
        return only(self, titles)

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return PlanDocument.of(self).as_json()


def as_text(data: Any) -> str:
    """Return JSON text that is the same for equal data."""
    return json.dumps(data, ensure_ascii=False, indent=1,
                      sort_keys=True) + '\n'
