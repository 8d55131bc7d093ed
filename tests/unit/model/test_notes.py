"""Notes are values, and their JSON is what any release wrote."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import importbot
from importbot.model.notes import (
    Note,
    NoteKind,
    NoteValues,
    notes_from_json,
    sorted_notes,
)
from tests.kit.notes import note_of


KINDS = [kind for kind in NoteKind if kind is not NoteKind.OTHER]


@pytest.mark.parametrize('kind', KINDS)
def test_json_is_read_as_it_was_written(kind: NoteKind) -> None:
    note = note_of(kind)
    data = note.as_json()
    assert [*data][:2] == ['kind', 'page'] and data['kind'] == kind.value
    assert notes_from_json([data]) == (note, )
    assert len({note, *notes_from_json([data])}) == 1


def test_json_of_authors_is_a_row_each() -> None:
    assert note_of(NoteKind.AUTHORS).as_json() == {
        'kind': 'authors', 'page': 'Rover', 'authors': [
            {'name': 'Anna', 'becomes': 'en>Anna', 'edits': 3}]}


@pytest.mark.parametrize('data', [
    {'kind': 'mood', 'page': 'A', 'of': {'whom': ['B']}},
    {'kind': 'other', 'page': 'A', 'of': 'B'},
    {'kind': 'calls', 'page': 'A', 'count': 2, 'each': [1]},
    {'kind': 'calls', 'page': 'A'},
    {'kind': 'calls', 'count': 2},
    {'page': 'A', 'count': 2},
    {'kind': 'authors', 'page': 'A', 'authors': [{'name': 'Anna'}]},
    {'kind': 'authors', 'page': 'A', 'authors': 3},
    {}], ids=str)
def test_what_another_release_wrote_stays_as_it_is(
        data: dict[str, Any]) -> None:
    note, = notes_from_json([data])
    assert note.kind is NoteKind.OTHER
    assert note.as_json() == data
    assert {note}


@pytest.mark.parametrize('values', [
    (), (('count', 2), ('titles', ())), (('titles', ()), )], ids=str)
def test_note_holds_what_its_kind_has(
        values: tuple[tuple[str, Any], ...]) -> None:
    with pytest.raises(ValueError, match='a note "calls" does not hold'):
        Note(NoteKind.CALLS, 'A', values)


def test_notes_may_hold_what_is_optional() -> None:
    note = Note.of(NoteKind.STILL_USED, 'A', {'count': 3, 'needed_by': ('B', ),
                                              'more': True})
    assert note.has_more and note.needed_by == ('B', )
    assert not note_of(NoteKind.STILL_USED).has_more


def test_what_the_source_lacks_too_is_no_news() -> None:
    assert note_of(NoteKind.MISSING_TEMPLATE).is_news
    assert [Note.of(NoteKind.MISSING_TEMPLATE, 'A', {
        'template': 'B', 'on_source': on_source}).is_news
        for on_source in (True, False)] == [True, False]


def test_notes_are_sorted_by_kind_page_and_the_rest() -> None:
    notes = [Note.of(NoteKind.USERS, 'A', {'count': 1}),
             Note.of(NoteKind.CALLS, 'B', {'count': 1}),
             *(Note.of(NoteKind.LACKING, 'A', {
                 'what': what, 'name': name, 'needed_by': ('A', )})
               for what, name in (('tag', 'b'), ('tag', 'a'),
                                  ('slot', 'c')))]
    found = sorted_notes(notes)
    assert [note.kind.value for note in found] == [
        'calls', 'lacking', 'lacking', 'lacking', 'users']
    assert [note.as_json()['name'] for note in found[1:4]] == ['c', 'a', 'b']


# That they are made


def _made() -> Iterator[tuple[NoteKind | None, frozenset[str]]]:
    """Yield the notes in the code: kind, if it is named, and names."""
    for path in Path(importbot.__file__).parent.rglob('*.py'):
        for node in ast.walk(ast.parse(path.read_text('utf-8'))):
            match node:
                case ast.Call(ast.Attribute(ast.Name('Note'), 'of'),
                              [kind, _page, ast.Dict(keys)]):
                    yield (NoteKind[kind.attr] if isinstance(
                        kind, ast.Attribute) else None), frozenset(
                            key.value for key in keys
                            if isinstance(key, ast.Constant))


def test_notes_are_made_with_what_their_kinds_have() -> None:
    made = [*_made()]
    assert len(made) > len(NoteKind) // 2
    for kind, names in made:
        assert any(each.names <= names <= each.names | each.optional
                   for each in ([kind] if kind else NoteKind)), (kind, names)


@pytest.mark.parametrize('kind', KINDS)
def test_every_kind_is_found_somewhere(kind: NoteKind) -> None:
    root = Path(importbot.__file__).parent
    rooms = 'planning', 'applying', 'undoing'
    texts = [path.read_text('utf-8') for room in rooms
             for path in (root / room).rglob('*.py')]
    assert any(f'NoteKind.{kind.name}' in text for text in texts)


def test_kinds_have_names_that_are_known() -> None:
    used = {name for kind in NoteKind for name in kind.names | kind.optional}
    assert used == NoteValues.__annotations__.keys()
