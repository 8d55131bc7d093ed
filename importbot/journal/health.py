"""What the journal knows of how an installation is."""
from __future__ import annotations

import shutil
from collections.abc import Collection

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.journal import Journal
from importbot.journal.leases import lapsed_leases, runs_at_work
from importbot.journal.passes import TASK, PassLog
from importbot.journal.requests import RequestLog
from importbot.journal.tables import PassRow
from importbot.model.change_plan import Mode
from importbot.model.health import (
    JournalHealth,
    LapsedLease,
    PassHealth,
    WikiHealth,
)


__all__ = ('journal_health', 'wiki_health', 'wikis_of')


def journal_health(journal: Journal) -> JournalHealth:
    """Return how the journal itself is.

    :param journal: may be open for reading only
    """
    path = journal.path
    return JournalHealth(
        journal.schema, journal.count_runs(),
        path.stat().st_size if path else None,
        shutil.disk_usage(path.absolute().parent).free if path else None)


def wikis_of(journal: Journal) -> list[str]:
    """Return the wikis over whose request pages passes were made.

    :return: addresses of their APIs
    """
    table = tables.passes
    with journal.transaction() as connection:
        return list(connection.execute(sa.select(
            table.c.target_api).distinct().order_by(
            table.c.target_api)).scalars())


def wiki_health(journal: Journal, api: str) -> WikiHealth:
    """Return what is known of the work on a wiki, without a judgement.

    :param journal: may be open for reading only
    :param api: address of the wiki's API
    """
    passes = PassLog(journal, api, TASK)
    streak = passes.failing()
    return WikiHealth(
        api, _passed(passes.latest()), _passed(passes.latest('ok')),
        streak.count, streak.since,
        _unfinished(journal, api, runs_at_work(journal)),
        tuple(LapsedLease(*lease) for lease in lapsed_leases(journal, api)),
        RequestLog(journal, api).waiting())


def _passed(row: PassRow | None) -> PassHealth | None:
    return None if row is None else PassHealth(
        row.ended, row.state, row.detail, row.cause)


def _unfinished(journal: Journal, api: str,
                at_work: Collection[int]) -> tuple[int, ...]:
    """Return the runs that did not come to their end.

    One that was interrupted counts as long as it can be resumed: the latest.
    """
    runs = tables.runs
    with journal.transaction() as connection:
        died = connection.execute(sa.select(runs.c.run).where(
            runs.c.target_api == api, runs.c.state == 'running').order_by(
            runs.c.run)).scalars().all()
        latest = connection.execute(sa.select(
            runs.c.run, runs.c.state).where(
            runs.c.target_api == api,
            runs.c.mode == Mode.IMPORT.value).order_by(
            runs.c.run.desc()).limit(1)).first()
    found = [run for run in died if run not in at_work]
    if latest and latest.state == 'interrupted':
        found.append(latest.run)
    return tuple(found)
