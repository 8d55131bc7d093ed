"""Look again at the pages that runs brought, in few requests."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from importbot.checking.look import (
    Look,
    around,
    brought_redirect,
    damage,
    is_there,
)
from importbot.checking.sources import SourcesAgain
from importbot.checking.whereabouts import gone
from importbot.journal.arrivals import (
    Arrived,
    changes_by_runs,
)
from importbot.journal.journal import Journal
from importbot.model.check_report import CheckedPage, Finding, FindingKind
from importbot.model.errors import SourceError
from importbot.model.import_log import ImportLogEntry
from importbot.model.notes import AuthorEdits, NoteKind, notes_from_json
from importbot.model.problems import Problem
from importbot.model.revisions import Revision
from importbot.model.siteinfo import SiteInfo
from importbot.rules.damage import prefixes_of
from importbot.wikis.api import batches
from importbot.wikis.locations import located_revisions, mixed_titles
from importbot.wikis.page_logs import entries_of, is_listed
from importbot.wikis.wiki import Wiki


__all__ = ('Checker', )

_Histories = Mapping[str, Sequence[Revision]]


@dataclass
class Checker:

    """Looks at pages of one wiki.

    :param journal: where runs are recorded
    :param wiki: the target
    :param info: settings of the target
    :param sources: of the runs
    """

    journal: Journal
    wiki: Wiki
    info: SiteInfo
    sources: SourcesAgain
    _authors: dict[int, tuple[AuthorEdits, ...]] = field(
        default_factory=dict, init=False, repr=False)
    _accounts: dict[str, bool] = field(
        default_factory=dict, init=False, repr=False)
    _entries: dict[int, list[ImportLogEntry]] = field(
        default_factory=dict, init=False, repr=False)
    _mixed: tuple[str, frozenset[str]] = field(
        default=('', frozenset()), init=False, repr=False)

    def arrived(self, pages: Sequence[Arrived]) -> Iterator[CheckedPage]:
        """Yield what became of some pages, in their order.

        :param pages: as many as one request takes
        :raises TargetError: the wiki does not answer
        """
        placed = located_revisions(self.wiki, (
            revision for page in pages
            for revision in (page.after, *page.revisions[:1])))
        homes = {page.key: self._home(page, {
            revision: located.title for revision, located in placed.items()})
            for page in pages}
        histories = self.wiki.histories(list(dict.fromkeys(homes.values())))
        runs = changes_by_runs(self.journal, self.wiki.api, {
            *homes.values(), *(page.row.target for page in pages)})
        self._read_log(pages, {key: histories[home]
                               for key, home in homes.items()})
        theirs = self._sources(pages)
        lost = self._lost_redirects(pages, homes, histories)
        for page in pages:
            home = homes[page.key]
            history = histories[home]
            findings = tuple(Look(
                self, page, home, history, runs[page.row.target],
                theirs.get(page.key), page.key in lost).findings())
            is_gone = not history or not is_there(page, history)
            yield CheckedPage(
                page.row.target, page.row.run, page.row.title,
                page.run.source_prefix, '' if is_gone else home,
                0 if is_gone else history[0].id, page.row.sent or '',
                findings, page.run.source_api)

    def titles(self, titles: Sequence[str],
               prefixes: frozenset[str]) -> Iterator[CheckedPage]:
        """Yield what pages show by themselves, whoever imported them.

        :param titles: full titles, as a person writes them
        :param prefixes: those that are right although no wiki is behind
            them
        :raises TargetError: the wiki does not answer
        """
        for batch in batches(titles):
            reads = self.wiki.pages(batch)
            for title in batch:
                read = reads[title]
                history = (self.wiki.history(read.title)
                           if read.newest else [])
                findings = (
                    tuple(self._damage(history, prefixes)) if history
                    else (self._absent(read.title, read.is_valid), ))
                yield CheckedPage(
                    read.title, home=read.title if history else '',
                    newest=history[0].id if history else 0,
                    findings=findings)

    def authors_of(self, run: int) -> tuple[AuthorEdits, ...]:
        """Return what the plan of a run says of authors, if anything.

        :param run: its number
        """
        if run not in self._authors:
            notes = notes_from_json(self.journal.plan_row(run).plan.get(
                'notes', ()))
            self._authors[run] = next(
                (note.authors for note in notes
                 if note.kind is NoteKind.AUTHORS), ())
        return self._authors[run]

    def prefixes_of(self, page: Arrived) -> set[str]:
        """Return the prefixes that authors have by the plan of a run.

        :param page: that it brought
        """
        names = (author.becomes for author in self.authors_of(page.row.run))
        return {page.run.source_prefix,
                page.run.options.get('interwikiprefix', ''),
                *(name.partition('>')[0] for name in names
                  if '>' in name)} - {''}

    def user_of(self, page: Arrived, history: Sequence[Revision]) -> str:
        """Return what the account of a run is called now.

        :param page: that it imported
        :param history: of that page
        """
        user = page.run.target_user
        if user not in self._accounts:
            self._accounts[user] = user in self.wiki.central_ids([user])
        if self._accounts[user]:
            return user
        # It was renamed.
        return next((revision.user for revision in history
                     if revision.id == page.after), user)

    def entries_of(self, page: Arrived,
                   title: str) -> tuple[ImportLogEntry, ...] | None:
        """Return what the import log has of a page, by the run's account.

        :param page: that a run brought
        :param title: full title that the import gave it
        :return: None where nobody knows when that was
        """
        entries = self._entries.get(page.row.run)
        if entries is None or not page.row.sent:
            return None
        own = tuple(entry for entry in entries if entry.title == title)
        # One that somebody hid may be of this page.
        if any(not entry.title for entry in entries) and sum(
                entry.count for entry in own) < page.row.imported:
            return None
        return own

    def mixed_since(self, since: str) -> frozenset[str]:
        """Return pages whose histories were put together anew.

        :param since: ISO 8601
        """
        if not self._mixed[0] or since < self._mixed[0]:
            self._mixed = since, mixed_titles(self.wiki, since)
        return self._mixed[1]

    def _read_log(self, pages: Sequence[Arrived],
                  histories: Mapping[tuple[int, int], Sequence[Revision]],
                  ) -> None:
        """Read the import log of the times of their runs, once a run.

        :param pages: in the order of their runs
        :param histories: of the pages, by what tells those apart
        """
        runs = {page.row.run for page in pages}
        self._entries = {run: entries for run, entries
                         in self._entries.items() if run in runs}
        for page in pages:
            history = histories[page.key]
            user = self.user_of(page, history) if any(
                revision.id == page.after for revision in history) else ''
            if user and page.row.run not in self._entries:
                run = page.run
                self._entries[run.run] = self.wiki.import_log(
                    user, around(run.started, -1),
                    around(run.ended, 1) if run.ended else '',
                    with_hidden=True)

    def _lost_redirects(self, pages: Sequence[Arrived],
                        homes: Mapping[tuple[int, int], str],
                        histories: _Histories) -> set[tuple[int, int]]:
        """Return redirects that lead nowhere, as they arrived."""
        redirects = {page.key: homes[page.key] for page in pages
                     if brought_redirect(page, histories[homes[page.key]])}
        reads = self.wiki.pages(
            list(dict.fromkeys(redirects.values()))) if redirects else {}
        return {key for key, home in redirects.items()
                if not reads[home].is_redirect}

    def _home(self, page: Arrived, placed: Mapping[int, str]) -> str:
        """Return the title under which the page is to be looked for."""
        for revision in (page.after, *page.revisions[:1]):
            if revision in placed:
                return placed[revision]
        return page.row.target

    def _sources(self, pages: Sequence[Arrived],
                 ) -> dict[tuple[int, int], Sequence[Revision]]:
        """Return histories of source pages, where they can be had."""
        by_source: defaultdict[tuple[str, str], list[Arrived]] = defaultdict(
            list)
        for page in pages:
            by_source[page.run.source_api,
                      page.run.source_prefix].append(page)
        found: dict[tuple[int, int], Sequence[Revision]] = {}
        for group in by_source.values():
            source = self.sources.of(group[0].run)
            for page in group[1:]:
                self.sources.of(page.run)
            if source is None:
                continue
            try:
                histories = source.histories(list(dict.fromkeys(
                    page.row.title for page in group)))
            except SourceError as error:
                for page in group:
                    self.sources.failed(page.run, error.problem)
                continue
            found.update((page.key, histories[page.row.title])
                         for page in group)
        return found

    def _damage(self, history: Sequence[Revision],
                prefixes: frozenset[str]) -> Iterator[Finding]:
        """Yield what a history shows by itself."""
        yield from damage(history)
        unknown = sorted(
            prefix for prefix in prefixes_of(history) - prefixes
            if prefix.partition(':')[0].lower()
            not in self.info.interwiki_prefixes)
        if unknown:
            yield Finding(FindingKind.PREFIX, Problem(
                'check-prefixes', names=tuple(unknown)))

    def _absent(self, title: str, is_valid: bool) -> Finding:
        if not is_valid:
            return Finding(FindingKind.ABSENT, Problem('check-no-title'))
        if is_listed(self.wiki, title):
            return Finding(FindingKind.GHOST, Problem('check-ghost'))
        if entries_of(self.wiki, title, ''):
            return gone(self.wiki, title, '', has_page=False)
        return Finding(FindingKind.ABSENT, Problem('check-no-page'))
