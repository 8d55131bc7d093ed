"""What the journal has of undos: runs that take back other runs."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.changes import ARRIVAL
from importbot.journal.journal import Journal


__all__ = ('standing', 'undone_by', 'undos_of', 'unsure_undos')


def undone_by(journal: Journal, run: int) -> int | None:
    """Return the run that a run undoes, None if it is no undo.

    :param journal: where both are recorded
    """
    query = sa.select(tables.undos.c.undoes).where(tables.undos.c.run == run)
    with journal.transaction() as connection:
        undoes = connection.execute(query).scalar()
    return None if undoes is None else int(undoes)


def undos_of(journal: Journal, run: int) -> list[int]:
    """Return the undos of a run that did anything, the first one first.

    :param journal: where they are recorded
    :param run: number of the run that is undone
    """
    undos, changes = tables.undos, tables.changes
    query = sa.select(undos.c.run).join(
        changes, changes.c.run == undos.c.run).where(
        undos.c.undoes == run).distinct().order_by(undos.c.run)
    with journal.transaction() as connection:
        return list(connection.execute(query).scalars())


def unsure_undos(journal: Journal, run: int) -> list[int]:
    """Return the undos of a run that may have done more than they wrote.

    :param journal: where they are recorded
    :param run: number of the run that is undone
    """
    undos, runs = tables.undos, tables.runs
    query = sa.select(undos.c.run).join(
        runs, runs.c.run == undos.c.run).where(
        undos.c.undoes == run, runs.c.state != 'finished').order_by(
        undos.c.run)
    with journal.transaction() as connection:
        return list(connection.execute(query).scalars())


def standing(journal: Journal, target_api: str,
             revision: int) -> tuple[int, bool]:
    """Return which revision a revision of the target amounts to.

    What an undo restored amounts to what was there before the run that it
    undid; a mark for deletion changes nothing but itself.

    :param journal: where runs and undos are recorded
    :param target_api: the target wiki
    :return: id of the revision, and whether it is marked for deletion
    """
    with journal.transaction() as connection:
        top = _made(connection, target_api, revision)
        return (_stands_for(connection, target_api, revision),
                top is not None and top.action == 'mark')


def _stands_for(connection: sa.Connection, target_api: str,
                revision: int) -> int:
    """Go back through undos; each step leads to an older revision."""
    made = _made(connection, target_api, revision)
    if made is None:
        return revision
    base = _stands_for(connection, target_api, made.revision_before)
    if made.action == 'mark':
        return base
    changes = tables.changes
    before = connection.execute(
        sa.select(changes.c.revision_before).where(
            changes.c.run == made.undoes, changes.c.action == ARRIVAL,
            changes.c.revision_after == base)).scalar()
    return revision if before is None else _stands_for(
        connection, target_api, before)


def _made(connection: sa.Connection, target_api: str,
          revision: int) -> sa.Row[Any] | None:
    """Return what an undo did that made a revision the newest."""
    changes, runs, undos = tables.changes, tables.runs, tables.undos
    return connection.execute(
        sa.select(changes, undos.c.undoes)
        .join(runs, runs.c.run == changes.c.run)
        .join(undos, undos.c.run == changes.c.run).where(
            runs.c.target_api == target_api,
            changes.c.revision_after == revision,
            changes.c.action.in_(('mark', 'restore')))
        .order_by(changes.c.run.desc()).limit(1)).first()
