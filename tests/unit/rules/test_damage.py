"""What a history shows by itself, and what became of a page since."""
from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from importbot.model.notes import AuthorEdits
from importbot.model.revisions import Revision
from importbot.rules.damage import doubled, prefixes_of, without_parent
from importbot.rules.since import (
    Since,
    as_named_then,
    edited_since,
    strange_names,
)


def revision(number: int, day: int, sha1: str = '', user: str = 'en>Anna',
             parent: int = 0) -> Revision:
    return Revision(number, parent, f'2011-03-{day:02}T12:00:00Z',
                    sha1 or f'{day:040}', user)


#: As an import leaves it: the oldest, the newest, the rest, and its mark.
WHOLE = (revision(11, 1), revision(12, 3, parent=11),
         revision(13, 2, parent=11),
         revision(14, 9, f'{3:040}', 'ImportBot', 12))
#: As two interwiki calls leave it: the newest came first.
TWO_CALLS = (revision(11, 3), revision(12, 9, f'{3:040}', 'ImportBot', 11),
             revision(13, 1), revision(14, 2, parent=13),
             revision(15, 9, f'{3:040}', 'ImportBot', 12))


@pytest.mark.parametrize('history', [WHOLE, TWO_CALLS])
def test_what_imports_leave_is_no_damage(
        history: tuple[Revision, ...]) -> None:
    assert doubled(history) == without_parent(history) == []
    ids = [item.id for item in history]
    assert without_parent(history, ids) == []


@pytest.mark.parametrize('user', ['en>Anna', 'w:en>Anna', 'Anna'])
def test_copy_of_a_revision_is_found(user: str) -> None:
    copy = replace(WHOLE[2], id=20, user=user)
    assert doubled([*WHOLE, copy]) == [copy]


def test_marks_of_two_calls_in_one_second_are_no_copies() -> None:
    first, second = TWO_CALLS[1], TWO_CALLS[4]
    assert (first.timestamp, first.sha1) == (second.timestamp, second.sha1)
    assert doubled(TWO_CALLS) == []


def test_what_is_hidden_is_no_copy() -> None:
    hidden = [replace(item, sha1='', timestamp=WHOLE[0].timestamp)
              for item in WHOLE]
    assert doubled(hidden) == []


def test_lost_parents_are_found() -> None:
    lost = [replace(item, parent=0) for item in WHOLE[:3]]
    assert {item.id for item in without_parent(lost)} == {12, 13}
    # Somebody edited it since.
    later = revision(30, 10, user='Berta', parent=12)
    assert {item.id for item in without_parent([*lost, later])} == {12, 13}


def test_two_lost_parents_are_found_where_nothing_else_is() -> None:
    assert without_parent([revision(1, 1), revision(2, 2)])
    assert not without_parent([revision(1, 1)])


def test_pages_begun_anew_and_restored_are_no_damage() -> None:
    begun = [revision(number, number, user='Anna') for number in (1, 2, 3)]
    assert without_parent([*begun, revision(4, 4, 'x', 'Anna', 3)]) == []


def test_prefixes_are_those_before_names() -> None:
    names = ('en>Anna', 'w:de>Berta', 'Carl', '>odd', 'fr>')
    assert prefixes_of(revision(1, 1, user=name)
                       for name in names) == {'en', 'w:de'}


# Since

def test_edits_are_counted_by_author_and_run() -> None:
    runs = {21: 7, 22: 7}
    history = [*WHOLE, revision(21, 10, user='en>Dora', parent=14),
               revision(22, 11, f'{10:040}', 'ImportBot', 21),
               revision(23, 12, user='Berta', parent=22),
               revision(24, 13, user='Berta', parent=23),
               # A move or a protection.
               revision(25, 14, f'{13:040}', 'Admin', 24)]
    history.append(revision(26, 2, 'x', 'de>Emil', 11))
    assert edited_since(history, 14, runs.get) == Since(
        Counter(Berta=2), (7, ), 1)
    assert edited_since(WHOLE, 14, runs.get) == Since(Counter(), (), 0)


AUTHORS = (AuthorEdits('Anna', 'en>Anna', 2),
           AuthorEdits('192.0.2.1', '192.0.2.1', 1))


def test_account_that_was_renamed_since_is_known_by_what_arrived() -> None:
    source = [revision(1, 1, user='Anna (renamed)'),
              revision(2, 2, user='192.0.2.1')]
    named = as_named_then(source, WHOLE, AUTHORS)
    assert [item.user for item in named] == ['Anna', '192.0.2.1']
    # Nobody knows what the plan said.
    assert as_named_then(source, WHOLE, ()) == source


def test_author_whom_the_plan_knew_is_not_explained_away() -> None:
    source = [revision(1, 1, user='192.0.2.1')]
    assert as_named_then(source, WHOLE, AUTHORS) == source


@pytest.mark.parametrize(('user', 'is_strange'), [
    ('en>Anna', False), ('192.0.2.1', False), ('ImportBot', False),
    ('en>Unknown user', False), ('', False), ('Anna', True),
    ('de>Anna', True)])
def test_names_that_no_plan_made_are_found(user: str,
                                           is_strange: bool) -> None:
    came = [replace(WHOLE[0], user=user)]
    assert bool(strange_names(came, AUTHORS, 'ImportBot')) is is_strange
    assert strange_names(came, (), 'ImportBot') == []
