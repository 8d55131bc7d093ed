"""What arrived beyond the plan (rule 5).

Only revisions that the target got since the plan are looked at; those that
were there before are nobody's business.
"""
from __future__ import annotations

from collections.abc import Sequence

from importbot.model.plan import PlannedPage
from importbot.model.revisions import Revision, lacking


__all__ = ('brought_unplanned', )


def brought_unplanned(page: PlannedPage, planned: Sequence[Revision],
                      ours: Sequence[Revision]) -> list[Revision]:
    """Return revisions that an import brought and that nobody planned.

    What bears the name of an account here is an edit of its own.

    :param page: the page that was imported
    :param planned: revisions of the source that may be there
    :param ours: history of the target page
    """
    new = [revision for revision in ours if revision.id > page.before]
    return [revision for revision in lacking(new, planned)
            if '>' in revision.user]
