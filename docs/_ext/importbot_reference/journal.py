"""The tables of the journal."""
from __future__ import annotations

from sqlalchemy import Column, Table

from importbot.journal import tables
from importbot_reference.markdown import code, comments, table


__all__ = ('journal', )


def journal() -> str:
    """Return a table of columns for each table of the journal."""
    said = comments(tables.__name__)
    return '\n'.join(
        f'## `{found.name}`\n\n'
        + said['', found.name.removeprefix('importbot_')] + '\n\n'
        + _columns(found) for found in tables.metadata.tables.values())


def _columns(found: Table) -> str:
    return table(('column', 'type', ''), (
        (code(column.name), str(column.type).lower(), _role(column))
        for column in found.columns))


def _role(column: Column[object]) -> str:
    """Return what a column is to its table."""
    roles = ['key'] if column.primary_key else []
    roles += [f'of {code(key.target_fullname)}'
              for key in column.foreign_keys]
    if column.nullable:
        roles.append('may be empty')
    return ', '.join(roles)
