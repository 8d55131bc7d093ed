"""The tables of policies, made from the rules."""
from __future__ import annotations

from importbot.model.decisions import Decision, Relation, TextAfter
from importbot.model.options import OPTIONS
from importbot.rules.existing import ExistingRule, rule_for


__all__ = ('policy_table', )


def policy_table(requested: bool) -> str:
    """Return relation × policy as a Markdown table.

    :param requested: for pages that a person named; else for dependencies
    """
    policies = OPTIONS.field('existingpages' if requested
                             else 'existing').values
    lines = ['| relation | ' + ' | '.join(policies) + ' |',
             '|---' * (len(policies) + 1) + '|']
    for relation in Relation:
        for history_missing in _histories(relation, requested):
            name = relation.value + (', history missing' if history_missing
                                     else '')
            cells = (_cell(rule_for(relation, requested, policy,
                                    history_missing is not False))
                     for policy in policies)
            lines.append(f'| `{name}` | ' + ' | '.join(cells) + ' |')
    return '\n'.join(lines) + '\n'


def _histories(relation: Relation,
               requested: bool) -> tuple[bool | None, ...]:
    """Return whether a missing history makes a row of its own.

    None stands for what has no such rows.
    """
    if relation is Relation.IDENTICAL:
        return (False, True) if requested else (False, )
    return (None, )


def _cell(rule: ExistingRule) -> str:
    text = f'{rule.decision.value} (`{rule.reason.value}`)'
    if rule.decision is Decision.IMPORT:
        whose = ("the source's" if rule.text_after is TextAfter.SOURCE
                 else 'the local')
        text += f', {whose} text'
    return text
