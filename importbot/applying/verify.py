"""Read the target back: an answer alone proves nothing."""
from __future__ import annotations

from collections.abc import Sequence

from importbot.model.decisions import Outcome
from importbot.model.plan import PlannedPage
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.model.revisions import Revision, lacking
from importbot.rules.arrived import brought_unplanned


__all__ = ('expected_of', 'unplanned', 'verify')


def verify(page: PlannedPage, result: PageResult,
           theirs: Sequence[Revision],
           ours: Sequence[Revision], cleaned: int = 0,
           differing: Problem | None = None) -> PageResult:
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
    :param differing: in which fields what arrived is not as it was sent
    """
    if not theirs:
        return result.with_outcome(
            Outcome.DIFFERS, Problem('source-lacks-page'))
    if not ours:
        return result.with_outcome(
            Outcome.DIFFERS, Problem('target-lacks-page'))
    theirs = _planned(page, theirs)
    problem = differing or _more_than_planned(page, theirs, ours)
    if problem:
        return result.with_outcome(Outcome.DIFFERS, problem)
    if page.keeps_local_text:
        if page.replaced and ours[0].sha1 != page.replaced.sha1:
            return result.with_outcome(
                Outcome.DIFFERS, Problem('text-not-kept'))
    elif ours[0].id != cleaned and not _shows_newest(theirs, ours):
        return result.with_outcome(
            Outcome.DIFFERS, Problem('text-not-newest'))
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


def _more_than_planned(page: PlannedPage, theirs: Sequence[Revision],
                       ours: Sequence[Revision]) -> Problem | None:
    planned = page.history if page.is_full else [*page.history, *theirs]
    more = brought_unplanned(page, planned, ours)
    if not more:
        return None
    oldest = min(revision.timestamp for revision in more)
    return Problem('more-than-planned', count=len(more), oldest=oldest)


def _planned(page: PlannedPage,
             theirs: Sequence[Revision]) -> Sequence[Revision]:
    """Return the source's history as it was when the plan was made."""
    assert page.newest is not None
    ids = [revision.id for revision in theirs]
    return (theirs[ids.index(page.newest.id):] if page.newest.id in ids
            else theirs)


def expected_of(page: PlannedPage,
                theirs: Sequence[Revision]) -> Sequence[Revision]:
    """Return the revisions of the source that were to arrive.

    :param page: the page that was imported
    :param theirs: history of the source page, newest first
    """
    planned = _planned(page, theirs)
    return planned if page.is_full else planned[:1]


def _shows_newest(theirs: Sequence[Revision],
                  ours: Sequence[Revision]) -> bool:
    return theirs[0].sha1 in ('', ours[0].sha1)
