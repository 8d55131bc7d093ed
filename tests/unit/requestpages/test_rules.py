"""Who has to agree: one condition after the other, and all together."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from importbot.model.decisions import Decision, Reason, Relation, Role
from importbot.model.plan import Endpoint, Plan, PlannedPage
from importbot.model.policy import Policy
from importbot.model.steps import ImportStep
from importbot.requestpages.configuration import Configuration, Rule, StopPage
from importbot.requestpages.who.approval import (
    Agreement,
    agreement_of,
    may_approve,
)
from importbot.wikis.people import User
from tests.kit.plans import titled
from tests.kit.references import wiki


NOW = '2024-07-01T12:00:00Z'
ANNA = User('Anna Petit', 7, frozenset({'*', 'user', 'autoconfirmed'}), 50,
            '2024-06-01T12:00:00Z')
IMPORT = (ImportStep('interwiki', history='full'), )


def page(target: str, role: Role = Role.REQUESTED, **more: Any,
         ) -> PlannedPage:
    return replace(PlannedPage(
        titled(target.rpartition(':')[2]), wiki('de').title(target), role,
        (), (), Relation.MISSING, Decision.IMPORT, Reason.REQUESTED,
        IMPORT, None, 10), **more)


ROVER = page('Benutzer:Anna Petit/Rover')
BOX = page('Vorlage:Box', Role.TEMPLATE)
KNOWN = page('Vorlage:Known', Role.TEMPLATE, relation=Relation.IDENTICAL,
             decision=Decision.SKIP, steps=(), revisions=None)


def plan(*pages: PlannedPage, prefix: str = 'en') -> Plan:
    return Plan(Endpoint('https://a/api.php', 'a', prefix),
                Endpoint('https://b/api.php', 'b'), Policy(),
                pages or (BOX, KNOWN, ROVER))


def agreement(*rules: dict[str, Any], requester: User | None = ANNA,
              of: Plan | None = None) -> Agreement:
    settings = Configuration(
        pages=['P'], sources=['en'], groups=['sysop', 'importer'],
        stop=StopPage(page='S'), rules=[Rule(**rule) for rule in rules])
    return agreement_of(of or plan(), requester, settings, NOW)


def holds(condition: dict[str, Any], requester: User | None = ANNA,
          of: Plan | None = None) -> bool:
    """Return whether a rule with one condition decides."""
    return agreement({'name': 'it', **condition}, requester=requester,
                     of=of).rule == 'it'


# Conditions of the plan

def plan_into(*targets: str) -> Plan:
    return plan(BOX, *map(page, targets))


@pytest.mark.parametrize(('of', 'expected'), [
    (plan_into('Benutzer:Anna Petit'), True),
    (plan_into('Benutzer:Anna Petit/Rover'), True),
    (plan_into('User:Anna_Petit/A/B'), True),
    (plan_into('Benutzerin:anna Petit/Rover'), True),
    (plan_into('Benutzer:Anna Petit/A', 'Benutzer:Anna Petit/B'), True),
    (plan_into('Benutzer:Anna Petit/A', 'Rover'), False),
    (plan_into('Benutzer:Anna Petite/Rover'), False),
    (plan_into('Benutzer:Anna'), False),
    (plan_into('Benutzer:Bert/Anna Petit'), False),
    (plan_into('Benutzer Diskussion:Anna Petit/Rover'), False),
    (plan_into('Anna Petit/Rover'), False),
    (plan_into('Anna Petit'), False),
    (plan_into(''), False),
], ids=range(13))
def test_own_user_space(of: Plan, expected: bool) -> None:
    assert holds({'ownuserspace': True}, of=of) is expected


def test_nobody_has_no_user_space() -> None:
    assert not holds({'ownuserspace': True}, None)
    assert not holds({'ownuserspace': True}, replace(ANNA, name=''))


@pytest.mark.parametrize(('pages', 'expected'), [
    ([BOX, ROVER], True), ([replace(BOX, relation=Relation.BEHIND), ROVER],
                           True),
    *(([BOX, replace(ROVER, relation=relation)], False)
      for relation in (None, *Relation) if relation != Relation.MISSING),
    ([ROVER, replace(ROVER, relation=Relation.BEHIND)], False)])
def test_missing(pages: list[PlannedPage], expected: bool) -> None:
    assert holds({'missing': True}, of=plan(*pages)) is expected


@pytest.mark.parametrize(('condition', 'of', 'expected'), [
    # Pages that come along, requested pages, revisions to send
    ({'maxtemplates': 0}, plan(ROVER), True),
    ({'maxtemplates': 0}, plan(KNOWN, ROVER), True),
    ({'maxtemplates': 0}, plan(BOX, ROVER), False),
    ({'maxtemplates': 0}, plan(page('Rover', Role.REDIRECT), ROVER), False),
    ({'maxtemplates': 1}, plan(BOX, KNOWN, ROVER), True),
    ({'maxtemplates': 1}, plan(BOX, BOX, ROVER), False),
    ({'maxpages': 0}, plan(), False),
    ({'maxpages': 1}, plan(BOX, BOX, ROVER), True),
    ({'maxpages': 1}, plan(ROVER, ROVER), False),
    ({'maxrevisions': 20}, plan(), True),
    ({'maxrevisions': 19}, plan(), False),
    ({'maxrevisions': 0}, plan(KNOWN), True),
    # Sources
    ({'sources': ['fr', 'en']}, plan(), True),
    ({'sources': ['fr']}, plan(), False),
    ({'sources': ['en']}, plan(prefix='w:en'), False),
    # Where requested pages go
    ({'namespaces': [2]}, plan(), True),
    ({'namespaces': [0, 2]}, plan_into('Rover', 'User:Anna'), True),
    ({'namespaces': [0]}, plan_into('Rover', 'User:Anna'), False),
    ({'namespaces': [10]}, plan_into('V:Rover'), True),
    ({'namespaces': [0]}, plan_into('V:Rover'), False),
    ({'namespaces': [0]}, plan_into('<'), False),
])
def test_conditions_of_the_plan(condition: dict[str, Any], of: Plan,
                                expected: bool) -> None:
    assert holds(condition, of=of) is expected


# Conditions of who asks

@pytest.mark.parametrize(('condition', 'changes', 'expected'), [
    ({'groups': ['editor', 'autoconfirmed']}, {}, True),
    ({'groups': ['editor']}, {}, False),
    ({'groups': ['user']}, {'groups': frozenset()}, False),
    ({'minedits': 50}, {}, True),
    ({'minedits': 51}, {}, False),
    ({'mindays': 30}, {}, True),
    ({'mindays': 31}, {}, False),
    ({'mindays': 30}, {'registered': '2024-06-01T12:00:01Z'}, False),
    # Older than the wiki's own record
    ({'mindays': 9_999}, {'registered': ''}, True),
    ({'groups': ['user'], 'minedits': 50, 'mindays': 30}, {}, True),
    ({'groups': ['user'], 'minedits': 51, 'mindays': 30}, {}, False),
    *((condition, {'id': 0, 'groups': frozenset({'*'})}, False)
      for condition in ({'groups': ['*']}, {'minedits': 1}, {'mindays': 1})),
])
def test_conditions_of_who_asks(condition: dict[str, Any],
                                changes: dict[str, Any],
                                expected: bool) -> None:
    assert holds(condition, replace(ANNA, **changes)) is expected


@pytest.mark.parametrize('condition', [
    {'groups': ['*']}, {'minedits': 1}, {'mindays': 1}])
def test_nobody_meets_no_condition(condition: dict[str, Any]) -> None:
    assert not holds(condition, None)


# The rules

def test_without_rules_the_groups_agree() -> None:
    assert agreement() == Agreement('', True, ('sysop', 'importer'))


def test_first_rule_that_holds_decides() -> None:
    rules: list[dict[str, Any]] = [
        {'name': 'none', 'maxpages': 0, 'approval': False},
        {'name': 'own', 'ownuserspace': True, 'missing': True,
         'maxrevisions': 20, 'approvers': ['editor']},
        {'name': 'all', 'approval': False}]
    assert agreement(*rules) == Agreement('own', True, ('editor', ))
    assert agreement(*rules, of=plan(ROVER, page('Rover'))) == Agreement(
        'all', False, ('sysop', 'importer'))
    assert agreement(*rules[::-1]).rule == 'all'
    assert agreement(*rules[:2], of=plan_into('Rover')) == Agreement(
        '', True, ('sysop', 'importer'))


def test_rule_counts_only_if_all_it_names_holds() -> None:
    conditions: dict[str, Any] = {
        'ownuserspace': True, 'missing': True, 'maxtemplates': 1,
        'maxpages': 1, 'maxrevisions': 20, 'sources': ['en'],
        'namespaces': [2], 'groups': ['user'], 'minedits': 50, 'mindays': 30}
    assert set(conditions) == Rule.model_fields.keys() - {
        'name', 'approval', 'approvers'}
    assert holds(conditions)
    broken = {'maxtemplates': 0, 'maxpages': 0, 'maxrevisions': 0,
              'sources': ['fr'], 'namespaces': [0], 'groups': ['sysop'],
              'minedits': 51, 'mindays': 31}
    for name, value in broken.items():
        assert not holds({**conditions, name: value}), name


@pytest.mark.parametrize('requester', [
    None, replace(ANNA, is_blocked=True), replace(ANNA, id=0),
    User('192.0.2.1', groups=frozenset({'*'})),
    replace(ANNA, groups=ANNA.groups | {'temp'})],
    ids=['unproved', 'blocked', 'gone', 'anonymous', 'temporary'])
def test_nobody_asks_alone_without_an_account_in_good_standing(
        requester: User | None) -> None:
    own: dict[str, Any] = {'name': 'own', 'approval': False}
    assert agreement(own) == Agreement('own', False, ('sysop', 'importer'))
    assert agreement(own, requester=requester) == Agreement(
        '', True, ('sysop', 'importer'))
    # A later rule can still say who agrees.
    assert agreement(own, {'name': 'all', 'approvers': ['editor']},
                     requester=requester) == Agreement(
        'all', True, ('editor', ))


# Who may

SYSOP = replace(ANNA, groups=ANNA.groups | {'sysop'})


@pytest.mark.parametrize(('user', 'expected'), [
    (SYSOP, True), (replace(SYSOP, edits=0, registered=''), True),
    (ANNA, False), (None, False), (replace(SYSOP, is_blocked=True), False),
    (replace(SYSOP, id=0), False), (replace(SYSOP, groups=frozenset()),
                                    False)])
def test_approver_is_in_a_group_and_not_blocked(user: User | None,
                                                expected: bool) -> None:
    assert may_approve(user, ['importer', 'sysop']) is expected


def test_nobody_approves_where_nobody_may() -> None:
    assert not may_approve(SYSOP, [])
