"""What is known of the pages of a dump once they were read."""
from __future__ import annotations

from dataclasses import dataclass, field

from importbot.model.contentmodels import WIKITEXT
from importbot.model.titles import Title
from importbot.sources.packed import PackedHistory


__all__ = ('Element', 'Entry')

#: Time and id: by these the revisions of a page are in order.
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Entry:

    """A page of the dump.

    :param title: as its wiki has it
    :param history: of all its revisions
    :param model: content model of the newest
    :param is_redirect: whether it leads to another page
    :param edited: number of revisions whose sha1 is not that of their text
    """

    title: Title
    history: PackedHistory
    model: str
    is_redirect: bool
    edited: int


@dataclass
class Element:

    """What was read of a page, of one element or of several.

    :param rows: key and packed row of each revision
    :param newest: key of the newest
    :param model: content model of the newest
    :param is_redirect: whether the element with the newest is a redirect's
    :param text: of the newest, where wanted
    :param edited: see :class:`Entry`
    """

    rows: list[tuple[Key, bytes]] = field(default_factory=list)
    newest: Key = ('', 0)
    model: str = WIKITEXT
    is_redirect: bool = False
    text: str | None = None
    edited: int = 0

    def add(self, other: Element) -> None:
        """Add what another element of the page has."""
        self.rows += other.rows
        self.edited += other.edited
        if other.newest >= self.newest:
            self.newest, self.model = other.newest, other.model
            self.is_redirect, self.text = other.is_redirect, other.text
