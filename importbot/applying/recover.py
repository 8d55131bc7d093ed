"""Find out late how a run that was cut left the target; only read there."""
from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pywikibot

from importbot.applying.arrival_change import arrival_of
from importbot.applying.leftovers import as_it_stands, unasked
from importbot.applying.reconcile import reconcile
from importbot.journal.changes import (
    ARRIVAL,
    CLEANUP,
    Change,
    changes_of,
    record,
    record_arrivals,
)
from importbot.journal.journal import Journal
from importbot.journal.leases import lapsed_run
from importbot.journal.reader import Pending
from importbot.journal.tables import RunRow
from importbot.journal.undos import unsure_undos
from importbot.model.codec import (
    planned_page_from_json,
    undo_page_from_json,
)
from importbot.model.decisions import Outcome, Role
from importbot.model.errors import HiddenTextError, SourceError
from importbot.model.options import SERVER_LIMIT
from importbot.model.plan import PlannedPage
from importbot.model.printable import printable
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.model.siteinfo import SiteInfo
from importbot.model.steps import INTERWIKI
from importbot.model.titles import TEMPLATE
from importbot.model.undo_plan import (
    EditingStep,
    UndoPage,
)
from importbot.rules.undo import text_to_save
from importbot.sources.source import Source
from importbot.wikis.api_values import Access
from importbot.wikis.importer import ImportedPage
from importbot.wikis.prefixes import resolve_source
from importbot.wikis.wiki import Wiki
from importbot.wikitext.presave import sha1_of_saved


__all__ = ('catch_up', 'is_used', 'note_unasked', 'read_back',
           'say_what_came', 'source_of', 'what_came_of')


def catch_up(journal: Journal, run: int, target: Wiki, siteinfo: SiteInfo,
             access: Access, server_limit: float = SERVER_LIMIT) -> None:
    """Find out what a run and its undos did that were cut.

    Their steps that are left are not carried out.

    :param target: the wiki that it imported into
    :param siteinfo: settings of that wiki
    :param access: what it offers
    :param server_limit: seconds after which the target is not at work on
        a request any more
    :raises LeaseHeldError: a bot is at work there
    :raises ImportbotError: the wiki does not answer
    """
    row = journal.run_row(run)
    for undo in unsure_undos(journal, run):
        _read_undo_back(journal, undo, target, siteinfo)
    if row.state == 'finished':
        return
    if lapsed_run(journal, target.api) == run:
        for pending in journal.pending(run):
            result = what_came_of(pending, target, row.target_user,
                                  server_limit)
            if result:
                journal.outcomes(run, {pending.position: result})
            else:
                journal.unsent(run, pending.position)
            say_what_came(pending, result)
            note_unasked(journal, pending, target, row.target_user)
        journal.end_run(run, 'interrupted')
    try:
        read_back(journal, run, target,
                  lambda: source_of(row, target, access))
    except SourceError as error:
        # What cannot be compared is left to a person.
        pywikibot.warning(printable(str(error)))


def _read_undo_back(journal: Journal, undo: int, target: Wiki,
                    siteinfo: SiteInfo) -> None:
    """Write down the edits that an undo made right before it was cut."""
    run, rows = journal.run_row(undo), {
        row.position: row for row in journal.page_rows(undo)
        if row.outcome in (None, Outcome.UNKNOWN.value)
        and row.decided['steps']}
    pages = {place: undo_page_from_json(row.decided)
             for place, row in rows.items()}
    reads = target.pages([page.title for page in pages.values()])
    for place, page in pages.items():
        newest, step = reads[page.title].newest, page.verdict.step
        if (newest and isinstance(step, EditingStep)
                and newest.user == run.target_user
                and newest.parent == step.revision
                and newest.sha1 == _sha1_wanted(
                    page, step, run.options['mark'], target, siteinfo,
                    is_redirect=reads[page.title].is_redirect)):
            record(journal, undo, Change(place, step.action, step.revision,
                                         newest.id))
            if page.steps == (step, ):
                journal.outcomes(undo, {
                    place: PageResult(Outcome.VERIFIED)})


def _sha1_wanted(page: UndoPage, step: EditingStep, mark: str,
                 target: Wiki, siteinfo: SiteInfo, *,
                 is_redirect: bool) -> str:
    """Return the sha1 of the text that a step is to save."""
    try:
        text, _author = target.revision_text(page.title, step.text)
    except HiddenTextError:
        return ''
    return sha1_of_saved(text_to_save(
        step, text, mark, is_redirect=is_redirect,
        is_used=is_used(page.title, page.role, siteinfo)))


