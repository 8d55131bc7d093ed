"""The tables of the journal."""
from __future__ import annotations

import sqlalchemy as sa


__all__ = ('SCHEMA_VERSION', 'leases', 'metadata', 'pages', 'readings', 'runs',
           'schema', 'uploads')

SCHEMA_VERSION = 2

metadata = sa.MetaData()

schema = sa.Table(
    'importbot_schema', metadata,
    sa.Column('version', sa.Integer, primary_key=True,
              autoincrement=False))

runs = sa.Table(
    'importbot_runs', metadata,
    sa.Column('run', sa.Integer, primary_key=True),
    sa.Column('plan', sa.String(64), nullable=False),
    sa.Column('state', sa.String(16), nullable=False),
    sa.Column('started', sa.String(32), nullable=False),
    sa.Column('ended', sa.String(32)),
    sa.Column('source_api', sa.String(255), nullable=False),
    sa.Column('source_prefix', sa.String(255), nullable=False),
    sa.Column('target_api', sa.String(255), nullable=False),
    sa.Column('target_user', sa.String(255), nullable=False),
    sa.Column('options', sa.JSON, nullable=False))

pages = sa.Table(
    'importbot_pages', metadata,
    sa.Column('run', sa.ForeignKey('importbot_runs.run'),
              primary_key=True),
    sa.Column('position', sa.Integer, primary_key=True,
              autoincrement=False),
    sa.Column('title', sa.String(512), nullable=False),
    sa.Column('target', sa.String(512), nullable=False),
    sa.Column('role', sa.String(16), nullable=False),
    sa.Column('relation', sa.String(16)),
    sa.Column('decision', sa.String(16), nullable=False),
    sa.Column('reason', sa.String(32), nullable=False),
    sa.Column('decided', sa.JSON, nullable=False),
    sa.Column('sent', sa.String(32)),
    sa.Column('revision_before', sa.Integer),
    sa.Column('outcome', sa.String(16)),
    sa.Column('imported', sa.Integer, nullable=False, default=0),
    sa.Column('error', sa.Text),
    sa.Index('importbot_pages_target', 'target', mysql_length=191))

readings = sa.Table(
    'importbot_readings', metadata,
    sa.Column('text', sa.String(64), primary_key=True),
    sa.Column('found', sa.Text, nullable=False))

uploads = sa.Table(
    'importbot_uploads', metadata,
    sa.Column('target_api', sa.String(255), primary_key=True),
    sa.Column('most', sa.Integer, nullable=False),
    sa.Column('guess', sa.Integer, nullable=False),
    sa.Column('proven', sa.Integer, nullable=False),
    sa.Column('learnt', sa.String(32), nullable=False))

leases = sa.Table(
    'importbot_leases', metadata,
    sa.Column('target_api', sa.String(255), primary_key=True),
    sa.Column('run', sa.Integer, nullable=False),
    sa.Column('holder', sa.String(255), nullable=False),
    sa.Column('heartbeat', sa.String(32), nullable=False))
