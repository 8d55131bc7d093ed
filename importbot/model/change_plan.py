"""What plans of all kinds have: pages, each with one decision and its steps.
"""
from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from importbot.model.notes import Note


if TYPE_CHECKING:
    from importbot.model.plan import Endpoint


__all__ = ('ChangePlan', 'ChangedPage', 'Mode')


class Mode(str, Enum):

    """What a plan is for."""

    IMPORT = 'import'
    UNDO = 'undo'
    INSTALL = 'install'


class ChangedPage(Protocol):

    """A page of a plan of any kind.

    Its title is that of the wiki that the plan has it from.
    """

    @property
    def title(self) -> Any:
        """Full title."""

    @property
    def role(self) -> Any:
        """What the page is to the plan."""

    @property
    def decision(self) -> Enum:
        """What is to happen."""

    @property
    def reason(self) -> Enum:
        """Why."""

    @property
    def steps(self) -> Sequence[Any]:
        """What it costs on the target, nothing if empty."""


class ChangePlan(ABC):

    """A plan of any kind, a value.

    :cvar mode: what it is for
    :cvar decisions: the decisions that its pages may have
    :ivar target: the wiki that it changes
    :ivar pages: in the order of application
    :ivar notes: what a person should know
    """

    mode: ClassVar[Mode]
    decisions: ClassVar[type[Enum]]
    target: Endpoint
    pages: Sequence[ChangedPage]
    notes: Sequence[Note]

    @property
    @abstractmethod
    def id(self) -> str:
        """Digest of the decisions."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""

    @property
    def summary(self) -> dict[str, int]:
        """Number of pages by decision."""
        counts = Counter(page.decision for page in self.pages)
        return {decision.value: counts[decision]
                for decision in self.decisions}

    @property
    def has_work(self) -> bool:
        """Whether any page has a step."""
        return any(page.steps for page in self.pages)
