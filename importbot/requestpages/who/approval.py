"""Who has to agree to what: the rules of the configuration, in order."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from importbot.model.decisions import Relation, Role
from importbot.model.plan import Plan, PlannedPage
from importbot.model.titles import USER
from importbot.requestpages.configuration import Configuration, Rule
from importbot.wikis.people import User


__all__ = ('Agreement', 'agreement_of', 'may_approve')


@dataclass(frozen=True)
class Agreement:

    """Who has to agree to a plan.

    :param rule: name of the rule that decided, empty for none
    :param is_needed: whether somebody has to approve
    :param approvers: groups one of which that has to be
    """

    rule: str
    is_needed: bool
    approvers: tuple[str, ...]


def agreement_of(plan: Plan, requester: User | None,
                 configuration: Configuration, now: str) -> Agreement:
    """Return who has to agree to a plan.

    :param requester: who asked for it, None where nothing proves it
    :param now: time of the wiki, ISO 8601
    """
    for rule in configuration.rules:
        if _holds(rule, plan, requester, now) and (
                rule.approval or _may_ask_alone(requester)):
            return Agreement(rule.name, rule.approval, tuple(
                rule.approvers or configuration.groups))
    return Agreement('', True, tuple(configuration.groups))


def may_approve(user: User | None, approvers: Sequence[str]) -> bool:
    """Return whether an account may approve, as it is now.

    :param user: the account, None if there is none
    :param approvers: groups one of which it has to be in
    """
    return (user is not None and user.id > 0 and not user.is_blocked
            and not user.groups.isdisjoint(approvers))


def _may_ask_alone(requester: User | None) -> bool:
    """Not the blocked, the unknown, the anonymous and the temporary."""
    return (requester is not None and requester.id > 0
            and not requester.is_blocked
            and 'temp' not in requester.groups)


def _holds(rule: Rule, plan: Plan, requester: User | None,
           now: str) -> bool:
    requested = [page for page in plan.pages if page.role is Role.REQUESTED]
    others = sum(bool(page.steps) for page in plan.pages
                 if page.role is not Role.REQUESTED)
    revisions = sum(page.revisions or 0 for page in plan.pages)
    return all((
        not rule.ownuserspace or all(
            _is_own(page, requester) for page in requested),
        not rule.missing or all(page.relation is Relation.MISSING
                                for page in requested),
        _within(others, rule.maxtemplates),
        _within(len(requested), rule.maxpages),
        _within(revisions, rule.maxrevisions),
        not rule.sources or plan.source.prefix in rule.sources,
        not rule.namespaces or all(
            page.target is not None
            and page.target.namespace in rule.namespaces
            for page in requested),
        _is_known(rule, requester, now)))


def _within(number: int, most: int | None) -> bool:
    return most is None or number <= most


def _is_own(page: PlannedPage, requester: User | None) -> bool:
    """Whether a page goes to the requester's user page or below it."""
    return (page.target is not None and requester is not None
            and page.target.namespace == USER
            and page.target.name.partition('/')[0] == requester.name)


def _is_known(rule: Rule, requester: User | None, now: str) -> bool:
    if not (rule.groups or rule.minedits or rule.mindays):
        return True
    if requester is None or not requester.id:
        return False
    registered = requester.registered and _time(requester.registered)
    return ((not rule.groups or not requester.groups.isdisjoint(rule.groups))
            and requester.edits >= rule.minedits
            # Accounts older than the wiki's own record have no date.
            and (not rule.mindays or not registered or _time(now)
                 - registered >= timedelta(days=rule.mindays)))


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace('Z', '+00:00'))
