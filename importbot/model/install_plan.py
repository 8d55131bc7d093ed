"""Which pages a wiki gets for import requests, as a value."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import Any

from importbot.model.plan import SCHEMA


__all__ = ('InstallPage', 'InstallPlan', 'KitDecision')


class KitDecision(Enum):

    """What is done about a page of the kit."""

    CREATE = 'create'
    UNCHANGED = 'unchanged'
    LEFT_ALONE = 'left-alone'
    #: The bot may not write there: a person has to.
    BY_HAND = 'by-hand'


@dataclass(frozen=True)
class InstallPage:

    """A page with its decision.

    :param title: full title
    :param role: what it is for, a word
    :param decision: what is done about it
    :param text: that it is to have
    :param error: why it could not be written, empty where nothing went wrong
    """

    title: str
    role: str
    decision: KitDecision
    text: str
    error: str = ''

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {'title': self.title, 'role': self.role,
                'decision': self.decision.value, 'text': self.text,
                'error': self.error or None}


@dataclass(frozen=True)
class InstallPlan:

    """What is to be written to a wiki, or was.

    :param wiki: as pywikibot calls it
    :param requests: full title of the page where requests are made
    :param pages: in the order of writing
    """

    wiki: str
    requests: str
    pages: tuple[InstallPage, ...]

    @property
    def summary(self) -> dict[str, int]:
        """Number of pages by decision."""
        counts = Counter(page.decision for page in self.pages)
        return {decision.value: counts[decision] for decision in KitDecision}

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {'schema': SCHEMA, 'wiki': self.wiki,
                'requests': self.requests,
                'pages': [page.as_json() for page in self.pages],
                'summary': self.summary}
