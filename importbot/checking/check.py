"""Look again at the pages that runs brought, in few requests."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from importbot.checking.compare import Compared
from importbot.checking.sources import SourcesAgain
from importbot.checking.whereabouts import gone, lacking_revisions, moved
from importbot.journal.arrivals import (
    Arrived,
    RunChanges,
    changes_by_runs,
)
from importbot.journal.journal import Journal
from importbot.model.check_report import CheckedPage, Finding, FindingKind
from importbot.model.errors import SourceError
from importbot.model.notes import AuthorEdits, NoteKind, notes_from_json
from importbot.model.problems import Problem
from importbot.model.revisions import Revision
from importbot.model.siteinfo import SiteInfo
from importbot.rules.damage import doubled, prefixes_of, without_parent
from importbot.rules.since import edited_since
from importbot.wikis.api import batches
from importbot.wikis.locations import located_revisions
from importbot.wikis.page_logs import entries_of, is_listed
from importbot.wikis.wiki import Wiki


__all__ = ('Checker', )

#: Users that one sentence names.
_NAMED = 5

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
        theirs = self._sources(pages)
        for page in pages:
            home = homes[page.key]
            history = histories[home]
            findings = tuple(_Look(
                self, page, home, history, runs[page.row.target],
                theirs.get(page.key)).findings())
            is_gone = not history or not _is_there(page, history)
            yield CheckedPage(
                page.row.target, page.row.run, page.row.title,
                page.run.source_prefix, '' if is_gone else home,
                0 if is_gone else history[0].id, page.row.sent or '',
                findings)

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
            return Finding(FindingKind.DELETED, Problem('check-no-title'))
        if is_listed(self.wiki, title):
            return Finding(FindingKind.GHOST, Problem('check-ghost'))
        if entries_of(self.wiki, title, ''):
            return gone(self.wiki, title, '', has_page=False)
        return Finding(FindingKind.DELETED, Problem('check-no-page'))


@dataclass(frozen=True)
class _Look:

    """One look at one page that a run brought."""

    checker: Checker
    page: Arrived
    home: str
    history: Sequence[Revision]
    runs: RunChanges
    theirs: Sequence[Revision] | None

    def findings(self) -> Iterator[Finding]:
        """Yield what is found of it."""
        try:
            planned = self.page.planned
        except (KeyError, TypeError, ValueError):
            yield Finding(FindingKind.UNREADABLE,
                          Problem('check-unreadable'))
            return
        row, wiki = self.page.row, self.checker.wiki
        undo = self.runs.undos.get(row.run)
        if undo is not None:
            yield Finding(FindingKind.UNDONE, Problem('check-undone',
                                                      run=undo))
        if not _is_there(self.page, self.history):
            if undo is None:
                yield gone(wiki, row.target, self._since,
                           has_page=bool(self.history))
            return
        if self.home != row.target:
            yield moved(wiki, row.target, self.home, self._since)
        yield from self._since_then()
        yield from self._missing()
        yield from damage(self.history, self.page)
        compared = Compared(
            self.page, self.history, wiki, self.checker.info,
            self.checker.authors_of(row.run))
        if planned.newest:
            yield from (compared.alone() if self.theirs is None
                        else compared.with_source(self.theirs))

    @property
    def _since(self) -> str:
        # The wiki reads no offset.
        return self.page.row.sent or self.page.run.started.replace(
            '+00:00', 'Z')

    def _since_then(self) -> Iterator[Finding]:
        if not self.page.after:
            return
        edits, runs = edited_since(self.history, self.page.after,
                                   self.runs.run_of)
        runs = [run for run in runs if run != self.page.row.run
                and run != self.runs.undos.get(self.page.row.run)]
        if runs:
            yield Finding(FindingKind.RENEWED, Problem(
                'check-renewed', runs=tuple(map(str, runs))))
        if edits:
            names = [name or Problem('check-somebody') for name, _count
                     in edits.most_common(_NAMED)]
            more = len(edits) - len(names)
            if more > 0:
                names.append(Problem('check-others', count=more))
            yield Finding(FindingKind.EDITED, Problem(
                'check-edited', count=edits.total(), users=tuple(names)))

    def _missing(self) -> Iterator[Finding]:
        brought = set(self.page.revisions)
        lacking = brought - {revision.id for revision in self.history}
        if lacking:
            yield lacking_revisions(
                self.checker.wiki, self.page.row.target, self._since,
                count=len(lacking), of=len(brought))


def damage(history: Sequence[Revision],
           page: Arrived | None = None) -> Iterator[Finding]:
    """Yield the damage that a history shows by itself.

    :param history: of a page, newest first
    :param page: what a run brought to it, if just that counts
    """
    copies = doubled(history)
    if page:
        copies = [copy for copy in copies if copy.id > page.before]
    if copies:
        yield Finding(FindingKind.DOUBLED, Problem(
            'check-doubled', count=len(copies),
            oldest=min(copy.timestamp for copy in copies)))
    orphans = without_parent(history, page.revisions if page else ())
    if orphans:
        yield Finding(FindingKind.PARENTS, Problem(
            'check-parents', count=len(orphans),
            oldest=min(orphan.timestamp for orphan in orphans)))


def _is_there(page: Arrived, history: Sequence[Revision]) -> bool:
    """Whether anything of what was brought is in a history."""
    if not page.after:
        # Of a release that did not write it down.
        return bool(history)
    known = {page.after, *page.revisions}
    return any(revision.id in known for revision in history)
