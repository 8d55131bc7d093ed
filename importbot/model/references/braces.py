"""Braces made safe for mwparserfromhell.

Its tokenizer tries a brace without a partner up to the end of the text,
once for every brace, and it reads no deeper than about thirty levels.
Pairing the braces first, as MediaWiki's preprocessor does, costs little
and leaves nothing to try.
"""
from __future__ import annotations

import re


__all__ = ('LITERAL_CLOSE', 'LITERAL_OPEN', 'SEPARATOR', 'paired')

#: Stand for braces that open or close nothing.
LITERAL_OPEN = '\x0e'
LITERAL_CLOSE = '\x0f'
#: Stands behind every opening pair: mwparserfromhell may take five braces
#: for three and two, and has no template without a name.
SEPARATOR = '\x10'

_BRACES = re.compile(r'\{+|\}+')
_DEPTH = 16
_STAND_IN = '{{{\N{HORIZONTAL ELLIPSIS}}}}'


def paired(text: str) -> list[str]:
    """Return *text* in parts that hold only pairs of braces.

    A part in a deep nest is cut out and returned by itself; a parameter
    named ``…`` stands in its place.

    :param text: wikitext without comments and extension tags
    """
    return _Pairing().run(text)


class _Pairing:

    """One pass over a text.

    ``_open`` holds for each run of opening braces that waits for closing
    ones: where it stands in ``_kept``, how many braces are left of it,
    and how deep the nest inside is by now.
    """

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._open: list[tuple[int, int, int]] = []
        self._cut: list[str] = []

    def run(self, text: str) -> list[str]:
        kept = self._kept
        copied = 0
        for braces in _BRACES.finditer(text):
            start, end = braces.span()
            kept.append(text[copied:start])
            copied = end
            count = end - start
            if text[start] == '}':
                kept.append(LITERAL_CLOSE * self._close(count))
            elif count == 1:
                kept.append(LITERAL_OPEN)
            else:
                self._open.append((len(kept), count, 0))
                kept.append('')
        kept.append(text[copied:])
        for place, count, _ in self._open:
            kept[place] = LITERAL_OPEN * count + kept[place]
        return [''.join(kept), *self._cut]

    def _close(self, count: int) -> int:
        """Close pairs with *count* braces, and return how many are left.

        The innermost braces pair first, three before two
        (``Preprocessor::$rules``).
        """
        while count > 1 and self._open:
            place, left, depth = self._open.pop()
            width = min(3, count, left)
            count -= width
            left -= width
            depth = self._pair(place, width, depth + 1)
            if left > 1:
                self._open.append((place, left, depth))
                continue
            if left:
                self._kept[place] = LITERAL_OPEN + self._kept[place]
            if self._open and self._open[-1][2] < depth:
                self._open[-1] = *self._open[-1][:2], depth
        return count

    def _pair(self, place: int, width: int, depth: int) -> int:
        """Set a pair of braces around all that follows *place*."""
        kept = self._kept
        kept[place] = '{' * width + SEPARATOR + kept[place]
        kept.append('}' * width)
        if depth < _DEPTH:
            return depth
        self._cut.append(''.join(kept[place:]))
        kept[place:] = [_STAND_IN]
        return 1
