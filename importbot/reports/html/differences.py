"""Differences of pages on hold, as many as a report has room for."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

from importbot.i18n import message
from importbot.reports.sidebyside import Row, Side, is_comparable, side_by_side
from importbot.reports.texts import HeldTexts


__all__ = ('MOST_LINE', 'Difference', 'differences_of')

#: Bytes of HTML for all pages together, and for one of them.
_ROOM = 700_000
_MOST_ROOM, _LEAST_ROOM = 120_000, 3_000
#: Characters of a line, or of a part of one.
MOST_LINE = 4_000
_BYTES_OF_A_ROW, _BYTES_OF_A_PIECE = 160, 11


@dataclass(frozen=True, slots=True)
class Difference:

    """A page on hold as it is shown.

    :param texts: what both wikis have
    :param reason: why it is on hold
    :param rows: next to each other
    :param is_cut: whether there is more than could be shown
    """

    texts: HeldTexts
    reason: str
    rows: tuple[Row, ...]
    is_cut: bool

    @property
    def is_same(self) -> bool:
        """Whether there is no difference."""
        return self.texts.ours == self.texts.theirs


def differences_of(held: Sequence[HeldTexts],
                   language: str) -> list[Difference]:
    """Return the differences of some pages, within the room that there is.

    :param held: as both wikis have them
    :param language: of the reasons
    """
    room = _ROOM
    each = min(max(_ROOM // max(len(held), 1), _LEAST_ROOM), _MOST_ROOM)
    found = []
    for texts in held:
        rows, is_cut, taken = _fitting(texts, min(each, room))
        room -= taken
        reason = message(language, f'reason-{texts.page.reason.value}')
        found.append(Difference(texts, reason, rows, is_cut))
    return found


def _fitting(texts: HeldTexts,
             room: int) -> tuple[tuple[Row, ...], bool, int]:
    """Return rows, whether there are more, and how many bytes they take."""
    if texts.error or texts.ours == texts.theirs:
        return (), False, 0
    if not is_comparable(texts.ours, texts.theirs):
        return (), True, 0
    rows: list[Row] = []
    taken = 0
    for row in side_by_side(texts.ours, texts.theirs):
        size = _BYTES_OF_A_ROW + sum(map(_size, (row.ours, row.theirs)))
        if taken + size > room:
            return tuple(rows), True, taken
        taken += size
        rows.append(row)
    return tuple(rows), False, taken


def _size(side: Side | None) -> int:
    """Return the bytes of a side in HTML, about."""
    if side is None:
        return 0
    return sum(_BYTES_OF_A_PIECE + len(escape(
        piece.text[:MOST_LINE]).encode(errors='replace'))
        for piece in side.pieces)
