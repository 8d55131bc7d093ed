"""The journal of an operator after a year: 20 requests a day, each a run.

It is written in bulk, in the rows that the code of the journal makes of
plans, so that it takes seconds. ``python -m tests.kit.year FILE`` writes the
whole year into a file.
"""
from __future__ import annotations

import sys
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import cached_property
from itertools import islice
from typing import Any

import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.beginning import beginning_of
from importbot.journal.changes import ARRIVAL
from importbot.journal.journal import Journal
from importbot.journal.tables import RequestRow
from importbot.model.decisions import Role
from importbot.model.plan import Endpoint
from importbot.model.report import Report
from tests.kit.journals import TARGET
from tests.kit.many_pages import run_of


__all__ = ('RUNS', 'SIZES', 'Year')

#: 20 a day, and ten that a person started.
RUNS = 20 * 365 + 10
#: How many pages plans have: mostly few, now and then very many.
SIZES = (4, 6, 9, 4, 12, 5, 8, 3, 7, 57)

_BEGUN = datetime(2023, 1, 1, tzinfo=timezone.utc)
#: Minutes from a run to the next one.
_EVERY = 72
#: Runs in a transaction.
_AT_ONCE = 200
_USERS = ('Anna', 'Bo', 'Čeněk', 'Dora', 'Emil')

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Year:

    """Runs of a year into one wiki, each of a request of its own.

    :param target: address of the wiki's API
    :param runs: how many
    :param first: number of the first one
    :param begun: when that one began
    """

    target: str = TARGET
    runs: int = RUNS
    first: int = 1
    begun: datetime = _BEGUN

    def write(self, journal: Journal) -> None:
        """Write all of it down.

        :param journal: without runs of these numbers
        """
        self._read_texts(journal)
        shapes = [_shape(journal, self.target, size) for size in SIZES]
        runs = iter(range(self.first, self.first + self.runs))
        while part := list(islice(runs, _AT_ONCE)):
            rows: Rows = defaultdict(list)
            for run in part:
                self._add(rows, run, shapes[run % len(shapes)])
            with journal.transaction() as connection:
                for name in ('runs', 'pages', 'plans', 'changes', 'brought',
                             'requests'):
                    connection.execute(getattr(tables, name).insert(),
                                       rows[name])

    def title(self, run: int) -> str:
        """Return the title that was requested.

        :param run: number of a run
        """
        return f'Rover {run}'

    def _read_texts(self, journal: Journal) -> None:
        """Remember texts of pages, as planning does."""
        for start in range(self.first, self.first + self.runs * 2, _AT_ONCE):
            journal.remember_readings({
                f'{number:064}': f'[[["Template:Part {number}", 2, 1]], '
                '["#if", "lc"]]' * 6
                for number in range(start, start + _AT_ONCE)})

    def _add(self, rows: Rows, run: int, shape: _Shape) -> None:
        """Add the rows that a run leaves."""
        at = (self.begun + timedelta(minutes=_EVERY * (run - self.first)))
        began, ended = (when.isoformat(timespec='seconds') for when in (
            at, at + timedelta(seconds=40)))
        plan = f'{run:064x}'
        rows['runs'].append({
            'run': run, 'plan': plan, 'state': 'finished',
            'started': began, 'ended': ended, **shape.of_run})
        rows['plans'].append({'run': run, 'plan': shape.said, 'shown': []})
        title = self.title(run)
        for position, page in enumerate(shape.pages):
            named = {'title': title, 'target': title} if page[
                'role'] == Role.REQUESTED.value else {}
            rows['pages'].append({
                'run': run, 'position': position, **page, **named,
                'decided': {**page['decided'], **named},
                'sent': began if page['imported'] else None})
            revision = run * 1000 + position * 10
            if page['imported']:
                rows['changes'].append({
                    'run': run, 'position': position, 'action': ARRIVAL,
                    'revision_before': 0, 'revision_after': revision + 9,
                    'is_shared': False, 'made': ended})
                rows['brought'].append({
                    'run': run, 'position': position,
                    'revision_first': revision,
                    'revision_last': revision + 9})
        rows['requests'].append(vars(RequestRow(
            f'{run:012x}', self.target, 'Project:Import requests', 'done',
            plan, began, ended, _USERS[run % len(_USERS)], run % 5 + 1,
            began, plan, shape.saved, 2, plan, 'Zoe', 9, run, ('sysop', ),
            run)))


@dataclass(frozen=True)
class _Shape:

    """What runs of as many pages have in common."""

    report: Report
    of_run: dict[str, Any]
    pages: list[dict[str, Any]]

    @cached_property
    def saved(self) -> dict[str, Any]:
        """The plan in JSON, as a request keeps it."""
        return self.report.plan.as_json()

    @cached_property
    def said(self) -> dict[str, Any]:
        """What it says besides its pages."""
        return {name: value for name, value in self.saved.items()
                if name != 'pages'}


def _shape(journal: Journal, target: str, size: int) -> _Shape:
    report = run_of(size, 1)
    plan = replace(
        report.plan, target=Endpoint(target, 'target', user='ImportBot'),
        notes=report.plan.notes if size > min(SIZES) * 4
        else report.plan.notes[:2])
    begun = beginning_of(plan, journal)
    return _Shape(replace(report, plan=plan), {
        'source_api': begun.source_api, 'source_prefix': begun.source_prefix,
        'target_api': target, 'target_user': plan.target.user,
        'options': begun.options, 'mode': plan.mode.value}, [
        {**page, 'imported': result.imported,
         'outcome': result.outcome and result.outcome.value,
         'error': result.error and str(result.error), 'problem': None}
        for page, result in zip(begun.pages, report.results, strict=True)])


def main(path: str) -> None:
    """Write the year, and say how long it took.

    :param path: file of the journal
    """
    begun = time.perf_counter()
    journal = Journal(path)
    Year().write(journal)
    with journal.transaction() as connection:
        pages = connection.execute(sa.select(sa.func.count()).select_from(
            tables.pages)).scalar_one()
    journal.close()
    print(f'{RUNS} runs, {pages} pages: {time.perf_counter() - begun:.1f} s')


if __name__ == '__main__':
    main(sys.argv[1])
