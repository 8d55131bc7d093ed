"""Undos name pages as imports do, and runs say which of both they are."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.ext.compiler import compiles

from importbot.journal.migrations import add_column


__all__ = ('upgrade', )

revision = '5'
down_revision = '4'
BY_ITSELF = True

_runs = sa.table('importbot_runs', sa.column('run'),
                 sa.column('source_prefix', sa.String), sa.column('mode'))
_pages = sa.table('importbot_pages', sa.column('run'),
                  sa.column('title', sa.String))
_undos = sa.table('importbot_undos', sa.column('run'))


class _Letters(sa.sql.expression.FunctionElement[int]):

    """How many letters a text has."""

    inherit_cache = True
    type = sa.Integer()


@compiles(_Letters)
def _char_length(element: _Letters, compiler: Any, **options: Any) -> str:
    return f'char_length({compiler.process(element.clauses, **options)})'


@compiles(_Letters, 'sqlite')
def _length(element: _Letters, compiler: Any, **options: Any) -> str:
    return f'length({compiler.process(element.clauses, **options)})'


def _is_undo(runs: sa.FromClause) -> sa.ColumnElement[bool]:
    return runs.c.run.in_(sa.select(_undos.c.run))


def _split(pages: sa.FromClause,
           ) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[str]]:
    """Return whether the title has the prefix, and what follows it."""
    prefix = sa.select(_runs.c.source_prefix + ':').where(
        _runs.c.run == pages.c.run).correlate(pages).scalar_subquery()
    title, letters = pages.c.title, _Letters(prefix)
    return (sa.and_(_is_undo(pages),
                    sa.func.substr(title, 1, letters) == prefix),
            sa.func.substr(title, letters + 1))


def _shown_runs(runs: sa.FromClause) -> dict[str, sa.ColumnElement[Any]]:
    return {'mode': sa.case((_is_undo(runs), 'undo'), else_='import')}


def _shown_pages(pages: sa.FromClause) -> dict[str, sa.ColumnElement[Any]]:
    has_prefix, title = _split(pages)
    return {'title': sa.case((has_prefix, title), else_=pages.c.title)}


SHOWN = {'importbot_runs': _shown_runs, 'importbot_pages': _shown_pages}


def upgrade() -> None:
    """Lift a journal of schema 4.

    Rows come last: they are changed together with the number of the
    schema, or not at all, so that no prefix is taken off twice.
    """
    add_column('runs', sa.Column('mode', sa.String(16), nullable=False,
                                 server_default='import'))
    add_column('pages', sa.Column('problem', sa.JSON))
    op.execute(sa.update(_runs).where(_is_undo(_runs)).values(mode='undo'))
    has_prefix, title = _split(_pages)
    op.execute(sa.update(_pages).where(has_prefix).values(title=title))
