"""Passes over the request pages of a wiki, for whoever looks after the bot.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.journal import Journal, now
from importbot.journal.tables import PassRow, rows_of


__all__ = ('TASK', 'Made', 'PassLog', 'Streak')

#: What passes over request pages are called.
TASK = 'importrequests'

#: For how long passes are kept; the latest good one is kept for good.
_KEPT = timedelta(days=90)
#: What is not a pass that failed: told to stop, a bot stops.
_GOOD = ('ok', 'stopped')


@dataclass(frozen=True, kw_only=True)
class Made:

    """What a pass came to.

    :param state: ``ok``, ``stopped`` or ``error``
    :param detail: a sentence
    :param cause: name of the error that ended it, or ``right`` where the
        account could import nothing; empty for none
    :param looked_at: how many requests it looked at
    :param imported: how many of them it imported
    :param waiting: how many of them wait for somebody
    :param failed: how many could not be treated
    """

    state: str
    detail: str
    cause: str = ''
    looked_at: int = 0
    imported: int = 0
    waiting: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Streak:

    """The latest passes that failed, one after the other.

    :param count: how many
    :param since: when the first of them began, empty for none
    """

    count: int = 0
    since: str = ''


class PassLog:

    """The passes of one task over one wiki.

    :param journal: where they are recorded; may be open for reading only
    :param target_api: address of the wiki's API
    :param task: what the bot does
    """

    def __init__(self, journal: Journal, target_api: str, task: str) -> None:
        self._journal = journal
        self._target_api = target_api
        self._task = task
        table = tables.passes
        self._ours = sa.and_(table.c.target_api == target_api,
                             table.c.task == task)

    def record(self, started: str, made: Made) -> None:
        """Write down a pass, and the line of health that monitors read.

        :param started: when it began, ISO 8601
        :param made: what it came to
        """
        ended, passes, health = now(), tables.passes, tables.health
        key = {'target_api': self._target_api, 'task': self._task}
        with self._journal.transaction() as connection:
            connection.execute(passes.insert().values(
                **key, **vars(made), started=started, ended=ended))
            self._forget_old(connection, ended)
            connection.execute(health.delete().where(*(
                health.c[name] == value for name, value in key.items())))
            connection.execute(health.insert().values(
                **key, passed=ended, state=made.state, detail=made.detail))

    def _forget_old(self, connection: sa.Connection, ended: str) -> None:
        table = tables.passes
        good = connection.execute(sa.select(sa.func.max(
            table.c.number)).where(self._ours, table.c.state == 'ok')
            ).scalar() or 0
        connection.execute(table.delete().where(
            self._ours, table.c.number != good,
            table.c.ended < (datetime.fromisoformat(ended) - _KEPT
                             ).isoformat(timespec='seconds')))

    def latest(self, state: str = '') -> PassRow | None:
        """Return the latest pass, None if there was none.

        :param state: that it has to have come to, empty for any
        """
        table = tables.passes
        conditions = [self._ours]
        if state:
            conditions.append(table.c.state == state)
        with self._journal.transaction() as connection:
            rows = rows_of(PassRow, connection.execute(
                sa.select(table).where(*conditions).order_by(
                    table.c.ended.desc(), table.c.number.desc()).limit(1)))
        return rows[0] if rows else None

    def failing(self) -> Streak:
        """Return the latest passes that failed, since the last good one."""
        table = tables.passes
        last_good = sa.select(sa.func.coalesce(sa.func.max(
            table.c.number), 0)).where(
            self._ours, table.c.state.in_(_GOOD)).scalar_subquery()
        with self._journal.transaction() as connection:
            count, since = connection.execute(sa.select(
                sa.func.count(), sa.func.min(table.c.started)).where(
                self._ours, table.c.number > last_good)).one()
        return Streak(int(count), since or '')
