"""Look again at the pages that runs brought, in few requests."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from importbot.checking.compare import Compared, told
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
from importbot.model.import_log import ImportLogEntry
from importbot.model.notes import AuthorEdits, NoteKind, notes_from_json
from importbot.model.plan import PlannedPage
from importbot.model.problems import Problem
from importbot.model.revisions import Revision
from importbot.model.siteinfo import SiteInfo
from importbot.rules.damage import doubled, prefixes_of, without_parent
from importbot.rules.differences import Difference, Differing
from importbot.rules.since import edited_since
from importbot.wikis.api import batches
from importbot.wikis.locations import located_revisions, mixed_titles
from importbot.wikis.page_logs import entries_of, is_listed
from importbot.wikis.wiki import Wiki


__all__ = ('Checker', )

#: How far the clock of the bot may be off that of the target.
_CLOCKS = timedelta(hours=1)
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
        return tuple(entry for entry in entries if entry.title == title)

    def mixed_since(self, since: str) -> frozenset[str]:
        """Return pages whose histories were put together anew.

        :param since: ISO 8601
        """
        if not self._mixed or since < self._mixed[0]:
            self._mixed = since, mixed_titles(self.wiki, since)
        return self._mixed[1]

    def without_software(self,
                         found: Sequence[Difference]) -> list[Difference]:
        """Return differences without the wiki's own names, which stay bare.

        :param found: what differs
        """
        bare = {item.arrived for item in found
                if item.differing is Differing.AUTHOR
                and '>' not in item.arrived}
        people = self.wiki.people(bare) if bare else frozenset()
        return [item for item in found
                if item.differing is not Differing.AUTHOR
                or item.arrived not in bare or item.arrived in people]

    def _read_log(self, pages: Sequence[Arrived],
                  histories: Mapping[tuple[int, int], Sequence[Revision]],
                  ) -> None:
        """Read the import log of the times at which pages came."""
        by_run: defaultdict[int, list[Arrived]] = defaultdict(list)
        for page in pages:
            by_run[page.row.run].append(page)
        self._entries.clear()
        for run, group in by_run.items():
            sent = [page.row.sent for page in group if page.row.sent]
            left = {page.key: revision.timestamp for page in group
                    for revision in histories[page.key]
                    if revision.id == page.after}
            there = next((page for page in group if page.key in left), None)
            if sent and there:
                # What a run that was cut had sent came before it went on.
                self._entries[run] = self.wiki.import_log(
                    self.user_of(there, histories[there.key]),
                    min(_before(there.run.started), *sent),
                    max(*left.values(), *sent))

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


#: What differs where revisions are not there any more.
_OF_GAPS = frozenset({Differing.MISSING, Differing.DUMMY, Differing.PARENT})


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
        if planned.newest:
            yield from self._compared(planned)

    def _compared(self, planned: PlannedPage) -> Iterator[Finding]:
        """Yield what is otherwise than it was sent, or damaged since."""
        checker = self.checker
        compared = Compared(
            self.page, self.history, checker.info,
            checker.user_of(self.page, self.history),
            checker.authors_of(self.page.row.run),
            checker.entries_of(self.page, planned.interim_title))
        found = None if self.theirs is None else compared.with_source(
            self.theirs)
        if found is None:
            if self.theirs is not None:
                yield Finding(FindingKind.SOURCE_LACKS,
                              Problem('check-source-lacks'))
            yield from compared.alone()
        elif self.theirs is not None and not any(
                item.differing in (Differing.TIME, Differing.TEXT)
                for item in found):
            yield from compared.unplanned(self.theirs)
        found = checker.without_software([*(found or ()),
                                          *compared.records(
                                              checker.wiki.tags)])
        kinds = {item.differing for item in found}
        own = tuple(damage(self.history, self.page))
        gaps = tuple(self._missing())
        but = set(_OF_GAPS) if any(not gap.kind.is_wrong
                                   for gap in gaps) else set()
        if any(finding.kind is FindingKind.DOUBLED for finding in own):
            but.add(Differing.DOUBLED)
        if Differing.PARENT in kinds - but and self._is_mixed():
            but.add(Differing.PARENT)
        yield from (gap for gap in gaps
                    if not (gap.kind.is_wrong and kinds & _OF_GAPS))
        yield from (finding for finding in own
                    if finding.kind is not FindingKind.PARENTS
                    or Differing.PARENT not in kinds)
        yield from told(found, compared, but)
        yield from compared.shown()

    def _is_mixed(self) -> bool:
        """Whether people put other revisions beneath since."""
        return bool(self.page.before) and not {
            self.home, self.page.row.target}.isdisjoint(
                self.checker.mixed_since(self._since))

    @property
    def _since(self) -> str:
        return self.page.row.sent or _before(self.page.run.started)

    def _since_then(self) -> Iterator[Finding]:
        if not self.page.after:
            return
        since = edited_since(self.history, self.page.after, self.runs.run_of)
        runs = [str(run) for run in since.runs if run not in (
            self.page.row.run, self.runs.undos.get(self.page.row.run))]
        if runs:
            yield Finding(FindingKind.RENEWED, Problem(
                'check-renewed', runs=tuple(runs)))
        if since.imported and not doubled(self.history):
            yield Finding(FindingKind.EDITED, Problem(
                'check-imported', count=since.imported))
        if since.edits:
            names = [name or Problem('check-somebody') for name, _count
                     in since.edits.most_common(_NAMED)]
            more = len(since.edits) - len(names)
            if more > 0:
                names.append(Problem('check-others', count=more))
            yield Finding(FindingKind.EDITED, Problem(
                'check-edited', count=since.edits.total(),
                users=tuple(names)))

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


def _before(started: str) -> str:
    """Return a time before a run began, as the target writes times.

    :param started: by the clock of the bot, ISO 8601
    """
    return (datetime.fromisoformat(started.replace('Z', '+00:00'))
            - _CLOCKS).strftime('%Y-%m-%dT%H:%M:%SZ')
