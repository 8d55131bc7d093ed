"""How journals of earlier releases become those of this one.

Each file of ``versions`` lifts to the next schema, by the operations of
Alembic; its ``revision`` is the number of that schema. The tables are
written out there as they were then. A step is safe to do twice: MariaDB
keeps each change of a table at once, and a kill may come after any.

``BY_ITSELF`` says whether a journal is lifted when a bot opens it, or by
``pwb importruns -upgrade`` alone. What a step does to rows is told in
``SHOWN`` to those who only read: by table, the columns as SQL has them in a
journal before it.
"""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from importbot.journal.tables import ON_MARIADB


__all__ = ('add_column', 'create')


def create(name: str, *parts: sa.schema.SchemaItem) -> None:
    """Create a table, unless it is there.

    :param name: without the prefix of all tables
    :param parts: its columns
    """
    op.create_table(f'importbot_{name}', *parts, if_not_exists=True,
                    **ON_MARIADB)


def add_column(name: str, column: sa.Column[Any]) -> None:
    """Add a column to a table, unless it is there.

    :param name: of the table, without the prefix of all tables
    """
    table = f'importbot_{name}'
    if column.name not in {there['name'] for there
                           in sa.inspect(op.get_bind()).get_columns(table)}:
        op.add_column(table, column)
