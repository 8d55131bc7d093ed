"""Take a run back, page by page; nothing is done that was not planned."""
from __future__ import annotations

import time
from functools import singledispatchmethod

import pywikibot
from pywikibot.site import APISite

from importbot.applying.account import why_stopped
from importbot.applying.recover import is_used
from importbot.i18n import message
from importbot.journal.changes import Change, record
from importbot.journal.journal import Journal
from importbot.journal.leases import Lease, acquire, lapsed_run
from importbot.journal.undos import begin_undo
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
from importbot.model.printable import listed
from importbot.model.report import PageResult
from importbot.model.undo_plan import (
    DeleteStep,
    EditingStep,
    MarkStep,
    RestoreStep,
    UndoPage,
    UndoPlan,
    UndoStep,
)
from importbot.rules.api_errors import concerns_every_page
from importbot.rules.undo import text_to_save
from importbot.undoing.plan import Target, learn
from importbot.undoing.revision_origins import others_in
from importbot.wikis.editor import Editor
from importbot.wikis.locations import located_revisions, mixed_titles
from importbot.wikitext.presave import sha1_of_saved


__all__ = ('Undo', 'apply_undo', 'give_up')

#: Seconds that a deletion by a job of the wiki's own is waited for.
_JOB = 30
_PAUSE = 2

_CHANGED = PageResult(Outcome.REJECTED, error='the page changed since the '
                      'undo was planned; plan it again')


def apply_undo(plan: UndoPlan, target_site: APISite, journal: Journal, *,
               target: Target | None = None,
               why: str = '') -> list[PageResult]:
    """Carry out the undo of a run and record every outcome.

    Under ``-simulate`` nothing is sent or recorded.

    :param plan: what is to be done
    :param target_site: the wiki that it was planned for
    :param journal: where decisions and outcomes are recorded
    :param target: that wiki, if it is connected already
    :param why: said in summaries after what is always there
    :return: what became of the pages, in the order of the plan
    :raises LeaseHeldError: another bot imports into the target now
    """
    with Undo(plan, target or learn(target_site), journal, why) as undo:
        for place in range(len(plan.pages)):
            undo.treat(place)
    return undo.results


def give_up(plan: UndoPlan, journal: Journal) -> None:
    """Write down that nobody is to resume a run.

    Under ``-simulate`` nothing is recorded.

    :param plan: the undo of the run, with nothing in it that is to be done
    """
    if not pywikibot.config.simulate:
        journal.end_run(plan.run, 'finished')


class _MixedHistoryError(EditConflictError):

    """Somebody put revisions beneath those of the run."""


