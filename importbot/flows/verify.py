"""Read the target back: an answer alone proves nothing."""
from __future__ import annotations

from collections.abc import Sequence

from importbot.model.plans import PageResult, PlannedPage
from importbot.model.revisions import Revision, lacking
from importbot.model.words import Outcome


__all__ = ('unplanned', 'verify')


def verify(page: PlannedPage, result: PageResult,
           theirs: Sequence[Revision],
           ours: Sequence[Revision], cleaned: int = 0) -> PageResult:
    """Return the result with ``verified`` or ``differs`` as its outcome.

    With full history the target must hold every revision of the source
    that was planned, else the newest of them. The text shown must be that
    of the planned one, or what was made of it: what the source gained
    since is not what anybody agreed to.

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
    theirs = _planned(page, theirs)
    missing = lacking(theirs if page.is_full else theirs[:1], ours)
    if missing:
        oldest = min(revision.timestamp for revision in missing)
        return result.with_outcome(
            Outcome.DIFFERS, 'revisions of the source that the target '
            f'lacks: {len(missing)}, the oldest of {oldest}')
    if page.keeps_local_text:
        if page.replaced and ours[0].sha1 != page.replaced.sha1:
            return result.with_outcome(
                Outcome.DIFFERS, 'the text shown is not that of the target')
    elif ours[0].id != cleaned and not _shows_newest(theirs, ours):
        return result.with_outcome(
            Outcome.DIFFERS, 'the text shown is not the newest of the source')
    return result.with_outcome(Outcome.VERIFIED)


def unplanned(theirs: Sequence[Revision], ours: Sequence[Revision],
              before: int, user: str) -> list[Revision]:
    """Return what is new on the target and was not planned.

    :param theirs: history of the source page as it was planned
    :param ours: history of the target page, read back
    :param before: id of its newest revision before, 0 for none
    :param user: the bot's account, whose own revisions mark the import
    """
    return [revision for revision in lacking(ours, theirs)
            if revision.id > before and revision.user != user]


def _planned(page: PlannedPage,
             theirs: Sequence[Revision]) -> Sequence[Revision]:
    """Return the source's history as it was when the plan was made."""
    assert page.newest is not None
    ids = [revision.id for revision in theirs]
    return (theirs[ids.index(page.newest.id):] if page.newest.id in ids
            else theirs)


def _shows_newest(theirs: Sequence[Revision],
                  ours: Sequence[Revision]) -> bool:
    return theirs[0].sha1 in ('', ours[0].sha1)
