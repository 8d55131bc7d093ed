"""How many API requests planning costs, counted on the wire."""
from __future__ import annotations

from math import ceil
from typing import Any

import pytest

from importbot.model.decisions import Relation, Role
from importbot.model.plan import Plan
from importbot.model.policy import Policy
from importbot.planning.plan import plan_titles
from importbot.sources.transfer import connect
from tests.kit.proxy import Proxy
from tests.kit.support import Box, site_of, write_histories


def api_requests(*proxies: Proxy) -> int:
    return sum(exchange.path.endswith('/api.php')
               for proxy in proxies for exchange in proxy.exchanges)


def cost(box: Box, titles: list[str], **options: Any,
         ) -> tuple[int, int, int]:
    """Return requests on both wikis, the bound on them, and the pages.

    The sites are made and logged in before: what pywikibot itself asks
    for that does not count.
    """
    policy = Policy(**options)
    site_of(box.source).siteinfo['general']
    site_of(box.target).login()
    connect(site_of(box.target), box.prefix, policy)
    for proxy in (box.source, box.target):
        proxy.exchanges.clear()
    wikis = connect(site_of(box.target), box.prefix, policy)
    plan = plan_titles(wikis, [wikis.source_info.title(title)
                                             for title in titles])
    # Pages that both wikis have and whose texts differ, on both wikis; and
    # those whose revisions are counted before they are sent.
    histories = 2 * sum(page.relation in (
        Relation.AHEAD, Relation.BEHIND, Relation.DIVERGED,
        Relation.UNRELATED) for page in plan.pages) + sum(
            (page.revisions or 0) > 1 for page in plan.pages)
    bound = (4 + depth_of(plan) + 3 * ceil(len(plan.pages) / 50)
             + histories)
    return (api_requests(box.source, box.target), bound, len(plan.pages))


def depth_of(plan: Plan) -> int:
    """Return how many steps the farthest page is from the request."""
    children: dict[str, set[str]] = {}
    for page in plan.pages:
        for parent in page.needed_by:
            children.setdefault(str(parent), set()).add(str(page.title))
    seen = level = {str(page.title) for page in plan.pages
                    if page.role is Role.REQUESTED}
    depth = 0
    while level := {child for parent in level
                    for child in children.get(parent, ())} - seen:
        seen = seen | level
        depth += 1
    return depth


#: Templates by what they mention: a tree whose leaves are chains.
CHAIN = {number: [child for child in (
    (2 * number + 1, 2 * number + 2) if number < 40 else (number + 13, ))
    if child < 130] for number in range(130)}


#: When all pages of this file were written.
WHEN = '2020-01-01T00:00:00Z'


def write(box: Box, pages: dict[str, str]) -> None:
    """Put pages on the source: texts by title."""
    write_histories(box.source_tree, box.folder / 'source', 'old', {
        title: [(WHEN, text)] for title, text in pages.items()})


@pytest.fixture(scope='module')
def chain(box: Box) -> None:
    """Write the templates of :data:`CHAIN`."""
    write(box, {f'Template:Chain {number}': f'{number}: ' + ''.join(
        f'{{{{#if:{{{{{{x|}}}}}}|{{{{Chain {child}}}}}}}}}'
        for child in children) for number, children in CHAIN.items()})


def test_article_with_what_it_uses(box: Box) -> None:
    requests, bound, titles = cost(box, ['Rover'])
    assert titles > 50
    assert requests <= bound < titles


@pytest.mark.usefixtures('chain')
def test_closure_of_mentions(box: Box) -> None:
    requests, bound, titles = cost(box, ['Template:Chain 0'])
    assert titles == 130
    assert requests <= bound < titles


def test_everything_that_articles_mention(box: Box) -> None:
    requests, bound, titles = cost(box, ['Rover', 'Kestrel (rover)',
                                         'Dust mitigation'],
                                   templates='mentioned')
    assert requests <= bound < titles


@pytest.mark.usefixtures('chain')
def test_many_requested_pages(box: Box) -> None:
    names = [f'Template:Chain {number}' for number in range(130)]
    requests, bound, titles = cost(box, names, templates='none')
    assert titles == 130
    assert requests <= bound < titles


@pytest.mark.parametrize('count', [
    120, pytest.param(500, marks=pytest.mark.soak)])
def test_closure_of_500_templates(box: Box, count: int) -> None:
    # The page that uses them is last, or each of them has it parsed anew.
    write(box, {
        **{f'Template:Part {number}': f'part {number}'
           for number in range(count)},
        f'Large {count}': ''.join(f'{{{{Part {number}}}}}'
                                  for number in range(count))})
    requests, bound, titles = cost(box, [f'Large {count}'], maxpages=0)
    assert titles == count + 1
    assert requests <= bound
