"""The database of runs: every decision and every outcome.

SQLAlchemy Core on a SQLite file by default, any other database by URL.
What is about to be sent is written down before it is sent, so that a kill
at any moment leaves a trace of what may have been done.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.beginning import beginning_of, page_row
from importbot.journal.clock import time_of
from importbot.journal.database import insert_missing
from importbot.journal.reader import JournalReader
from importbot.model.change_plan import ChangePlan
from importbot.model.decisions import Outcome
from importbot.model.notes import Note
from importbot.model.plan import PlannedPage
from importbot.model.report import PageResult
from importbot.model.upload_size import UploadSize


__all__ = ('Journal', 'now')

#: Rows in a statement; SQLite takes 999 parameters on old systems.
_AT_ONCE = 400

#: Operators raise limits now and then.
_UPLOADS_KNOWN = timedelta(days=30)


class Journal(JournalReader):

    """The database of runs."""

    def begin_run(self, plan: ChangePlan) -> int:
        """Write down a run with all its decisions; return its number.

        :param plan: the plan that is to be applied
        """
        begun = beginning_of(plan, self)
        said = {name: value for name, value in plan.as_json().items()
                if name != 'pages'}
        with self.transaction() as connection:
            done = connection.execute(tables.runs.insert().values(
                plan=plan.id, state='running', started=time_of(connection),
                source_api=begun.source_api,
                source_prefix=begun.source_prefix,
                target_api=plan.target.api,
                target_user=plan.target.user or '',
                options=begun.options, mode=plan.mode.value))
            key = done.inserted_primary_key
            assert key is not None, 'a single insert has a key'
            run = int(key[0])
            if begun.undoes is not None:
                connection.execute(tables.undos.insert().values(
                    run=run, undoes=begun.undoes))
            if begun.pages:
                connection.execute(tables.pages.insert(), [
                    {'run': run, 'position': position, **page}
                    for position, page in enumerate(begun.pages)])
            connection.execute(tables.plans.insert().values(
                run=run, plan=said))
        return run

    def add_page(self, run: int, position: int, page: PlannedPage) -> None:
        """Write down a page that came without having been planned.

        :param run: number of the run
        :param position: its place after the pages of the plan
        :param page: as the page of a plan
        """
        with self.transaction() as connection:
            connection.execute(tables.pages.insert(),
                               [{'run': run, 'position': position,
                                 **page_row(page)}])

    def shown(self, run: int, notes: Sequence[Note]) -> None:
        """Write down what the pages of a run show on the target.

        :param run: number of the run
        :param notes: of its report
        """
        with self.transaction() as connection:
            connection.execute(tables.plans.update().values(
                shown=[note.as_json() for note in notes])
                .where(tables.plans.c.run == run))

    def sending(self, run: int, revisions_before: Mapping[int, int],
                when: str) -> None:
        """Write down that some pages are about to be sent.

        :param run: number of the run
        :param revisions_before: the target's newest revisions, 0 for none,
            by place of the pages in their plan
        :param when: time of the target, ISO 8601
        """
        self._update_pages(run, {
            position: {'sent': when, 'revision_before': before}
            for position, before in revisions_before.items()})

    def outcomes(self, run: int, results: Mapping[int, PageResult]) -> None:
        """Write down what became of some pages.

        :param run: number of the run
        :param results: by place of the pages in their plan
        """
        self._update_pages(run, {
            position: {'imported': result.imported,
                       'error': result.error and str(result.error),
                       'problem': result.error.as_json() if result.error
                       and not result.error.is_quoted else None,
                       'outcome': result.outcome and result.outcome.value}
            for position, result in results.items()})

    def _update_pages(self, run: int,
                      values: Mapping[int, Mapping[str, Any]]) -> None:
        with self.transaction() as connection:
            for position, row in values.items():
                connection.execute(
                    tables.pages.update().values(**row).where(
                        tables.pages.c.run == run,
                        tables.pages.c.position == position))

    def go_on(self, run: int) -> None:
        """Write down that an interrupted run is resumed.

        :param run: number of the run
        """
        with self.transaction() as connection:
            connection.execute(
                tables.runs.update().values(state='running', ended=None)
                .where(tables.runs.c.run == run))

    def unsent(self, run: int, position: int) -> None:
        """Write down that nothing came of what was sent of a page.

        :param run: number of the run
        :param position: place of the page in its plan
        """
        self._update_pages(run, {position: {
            'sent': None, 'outcome': None, 'error': None,
            'problem': None}})

    def end_run(self, run: int, state: str) -> None:
        """Write down that a run has ended.

        :param run: number of the run
        :param state: ``finished`` or ``interrupted``
        """
        with self.transaction() as connection:
            connection.execute(
                tables.runs.update().values(
                    state=state, ended=time_of(connection))
                .where(tables.runs.c.run == run))

    def brought(self, target_api: str, prefix: str,
                title: str) -> frozenset[str]:
        """Return the newest texts that runs brought to a page, by sha1.

        :param target_api: the target wiki
        :param prefix: of the source
        :param title: full title on the target
        """
        runs, pages = tables.runs, tables.pages
        query = sa.select(pages.c.decided).join(
            runs, runs.c.run == pages.c.run).where(
                runs.c.target_api == target_api,
                runs.c.source_prefix == prefix, pages.c.target == title,
                pages.c.outcome.in_((Outcome.IMPORTED.value,
                                     Outcome.VERIFIED.value)))
        with self.transaction() as connection:
            return frozenset(decided['sha1'] for decided in connection
                             .execute(query).scalars() if decided['sha1'])

    def readings(self, keys: Iterable[str]) -> dict[str, str]:
        """Return what is remembered of some texts.

        :param keys: digests that stand for the texts
        """
        texts = list(keys)
        readings: dict[str, str] = {}
        with self.transaction() as connection:
            for start in range(0, len(texts), _AT_ONCE):
                part = texts[start:start + _AT_ONCE]
                rows = connection.execute(sa.select(tables.readings).where(
                    tables.readings.c.text.in_(part)))
                readings.update((row.text, row.found) for row in rows)
        return readings

    def remember_readings(self, readings: Mapping[str, str]) -> None:
        """Remember what some texts refer to.

        :param readings: by the digest that stands for the text
        """
        # Another bot may read the same texts now; in one order, neither
        # waits for a row of the other while it holds one back.
        rows = [{'text': key, 'found': reading}
                for key, reading in sorted(readings.items())]
        if rows:
            with self.transaction() as connection:
                connection.execute(insert_missing(tables.readings), rows)

    def upload_size(self, target_api: str) -> UploadSize:
        """Return what is known of the size of uploads, if it is not old.

        :param target_api: the target wiki
        """
        table = tables.uploads
        query = sa.select(table).where(table.c.target_api == target_api)
        with self.transaction() as connection:
            row = connection.execute(query).first()
        if row is None or (datetime.now(timezone.utc)
                           - datetime.fromisoformat(row.learnt)
                           > _UPLOADS_KNOWN):
            return UploadSize()
        return UploadSize(row.most, row.guess, row.proven)

    def remember_upload_size(self, target_api: str,
                             size: UploadSize) -> None:
        """Keep what was learnt of the size of uploads.

        :param target_api: the target wiki
        :param size: what is known now
        """
        if size == self.upload_size(target_api):
            return
        table = tables.uploads
        with self.transaction() as connection:
            connection.execute(table.delete().where(
                table.c.target_api == target_api))
            connection.execute(table.insert().values(
                target_api=target_api, most=size.most, guess=size.guess,
                proven=size.proven, learnt=now()))


def now() -> str:
    """Return the time as it is written down, ISO 8601."""
    return datetime.now(timezone.utc).isoformat(timespec='seconds')
