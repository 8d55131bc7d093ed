"""From what both wikis have to one decision a page: pure rules."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, fields
from itertools import accumulate
from typing import Any, ClassVar

from importbot.model.code import runs_as_code
from importbot.model.contentmodels import may_stand
from importbot.model.errors import UsageError
from importbot.model.relation import relate
from importbot.model.revisions import (
    MAIN_SLOT,
    Revision,
    lacking,
    models_of,
    roles_of,
)
from importbot.model.rules import (
    EXISTING,
    EXISTING_PAGES,
    Rule,
    TextAfter,
    rule_for,
)
from importbot.model.titles import Title
from importbot.model.words import (
    REASONS,
    Decision,
    Reason,
    Relation,
    Role,
)


__all__ = ('Circumstances', 'Policy', 'SourcePage', 'TargetPage', 'Verdict',
           'decide', 'policy_from_json', 'revisions_to_send')


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
    :param only: patterns one of which a dependency's title has to match
    :param exclude: patterns none of which it may match
    :param nodocs: without documentation and what only that needs
    :param talk: requested pages with their talk pages
    :param nsmap: namespaces of the source with the target namespace in
        which their pages arrive, by name or number
    :param targettitle: title under which the one requested page arrives
    :param titlemap: the same for several: requested pages with the title
        under which they arrive, by full title on the source; others arrive
        where they otherwise would
    :param equivalents: what to do with a missing template for which the
        target has one of another name
    :param maxused: number of users on the target beyond which a
        dependency is not changed
    :param maxpages: number of pages to change beyond which a plan is
        refused, 0 for no limit
    :param maxrevisions: the same for revisions to send
    :param via: route of the imports
    :param order: of uploaded revisions
    :param before: only revisions up to this time, ISO 8601; empty for all
    :param pin: each page up to the revision that was planned, whenever
        the plan is applied
    :param authors: what becomes of authors' names
    :param authormap: names on the source with those on the target
    :param interwikiprefix: before authors' names in uploads; the prefix
        of the source if empty
    :param post: clean-ups of requested pages that get the source's text,
        in this order: names, some with an argument behind a colon
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
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    nodocs: bool = False
    talk: bool = False
    nsmap: tuple[tuple[str, str], ...] = ()
    targettitle: str = ''
    titlemap: tuple[tuple[str, str], ...] = ()
    equivalents: str = 'note'
    maxused: int = 500
    maxpages: int = 500
    maxrevisions: int = 10000
    via: str = 'auto'
    order: str = 'auto'
    before: str = ''
    pin: bool = False
    authors: str = 'prefix'
    authormap: tuple[tuple[str, str], ...] = ()
    interwikiprefix: str = ''
    post: tuple[str, ...] = ()

    #: The values of the fields that have a fixed list, default first.
    CHOICES: ClassVar[dict[str, tuple[str, ...]]] = {
        'templates': ('auto', 'used', 'mentioned', 'none'),
        'existing': EXISTING,
        'existingpages': EXISTING_PAGES,
        'history': ('full', 'current'),
        'templatehistory': ('current', 'full'),
        'equivalents': ('note', 'skip'),
        'via': ('auto', 'interwiki', 'upload'),
        'order': ('auto', 'fast', 'time'),
        'authors': ('prefix', 'local', 'file'),
    }

    def __post_init__(self) -> None:
        """Check the values."""
        for name, values in self.CHOICES.items():
            value = getattr(self, name)
            if value not in values:
                raise UsageError(f'-{name}:{value} is not known; give one of '
                                 f'{", ".join(values)}')
        places = (self.namespace is not None, bool(self.rootpage),
                  bool(self.targettitle), bool(self.titlemap))
        if sum(places) > 1:
            raise UsageError('Give only one of -correspondingnamespace, '
                             '-rootpage, -targettitle and titles for single '
                             'pages: each says where the pages go')
        if self.targettitle and self.talk:
            raise UsageError('-targettitle is for one page; leave out -talk '
                             'and import the talk page by itself')
        if self.before and not _TIMESTAMP.fullmatch(self.before):
            raise UsageError(f'-before:{self.before} is no time; write it '
                             'as 2024-12-31T23:59:59Z')
        if self.before and self.via == 'interwiki':
            raise UsageError('-before is for uploads: an interwiki import '
                             'takes all revisions or the current one; leave '
                             'out -via:interwiki')
        if self.pin and self.via == 'interwiki':
            raise UsageError('-pin is for uploads: an interwiki import takes '
                             'what the source has at that moment; leave out '
                             '-via:interwiki')
        for pattern in (*self.only, *self.exclude):
            try:
                re.compile(pattern)
            except re.error as error:
                raise UsageError(f'"{pattern}" is no regular expression: '
                                 f'{error}; see -only and -exclude'
                                 ) from None

    def existing_for(self, role: Role) -> str:
        """Return what to do with a page that the target has."""
        return (self.existingpages if role is Role.REQUESTED
                else self.existing)

    def history_of(self, role: Role) -> str:
        """Return ``full`` or ``current`` for pages of a role."""
        return (self.history if role is Role.REQUESTED
                else self.templatehistory)


def policy_from_json(options: Mapping[str, Any]) -> Policy:
    """Return the policy of a plan in its JSON form.

    :param options: the ``options`` of the plan
    :raises UsageError: an option that this release does not know
    """
    unknown = options.keys() - {item.name for item in fields(Policy)}
    if unknown:
        raise UsageError('The plan has options that this release of '
                         f'importbot does not know: {", ".join(unknown)}; '
                         'make it again')
    return Policy(**{name: _frozen(value)
                     for name, value in options.items()})


def _frozen(value: Any) -> Any:
    """Return lists, as JSON has them, as tuples again."""
    if isinstance(value, (list, tuple)):
        return tuple(map(_frozen, value))
    return value


@dataclass(frozen=True, slots=True)
class SourcePage:

    """A page of the source, as far as a decision needs it.

    :param title: its title
    :param history: its revisions, newest first; the newest alone where
        nobody had to read more, none where there is no page
    :param model: content model
    :param is_redirect: whether it leads to another page
    :param is_readable: whether its references could be found
    :param is_too_new: whether it has no revision of the time asked for
    """

    title: Title
    history: Sequence[Revision] = ()
    model: str = 'wikitext'
    is_redirect: bool = False
    is_readable: bool = True
    is_too_new: bool = False

    @property
    def newest(self) -> Revision | None:
        """The newest revision, None where there is no page."""
        return self.history[0] if self.history else None


@dataclass(frozen=True, slots=True)
class TargetPage:

    """A page of the target, as far as a decision needs it.

    :param history: as for :class:`SourcePage`
    :param is_protected: whether editing or creating it is restricted
    :param is_creatable: whether the bot may create it
    :param is_editable: whether the bot may edit it
    :param was_deleted: whether the wiki deleted a page of this title
    :param users: number of pages that transclude it, None if nobody
        counted
    :param model: content model of the page that is there
    :param bars_bot: whether a template on it keeps the bot out
    :param brought: see :func:`importbot.model.relation.brought_before`
    """

    history: Sequence[Revision] = ()
    is_protected: bool = False
    is_creatable: bool = True
    is_editable: bool = True
    was_deleted: bool = False
    users: int | None = None
    model: str = 'wikitext'
    bars_bot: bool = False
    brought: frozenset[str] = frozenset()

    @property
    def newest(self) -> Revision | None:
        """The newest revision, None where there is no page."""
        return self.history[0] if self.history else None


@dataclass(frozen=True, slots=True)
class Verdict:

    """A decision with its reason.

    :param decision: what is to happen
    :param reason: why
    :param relation: of the target page to the source page, None where
        nothing could be compared
    :param text_after: whose text is to be shown afterwards
    """

    decision: Decision
    reason: Reason
    relation: Relation | None = None
    text_after: TextAfter = TextAfter.TARGET

    def __post_init__(self) -> None:
        if self.reason not in REASONS[self.decision]:
            raise ValueError(f'"{self.reason.value}" is no reason to '
                             f'{self.decision.value}')


#: As the API writes times, to the second.
_TIMESTAMP = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ')

@dataclass(frozen=True)
class Circumstances:

    """What decides besides the two pages.

    :param models: content models that the target knows
    :param now: time after which a revision lies in the future, ISO 8601
    :param max_text: bytes of the largest text that the target takes
    :param roles: roles of slots that the target knows
    :param reserved: titles of the target that nothing is written to, with
        all their subpages
    """

    models: Set[str]
    now: str
    max_text: int = 2 ** 21
    roles: Set[str] = frozenset({MAIN_SLOT})
    reserved: Set[Title] = frozenset()

    def reserves(self, title: Title) -> bool:
        """Return whether nothing may be written to a page (rule 6).

        A slash counts in every namespace: whether it makes a subpage is a
        setting that a wiki may change.

        :param title: title on the target wiki, as it spells it
        """
        above = accumulate(title.name.split('/'), '{}/{}'.format)
        return any(Title(title.namespace, name) in self.reserved
                   for name in above)


def decide(role: Role, source: SourcePage, title: Title | None,
           target: TargetPage | None, policy: Policy,
           circumstances: Circumstances) -> Verdict:
    """Decide what happens with a page.

    What nobody can mend comes first, so that a person does not repair one
    thing only to meet a dead end.

    :param role: what the page is to the run
    :param source: the page on the source
    :param title: predicted title on the target, None where it has no
        namespace for it
    :param target: the page on the target, None where the title is invalid
        there
    :param policy: what is wanted
    :param circumstances: what else counts
    """
    newest = source.newest
    if newest is None:
        return Verdict(Decision.REFUSE if role is Role.REQUESTED
                       else Decision.SKIP, Reason.NO_REVISION
                       if source.is_too_new else Reason.NOT_ON_SOURCE)
    if max(revision.timestamp for revision in source.history
           ) > circumstances.now:
        return Verdict(Decision.REFUSE, Reason.FUTURE_REVISION)
    if title is None:
        return Verdict(Decision.HOLD, Reason.NO_NAMESPACE)
    if target is None:
        return Verdict(Decision.REFUSE, Reason.INVALID_TITLE)
    if circumstances.reserves(title):
        return Verdict(Decision.REFUSE, Reason.RESERVED)
    if runs_as_code(title, source.model) or (
            target.newest and runs_as_code(title, target.model)):
        return Verdict(Decision.REFUSE, Reason.RUNS_AS_CODE)
    relation = relate(source.history, target.history, target.brought)
    sent = revisions_to_send(source, role, policy)
    rule = rule_for(relation, role is Role.REQUESTED,
                    policy.existing_for(role),
                    _history_missing(role, sent, target))
    if rule.decision is Decision.IMPORT:
        # Whoever may edit the page can show its older revisions again.
        if any(runs_as_code(title, model) for model in models_of(sent)):
            return Verdict(Decision.REFUSE, Reason.RUNS_AS_CODE, relation)
        if max(revision.size for revision in sent) > circumstances.max_text:
            return Verdict(Decision.REFUSE, Reason.TOO_LARGE, relation)
        for stands_in_the_way, reason in _obstacles(
                role, source, sent, title, target, policy, rule,
                circumstances):
            if stands_in_the_way:
                return Verdict(Decision.HOLD, reason, relation)
    return Verdict(rule.decision, rule.reason, relation, rule.text_after)


def revisions_to_send(source: SourcePage, role: Role,
                      policy: Policy) -> Sequence[Revision]:
    """Return the revisions that an import sends, newest first.

    :param source: the page
    :param role: what it is to the run
    :param policy: what is wanted
    """
    return (source.history if policy.history_of(role) == 'full'
            else source.history[:1])


def _history_missing(role: Role, sent: Sequence[Revision],
                     target: TargetPage) -> bool:
    """Whether the target lacks revisions that an import would send.

    Nobody asks for the history of a dependency.
    """
    return role is Role.REQUESTED and bool(lacking(sent, target.history))


def _obstacles(role: Role, source: SourcePage, sent: Sequence[Revision],
               title: Title, target: TargetPage, policy: Policy, rule: Rule,
               circumstances: Circumstances,
               ) -> tuple[tuple[bool, Reason], ...]:
    is_there = target.newest is not None
    changes_text = is_there and rule.text_after is TextAfter.SOURCE
    return (
        (not {source.model, *models_of(sent)} <= circumstances.models,
         Reason.NO_CONTENT_MODEL),
        (not roles_of(sent) <= circumstances.roles, Reason.NO_SLOT),
        (not all(may_stand(model, title)
                 for model in (source.model, *models_of(sent))),
         Reason.MODEL_NOT_THERE),
        (is_there and source.model != target.model, Reason.OTHER_MODEL),
        (target.is_protected, Reason.PROTECTED),
        (is_there and not target.is_editable, Reason.NOT_EDITABLE),
        (is_there and target.bars_bot, Reason.NOBOTS),
        (not is_there and not target.is_creatable, Reason.NOT_CREATABLE),
        (not is_there and target.was_deleted, Reason.DELETED_HERE),
        (not source.is_readable, Reason.UNREADABLE),
        (changes_text and role is not Role.REQUESTED
         and (target.users or 0) > policy.maxused, Reason.WIDELY_USED),
    )
