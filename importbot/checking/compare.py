"""What an import brought, held to its plan once more."""
from __future__ import annotations

from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, replace
from functools import cached_property

from importbot.applying.verify import expected_of
from importbot.journal.arrivals import Arrived
from importbot.model.check_report import Finding, FindingKind
from importbot.model.codec import policy_from_json
from importbot.model.import_log import ImportLogEntry
from importbot.model.notes import AuthorEdits
from importbot.model.plan import PlannedPage
from importbot.model.policy import Policy
from importbot.model.printable import printable
from importbot.model.problems import Problem
from importbot.model.revisions import Revision
from importbot.model.siteinfo import SiteInfo
from importbot.rules.arrived import brought_unplanned
from importbot.rules.authors import Authors
from importbot.rules.call_records import (
    Calls,
    dummies_of,
    is_damaged,
    missing_records,
)
from importbot.rules.difference_problems import damage_of, problem_of
from importbot.rules.differences import (
    Difference,
    Differing,
    Terms,
    differences,
)
from importbot.rules.since import as_named_then, strange_names


__all__ = ('Compared', 'told')

#: What is found of differences of some kinds; of all others they differ.
_KINDS = {Differing.MISSING: FindingKind.MISSING,
          Differing.DOUBLED: FindingKind.DOUBLED,
          Differing.PARENT: FindingKind.PARENTS,
          # Administrators take tags off, which no log of the page says.
          Differing.TAGS: FindingKind.UNTAGGED}


