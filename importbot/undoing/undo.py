"""Take a run back, page by page; nothing is done that was not planned."""
from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatchmethod

from pywikibot.site import APISite

from importbot.applying.account import why_stopped
from importbot.applying.recover import is_used
from importbot.applying.run import Places, Run, check_target
from importbot.i18n import message
from importbot.journal.changes import Change
from importbot.journal.journal import Journal
from importbot.journal.leases import lapsed_run
from importbot.model.decisions import Outcome
from importbot.model.errors import (
    EditConflictError,
    EditError,
    HiddenTextError,
    ImportbotError,
    LeaseHeldError,
    TargetError,
    TransformedTextError,
)
from importbot.model.problems import Problem
from importbot.model.progress import Progress, untold
from importbot.model.report import PageResult
from importbot.model.undo_plan import (
    DeleteStep,
    DiscardStep,
    EditingStep,
    MarkStep,
    PageStep,
    RestoreStep,
    UndoPage,
    UndoPlan,
    UndoStep,
    UnmergeStep,
)
from importbot.rules.api_errors import concerns_every_page
from importbot.rules.undo import text_to_save
from importbot.undoing.plan import Target, learn
from importbot.undoing.revision_origins import others_in
from importbot.undoing.unmerge import MixedHistoryError, Unmerger
from importbot.wikis.editor import Editor
from importbot.wikis.locations import located_revisions, mixed_titles
from importbot.wikitext.presave import sha1_of_saved


__all__ = ('UndoWork', 'UndoWorker', 'apply_undo', 'give_up')

#: Seconds that a deletion by a job of the wiki's own is waited for.
_JOB = 30
_PAUSE = 2

_CHANGED = PageResult(Outcome.REJECTED, error=Problem('undo-changed'))


def apply_undo(plan: UndoPlan, target_site: APISite, journal: Journal, *,
               target: Target | None = None, why: str = '',
               simulate: bool = False,
               progress: Progress = untold) -> list[PageResult]:
    """Carry out the undo of a run and record every outcome.

    :param plan: what is to be done
    :param target_site: the wiki that it was planned for
    :param journal: where decisions and outcomes are recorded
    :param target: that wiki, if it is connected already
    :param why: said in summaries after what is always there
    :param simulate: whether nothing is sent or recorded
    :param progress: told of each page when it is done
    :return: what became of the pages, in the order of the plan
    :raises UsageError: the undo was planned for another wiki
    :raises LeaseHeldError: another bot imports into the target now
    """
    check_target(plan.target, target_site)
    with Run(UndoWork(plan, target or learn(target_site), why), journal,
             simulate=simulate) as run:
        run.apply_all(progress)
    return run.results


def give_up(plan: UndoPlan, journal: Journal) -> None:
    """Write down that nobody is to resume a run.

    :param plan: the undo of the run, with nothing in it that is to be done
    """
    journal.end_run(plan.run, 'finished')


@dataclass(frozen=True)
class UndoWork:

    """What an undo has to do.

    :param plan: what is to be done
    :param target: the wiki
    :param why: said in summaries after what is always there
    """

    plan: UndoPlan
    target: Target
    why: str = ''
    #: An undo that was cut is planned again.
    resumes: None = None

    @property
    def results(self) -> Sequence[PageResult]:
        """What came of the pages before: nothing."""
        return [PageResult()] * len(self.plan.pages)

    def settle(self, journal: Journal) -> None:
        """See whether a run died while a page was on its way.

        :raises LeaseHeldError: so it is, or it is alive
        """
        api = self.plan.target.api
        lapsed = lapsed_run(journal, api)
        if lapsed is None:
            return
        if journal.pending(lapsed):
            raise LeaseHeldError(Problem('undo-on-its-way', run=lapsed,
                                         api=api))
        journal.end_run(lapsed, 'interrupted')

    def worker(self, run: Run[UndoPlan]) -> UndoWorker:
        """Return what takes the pages back."""
        return UndoWorker(self, run)


