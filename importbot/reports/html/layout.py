"""Where the pages of a drawing stand: pure rules.

Layers from left to right by the distance from the requested pages, so that
a line leads to the next layer or back. Within a layer pages stand where
their lines cross each other the least, by barycentres.
"""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from importbot.reports.html.tree import distances


__all__ = ('HEIGHT', 'WIDTH', 'Box', 'Layout', 'Line', 'lay_out')

WIDTH, HEIGHT = 200, 28
_GAP_ACROSS, _GAP_DOWN, _MARGIN = 90, 14, 12
_SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Box:

    """Where a page stands, in pixels.

    :param place: of the page in the plan
    :param x: left edge
    :param y: upper edge
    """

    place: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:

    """A line from a page to one that it needs.

    :param start: place of the page that needs the other
    :param end: place of the other
    :param path: of an SVG
    :param is_back: whether it leads to no farther layer
    """

    start: int
    end: int
    path: str
    is_back: bool


@dataclass(frozen=True, slots=True)
class Layout:

    """A drawing.

    :param boxes: one a page
    :param lines: one for each need
    :param width: of all
    :param height: of all
    """

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


def lay_out(needs: Sequence[Sequence[int]],
            requested: Collection[int]) -> Layout:
    """Return where pages stand and how lines lead.

    :param needs: what each page needs
    :param requested: places of the requested pages
    """
    layers = _ordered(_layers(needs, requested), needs)
    tallest = max(map(len, layers), default=0)
    boxes: dict[int, Box] = {}
    for column, layer in enumerate(layers):
        above = (tallest - len(layer)) * (HEIGHT + _GAP_DOWN) // 2
        for row, place in enumerate(layer):
            boxes[place] = Box(
                place, _MARGIN + column * (WIDTH + _GAP_ACROSS),
                _MARGIN + above + row * (HEIGHT + _GAP_DOWN))
    lines = tuple(_line(boxes[start], boxes[end])
                  for start, needed in enumerate(needs) for end in needed)
    # Lines that lead back bow out after the last layer.
    return Layout(
        tuple(boxes.values()), lines,
        2 * _MARGIN + max(len(layers) * (WIDTH + _GAP_ACROSS)
                          - _GAP_ACROSS // 2, 0),
        2 * _MARGIN + max(tallest * (HEIGHT + _GAP_DOWN) - _GAP_DOWN, 0))


def _layers(needs: Sequence[Sequence[int]],
            requested: Collection[int]) -> list[list[int]]:
    """Return the pages by distance; what nothing leads to comes first."""
    far = distances(needs, requested)
    layers: list[list[int]] = [[] for _layer in range(
        max(far.values(), default=0) + 1)] if needs else []
    for place in range(len(needs)):
        layers[far.get(place, 0)].append(place)
    return layers


def _ordered(layers: list[list[int]],
             needs: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the layers with each page near what it is bound to."""
    needed_by: list[list[int]] = [[] for _place in needs]
    for place, needed in enumerate(needs):
        for other in needed:
            needed_by[other].append(place)
    down = list(range(1, len(layers)))
    up = list(range(len(layers) - 1))[::-1]
    for _sweep in range(_SWEEPS):
        for number in up:
            layers[number] = _sorted(layers[number], layers[number + 1],
                                     needs)
        for number in down:
            layers[number] = _sorted(layers[number], layers[number - 1],
                                     needed_by)
    return layers


def _sorted(layer: Sequence[int], fixed: Sequence[int],
            bound: Sequence[Sequence[int]]) -> list[int]:
    """Return a layer in the order of the barycentres of a fixed one."""
    rows: Mapping[int, float] = {place: (row + 0.5) / len(fixed)
                                 for row, place in enumerate(fixed)}

    def centre(item: tuple[int, int]) -> float:
        row, place = item
        neighbours = [rows[other] for other in bound[place] if other in rows]
        # What is bound to nothing there stays where it is.
        return (sum(neighbours) / len(neighbours) if neighbours
                else (row + 0.5) / len(layer))

    return [place for _row, place in sorted(enumerate(layer), key=centre)]


def _line(start: Box, end: Box) -> Line:
    """Return a curve from the right of a page to the left of another.

    One that leads back bows out on the right of both.
    """
    x, y = start.x + WIDTH, start.y + HEIGHT // 2
    to_y = end.y + HEIGHT // 2
    is_back = end.x <= start.x
    if is_back:
        to_x = end.x + WIDTH
        out = max(x, to_x) + _GAP_ACROSS // 2
        path = f'M{x} {y}C{out} {y} {out} {to_y} {to_x} {to_y}'
    else:
        middle = (x + end.x) // 2
        path = f'M{x} {y}C{middle} {y} {middle} {to_y} {end.x} {to_y}'
    return Line(start.place, end.place, path, is_back)
