"""Take a merged history apart, part by part, and look at what came of it.

Each part is moved once. What is moved is read right before, so that
nothing of others goes along, and both pages right after. The page that the
revisions are moved to holds what is done by now: an undo that was cut is
planned again by it.
"""
from __future__ import annotations

from collections.abc import Sequence

from importbot.journal.journal import Journal
from importbot.model.decisions import Outcome
from importbot.model.errors import EditConflictError, TargetError
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.model.revisions import Revision
from importbot.model.undo_plan import DiscardStep, UndoPage, UnmergeStep
from importbot.undoing.plan import Target
from importbot.undoing.unmerge_plan import (
    brought_to,
    home_text,
    others_at_home,
)
from importbot.wikis.editor import Editor


__all__ = ('MixedHistoryError', 'Unmerger')


class MixedHistoryError(EditConflictError):

    """Somebody put revisions beneath those of the run."""


class Unmerger:

    """Moves revisions of a run out of the history of a page.

    :param target: the wiki
    :param journal: where the run is recorded that is undone
    :param run: its number
    """

    def __init__(self, target: Target, journal: Journal, run: int) -> None:
        self._wiki = target.wiki
        self._siteinfo = target.siteinfo
        self._journal = journal
        self._run = run
        self._editor = Editor(target.wiki.site)

    def unmerge(self, page: UndoPage, step: UnmergeStep, newest: int,
                summary: str) -> PageResult:
        """Move a part of the history of a page.

        :param newest: id of its newest revision, if nobody changed it
        :raises EditConflictError: somebody did
        :raises EditError: the wiki refused it
        :raises TargetError: the wiki did not answer, and did nothing
        """
        text = home_text(self._siteinfo, page.title, self._run)
        part = self._part(page, step, newest)
        brought = brought_to(self._journal, self._run, page.position)
        if self._wiki.newest(step.home) is None:
            self._editor.create(step.home, text, summary)
        others = self._others_at(step.home, brought, text)
        if others:
            raise MixedHistoryError(others)
        problem = None
        try:
            self._editor.unmerge(page.title, step.home,
                                 (step.begins, step.first),
                                 (step.ends, step.last), summary)
        except TargetError as error:
            problem = error
        left = [item for item in self._wiki.history(page.title)
                if step.holds(item)]
        if problem and {item.id for item in left} >= part:
            raise problem
        return self._looked_at(step, part, left, brought, text)

    def _part(self, page: UndoPage, step: UnmergeStep,
              newest: int) -> frozenset[int]:
        """Return ids of what is moved, if it is what was planned.

        :raises EditConflictError: it is not
        """
        history = self._wiki.history(page.title)
        if not history or history[0].id != newest:
            raise EditConflictError('it changed')
        part = frozenset(item.id for item in history if step.holds(item))
        others = part - brought_to(self._journal, self._run, page.position)
        if others:
            raise MixedHistoryError(Problem(
                'undo-mixed', revisions=tuple(sorted(map(str, others)))))
        if len(part) != step.count or newest in part:
            raise EditConflictError('it changed')
        return part

    def _others_at(self, home: str, brought: frozenset[int],
                   text: str) -> Problem | None:
        """Return whose revisions are where those of the run are moved to.

        :return: None if there are no others
        """
        others = others_at_home(self._wiki.history(home), brought, text)
        return Problem('undo-home-mixed', title=home, revisions=tuple(
            map(str, others))) if others else None

    def _looked_at(self, step: UnmergeStep, part: frozenset[int],
                   left: Sequence[Revision], brought: frozenset[int],
                   text: str) -> PageResult:
        """Look what both pages have."""
        moved = part & {item.id for item in self._wiki.history(step.home)}
        problem = self._others_at(step.home, brought, text)
        if left or moved != part:
            problem = Problem('undo-unmerged-in-part', title=step.home,
                              count=len(part), moved=len(moved))
        return PageResult(Outcome.DIFFERS, error=problem
                          ) if problem else PageResult(Outcome.VERIFIED)

    def discard(self, page: UndoPage, step: DiscardStep,
                summary: str) -> PageResult:
        """Delete the page that revisions were moved to.

        Or the redirect that is where the page itself was moved from.

        :raises EditError: the wiki refused it
        """
        brought = brought_to(self._journal, self._run, page.position)
        text = home_text(self._siteinfo, page.title, self._run)
        if self._wiki.newest(step.home) is None:
            return PageResult(Outcome.VERIFIED)
        others = self._others_at(step.home, brought, text)
        if others and not self._is_left_redirect(step.home):
            raise MixedHistoryError(others)
        try:
            self._editor.delete(step.home, summary)
        except TargetError:
            # Nothing came back; what the wiki has tells.
            if self._wiki.newest(step.home) is not None:
                raise
        return PageResult(Outcome.VERIFIED) if self._wiki.newest(
            step.home) is None else PageResult(
            Outcome.UNKNOWN, error=Problem('undo-in-a-job'))

    def _is_left_redirect(self, title: str) -> bool:
        """Whether a page is nothing but what a move of the run left."""
        history = self._wiki.history(title)
        return len(history) == 1 and self._wiki.pages(
            [title])[title].is_redirect and (
            history[0].user == self._journal.run_row(self._run).target_user)
