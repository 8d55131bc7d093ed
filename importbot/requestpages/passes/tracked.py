"""A request at hand: how it stands on its page, and what is known of it."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from importbot.journal.tables import RequestRow
from importbot.model.plan import Plan
from importbot.planning.saved import SavedPlan
from importbot.requestpages.page.request import Request
from importbot.sources.transfer import Transfer


__all__ = ('TrackedRequest', 'ReadyRequest')


@dataclass(frozen=True)
class TrackedRequest:

    """A request at hand.

    :param title: full title of its page
    :param request: as it stands there
    :param record: what the journal knows of it
    :param is_new: whether it gets its id now
    """

    title: str
    request: Request
    record: RequestRow
    is_new: bool = False

    @property
    def is_edited(self) -> bool:
        """Whether something else is wanted than the journal knows."""
        return self.request.fingerprint != self.record.fingerprint

    @property
    def saved_plan(self) -> SavedPlan:
        """The plan that was shown."""
        return SavedPlan(f'request {self.record.id}',
                         self.record.saved_plan or {})

    def knowing(self, **changes: Any) -> TrackedRequest:
        """Return the case with another record.

        :param changes: of the record
        """
        return replace(self, record=replace(self.record, **changes))


@dataclass(frozen=True)
class ReadyRequest:

    """A request that everybody who has to has agreed to.

    :param tracked: the request
    :param plan: what is to be applied
    :param transfer: source and target
    """

    tracked: TrackedRequest
    plan: Plan
    transfer: Transfer
