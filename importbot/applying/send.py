"""One import call: written down, sent once, and judged.

It is sent again only where nothing came of it: the wiki said so and asked
for patience, or its database gave up and the target was read back.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import TypeVar

import pywikibot

from importbot.applying.account import why_stopped
from importbot.applying.counted_calls import CountedCalls
from importbot.applying.leftovers import left_of
from importbot.applying.reconcile import reconcile
from importbot.applying.run import Run
from importbot.model.decisions import Outcome, Relation
from importbot.model.errors import (
    ImportbotError,
    ImportRefusedError,
    NoAnswerError,
)
from importbot.model.plan import Plan, PlannedPage
from importbot.model.printable import listed, printable
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.model.revisions import Revision, lacking
from importbot.model.titles import Title
from importbot.rules.api_errors import refusal
from importbot.rules.patience import Met, met
from importbot.sources.transfer import Transfer
from importbot.wikis.api_values import PageRead, PagesNow
from importbot.wikis.importer import ImportedPage
from importbot.wikis.waiting import Waiting


__all__ = ('TWICE_SILENT', 'Sender', 'Results')

TWICE_SILENT = PageResult(
    Outcome.FAILED, error=Problem('twice-silent'))

#: What may be there after these is found out by reading it back.
_READ_BACK = frozenset({Met.BROKE_OFF, Met.FAILED, Met.SILENCE})
#: Calls of one page in a row at which a wiki fails for the same kind of
#: reason, each tried several times.
_MOST_BROKEN = 3

#: What became of some pages, by their title on the source.
Results = dict[Title, PageResult]
#: The same by their full title on the target, as its answers have it.
_ByPlace = dict[str, PageResult]
_T = TypeVar('_T')


class Sender:

    """Sends import calls of one run.

    :param run: where it is written down before it is sent
    :param positions: place of the pages in the plan, by title
    :param server_limit: seconds after which the target is not at work
        on a request any more
    :param resumed: titles of pages of which this run has sent
        something already, before it was cut
    :param planned: full titles on the target under which pages of the
        plan arrive
    :ivar obstacle: why nothing more can be sent, None if it can
    :ivar calls: those that brought something
    :ivar unasked: pages that arrived although nobody had asked for them
    """

    def __init__(self, transfer: Transfer, run: Run[Plan],
                 positions: Mapping[Title, int], server_limit: float,
                 resumed: Set[Title] = frozenset(),
                 planned: Set[str] = frozenset()) -> None:
        self._resumed = resumed
        self.calls = CountedCalls()
        self._planned = planned
        self.unasked: list[ImportedPage] = []
        self.obstacle: Problem | None = None
        self._broken = 0
        self._transfer = transfer
        self._run = run
        self._positions = positions
        self._server_limit = server_limit

    def goes_on(self, page: PlannedPage) -> bool:
        """Return whether something of a page was sent before a cut.

        :param page: a page of the plan
        """
        return page.title in self._resumed

    def send(self, pages: Sequence[PlannedPage],
             call: Callable[[], list[ImportedPage] | None], *,
             goes_on: bool = False, may_repeat: bool = True,
             parts: Mapping[Title, Sequence[Revision]] | None = None,
             ) -> Results:
        """Send one call and return what came of it, by page.

        :param pages: what the call imports
        :param call: sends it
        :param goes_on: whether an earlier call brought part of the pages
        :param may_repeat: whether it is worth to send it again if nothing
            of it is there and the error may pass; not if that was done
            with these pages before
        :param parts: revisions of the source that it holds, by title; those
            that are planned if None
        :return: ``unknown`` if no answer came and nothing was done; no
            outcome where the wiki broke off and nothing of a page is there
        :raises ImportRefusedError: the wiki answered with an error before
            it did anything, and waiting was no use
        :raises ImportbotError: a wiki does not answer
        """
        waiting = Waiting(self._transfer.target.site)
        while True:
            results, error = _patiently(waiting, lambda: self._once(
                pages, call, goes_on=goes_on, parts=parts or {}))
            if not (error and met(error) is Met.BROKE_OFF and may_repeat
                    and _is_nothing_there(results)
                    and waiting.has_waited_after_failure(error.code)):
                break
        self._count_broken(error, results)
        return results

    def ask(self, call: Callable[[], object]) -> None:
        """Send a call that imports nothing, as patiently as others.

        :raises ImportbotError: as the call does
        """
        _patiently(Waiting(self._transfer.target.site), call)

    def _once(self, pages: Sequence[PlannedPage],
              call: Callable[[], list[ImportedPage] | None], *,
              goes_on: bool, parts: Mapping[Title, Sequence[Revision]],
              ) -> tuple[Results, ImportRefusedError | None]:
        """Send a call once; return what came of it and what broke it off.
        """
        places = {page.title: page.interim_title for page in pages}
        now = self._now(pages, places)
        changed = {} if goes_on else {
            page.title: result for page in pages
            if (result := self._since_the_plan(page, now))}
        if changed:
            # Planned as one call; without these it is another one.
            return changed, None
        before = {place: _id(now.pages[place]) for place in places.values()}
        self._run.sending(
            {self._positions[page.title]: before[places[page.title]]
             for page in pages}, now.time)
        broken: ImportRefusedError | None = None
        try:
            answer = call()
        except (NoAnswerError, ImportRefusedError) as error:
            if met(error) not in _READ_BACK:
                self._forget(pages, goes_on=goes_on)
                raise
            results = self._looked_into(before, now, error, {
                places[page.title]: parts.get(page.title)
                or page.sent for page in pages})
            broken = error if isinstance(error, ImportRefusedError) else None
            self._forget((
                page for page in pages
                if results[places[page.title]].outcome is None),
                goes_on=goes_on)
        except ImportbotError:
            # The last look at the source, or a line that was not there.
            self._forget(pages, goes_on=goes_on)
            raise
        else:
            results = self._judged(answer or [], {
                places[page.title]: page for page in pages}, goes_on=goes_on)
        by_title = {title: results[place] for title, place in places.items()}
        self.calls.note(by_title, now)
        return by_title, broken

    def _count_broken(self, error: ImportRefusedError | None,
                      results: Results) -> None:
        """Stop where the target fails at whatever is sent.

        One page may be what its database gives up at, or what the source
        takes too long for; several in a row are not.
        """
        if error is None or met(error) is not Met.BROKE_OFF or (
                not _is_nothing_there(results)):
            self._broken = 0
        elif len(results) == 1:
            self._broken += 1
            if self._broken == _MOST_BROKEN:
                self.obstacle = Problem(
                    'fails-at-pages', info=error.info.rstrip(' .'),
                    code=error.code, count=_MOST_BROKEN)

    def _now(self, pages: Sequence[PlannedPage],
             places: Mapping[Title, str]) -> PagesNow:
        """Return what the target has where pages land and where they go."""
        return self._transfer.target.pages_now(
            [*places.values(), *(
                page.target_text for page in pages
                if page.target_text != places[page.title])],
            self._transfer.access.now)

    def _forget(self, pages: Iterable[PlannedPage], *,
                goes_on: bool = False) -> None:
        """Write down that pages were not sent after all.

        :param goes_on: whether something of them was sent before
        """
        if not goes_on:
            self._run.unsent(self._positions[page.title] for page in pages)

    def _judged(self, answer: Sequence[ImportedPage],
                pages: Mapping[str, PlannedPage], *,
                goes_on: bool) -> _ByPlace:
        """Return what an answer says of the pages, by title on the target."""
        results = _judge(list(pages), answer)
        self._stop_for([imported for imported in answer
                        if imported.title not in results])
        return results | self._left_out(results, pages, goes_on=goes_on)

    def _left_out(self, results: _ByPlace, pages: Mapping[str, PlannedPage],
                  *, goes_on: bool) -> _ByPlace:
        """Return results of pages left out for the account's sake.

        Whose account is blocked gets an answer without the page, and no
        error. Nothing came of it then, and the next run tries again.

        :param results: what the answer says, by title on the target
        :param pages: that were sent, by the same
        """
        left = [title for title, result in results.items()
                if result.outcome is Outcome.REJECTED]
        why = why_stopped(self._transfer.target,
                          self._transfer.access) if left else None
        if not why:
            return {}
        self.obstacle = Problem('settle', problem=why)
        if goes_on:
            return dict.fromkeys(left, PageResult(
                Outcome.UNKNOWN, error=self.obstacle))
        self._forget([pages[title] for title in left])
        return dict.fromkeys(left, PageResult(
            Outcome.FAILED, error=Problem('not-imported',
                                          problem=self.obstacle)))

    def _stop_for(self, unasked: Sequence[ImportedPage]) -> None:
        """Send nothing more if the source sent along what nobody asked for.
        """
        if unasked:
            self.unasked += unasked
            self.obstacle = Problem('sent-along', titles=tuple(
                f'"{printable(page.title)}"' for page in unasked))

    def _since_the_plan(self, page: PlannedPage,
                        now: PagesNow) -> PageResult | None:
        """Return why a page cannot be created any more, if so.

        Where the target had a page, its relation was read again already.
        """
        if page.relation is not Relation.MISSING:
            return None
        titles = dict.fromkeys((page.interim_title, page.target_text))
        for title in titles:
            current = now.pages[title]
            if current.newest:
                return _judge_new(page, current.newest, len(titles) > 1)
            for happened, key in (
                    (title == page.target_text
                     and self._was_deleted(current, now),
                     'deleted-meanwhile'),
                    (current.is_protected, 'protected-meanwhile')):
                if happened:
                    return PageResult(Outcome.REJECTED, error=Problem(
                        key, title=current.title))
        return None

    def _was_deleted(self, page: PageRead, now: PagesNow) -> bool:
        if self._transfer.access.knows_deletions:
            return page.title in now.deleted
        return self._transfer.target.was_deleted(page.title)

    def _looked_into(self, before: Mapping[str, int], then: PagesNow,
                     error: NoAnswerError | ImportRefusedError,
                     sent: Mapping[str, Sequence[Revision]]) -> _ByPlace:
        """Find out what an import did that did not come to its end.

        :param before: newest revisions of the pages before, by title there
        :param then: the target as it was right before
        :param error: what came in place of an answer
        :param sent: revisions of the source that were on their way
        """
        try:
            if isinstance(error, NoAnswerError):
                results = self._reconciled(before, then, error, sent)
            else:
                results = {title: self._left(
                    title, before[title], sent[title],
                    refusal(error.code, title, error.info).problem)
                    for title in before}
            self._stop_for([
                ImportedPage(entry.title, 0, entry.count) for entry
                in self._transfer.target.import_log(
                    self._transfer.access.user, then.time)
                if entry.id > then.last_log
                and entry.title not in {*self._planned, *before}])
        except ImportbotError as problem:
            # Nobody can tell now; the next run finds out first.
            self.obstacle = problem.problem
            results = {title: PageResult(Outcome.UNKNOWN,
                                         error=error.problem)
                       for title in before}
        return results

    def _reconciled(self, before: Mapping[str, int], then: PagesNow,
                    error: NoAnswerError,
                    revisions: Mapping[str, Sequence[Revision]],
                    ) -> _ByPlace:
        pywikibot.warning(printable(
            f'No answer came to the import of {listed(list(before))}; '
            'looking what the target made of it'))
        entries = reconcile(self._transfer.target, before, then.time,
                            self._transfer.access.user, self._server_limit,
                            last_log=then.last_log)
        results = {}
        for title, result in entries.items():
            if result and result.outcome is Outcome.FAILED:
                history = self._transfer.target.history(title)
                left = left_of(revisions[title], history, before[title],
                               Problem('sentence',
                                       problem=result.error or ''))
                is_ours = all(
                    revision.user == self._transfer.access.user for revision
                    in lacking(history, revisions[title])
                    if revision.id > before[title])
                result = left if left.outcome and is_ours else result
            results[title] = result or PageResult(Outcome.UNKNOWN,
                                                  error=error.problem)
        return results

    def _left(self, title: str, before: int, revisions: Sequence[Revision],
              why: Problem) -> PageResult:
        return left_of(revisions, self._transfer.target.history(title), before,
                       why)


def _patiently(waiting: Waiting, call: Callable[[], _T]) -> _T:
    """Return what a call returns, however often the wiki is busy first.

    :raises ImportRefusedError: waiting was no use
    """
    while True:
        try:
            return call()
        except ImportRefusedError as error:
            if met(error) is not Met.BUSY:
                raise
            if not waiting.has_waited(error.code, error.asked):
                error.waited = waiting.waited
                raise


def _is_nothing_there(results: Results) -> bool:
    return all(result.outcome is None for result in results.values())


def _id(page: PageRead) -> int:
    return page.newest.id if page.newest else 0


def _judge_new(page: PlannedPage, newest: Revision,
               is_moved: bool) -> PageResult:
    """Judge a page that the target has got since it was planned.

    It may be this very import, sent by a run that was killed; but what
    is not ours for certain is never moved.
    """
    assert page.newest is not None
    if newest.sha1 and newest.sha1 == page.newest.sha1 and not is_moved:
        return PageResult(Outcome.UNCHANGED)
    return PageResult(Outcome.REJECTED, error=Problem('created-meanwhile'))


def _judge(expected: Sequence[str],
           answer: Sequence[ImportedPage]) -> _ByPlace:
    """Compare the titles expected with the titles answered."""
    answered = {imported.title: imported for imported in answer}
    others = [imported for imported in answer
              if imported.title not in expected]
    return {title: _judge_one(title, answered.get(title), others)
            for title in expected}


def _judge_one(expected: str, imported: ImportedPage | None,
               others: Sequence[ImportedPage]) -> PageResult:
    if imported:
        return PageResult(Outcome.IMPORTED if imported.revisions
                          else Outcome.UNCHANGED, imported.revisions)
    if others:
        names = ', '.join(f'"{other.title}"' for other in others)
        return PageResult(Outcome.DIFFERS, others[0].revisions, Problem(
            'arrived-elsewhere', titles=names, title=expected))
    return PageResult(Outcome.REJECTED, error=Problem('left-out'))
