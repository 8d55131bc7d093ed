"""Clean-ups that the configuration of request pages names."""
from __future__ import annotations

import itertools

import pytest

from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Box, Client


TEXT = 'A rover.\n[[Category:Mars]]'
POST = ['note:Imported', 'nocategories']
_numbers = itertools.count(1)


@pytest.fixture
def wiki(box: Box) -> RequestWiki:
    return RequestWiki(box, policy={'post': POST})


@pytest.fixture
def title(box: Box) -> str:
    title = f"Tidy ''{next(_numbers)}''"
    box.on_source().edit(title, TEXT)
    return title


def test_plan_says_what_is_cleaned_up(wiki: RequestWiki, anna: Client,
                                      title: str) -> None:
    wiki.file(title, anna)
    assert wiki.work().failed == 0
    answer, = wiki.answers()
    shown = title.replace("''", "'&#39;")
    assert ('* Edited after the import by note:Imported, nocategories: '
            f'<bdi>[[:{shown}]]</bdi>') in answer
    assert 'The target has no "Template:Imported"' in answer
    wiki.approve(wiki.admin)
    assert wiki.work().failed == 0
    assert wiki.statuses == ['done']
    revision = wiki.box.on_source().history(title)[0]['revid']
    assert wiki.admin.text(title) == (
        f'A rover.\n{{{{Imported|en|{title}|{revision}}}}}\n'
        '<!-- [[Category:Mars]] -->')


def test_other_cleanups_now_are_another_plan(wiki: RequestWiki, anna: Client,
                                             title: str) -> None:
    wiki.file(title, anna)
    wiki.work()
    wiki.approve(wiki.admin)
    wiki.box.on_source().edit(title, 'A rover.')
    wiki.work()
    assert wiki.statuses == ['review']
    assert not wiki.exists(title)
    last = wiki.answers()[-1]
    assert 'the plan is another one by now' in last
    assert (': import, not on the target, note:Imported, nocategories, now '
            'import, not on the target, note:Imported\n') in last
    assert 'Edited after the import by note:Imported: ' in last


def test_request_cannot_name_one(box: Box, anna: Client,
                                 title: str) -> None:
    wiki = RequestWiki(box)
    wiki.file(title, anna, post='nocategories')
    wiki.work()
    answer, = wiki.answers()
    assert 'Parameters that mean nothing here: "post"' in answer
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.admin.text(title) == TEXT


def test_cleanup_that_cannot_be_done_is_told_to_the_operator(
        box: Box, anna: Client, title: str,
        capsys: pytest.CaptureFixture[str]) -> None:
    wiki = RequestWiki(box, policy={'post': ['note:<b>']})
    wiki.file(title, anna)
    assert wiki.work().failed == 1
    assert 'note:<b> names no template' in capsys.readouterr().err
    assert wiki.statuses == ['question']
    # Who asked for the page can do nothing about it.
    answer, = wiki.answers()
    assert 'operator of the robot has been told' in answer
    assert 'note:' not in answer
