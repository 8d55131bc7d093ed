"""Two texts next to each other, with the words that differ: pure rules."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from os.path import commonprefix


__all__ = ('MOST_CHARACTERS', 'MOST_LINES', 'Comparison', 'Piece', 'Row',
           'Side')

#: Of one text.
MOST_CHARACTERS = 400_000
#: From the first line that differs on, and pairs of equal lines among them;
#: beyond it a text made for it takes minutes to compare.
MOST_LINES, _MOST_EQUAL = 1_000, 20_000
#: From so many lines on difflib does not look at the frequent ones.
_MANY = 200
#: Pairs of equal words in two lines; beyond it they are not compared.
_MOST_PAIRS = 5_000
#: Lines less alike than this are no versions of each other.
_ALIKE = 0.3
#: Unchanged lines that are shown around a change, and as many that are
#: worth folding.
_AROUND = 3

#: Scripts that put no space between words.
_UNSPACED = '\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff'
_WORDS = re.compile(
    rf'\s*(?:[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+|[^\w\s])|\s+$')
_SPACE = re.compile(r'\s*')


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


class Comparison:

    """Two texts to be shown next to each other.

    :param ours: text of the target
    :param theirs: text of the source
    :param most_lines: from the first one that differs on, that count
    :ivar is_possible: whether that is done in a moment
    :ivar is_whole: whether all that differs is among the lines that count
    """

    def __init__(self, ours: str, theirs: str,
                 most_lines: int = MOST_LINES) -> None:
        self._here, self._there = ours.split('\n'), theirs.split('\n')
        self._same, here, there = _differing(self._here, self._there)
        self.is_whole = max(len(here), len(there)) <= most_lines
        self._mine, self._other = here[:most_lines], there[:most_lines]
        self.is_possible = (
            max(len(ours), len(theirs)) <= MOST_CHARACTERS
            and _equal_pairs(self._mine, self._other) <= _MOST_EQUAL)

    def rows(self) -> Iterator[Row]:
        """Yield the lines, unchanged stretches folded."""
        blocks = self._blocks()
        for place, (kind, a, a_end, b, b_end) in enumerate(blocks):
            if kind == 'equal':
                yield from _unchanged(self._here, a, b, a_end - a,
                                      place == 0, place == len(blocks) - 1)
            else:
                for row in zip_longest(range(a, a_end), range(b, b_end)):
                    yield _changed(self._here, self._there, *row)

    def _blocks(self) -> list[tuple[str, int, int, int, int]]:
        """Return equal and differing stretches, as difflib has them."""
        same = self._same
        blocks: list[tuple[str, int, int, int, int]] = [
            (kind, a + same, a_end + same, b + same, b_end + same)
            for kind, a, a_end, b, b_end in SequenceMatcher(
                None, self._mine, self._other).get_opcodes()]
        if same:
            blocks.insert(0, ('equal', 0, same, 0, same))
        a, b = same + len(self._mine), same + len(self._other)
        if self.is_whole and a < len(self._here):
            blocks.append(('equal', a, len(self._here),
                           b, len(self._there)))
        return blocks


def _differing(here: list[str], there: list[str],
               ) -> tuple[int, list[str], list[str]]:
    """Return what is between the first and the last line that differs.

    Before it, the number of the lines before that.
    """
    most = min(len(here), len(there))
    same = next((place for place in range(most)
                 if here[place] != there[place]), most)
    most -= same
    after = next((place for place in range(most)
                  if here[-1 - place] != there[-1 - place]), most)
    return same, here[same:len(here) - after], there[same:len(there) - after]


def _equal_pairs(here: Sequence[str], there: Sequence[str]) -> int:
    """Return how many pairs of equal lines difflib looks at."""
    frequent = len(there) // 100 + 1 if len(there) >= _MANY else len(there)
    counts = Counter(there)
    return sum(counts[line] for line in here if counts[line] <= frequent)


def _unchanged(lines: Sequence[str], a: int, b: int, count: int,
               is_first: bool, is_last: bool) -> Iterator[Row]:
    """Yield what is around changes; what is far from all is folded."""
    before = 0 if is_first else _AROUND
    after = 0 if is_last else _AROUND
    folded = count - before - after
    for offset in range(count):
        if folded >= _AROUND and before <= offset < count - after:
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
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, a_end, b, b_end in words.get_opcodes():
        mine, other = ''.join(here[a:a_end]), ''.join(there[b:b_end])
        if kind == 'equal':
            left.append(Piece(mine))
            right.append(Piece(other))
            continue
        space = _SPACE.match(commonprefix([mine, other]))
        assert space, 'no space is space, too'
        for side, text in ((left, mine), (right, other)):
            side += [Piece(space[0]), Piece(text[space.end():], True)]
    return (tuple(piece for piece in left if piece.text),
            tuple(piece for piece in right if piece.text))
