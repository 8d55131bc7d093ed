"""The words of a plan; the same everywhere, on screen and in JSON."""
from __future__ import annotations

from enum import Enum


__all__ = ('Decision', 'Evidence', 'Outcome', 'Reason', 'Relation', 'Role')


class Role(str, Enum):

    """What a page is to the run."""

    REQUESTED = 'requested'
    TEMPLATE = 'template'
    MODULE = 'module'
    STYLE = 'style'
    DOCUMENTATION = 'documentation'
    REDIRECT = 'redirect'
    TRANSCLUDED = 'transcluded'


class Evidence(str, Enum):

    """How it is known that a page is needed."""

    MENTIONED = 'mentioned'
    USED = 'used'


class Relation(str, Enum):

    """Of the target page to the source page."""

    MISSING = 'missing'
    IDENTICAL = 'identical'
    AHEAD = 'ahead'
    BEHIND = 'behind'
    DIVERGED = 'diverged'
    UNRELATED = 'unrelated'


class Decision(str, Enum):

    """What is to happen with a page."""

    IMPORT = 'import'
    SKIP = 'skip'
    HOLD = 'hold'
    REFUSE = 'refuse'


class Reason(str, Enum):

    """Why a decision is what it is; its sentence stands in ``i18n``."""

    REQUESTED = 'requested'
    NEEDED = 'needed'
    IDENTICAL = 'identical'
    HISTORY_MISSING = 'history-missing'
    NOTHING_TO_BRING = 'nothing-to-bring'
    EXISTS = 'exists'
    BEHIND = 'behind'
    LOCAL_CHANGES = 'local-changes'
    ASK = 'ask'
    FORCED = 'forced'
    HISTORY_BENEATH = 'history-beneath'
    HISTORY_WITHHELD = 'history-withheld'
    WIDELY_USED = 'widely-used'
    DELETED_HERE = 'deleted-here'
    EXCLUDED = 'excluded'
    EQUIVALENT = 'equivalent'
    NOT_ON_SOURCE = 'not-on-source'
    NO_REVISION = 'no-revision'
    NEEDS_UPLOAD = 'needs-upload'
    TOO_LARGE = 'too-large'
    TIME_ORDER = 'time-order'
    FUTURE_REVISION = 'future-revision'
    INVALID_TITLE = 'invalid-title'
    NO_NAMESPACE = 'no-namespace'
    RUNS_AS_CODE = 'runs-as-code'
    RESERVED = 'reserved'
    SAME_TARGET = 'same-target'
    LANDING_TAKEN = 'landing-taken'
    UNREADABLE = 'unreadable'
    NO_CONTENT_MODEL = 'no-content-model'
    OTHER_MODEL = 'other-content-model'
    PROTECTED = 'protected'
    NOT_CREATABLE = 'not-creatable'
    NOT_EDITABLE = 'not-editable'
    NOBOTS = 'nobots'


class Outcome(str, Enum):

    """What became of a page."""

    IMPORTED = 'imported'
    UNCHANGED = 'unchanged'
    REJECTED = 'rejected'
    FAILED = 'failed'
    UNKNOWN = 'unknown'
    VERIFIED = 'verified'
    DIFFERS = 'differs'
