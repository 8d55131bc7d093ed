"""Runs of requests: applied as far as nobody says stop, and their ends."""
from __future__ import annotations

from collections.abc import Callable, Iterator

import pywikibot

from importbot.applying.apply import ImportWork
from importbot.applying.resume import ResumedRun, find_interrupted
from importbot.applying.run import PlanT, Run
from importbot.applying.shown import with_rendering
from importbot.journal.journal import Journal
from importbot.journal.reports import recorded_report
from importbot.journal.tables import RequestRow
from importbot.model.decisions import Outcome
from importbot.model.plan import Plan
from importbot.model.problems import Problem
from importbot.model.report import Report
from importbot.reports.terminal.changes import page_line
from importbot.reports.words.changes import needs_person
from importbot.requestpages.passes.stop import Stop
from importbot.requestpages.status import Status
from importbot.sources.transfer import Transfer
from importbot.wikis.wiki import Wiki


__all__ = ('end_of', 'is_finished', 'report_of', 'resumed_run',
           'run_plan', 'until_stopped')


def run_plan(plan: Plan, transfer: Transfer, journal: Journal, stop: Stop,
             server_limit: float, begun: Callable[[int], None],
             resumed: ResumedRun | None = None, *,
             trusted: bool = False) -> Problem | None:
    """Apply a plan, batch by batch, until somebody says stop.

    :param stop: asked before each batch
    :param server_limit: seconds after which the target is not at work on
        a request any more
    :param begun: told the number of the run before anything is sent
    :param resumed: the run that is resumed, None for a new one
    :param trusted: whether later versions of the pages may arrive
    :return: why nothing more could be sent, None if it could
    :raises LeaseHeldError: another bot imports into the target now
    """
    with Run(ImportWork(plan, transfer, server_limit, resumed, trusted),
             journal) as run:
        if run.number is not None:
            begun(run.number)
        for place in until_stopped(run, stop):
            pywikibot.info(page_line(run.plan.pages[place],
                                     run.results[place]))
    return run.obstacle


def until_stopped(run: Run[PlanT], stop: Stop) -> Iterator[int]:
    """Treat the pages of a run until somebody says stop.

    :param stop: asked before each batch
    :return: places of the pages that were treated
    """
    for batch in run.batches():
        if stop.asked():
            return
        run.apply(batch)
        yield from batch


def resumed_run(journal: Journal, transfer: Transfer, run: int) -> ResumedRun:
    """Return a run with what is left of it."""
    return find_interrupted(journal, transfer.target.api, run).resumed(
        journal, transfer)


def is_finished(journal: Journal, run: int) -> bool:
    """Return whether a run came to its end."""
    return journal.run_row(run).state == 'finished'


def report_of(record: RequestRow, journal: Journal,
              target: Wiki) -> Report:
    """Return what became of a request, by the journal.

    What requested pages miss on the target is looked at now.

    :param record: of the request, with its run
    :param target: the wiki
    """
    assert record.run is not None, 'it was begun'
    return with_rendering(recorded_report(journal, record.run), target,
                          journal)


def end_of(report: Report) -> Status:
    """Return the state that a request ends in.

    :param report: of its run
    """
    if not report.unexpected and not any(map(needs_person,
                                             report.plan.pages)):
        return Status.DONE
    if any(result.outcome is Outcome.VERIFIED for result in report.results):
        return Status.PARTIAL
    return Status.FAILED
