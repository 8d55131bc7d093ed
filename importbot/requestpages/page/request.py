"""A request as it stands in the wikitext of a request page."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from importbot.requestpages.configuration import TemplateWords
from importbot.requestpages.page.scanner import Span
from importbot.requestpages.status import Status


__all__ = ('Request', )

@dataclass(frozen=True)
class Request:

    """One request of a page.

    :param span: where it stands
    :param fields: what is wanted, by :data:`FIELDS`; empty ones left out
    :param status: its state, None for a word that nobody knows
    :param status_word: the state as it stands there
    :param id: given by the bot, empty before
    :param plan: id of the plan that was shown
    :param unknown: names of parameters that mean nothing
    :param broken: why it cannot be read, empty if it can
    :param flaws: why nobody can know what it says after the next edit of
        the page, by keys of problems
    :param is_line: whether it is a plain line of links and no template
    :param words: its template in the words of the wiki
    :param parameters: names of the parameters that are there, by ours
    """

    span: Span
    fields: Mapping[str, str] = field(default_factory=dict)
    status: Status | None = Status.NEW
    status_word: str = ''
    id: str = ''
    plan: str = ''
    unknown: tuple[str, ...] = ()
    broken: str = ''
    is_line: bool = False
    flaws: tuple[str, ...] = ()
    words: TemplateWords = field(default_factory=TemplateWords,
                                 compare=False)
    parameters: Mapping[str, str] = field(default_factory=dict,
                                          compare=False)

    @property
    def fingerprint(self) -> str:
        """Digest of what is wanted: edited parameters make another one.
        """
        return hashlib.sha256(json.dumps(
            [dict(self.fields), self.broken, *self.flaws],
            sort_keys=True).encode()).hexdigest()[:32]

    def stands_as(self, other: Request) -> bool:
        """Return whether another request is this one in this state.

        :param other: of another revision of the page
        """
        return ((self.id, self.status, self.plan, self.fingerprint)
                == (other.id, other.status, other.plan, other.fingerprint))

    def wants_as(self, other: Request) -> bool:
        """Return whether another request is this one in whatever state.

        :param other: of another revision of the page
        """
        return (other.id in ('', self.id)
                and other.fingerprint == self.fingerprint)
