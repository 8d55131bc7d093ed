"""The words of a request: its parameters and its states."""
from __future__ import annotations

from enum import Enum

from importbot.model.options import OPTIONS


__all__ = ('FIELDS', 'STATE_FIELDS', 'Status')

#: Parameters of a request that say what is wanted.
FIELDS = ('source', 'pages', *(option.field for option
                               in OPTIONS.of_request), 'reason')
#: Parameters that say how far it is; the bot writes them.
STATE_FIELDS = ('status', 'id', 'plan')


class Status(str, Enum):

    """The state of a request, as it stands in its template."""

    NEW = 'new'
    REVIEW = 'review'
    APPROVED = 'approved'
    IMPORTING = 'importing'
    DONE = 'done'
    PARTIAL = 'partial'
    FAILED = 'failed'
    QUESTION = 'question'
    DECLINED = 'declined'
    WITHDRAWN = 'withdrawn'
    MANUAL = 'manual'
    UNDO = 'undo'
    UNDONE = 'undone'

    @property
    def is_end(self) -> bool:
        """Whether the bot sets it when it has done its work."""
        return self in (Status.DONE, Status.PARTIAL, Status.FAILED,
                        Status.UNDONE)

    @property
    def keeps_bot_off(self) -> bool:
        """Whether a person has taken the request out of the bot's hands."""
        return self.is_end or self in (Status.DECLINED, Status.WITHDRAWN,
                                       Status.MANUAL)
