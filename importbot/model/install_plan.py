"""Which pages a wiki gets for import requests, as a value."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar

from importbot.model.agreement import identity
from importbot.model.change_plan import ChangePlan, Mode
from importbot.model.documents import SCHEMA
from importbot.model.notes import Note
from importbot.model.plan import Endpoint
from importbot.model.report import PageResult


__all__ = ('CreateStep', 'InstallPage', 'InstallPlan', 'KitDecision',
           'KitReason')


class KitDecision(str, Enum):

    """What is done about a page of the kit."""

    CREATE = 'create'
    UNCHANGED = 'unchanged'
    LEFT_ALONE = 'left-alone'
    #: The bot may not write there: a person has to.
    BY_HAND = 'by-hand'


class KitReason(str, Enum):

    """Why."""

    MISSING = 'missing'
    SAME = 'same'
    #: What people wrote there stays.
    OTHER_TEXT = 'other-text'
    MAY_NOT_CREATE = 'may-not-create'


_REASONS = {KitDecision.CREATE: KitReason.MISSING,
            KitDecision.UNCHANGED: KitReason.SAME,
            KitDecision.LEFT_ALONE: KitReason.OTHER_TEXT,
            KitDecision.BY_HAND: KitReason.MAY_NOT_CREATE}


@dataclass(frozen=True)
class CreateStep:

    """A page is created.

    :param model: content model, that of the title if empty
    """

    model: str = ''


@dataclass(frozen=True)
class InstallPage:

    """A page with its decision.

    :param title: full title
    :param role: what it is for, a word
    :param decision: what is done about it
    :param text: that it is to have
    :param error: why it could not be written, empty where nothing went wrong
    :param model: content model, that of the title if empty
    :param there: text that the wiki has, None where none is to be seen
    """

    title: str
    role: str
    decision: KitDecision
    text: str
    error: str = ''
    model: str = ''
    there: str | None = field(default=None, repr=False)

    @property
    def reason(self) -> KitReason:
        """Why."""
        return _REASONS[self.decision]

    @property
    def steps(self) -> tuple[CreateStep, ...]:
        """What is done on the wiki."""
        return (CreateStep(self.model), ) if (
            self.decision is KitDecision.CREATE) else ()

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {'title': self.title, 'role': self.role,
                'decision': self.decision.value, 'text': self.text,
                'error': self.error or None}


@dataclass(frozen=True)
class InstallPlan(ChangePlan):

    """What is to be written to a wiki, or was.

    :param wiki: as pywikibot calls it
    :param requests: full title of the page where requests are made
    :param pages: in the order of writing
    :param target: the wiki as plans name it
    """

    mode: ClassVar = Mode.INSTALL
    decisions: ClassVar = KitDecision

    wiki: str
    requests: str
    pages: tuple[InstallPage, ...]
    target: Endpoint
    notes: tuple[Note, ...] = ()

    @cached_property
    def id(self) -> str:
        """Digest of the decisions, and of the texts."""
        return identity({'target': self.target.as_json(),
                         'pages': [[page.title, page.decision.value,
                                    page.text] for page in self.pages]})

    @property
    def by_hand(self) -> list[InstallPage]:
        """Pages that a person has to create."""
        return [page for page in self.pages
                if page.decision is KitDecision.BY_HAND]

    def with_results(self, results: Sequence[PageResult]) -> InstallPlan:
        """Return the plan with why pages could not be written.

        :param results: in the order of its pages
        """
        return replace(self, pages=tuple(
            replace(page, error=str(result.error or ''))
            for page, result in zip(self.pages, results, strict=True)))

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {'schema': SCHEMA, 'wiki': self.wiki,
                'requests': self.requests,
                'pages': [page.as_json() for page in self.pages],
                'summary': self.summary}
