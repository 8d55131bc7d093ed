"""Requests of request pages; on MariaDB, columns that hold everything."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from importbot.journal.migrations import create
from importbot.journal.tables import LONG


__all__ = ('upgrade', )

revision = '2'
down_revision = None
BY_ITSELF = True

_WIDER: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
    'runs': {},
    'pages': {'revision_before': sa.BigInteger(), 'error': LONG},
    'readings': {'found': LONG},
    'uploads': {'most': sa.BigInteger(), 'guess': sa.BigInteger(),
                'proven': sa.BigInteger()},
    'leases': {}}


def upgrade() -> None:
    """Lift a journal of schema 1."""
    create(
        'uploads',
        sa.Column('target_api', sa.String(255), primary_key=True),
        sa.Column('most', sa.BigInteger, nullable=False),
        sa.Column('guess', sa.BigInteger, nullable=False),
        sa.Column('proven', sa.BigInteger, nullable=False),
        sa.Column('learnt', sa.String(32), nullable=False))
    create(
        'requests',
        sa.Column('id', sa.String(32), primary_key=True),
        sa.Column('target_api', sa.String(255), nullable=False),
        sa.Column('page', sa.String(512), nullable=False),
        sa.Column('status', sa.String(16), nullable=False),
        sa.Column('fingerprint', sa.String(64), nullable=False),
        sa.Column('opened', sa.String(32), nullable=False),
        sa.Column('ended', sa.String(32)),
        sa.Column('author', sa.String(255), nullable=False),
        sa.Column('author_id', sa.BigInteger, nullable=False),
        sa.Column('planned', sa.String(32)),
        sa.Column('plan', sa.String(64), nullable=False),
        sa.Column('saved_plan', LONG),
        sa.Column('answers', sa.Integer, nullable=False),
        sa.Column('answer', sa.String(64), nullable=False),
        sa.Column('approver', sa.String(255), nullable=False),
        sa.Column('approver_id', sa.BigInteger, nullable=False),
        sa.Column('approved_revision', sa.BigInteger),
        sa.Column('approvers', sa.JSON),
        sa.Column('run', sa.Integer))
    op.create_index('importbot_requests_target', 'importbot_requests',
                    ['target_api', 'ended'], if_not_exists=True)
    create(
        'health',
        sa.Column('target_api', sa.String(255), primary_key=True),
        sa.Column('task', sa.String(32), primary_key=True),
        sa.Column('passed', sa.String(32), nullable=False),
        sa.Column('state', sa.String(16), nullable=False),
        sa.Column('detail', LONG, nullable=False))
    if op.get_bind().dialect.name != 'sqlite':
        _widen()


def _widen() -> None:
    """SQLite has one type for numbers, one for texts, and all of Unicode."""
    inspector = sa.inspect(op.get_bind())
    names = inspector.get_table_names()
    for name, wider in _WIDER.items():
        table = f'importbot_{name}'
        if table not in names:
            # It is made again afterwards.
            continue
        op.execute(f'ALTER TABLE {table} ENGINE = InnoDB, CONVERT TO '
                   'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin')
        for column in inspector.get_columns(table):
            if column['name'] in wider:
                op.alter_column(table, column['name'],
                                type_=wider[column['name']],
                                existing_nullable=column['nullable'])
