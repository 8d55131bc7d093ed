"""Forget texts that are made again or serve no one; never a decision.

Every run keeps its pages with decisions and outcomes, the plan that was
agreed to, and what undoes it.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.clock import database_time
from importbot.journal.journal import Journal
from importbot.model.errors import UsageError
from importbot.model.problems import Problem, Setting


__all__ = ('Forgettable', 'forget', 'forgettable')

#: Rows in a transaction: others wait for no longer than that takes.
_AT_ONCE = 200
#: Seconds in which others get their turn, at least and at most.
_TURN = 0.01, 1.0

#: States in which a request waits for somebody, be it for its undo.
_OPEN = ('new', 'review', 'approved', 'importing', 'undo')
#: What is written down where a page shows nothing that is worth a note.
_EMPTY = 4


@dataclass(frozen=True)
class Forgettable:

    """Texts of one kind that nobody needs any more.

    :param what: they are, for people
    :param count: how many they are
    :param size: of all together, in bytes
    :param key: column that tells their rows apart
    :param text: column that holds them
    :param which: the condition on their rows
    :param is_whole_row: whether there is nothing else in the row
    """

    what: str
    key: sa.Column[Any]
    text: sa.Column[Any]
    which: tuple[sa.ColumnElement[bool], ...] = ()
    is_whole_row: bool = False
    count: int = 0
    size: int = 0


def forgettable(journal: Journal, days: int) -> list[Forgettable]:
    """Return what there is to be forgotten; nothing is changed.

    :param days: since runs and requests came to their end
    :raises UsageError: there are not so many days
    """
    with journal.transaction() as connection:
        now = connection.execute(sa.select(database_time())).scalar_one()
        return [_counted(connection, kind)
                for kind in _kinds(_days_before(now, days))]


def forget(journal: Journal, kind: Forgettable,
           progress: Callable[[str, int, int], None]) -> int:
    """Forget texts of one kind, some at a time; return how many.

    What was forgotten stays so, whenever it is cut.

    :param kind: of :func:`forgettable`
    :param progress: told what is forgotten, how many, and of how many
    """
    done, last = 0, ''
    while True:
        begun = time.monotonic()
        with journal.transaction() as connection:
            keys = _next(connection, kind, last)
            done += _forget(connection, kind, keys)
        if not keys:
            return done
        last = keys[-1]
        progress(kind.what, done, kind.count)
        least, most = _TURN
        time.sleep(min(max(time.monotonic() - begun, least), most))


def _days_before(now: str, days: int) -> str:
    """Return a time as the journal writes the end of runs."""
    try:
        return (datetime.fromisoformat(now) - timedelta(days=days)).isoformat(
            timespec='seconds')
    except OverflowError:
        raise UsageError(Problem('prune-too-far', option=Setting(
            'prune', 'days', str(days)))) from None


def _kinds(before: str) -> list[Forgettable]:
    plans, requests, runs = tables.plans, tables.requests, tables.runs
    # What did not finish may be resumed.
    finished = sa.select(runs.c.run).where(runs.c.state == 'finished')
    day = before[:len('2024-12-31')]
    return [
        Forgettable('readings of texts, which are read again when needed',
                    tables.readings.c.text, tables.readings.c.found,
                    is_whole_row=True),
        Forgettable(f'saved plans of requests that ended before {day}',
                    requests.c.id, requests.c.saved_plan,
                    (requests.c.ended < before,
                     requests.c.saved_plan.is_not(None),
                     requests.c.status.not_in(_OPEN),
                     requests.c.run.is_(None)
                     | requests.c.run.in_(finished))),
        Forgettable('notes on what pages showed after runs that ended '
                    f'before {day}', plans.c.run, plans.c.shown,
                    (sa.func.length(plans.c.shown) > _EMPTY,
                     plans.c.run.in_(finished.where(runs.c.ended < before))))]


def _counted(connection: sa.Connection, kind: Forgettable) -> Forgettable:
    size = sa.func.length(sa.cast(kind.text, sa.LargeBinary))
    count, total = connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(size), 0))
        .select_from(kind.key.table).where(*kind.which)).one()
    return Forgettable(kind.what, kind.key, kind.text, kind.which,
                       kind.is_whole_row, int(count), int(total))


def _next(connection: sa.Connection, kind: Forgettable,
          last: Any) -> Sequence[Any]:
    query = sa.select(kind.key).where(*kind.which)
    if last:
        query = query.where(kind.key > last)
    return connection.execute(
        query.order_by(kind.key).limit(_AT_ONCE)).scalars().all()


def _forget(connection: sa.Connection, kind: Forgettable,
            keys: Sequence[Any]) -> int:
    if not keys:
        return 0
    table = kind.key.table
    assert isinstance(table, sa.Table), 'it is a column of a table'
    which = (kind.key.in_(keys), *kind.which)
    return connection.execute(
        table.delete().where(*which) if kind.is_whole_row
        else table.update().where(*which).values({kind.text.name: None})
        ).rowcount