class UndoWorker:

    """Takes back what a run did to pages, one by one."""

    def __init__(self, work: UndoWork, run: Run[UndoPlan]) -> None:
        self._run = run
        self._plan = work.plan
        self._target = work.target
        self._why = work.why
        self._editor = Editor(work.target.wiki.site)
        self._unmerger = Unmerger(work.target, run.journal, work.plan.run)
        #: Ids of the revisions that restored texts, by place of the page.
        self._restored: dict[int, int] = {}

    def batches(self) -> Iterator[Places]:
        """Yield the place of each page of the plan."""
        yield from ((place, ) for place in range(len(self._plan.pages)))

    def treat(self, batch: Places) -> dict[int, PageResult]:
        """Carry out what is planned for some pages.

        :param batch: of :meth:`batches`
        """
        return {place: self._treated(place) for place in batch}

    def end(self, *, is_finished: bool) -> None:
        """See that nobody resumes a run that was taken back."""
        if is_finished:
            give_up(self._plan, self._run.journal)

    def _treated(self, place: int) -> PageResult:
        page = self._plan.pages[place]
        result = self._run.before(page)
        if result.outcome:
            return result
        for step in page.steps:
            result = self._done(place, page, step)
            if result.outcome is not Outcome.VERIFIED:
                break
        return result

    def _done(self, place: int, page: UndoPage,
              step: UndoStep) -> PageResult:
        """Do it to the very revision that was looked at."""
        try:
            result: PageResult = self.carry_out(step, place, page)
            return result
        except MixedHistoryError as error:
            return PageResult(Outcome.REJECTED, error=error.problem)
        except EditConflictError:
            return _CHANGED
        except (EditError, HiddenTextError) as error:
            why = why_stopped(self._target.wiki, self._target.access)
            if why:
                self._run.obstacle = Problem('settle-undo', problem=why)
            elif concerns_every_page(getattr(error, 'code', '')):
                self._run.obstacle = error.problem
            return PageResult(Outcome.FAILED, error=Problem(
                'both', problem=error.problem, other=why)
                if why else error.problem)
        except ImportbotError as error:
            # Safe to repeat: the next undo sees what was done.
            self._run.obstacle = error.problem
            return PageResult(Outcome.UNKNOWN, error=error.problem)

    @singledispatchmethod
    def carry_out(self, step: UndoStep, place: int,
                  page: UndoPage) -> PageResult:
        """Carry out a step; each kind has a method of its own.

        :param place: of the page in the plan
        """
        raise NotImplementedError(f'nothing carries out {step}')

    def _check(self, page: UndoPage, step: PageStep) -> frozenset[int]:
        """See that the page is as it was when the undo was planned.

        A deletion names no revision that it is of: what is read right
        before it is all that keeps it from taking others' along.

        :return: ids of its revisions
        :raises EditConflictError: it is not
        """
        wiki = self._target.wiki
        history = wiki.history(page.title)
        if not history or history[0].id != step.revision:
            raise EditConflictError('it changed')
        others = others_in(history, self._run.journal, self._plan.run,
                           page.position, wiki.api)
        if others:
            raise MixedHistoryError(Problem(
                'undo-mixed', revisions=tuple(map(str, others))))
        return frozenset(revision.id for revision in history)

    @carry_out.register
    def _delete(self, step: DeleteStep, place: int,
                page: UndoPage) -> PageResult:
        """Delete a page, and look whether others' work went along."""
        revision_ids = self._check(page, step)
        wiki, before = self._target.wiki, self._deleted(page.title)
        is_gone = self._was_deleted(page, step)
        for _wait in range(0 if is_gone else _JOB // _PAUSE):
            if wiki.newest(page.title) is None:
                break
            time.sleep(_PAUSE)
        self._record(place, step, 0)
        if wiki.newest(page.title):
            return PageResult(
                Outcome.DIFFERS, error=Problem('undo-begun-anew')
                ) if is_gone else PageResult(
                Outcome.UNKNOWN, error=Problem('undo-in-a-job'))
        others = self._deleted(page.title) - before - revision_ids
        if others:
            return PageResult(Outcome.DIFFERS, error=Problem(
                'undo-edited-at-deletion',
                revisions=tuple(sorted(map(str, others)))))
        if before and page.title in mixed_titles(wiki,
                                                 self._target.access.now):
            return PageResult(
                Outcome.DIFFERS, error=Problem('undo-restored-at-deletion'))
        return PageResult(Outcome.VERIFIED)

    def _deleted(self, title: str) -> frozenset[int]:
        """Return ids of deleted revisions, as far as one may see them."""
        if 'deletedhistory' not in self._target.access.rights:
            return frozenset()
        return frozenset(
            row['revid'] for query in self._target.wiki.query(
                titles=title, prop='deletedrevisions', drvprop='ids',
                drvlimit='max')
            for page in query.get('pages', ())
            for row in page.get('deletedrevisions', ()))

    def _was_deleted(self, page: UndoPage, step: DeleteStep) -> bool:
        """Delete a page; a second time only what nobody has touched.

        :return: whether it is gone already
        """
        summary, wiki = self._summary('delete', page), self._target.wiki
        try:
            return self._editor.delete(page.title, summary)
        except TargetError:
            newest = wiki.newest(page.title)
            if newest and newest.id == step.revision:
                self._check(page, step)
                return self._editor.delete(page.title, summary)
            if located_revisions(wiki, [step.revision]):
                raise EditConflictError('it was moved or edited') from None
            return True

    @carry_out.register
    def _restore(self, step: RestoreStep, place: int,
                 page: UndoPage) -> PageResult:
        """Put the text before the run back, whatever lies beneath."""
        newest = self._target.wiki.newest(page.title)
        if newest is None or newest.id != step.revision:
            raise EditConflictError('it changed')
        return self._edit(place, page, step)

    @carry_out.register
    def _unmerge(self, step: UnmergeStep, place: int,
                 page: UndoPage) -> PageResult:
        """Move revisions out of the history of a page."""
        newest = self._restored.get(place, step.revision)
        result = self._unmerger.unmerge(
            page, step, newest, self._summary(step.action, page))
        self._record(place, step, newest)
        return result

    @carry_out.register
    def _discard(self, step: DiscardStep, place: int,
                 page: UndoPage) -> PageResult:
        """Delete the page that they were moved to, or a redirect."""
        action = (DeleteStep if isinstance(page.verdict.step, DeleteStep)
                  else DiscardStep).action
        result = self._unmerger.discard(page, step,
                                        self._summary(action, page))
        self._record(place, step, 0)
        return result

    @carry_out.register
    def _mark(self, step: MarkStep, place: int,
              page: UndoPage) -> PageResult:
        """Mark a page for deletion, if nobody else's work is in it."""
        self._check(page, step)
        return self._edit(place, page, step)

    def _edit(self, place: int, page: UndoPage,
              step: EditingStep) -> PageResult:
        """Save what a step makes of a text."""
        wiki = self._target.wiki
        text, _author = wiki.revision_text(page.title, step.text)
        read = wiki.pages([page.title])[page.title]
        # What the mark itself substitutes is wanted.
        if not self._editor.keeps(page.title, text, read.model):
            raise TransformedTextError(Problem('undo-transformed'))
        text = text_to_save(
            step, text, self._plan.mark, is_redirect=read.is_redirect,
            is_used=is_used(page.title, page.role, self._target.siteinfo))
        problem: EditError | None = None
        try:
            self._editor.replace(page.title, text, step.revision,
                                 self._summary(step.action, page))
        except EditError as error:
            # A lost answer makes pywikibot save what is saved already.
            problem = error
        return self._looked_at(place, page, step, text, problem)

    def _looked_at(self, place: int, page: UndoPage, step: EditingStep,
                   text: str, problem: EditError | None) -> PageResult:
        """Look what an edit has made of the page.

        :param text: that was to be saved
        :param problem: what was answered, None if it was saved
        """
        newest = self._target.wiki.newest(page.title)
        is_it = newest is not None and newest.sha1 == sha1_of_saved(text)
        if (newest and newest.user == self._target.access.user
                and newest.parent == step.revision
                and (is_it or problem is None)):
            self._record(place, step, newest.id)
            self._restored[place] = newest.id
            # A mark may well hold what is substituted.
            return PageResult(Outcome.VERIFIED) if (
                is_it or isinstance(step, MarkStep)) else PageResult(
                Outcome.DIFFERS, error=Problem('undo-text-changed'))
        if problem:
            raise problem
        if newest and newest.id == step.revision:
            # Saved, it is what the page shows already.
            return PageResult(Outcome.VERIFIED)
        return PageResult(
            Outcome.DIFFERS, error=Problem('undo-edited-at-once'))

    def _record(self, place: int, step: UndoStep, after: int) -> None:
        self._run.changed(Change(
            place, step.action, getattr(step, 'revision', 0), after))

    def _summary(self, action: str, page: UndoPage) -> str:
        text = message(
            self._target.siteinfo.language, f'summary-undo-{action}',
            source=page.source, run=self._plan.run)
        return f'{text}: {self._why}' if self._why else text
