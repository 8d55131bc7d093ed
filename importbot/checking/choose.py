"""Which pages of the journal are looked at again."""
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from importbot.journal.arrivals import Arrived, arrived_of
from importbot.journal.journal import Journal
from importbot.journal.leases import runs_at_work
from importbot.journal.queries import RunLog
from importbot.journal.records import RunFilter
from importbot.journal.tables import RunRow
from importbot.journal.undos import undone_by
from importbot.model.errors import UsageError
from importbot.model.problems import Problem
from importbot.rules.spellings import spellings


__all__ = ('Chosen', 'Wanted', 'choose')


@dataclass(frozen=True)
class Wanted:

    """What somebody wants to be looked at again.

    :param run: number of the one run, None for all
    :param titles: full titles on source or target, none for all
    :param sample: share of the pages in percent, None for all
    :param day: of which day the sample is, ISO 8601; each has another one
    :param conditions: on runs and pages, with the target
    :param most: the latest runs that count, 0 for all
    """

    conditions: RunFilter
    run: int | None = None
    titles: tuple[str, ...] = ()
    sample: float | None = None
    day: str = ''
    most: int = 0


@dataclass(frozen=True)
class Chosen:

    """Pages that are to be looked at.

    :param pages: by run and place
    :param arrived: how many there were to choose from
    :param running: runs that are under way and therefore left out
    """

    pages: Sequence[Arrived]
    arrived: int
    running: tuple[int, ...] = ()


def choose(journal: Journal, wanted: Wanted) -> Chosen:
    """Return the pages that are wanted, and that arrived.

    :param journal: where runs are recorded
    :raises UsageError: the one run goes elsewhere, is an undo, or is under
        way
    :raises JournalError: there is no such run
    """
    running: tuple[int, ...] = ()
    names = frozenset(name for title in wanted.titles
                      for name in spellings(title))
    if wanted.run is not None:
        runs: list[RunRow] = [_one_run(journal, wanted.run,
                                       wanted.conditions.target_api)]
    else:
        listed = RunLog(journal).runs(replace(
            wanted.conditions, titles=names), wanted.most).runs
        imports = [run for run in reversed(listed) if run.undoes is None]
        running = tuple(run.run for run in imports if run.state == 'running')
        runs = [run for run in imports if run.state != 'running']
    pages = [page for run in runs for page in arrived_of(journal, run)
             if wanted.conditions.takes(page.row)
             and (not wanted.titles
                  or not names.isdisjoint((page.row.title,
                                           page.row.target)))]
    return Chosen(_sampled(pages, wanted), len(pages), running)


def _one_run(journal: Journal, number: int, api: str) -> RunRow:
    run = journal.run_row(number)
    if run.target_api != api:
        raise UsageError(Problem('run-of-other-target', run=number,
                                 api=run.target_api, target=api))
    undoes = undone_by(journal, number)
    if undoes is not None:
        raise UsageError(Problem('check-of-undo', run=number,
                                 undoes=undoes))
    if number in runs_at_work(journal):
        raise UsageError(Problem('check-running', run=number))
    return run


def _sampled(pages: Sequence[Arrived], wanted: Wanted) -> Sequence[Arrived]:
    """Return some pages, evenly from all, and the same ones on one day.

    Those of later runs change little about which earlier ones are chosen.
    Other days have others, so that a job reaches all of them in time.
    """
    if wanted.sample is None or not pages:
        return pages
    count = max(1, round(len(pages) * wanted.sample / 100))
    ranked = sorted(pages, key=lambda page: _rank((*page.key, wanted.day)))
    chosen = {page.key for page in ranked[:count]}
    return [page for page in pages if page.key in chosen]


def _rank(key: Iterable[object]) -> bytes:
    return hashlib.sha256(repr(tuple(key)).encode()).digest()
