"""The table of the policies: relation × role × policy → what to do.

Whatever can keep a page out (protection, titles, content models) is
judged before, in :mod:`importbot.rules.decide`; this is about wishes.
"""
from __future__ import annotations

from dataclasses import dataclass

from importbot.model.decisions import (
    Decision,
    Reason,
    Relation,
    TextAfter,
)


__all__ = ('ExistingRule', 'rule_for')


@dataclass(frozen=True)
class ExistingRule:

    """What a policy wants for a page.

    :param decision: what is to happen
    :param reason: why
    :param text_after: whose text is to be shown afterwards
    :param agreed: whether somebody wants the target's own text replaced
    :param asks: whether it waits for somebody to agree to that
    """

    decision: Decision
    reason: Reason
    text_after: TextAfter = TextAfter.TARGET
    agreed: bool = False
    asks: bool = False


_SKIP_EXISTING = ExistingRule(Decision.SKIP, Reason.EXISTS)
_SKIP_AHEAD = ExistingRule(Decision.SKIP, Reason.NOTHING_TO_BRING)
_SKIP_CHANGED = ExistingRule(Decision.SKIP, Reason.LOCAL_CHANGES)
_HOLD_TO_ASK = ExistingRule(Decision.HOLD, Reason.ASK, asks=True)
_BRING_FORWARD = ExistingRule(Decision.IMPORT, Reason.BEHIND, TextAfter.SOURCE)
_FORCE = ExistingRule(Decision.IMPORT, Reason.FORCED, TextAfter.SOURCE,
                      agreed=True)
_BENEATH = ExistingRule(Decision.IMPORT, Reason.HISTORY_BENEATH)

_DIFFERENT: dict[str, dict[Relation, ExistingRule]] = {
    'skip': {
        Relation.AHEAD: _SKIP_EXISTING,
        Relation.BEHIND: _SKIP_EXISTING,
        Relation.DIVERGED: _SKIP_EXISTING,
        Relation.UNRELATED: _SKIP_EXISTING},
    'update': {
        Relation.AHEAD: _SKIP_AHEAD,
        Relation.BEHIND: _BRING_FORWARD,
        Relation.DIVERGED: _SKIP_CHANGED,
        Relation.UNRELATED: _SKIP_CHANGED},
    'ask': {
        Relation.AHEAD: _SKIP_AHEAD,
        Relation.BEHIND: _HOLD_TO_ASK,
        Relation.DIVERGED: _HOLD_TO_ASK,
        Relation.UNRELATED: _HOLD_TO_ASK},
    'force': {
        Relation.AHEAD: _SKIP_AHEAD,
        Relation.BEHIND: _FORCE,
        Relation.DIVERGED: _FORCE,
        Relation.UNRELATED: _FORCE},
    'keep': {
        Relation.AHEAD: _BENEATH,
        Relation.BEHIND: _BENEATH,
        Relation.DIVERGED: _BENEATH,
        Relation.UNRELATED: _BENEATH},
}


def rule_for(relation: Relation, requested: bool, policy: str,
             history_missing: bool) -> ExistingRule:
    """Return what a policy wants.

    :param relation: of the target page to the source page
    :param requested: whether a person named the page; else it is a
        dependency
    :param policy: a value of ``-existingpages``
    :param history_missing: whether the target lacks revisions that the
        plan would send
    """
    if relation is Relation.MISSING:
        return ExistingRule(Decision.IMPORT, Reason.REQUESTED if requested
                            else Reason.NEEDED, TextAfter.SOURCE)
    if relation is Relation.IDENTICAL:
        return _rule_for_identical(requested, policy, history_missing)
    if policy == 'keep' and not history_missing:
        return _SKIP_AHEAD
    return _DIFFERENT[policy][relation]


def _rule_for_identical(requested: bool, policy: str,
                        history_missing: bool) -> ExistingRule:
    """History is what people ask for; the text stays what it is."""
    if not history_missing:
        return ExistingRule(Decision.SKIP, Reason.IDENTICAL)
    if requested and policy != 'skip':
        return ExistingRule(Decision.IMPORT, Reason.HISTORY_MISSING)
    return ExistingRule(Decision.SKIP, Reason.HISTORY_MISSING)
