"""Who did it is what an unbroken history says, and nothing else does."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot.requestpages.who.proof import Proof, Unproved, prove
from importbot.wikis.people import PageRevision


def revision(number: int, text: str | None, user: str = 'Anna',
             **more: Any) -> PageRevision:
    return replace(PageRevision(
        number, number - 1, user, len(user),
        f'2024-01-01T00:00:{number % 60:02}Z', text), **more)


def history(*texts: str | None, **users: str) -> list[PageRevision]:
    """Return revisions with some texts, newest first; r3 is who made the
    third one.
    """
    return [revision(number, text, users.get(f'r{number}', 'Anna'))
            for number, text in enumerate(texts, 1)][::-1]


def proved(revisions: list[PageRevision] | Iterator[PageRevision],
           was_imported: Callable[[str], bool] = lambda since: False,
           waited: Callable[[str], bool] = lambda text: True,
           ) -> Proof | Unproved:
    """Look who wrote the x that stands in a text."""
    return prove(revisions, lambda text: 'x' in text, was_imported, waited)


def changed(revisions: list[PageRevision], number: int,
            **what: Any) -> list[PageRevision]:
    """Return a history in which one revision is another."""
    return [replace(each, **what) if each.id == number else each
            for each in revisions]


# Who it was

@pytest.mark.parametrize(('texts', 'number'), [
    (['x'], 1),
    (['', 'x'], 2),
    (['', 'ax', 'bx', 'cx'], 2),
    # Away and back: who put it back made it stand.
    (['x', '', 'x'], 3),
    (['x', '', 'x', 'ax', '', 'xb', 'x'], 6),
    (['', 'x', 'y', 'x'], 4),
])
def test_it_was_who_began_the_run(texts: list[str], number: int) -> None:
    users = {f'r{each}': f'User {each}' for each in range(9)}
    assert proved(history(*texts, **users)) == Proof(
        f'User {number}', 6, number, f'2024-01-01T00:00:0{number}Z')


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_run_ends_now(stands: list[bool]) -> None:
    found = proved(history(*('x' if each else '' for each in stands)))
    if not stands[-1]:
        assert found == Unproved('changed')
    else:
        ago = [*stands[::-1], False].index(False)
        assert isinstance(found, Proof)
        assert found.revision == len(stands) - ago + 1


def test_history_is_read_as_far_as_it_takes() -> None:
    read: list[int] = []

    def newest_first() -> Iterator[PageRevision]:
        for each in history('x', 'x', '', 'x', 'x'):
            read.append(each.id)
            yield each

    assert isinstance(proved(newest_first()), Proof)
    assert read == [5, 4, 3]


def test_somebody_not_logged_in_has_no_number() -> None:
    found = proved(changed(history('', 'x'), 2, user='192.0.2.1', user_id=0))
    assert isinstance(found, Proof)
    assert (found.user, found.user_id) == ('192.0.2.1', 0)


# What proves nothing

@pytest.mark.parametrize('texts', [[], [''], ['x', '']])
def test_what_does_not_stand_now_was_changed(texts: list[str]) -> None:
    assert proved(history(*texts)) == Unproved('changed')


HISTORY = history('x', '', 'x', 'x', 'x')


@pytest.mark.parametrize('number', [2, 3, 4, 5])
@pytest.mark.parametrize('what', [{'text': None}, {'is_user_hidden': True}])
def test_hidden_revision_in_the_run_or_right_below(
        number: int, what: dict[str, Any]) -> None:
    assert proved(changed(HISTORY, number, **what)) == Unproved('hidden')


@pytest.mark.parametrize('what', [{'text': None}, {'is_user_hidden': True},
                                  {'user': 'en>Anna'}, {'is_revert': True}])
def test_what_is_further_below_does_not_matter(what: dict[str, Any]) -> None:
    assert isinstance(proved(changed(HISTORY, 1, **what)), Proof)


@pytest.mark.parametrize('number', [3, 4, 5])
def test_imported_revision_in_the_run(number: int) -> None:
    assert proved(changed(HISTORY, number, user='en>Anna')) == Unproved(
        'imported')


def test_imported_revision_below_the_run_made_it_not_stand() -> None:
    assert isinstance(proved(changed(HISTORY, 2, user='en>Anna')), Proof)


@pytest.mark.parametrize('number', [3, 4, 5])
@pytest.mark.parametrize('parent', [0, 1, 7])
def test_revision_with_another_parent_was_merged(number: int,
                                                 parent: int) -> None:
    assert proved(changed(HISTORY, number, parent=parent)) == Unproved(
        'merged')


@pytest.mark.parametrize('number', [2, 3, 4])
def test_revision_that_came_later_was_merged(number: int) -> None:
    """It was sorted between others by the time that it claims."""
    revisions = [replace(each, id=99 if each.id == number else each.id,
                         parent=99 if each.parent == number else each.parent)
                 for each in HISTORY]
    assert proved(revisions) == Unproved('merged')


@pytest.mark.parametrize('missing', [2, 3, 4])
def test_revision_that_is_gone_leaves_a_gap(missing: int) -> None:
    assert proved([each for each in HISTORY if each.id != missing]) == (
        Unproved('merged'))


def test_run_of_a_page_that_once_was_longer() -> None:
    """Its oldest revisions were deleted or moved elsewhere."""
    assert proved(HISTORY[:3]) == Unproved('merged')
    assert isinstance(proved(changed(HISTORY[:3], 3, parent=0)), Proof)


def test_import_since_the_run_began() -> None:
    asked: list[str] = []

    def was_imported(since: str) -> bool:
        asked.append(since)
        return True

    assert proved(HISTORY, was_imported) == Unproved('imported')
    assert asked == ['2024-01-01T00:00:03Z']


def test_logs_are_not_read_where_the_history_says_enough() -> None:
    def was_imported(since: str) -> bool:
        raise AssertionError(since)

    assert proved(history(''), was_imported) == Unproved('changed')
    assert proved(changed(HISTORY, 4, text=None), was_imported) == Unproved(
        'hidden')


@pytest.mark.parametrize(('number', 'is_proved'), [
    (3, False), (4, True), (5, True), (2, True)])
def test_who_reverts_did_not_write_it(number: int, is_proved: bool) -> None:
    found = proved(changed(HISTORY, number, is_revert=True))
    assert isinstance(found, Proof) is is_proved
    if not is_proved:
        assert found == Unproved('restored')


def test_it_has_to_come_from_what_it_can_come_from() -> None:
    before: list[str] = []

    def waited(text: str) -> bool:
        before.append(text)
        return text == 'w'

    assert isinstance(proved(history('', 'w', 'x'), waited=waited), Proof)
    assert proved(history('', 'v', 'x'), waited=waited) == Unproved(
        'restored')
    assert proved(history('x'), waited=waited) == Unproved('restored')
    assert before == ['w', 'v', '']


@pytest.mark.parametrize(('length', 'is_proved'), [(500, True), (501, False)])
def test_run_may_not_be_too_long(length: int, is_proved: bool) -> None:
    found = proved(history('', *['x'] * length))
    assert isinstance(found, Proof) is is_proved
    if not is_proved:
        assert found == Unproved('long')
