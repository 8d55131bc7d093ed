"""What an import brought, held to its plan once more."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from importbot.applying.verify import expected_of, kinds
from importbot.journal.arrivals import Arrived
from importbot.model.check_report import Finding, FindingKind
from importbot.model.codec import policy_from_json
from importbot.model.notes import AuthorEdits
from importbot.model.plan import PlannedPage
from importbot.model.policy import Policy
from importbot.model.printable import printable
from importbot.model.problems import Problem
from importbot.model.revisions import Revision, lacking
from importbot.model.siteinfo import SiteInfo
from importbot.rules.arrived import (
    brought_unplanned,
    misattributed,
    other_slots,
)
from importbot.rules.authors import Authors
from importbot.rules.since import as_named_then, strange_names
from importbot.wikis.wiki import Wiki


__all__ = ('Compared', )


@dataclass(frozen=True)
class Compared:

    """A page that is there still, with what its plan said of it.

    :param arrived: the page by the journal
    :param history: of the page as it is now, newest first
    :param target: the wiki that has it
    :param info: settings of that wiki
    :param authors: of the plan, none where nobody knows
    """

    arrived: Arrived
    history: Sequence[Revision]
    target: Wiki
    info: SiteInfo
    authors: tuple[AuthorEdits, ...] = ()

    def with_source(self, theirs: Sequence[Revision]) -> Iterator[Finding]:
        """Yield what is otherwise than the source has it.

        :param theirs: history of the source page as it is now
        """
        then = self._then()
        brought = self._brought(then)
        named = as_named_then(theirs, brought, self.authors)
        page = self._page(named)
        if page is None:
            yield Finding(FindingKind.SOURCE_LACKS,
                          Problem('check-source-lacks'))
            yield from self.alone()
            return
        missing = lacking(expected_of(page, named), self.history)
        if missing:
            yield _differs(Problem(
                'target-lacks-revisions', count=len(missing),
                oldest=min(item.timestamp for item in missing)))
        for problem in differences(page, named, then, self._authors(page),
                                   self.target.people):
            yield _differs(problem)

    def alone(self) -> Iterator[Finding]:
        """Yield what is wrong by the journal alone, without the source."""
        brought = self._brought(self._then())
        newest = self.arrived.planned.newest
        if newest and newest.sha1 and not any(
                revision.sha1 in ('', newest.sha1)
                for revision in self.history):
            yield _differs(Problem('check-newest-lacks',
                                   revision=newest.id))
        names = strange_names(brought, self.authors,
                              self.arrived.run.target_user)
        if names:
            yield Finding(FindingKind.PREFIX, Problem(
                'check-names', names=tuple(map(printable, names))))

    def _then(self) -> list[Revision]:
        """Return the history as the run left it, its newest one first."""
        arrived, own = self.arrived, set(self.arrived.revisions)
        if not arrived.after:
            return list(self.history)
        then = [revision for revision in self.history
                if revision.id in own or revision.id <= arrived.after]
        return sorted(then, key=lambda item: item.id != arrived.after)

    def _brought(self, then: Sequence[Revision]) -> list[Revision]:
        own = set(self.arrived.revisions)
        return [revision for revision in then
                if (revision.id in own if own
                    else revision.id > self.arrived.before)]

    def _page(self, theirs: Sequence[Revision]) -> PlannedPage | None:
        """Return the planned page with both histories, if they are there."""
        page, before = self.arrived.planned, self.arrived.before
        ids = [revision.id for revision in theirs]
        if page.newest is None or page.newest.id not in ids:
            return None
        history = [revision for revision
                   in theirs[ids.index(page.newest.id):]
                   if not self._policy.before
                   or revision.timestamp <= self._policy.before]
        replaced = next((revision for revision in self.history
                         if revision.id == before),
                        Revision(before, 0, '', '')) if before else None
        return replace(page, newest=history[0], history=history,
                       replaced=replaced)

    @cached_property
    def _policy(self) -> Policy:
        return policy_from_json(self.arrived.run.options, passes_over=True)

    def _authors(self, page: PlannedPage) -> Authors:
        """Return what was to become of authors' names."""
        policy, prefix = self._policy, self.arrived.run.source_prefix
        return Authors(
            policy.authors, (policy.interwikiprefix or prefix)
            if page.is_uploaded else prefix, dict(policy.authormap),
            self.info)


def _differs(problem: Problem) -> Finding:
    return Finding(FindingKind.DIFFERS, problem)


def differences(page: PlannedPage, theirs: Sequence[Revision],
                ours: Sequence[Revision], authors: Authors,
                people: Callable[[Iterable[str]], frozenset[str]],
                ) -> Iterator[Problem]:
    """Yield what arrived otherwise than planned.

    :param page: the planned page with both histories
    :param theirs: history of the source page as it is now
    :param ours: history of the target page as the run left it
    :param authors: what was to become of names
    :param people: returns those of some names that are people's accounts
    """
    planned = expected_of(page, page.history)
    more = brought_unplanned(page, theirs, ours)
    if more:
        yield Problem('more-than-planned', count=len(more), oldest=min(
            revision.timestamp for revision in more))
    other = other_slots(page, planned, ours)
    if other:
        one, came = other[0]
        yield Problem('other-kind', count=len(other), date=came.timestamp,
                      arrived=kinds(came), planned=kinds(one))
    names = misattributed(page, planned, ours, authors)
    bare = [name for name in names.values() if '>' not in name]
    accounts = people(bare) if bare else frozenset()
    strangers = tuple(
        Problem('name-for', here=printable(here), there=printable(there))
        for there, here in names.items() if '>' in here or here in accounts)
    if strangers:
        yield Problem('other-authors', names=strangers)
