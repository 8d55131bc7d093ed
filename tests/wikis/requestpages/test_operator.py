"""Requests that wait until the bot may do what they need."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Client


SPECIMENS = 8


@contextmanager
def lacking(wiki: RequestWiki) -> Iterator[None]:
    """Take the bot's right to import away for a while."""
    wiki.rights(ImportBot={'remove': 'importer'})
    try:
        yield
    finally:
        wiki.rights(ImportBot={'add': 'importer'})


def revisions(wiki: RequestWiki) -> int:
    return len(wiki.admin.history(wiki.page))


def test_new_request_waits_and_is_tried_again(
        wiki: RequestWiki, anna: Client, title: str,
        capsys: pytest.CaptureFixture[str]) -> None:
    wiki.file(title, anna)
    with lacking(wiki):
        assert wiki.work().failed
        assert wiki.statuses == ['operator']
        answer, = wiki.answers()
        assert 'lacks a right' in answer and 'operator has been told' in answer
        for technical in ('importupload', 'API', 'OAuth', 'ImportBot'):
            assert technical not in answer.partition('[[User')[0]
        before = revisions(wiki)
        capsys.readouterr()
        assert wiki.work().failed
        told = capsys.readouterr().err
        assert told.count('lacks the right "import"') == 1
        assert 'Requests wait for the operator' in told
        assert revisions(wiki) == before
        # What is edited meanwhile is another wish, and waits as well.
        wiki.edit(anna, 'templates = none', 'templates = used')
        wiki.work()
        assert wiki.statuses == ['operator']
    assert wiki.work().failed == 0
    assert wiki.statuses == ['review']
    wiki.approve(wiki.admin)
    assert wiki.work().failed == 0
    assert wiki.statuses == ['done']


def test_what_was_approved_keeps_its_approval(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    wiki.file(title, anna)
    wiki.work()
    wiki.approve(wiki.admin)
    with lacking(wiki):
        assert wiki.work().failed
        assert wiki.statuses == ['approved']
        assert 'lacks a right' in wiki.answers()[1]
        before = revisions(wiki)
        assert wiki.work().failed
        assert revisions(wiki) == before
        assert not wiki.exists(title)
    assert wiki.work().failed == 0
    assert wiki.statuses == ['done']
    assert len(wiki.answers()) == 3


def test_all_that_is_wrong_is_said_at_once(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    wiki.file(f'{title}\n  No such page\n  A&#91;B\n'
              '  MediaWiki talk:X → MediaWiki:Y', anna, history='sometimes',
              exlude='A', before='yesterday')
    assert wiki.work().failed == 0
    assert wiki.statuses == ['question']
    answer, = wiki.answers()
    for said in ('"history" cannot be', 'full, current', 'yesterday',
                 'exlude', '"exclude" is meant', 'line cannot be read',
                 'MediaWiki:Y', 'does not have', 'No such page'):
        assert said in answer.replace('&quot;', '"'), (said, answer)
    wiki.edit(anna, 'history = sometimes', 'history = full')
    wiki.edit(anna, ' |before = yesterday\n', '')
    wiki.edit(anna, '  A&#91;B\n  MediaWiki talk:X → MediaWiki:Y\n', '')
    assert wiki.work().failed == 0
    # The parameter that means nothing is no obstacle.
    assert wiki.statuses == ['review']
    assert 'exlude' in wiki.answers()[1]
