"""Find out late how a run that was cut left the target; only read there."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pywikibot

from importbot.flows.changes import (
    ARRIVAL,
    CLEANUP,
    arrival_of,
    changes_of,
    record,
)
from importbot.flows.journal import Journal, Pending
from importbot.flows.leases import lapsed_run
from importbot.flows.reconcile import reconcile
from importbot.flows.source import Source
from importbot.model.errors import SourceError
from importbot.model.plans import (
    PageResult,
    planned_page_from_json,
    step_from_json,
)
from importbot.model.text import printable
from importbot.model.words import Outcome
from importbot.wikis.answers import Access
from importbot.wikis.importer import SERVER_LIMIT
from importbot.wikis.sources import resolve_source
from importbot.wikis.wiki import Wiki


__all__ = ('catch_up', 'read_back', 'say_what_came', 'source_of',
           'what_came_of')


def catch_up(journal: Journal, run: int, target: Wiki, access: Access,
             server_limit: float = SERVER_LIMIT) -> None:
    """Find out what a run did that did not come to its end.

    Its steps that are left are not carried out.

    :param journal: where it is recorded
    :param run: its number
    :param target: the wiki that it imported into
    :param access: what that wiki offers
    :param server_limit: seconds after which the target is not at work on
        a request any more
    :raises LeaseHeldError: a bot is at work there
    :raises ImportbotError: the wiki does not answer
    """
    row = journal.run_row(run)
    if row['state'] == 'finished':
        return
    if lapsed_run(journal, target.api) == run:
        for pending in journal.pending(run):
            found = what_came_of(pending, target, row['target_user'],
                                 server_limit)
            if found:
                journal.outcomes(run, {pending.position: found})
            else:
                journal.unsent(run, pending.position)
            say_what_came(pending, found)
        journal.end_run(run, 'interrupted')
    try:
        read_back(journal, run, target,
                  lambda: source_of(row, target, access))
    except SourceError as error:
        # What cannot be compared is left to a person.
        pywikibot.warning(printable(str(error)))


def what_came_of(pending: Pending, target: Wiki, user: str,
                 server_limit: float) -> PageResult | None:
    """Return what became of an import that was cut on its way.

    :param pending: what is written down of it
    :param target: the wiki that it was sent to
    :param user: who sent it
    :param server_limit: seconds after which the target is not at work on
        a request any more
    :return: None if nothing came of it
    """
    steps = tuple(map(step_from_json, pending.decided['steps']))
    landing = next((step.landing for step in steps if step.landing),
                   pending.decided['target'])
    found = _moved(target, landing, pending, user) or reconcile(
        target, {landing: pending.revision_before}, pending.sent, user,
        server_limit)[landing]
    replaced = next((step.replaces for step in steps if step.replaces), 0)
    if found is None and pending.revision_before > replaced:
        # Not the last call of the page, but one before it arrived.
        return PageResult(Outcome.IMPORTED)
    return found


def say_what_came(pending: Pending, found: PageResult | None) -> None:
    """Tell the operator what became of an import that was cut.

    :param pending: what is written down of it
    :param found: None if nothing came of it
    """
    came = found.outcome.value if found and found.outcome else 'nothing'
    pywikibot.info(printable(
        f'Run {pending.run} was cut while "{pending.decided["title"]}" was '
        f'on its way; what came of it: {came}'))


def _moved(target: Wiki, landing: str, pending: Pending,
           user: str) -> PageResult | None:
    """Return what became of an import whose page was moved already.

    :param landing: title that the import gave it; its entry in the log
        stays under that
    """
    title = pending.decided['target']
    if (landing == title or target.newest(landing)
            or not target.newest(title)):
        return None
    count = sum(entry.count for entry
                in target.import_log(user, pending.sent)
                if entry.title == landing)
    return PageResult(Outcome.IMPORTED, count) if count else None


def source_of(run: Mapping[str, Any], target: Wiki, access: Access) -> Wiki:
    """Return the source of a run.

    :param run: its row of the journal
    :param target: the wiki that it imported into
    :param access: what that wiki offers
    :raises SourceError: it cannot be asked
    """
    source = Wiki(resolve_source(target, access, run['source_prefix']),
                  SourceError)
    if source.api != run['source_api']:
        raise SourceError(f'It came from {run["source_api"]}, which cannot '
                          'be asked now')
    return source


def read_back(journal: Journal, run: int, target: Wiki,
              source: Callable[[], Source]) -> None:
    """Write down how a run left pages that had arrived when it was cut.

    What others have done to them since shows in their histories.

    :param journal: where the run is recorded
    :param run: its number
    :param target: the wiki that it imported into
    :param source: returns where the pages came from, if that is needed
    :raises ImportbotError: a wiki does not answer
    """
    user = journal.run_row(run)['target_user']
    changes, source = changes_of(journal, run), cache(source)
    known = {change.position for change in changes
             if change.action == ARRIVAL}
    cleaned = {change.position: change.after for change in changes
               if change.action == CLEANUP}
    for row in journal.page_rows(run):
        place = row['position']
        if place in known or not (
                row['outcome'] == Outcome.IMPORTED.value
                or row['outcome'] == Outcome.FAILED.value and row['imported']):
            continue
        page = planned_page_from_json(row['decided'])
        ours = target.history(page.target)
        theirs = source().history(page.title) if ours else ()
        if theirs:
            record(journal, run, arrival_of(place, page, theirs, ours, user,
                                            cleaned.get(place, 0)))
