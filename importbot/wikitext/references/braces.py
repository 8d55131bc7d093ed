"""Braces made safe for mwparserfromhell, and quick.

Its tokenizer tries a brace without a partner up to the end of the text,
once for every brace, and it reads no deeper than some thirty levels.
Its tree takes most of its time for the parameters, which are of no
concern here. Pairing the braces first, as MediaWiki's preprocessor does,
costs little and leaves little to do.
"""
from __future__ import annotations

import re
from dataclasses import dataclass


__all__ = ('LITERALS', 'SEPARATOR', 'paired')

_SIGNS = '{}|'
#: Stand for braces that open or close nothing, and for pipes after the
#: first, in the order of :data:`_SIGNS`.
_OPEN, _CLOSE, _PIPE = '\x0e\x0f\x10'
LITERALS = dict(zip((_OPEN, _CLOSE, _PIPE), _SIGNS, strict=True))
#: Stands after every opening pair: mwparserfromhell may take five braces
#: for three and two, and has no template without a name.
SEPARATOR = '\x11'

_SIGN = re.compile(r'\{+|\}+|\|')
_DEPTH = 16
_STAND_IN = '{{{\N{HORIZONTAL ELLIPSIS}}}}'


def paired(text: str) -> list[str]:
    """Return *text* in parts that hold only pairs of braces.

    In each pair only the first pipe is left. A part in a deep nest is
    cut out and returned by itself; a parameter named ``…`` stands in its
    place.

    :param text: wikitext without comments and extension tags
    """
    return _Pairing().run(text)


@dataclass
class _Run:

    """Opening braces that wait for closing ones.

    :param place: where they stand in what is kept
    :param left: how many are left
    :param depth: how deep the nest inside is by now
    :param piped: whether a pipe followed them
    """

    place: int
    left: int
    depth: int = 0
    piped: bool = False


class _Pairing:

    """One pass over a text."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._open: list[_Run] = []
        self._cut: list[str] = []

    def run(self, text: str) -> list[str]:
        kept, opened = self._kept, self._open
        copied = 0
        for sign in _SIGN.finditer(text):
            start, end = sign.span()
            count = end - start
            kind = text[start]
            if kind == '|':
                if not opened:
                    continue
                if not opened[-1].piped:
                    opened[-1].piped = True
                    continue
            kept.append(text[copied:start])
            copied = end
            if kind == '|':
                kept.append(_PIPE)
            elif kind == '}':
                kept.append(_CLOSE * self._close(count))
            elif count == 1:
                kept.append(_OPEN)
            else:
                opened.append(_Run(len(kept), count))
                kept.append('')
        kept.append(text[copied:])
        for run in opened:
            kept[run.place] = _OPEN * run.left + kept[run.place]
        return [''.join(kept), *self._cut]

    def _close(self, count: int) -> int:
        """Close pairs with *count* braces, and return how many are left.

        The innermost braces pair first, three before two
        (``Preprocessor::$rules``).
        """
        while count > 1 and self._open:
            run = self._open[-1]
            width = min(3, count, run.left)
            count -= width
            run.left -= width
            run.piped = False
            self._pair(run, width)
            if run.left > 1:
                continue
            if run.left:
                self._kept[run.place] = _OPEN + self._kept[run.place]
            self._open.pop()
            if self._open:
                outer = self._open[-1]
                outer.depth = max(outer.depth, run.depth)
        return count

    def _pair(self, run: _Run, width: int) -> None:
        """Set a pair of braces around all that follows a run."""
        kept = self._kept
        kept[run.place] = '{' * width + SEPARATOR + kept[run.place]
        kept.append('}' * width)
        run.depth += 1
        if run.depth == _DEPTH:
            self._cut.append(''.join(kept[run.place:]))
            kept[run.place:] = [_STAND_IN]
            run.depth = 1
