"""What a run left behind that ended without knowing what it had done."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pywikibot

from importbot.flows.changes import CLEANUP, Change, record
from importbot.flows.finish import ImportedTo, finish
from importbot.flows.journal import Journal, Pending
from importbot.flows.leases import lapsed_run
from importbot.flows.reconcile import reconcile
from importbot.flows.wikipair import WikiPair
from importbot.model.errors import EditError, SourceError
from importbot.model.plans import PageResult, Step, step_from_json
from importbot.model.revisions import Revision
from importbot.model.text import printable
from importbot.model.words import Outcome
from importbot.wikis.importer import SERVER_LIMIT
from importbot.wikis.sources import resolve_source
from importbot.wikis.wiki import Wiki


__all__ = ('take_over', )


def take_over(journal: Journal, wikis: WikiPair,
              server_limit: float = SERVER_LIMIT) -> None:
    """Find out what a run that died under its lease had sent.

    What had arrived is brought to its end: an import without its edit
    would show a text that nobody planned. A plan is best made afterwards.

    :param journal: where the run is recorded
    :param wikis: source and target
    :param server_limit: seconds after which the target is not at work on
        a request any more
    :raises LeaseHeldError: the run is alive
    :raises ImportbotError: a wiki does not answer
    """
    run = lapsed_run(journal, wikis.target.api)
    if run is None:
        return
    row = journal.run_row(run)
    for pending in journal.pending(run):
        decided = pending.decided
        steps = tuple(map(step_from_json, decided['steps']))
        landing = next((step.landing for step in steps if step.landing),
                       decided['target'])
        found = _moved(wikis.target, landing, pending, row['target_user']
                       ) or reconcile(
            wikis.target, {landing: pending.revision_before}, pending.sent,
            row['target_user'], server_limit)[landing]
        others = tuple(step for step in steps if step.action != 'import')
        if found and found.outcome is Outcome.IMPORTED and others:
            found = _finished(found, pending, others, wikis, row, journal)
        if found is None and pending.revision_before > _replaced(steps):
            # Not the last call of the page, but one before it arrived.
            found = PageResult(Outcome.IMPORTED)
        if found:
            journal.outcomes(run, {pending.position: found})
        else:
            journal.unsent(run, pending.position)
        came = found.outcome.value if found and found.outcome else 'nothing'
        pywikibot.info(printable(
            f'Run {run} was cut while "{decided["title"]}" was on its way; '
            f'what came of it: {came}'))
    journal.end_run(run, 'interrupted')


def _replaced(steps: tuple[Step, ...]) -> int:
    """Return the target's newest revision at the time of the plan."""
    return next((step.replaces for step in steps if step.replaces), 0)


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


def _finished(result: PageResult, pending: Pending, steps: tuple[Step, ...],
              wikis: WikiPair, run: Mapping[str, Any],
              journal: Journal) -> PageResult:
    """Finish the work of a run that had a source of its own."""
    decided = pending.decided
    page = ImportedTo(
        decided['title'], decided['target'],
        Revision(decided['latest'], 0, '', decided['sha1'] or ''),
        _replaced(tuple(map(step_from_json, decided['steps']))),
        run['target_user'])
    try:
        if run['source_api'] != wikis.source.api:
            prefix = run['source_prefix']
            source = Wiki(resolve_source(wikis.target, wikis.access, prefix),
                          SourceError)
            if source.api != run['source_api']:
                raise SourceError(f'It came from {run["source_api"]}, which '
                                  'cannot be asked now')
            wikis = replace(wikis, prefix=prefix, source=source,
                            source_info=source.siteinfo())
        done = finish(page, steps, wikis)
    except (EditError, SourceError) as error:
        # Waiting for that source would keep every other one out.
        return result.with_outcome(
            Outcome.FAILED, f'{error}; before, "{page.target}" had revision '
            f'{page.replaced}')
    if done:
        record(journal, pending.run, Change(
            pending.position, CLEANUP, done.before, done.after))
    return result
