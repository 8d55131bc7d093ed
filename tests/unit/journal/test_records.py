"""Who asked for a run and when it was, by the journal."""
from __future__ import annotations

import pytest

from importbot.journal.journal import Journal
from importbot.journal.reports import RunDetails, recorded_details
from importbot.journal.requests import RequestLog
from importbot.journal.tables import RequestRow
from importbot.model.errors import JournalError
from tests.kit.plans import IMPORT, PLAN


def test_run_that_nobody_asked_for_on_a_page(journal: Journal) -> None:
    run = journal.begin_run(PLAN)
    begun = recorded_details(journal, run)
    assert begun == RunDetails(started=journal.run_row(run).started)
    assert begun.started
    journal.sending(run, {1: 0}, '2026-01-02T03:04:05Z')
    journal.end_run(run, 'finished')
    ended = recorded_details(journal, run)
    assert ended.ended >= begun.started
    assert ended.sent == {str(IMPORT.title): '2026-01-02T03:04:05Z'}


def test_run_of_a_request(journal: Journal) -> None:
    run, other = journal.begin_run(PLAN), journal.begin_run(PLAN)
    log = RequestLog(journal, PLAN.target.api)
    for record in (
            RequestRow('r1', PLAN.target.api, 'Import requests', 'done',
                          'x', '2026-01-01T00:00:00+00:00', author='Anna',
                          approver='Berta', run=run,
                          planned='2026-01-01T01:00:00+00:00'),
            RequestRow('r2', PLAN.target.api, 'Import requests', 'new',
                          'y', '2026-01-01T00:00:00+00:00', author='Carla')):
        log.save(record)
    details = recorded_details(journal, run)
    assert (details.requester, details.approver, details.request,
            details.request_page, details.planned) == (
        'Anna', 'Berta', 'r1', 'Import requests',
        '2026-01-01T01:00:00+00:00')
    assert recorded_details(journal, other).requester == ''


def test_there_is_no_such_run(journal: Journal) -> None:
    with pytest.raises(JournalError, match='no run 7'):
        recorded_details(journal, 7)