@dataclass(frozen=True)
class Compared:

    """A page that is there still, with what its plan said of it.

    :param arrived: the page by the journal
    :param history: of the page as it is now, newest first
    :param info: settings of the target
    :param user: the account that imported it, by its name of now
    :param authors: of the plan, none where nobody knows
    :param entries: of the import log, of that account, under the title
        that the import gave the page; None where nobody knows
    """

    arrived: Arrived
    history: Sequence[Revision]
    info: SiteInfo
    user: str
    authors: tuple[AuthorEdits, ...] = ()
    entries: tuple[ImportLogEntry, ...] | None = None

    def with_source(self, theirs: Sequence[Revision],
                    ) -> list[Difference] | None:
        """Return in what revisions are otherwise than they were sent.

        :param theirs: history of the source page as it is now
        :return: None where the source lacks what was planned
        """
        then = self.then
        named = as_named_then(theirs, self._brought(then), self.authors)
        page = self._page(named)
        if page is None:
            return None
        return differences(expected_of(page, page.history), then,
                           self._terms)

    def unplanned(self, theirs: Sequence[Revision]) -> Iterator[Finding]:
        """Yield what came and is not of the source.

        :param theirs: history of the source page as it is now
        """
        more = brought_unplanned(self._replacing, theirs,
                                 self._brought(self.then))
        if more:
            yield Finding(FindingKind.DIFFERS, Problem(
                'more-than-planned', count=len(more),
                oldest=min(revision.timestamp for revision in more)))

    def records(self, tags_of: Callable[[Iterable[int]], Mapping[
            int, tuple[str, ...]]]) -> list[Difference]:
        """Return what the calls of the import did not leave.

        :param tags_of: returns the change tags of revisions by their ids
        """
        if self.entries is None:
            return []
        then = self.then
        if self._policy.tags:
            # An export does not have them.
            tags = tags_of(revision.id for revision in dummies_of(
                then, self.own_entries, self._terms))
            then = [replace(revision, tags=tags[revision.id])
                    if revision.id in tags else revision
                    for revision in then]
        return missing_records(then, self.own_entries, Calls(
            self.arrived.row.imported, since=self.arrived.row.sent or '',
            tags=self._policy.tags,
            is_moved=self.arrived.planned.move is not None), self._terms)

    def shown(self) -> Iterator[Finding]:
        """Yield whether the text that the import left is another one."""
        page, arrived = self._replacing, self.arrived
        left = next((revision.sha1 for revision in self.history
                     if revision.id == arrived.after), '')
        if not left or arrived.cleaned or page.edit or page.cleanup or (
                arrived.change and arrived.change.is_shared):
            return
        if page.keeps_local_text:
            if page.replaced and page.replaced.sha1 not in ('', left):
                yield Finding(FindingKind.DIFFERS, Problem('text-not-kept'))
        elif page.newest and page.newest.sha1 not in ('', left):
            yield Finding(FindingKind.DIFFERS, Problem('text-not-newest'))

    def alone(self) -> Iterator[Finding]:
        """Yield what is wrong by the journal alone, without the source."""
        newest = self.arrived.planned.newest
        if newest and newest.sha1 and not any(
                revision.sha1 in ('', newest.sha1)
                for revision in self.history):
            yield Finding(FindingKind.DIFFERS, Problem(
                'check-newest-lacks', revision=newest.id))
        # Only of what is surely its own; others edit pages under their names.
        names = strange_names(
            self._brought(self.then), self.authors,
            self.user) if self.arrived.revisions else []
        if names:
            yield Finding(FindingKind.PREFIX, Problem(
                'check-names', names=tuple(map(printable, names))))

    @cached_property
    def then(self) -> list[Revision]:
        """The history as the run left it, as far as it is still there.

        What people put beneath since, by merging or restoring, has ids of
        any time: of a page that the run made all others are theirs.
        """
        arrived, own = self.arrived, set(self.arrived.revisions)
        if own and not arrived.before:
            return [revision for revision in self.history
                    if revision.id in own]
        return [revision for revision in self.history
                if not arrived.after or revision.id <= arrived.after
                or revision.id in own]

    @cached_property
    def own_entries(self) -> tuple[ImportLogEntry, ...]:
        """The entries of the import log that are of the run.

        Where the log does not name the revision, as before MediaWiki 1.43,
        an earlier run may have imported the same page shortly before.
        """
        row, after = self.arrived.row, self.arrived.after
        end = next((revision.timestamp for revision in self.history
                    if revision.id == after), '')
        entries = tuple(
            entry for entry in self.entries or ()
            if (entry.revision <= after if entry.revision and after
                else not end or entry.timestamp <= end))
        late = tuple(entry for entry in entries
                     if entry.timestamp >= (row.sent or ''))
        # A run that was cut had sent some before.
        return late if sum(
            entry.count for entry in late) >= row.imported else entries

    def _brought(self, then: Sequence[Revision]) -> list[Revision]:
        own = set(self.arrived.revisions)
        return [revision for revision in then
                if (revision.id in own if own
                    else revision.id > self.arrived.before)]

    @cached_property
    def _replacing(self) -> PlannedPage:
        """The planned page with the revision that it replaced."""
        before = self.arrived.before
        return replace(self.arrived.planned, replaced=next(
            (revision for revision in self.history
             if revision.id == before), Revision(before, 0, '', ''))
            if before else None)

    def _page(self, theirs: Sequence[Revision]) -> PlannedPage | None:
        """Return the planned page with its history, if it can be had."""
        page = self._replacing
        ids = [revision.id for revision in theirs]
        if page.newest is None or page.newest.id not in ids:
            return None
        history = [revision for revision
                   in theirs[ids.index(page.newest.id):]
                   if not self._policy.before
                   or revision.timestamp <= self._policy.before]
        return replace(page, newest=history[0], history=history)

    @cached_property
    def _policy(self) -> Policy:
        return policy_from_json(self.arrived.run.options, passes_over=True)

    @cached_property
    def _terms(self) -> Terms:
        policy, run = self._policy, self.arrived.run
        page = self.arrived.planned
        authors = Authors(
            policy.authors, (policy.interwikiprefix or run.source_prefix)
            if page.is_uploaded else run.source_prefix,
            dict(policy.authormap), self.info)
        # Whether a run was resumed, which sends once more, nobody knows.
        return Terms(authors, self.user, self.arrived.before,
                     self.arrived.after, calls=2 * len(page.import_steps),
                     is_late=True)


def told(found: Sequence[Difference], compared: Compared,
         but: Collection[Differing] = ()) -> Iterator[Finding]:
    """Yield what differs, one sentence a kind.

    :param found: the oldest first
    :param compared: of which page
    :param but: what is known already, or follows from what is no damage
    """
    if is_damaged(found, compared.own_entries) and Differing.DUMMY not in but:
        yield Finding(FindingKind.PARENTS, damage_of(found))
        return
    by_kind: dict[FindingKind, list[Difference]] = {}
    for item in found:
        if item.differing not in but:
            by_kind.setdefault(_KINDS.get(
                item.differing, FindingKind.DIFFERS), []).append(item)
    for kind, some in by_kind.items():
        problem = problem_of(some)
        if problem:
            yield Finding(kind, problem)
