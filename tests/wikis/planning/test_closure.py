"""Which pages a plan takes, on the sample wiki."""
from __future__ import annotations

from typing import Any

import pytest

from importbot.model.decisions import Evidence, Role
from importbot.model.plan import Plan, PlannedPage, as_text, texts_of
from importbot.model.policy import Policy
from importbot.planning.plan import plan_titles
from importbot.planning.search import find_closure
from tests.kit.support import Box, transfer_of


def plan(wikis: Any, *titles: str, **policy: Any) -> Plan:
    return plan_titles(
        wikis.under(Policy(**policy)),
        [wikis.source_info.title(title) for title in titles])


def pages(wikis: Any, *titles: str, **policy: Any,
          ) -> dict[str, PlannedPage]:
    return {str(page.title): page
            for page in plan(wikis, *titles, **policy).pages}


def used(wikis: Any, title: str) -> set[str]:
    return set(wikis.source.pages([title], transcluded=True)[title]
               .transcluded)


def test_none_takes_just_the_pages(wikis: Any) -> None:
    assert pages(wikis, 'Rover', templates='none').keys() == {'Rover'}


@pytest.mark.parametrize('title', ['Rover', 'Kestrel (rover)',
                                   'Dust mitigation', 'Main Page'])
def test_used_takes_what_the_parser_used(wikis: Any, title: str) -> None:
    assert (pages(wikis, title, templates='used').keys()
            == used(wikis, title) | {title})


def test_auto_is_used_for_an_article(wikis: Any) -> None:
    assert pages(wikis, 'Rover').keys() == pages(
        wikis, 'Rover', templates='used').keys()


def test_auto_takes_what_a_requested_template_mentions(wikis: Any) -> None:
    found = pages(wikis, 'Template:Infobox rover')
    assert 'Template:Conditional note' in found  # a branch not taken
    assert found['Template:Infobox rover/doc'].role is Role.DOCUMENTATION
    assert found['Module:Infobox'].role is Role.MODULE
    assert found['Template:Infobox rover/styles.css'].role is Role.STYLE
    assert 'Module:Arguments' in found  # required by Lua


def test_mentioned_takes_branches_and_documentation(wikis: Any) -> None:
    found = pages(wikis, 'Rover', templates='mentioned')
    assert found.keys() > pages(wikis, 'Rover').keys()
    assert found['Template:Conditional note'].evidence == (
        Evidence.MENTIONED, )
    assert found['Template:Convert/doc'].role is Role.DOCUMENTATION


def test_traps_are_not_taken(wikis: Any) -> None:
    found = pages(wikis, 'Rover', 'Syntax examples', templates='mentioned')
    assert 'Template:Never used' not in found
    assert 'Module:Ghost' not in found


def test_evidence_and_who_needs_it(wikis: Any) -> None:
    found = pages(wikis, 'Rover')
    both = (Evidence.MENTIONED, Evidence.USED)
    assert found['Template:Cite web'].evidence == both
    # A redirect and its target, callers intact.
    assert found['Template:Citation web'].role is Role.REDIRECT
    assert texts_of(found['Template:Cite web'].needed_by) == [
        'Rover', 'Template:Citation web']
    # What Lua alone asks for, or a name that is put together.
    assert found['Module:Citation/formats'].evidence == (Evidence.USED, )
    assert texts_of(found['Module:Citation/formats'].needed_by) == ['Rover']
    assert found['List of rovers/table'].role is Role.TRANSCLUDED


def test_names_that_depend_are_unresolved_and_not_guessed(
        wikis: Any) -> None:
    found = plan(wikis, 'Template:Status')
    assert [(item.name, texts_of(item.needed_by))
            for item in found.unresolved][:1] == [
        ('Status/{{lc:{{{1|unknown}}}}}', ['Template:Status'])]


def test_template_that_exists_nowhere_is_skipped(wikis: Any) -> None:
    page = pages(wikis, 'Template:Launch date')['Template:Precise epoch']
    assert (page.decision.value, page.reason.value, page.newest) == (
        'skip', 'not-on-source', None)


def test_cycles_end_and_every_page_stands_once(wikis: Any) -> None:
    found = plan(wikis, 'Template:Predecessor', 'Template:Article note')
    titles = [str(page.title) for page in found.pages]
    assert len(titles) == len(set(titles))
    assert {'Template:Successor', 'Template:Template note'} <= set(titles)


def test_every_page_comes_after_what_it_needs(wikis: Any) -> None:
    found = plan(wikis, 'Rover', templates='mentioned').pages
    place = {str(page.title): number for number, page in enumerate(found)}
    closure = find_closure(wikis.under(Policy(templates='mentioned')),
                           [wikis.source_info.title('Rover')])
    spell = str
    late = {(spell(title), spell(other))
            for title, node in closure.nodes.items()
            for other in node.mentions & closure.nodes.keys()
            if place[spell(other)] > place[spell(title)]}
    # Only pages that need each other cannot both come first.
    for page, needed in late:
        assert page in reachable(closure, spell, needed), (page, needed)


def reachable(closure: Any, spell: Any, start: str) -> set[str]:
    nodes = {spell(title): node for title, node in closure.nodes.items()}
    seen, stack = set(), [start]
    while stack:
        title = stack.pop()
        if title in nodes and title not in seen:
            seen.add(title)
            stack += map(spell, nodes[title].mentions
                         | nodes[title].rendered)
    return seen


def test_requested_pages_come_last(wikis: Any) -> None:
    found = plan(wikis, 'Rover', 'Template:Nowrap', 'Longstride').pages
    roles = [page.role is Role.REQUESTED for page in found]
    assert roles == sorted(roles)
    assert {str(page.title) for page in found[-3:]} == {
        'Template:Nowrap', 'Rover', 'Longstride'}
    titles = [str(page.title) for page in found]
    assert titles.index('Template:Nowrap') < titles.index('Rover')


def test_equal_input_gives_equal_bytes(box: Box, wikis: Any) -> None:
    first = plan(wikis, 'Rover', 'Kestrel (rover)', templates='mentioned')
    again = plan(transfer_of(box), 'Rover', 'Kestrel (rover)',
                 templates='mentioned')
    assert as_text(first.as_json()) == as_text(again.as_json())
