"""A note of each kind."""
from __future__ import annotations

from typing import Any, get_type_hints

from importbot.model.notes import AuthorEdits, Note, NoteKind, NoteValues


_BY_TYPE: dict[Any, Any] = {
    str: 'x', int: 2, bool: True, tuple[str, ...]: ('x', 'y'),
    tuple[int, ...]: (1, 2),
    tuple[AuthorEdits, ...]: (AuthorEdits('Anna', 'en>Anna', 3), )}

_BY_NAME = {'because': 'asked', 'said': '{"kind": "mood"}'}


def note_of(kind: NoteKind) -> Note:
    """Return a note with all that its kind always has.

    :param kind: any
    """
    types = get_type_hints(NoteValues)
    return Note(kind, 'Rover', tuple(
        (name, _BY_NAME.get(name) or _BY_TYPE[types[name]])
        for name in sorted(kind.names)))
