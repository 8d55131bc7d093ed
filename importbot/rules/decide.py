"""From what both wikis have to one decision a page."""
from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import accumulate

from importbot.model.contentmodels import may_stand
from importbot.model.decisions import (
    REASONS,
    Decision,
    Reason,
    Relation,
    Role,
    TextAfter,
)
from importbot.model.pages import SourcePage, TargetPage
from importbot.model.policy import Policy
from importbot.model.revisions import (
    MAIN_SLOT,
    Revision,
    lacking,
    models_of,
    roles_of,
)
from importbot.model.siteinfo import is_name
from importbot.model.titles import Title
from importbot.rules.code import Allowance, runs_as_code
from importbot.rules.existing import ExistingRule, rule_for
from importbot.rules.relation import relate


__all__ = ('Circumstances', 'Verdict', 'decide', 'revisions_to_send')

#: What may be the account's, and not the page's.
_BARRING = (Reason.PROTECTED, Reason.NOT_EDITABLE)


@dataclass(frozen=True, slots=True)
class Verdict:

    """A decision with its reason, and what else a planned page has of it.

    Its fields have the names that they have there.

    :param decision: what is to happen
    :param reason: why
    :param relation: of the target page to the source page, None where
        nothing could be compared
    :param text_after: whose text is to be shown afterwards
    :param agreed: whether somebody wants the target's own text replaced
    :param asks: whether it waits for somebody to agree to that
    :param is_missing_on_source: whether the source has no such page
    :param is_barred: whether the account may not write there
    """

    decision: Decision
    reason: Reason
    relation: Relation | None = None
    text_after: TextAfter = TextAfter.TARGET
    agreed: bool = False
    asks: bool = False
    is_missing_on_source: bool = False
    is_barred: bool = False

    def __post_init__(self) -> None:
        if self.reason not in REASONS[self.decision]:
            raise ValueError(f'"{self.reason.value}" is no reason to '
                             f'{self.decision.value}')


@dataclass(frozen=True)
class Circumstances:

    """What decides besides the two pages.

    :param models: content models that the target knows
    :param now: time after which a revision lies in the future, ISO 8601
    :param max_text: bytes of the largest text that the target takes
    :param roles: roles of slots that the target knows
    :param reserved: titles of the target that nothing is written to, with
        all their subpages
    :param allowance: what the operator allows of what runs as code
    """

    models: Set[str]
    now: str
    max_text: int = 2 ** 21
    roles: Set[str] = frozenset({MAIN_SLOT})
    reserved: Set[Title] = frozenset()
    allowance: Allowance = Allowance()

    def keeps_out(self, title: Title, model: str) -> bool:
        """Return whether a page runs as code and nobody allows it.

        :param title: title on the target wiki, as it spells it
        :param model: content model
        """
        return (runs_as_code(title, model)
                and not self.allowance.covers(title))

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
    :param circumstances: what else counts
    """
    if source.newest is None:
        return _not_on_source(source, role)
    if max(revision.timestamp for revision in source.history
           ) > circumstances.now:
        return Verdict(Decision.REFUSE, Reason.FUTURE_REVISION)
    if title is None:
        return Verdict(Decision.HOLD, Reason.NO_NAMESPACE)
    if target is None:
        return Verdict(Decision.REFUSE, Reason.INVALID_TITLE
                       if is_name(title.name) else Reason.IMPOSSIBLE_TITLE)
    if circumstances.reserves(title):
        return Verdict(Decision.REFUSE, Reason.RESERVED)
    if circumstances.keeps_out(title, source.model) or (
            target.newest and circumstances.keeps_out(title, target.model)):
        return Verdict(Decision.REFUSE, Reason.RUNS_AS_CODE)
    relation = relate(source.history, target.history, target.brought)
    sent = revisions_to_send(source, role, policy)
    rule = rule_for(relation, role is Role.REQUESTED,
                    policy.existing_for(role, title.namespace),
                    _history_missing(role, sent, target))
    if rule.decision is Decision.IMPORT:
        # Whoever may edit the page can show its older revisions again.
        if any(circumstances.keeps_out(title, model)
               for model in models_of(sent)):
            return Verdict(Decision.REFUSE, Reason.RUNS_AS_CODE, relation)
        if max(revision.size for revision in sent) > circumstances.max_text:
            return Verdict(Decision.REFUSE, Reason.TOO_LARGE, relation)
        for stands_in_the_way, reason in _obstacles(
                role, source, sent, title, target, policy, rule,
                circumstances):
            if stands_in_the_way:
                return Verdict(Decision.HOLD, reason, relation,
                               is_barred=reason in _BARRING)
    return Verdict(rule.decision, rule.reason, relation, rule.text_after,
                   agreed=rule.agreed, asks=rule.asks)


def _not_on_source(source: SourcePage, role: Role) -> Verdict:
    return Verdict(
        Decision.REFUSE if role is Role.REQUESTED else Decision.SKIP,
        Reason.NO_REVISION if source.is_too_new else Reason.NOT_ON_SOURCE,
        is_missing_on_source=not source.is_too_new)


def revisions_to_send(source: SourcePage, role: Role,
                      policy: Policy) -> Sequence[Revision]:
    """Return the revisions that an import sends, newest first.

    :param source: the page
    :param role: what it is to the run
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
               title: Title, target: TargetPage, policy: Policy,
               rule: ExistingRule, circumstances: Circumstances,
               ) -> tuple[tuple[bool, Reason], ...]:
    is_there = target.newest is not None
    changes_text = is_there and rule.text_after is TextAfter.SOURCE
    return (
        # A slot has a content model, and mostly one of its own.
        (not roles_of(sent) <= circumstances.roles, Reason.NO_SLOT),
        (not {source.model, *models_of(sent)} <= circumstances.models,
         Reason.NO_CONTENT_MODEL),
        (not all(may_stand(model, title)
                 for model in (source.model, *models_of(sent))),
         Reason.MODEL_NOT_THERE),
        (is_there and source.model != target.model, Reason.OTHER_MODEL),
        (target.is_protected, Reason.PROTECTED),
        (is_there and not target.is_editable, Reason.NOT_EDITABLE),
        (is_there and target.excludes_bot, Reason.NOBOTS),
        (not is_there and not target.is_creatable, Reason.NOT_CREATABLE),
        (not is_there and target.was_deleted, Reason.DELETED_HERE),
        (not source.is_readable, Reason.UNREADABLE),
        (changes_text and policy.is_as_dependency(role, title.namespace)
         and (target.users or 0) > policy.maxused, Reason.WIDELY_USED),
    )
