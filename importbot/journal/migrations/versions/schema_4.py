"""Which revisions a run gave a page."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from importbot.journal.migrations import create


__all__ = ('upgrade', )

revision = '4'
down_revision = '3'
BY_ITSELF = True


def upgrade() -> None:
    """Lift a journal of schema 3."""
    # The first journals of schema 3 lack it.
    op.create_index('importbot_changes_after', 'importbot_changes',
                    ['revision_after'], if_not_exists=True)
    create(
        'brought',
        sa.Column('run', sa.Integer, sa.ForeignKey('importbot_runs.run'),
                  primary_key=True),
        sa.Column('position', sa.Integer, primary_key=True,
                  autoincrement=False),
        sa.Column('revision_first', sa.BigInteger, primary_key=True,
                  autoincrement=False),
        sa.Column('revision_last', sa.BigInteger, nullable=False))
