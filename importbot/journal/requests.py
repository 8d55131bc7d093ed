"""What the journal knows of the requests of request pages."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.clock import time_of
from importbot.journal.journal import Journal
from importbot.journal.tables import RequestRow, rows_of
from importbot.model.errors import LeaseHeldError


__all__ = ('RequestLog', )

_DAY = timedelta(days=1)
_AT_ONCE = 400
#: What tells whether anybody has worked on a request.
_STATE = ('status', 'answers', 'run', 'ended')


class RequestLog:

    """The requests of a journal.

    :param journal: the journal
    :param target_api: the wiki whose requests count
    """

    def __init__(self, journal: Journal, target_api: str) -> None:
        self._journal = journal
        self._target_api = target_api
        self._known: dict[str, RequestRow] = {}

    def records(self, ids: Iterable[str]) -> dict[str, RequestRow]:
        """Return what is known of some requests.

        :param ids: as they stand on request pages
        """
        distinct = list(dict.fromkeys(ids))
        records: dict[str, RequestRow] = {}
        for start in range(0, len(distinct), _AT_ONCE):
            records |= self._select(tables.requests.c.id.in_(
                distinct[start:start + _AT_ONCE]))
        return records

    def open(self) -> dict[str, RequestRow]:
        """Return the requests that have not come to their end."""
        return self._select(tables.requests.c.ended.is_(None))

    def waiting(self) -> dict[str, int]:
        """Return how many requests have not come to their end, by state."""
        table = tables.requests
        with self._journal.transaction() as connection:
            return {status: int(count) for status, count
                    in connection.execute(sa.select(
                        table.c.status, sa.func.count()).where(
                        table.c.target_api == self._target_api,
                        table.c.ended.is_(None)).group_by(table.c.status))}

    def unseen(self, page: str, fingerprint: str) -> list[RequestRow]:
        """Return what was written down before it stood on its page.

        Where that is done, the bot died in between, or never heard of it.

        :param page: full title of the request page
        :param fingerprint: of what was wanted
        """
        table = tables.requests
        return list(self._select(sa.and_(
            table.c.page == page, table.c.fingerprint == fingerprint,
            table.c.ended.is_(None), table.c.run.is_(None),
            table.c.status.in_(('new', 'importing')),
            table.c.approver_id == 0)).values())

    def of_run(self, run: int) -> RequestRow | None:
        """Return the request that a run was for, None if there is none."""
        return next(iter(self._select(
            tables.requests.c.run == run).values()), None)

    def _select(self, condition: Any) -> dict[str, RequestRow]:
        query = sa.select(tables.requests).where(
            tables.requests.c.target_api == self._target_api, condition)
        with self._journal.transaction() as connection:
            records = {row.id: row for row in rows_of(
                RequestRow, connection.execute(query))}
        # The first look counts: what was read again is not what was
        # decided upon.
        self._known = records | self._known
        return records

    def save(self, record: RequestRow) -> None:
        """Write down what is known of a request now.

        :param record: all of it
        :raises LeaseHeldError: another bot did so since this one looked
        """
        table = tables.requests
        with self._journal.transaction() as connection:
            row = connection.execute(sa.select(
                *(table.c[name] for name in _STATE)).where(
                table.c.id == record.id).with_for_update()).first()
            former = self._known.get(record.id)
            if row and former and tuple(row) != tuple(
                    getattr(former, name) for name in _STATE):
                raise LeaseHeldError('Another bot works on this request; '
                                     'the next pass looks at it again')
            connection.execute(
                table.update().values(**vars(record)).where(
                    table.c.id == record.id) if row
                else table.insert().values(**vars(record)))
        self._known[record.id] = record

    def forget(self, id: str) -> None:
        """Take back an id that no request has got.

        :param id: of the request
        """
        with self._journal.transaction() as connection:
            connection.execute(tables.requests.delete().where(
                tables.requests.c.id == id))

    def time(self) -> str:
        """Return the time that counts for limits of a day, ISO 8601.

        It is the database's: the clocks of machines may differ.
        """
        with self._journal.transaction() as connection:
            return time_of(connection)

    def planned_today(self, author: str) -> int:
        """Return how many requests of a user were planned in a day.

        :param author: account name
        """
        table = tables.requests
        with self._journal.transaction() as connection:
            return int(connection.execute(sa.select(sa.func.count()).where(
                table.c.target_api == self._target_api,
                table.c.author == author,
                table.c.planned > _day_ago(connection))).scalar_one())

    def changed_today(self) -> int:
        """Return how many pages requests had changed in a day."""
        requests, pages, runs = tables.requests, tables.pages, tables.runs
        with self._journal.transaction() as connection:
            return int(connection.execute(
                sa.select(sa.func.count()).select_from(
                    requests.join(runs, requests.c.run == runs.c.run)
                    .join(pages, pages.c.run == runs.c.run)).where(
                    runs.c.target_api == self._target_api,
                    requests.c.target_api == self._target_api,
                    runs.c.started > _day_ago(connection),
                    pages.c.sent.is_not(None))).scalar_one())

    def health(self, task: str) -> tuple[str, str, str] | None:
        """Return when a task passed last, its state and its sentence.

        :param task: what the bot did
        """
        table = tables.health
        with self._journal.transaction() as connection:
            row = connection.execute(sa.select(table).where(
                table.c.target_api == self._target_api,
                table.c.task == task)).first()
        return row and (row.passed, row.state, row.detail)


def _day_ago(connection: sa.Connection) -> str:
    return (datetime.fromisoformat(time_of(connection)) - _DAY).isoformat(
        timespec='seconds')
