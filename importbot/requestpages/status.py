"""The words of a request: its parameters and its states."""
from __future__ import annotations

from enum import Enum

from importbot.model.options import OPTIONS


__all__ = ('FIELDS', 'STATE_FIELDS', 'Standing', 'Status')

#: Parameters of a request that say what is wanted.
FIELDS = ('source', 'pages', *(option.field for option
                               in OPTIONS.of_request), 'reason')
#: Parameters that say how far it is; the bot writes them.
STATE_FIELDS = ('status', 'id', 'plan')


class Standing(Enum):

    """Who is to do something about a request."""

    #: the bot looks after it, and people may change it
    OPEN = 'open'
    #: the bot is at work on it
    UNDER_WAY = 'under way'
    #: the bot has done its work
    ENDED = 'ended'
    #: a person has taken it out of the bot's hands
    TAKEN_AWAY = 'taken away'


class Status(str, Enum):

    """The state of a request, as it stands in its template."""

    #: who is to do something
    standing: Standing
    #: whether a person gives a request this state
    is_for_people: bool

    _value_: str

    def __new__(cls, value: str, standing: Standing = Standing.OPEN,
                is_for_people: bool = False) -> Status:
        """Return a state with what follows from it."""
        status = str.__new__(cls, value)
        status._value_ = value
        status.standing = standing
        status.is_for_people = is_for_people
        return status

    NEW = 'new', Standing.OPEN, True
    REVIEW = 'review', Standing.OPEN
    APPROVED = 'approved', Standing.OPEN, True
    IMPORTING = 'importing', Standing.UNDER_WAY
    DONE = 'done', Standing.ENDED
    PARTIAL = 'partial', Standing.ENDED
    FAILED = 'failed', Standing.ENDED
    QUESTION = 'question', Standing.OPEN
    OPERATOR = 'operator', Standing.OPEN
    DECLINED = 'declined', Standing.TAKEN_AWAY, True
    WITHDRAWN = 'withdrawn', Standing.TAKEN_AWAY, True
    MANUAL = 'manual', Standing.TAKEN_AWAY, True
    UNDO = 'undo', Standing.UNDER_WAY
    UNDONE = 'undone', Standing.ENDED

    @property
    def is_open(self) -> bool:
        """Whether the bot looks after it."""
        return self.standing is Standing.OPEN

    @property
    def is_end(self) -> bool:
        """Whether the bot sets it when it has done its work."""
        return self.standing is Standing.ENDED

    @property
    def is_taken_away(self) -> bool:
        """Whether a person has taken the request out of the bot's hands."""
        return self.standing is Standing.TAKEN_AWAY

    @property
    def keeps_bot_off(self) -> bool:
        """Whether the bot has nothing more to do, for whatever reason."""
        return self.is_end or self.is_taken_away
