"""One look at one page that a run brought: what is found of it."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from importbot.checking.compare import Compared, told
from importbot.checking.whereabouts import gone, lacking_revisions, moved
from importbot.journal.arrivals import Arrived, RunChanges
from importbot.model.check_report import Finding, FindingKind
from importbot.model.plan import PlannedPage
from importbot.model.problems import Problem
from importbot.model.revisions import Revision
from importbot.rules.damage import doubled, without_parent
from importbot.rules.differences import Differing, without_software
from importbot.rules.since import edited_since


if TYPE_CHECKING:
    from importbot.checking.check import Checker


__all__ = ('Look', 'around', 'brought_redirect', 'damage', 'is_there')

#: How far the clock of the bot may be off that of the target.
_CLOCKS = timedelta(hours=1)
#: Users that one sentence names.
_NAMED = 5
#: What differs where revisions are not there any more.
_OF_GAPS = frozenset({Differing.MISSING, Differing.DUMMY, Differing.PARENT})


@dataclass(frozen=True)
class Look:

    """One look at one page that a run brought.

    :param checker: of the wiki
    :param page: by the journal
    :param home: full title under which it was looked for
    :param history: of that page, newest first
    :param runs: what all runs did to it
    :param theirs: history of the source page, None where it is not asked
    :param is_lost: whether it arrived as a redirect and leads nowhere
    """

    checker: Checker
    page: Arrived
    home: str
    history: Sequence[Revision]
    runs: RunChanges
    theirs: Sequence[Revision] | None
    is_lost: bool = False

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
        if not is_there(self.page, self.history):
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
        found = without_software(
            [*(found or ()), *compared.records(checker.wiki.tags)],
            checker.wiki.people)
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
        if self.is_lost:
            yield Finding(FindingKind.DIFFERS, Problem('redirect-nowhere'))

    def _is_mixed(self) -> bool:
        """Whether people put other revisions beneath since."""
        return bool(self.page.before) and not {
            self.home, self.page.row.target}.isdisjoint(
                self.checker.mixed_since(self._since))

    @property
    def _since(self) -> str:
        return self.page.row.sent or around(self.page.run.started, -1)

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


def brought_redirect(page: Arrived, history: Sequence[Revision]) -> bool:
    """Return whether a redirect arrived of which the text is still shown.

    :param page: that a run brought
    :param history: of the page of its title now, newest first
    """
    if not history or not page.after or history[0].id != page.after:
        return False
    try:
        planned = page.planned
    except (KeyError, TypeError, ValueError):
        return False
    return planned.is_redirect and not planned.keeps_local_text


def is_there(page: Arrived, history: Sequence[Revision]) -> bool:
    """Return whether anything of what was brought is in a history.

    :param page: that a run brought
    :param history: of the page of its title now
    """
    if not page.after:
        # Of a release that did not write it down.
        return bool(history)
    known = {page.after, *page.revisions}
    return any(revision.id in known for revision in history)


def around(time: str, side: int) -> str:
    """Return a time surely before or after one, as the target writes it.

    :param time: by the clock of the bot, ISO 8601
    :param side: -1 for before, 1 for after
    """
    return (datetime.fromisoformat(time.replace('Z', '+00:00'))
            + side * _CLOCKS).strftime('%Y-%m-%dT%H:%M:%SZ')
