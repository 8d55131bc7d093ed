"""From what both wikis have to one decision a page: pure rules."""
from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import ClassVar

from importbot.model.errors import UsageError
from importbot.model.revisions import Revision
from importbot.model.titles import MEDIAWIKI, USER, Title
from importbot.model.words import Decision, Reason, Relation, Role


__all__ = ('Policy', 'SourcePage', 'TargetPage', 'Verdict', 'decide',
           'runs_as_code')


@dataclass(frozen=True)
class Policy:

    """What the operator wants; the options of ``pwb importpages``.

    :param templates: which dependencies to take
    :param existing: what to do with dependencies that the target has
    :param existingpages: the same for requested pages
    :param history: of requested pages
    :param templatehistory: of dependencies
    :param namespace: target namespace number of the requested pages
    :param rootpage: target page below which requested pages arrive
    :param summary: for the logs; names source page and revision if empty
    :param tags: change tags
    :raises UsageError: a value that the field does not know
    """

    templates: str = 'auto'
    existing: str = 'skip'
    existingpages: str = 'skip'
    history: str = 'full'
    templatehistory: str = 'current'
    namespace: int | None = None
    rootpage: str = ''
    summary: str = ''
    tags: tuple[str, ...] = ()

    #: The values of the fields that have a fixed list, default first.
    CHOICES: ClassVar[dict[str, tuple[str, ...]]] = {
        'templates': ('auto', 'used', 'mentioned', 'none'),
        'existing': ('skip', ),
        'existingpages': ('skip', ),
        'history': ('full', 'current'),
        'templatehistory': ('current', 'full'),
    }

    def __post_init__(self) -> None:
        """Check the values."""
        for name, values in self.CHOICES.items():
            value = getattr(self, name)
            if value not in values:
                raise UsageError(f'-{name}:{value} is not known; give one of '
                                 f'{", ".join(values)}')
        if self.namespace is not None and self.rootpage:
            raise UsageError('Give only one of -correspondingnamespace and '
                             '-rootpage: both say where pages go')

    def history_of(self, role: Role) -> str:
        """Return ``full`` or ``current`` for pages of a role."""
        return (self.history if role is Role.REQUESTED
                else self.templatehistory)


@dataclass(frozen=True)
class SourcePage:

    """A page of the source, as far as a decision needs it.

    :param title: its title
    :param newest: its newest revision, None where there is no page
    :param model: content model
    :param is_redirect: whether it leads to another page
    :param is_readable: whether its references could be found
    """

    title: Title
    newest: Revision | None
    model: str = 'wikitext'
    is_redirect: bool = False
    is_readable: bool = True


@dataclass(frozen=True)
class TargetPage:

    """A page of the target, as far as a decision needs it.

    :param newest: its newest revision, None where there is no page
    :param is_protected: whether editing or creating it is restricted
    :param is_creatable: whether the bot may create it
    """

    newest: Revision | None
    is_protected: bool = False
    is_creatable: bool = True


@dataclass(frozen=True)
class Verdict:

    """A decision with its reason.

    :param decision: what is to happen
    :param reason: why
    :param relation: of the target page to the source page, None where it
        was not established
    """

    decision: Decision
    reason: Reason
    relation: Relation | None = None


#: Content models whose pages run as code for others. Lua modules and
#: sanitized CSS do not: they cannot leave the page that shows them.
_CODE_MODELS = frozenset({'GadgetDefinition', 'css', 'javascript', 'vue'})
_CODE_SUFFIXES = ('.css', '.js', '.json', '.vue')
#: Gadget and Gadget definition with their talk pages.
_GADGET_NAMESPACES = frozenset(range(2300, 2304))


def runs_as_code(target: Title, model: str) -> bool:
    """Return whether a page would run as code for others (rule 6).

    :param target: title on the target wiki
    :param model: content model
    """
    return (target.namespace == MEDIAWIKI
            or target.namespace in _GADGET_NAMESPACES
            or model in _CODE_MODELS
            or (target.namespace == USER and '/' in target.name
                and target.name.endswith(_CODE_SUFFIXES)))


def decide(role: Role, source: SourcePage, title: Title | None,
           target: TargetPage | None, models: Set[str],
           now: str) -> Verdict:
    """Decide what happens with a page.

    What nobody can mend comes first, so that a person does not repair one
    thing only to meet a dead end.

    :param role: what the page is to the run
    :param source: the page on the source
    :param title: predicted title on the target, None where it has no
        namespace for it
    :param target: the page on the target, None where the title is invalid
        there
    :param models: content models that the target knows
    :param now: time of the survey, ISO 8601
    """
    newest = source.newest
    if newest is None:
        return Verdict(Decision.REFUSE if role is Role.REQUESTED
                       else Decision.SKIP, Reason.NOT_ON_SOURCE)
    if newest.timestamp > now:
        return Verdict(Decision.REFUSE, Reason.FUTURE_REVISION)
    if title is None:
        return Verdict(Decision.HOLD, Reason.NO_NAMESPACE)
    if target is None:
        return Verdict(Decision.REFUSE, Reason.INVALID_TITLE)
    if runs_as_code(title, source.model):
        return Verdict(Decision.REFUSE, Reason.RUNS_AS_CODE)
    if target.newest is not None:
        return _decide_existing(newest, target.newest)
    return _decide_missing(role, source, target, models)


def _decide_existing(source: Revision, target: Revision) -> Verdict:
    if source.sha1 and source.sha1 == target.sha1:
        return Verdict(Decision.SKIP, Reason.IDENTICAL, Relation.IDENTICAL)
    return Verdict(Decision.SKIP, Reason.EXISTS)


def _decide_missing(role: Role, source: SourcePage, target: TargetPage,
                    models: Set[str]) -> Verdict:
    for stands_in_the_way, reason in (
            (source.model not in models, Reason.NO_CONTENT_MODEL),
            (target.is_protected, Reason.PROTECTED),
            (not target.is_creatable, Reason.NOT_CREATABLE),
            (not source.is_readable, Reason.UNREADABLE)):
        if stands_in_the_way:
            return Verdict(Decision.HOLD, reason, Relation.MISSING)
    return Verdict(Decision.IMPORT, Reason.REQUESTED
                   if role is Role.REQUESTED else Reason.NEEDED,
                   Relation.MISSING)
