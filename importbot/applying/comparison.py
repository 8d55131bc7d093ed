"""Every field of what arrived against what was sent, many pages at once."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from importbot.applying.run import Run
from importbot.applying.send import Sender
from importbot.applying.verify import expected_of
from importbot.model.import_log import ImportLogEntry
from importbot.model.plan import Plan, PlannedPage
from importbot.model.problems import Problem
from importbot.model.revisions import Revision
from importbot.rules.authors import canonical_name
from importbot.rules.call_records import (
    Calls,
    dummies_of,
    is_damaged,
    missing_records,
)
from importbot.rules.difference_problems import damage_of, problem_of
from importbot.rules.differences import (
    Terms,
    differences,
    without_software,
)
from importbot.sources.transfer import Transfer


__all__ = ('Comparison', )

#: How far the clock of the bot may be off that of the target.
_CLOCKS = timedelta(hours=1)

_Histories = Mapping[str, Sequence[Revision]]


class Comparison:

    """Compares pages of a run; asks the target what they have in common.

    :param transfer: source and target as they were agreed to
    :param run: of the pages
    :param sender: sent them
    """

    def __init__(self, transfer: Transfer, run: Run[Plan],
                 sender: Sender) -> None:
        self._transfer = transfer
        self._run = run
        self._sender = sender
        self._accounts: dict[str, bool] = {}
        self._entries: dict[str, list[ImportLogEntry]] = {}

    def prepare(self, pages: Sequence[PlannedPage]) -> None:
        """Read what one request tells of many pages.

        :param pages: that are to be compared
        :raises ImportbotError: the target does not answer
        """
        self._read_log(pages)
        if self._transfer.policy.authors == 'local':
            self._look_for_accounts(
                revision.user for page in pages
                for revision in expected_of(page, page.history))

    def with_tags(self, pages: Sequence[PlannedPage],
                  histories: _Histories) -> _Histories:
        """Return histories with the change tags of dummy revisions.

        :param histories: of the target pages, by full title
        """
        if not self._transfer.policy.tags:
            return histories
        dummies = {
            revision.id for page in pages for revision in dummies_of(
                histories[page.target_text],
                self._entries.get(page.interim_title, ()),
                self._terms(page))
            if revision.tags is None}
        tags = self._transfer.target.tags(dummies)
        return {title: [replace(revision, tags=tags[revision.id])
                        if revision.id in tags else revision
                        for revision in history]
                for title, history in histories.items()}

    def problem(self, page: PlannedPage, theirs: Sequence[Revision],
                ours: Sequence[Revision], *,
                planned: Sequence[Revision] | None = None,
                ) -> Problem | None:
        """Return in what a page is not as it was sent, None if in nothing.

        :param page: as it was imported
        :param theirs: history of the source page, newest first
        :param ours: history of the target page
        :param planned: the source's as it was before it was sent, if
            the other was read later
        """
        terms = self._terms(page, planned)
        entries = self._entries.get(page.interim_title, [])
        found = without_software([
            *differences(expected_of(page, theirs), ours, terms),
            *missing_records(ours, entries, self._calls(page, ours, terms),
                             terms)], self._transfer.target.people)
        return (damage_of(found) if is_damaged(found, entries)
                else problem_of(found))

    def _terms(self, page: PlannedPage,
               planned: Sequence[Revision] | None = None) -> Terms:
        authors = self._transfer.authors()
        if not page.is_uploaded:
            authors = replace(authors, prefix=self._transfer.prefix)
        # What is hidden comes with each call once more, but by uploads.
        calls = 1 if page.is_uploaded else len(page.import_steps) * (
            2 if self._sender.goes_on(page) else 1)
        return Terms(
            authors, self._transfer.access.user,
            page.before,
            accounts=frozenset(
                name for name, is_there in self._accounts.items() if is_there)
            if authors.mode == 'local' else None,
            calls=calls, is_late=planned is not None,
            # What an earlier process sent may have been hidden since.
            hidden={} if self._sender.goes_on(page) else {
                revision.id: revision for revision in planned or ()
                if revision.hidden and revision.id})

    def _calls(self, page: PlannedPage, ours: Sequence[Revision],
               terms: Terms) -> Calls:
        calls = self._sender.calls.of(page.title)
        if self._sender.goes_on(page):
            # Of what an earlier process sent, an entry tells at least.
            calls = replace(calls, number=0, since=self._begun, last_log=0,
                            revisions=max(calls.revisions, int(bool(
                                terms.came(ours)))))
        return replace(calls, tags=self._transfer.policy.tags,
                       is_moved=page.move is not None)

    @cached_property
    def _begun(self) -> str:
        """Return a time before the run began, by the target's clock."""
        assert self._run.number is not None, 'it has begun'
        started = self._run.journal.run_row(self._run.number).started
        return (datetime.fromisoformat(started.replace('Z', '+00:00'))
                - _CLOCKS).strftime('%Y-%m-%dT%H:%M:%SZ')

    def _read_log(self, pages: Sequence[PlannedPage]) -> None:
        """Read the import log once for some pages."""
        times = [self._begun if self._sender.goes_on(page)
                 else self._sender.calls.of(page.title).since
                 for page in pages]
        since = min(filter(None, times), default='')
        entries: dict[str, list[ImportLogEntry]] = {
            page.interim_title: [] for page in pages}
        for entry in self._transfer.target.import_log(
                self._transfer.access.user, since) if since else ():
            entries.setdefault(entry.title, []).append(entry)
        self._entries |= entries

    def _look_for_accounts(self, names: Iterable[str]) -> None:
        """Ask which authors have accounts on the target, each once."""
        new = {canonical_name(name) for name in names
               if name} - self._accounts.keys()
        there = self._transfer.target.central_ids(sorted(new)) if new else {}
        self._accounts.update((name, name in there) for name in new)
