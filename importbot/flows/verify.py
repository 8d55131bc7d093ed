"""Read the target back: an answer alone proves nothing."""
from __future__ import annotations

from collections.abc import Sequence

from importbot.model.plans import PageResult, PlannedPage
from importbot.model.revisions import Revision, lacking
from importbot.model.words import Outcome


__all__ = ('verify', )


def verify(page: PlannedPage, result: PageResult,
           theirs: Sequence[Revision],
           ours: Sequence[Revision], cleaned: int = 0) -> PageResult:
    """Return the result with ``verified`` or ``differs`` as its outcome.

    With full history the target must hold every revision of the source,
    else the newest one. What the source gained since the plan may be
    there, but need not be. The text shown must be the source's, or what
    was made of it.

    :param page: the page that was imported
    :param result: what the wiki answered
    :param theirs: history of the source page, newest first
    :param ours: history of the target page, newest first
    :param cleaned: id of the revision that cleaned the page up, 0 for none
    """
    if not theirs:
        return result.with_outcome(
            Outcome.DIFFERS, 'the source has the page no more, so that it '
            'cannot be compared')
    if not ours:
        return result.with_outcome(
            Outcome.DIFFERS, 'the target shows no such page')
    missing = lacking(_expected(page, theirs), ours)
    if not page.is_full and any(
            not lacking([revision], ours)
            for revision in _since(page, theirs)):
        missing = []
    if missing:
        oldest = min(revision.timestamp for revision in missing)
        return result.with_outcome(
            Outcome.DIFFERS, 'revisions of the source that the target '
            f'lacks: {len(missing)}, the oldest of {oldest}')
    if page.keeps_local_text:
        if page.replaced and ours[0].sha1 != page.replaced.sha1:
            return result.with_outcome(
                Outcome.DIFFERS, 'the text shown is not that of the target')
    elif ours[0].id != cleaned and not _shows_newest(page, theirs, ours):
        return result.with_outcome(
            Outcome.DIFFERS, 'the text shown is not the newest of the source')
    return result.with_outcome(Outcome.VERIFIED)


def _planned(page: PlannedPage,
             theirs: Sequence[Revision]) -> Sequence[Revision]:
    """Return the source's history as it was when the plan was made."""
    assert page.newest is not None
    ids = [revision.id for revision in theirs]
    return (theirs[ids.index(page.newest.id):] if page.newest.id in ids
            else theirs)


def _since(page: PlannedPage,
           theirs: Sequence[Revision]) -> Sequence[Revision]:
    """Return the planned revision and what the source gained since."""
    return theirs[:len(theirs) - len(_planned(page, theirs)) + 1]


def _expected(page: PlannedPage,
              theirs: Sequence[Revision]) -> Sequence[Revision]:
    planned = _planned(page, theirs)
    return planned if page.is_full else planned[:1]


def _shows_newest(page: PlannedPage, theirs: Sequence[Revision],
                  ours: Sequence[Revision]) -> bool:
    texts = {revision.sha1 for revision in _since(page, theirs)}
    return '' in texts or ours[0].sha1 in texts
