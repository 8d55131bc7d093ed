"""Tables of the words of plans, reports and requests."""
from __future__ import annotations

import json
import re
from importlib.resources import files

from importbot.model.decisions import (
    REASONS,
    Decision,
    Evidence,
    Outcome,
    Relation,
    Role,
)
from importbot.model.notes import NoteKind
from importbot.model.undo_plan import UndoReason
from importbot.requestpages.status import Status
from importbot_reference.markdown import (
    code,
    comments,
    definitions,
    table,
    with_options,
)
from importbot_reference.policies import policy_table


__all__ = ('dependencies', 'evidence', 'notes', 'outcomes', 'reasons',
           'relations', 'requested_pages', 'roles', 'states', 'undo_reasons')


_ENGLISH = files('importbot.i18n').joinpath('en.json')

#: The English sentences, with the names of what is put into them.
_SENTENCES: dict[str, str] = {
    key.removeprefix('importbot-'): with_options(
        re.sub(r'%\((\w+)\)s', r'*\1*', text))
    for key, text in json.loads(_ENGLISH.read_text('utf-8')).items()
    if key.startswith('importbot-')}


def reasons() -> str:
    """Return what each decision means, with a table of its reasons."""
    said = comments(Decision.__module__)
    return '\n'.join(
        f'### `{decision.value}`\n\n'
        f'{said[Decision.__name__, decision.name].capitalize()}.\n\n'
        f'{_reasons(decision)}' for decision in REASONS)


def _reasons(decision: Decision) -> str:
    """Return the reasons of a decision; some leave something to do."""
    heads = ['reason', 'as it is shown']
    rows = [[code(reason.value), _SENTENCES[f'reason-{reason.value}']]
            for reason in REASONS[decision]]
    if decision in (Decision.HOLD, Decision.REFUSE):
        heads.append('what a person can do')
        for row, reason in zip(rows, REASONS[decision], strict=True):
            row.append(_SENTENCES[f'advice-{reason.value}'])
    return table(heads, rows)


def undo_reasons() -> str:
    """Return the reasons that an undo gives."""
    return table(('reason', 'as it is shown', 'what a person can do'), (
        (code(reason.value), _SENTENCES[f'undo-reason-{reason.value}'],
         _SENTENCES.get(f'undo-advice-{reason.value}', ''))
        for reason in UndoReason))


def outcomes() -> str:
    """Return what can become of a page."""
    return definitions(Outcome)


def relations() -> str:
    """Return the relations of a target page to a source page."""
    return definitions(Relation)


def roles() -> str:
    """Return what a page can be to a run."""
    return definitions(Role)


def evidence() -> str:
    """Return how it is known that a page is needed."""
    return definitions(Evidence)


def dependencies() -> str:
    """Return what ``-existing`` does."""
    return policy_table(requested=False)


def requested_pages() -> str:
    """Return what ``-existingpages`` does."""
    return policy_table(requested=True)


def states() -> str:
    """Return the states of a request and the groups that they are in."""
    return table(('state', 'as it is shown', 'the bot'), (
        (code(status.value), _SENTENCES[f'status-{status.value}'],
         'keeps off' if status.keeps_bot_off else '') for status in Status))


def notes() -> str:
    """Return the notes that stand above a table."""
    said = comments(NoteKind.__module__)
    return table(('kind', 'what it is about', 'as it is shown'), (
        (code(kind.value), with_options(said[NoteKind.__name__, kind.name]),
         _SENTENCES[f'note-{kind.value}'])
        for kind in sorted(NoteKind, key=lambda kind: kind.value)))
