"""What makes the id of a plan, and which changes a yes still covers."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from importbot.model.agreement import SourceEdit, departure, identity
from importbot.model.decisions import (
    Decision,
    Reason,
    Relation,
    Role,
    TextAfter,
)
from importbot.model.plan import Endpoint, Plan, PlannedPage
from importbot.model.policy import Policy
from importbot.model.revisions import Revision
from importbot.model.steps import (
    CleanUpStep,
    EditStep,
    ImportStep,
    MoveStep,
    Step,
)
from tests.kit.plans import titled


def imported(title: str, **changes: Any) -> PlannedPage:
    page = PlannedPage(
        titled(title), titled(title), Role.MODULE, (), (), Relation.MISSING,
        Decision.IMPORT, Reason.NEEDED,
        (ImportStep('interwiki', history='full'), ),
        Revision(7, 6, '2020-01-01T00:00:07Z', 'a' * 40), 3, 300,
        model='Scribunto')
    return replace(page, **changes)


def skipped(title: str, **changes: Any) -> PlannedPage:
    return imported(title, **{
        'decision': Decision.SKIP, 'reason': Reason.IDENTICAL,
        'relation': Relation.IDENTICAL, 'steps': (), 'revisions': None,
        'size': None, **changes})


def plan_of(*pages: PlannedPage, **options: Any) -> Plan:
    return Plan(Endpoint('http://a/api.php', 'a', prefix='en'),
                Endpoint('http://b/api.php', 'b', user='Bot'),
                Policy(**options), pages)


AGREED = plan_of(imported('Module:A'), imported('Module:B'),
                 skipped('Module:C'))
NEWER = Revision(8, 7, '2020-01-01T00:00:08Z', 'b' * 40)


def with_first(**changes: Any) -> Plan:
    first, *others = AGREED.pages
    return replace(AGREED, pages=(replace(first, **changes), *others))


@pytest.mark.parametrize('change', [
    {'newest': NEWER},
    {'newest': replace(NEWER, sha1='a' * 40)},
    {'newest': Revision(7, 6, '2020-01-01T00:00:07Z', 'b' * 40)},
    {'model': 'javascript'},
    # A history that was put beneath the newest revision.
    {'revisions': 3001},
])
def test_source_s_version_is_part_of_the_id(change: dict[str, Any]) -> None:
    plan = with_first(**change)
    assert plan.id != AGREED.id
    found = departure(AGREED.as_json(), plan.as_json())
    assert (found.decided, found.elsewhere) == ((), False)
    (edit, ) = found.edited
    assert (edit.title, edit.before) == ('Module:A', 7)
    assert not found.is_none


@pytest.mark.parametrize('change', [
    {'newest': NEWER}, {'model': 'javascript'}])
def test_what_is_not_imported_is_not_in_the_id(
        change: dict[str, Any]) -> None:
    *others, last = AGREED.pages
    plan = replace(AGREED, pages=(*others, replace(last, **change)))
    assert plan.id == AGREED.id


def test_id_is_that_of_the_json() -> None:
    assert identity(AGREED.as_json()) == AGREED.id
    assert departure(AGREED.as_json(), AGREED.as_json()).is_none


def test_trusted_sources_may_go_on() -> None:
    plan = with_first(newest=NEWER, revisions=4)
    assert departure(AGREED.as_json(), plan.as_json(), trusted=True).is_none
    # What is a script now was none then.
    code = with_first(newest=NEWER, model='javascript')
    assert departure(AGREED.as_json(), code.as_json(), trusted=True
                     ).edited == (SourceEdit('Module:A', 7, 8), )


def test_plan_that_only_shrank_still_holds() -> None:
    first, second, third = AGREED.pages
    brought = skipped(str(first.title), newest=NEWER)
    plan = replace(AGREED, pages=(brought, second, third))
    assert plan.id != AGREED.id
    assert departure(AGREED.as_json(), plan.as_json()).is_none


@pytest.mark.parametrize('spoil', [
    # Others have brought one, and something else is not as it was.
    lambda page: replace(page, newest=NEWER),
    lambda page: replace(page, target=titled('Module:Elsewhere')),
    lambda page: replace(page, reason=Reason.FORCED),
    lambda page: replace(page, steps=(ImportStep('upload'), )),
    lambda page: skipped(str(page.title), relation=Relation.AHEAD,
                         reason=Reason.NOTHING_TO_BRING),
    lambda page: skipped(str(page.title), relation=Relation.BEHIND,
                         reason=Reason.EXISTS),
])
def test_what_is_left_of_a_plan_is_as_agreed(
        spoil: Callable[[PlannedPage], PlannedPage]) -> None:
    first, second, third = AGREED.pages
    plan = replace(AGREED, pages=(skipped(str(first.title)),
                                  spoil(second), third))
    assert not departure(AGREED.as_json(), plan.as_json()).is_none


def test_way_to_a_title_is_nothing_to_agree_to() -> None:
    def to_user_space(*steps: Step) -> Plan:
        return with_first(target=titled('User:Anna/A'), steps=steps)

    full = ImportStep('interwiki', history='full')
    below = replace(full, rootpage='User:Anna')
    agreed = to_user_space(full, MoveStep('A')).as_json()
    for steps in ((below, ), (replace(below, history='current'), below),
                  (replace(full, rootpage='User:Bot'), MoveStep('User:Bot/A')),
                  (replace(full, namespace=2), )):
        plan = to_user_space(*steps)
        assert plan.id != agreed['id']
        assert departure(agreed, plan.as_json()).is_none
    for steps in ((ImportStep('upload', 'title', 'full'), ),
                  (replace(below, history='current'), ),
                  (replace(below, replaces=5), ),
                  (below, EditStep(TextAfter.SOURCE)),
                  (below, CleanUpStep(('note:C', )))):
        assert departure(agreed, to_user_space(*steps).as_json()).decided


def test_more_or_fewer_pages_or_another_order_is_another_plan() -> None:
    first, second, third = AGREED.pages
    for pages in ((first, second), (second, first, third),
                  (first, second, third, imported('Module:D')),
                  (first, second, third,
                   skipped('Module:D', relation=Relation.BEHIND))):
        plan = replace(AGREED, pages=pages)
        assert not departure(AGREED.as_json(), plan.as_json()).is_none


def test_other_summary_is_another_plan() -> None:
    plan = plan_of(*AGREED.pages, summary='Spam')
    assert departure(AGREED.as_json(), plan.as_json()).elsewhere
    assert plan.id != AGREED.id


def test_plan_of_an_older_release_is_not_taken_for_this_one() -> None:
    data = AGREED.as_json()
    for page in data['pages']:
        del page['model']
    assert identity(data) != AGREED.id
