"""The notes of plans and reports as sentences."""
from __future__ import annotations

from collections.abc import Callable, Mapping

from importbot.i18n import message
from importbot.model.notes import Note, NoteKind
from importbot.model.printable import listed, printable
from importbot.reports.words.runs import word


__all__ = ('note_sentence', 'note_values')

_Values = Mapping[str, object]

#: Letters that are shown of what another release wrote down.
_MOST_SAID = 300


def note_sentence(note: Note, language: str) -> str:
    """Return a note as a sentence.

    :param note: of a plan, report or undo
    :param language: language of the sentence
    """
    return printable(message(language, f'note-{note.kind.value}',
                             **note_values(note, language)))


def note_values(note: Note, language: str) -> _Values:
    """Return what stands in the sentence of a note.

    :param note: of a plan, report or undo
    :param language: language of the sentence
    """
    values = {name: listed([*map(str, value)]) if isinstance(value, tuple)
              else value for name, value in note.values}
    other = _OTHER_VALUES.get(note.kind)
    return {'page': note.page, **values,
            **(other(note, language) if other else {})}


def _route(note: Note, language: str) -> _Values:
    return {'reason': message(language, f'because-{note.because}')}


def _authors(note: Note, language: str) -> _Values:
    return {'count': len(note.authors), 'authors': listed([
        f'{author.name} → {author.becomes} ({author.edits})'
        for author in note.authors])}


def _still_used(note: Note, language: str) -> _Values:
    # If there are more, nobody has counted them.
    return {'count': f'{note.count}+'} if note.has_more else {}


def _mixed(note: Note, language: str) -> _Values:
    return {'relation': word(language, 'html-relation',
                             _value(note, 'relation'))}


def _lacking(note: Note, language: str) -> _Values:
    return {'what': word(language, 'lacking', _value(note, 'what'))}


def _value(note: Note, name: str) -> str:
    return str(dict(note.values)[name])


def _other(note: Note, language: str) -> _Values:
    return {'said': note.said[:_MOST_SAID]}


#: What a sentence says otherwise than the note holds it.
_OTHER_VALUES: Mapping[NoteKind, Callable[[Note, str], _Values]] = {
    NoteKind.ROUTE: _route,
    NoteKind.MIXED: _mixed,
    NoteKind.LACKING: _lacking,
    NoteKind.AUTHORS: _authors,
    NoteKind.STILL_USED: _still_used,
    NoteKind.OTHER: _other,
}
