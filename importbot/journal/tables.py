"""The tables of the journal."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import LONGTEXT


__all__ = ('SCHEMA_VERSION', 'brought', 'changes', 'health', 'leases',
           'metadata', 'pages', 'plans', 'readings', 'requests', 'runs',
           'schema', 'undos', 'uploads')

SCHEMA_VERSION = 4

metadata = sa.MetaData()

#: Of any length; TEXT of MariaDB ends at 64 kB.
_TEXT = sa.Text().with_variant(LONGTEXT(), 'mysql', 'mariadb')

#: What a MariaDB server may have other defaults for: rows are locked, all
#: of Unicode is kept, and titles that differ in case stay two.
_ON_MARIADB: dict[str, Any] = {
    f'{dialect}_{name}': value for dialect in ('mysql', 'mariadb')
    for name, value in (('engine', 'InnoDB'), ('charset', 'utf8mb4'),
                        ('collate', 'utf8mb4_bin'))}


def _table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(f'importbot_{name}', metadata, *parts, **_ON_MARIADB)


#: Which schema the tables have.
schema = _table(
    'schema',
    sa.Column('version', sa.Integer, primary_key=True,
              autoincrement=False))

#: One plan applied: what it is of, and how far it came.
runs = _table(
    'runs',
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

#: The pages of a run with their decisions and what became of them;
#: ``decided`` holds the page of the plan as JSON.
pages = _table(
    'pages',
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
    sa.Column('revision_before', sa.BigInteger),
    sa.Column('outcome', sa.String(16)),
    sa.Column('imported', sa.Integer, nullable=False, default=0),
    sa.Column('error', _TEXT),
    sa.Index('importbot_pages_target', 'target'))

#: What a plan says besides its pages, and what its pages showed on the
#: target afterwards.
plans = _table(
    'plans',
    sa.Column('run', sa.ForeignKey('importbot_runs.run'), primary_key=True),
    sa.Column('plan', _TEXT, nullable=False),
    sa.Column('shown', _TEXT))

#: What a run did to a page of the target: ``arrival`` is from before the
#: run to how it left the page, the others are single edits on the way.
changes = _table(
    'changes',
    sa.Column('run', sa.ForeignKey('importbot_runs.run'), primary_key=True),
    sa.Column('position', sa.Integer, primary_key=True,
              autoincrement=False),
    sa.Column('action', sa.String(16), primary_key=True),
    sa.Column('revision_before', sa.BigInteger, nullable=False),
    sa.Column('revision_after', sa.BigInteger, nullable=False),
    sa.Column('is_shared', sa.Boolean, nullable=False, default=False),
    sa.Column('made', sa.String(32), nullable=False),
    sa.Index('importbot_changes_after', 'revision_after'))

#: Which revisions a run gave a page of the target, from one id to another.
brought = _table(
    'brought',
    sa.Column('run', sa.ForeignKey('importbot_runs.run'), primary_key=True),
    sa.Column('position', sa.Integer, primary_key=True,
              autoincrement=False),
    sa.Column('revision_first', sa.BigInteger, primary_key=True,
              autoincrement=False),
    sa.Column('revision_last', sa.BigInteger, nullable=False))

#: Runs that undo other runs.
undos = _table(
    'undos',
    sa.Column('run', sa.ForeignKey('importbot_runs.run'), primary_key=True),
    sa.Column('undoes', sa.Integer, nullable=False),
    sa.Index('importbot_undos_undoes', 'undoes'))

#: What a text refers to, so that no text is read twice.
readings = _table(
    'readings',
    sa.Column('text', sa.String(64), primary_key=True),
    sa.Column('found', _TEXT, nullable=False))

#: How large an upload a wiki takes, in bytes, as far as it is learnt.
uploads = _table(
    'uploads',
    sa.Column('target_api', sa.String(255), primary_key=True),
    sa.Column('most', sa.BigInteger, nullable=False),
    sa.Column('guess', sa.BigInteger, nullable=False),
    sa.Column('proven', sa.BigInteger, nullable=False),
    sa.Column('learnt', sa.String(32), nullable=False))

#: Who imports into a wiki; one at a time.
leases = _table(
    'leases',
    sa.Column('target_api', sa.String(255), primary_key=True),
    sa.Column('run', sa.Integer, nullable=False),
    sa.Column('holder', sa.String(255), nullable=False),
    sa.Column('heartbeat', sa.String(32), nullable=False))

#: The requests of request pages.
requests = _table(
    'requests',
    sa.Column('id', sa.String(32), primary_key=True),
    sa.Column('target_api', sa.String(255), nullable=False),
    sa.Column('page', sa.String(512), nullable=False),
    sa.Column('status', sa.String(16), nullable=False),
    sa.Column('fingerprint', sa.String(64), nullable=False),
    sa.Column('opened', sa.String(32), nullable=False),
    sa.Column('ended', sa.String(32)),
    sa.Column('author', sa.String(255), nullable=False, default=''),
    sa.Column('author_id', sa.BigInteger, nullable=False, default=0),
    sa.Column('planned', sa.String(32)),
    sa.Column('plan', sa.String(64), nullable=False, default=''),
    sa.Column('saved_plan', _TEXT),
    sa.Column('answers', sa.Integer, nullable=False, default=0),
    sa.Column('answer', sa.String(64), nullable=False, default=''),
    sa.Column('approver', sa.String(255), nullable=False, default=''),
    sa.Column('approver_id', sa.BigInteger, nullable=False, default=0),
    sa.Column('approved_revision', sa.BigInteger),
    sa.Column('approvers', sa.JSON),
    sa.Column('run', sa.Integer),
    sa.Index('importbot_requests_target', 'target_api', 'ended'))

#: The latest pass over the request pages of a wiki.
health = _table(
    'health',
    sa.Column('target_api', sa.String(255), primary_key=True),
    sa.Column('task', sa.String(32), primary_key=True),
    sa.Column('passed', sa.String(32), nullable=False),
    sa.Column('state', sa.String(16), nullable=False),
    sa.Column('detail', _TEXT, nullable=False))
