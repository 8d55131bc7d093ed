"""Every note has its sentence, in every language and medium."""
from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from importbot.i18n import LANGUAGES
from importbot.model.notes import NoteKind, notes_from_json
from importbot.reports.html.visible import isolated
from importbot.reports.words.notes import note_sentence, note_values
from tests.kit.notes import note_of


def sentences(language: str) -> dict[str, str]:
    """Return the sentences of notes, by kind."""
    begin = 'importbot-note-'
    found: dict[str, str] = json.loads(files('importbot.i18n').joinpath(
        f'{language}.json').read_text('utf-8'))
    return {key.removeprefix(begin): text for key, text in found.items()
            if key.startswith(begin)}


@pytest.mark.parametrize('language', LANGUAGES)
def test_kinds_and_sentences_are_the_same(language: str) -> None:
    assert sentences(language).keys() == {kind.value for kind in NoteKind}


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('kind', NoteKind)
def test_notes_have_all_that_their_sentences_say(
        language: str, kind: NoteKind) -> None:
    note = note_of(kind)
    asked = set(re.findall(r'%\((\w+)\)s', sentences(language)[kind.value]))
    assert asked <= note_values(note, language).keys()
    for text in (note_sentence(note, language), isolated(
            language, f'note-{note.kind.value}',
            **note_values(note, language))):
        assert text and '%(' not in text


def test_note_of_another_release_is_said_in_short() -> None:
    note, = notes_from_json([{'kind': 'mood', 'page': 'Rover',
                              'of': 'x' * 9_000}])
    text = note_sentence(note, 'en')
    assert text.startswith('Written by another release of importbot: '
                           '{"kind": "mood", "page": "Rover"')
    assert len(text) < 400
