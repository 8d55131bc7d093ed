"""Two texts next to each other, with the words that differ: pure rules."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest


__all__ = ('MOST_CHARACTERS', 'Piece', 'Row', 'Side', 'is_comparable',
           'side_by_side')

#: Of one text; beyond it comparing takes too long.
MOST_CHARACTERS = 400_000
_MOST_LINES = 8_000
#: Pairs of equal words in two lines; beyond it they are not compared.
_MOST_PAIRS = 5_000
#: Lines less alike than this are no versions of each other.
_ALIKE = 0.3
#: Unchanged lines that are shown around a change.
_AROUND = 3

#: Scripts that put no space between words.
_UNSPACED = '\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff'
_WORDS = re.compile(
    rf'\s*(?:[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+|[^\w\s])|\s+$')


@dataclass(frozen=True, slots=True)
class Piece:

    """A part of a line.

    :param text: the part
    :param is_changed: whether the other side has something else
    """

    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Side:

    """A line of one text.

    :param number: of the line, from 1
    :param pieces: the line
    """

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:

    """What stands next to each other.

    :param ours: of the target, None where only the source has it
    :param theirs: of the source, None where only the target has it
    :param is_changed: whether the two differ
    :param folded: number of unchanged lines that are left out here
    """

    ours: Side | None = None
    theirs: Side | None = None
    is_changed: bool = False
    folded: int = 0


def is_comparable(ours: str, theirs: str) -> bool:
    """Return whether two texts are small enough to be compared.

    :param ours: text of the target
    :param theirs: text of the source
    """
    return all(len(text) <= MOST_CHARACTERS
               and text.count('\n') < _MOST_LINES for text in (ours, theirs))


def side_by_side(ours: str, theirs: str) -> Iterator[Row]:
    """Yield the lines of two texts, unchanged stretches folded.

    :param ours: text of the target
    :param theirs: text of the source
    """
    here, there = ours.split('\n'), theirs.split('\n')
    blocks = SequenceMatcher(None, here, there).get_opcodes()
    for place, (kind, a, a_end, b, b_end) in enumerate(blocks):
        if kind == 'equal':
            yield from _unchanged(here, a, b, a_end - a, place == 0,
                                  place == len(blocks) - 1)
        else:
            for row in zip_longest(range(a, a_end), range(b, b_end)):
                yield _changed(here, there, *row)


def _unchanged(lines: Sequence[str], a: int, b: int, count: int,
               is_first: bool, is_last: bool) -> Iterator[Row]:
    """Yield what is around changes; what is far from all is folded."""
    before = 0 if is_first else _AROUND
    after = 0 if is_last else _AROUND
    folded = count - before - after
    for offset in range(count):
        if folded > 1 and before <= offset < count - after:
            if offset == before:
                yield Row(folded=folded)
            continue
        pieces = _whole(lines[a + offset], is_changed=False)
        yield Row(Side(a + offset + 1, pieces), Side(b + offset + 1, pieces))


def _changed(here: Sequence[str], there: Sequence[str], a: int | None,
             b: int | None) -> Row:
    if a is None or b is None:
        return Row(None if a is None else Side(a + 1, _whole(here[a])),
                   None if b is None else Side(b + 1, _whole(there[b])),
                   is_changed=True)
    ours, theirs = _words_of(here[a], there[b])
    return Row(Side(a + 1, ours), Side(b + 1, theirs), is_changed=True)


def _whole(line: str, is_changed: bool = True) -> tuple[Piece, ...]:
    return (Piece(line, is_changed), ) if line else ()


def _words_of(ours: str, theirs: str,
              ) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return two lines with the words that differ."""
    here, there = _WORDS.findall(ours), _WORDS.findall(theirs)
    counts = Counter(there)
    if sum(counts[word] for word in here) > _MOST_PAIRS:
        return _whole(ours), _whole(theirs)
    words = SequenceMatcher(None, here, there, autojunk=False)
    if words.ratio() < _ALIKE:
        return _whole(ours), _whole(theirs)
    left, right = [], []
    for kind, a, a_end, b, b_end in words.get_opcodes():
        is_changed = kind != 'equal'
        left.append(Piece(''.join(here[a:a_end]), is_changed))
        right.append(Piece(''.join(there[b:b_end]), is_changed))
    return (tuple(piece for piece in left if piece.text),
            tuple(piece for piece in right if piece.text))
