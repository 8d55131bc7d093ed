"""Each call leaves a dummy revision and an entry in the log."""
from __future__ import annotations

from dataclasses import replace

import pytest

from importbot.model.import_log import ImportLogEntry
from importbot.model.revisions import Revision
from importbot.rules.authors import Authors
from importbot.rules.call_records import Calls, is_damaged, missing_records
from importbot.rules.difference_problems import damage_of, problem_of
from importbot.rules.differences import (
    Difference,
    Differing,
    Terms,
    differences,
)
from tests.kit.authors import TARGET


TERMS = Terms(Authors('prefix', 'en', {}, TARGET), 'Bot')
THEIRS = [Revision(number, number - 1, f'2020-01-01T00:00:0{number}Z',
                   str(number) * 40, 'Anna', comment='', is_minor=False)
          for number in (2, 1)]
#: Two calls, one revision each; the second one is older.
OURS = [Revision(13, 11, '2026-01-01T00:00:01Z', '2' * 40, 'Bot',
                 comment='1 revision: from en', is_minor=True, tags=('t', )),
        Revision(11, 10, '2026-01-01T00:00:00Z', '2' * 40, 'Bot',
                 comment='1 revision: from en', is_minor=True, tags=('t', )),
        Revision(10, 0, '2020-01-01T00:00:02Z', '2' * 40, 'en>Anna',
                 comment='', is_minor=False),
        Revision(12, 0, '2020-01-01T00:00:01Z', '1' * 40, 'en>Anna',
                 comment='', is_minor=False)]
ENTRIES = [ImportLogEntry(f'2026-01-01T00:00:0{second}Z', 'A', 'Bot', 1,
                          second, revision, 'from en', ('t', ))
           for second, revision in ((1, 13), (0, 11))]
CALLS = Calls(2, 2, '2026-01-01T00:00:00Z', ('t', ))
#: Before 1.43 an entry names no revision.
OLDER = [replace(entry, revision=0) for entry in ENTRIES]


def kinds(found: list[Difference]) -> list[str]:
    return [item.differing.value for item in found]


@pytest.mark.parametrize('entries', [ENTRIES, OLDER])
@pytest.mark.parametrize('calls', [
    CALLS, replace(CALLS, number=0), replace(CALLS, number=0, revisions=1),
    replace(CALLS, tags=()), Calls(0)])
def test_all_is_there(entries: list[ImportLogEntry], calls: Calls) -> None:
    assert missing_records(OURS, entries, calls, TERMS) == []
    assert differences(THEIRS, OURS, TERMS) == []


@pytest.mark.parametrize('entries', [ENTRIES, OLDER])
def test_dummy_is_missing(entries: list[ImportLogEntry]) -> None:
    for number in (11, 13):
        ours = [one for one in OURS if one.id != number]
        found = missing_records(ours, entries, CALLS, TERMS)
        assert found == [Difference(Differing.DUMMY, '', '1', '2')]


def test_edit_of_the_bot_is_no_dummy() -> None:
    edit = replace(OURS[0], sha1='3' * 40, comment='Clean-up',
                   is_minor=False)
    assert kinds(missing_records([edit, *OURS[1:]], OLDER, CALLS, TERMS)) == [
        'dummy']


def test_a_move_leaves_one_more() -> None:
    moved = replace(CALLS, is_moved=True)
    assert kinds(missing_records(OURS, OLDER, moved, TERMS)) == ['dummy']
    of_move = replace(OURS[0], id=14, parent=13, comment='moved', tags=())
    assert missing_records([of_move, *OURS], OLDER, moved, TERMS) == []
    assert missing_records([of_move, *OURS], ENTRIES, moved, TERMS) == []


