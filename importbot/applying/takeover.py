"""What a run has left that ended without knowing what it had done."""
from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from importbot.applying.followups import ImportedTo, finish
from importbot.applying.recover import (
    note_unasked,
    read_back,
    say_what_came,
    source_of,
    what_came_of,
)
from importbot.journal.changes import CLEANUP, Change, record
from importbot.journal.journal import Journal
from importbot.journal.leases import acquire_lapsed
from importbot.journal.reader import Pending
from importbot.journal.tables import RunRow
from importbot.model.codec import planned_page_from_json
from importbot.model.decisions import Outcome
from importbot.model.errors import EditError, ImportbotError, SourceError
from importbot.model.options import SERVER_LIMIT
from importbot.model.plan import PlannedPage
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.sources.transfer import Transfer
from importbot.wikis.network import WritePermission, writing_while
from importbot.wikis.waiting import alive
from importbot.wikis.wiki import Wiki


__all__ = ('take_over', )


def take_over(journal: Journal, transfer: Transfer,
              server_limit: float = SERVER_LIMIT) -> None:
    """Find out what a run that died under its lease had sent.

    What had arrived is brought to its end: an import without its edit
    would show a text that nobody planned. A plan is best made afterwards.
    Its lease is held meanwhile, so that one bot alone does this.

    :param server_limit: seconds after which the target is not at work on
        a request any more
    :raises LeaseHeldError: the run is alive, or another bot does this
    :raises ImportbotError: a wiki does not answer
    """
    lease = acquire_lapsed(journal, transfer.target.api)
    if lease is None:
        return
    try:
        with writing_while(lease.heartbeat) as permission, \
                alive(permission.renew):
            _settle(journal, transfer, journal.run_row(lease.run),
                    server_limit, permission)
    except BaseException:
        lease.abandon()
        raise
    lease.release()


def _settle(journal: Journal, transfer: Transfer, row: RunRow,
            server_limit: float, permission: WritePermission) -> None:
    """Find out what a run had sent, and bring it to its end."""
    run = row.run
    for pending in journal.pending(run):
        page = planned_page_from_json(pending.decided,
                                      transfer.target_info.title)
        result = what_came_of(pending, transfer.target, row.target_user,
                              server_limit)
        if (result and result.imported and page.follow_ups
                and _may_move(page, row, transfer.target)):
            result = _finished(result, pending, page, transfer, row, journal)
        permission.renew()
        if result:
            journal.outcomes(run, {pending.position: result})
        else:
            journal.unsent(run, pending.position)
        say_what_came(pending, result)
        note_unasked(journal, pending, transfer.target, row.target_user)
    journal.end_run(run, 'interrupted')
    # Without, an undo leaves these pages to a person.
    with suppress(ImportbotError):
        read_back(journal, run, transfer.target, lambda: _with_source(
            row, transfer).source)


def _may_move(page: PlannedPage, run: RunRow, target: Wiki) -> bool:
    """Whether nothing more of a page is to land where it is moved from."""
    if page.move is None or page.move.is_done(
            target.newest(page.move.landing)):
        return True
    came = [revision for revision in target.history(page.move.landing)
            if revision.user != run.target_user]
    return len(came) >= (page.revisions or 1)


def _with_source(run: RunRow, transfer: Transfer) -> Transfer:
    """Return the wikis with the source that a run had."""
    if run.source_api == transfer.source.api:
        return transfer
    source = source_of(run, transfer.target, transfer.access)
    return replace(transfer, prefix=run.source_prefix, source=source,
                   source_info=source.siteinfo())


def _finished(result: PageResult, pending: Pending, planned: PlannedPage,
              transfer: Transfer, run: RunRow,
              journal: Journal) -> PageResult:
    """Finish the work of a run that had a source of its own."""
    page = ImportedTo.of(planned, run.target_user)
    try:
        transfer = _with_source(run, transfer)
        done = finish(page, planned.follow_ups, transfer)
    except (EditError, SourceError) as error:
        # Waiting for that source would keep every other one out.
        return result.with_outcome(
            Outcome.FAILED, Problem(
                'had-before', problem=error.problem, title=str(page.target),
                revision=page.replaced))
    if done:
        record(journal, pending.run, Change(
            pending.position, CLEANUP, done.before, done.after))
    return result
