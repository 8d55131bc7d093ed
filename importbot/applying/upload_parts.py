"""A page on its way by upload: what is sent of it, and in which parts."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from importbot.exports.order import Ordered
from importbot.exports.spool import SpooledPage
from importbot.model.decisions import Outcome
from importbot.model.plan import PlannedPage
from importbot.model.report import PageResult
from importbot.model.revisions import Revision


__all__ = ('Outgoing', 'Part')


@dataclass
class Outgoing:

    """A page on its way.

    :param page: as it was planned
    :param spooled: its revisions
    :param ordered: places of those to send, in their order
    :param sent: how many of them were sent
    :param silences: how often no answer came to the next part
    :param group: number of the pages that it goes with; a new one where an
        upload failed
    :param failed: whether an upload failed that it was part of
    :param result: what came of it so far
    """

    page: PlannedPage
    spooled: SpooledPage
    ordered: Ordered
    sent: int = 0
    silences: int = 0
    group: int = 0
    failed: bool = False
    result: PageResult = field(
        default_factory=lambda: PageResult(Outcome.UNCHANGED))

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be sent."""
        return self.sent == len(self.ordered.indices)

    @property
    def newest(self) -> int:
        """Id of the newest revision of the page."""
        return max(self.spooled.revisions, key=lambda revision: (
            revision.timestamp, revision.id)).id

    @cached_property
    def largest(self) -> int:
        """Bytes of the largest revision."""
        return max((self.spooled.places[index][1]
                    for index in self.ordered.indices), default=0)

    def size(self, indices: Sequence[int]) -> int:
        """Return how many bytes some revisions are."""
        return sum(self.spooled.places[index][1] for index in indices)

    def next_part(self, room: int) -> tuple[int, ...]:
        """Return what goes into the next upload.

        :param room: bytes; the head of a page goes in one upload whatever
            its size, and a revision that is larger goes alone
        """
        rest = self.ordered.indices[self.sent:]
        at_least = self.ordered.head if self.sent == 0 else 1
        size, count = self.size(rest[:at_least]), at_least
        for index in rest[at_least:]:
            size += self.spooled.places[index][1]
            if size > room:
                break
            count += 1
        return rest[:count]


@dataclass(frozen=True)
class Part:

    """Revisions of one page in one upload.

    :param outgoing: the page
    :param indices: places of the revisions
    """

    outgoing: Outgoing
    indices: tuple[int, ...]

    @property
    def revisions(self) -> list[Revision]:
        """The revisions themselves."""
        return [self.outgoing.spooled.revisions[index]
                for index in self.indices]
