"""The drawing of a plan: a shape for each decision, a box for each page."""
from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from importbot.model.decisions import Decision
from importbot.model.titles import Title
from importbot.reports.html.layout import HEIGHT, WIDTH, Layout, lay_out


__all__ = ('MOST_PAGES', 'Drawing', 'draw', 'fitting')

#: More than that nobody can follow.
MOST_PAGES = 100
_KEY_WIDTH = 44
#: Of a box; letters of Chinese and its like take two.
_CELLS = 25


@dataclass(frozen=True, slots=True)
class Drawing:

    """What the template draws.

    :param layout: where all stands
    :param shapes: path of the outline of a page, by decision
    :param keys: the same, small, for the legend
    """

    layout: Layout
    shapes: Mapping[str, str]
    keys: Mapping[str, str]
    width_of_text = WIDTH - HEIGHT
    key_width = _KEY_WIDTH
    height_of_box = HEIGHT


def draw(needs: Sequence[Sequence[int]],
         requested: Collection[int]) -> Drawing:
    """Return the drawing of a plan.

    :param needs: what each page needs
    :param requested: places of the requested pages
    """
    return Drawing(lay_out(needs, requested), *(
        {decision.value: _outline(decision, width)
         for decision in Decision} for width in (WIDTH, _KEY_WIDTH)))


def _outline(decision: Decision, width: int) -> str:
    """Return the outline that tells a decision without any colour."""
    height, corner = HEIGHT, 9
    half = height // 2
    return {
        # round like a pill, a plain box, a hexagon, a box without corners
        Decision.IMPORT: f'M{half} 0H{width - half}A{half} {half} 0 0 1 '
                         f'{width - half} {height}H{half}A{half} {half} 0 0 '
                         f'1 {half} 0z',
        Decision.SKIP: f'M0 0H{width}V{height}H0z',
        Decision.HOLD: f'M{half} 0H{width - half}L{width} {half}L'
                       f'{width - half} {height}H{half}L0 {half}z',
        Decision.REFUSE: f'M{corner} 0H{width - corner}L{width} {corner}V'
                         f'{height - corner}L{width - corner} {height}H'
                         f'{corner}L0 {height - corner}V{corner}z',
    }[decision]


@lru_cache(maxsize=4096)
def fitting(title: Title) -> str:
    """Return as much of a title as a box has room for.

    :param title: of a page
    """
    text, cells = str(title), 0
    for place, char in enumerate(text):
        if not unicodedata.combining(char):
            cells += 2 if unicodedata.east_asian_width(char) in 'FW' else 1
        if cells > _CELLS:
            return f'{text[:place - 1]}…'
    # Marks pile up and take no room.
    return text if len(text) <= 4 * _CELLS else f'{text[:4 * _CELLS]}…'
