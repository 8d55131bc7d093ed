"""Request pages, and people who work on them.

A file whose wikis are not the usual ones has a fixture ``box`` of its own.
"""
from __future__ import annotations

from collections.abc import Iterator

import pytest
import pywikibot

from importbot.applying import reconcile
from tests.kit.request_bot import ANNA, imports, killed_at, take
from tests.kit.request_wiki import RequestWiki
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


@pytest.fixture(scope='module')
def anna(box: Box) -> Client:
    """Somebody with no rights but everybody's."""
    return RequestWiki(box).person(ANNA)


@pytest.fixture(scope='module')
def mallory(box: Box) -> Client:
    """Somebody who wants what is not for them."""
    return RequestWiki(box).person('Mallory')


@pytest.fixture(scope='module')
def specimens(box: Box, request: pytest.FixtureRequest) -> Iterator[str]:
    """Titles of the source; a file says in SPECIMENS if it needs more."""
    return put_specimens(box, getattr(request.module, 'SPECIMENS', 60))


@pytest.fixture
def title(specimens: Iterator[str]) -> str:
    """A page of the source that no other test has."""
    return next(specimens)


@pytest.fixture
def wiki(box: Box) -> Iterator[RequestWiki]:
    """Request pages and a journal that no other test has."""
    wiki = RequestWiki(box)
    yield wiki
    wiki.journal.close()


@pytest.fixture
def no_waiting_for_the_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent and got no answer is soon looked for."""
    monkeypatch.setattr(reconcile, '_PAUSE', .3)
    monkeypatch.setattr(pywikibot.config, 'retry_wait', 0)


@pytest.fixture
def cut(wiki: RequestWiki, anna: Client,
        specimens: Iterator[str]) -> list[str]:
    """A request whose run was killed after the first of three pages."""
    # In the order of a plan.
    titles = sorted(take(specimens, 3))
    wiki.file('\n  '.join(titles), anna)
    wiki.work()
    wiki.approve(wiki.admin)
    killed_at(wiki, imports(titles[1]), arrives=True)
    assert wiki.statuses == ['importing']
    return titles
