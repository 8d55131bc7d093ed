"""What the journal has of a run, as the report that the run would give."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from importbot.journal.journal import Journal
from importbot.journal.queries import RunLog
from importbot.journal.records import RunRecord
from importbot.model.codec import (
    planned_pages_from_json,
    policy_from_json,
    undo_page_from_json,
    unresolved_from_json,
)
from importbot.model.plan import Endpoint, Plan
from importbot.model.report import Report, UndoReport
from importbot.model.undo_plan import UndoPlan


__all__ = ('RunDetails', 'details_of_record', 'recorded_details',
           'recorded_report', 'recorded_undo', 'report_of_record')


@dataclass(frozen=True)
class RunDetails:

    """Who asked for a run and when it was, as far as anybody knows.

    :param planned: when the plan was made, ISO 8601
    :param started: when it began, ISO 8601
    :param ended: when it ended, ISO 8601
    :param requester: who asked for it on a request page
    :param approver: who approved it there
    :param request_page: full title of the request page on the target
    :param request: id of the request
    :param sent: when pages were sent, ISO 8601, by title on the source
    """

    planned: str = ''
    started: str = ''
    ended: str = ''
    requester: str = ''
    approver: str = ''
    request_page: str = ''
    request: str = ''
    sent: Mapping[str, str] = field(default_factory=dict)


def recorded_details(journal: Journal, run: int) -> RunDetails:
    """Return who asked for a run of the journal and when it was.

    :raises JournalError: there is no such run
    """
    return details_of_record(RunLog(journal).run(run))


def recorded_report(journal: Journal, run: int) -> Report:
    """Return the report of an import by what is written down.

    :raises JournalError: there is no such run
    """
    report = report_of_record(RunLog(journal).run(run))
    assert isinstance(report, Report), 'it is no undo'
    return report


def recorded_undo(journal: Journal, run: int) -> UndoReport:
    """Return the report of an undo by what is written down.

    :param run: its own number
    :raises JournalError: there is no such run
    """
    report = report_of_record(RunLog(journal).run(run))
    assert isinstance(report, UndoReport), 'it is an undo'
    return report


def report_of_record(record: RunRecord) -> Report | UndoReport:
    """Return the report of a run as far as it was read.

    :param record: the run, with those of its pages that are wanted
    :raises KeyError, TypeError, ValueError: a later release wrote it, with
        words that this one does not know
    """
    run = record.summary
    wikis = {side: record.said.get(side, {}).get('wiki', '')
             for side in ('source', 'target')}
    target = Endpoint(run.target_api, wikis['target'], user=run.target_user)
    pages = [page.decided for page in record.pages]
    results = tuple(page.result for page in record.pages)
    if run.undoes is not None:
        return UndoReport(UndoPlan(
            run.undoes, target, run.options['mark'],
            tuple(map(undo_page_from_json, pages)), tuple(record.notes)),
            run.run, results)
    planned = planned_pages_from_json(pages)
    return Report(Plan(
        Endpoint(run.source_api, wikis['source'], prefix=run.source_prefix),
        target, policy_from_json(run.options, passes_over=True), planned,
        unresolved_from_json(record.said.get('unresolved', ()), planned),
        tuple(record.notes)), run.run, results, tuple(record.shown))


def details_of_record(record: RunRecord) -> RunDetails:
    """Return who asked for a run and when it was.

    :param record: the run, with those of its pages that are wanted
    """
    run = record.summary
    details = RunDetails(
        started=run.started, ended=run.ended or '',
        sent={page.title: page.sent for page in record.pages if page.sent})
    return replace(
        details, planned=run.planned, requester=run.requester,
        approver=run.approver, request_page=run.request_page,
        request=run.request) if run.request else details
