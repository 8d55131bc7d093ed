"""What the journal tells of runs: lists of them, one run, a page's past.

Everything here reads; nothing is written and no lease is taken, so that a
run that is under way is not disturbed.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.changes import Change
from importbot.journal.journal import Journal
from importbot.journal.leases import runs_at_work
from importbot.journal.records import (
    NOT_REACHED,
    PageRecord,
    Past,
    PastEntry,
    RunFilter,
    RunList,
    RunRecord,
    RunSummary,
)
from importbot.journal.tables import PageRow, PlanRow, RunRow, rows_of
from importbot.model.decisions import Role
from importbot.model.errors import JournalError
from importbot.model.notes import notes_from_json
from importbot.rules.spellings import spellings


__all__ = ('RunLog', 'has_runs')

#: Values in a statement; SQLite takes 999 parameters on old systems.
_AT_ONCE = 400
#: Pages of runs that are read at once.
_PAGES = 500


def has_runs(journal: Journal, target_api: str) -> bool:
    """Return whether any run went into a wiki.

    :param target_api: the wiki
    """
    runs = tables.runs
    with journal.transaction() as connection:
        return connection.execute(sa.select(runs.c.run).where(
            runs.c.target_api == target_api).limit(1)).first() is not None


class RunLog:

    """The runs of a journal, for whoever wants to know of them.

    :param journal: where they are recorded; may be open for reading only
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def runs(self, conditions: RunFilter, most: int = 0) -> RunList:
        """Return runs, the latest first.

        :param conditions: those on pages hold for a run that has
            such a page
        :param most: how many, 0 for all
        """
        runs = tables.runs
        query = sa.select(runs).where(
            *self._conditions(conditions)).order_by(runs.c.run.desc())
        at_work = runs_at_work(self._journal)
        with self._journal.transaction() as connection:
            rows = rows_of(RunRow, connection.execute(
                query.limit(most or None)))
            here = _count(connection, query)
            everywhere = _count(connection, sa.select(runs).where(
                *self._conditions(replace(conditions, target_api=''))))
            summaries = self._summaries(connection, rows, at_work)
            summaries = _counted(connection, summaries)
        return RunList(tuple(summaries), here - len(rows), everywhere - here)

    def run(self, number: int, conditions: RunFilter | None = None,
            ) -> RunRecord:
        """Return one run.

        :param number: of the run
        :param conditions: what pages have to meet
        :raises JournalError: there is no such run
        """
        row = self._journal.run_row(number)
        at_work = runs_at_work(self._journal)
        with self._journal.transaction() as connection:
            summaries = _counted(connection, self._summaries(
                connection, [row], at_work))
        record, = self.records(summaries)
        return replace(record, pages=tuple(
            page for page in record.pages
            if conditions is None or conditions.takes(page)))

    def records(self, summaries: Sequence[RunSummary],
                ) -> Iterator[RunRecord]:
        """Yield runs with all that is written down of them.

        They are read some at a time, as many as have :data:`_PAGES` pages.

        :param summaries: of :meth:`runs`, with numbers of pages
        """
        for part in _by_pages(summaries):
            numbers = [summary.run for summary in part]
            with self._journal.transaction() as connection:
                pages = self._pages(connection, numbers)
                plans = {row.run: row for row in rows_of(PlanRow, _in_parts(
                    connection, sa.select(tables.plans), tables.plans.c.run,
                    numbers))}
            for summary in part:
                # Releases before schema 3 wrote no plan down.
                plan = plans.get(summary.run, PlanRow(run=summary.run,
                                                      plan={}))
                yield RunRecord(summary, plan.plan,
                                tuple(pages[summary.run]),
                                notes_from_json(plan.shown or ()))

    def past(self, title: str, conditions: RunFilter, most: int = 0) -> Past:
        """Return what runs decided about a page, the latest first.

        :param title: of the page on the source or on the target, as a
            person writes it
        :param conditions: on runs and pages
        :param most: how many decisions, 0 for all
        :raises JournalError: no run decided anything about such a page
        """
        at_work = runs_at_work(self._journal)
        runs = tables.runs
        with self._journal.transaction() as connection:
            name, rows = self._named(connection, title)
            if not name:
                raise JournalError(
                    f'No run of the journal decided about "{title}"; see '
                    'how the title is spelled, on the source or the target')
            numbers = {row.run for row in rows}
            found = rows_of(RunRow, _in_parts(
                connection, sa.select(runs).where(*self._on_runs(
                    replace(conditions, target_api=''))), runs.c.run, numbers))
            summaries = {run.run: run for run in self._summaries(
                connection, found, at_work)}
            entries = [PastEntry(summaries[page.run], page) for page
                       in self._records(connection, rows)
                       if page.run in summaries and conditions.takes(page)]
        here = [entry for entry in entries if conditions.target_api in (
            '', entry.summary.target_api)]
        shown = here[:most or None]
        return Past(name, tuple(shown), len(here) - len(shown),
                    len(entries) - len(here))

    def words(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return the words that it has for decisions and for outcomes."""
        pages = tables.pages
        with self._journal.transaction() as connection:
            return (
                frozenset(connection.execute(
                    sa.select(pages.c.decision).distinct()).scalars()),
                frozenset(word or NOT_REACHED for word in connection.execute(
                    sa.select(pages.c.outcome).distinct()).scalars()))

    def shown_sizes(self) -> dict[int, int]:
        """Return by run how much is told of what its pages show.

        That is found out last, when a run has ended.
        """
        table = tables.plans
        with self._journal.transaction() as connection:
            return {run: size or 0 for run, size in connection.execute(
                sa.select(table.c.run, sa.func.length(table.c.shown)))}

    # Conditions

    def _conditions(self, conditions: RunFilter,
                    ) -> list[sa.ColumnElement[bool]]:
        """Return the conditions on runs; on pages that one has to meet."""
        clauses, on_pages = self._on_runs(conditions), _on_pages(conditions)
        if on_pages:
            clauses.append(sa.exists().where(
                tables.pages.c.run == tables.runs.c.run, *on_pages))
        return clauses

    def _on_runs(self, conditions: RunFilter) -> list[sa.ColumnElement[bool]]:
        runs = tables.runs
        clauses: list[sa.ColumnElement[bool]] = []
        if conditions.target_api:
            clauses.append(runs.c.target_api == conditions.target_api)
        if conditions.since:
            clauses.append(runs.c.started >= conditions.since)
        if conditions.until:
            clauses.append(runs.c.started <= conditions.until)
        if conditions.requester:
            clauses.append(self._is_asked_by(conditions.requester))
        if conditions.titles:
            clauses.append(runs.c.run.in_(sa.union(*(
                sa.select(tables.pages.c.run).where(
                    column.in_(conditions.titles))
                for column in (tables.pages.c.title,
                               tables.pages.c.target)))))
        return clauses

    def _is_asked_by(self, name: str) -> sa.ColumnElement[bool]:
        """Whether a run is of a request of a user, or the user's own."""
        runs, requests = tables.runs, tables.requests
        own = runs.c.target_user == name
        of_requests = sa.select(requests.c.run).where(
            requests.c.run.is_not(None))
        return sa.or_(
            runs.c.run.in_(of_requests.where(requests.c.author == name)),
            sa.and_(own, runs.c.run.not_in(of_requests)))

    # Titles

    def _named(self, connection: sa.Connection, title: str,
               ) -> tuple[str, list[PageRow]]:
        """Return a title as runs have it, and the pages, latest first."""
        pages, meant = tables.pages, list(spellings(title))
        rows = rows_of(PageRow, connection.execute(sa.select(pages).where(
            pages.c.title.in_(meant) | pages.c.target.in_(meant))
            .order_by(pages.c.run.desc(), pages.c.position)))
        spelled = next((name for name in meant if any(
            name in (row.title, row.target) for row in rows)), '')
        return spelled, [row for row in rows
                         if spelled in (row.title, row.target)]

    # Rows

    def _pages(self, connection: sa.Connection, runs: Sequence[int],
               ) -> defaultdict[int, list[PageRecord]]:
        """Return the pages of some runs by run, in the order of plans."""
        found: defaultdict[int, list[PageRecord]] = defaultdict(list)
        table = tables.pages
        for page in self._records(connection, rows_of(PageRow, sorted(
                _in_parts(connection, sa.select(table), table.c.run, runs),
                key=lambda row: int(row.position)))):
            found[page.run].append(page)
        return found

    def _summaries(self, connection: sa.Connection, rows: Sequence[RunRow],
                   at_work: Collection[int]) -> list[RunSummary]:
        """Return runs with who asked for them and what undoes them."""
        requests = self._requests(connection, [row.run for row in rows])
        undoes, undone = self._undos(connection)
        summaries = []
        for row in rows:
            request = requests.get(row.run)
            summaries.append(RunSummary(
                **vars(replace(row, state=_state(row, at_work))),
                request=request.id if request else '',
                request_page=request.page if request else '',
                requester=request.author if request else row.target_user,
                approver=request.approver if request else '',
                planned=request.planned or '' if request else '',
                undoes=undoes.get(row.run),
                undone_by=tuple(sorted(undone[row.run]))))
        return summaries

    def _requests(self, connection: sa.Connection,
                  runs: Collection[int]) -> dict[int, sa.Row[Any]]:
        table = tables.requests
        query = sa.select(table.c.id, table.c.run, table.c.page,
                          table.c.author, table.c.approver, table.c.planned)
        return {row.run: row for row in _in_parts(
            connection, query, table.c.run, runs)}

    def _undos(self, connection: sa.Connection,
               ) -> tuple[dict[int, int], defaultdict[int, set[int]]]:
        """Return what undoes what, and what is undone by what."""
        undoes: dict[int, int] = {}
        undone: defaultdict[int, set[int]] = defaultdict(set)
        for row in connection.execute(sa.select(tables.undos)):
            undoes[row.run] = row.undoes
            undone[row.undoes].add(row.run)
        return undoes, undone

    def _records(self, connection: sa.Connection,
                 rows: Sequence[PageRow]) -> list[PageRecord]:
        """Return pages with what was done to them."""
        changes = self._changes(connection, {row.run for row in rows})
        return [PageRecord(**vars(row), changes=tuple(
            changes[row.run, row.position])) for row in rows]

    def _changes(self, connection: sa.Connection, runs: Collection[int],
                 ) -> defaultdict[tuple[int, int], list[Change]]:
        """Return what some runs did to pages, by run and place."""
        changes: defaultdict[tuple[int, int], list[Change]] = defaultdict(list)
        table = tables.changes
        for row in sorted(_in_parts(connection, sa.select(table),
                                    table.c.run, runs),
                          key=lambda row: str(row.made)):
            changes[row.run, row.position].append(Change(
                row.position, row.action, row.revision_before,
                row.revision_after, row.is_shared))
        return changes


def _by_pages(summaries: Sequence[RunSummary],
              ) -> Iterator[list[RunSummary]]:
    """Yield runs that have not many more pages together than are read."""
    part: list[RunSummary] = []
    pages = 0
    for summary in summaries:
        part.append(summary)
        pages += sum(summary.decisions.values())
        if pages >= _PAGES or len(part) >= _AT_ONCE:
            yield part
            part, pages = [], 0
    if part:
        yield part


def _on_pages(conditions: RunFilter) -> list[sa.ColumnElement[bool]]:
    pages = tables.pages
    clauses: list[sa.ColumnElement[bool]] = []
    if conditions.decisions:
        clauses.append(pages.c.decision.in_(conditions.decisions))
    if conditions.outcomes:
        clauses.append(sa.func.coalesce(
            pages.c.outcome, NOT_REACHED).in_(conditions.outcomes))
    return clauses


def _state(row: RunRow, at_work: Collection[int]) -> str:
    """Return the state; a run that died does not say so itself."""
    if row.state == 'running' and row.run not in at_work:
        return 'interrupted'
    return row.state


def _counted(connection: sa.Connection,
             summaries: Sequence[RunSummary]) -> list[RunSummary]:
    """Return runs with numbers of pages by decision and by outcome."""
    pages = tables.pages
    decisions: defaultdict[int, dict[str, int]] = defaultdict(dict)
    outcomes: defaultdict[int, dict[str, int]] = defaultdict(dict)
    query = sa.select(pages.c.run, pages.c.decision, pages.c.outcome,
                      sa.func.count().label('pages')).group_by(
        pages.c.run, pages.c.decision, pages.c.outcome)
    for row in _in_parts(connection, query, pages.c.run,
                         [summary.run for summary in summaries]):
        for counts, word in ((decisions, row.decision),
                             (outcomes, row.outcome or NOT_REACHED)):
            counts[row.run][word] = counts[row.run].get(
                word, 0) + row.pages
    requested = _requested(connection, summaries)
    return [replace(summary, decisions=decisions[summary.run],
                    outcomes=outcomes[summary.run],
                    **requested.get(summary.run, {}))
            for summary in summaries]


def _requested(connection: sa.Connection, summaries: Iterable[RunSummary],
               ) -> dict[int, dict[str, Any]]:
    """Return the first requested page of each run, and how many there are.
    """
    pages = tables.pages
    first_pages = {}
    for part in _parts(run.run for run in summaries):
        first = sa.select(
            pages.c.run, sa.func.min(pages.c.position).label('position'),
            sa.func.count().label('pages')).where(
            pages.c.role == Role.REQUESTED.value,
            pages.c.run.in_(part)).group_by(pages.c.run).subquery()
        for row in connection.execute(sa.select(
                pages.c.run, pages.c.title, first.c.pages).join(
                first, sa.and_(pages.c.run == first.c.run,
                               pages.c.position == first.c.position))):
            first_pages[row.run] = {
                'requested': row.title, 'requests': row.pages}
    return first_pages


def _count(connection: sa.Connection, query: sa.Select[Any]) -> int:
    return int(connection.execute(query.order_by(None).with_only_columns(
        sa.func.count(), maintain_column_froms=True)).scalar_one())


def _in_parts(connection: sa.Connection, query: sa.Select[Any],
              column: sa.ColumnElement[Any], values: Iterable[Any],
              ) -> Iterator[sa.Row[Any]]:
    """Yield rows that have one of many values, in no order of all."""
    for part in _parts(values):
        yield from connection.execute(query.where(column.in_(part)))


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield values in lists that a statement takes."""
    items = list(values)
    for start in range(0, len(items), _AT_ONCE):
        yield items[start:start + _AT_ONCE]