def test_entry_is_missing_or_counts_otherwise() -> None:
    assert kinds(missing_records(OURS, [], CALLS, TERMS)) == ['entry']
    assert missing_records(OURS, ENTRIES[:1], CALLS, TERMS) == [
        Difference(Differing.ENTRY, '', '1', '2')]
    more = [replace(ENTRIES[0], count=3), ENTRIES[1]]
    assert missing_records(OURS, more, CALLS, TERMS) == [
        Difference(Differing.COUNT, '', '4', '2')]


@pytest.mark.parametrize('entries', [ENTRIES, OLDER])
def test_entries_of_an_earlier_import_do_not_count(
        entries: list[ImportLogEntry]) -> None:
    # Of the second in which the later call was sent.
    later = replace(CALLS, revisions=1, number=1)
    terms = replace(TERMS, before=11)
    assert missing_records(OURS, entries, later, terms) == []


def test_entry_of_an_import_that_was_taken_back_does_not_count() -> None:
    # Within one second; what it brought is deleted.
    gone = replace(ENTRIES[0], timestamp=CALLS.since, id=4, revision=7)
    mine = [replace(entry, id=5 + entry.id) for entry in ENTRIES]
    assert missing_records(OURS, [*mine, gone], CALLS, TERMS)
    assert missing_records(OURS, [*mine, gone], replace(CALLS, last_log=4),
                           TERMS) == []


@pytest.mark.parametrize('lacks', ['entry', 'revision'])
def test_tag_is_missing(lacks: str) -> None:
    ours, entries = [*OURS], [*ENTRIES]
    if lacks == 'entry':
        entries[0] = replace(entries[0], tags=('other', ))
    else:
        ours[0] = replace(ours[0], tags=())
    assert missing_records(ours, entries, CALLS, TERMS) == [
        Difference(Differing.TAGS, '', '', 't')]
    # An export does not tell.
    ours = [replace(one, tags=None) for one in OURS]
    assert missing_records(ours, ENTRIES, CALLS, TERMS) == []


def damaged() -> tuple[list[Revision], list[ImportLogEntry]]:
    """Return a page as MediaWiki leaves it where two imports met."""
    return ([replace(one, id=id, parent=0) for id, one
             in ((21, OURS[2]), (20, OURS[3]))],
            [replace(OLDER[0], count=2)])


def test_damage_is_a_kind_of_its_own() -> None:
    ours, entries = damaged()
    calls = replace(CALLS, number=1)
    found = [*differences(THEIRS, ours, TERMS),
             *missing_records(ours, entries, calls, TERMS)]
    assert kinds(found) == ['parent', 'dummy']
    assert is_damaged(found, entries)
    assert 'than they should: 1;' in str(damage_of(found))
    # A dummy revision that was there once is in the log.
    assert not is_damaged(found, [replace(entries[0], revision=22)])
    whole = [item for item in found if item.differing is Differing.PARENT]
    assert not is_damaged(whole, entries)
    assert not is_damaged([], entries)


def test_several_kinds_are_one_sentence() -> None:
    ours, _entries = damaged()
    ours[0] = replace(ours[0], user='en>Mallory', comment='x' * 70)
    problem = problem_of(differences(THEIRS, ours, TERMS))
    assert str(problem) == (
        'authors who arrived by another name than planned: "en>Mallory" for '
        '"Anna"; revisions with another edit summary: 1, the first of '
        f'2020-01-01T00:00:02Z: "{"x" * 60}…" and not ""; revisions that '
        'follow another one than they should (their parent): 1, the first of '
        '2020-01-01T00:00:02Z follows 0 and not 20')
    assert problem_of([]) is None


@pytest.mark.parametrize('entries', [ENTRIES, OLDER])
def test_name_that_is_hidden_later_may_be_that_of_the_bot(
        entries: list[ImportLogEntry]) -> None:
    ours = [replace(OURS[0], user='', hidden=True), *OURS[1:]]
    late = replace(TERMS, is_late=True)
    assert missing_records(ours, entries, CALLS, late) == []
    assert kinds(missing_records(ours, entries, CALLS, TERMS)) == ['dummy']
