"""What plans say, what runs changed, and undos."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from importbot.journal.migrations import create
from importbot.journal.tables import LONG


__all__ = ('upgrade', )

revision = '3'
down_revision = '2'
BY_ITSELF = True


def upgrade() -> None:
    """Lift a journal of schema 2."""
    create(
        'plans',
        sa.Column('run', sa.Integer, sa.ForeignKey('importbot_runs.run'),
                  primary_key=True),
        sa.Column('plan', LONG, nullable=False),
        sa.Column('shown', LONG))
    create(
        'changes',
        sa.Column('run', sa.Integer, sa.ForeignKey('importbot_runs.run'),
                  primary_key=True),
        sa.Column('position', sa.Integer, primary_key=True,
                  autoincrement=False),
        sa.Column('action', sa.String(16), primary_key=True),
        sa.Column('revision_before', sa.BigInteger, nullable=False),
        sa.Column('revision_after', sa.BigInteger, nullable=False),
        sa.Column('is_shared', sa.Boolean, nullable=False),
        sa.Column('made', sa.String(32), nullable=False))
    op.create_index('importbot_changes_after', 'importbot_changes',
                    ['revision_after'], if_not_exists=True)
    create(
        'undos',
        sa.Column('run', sa.Integer, sa.ForeignKey('importbot_runs.run'),
                  primary_key=True),
        sa.Column('undoes', sa.Integer, nullable=False))
    op.create_index('importbot_undos_undoes', 'importbot_undos', ['undoes'],
                    if_not_exists=True)
