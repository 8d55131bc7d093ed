"""How many API requests planning costs, counted on the wire."""
from __future__ import annotations

from math import ceil
from typing import Any

import pytest

from importbot.flows.plan import plan_titles
from importbot.flows.wikipair import connect
from importbot.model.policy import Policy
from tests.proxy import Proxy
from tests.support import Box, site_of


pytestmark = pytest.mark.wiki


def api_requests(*proxies: Proxy) -> int:
    return sum(exchange.path.endswith('/api.php')
               for proxy in proxies for exchange in proxy.exchanges)


def cost(box: Box, titles: list[str], **options: Any) -> tuple[int, int]:
    """Return requests on both wikis and the number of titles asked for.

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
                               for title in titles], policy)
    return (api_requests(box.source, box.target), len(plan.pages))


#: Templates by what they mention: a tree whose leaves are chains.
CHAIN = {number: [child for child in (
    (2 * number + 1, 2 * number + 2) if number < 40 else (number + 13, ))
    if child < 130] for number in range(130)}


@pytest.fixture(scope='module')
def depth(box: Box) -> int:
    """Write the templates of :data:`CHAIN`; return how deep they hang."""
    source = box.on_source()
    for number, children in CHAIN.items():
        source.edit(f'Template:Chain {number}', f'{number}: ' + ''.join(
            f'{{{{#if:{{{{{{x|}}}}}}|{{{{Chain {child}}}}}}}}}'
            for child in children))
    levels, level = 0, {0}
    seen = {0}
    while level := {child for number in level for child in CHAIN[number]
                    if child not in seen}:
        seen |= level
        levels += 1
    return levels


def bound(titles: int, depth: int) -> int:
    return 4 + depth + 3 * ceil(titles / 50)


def test_article_with_what_it_uses(box: Box) -> None:
    requests, titles = cost(box, ['Rover'])
    assert titles > 50
    # The rendering names all of the closure at once: two levels.
    assert requests <= bound(titles, 2)


def test_closure_of_mentions(box: Box, depth: int) -> None:
    requests, titles = cost(box, ['Template:Chain 0'])
    assert titles == 130
    assert requests <= bound(titles, depth)


def test_everything_that_articles_mention(box: Box) -> None:
    requests, titles = cost(box, ['Rover', 'Kestrel (rover)',
                                  'Dust mitigation'],
                            templates='mentioned')
    assert requests <= bound(titles, 5)


@pytest.mark.usefixtures('depth')
def test_many_requested_pages(box: Box) -> None:
    names = [f'Template:Chain {number}' for number in range(130)]
    requests, titles = cost(box, names, templates='none')
    assert titles == 130
    assert requests <= bound(titles, 1)
