"""Two texts next to each other: what differs, and all of it."""
from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot.reports.sidebyside import MOST_CHARACTERS, Comparison, Row, Side


LINES = st.lists(st.sampled_from([
    '', 'a', 'b', 'A word or two', 'A word or three', '  A word', '<b>',
    '火星探査車は走る', '火星探査車が走る']), max_size=30)


def side_by_side(ours: str, theirs: str) -> list[Row]:
    return list(Comparison(ours, theirs).rows())


def text_of(side: Side | None) -> str | None:
    return side and ''.join(piece.text for piece in side.pieces)


def changed(side: Side | None) -> list[str]:
    return [piece.text for piece in side.pieces
            if piece.is_changed] if side else []


@given(LINES, LINES)
def test_each_line_is_there_once_or_folded(here: list[str],
                                           there: list[str]) -> None:
    rows = side_by_side('\n'.join(here), '\n'.join(there))
    for lines, sides in ((here, [row.ours for row in rows]),
                         (there, [row.theirs for row in rows])):
        shown = [(side.number, text_of(side)) for side in sides if side]
        lines = lines or ['']
        assert shown == [(number, lines[number - 1])
                         for number, _text in shown]
        assert len(shown) + sum(row.folded for row in rows) == len(lines)


@given(LINES, LINES)
def test_what_is_not_marked_is_the_same(here: list[str],
                                        there: list[str]) -> None:
    for row in side_by_side('\n'.join(here), '\n'.join(there)):
        if not row.is_changed:
            assert text_of(row.ours) == text_of(row.theirs)
            assert not changed(row.ours) and not changed(row.theirs)
        elif row.ours and row.theirs:
            kept = [''.join(piece.text for piece in side.pieces
                            if not piece.is_changed)
                    for side in (row.ours, row.theirs)]
            assert kept[0] == kept[1]
            assert changed(row.ours) or changed(row.theirs)


@given(st.text(), st.text())
def test_any_text_can_be_compared(here: str, there: str) -> None:
    rows = side_by_side(here, there)
    assert (here == there) == (not any(row.is_changed for row in rows))


@pytest.mark.parametrize(('ours', 'theirs', 'mine', 'other'), [
    ('The red fox.', 'The brown fox.', ['red'], ['brown']),
    ('The fox', 'The quick fox', [], ['quick']),
    ('A  b', 'A b', ['  b'], [' b']),
    ('火星探査車は走る', '火星探査車が走る', ['は'], ['が']),
    ('{{a|b}}', '{{a|c}}', ['b'], ['c']),
    ('nothing alike', '火星', ['nothing alike'], ['火星'])])
def test_words_that_differ_are_marked(ours: str, theirs: str,
                                      mine: list[str],
                                      other: list[str]) -> None:
    row, = side_by_side(ours, theirs)
    assert [''.join(changed(side)).strip() for side
            in (row.ours, row.theirs)] == [''.join(mine).strip(),
                                           ''.join(other).strip()]


def test_long_unchanged_stretches_are_folded() -> None:
    lines = [f'line {number}' for number in range(100)]
    other = [*lines[:50], 'new', *lines[50:]]
    rows = side_by_side('\n'.join(lines), '\n'.join(other))
    assert [row.folded for row in rows if row.folded] == [47, 47]
    assert [text_of(row.theirs) for row in rows if row.is_changed] == ['new']
    assert len(rows) == 2 + 6 + 1


@pytest.mark.parametrize(('count', 'folded'), [
    (3, []), (5, []), (6, [3]), (7, [4])])
def test_few_unchanged_lines_are_not_worth_folding(
        count: int, folded: list[int]) -> None:
    lines = [str(number) for number in range(count)]
    rows = side_by_side('\n'.join(['x', *lines]), '\n'.join(['y', *lines]))
    assert [row.folded for row in rows if row.folded] == folded


@pytest.mark.parametrize('text', [
    'x' * (MOST_CHARACTERS + 1),
    # Equal lines make difflib slow.
    'x\n' * 190],
    ids=['long', 'many equal lines'])
def test_texts_that_take_too_long_are_not_compared(text: str) -> None:
    assert not Comparison(f'a\n{text}b', f'b\n{text}a').is_possible


def test_long_texts_that_hardly_differ_are_compared() -> None:
    lines = [str(number % 7) for number in range(9_000)]
    other = [*lines[:4_000], 'new', *lines[4_000:]]
    comparison = Comparison('\n'.join(lines), '\n'.join(other))
    assert comparison.is_possible and comparison.is_whole
    assert len([row for row in comparison.rows() if row.is_changed]) == 1


def test_what_differs_too_long_is_cut() -> None:
    lines = [f'line {number}' for number in range(500)]
    other = [*lines[:100], *(f'other {line}' for line in lines[100:]), 'end']
    comparison = Comparison('\n'.join(lines), '\n'.join(other), 50)
    assert comparison.is_possible and not comparison.is_whole
    rows = list(comparison.rows())
    assert [row.folded for row in rows if row.folded] == [97]
    changes = [row for row in rows if row.is_changed]
    assert [text_of(row.ours) for row in changes] == lines[100:150]


def test_texts_made_to_be_slow_take_a_moment() -> None:
    chance = random.Random(6)
    for _round in range(20):
        symbols = chance.choice([20, 60, 200, 2_000])
        line = chance.choice(['x ', 'a b c d e f g ', '']) * 20
        texts = ['\n'.join(line + str(chance.randrange(symbols))
                           for _line in range(600)) for _side in range(2)]
        start = time.process_time()
        comparison = Comparison(*texts)
        if comparison.is_possible:
            assert list(comparison.rows())
        assert time.process_time() - start < 20
