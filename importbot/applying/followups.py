"""The steps after an import: what it does not do by itself.

They are safe to carry out twice, so that a run that was cut between an
import and its edit is brought to its end by the next one.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch
from unicodedata import normalize

from importbot.i18n import message
from importbot.model.decisions import TextAfter
from importbot.model.errors import (
    CleanUpError,
    EditError,
    HiddenTextError,
    TargetError,
    UsageError,
)
from importbot.model.plan import PlannedPage
from importbot.model.problems import Problem
from importbot.model.revisions import Revision
from importbot.model.steps import CleanUpStep, EditStep, FollowUp, MoveStep
from importbot.model.titles import Title
from importbot.planning.attribution import ROOM
from importbot.planning.cleanups import clean_up_page, cleaned, keeps_bot_out
from importbot.sources.transfer import Transfer
from importbot.wikis.editor import Editor
from importbot.wikitext.presave import sha1_of_saved


__all__ = ('CleanedUp', 'ImportedTo', 'finish', 'saved_sha1')


@dataclass(frozen=True)
class ImportedTo:

    """A page whose import is done and whose other steps are not.

    :param title: on the source
    :param target: that it is to have on the target
    :param planned: the revision of the source that was planned
    :param replaced: id of the target's newest revision before, 0 for none
    :param user: the account that imported it
    :param model: content model of the text that it gets
    """

    title: Title
    target: Title
    planned: Revision
    replaced: int
    user: str
    model: str = 'wikitext'

    @classmethod
    def of(cls, page: PlannedPage, user: str) -> ImportedTo:
        """Return a planned page as one whose import is done."""
        assert page.newest is not None, 'it was imported'
        return cls(page.title, page.arriving, page.newest,
                   page.replaced.id if page.replaced else 0, user, page.model)


@dataclass(frozen=True, slots=True)
class CleanedUp:

    """The edit that cleaned a page up.

    :param before: id of the revision whose text it was
    :param after: id of the revision that it made
    """

    before: int
    after: int


def finish(page: ImportedTo, steps: Sequence[FollowUp],
           transfer: Transfer) -> CleanedUp | None:
    """Carry out the edits and moves of a page.

    :param steps: its steps after the import
    :return: the edit that cleaned it up, now or before a cut; None where
        there was nothing to clean up
    :raises EditError: the target did not take it, or somebody edited the
        page in the meantime
    """
    if len(steps) > 1:
        # What comes before would take the cleaned text for somebody's edit.
        done = done_before(steps[-1], page, transfer)
        if done:
            return done
    done = None
    for step in steps:
        done = carry_out(step, page, transfer) or done
    return done


@singledispatch
def carry_out(step: FollowUp, page: ImportedTo,
              transfer: Transfer) -> CleanedUp | None:
    """Carry out a step; each kind has a function of its own.

    :raises EditError: the target did not take it, or somebody edited the
        page in the meantime
    """
    raise NotImplementedError(f'nothing carries out {step}')


@singledispatch
def done_before(step: FollowUp, page: ImportedTo,
                transfer: Transfer) -> CleanedUp | None:
    """Return the edit of a last step that was carried out before a cut.

    Only of a kind after which the steps before it cannot be repeated.
    """
    return None


@carry_out.register
def _show_text(step: EditStep, page: ImportedTo, transfer: Transfer) -> None:
    """Make the text of one side current again, or for the first time."""
    whose = step.text
    newest = transfer.target.newest(str(page.target))
    before = {revision.sha1 for revision
              in transfer.target.history(str(page.target))
              if revision.id == page.replaced}
    theirs = {revision.sha1 for revision
              in transfer.source.history(str(page.title))}
    if whose is TextAfter.TARGET and newest and newest.sha1 in before - {''}:
        return
    text, summary = _shown_text(page, whose, transfer)
    # An edit in between may lie beneath the dummy revision of the import,
    # which is ours: only the text tells.
    if newest is None or newest.sha1 not in (
            before | theirs | {sha1_of_saved(text)}) - {''}:
        raise _edited_meanwhile(page)
    Editor(transfer.target.site).replace(str(page.target), text, newest.id,
                                         summary, model=page.model)


def _shown_text(page: ImportedTo, whose: TextAfter,
                transfer: Transfer) -> tuple[str, str]:
    """Return the text that is to be current, and the summary of the edit."""
    language, parameters = transfer.target_info.language, {
        'prefix': transfer.prefix, 'title': str(page.title),
        'revision': page.planned.id}
    if whose is TextAfter.SOURCE:
        try:
            text, author = transfer.source.revision_text(str(page.title),
                                                         page.planned.id)
        except HiddenTextError as error:
            raise EditError(error.problem) from error
        return text, message(language, 'summary-forward', author=author,
                             **parameters)
    text, _author = transfer.target.revision_text(str(page.target),
                                                  page.replaced)
    return text, message(language, 'summary-restore', **parameters)


def _edited_meanwhile(page: ImportedTo) -> EditError:
    return EditError(Problem('text-left-alone', title=str(page.target)))


@carry_out.register
def _move(step: MoveStep, page: ImportedTo, transfer: Transfer) -> None:
    target, landing = transfer.target, step.landing
    if step.is_done(target.newest(landing)):
        return  # a run before this one moved it
    try:
        Editor(target.site).move(
            landing, str(page.target),
            message(transfer.target_info.language, 'summary',
                    prefix=transfer.prefix, title=str(page.title),
                    revision=page.planned.id))
    except (EditError, TargetError):
        # A lost answer makes pywikibot move what is moved already.
        if not (step.is_done(target.newest(landing))
                and target.newest(str(page.target))):
            raise


@carry_out.register
def _clean_up(step: CleanUpStep, page: ImportedTo,
              transfer: Transfer) -> CleanedUp | None:
    """Clean up the planned text, if it is what the page shows."""
    names = step.names
    place = str(page.target)
    shown = transfer.target.pages([place], text=True)[place]
    revision = _of_source(page, shown.newest, transfer)
    if shown.newest is None or shown.text is None or revision is None:
        done = _cleaned_up_before(step, page, transfer)
        if done is None:
            raise _edited_meanwhile(page)
        return done
    about = clean_up_page(transfer, page.title, page.target, revision)
    try:
        text, changing = cleaned(shown.text, about, names)
    except (CleanUpError, UsageError) as error:
        raise EditError(Problem(
            'not-cleaned-up', problem=error.problem)) from error
    if not changing:
        return None
    if keeps_bot_out(shown.text, about, transfer):
        raise EditError(Problem('text-keeps-bots-out', title=str(page.target)))
    base = shown.newest.id
    try:
        after = Editor(transfer.target.site).replace(
            str(page.target), text, base, _summary(page, names, transfer),
            model=shown.model)
    except EditError:
        done = _cleaned_up_before(step, page, transfer)
        if done is None:
            raise
        return done
    if after != base:
        return CleanedUp(base, after)
    # A lost answer makes pywikibot save what is saved already.
    return _cleaned_up_before(step, page, transfer)


def _of_source(page: ImportedTo, shown: Revision | None,
               transfer: Transfer) -> Revision | None:
    """Return the planned revision, if it is the one that is shown."""
    if shown is None or not shown.sha1:
        return None
    if shown.sha1 == page.planned.sha1 and page.planned.timestamp:
        return page.planned
    planned = next((revision for revision
                    in transfer.source.history(str(page.title))
                    if revision.id == page.planned.id), None)
    return planned if planned and shown.sha1 in (
        planned.sha1, saved_sha1(str(page.title), planned, transfer)) else None


def saved_sha1(title: str, planned: Revision, transfer: Transfer) -> str:
    """Return the sha1 of a text of the source as an edit saves it.

    An import keeps spaces at the end, line ends and combining marks as they
    are; an edit does not.

    :param title: full title on the source
    :param planned: the revision whose text it is
    :return: empty where the source hides it
    """
    try:
        text, _author = transfer.source.revision_text(title, planned.id)
    except HiddenTextError:
        return ''
    return sha1_of_saved(text)


@done_before.register
def _cleaned_up_before(step: CleanUpStep, page: ImportedTo,
                       transfer: Transfer) -> CleanedUp | None:
    """Return the edit that cleaned a page up before a cut, if there is one.

    A clean-up of others need not give the same text twice, and a wiki may
    change what it saves: the summary tells.
    """
    newest = transfer.target.newest(str(page.target))
    if newest is None or newest.user != page.user or (
            transfer.target.comment(newest.id)
            != _summary(page, step.names, transfer)):
        return None
    return CleanedUp(newest.parent, newest.id)


def _summary(page: ImportedTo, names: Sequence[str],
             transfer: Transfer) -> str:
    text = message(
        transfer.target_info.language, 'summary-cleanup',
        prefix=transfer.prefix, title=str(page.title),
        revision=page.planned.id, names=', '.join(names))
    return normalize('NFC', ' '.join(text.split())[:ROOM])