class Undo:

    """One run that undoes another: a context that holds the lease.

    :param plan: what is to be done
    :param target: the wiki
    :param why: said in summaries after what is always there
    """

    def __init__(self, plan: UndoPlan, target: Target, journal: Journal,
                 why: str = '') -> None:
        self.plan = plan
        self.run: int | None = None
        self.results = [PageResult()] * len(plan.pages)
        #: Why nothing more can be done, empty if it can.
        self.obstacle = ''
        self._target = target
        self._journal = journal
        self._why = why
        self._editor = Editor(target.wiki.site)
        self._lease: Lease | None = None

    def __enter__(self) -> Undo:
        """Take the lease and write the decisions down.

        :raises LeaseHeldError: another bot imports into the target now, or
            nobody has found out yet what came of one that died
        """
        if pywikibot.config.simulate:
            return self
        api = self.plan.target.api
        lapsed = lapsed_run(self._journal, api)
        if lapsed is not None:
            if self._journal.pending(lapsed):
                raise LeaseHeldError(
                    f'Run {lapsed} was cut while a page was on its way into '
                    f'{api}; "pwb importpages -resume:{lapsed}" finds out '
                    'what came of it (importdump with its file, if it is of '
                    'a dump), then undo')
            self._journal.end_run(lapsed, 'interrupted')
        self.run = begin_undo(self._journal, self.plan)
        try:
            self._lease = acquire(self._journal, api, self.run)
        except ImportbotError:
            self._journal.end_run(self.run, 'interrupted')
            raise
        return self

    def __exit__(self, *_exception: object) -> None:
        """Give the lease back."""
        if self._lease is None or self.run is None:
            return
        done = not self.obstacle and all(
            result.outcome not in (None, Outcome.UNKNOWN)
            for result in self.results)
        self._journal.end_run(self.run,
                              'finished' if done else 'interrupted')
        if done:
            # What was taken back is not to be resumed.
            give_up(self.plan, self._journal)
        self._lease.release()

    def treat(self, place: int) -> PageResult:
        """Carry out what is planned for a page, and record what came of it.

        :param place: of the page in the plan
        :return: no outcome under ``-simulate``
        """
        if self._lease is None or self.run is None:
            return PageResult()
        page = self.plan.pages[place]
        result = PageResult(Outcome.UNCHANGED)
        if page.verdict.step and self.obstacle:
            result = PageResult(Outcome.UNCHANGED,
                                error=f'not sent: {self.obstacle}')
        elif page.verdict.step:
            self._lease.heartbeat()
            result = self._done(place, page, page.verdict.step)
        self._journal.outcomes(self.run, {place: result})
        self.results[place] = result
        return result

    @property
    def went_as_planned(self) -> bool:
        """Whether nothing that was planned is missing or differs."""
        return all(
            result.outcome is (Outcome.VERIFIED if page.verdict.step
                               else Outcome.UNCHANGED)
            for page, result in zip(self.plan.pages, self.results,
                                    strict=True))

    def _done(self, place: int, page: UndoPage,
              step: UndoStep) -> PageResult:
        """Do it to the very revision that was looked at."""
        try:
            result: PageResult = self.carry_out(step, place, page)
            return result
        except _MixedHistoryError as error:
            return PageResult(Outcome.REJECTED, error=str(error))
        except EditConflictError:
            return _CHANGED
        except (EditError, HiddenTextError) as error:
            why = why_stopped(self._target.wiki, self._target.access)
            if why:
                self.obstacle = f'{why}; once that is settled, undo it again'
            elif concerns_every_page(getattr(error, 'code', '')):
                self.obstacle = str(error)
            return PageResult(Outcome.FAILED, error=(
                f'{error}; {why}' if why else str(error)))
        except ImportbotError as error:
            # Safe to repeat: the next undo sees what was done.
            self.obstacle = str(error)
            return PageResult(Outcome.UNKNOWN, error=str(error))

    @singledispatchmethod
    def carry_out(self, step: UndoStep, place: int,
                  page: UndoPage) -> PageResult:
        """Carry out a step; each kind has a method of its own.

        :param place: of the page in the plan
        """
        raise NotImplementedError(f'nothing carries out {step}')

    def _check(self, page: UndoPage, step: UndoStep) -> frozenset[int]:
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
        others = others_in(history, self._journal, self.plan.run,
                           page.position, wiki.api)
        if others:
            raise _MixedHistoryError(
                'its history has revisions by now that the run did not bring '
                f'({listed(list(map(str, others)))}); plan it again')
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
                Outcome.DIFFERS if is_gone else Outcome.UNKNOWN,
                error='it was deleted, and somebody has begun it anew or '
                'restored it' if is_gone else 'the wiki deletes it in a job '
                'of its own; undo the run again to see whether it did')
        others = self._deleted(page.title) - before - revision_ids
        if others:
            return PageResult(
                Outcome.DIFFERS, error='somebody edited it at the moment of '
                'its deletion, or changed its history (revision '
                f'{listed(sorted(map(str, others)))}); see Special:Undelete')
        if before and page.title in mixed_titles(wiki,
                                                 self._target.access.now):
            return PageResult(
                Outcome.DIFFERS, error='somebody restored it at the moment '
                'of its deletion; see Special:Undelete')
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
            raise TransformedTextError(
                'the text holds signatures, substitutions or the like, which '
                'the wiki would carry out; edit it by hand')
        text = text_to_save(
            step, text, self.plan.mark, is_redirect=read.is_redirect,
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
            # A mark may well hold what is substituted.
            return PageResult(Outcome.VERIFIED) if (
                is_it or isinstance(step, MarkStep)) else PageResult(
                Outcome.DIFFERS, error='the wiki changed the text when it '
                'was saved; compare it')
        if problem:
            raise problem
        if newest and newest.id == step.revision:
            # Saved, it is what the page shows already.
            return PageResult(Outcome.VERIFIED)
        return PageResult(
            Outcome.DIFFERS, error='somebody edited it at the same moment, '
            'and the wiki may have made one text of both; see its history')

    def _record(self, place: int, step: UndoStep, after: int) -> None:
        assert self.run is not None, 'it was begun'
        record(self._journal, self.run, Change(
            place, step.action, step.revision, after))

    def _summary(self, action: str, page: UndoPage) -> str:
        text = message(
            self._target.siteinfo.language, f'summary-undo-{action}',
            source=page.source, run=self.plan.run)
        return f'{text}: {self._why}' if self._why else text
