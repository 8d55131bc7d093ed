"""The words of a plan; the same everywhere, on screen and in JSON."""
from __future__ import annotations

from collections.abc import Mapping
from enum import Enum


__all__ = ('REASONS', 'Decision', 'Evidence', 'Outcome', 'Reason', 'Relation',
           'Role', 'TextAfter')


class Role(str, Enum):

    """What a page is to the run."""

    #: a person named it
    REQUESTED = 'requested'
    #: a page of the namespace Template
    TEMPLATE = 'template'
    #: a page of the namespace Module, in Lua
    MODULE = 'module'
    #: a style sheet that a page loads
    STYLE = 'style'
    #: a documentation page of a template or module
    DOCUMENTATION = 'documentation'
    #: a redirect on the way to another page
    REDIRECT = 'redirect'
    #: a page of any other namespace that is shown within another
    TRANSCLUDED = 'transcluded'
    #: a category that a page of the run is in, or one above it
    CATEGORY = 'category'


class Evidence(str, Enum):

    """How it is known that a page is needed."""

    #: it stands in the wikitext or Lua of a page
    MENTIONED = 'mentioned'
    #: the source used it for what a page shows now
    USED = 'used'


class Relation(str, Enum):

    """Of the target page to the source page."""

    #: the target has no such page
    MISSING = 'missing'
    #: the current texts are equal
    IDENTICAL = 'identical'
    #: the target's history holds the source's current text
    AHEAD = 'ahead'
    #: the source's history holds the target's current text
    BEHIND = 'behind'
    #: they share a text, and both went on since
    DIVERGED = 'diverged'
    #: no text in common; empty texts do not count
    UNRELATED = 'unrelated'


class Decision(str, Enum):

    """What is to happen with a page."""

    #: the page is brought over
    IMPORT = 'import'
    #: nothing to do
    SKIP = 'skip'
    #: a person must decide; the rest goes on
    HOLD = 'hold'
    #: never
    REFUSE = 'refuse'


class TextAfter(str, Enum):

    """Whose text is to be shown when a page has been treated."""

    SOURCE = 'source'
    TARGET = 'target'


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
    HALF = 'half'
    WIDELY_USED = 'widely-used'
    DELETED_HERE = 'deleted-here'
    EXCLUDED = 'excluded'
    EQUIVALENT = 'equivalent'
    OTHER_SOURCE = 'other-source'
    NOT_ON_SOURCE = 'not-on-source'
    NO_REVISION = 'no-revision'
    NEEDS_UPLOAD = 'needs-upload'
    NEEDS_MOVE = 'needs-move'
    TOO_LARGE = 'too-large'
    TIME_ORDER = 'time-order'
    FUTURE_REVISION = 'future-revision'
    INVALID_TITLE = 'invalid-title'
    IMPOSSIBLE_TITLE = 'impossible-title'
    NO_NAMESPACE = 'no-namespace'
    RUNS_AS_CODE = 'runs-as-code'
    RESERVED = 'reserved'
    UNASKED = 'unasked'
    SAME_TARGET = 'same-target'
    OTHER_SCHEME = 'other-scheme'
    LANDING_TAKEN = 'landing-taken'
    UNREADABLE = 'unreadable'
    NO_CONTENT_MODEL = 'no-content-model'
    NO_SLOT = 'no-slot'
    OTHER_MODEL = 'other-content-model'
    MODEL_NOT_THERE = 'content-model-not-there'
    PROTECTED = 'protected'
    NOT_CREATABLE = 'not-creatable'
    NOT_EDITABLE = 'not-editable'
    NOBOTS = 'nobots'
    WOULD_BE_TRANSFORMED = 'would-be-transformed'


#: What can be the reason of which decision.
REASONS: Mapping[Decision, tuple[Reason, ...]] = {
    Decision.IMPORT: (
        Reason.REQUESTED, Reason.NEEDED, Reason.BEHIND, Reason.FORCED,
        Reason.HISTORY_MISSING, Reason.HISTORY_BENEATH),
    Decision.SKIP: (
        Reason.IDENTICAL, Reason.EXISTS, Reason.NOTHING_TO_BRING,
        Reason.LOCAL_CHANGES, Reason.HISTORY_MISSING, Reason.EXCLUDED,
        Reason.EQUIVALENT, Reason.OTHER_SOURCE, Reason.NOT_ON_SOURCE,
        Reason.NO_REVISION),
    Decision.HOLD: (
        Reason.ASK, Reason.PROTECTED, Reason.NOT_EDITABLE, Reason.NOBOTS,
        Reason.OTHER_MODEL, Reason.NOT_CREATABLE, Reason.DELETED_HERE,
        Reason.WIDELY_USED, Reason.NO_NAMESPACE, Reason.NO_CONTENT_MODEL,
        Reason.NO_SLOT, Reason.OTHER_SCHEME, Reason.SAME_TARGET, Reason.EXISTS,
        Reason.LANDING_TAKEN, Reason.UNREADABLE, Reason.NEEDS_UPLOAD,
        Reason.NEEDS_MOVE, Reason.HISTORY_WITHHELD, Reason.TIME_ORDER,
        Reason.HALF, Reason.WOULD_BE_TRANSFORMED, Reason.MODEL_NOT_THERE),
    Decision.REFUSE: (
        Reason.NOT_ON_SOURCE, Reason.NO_REVISION, Reason.INVALID_TITLE,
        Reason.IMPOSSIBLE_TITLE, Reason.RUNS_AS_CODE, Reason.RESERVED,
        Reason.FUTURE_REVISION, Reason.TOO_LARGE, Reason.UNASKED),
}


class Outcome(str, Enum):

    """What became of a page."""

    #: the wiki says so, and nobody read it back
    IMPORTED = 'imported'
    #: nothing was sent, the target's page is as it was
    UNCHANGED = 'unchanged'
    #: the wiki answered without the page
    REJECTED = 'rejected'
    #: the wiki answered with an error; the report has its code
    FAILED = 'failed'
    #: no answer came and the wiki could not be asked, or the bot was stopped
    #: at once; the next run finds out first
    UNKNOWN = 'unknown'
    #: imported, read back, complete
    VERIFIED = 'verified'
    #: imported, but not what the source has; the report says how
    DIFFERS = 'differs'
