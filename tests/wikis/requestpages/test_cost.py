"""What a pass costs that has nothing to do, counted on the wire."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from importbot.requestpages.page import parser as readers
from importbot.requestpages.page.scanner import Snippet
from tests.kit.many_requests import fill
from tests.kit.proxy import Exchange
from tests.kit.request_bot import passes
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Box


COUNT = 200
#: Requests to both wikis together.
MOST = 12
#: The same where one request is new and answered.
MOST_FOR_ONE = 26


@pytest.fixture(scope='module')
def wiki(box: Box) -> Iterator[RequestWiki]:
    wiki = RequestWiki(box)
    fill(wiki, COUNT)
    yield wiki
    wiki.journal.close()


def api(box: Box) -> list[Exchange]:
    return [exchange for proxy in (box.source, box.target)
            for exchange in proxy.exchanges]


def test_pass_with_nothing_to_do(wiki: RequestWiki) -> None:
    box, before = wiki.box, wiki.text
    assert len(before) > 300_000
    assert len(wiki.requests) == COUNT
    # pywikibot itself learns a wiki once in 30 days.
    assert passes(wiki).status == 0
    for proxy in (box.source, box.target):
        proxy.exchanges.clear()
    run = passes(wiki)
    assert run.status == 0, run.output
    assert ' looked at, ' in run.output
    asked = [str(dict(exchange.parameters))[:200] for exchange in api(box)]
    assert len(asked) <= MOST, '\n'.join(asked)
    assert not box.source.exchanges
    assert wiki.text == before


def test_one_new_request_is_all_that_costs_more(wiki: RequestWiki) -> None:
    # Not the number of requests, but that of those with something to do.
    wiki.file('Foo', source='xx')
    box = wiki.box
    box.target.exchanges.clear()
    run = passes(wiki)
    assert run.status == 0, run.output
    assert wiki.statuses.count('question') == COUNT // 20 + 1
    assert len(api(box)) <= MOST_FOR_ONE


def test_every_request_is_read_once(
        wiki: RequestWiki, monkeypatch: pytest.MonkeyPatch) -> None:
    found: Counter[str] = Counter()

    class Counted(Snippet):

        def __init__(self, text: str) -> None:
            found['parsed'] += 1
            super().__init__(text)

    def count(*_statement: Any) -> None:
        found['statements'] += 1

    monkeypatch.setattr(readers, 'Snippet', Counted)
    sa.event.listen(sa.Engine, 'before_cursor_execute', count)
    try:
        assert wiki.work().treated == 0
    finally:
        sa.event.remove(sa.Engine, 'before_cursor_execute', count)
    assert found['parsed'] <= COUNT + 1
    assert found['statements'] <= 4
