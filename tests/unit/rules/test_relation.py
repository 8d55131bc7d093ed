"""Two histories, one word: examples and properties."""
from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from importbot.model.decisions import Relation
from importbot.model.revisions import EMPTY_SHA1, Revision
from importbot.rules.relation import relate


def history(texts: str, start: int = 1) -> list[Revision]:
    """Return revisions, newest first; each letter is a text.

    ``_`` is the empty text, ``?`` a suppressed one.
    """
    sha1 = {'_': EMPTY_SHA1, '?': ''}
    return [Revision(number, number - 1, f'20{number + start:02}-01-01'
                     'T00:00:00Z', sha1.get(letter, letter))
            for number, letter in reversed(list(enumerate(texts, 1)))]


@pytest.mark.parametrize(('source', 'target', 'expected'), [
    ('a', '', 'missing'),
    ('ab', 'ab', 'identical'),
    ('ab', 'b', 'identical'),
    ('ab', 'abb', 'identical'),         # a dummy revision on top
    ('ab', 'abl', 'ahead'),
    ('ab', 'abba', 'ahead'),            # a local revert to older text
    ('aba', 'abl', 'ahead'),            # the source reverted
    ('abc', 'ab', 'behind'),
    ('abc', 'abb', 'behind'),
    ('abcb', 'ac', 'behind'),           # the target has what was reverted
    ('abc', 'al', 'diverged'),
    ('abc', 'lam', 'diverged'),
    ('abc', 'lm', 'unrelated'),
    ('a_b', '_l', 'unrelated'),         # empty texts do not count
    ('a_', 'l_', 'identical'),          # but two empty pages are equal
    ('a_', 'a_l', 'diverged'),
    ('a?', 'a', 'behind'),              # the newest text is suppressed
    ('a?', 'b?', 'unrelated'),
    ('a?b', 'l?', 'unrelated'),
])
def test_examples(source: str, target: str, expected: str) -> None:
    assert relate(history(source), history(target)).value == expected


TEXTS = st.text('abc_?', min_size=1, max_size=8)


@given(TEXTS)
def test_a_page_is_identical_to_itself_unless_hidden(texts: str) -> None:
    expected = Relation.IDENTICAL
    if texts.endswith('?'):
        assume(not set(texts) - {'?', '_'})
        expected = Relation.UNRELATED
    assert relate(history(texts), history(texts)) is expected


@given(TEXTS, TEXTS)
def test_dummy_revisions_change_nothing(source: str, target: str) -> None:
    assert relate(history(source), history(target)) is relate(
        history(source), history(target + target[-1]))


@given(TEXTS, TEXTS, st.integers(0, 50))
def test_times_and_ids_do_not_count(source: str, target: str,
                                    start: int) -> None:
    same_second = [Revision(0, 0, '2020-01-01T00:00:00Z', item.sha1)
                   for item in history(target)]
    assert (relate(history(source), history(target))
            is relate(history(source, start), same_second))


@given(TEXTS, st.text('xyz', min_size=1, max_size=5))
def test_local_edits_on_top_of_everything_are_ahead(source: str,
                                                    local: str) -> None:
    assume(source[-1] not in '_?')
    assert relate(history(source), history(source + local)
                  ) is Relation.AHEAD


@given(TEXTS, st.text('xyz', min_size=1, max_size=5))
def test_what_the_source_gained_leaves_the_target_behind(
        target: str, gained: str) -> None:
    assume(target[-1] not in '_?')
    assert relate(history(target + gained), history(target)
                  ) is Relation.BEHIND


@given(TEXTS, TEXTS)
def test_no_common_text_is_unrelated(source: str, target: str) -> None:
    local = target.translate(str.maketrans('abc', 'xyz'))
    assume(not (source[-1] == local[-1] == '_'))
    assert relate(history(source), history(local)) is Relation.UNRELATED
