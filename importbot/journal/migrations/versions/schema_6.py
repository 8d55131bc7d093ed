"""Passes and alarms are kept, and what a year has grown to is found fast."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from importbot.journal.migrations import create
from importbot.journal.tables import LONG


__all__ = ('upgrade', )

revision = '6'
down_revision = '5'
BY_ITSELF = True

_INDEXES = {
    'runs_target': ('runs', ('target_api', 'started')),
    'pages_title': ('pages', ('title', )),
    'pages_words': ('pages', ('run', 'decision', 'outcome', 'role',
                              'position')),
    'requests_run': ('requests', ('run', )),
    'requests_author': ('requests', ('author', 'planned', 'run')),
    'passes_target': ('passes', ('target_api', 'task', 'ended'))}


def upgrade() -> None:
    """Lift a journal of schema 5."""
    create(
        'passes',
        sa.Column('number', sa.Integer, primary_key=True),
        sa.Column('target_api', sa.String(255), nullable=False),
        sa.Column('task', sa.String(32), nullable=False),
        sa.Column('started', sa.String(32), nullable=False),
        sa.Column('ended', sa.String(32), nullable=False),
        sa.Column('state', sa.String(16), nullable=False),
        sa.Column('cause', sa.String(64), nullable=False),
        sa.Column('detail', LONG, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in (
            'looked_at', 'imported', 'waiting', 'failed')))
    create(
        'alarms',
        sa.Column('target_api', sa.String(255), primary_key=True),
        sa.Column('digest', sa.String(64), primary_key=True),
        sa.Column('text', LONG, nullable=False),
        *(sa.Column(name, sa.String(32), nullable=False) for name in (
            'since', 'seen', 'told')),
        sa.Column('times', sa.Integer, nullable=False),
        sa.Column('said_at', sa.String(512), nullable=False))
    for name, (table, columns) in _INDEXES.items():
        op.create_index(f'importbot_{name}', f'importbot_{table}',
                        list(columns), if_not_exists=True)