def is_used(title: str, role: Role, siteinfo: SiteInfo) -> bool:
    """Return whether other pages may well transclude a page.

    :param title: full title
    :param role: what the page was to its run
    :param siteinfo: settings of its wiki
    """
    template = siteinfo.title(f':{title}')
    return role is not Role.REQUESTED or (
        template is not None and template.namespace == TEMPLATE)


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
    page = planned_page_from_json(pending.decided)
    landing = page.interim_title
    result = _moved(target, page, pending, user) or reconcile(
        target, {landing: pending.revision_before}, pending.sent, user,
        server_limit)[landing]
    if result is None and pending.revision_before > page.replaces:
        # Not the last call of the page, but one before it arrived.
        return PageResult(Outcome.IMPORTED)
    return result


def note_unasked(journal: Journal, pending: Pending, target: Wiki,
                 user: str) -> None:
    """Write down what a source sent along with an import that was cut.

    Only the import log tells; an upload holds what the bot put into it.

    :param pending: what is written down of the import
    :param target: the wiki that it was sent to
    :param user: who sent it
    """
    if planned_page_from_json(pending.decided).via != INTERWIKI:
        return
    pages = [planned_page_from_json(row.decided)
             for row in journal.page_rows(pending.run)]
    titles = {title for page in pages
              for title in (page.target_text, page.interim_title)}
    for entry in target.import_log(user, pending.sent):
        # An entry of the same second may be that of the call before.
        if entry.title in titles or entry.timestamp == pending.sent:
            continue
        titles.add(entry.title)
        extra = unasked(ImportedPage(entry.title, 0, entry.count),
                        target.history(entry.title), len(pages), user)
        journal.add_page(pending.run, len(pages), extra.page)
        journal.outcomes(pending.run, {len(pages): extra.result})
        record(journal, pending.run, extra.change)
        pages.append(extra.page)
        pywikibot.warning(printable(str(extra.result.error)))


def say_what_came(pending: Pending, result: PageResult | None) -> None:
    """Tell the operator what became of an import that was cut.

    :param pending: what is written down of it
    :param result: None if nothing came of it
    """
    came = result.outcome.value if result and result.outcome else 'nothing'
    pywikibot.info(printable(
        f'Run {pending.run} was cut while "{pending.decided["title"]}" was '
        f'on its way; what came of it: {came}'))


def _moved(target: Wiki, page: PlannedPage, pending: Pending,
           user: str) -> PageResult | None:
    """Return what became of an import whose page was moved already.

    Its entry in the log stays under the title that the import gave it.
    """
    if (page.move is None
            or not page.move.is_done(target.newest(page.move.landing))
            or not target.newest(page.target_text)):
        return None
    count = sum(entry.count for entry
                in target.import_log(user, pending.sent)
                if entry.title == page.move.landing)
    return PageResult(Outcome.IMPORTED, count) if count else None


def source_of(run: RunRow, target: Wiki, access: Access) -> Wiki:
    """Return the source of a run.

    :param run: its row of the journal
    :param target: the wiki that it imported into
    :param access: what that wiki offers
    :raises SourceError: it cannot be asked
    """
    source = Wiki(resolve_source(target, access, run.source_prefix),
                  SourceError)
    if source.api != run.source_api:
        raise SourceError(Problem('source-not-asked', api=run.source_api))
    return source


def read_back(journal: Journal, run: int, target: Wiki,
              source: Callable[[], Source]) -> None:
    """Write down how a run left pages that had arrived when it was cut.

    What others have done to them since shows in their histories.

    :param target: the wiki that it imported into
    :param source: returns where the pages came from, if that is needed
    :raises ImportbotError: a wiki does not answer
    """
    user = journal.run_row(run).target_user
    changes, source = changes_of(journal, run), cache(source)
    recorded = {change.position for change in changes
                if change.action == ARRIVAL}
    cleaned = {change.position: change.after for change in changes
               if change.action == CLEANUP}
    for row in journal.page_rows(run):
        place = row.position
        if place in recorded or not (
                row.outcome == Outcome.IMPORTED.value
                or row.outcome == Outcome.FAILED.value and row.imported):
            continue
        page = as_it_stands(planned_page_from_json(row.decided), target)
        ours = target.history(page.target_text)
        theirs = source().history(str(page.title)) if ours else ()
        if theirs:
            record_arrivals(journal, run, [(arrival_of(
                place, page, theirs, ours, user, cleaned.get(place, 0),
                is_late=True), ours)])
