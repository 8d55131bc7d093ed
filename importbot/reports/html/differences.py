"""Texts next to each other, as many as a report has room for."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import escape

from importbot.i18n import message
from importbot.model.problems import Problem
from importbot.reports.sidebyside import MOST_LINES, Comparison, Row, Side
from importbot.reports.texts import CleanedTexts, HeldTexts
from importbot.reports.wiki_links import WikiLinks


__all__ = ('MOST_LINE', 'Comparer', 'Difference', 'Version',
           'differences_of')

#: Bytes of HTML for one page.
_MOST_ROOM, _LEAST_ROOM = 120_000, 3_000
#: Characters of a line, or of a part of one.
MOST_LINE = 4_000
_BYTES_OF_A_ROW, _BYTES_OF_A_PIECE = 160, 11


@dataclass(frozen=True, slots=True)
class Version:

    """One of two texts.

    :param label: what it is
    :param link: its address, empty where it has none
    :param revision: its id, 0 where it has none
    """

    label: str
    link: str = ''
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Difference:

    """A page with two texts as they are shown.

    :param title: full title on the target
    :param why: why the two are compared, empty where that is said above
    :param left: the first text
    :param right: the second text
    :param error: why the texts cannot be had, None if they can
    :param is_same: whether there is no difference
    :param rows: next to each other
    :param is_cut: whether there is more than could be shown
    """

    title: str
    why: str
    left: Version
    right: Version
    error: Problem | None = None
    is_same: bool = False
    rows: tuple[Row, ...] = ()
    is_cut: bool = False


class Comparer:

    """Compares texts within the room that a report has.

    :param source: makes addresses there
    :param target: makes addresses there
    :param room: bytes of HTML for the lines of all pages together
    """

    def __init__(self, source: WikiLinks, target: WikiLinks,
                 language: str, room: int) -> None:
        self._all = self._room = room
        self._source = source
        self._target = target
        self._language = language

    def held(self, texts: HeldTexts, pages: int) -> Difference:
        """Return what stands against what of a page on hold.

        :param texts: as both wikis have it
        :param pages: how many pages share the room
        """
        page = texts.page
        return self._compared(Difference(
            page.target_text, '',
            Version(self._say('table-target'), self._target.revision(
                texts.ours_id), texts.ours_id) if texts.ours_id
            else Version(self._say('table-target')),
            Version(self._say('kit-label-source'), self._source.revision(
                texts.theirs_id), texts.theirs_id),
            texts.error), texts.ours, texts.theirs, pages)

    def cleaned(self, texts: CleanedTexts, pages: int) -> Difference:
        """Return what clean-ups change of a page.

        :param texts: before and after
        :param pages: how many pages share the room
        """
        page = texts.page
        return self._compared(Difference(
            page.target_text, ', '.join(page.cleanups),
            Version(self._say('kit-label-source'), self._source.revision(
                texts.revision), texts.revision),
            Version(self._say('html-after-cleanup'))),
            texts.before, texts.after, pages)

    def _say(self, key: str) -> str:
        return message(self._language, key)

    def _compared(self, difference: Difference, left: str, right: str,
                  pages: int) -> Difference:
        if difference.error:
            return difference
        if left == right:
            return replace(difference, is_same=True)
        room = min(max(self._all // pages, _LEAST_ROOM), _MOST_ROOM,
                   self._room)
        # What there is no room for need not be compared.
        compared = Comparison(left, right, min(
            MOST_LINES, room // _BYTES_OF_A_ROW + 1))
        if not compared.is_possible:
            return replace(difference, is_cut=True)
        rows, is_cut, taken = _fitting(compared, room)
        self._room -= taken
        return replace(difference, rows=rows, is_cut=is_cut)


def _fitting(compared: Comparison,
             room: int) -> tuple[tuple[Row, ...], bool, int]:
    """Return rows, whether there are more, and how many bytes they take."""
    rows: list[Row] = []
    taken = 0
    for row in compared.rows():
        size = _BYTES_OF_A_ROW + sum(map(_size, (row.ours, row.theirs)))
        if taken + size > room:
            return tuple(rows), True, taken
        taken += size
        rows.append(row)
    return tuple(rows), not compared.is_whole, taken


def _size(side: Side | None) -> int:
    """Return the bytes of a side in HTML, about."""
    if side is None:
        return 0
    return sum(_BYTES_OF_A_PIECE + len(escape(
        piece.text[:MOST_LINE]).encode(errors='replace'))
        for piece in side.pieces)


def differences_of(compared: Sequence[HeldTexts | CleanedTexts],
                   comparer: Comparer,
                   ) -> tuple[dict[str, Difference], list[Difference]]:
    """Return pages on hold or to be replaced, and those to be cleaned up.

    :param compared: their texts
    :param comparer: of the report
    :return: what stands against what, by title on the source; and what
        clean-ups change
    """
    return ({str(texts.page.title): comparer.held(texts, len(compared))
             for texts in compared if isinstance(texts, HeldTexts)},
            [comparer.cleaned(texts, len(compared)) for texts in compared
             if isinstance(texts, CleanedTexts)])
