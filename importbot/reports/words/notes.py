"""The notes of plans and reports as sentences."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from importbot.i18n import message
from importbot.model.printable import listed, printable


__all__ = ('note_sentence', 'note_values')


def note_sentence(note: Mapping[str, Any], language: str) -> str:
    """Return a note as a sentence.

    :param note: its ``kind``, its ``page`` and what else it has
    :param language: language of the sentence
    """
    return printable(message(language, f'note-{note["kind"]}',
                             **note_values(note, language)))


def note_values(note: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return what stands in the sentence of a note.

    :param note: its ``kind``, its ``page`` and what else it has
    :param language: language of the sentence
    """
    values = {name: (listed([*map(str, value)]) if isinstance(value, list)
                     else value)
              for name, value in note.items()
              if name not in ('kind', 'authors')}
    if note.get('more'):
        # There are more, and nobody has counted them.
        values['count'] = f'{note["count"]}+'
    if 'because' in note:
        values['reason'] = message(language, f'because-{note["because"]}')
    if 'authors' in note:
        values |= {'count': len(note['authors']), 'authors': listed([
            f'{row["name"]} → {row["becomes"]} ({row["edits"]})'
            for row in note['authors']])}
    return values
