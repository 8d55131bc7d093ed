"""From what to what a page came by a run."""
from __future__ import annotations

from collections.abc import Sequence

from importbot.journal.changes import ARRIVAL, Change
from importbot.model.plan import PlannedPage
from importbot.model.revisions import EMPTY_SHA1, Revision, lacking


__all__ = ('arrival_of', )


def arrival_of(position: int, page: PlannedPage,
               theirs: Sequence[Revision], ours: Sequence[Revision],
               user: str, cleaned: int = 0, *, saved: str = '',
               counted: int = 0, is_late: bool = False) -> Change:
    """Return from what to what a page came by a run.

    A revision that is new on the target, neither the source's nor the
    bot's, is somebody else's: it may lie beneath ours and be missed. So is
    one of the bot's account with a text of its own: a bot brings texts,
    and writes none but that of a clean-up.

    :param position: place of the page in the plan
    :param page: the page that was imported
    :param theirs: history of the source page
    :param ours: history of the target page as it was read back, the
        current revision first
    :param user: the bot's account
    :param cleaned: id of the revision that cleaned the page up, 0 for none
    :param saved: sha1 of the source's text as an edit saves it, if known
    :param counted: revisions that the wiki says it took, 0 where nobody
        knows
    :param is_late: whether it was not read back right after the import
    """
    before = page.replaced.id if page.replaced else 0
    brought = {revision.sha1 for revision in theirs} | {
        revision.sha1 for revision in ours if revision.id == before}
    if '' in brought:
        # What the source hides arrives empty.
        brought.add(EMPTY_SHA1)
    brought |= {saved} - {''}
    more = [revision for revision in lacking(ours, theirs)
            if revision.id > before and revision.id != cleaned]
    # What was deleted before the page came has lower ids than all of it.
    first = min({revision.id for revision in ours if revision.id > before}
                - {revision.id for revision in more}, default=0)
    if not before and counted == sum(revision.user != user
                                     for revision in ours):
        # All that is there came with it: a source may begin with more.
        first = 0
    foreign = [revision for revision in more
               if (revision.sha1 not in brought if revision.user == user
                   # Names of other wikis, which no account has: a source
                   # may give more than it said. Somebody else may have
                   # imported it, too, given the time.
                   else '>' not in revision.user or revision.id < first
                   or is_late and not before)]
    return Change(position, ARRIVAL, before, ours[0].id, bool(foreign))
