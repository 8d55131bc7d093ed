"""What a run may bring: the source as it was when its plan was made."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from importbot.applying.verify import unplanned
from importbot.model.agreement import edited_since
from importbot.model.capabilities import Capability
from importbot.model.errors import SourceChangedError
from importbot.model.plan import Plan, PlannedPage
from importbot.model.revisions import MAIN_SLOT, Revision, lacking
from importbot.sources.pinned import PinnedSource, pins_of, unpinned
from importbot.sources.transfer import Transfer
from importbot.wikis.api_values import PageRead


__all__ = ('Agreed', 'transfer_now')


def transfer_now(plan: Plan, transfer: Transfer) -> Transfer:
    """Return what a plan goes by, with both wikis as they are now."""
    return replace(transfer, source=unpinned(transfer.source),
                   policy=plan.policy)


class Agreed:

    """Holds a run to the revisions of its plan.

    :param trusted: whether later versions of the source's pages may arrive
        instead of the planned ones
    :param knows_models: whether the plan says which content model each
        page has; one of an older release does not

    :ivar now: both wikis as they are at this moment
    :ivar transfer: the same, the source up to what was agreed to
    """

    def __init__(self, plan: Plan, transfer: Transfer, *, trusted: bool,
                 knows_models: bool) -> None:
        self.now = transfer_now(plan, transfer)
        self.trusted = trusted
        self._knows_models = knows_models
        self.transfer = self.now if trusted else replace(
            self.now, source=PinnedSource(self.now.source, pins_of(
                page for page in plan.pages if not self._stands(page))))

    def _stands(self, page: PlannedPage) -> bool:
        """Whether a page cannot have another version than the planned one.

        A file is what it is, and may be too long for lists of ids; but its
        plan may be one of another file.
        """
        source = self.now.source
        return bool(Capability.CHANGE not in source.capabilities
                    and page.newest and [
            revision.id for revision in source.history(str(page.title))[:1]
            ] == [page.newest.id])

    def as_of_now(self, page: PlannedPage) -> PlannedPage:
        """Return a page with what it gained since, where that is trusted.

        :param page: as it was planned
        :raises SourceChangedError: it is no page of that kind any more
        """
        if not self.trusted:
            return page
        history = self.now.history(str(page.title))
        if not history or dict(history[0].slots).get(
                MAIN_SLOT, page.model) != page.model:
            raise self.changed(page)
        sent = history if page.is_full else history[:1]
        return replace(page, newest=history[0], history=history,
                       revisions=len(sent),
                       size=sum(revision.size for revision in sent))

    def changed(self, page: PlannedPage) -> SourceChangedError:
        """Return what says that the source has a page otherwise by now.

        :param page: as it was planned
        """
        return _changed(page, self._read(page).newest)

    def _read(self, page: PlannedPage) -> PageRead:
        """Read the page on the source as it is now."""
        title = str(page.title)
        return self.now.source.pages([title])[title]

    def check(self, page: PlannedPage) -> None:
        """See whether the target would still fetch what was agreed to.

        It fetches by itself and whatever is the newest, so that this is
        the last moment; what is edited between this and its own request
        is found out when the page is read back.

        :param page: as it was planned
        :raises SourceChangedError: it would not
        """
        if self.trusted:
            return
        read = self._read(page)
        newest, planned = read.newest, page.newest
        if (newest is None or planned is None
                or (newest.id, newest.sha1) != (planned.id, planned.sha1)
                or (self._knows_models and read.model != page.model)):
            raise _changed(page, newest)

    def slipped_in(self, page: PlannedPage, theirs: Sequence[Revision],
                   ours: Sequence[Revision]) -> Revision | None:
        """Return what came of the source that nobody agreed to, if any.

        :param page: as it was planned
        :param theirs: its history on the source as it was planned
        :param ours: history of the target page, read back
        """
        new = unplanned(theirs, ours, page.before, self.now.access.user)
        if self.trusted or not new or not page.newest:
            return None
        numbers = {revision.id for revision in theirs}
        for revision in self.now.source.history(str(page.title)):
            if revision.id in numbers and not page.is_full:
                break  # what is beneath may be there for another reason
            if revision.id not in numbers and not lacking([revision], new):
                return revision
        return None


def _changed(page: PlannedPage,
             newest: Revision | None) -> SourceChangedError:
    return SourceChangedError(edited_since(
        page.newest.id if page.newest else None,
        newest.id if newest else None))
