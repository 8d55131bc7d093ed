"""Requests bring the versions that were agreed to, or are asked again."""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from importbot import Importer
from tests.kit.request_wiki import Desk
from tests.kit.support import Box, Client


pytestmark = pytest.mark.wiki

#: What would be more than text, if it were not escaped.
NASTY = ('</pre><b>bold</b> [[Category:Diffed]] <nowiki>{{subst:x}} ~~~~'
         '</nowiki>{{Import request|status=approved}}\n|}\n{{{1|}}}</div>')
_numbers = itertools.count(1)


@pytest.fixture(scope='module')
def anna(box: Box) -> Client:
    return Desk(box).person('Anna Petit')


@pytest.fixture
def title(box: Box) -> str:
    name = f'Pinned {next(_numbers)}'
    box.on_source().edit(name, f'{name}: the first version.')
    return name


@pytest.fixture
def desk(box: Box) -> Iterator[Desk]:
    desk = Desk(box)
    yield desk
    desk.journal.close()


def filed(desk: Desk, by: Client, *titles: str, **fields: str) -> None:
    """File a request, and have its plan shown and approved."""
    desk.file('\n  '.join(titles), by, **fields)
    desk.work()
    assert desk.statuses == ['review']
    desk.approve(desk.admin)


def test_edited_source_is_looked_at_again(desk: Desk, anna: Client,
                                          title: str) -> None:
    source = desk.box.on_source()
    filed(desk, anna, title)
    before = source.history(title)[0]['revid']
    after = source.edit(title, f'{title}: the second version.\n{NASTY}')
    desk.work()
    assert desk.statuses == ['review']
    assert not desk.exists(title)
    shown = desk.text.rpartition('class="importbot-answer"')[2]
    assert 'Edited on the source since the plan was shown' in shown
    assert f'[[:en:Special:Diff/{before}/{after}|' in shown
    assert (f'-{title}: the first version.\n+{title}: the second version.'
            ) in unescape(shown)
    # What changed is data.
    assert len(desk.requests) == 1
    assert not desk.admin.get(list='categorymembers',
                              cmtitle='Category:Diffed')['categorymembers']
    html = desk.admin._send(action='parse', page=desk.page,
                            prop='text')['parse']['text']
    assert NASTY.partition('\n')[0] in unescape(html)
    assert html.count('</pre>') == 1
    desk.approve(desk.admin)
    desk.work()
    assert desk.statuses == ['done']
    assert desk.admin.history(title)[-1]['sha1'] == source.history(
        title)[-1]['sha1']
    assert desk.admin.text(title) == source.text(title)


def test_upload_brings_what_was_agreed_to(box: Box, anna: Client,
                                          title: str) -> None:
    desk = Desk(box, policy={'via': 'upload'})
    box.on_source().edit(f'Template:{title}', 'A template.')
    box.on_source().edit(title, f'The page. {{{{{title}}}}}')
    filed(desk, anna, title, templates='used')
    box.on_source().edit(title, '{{Something else}}')
    box.on_source().edit(f'Template:{title}', 'An exchanged template.')
    desk.work()
    assert desk.statuses == ['done'], desk.text
    assert desk.admin.text(title) == f'The page. {{{{{title}}}}}'
    assert desk.admin.text(f'Template:{title}') == 'A template.'


def test_trusted_source_needs_no_second_look(box: Box, anna: Client,
                                             title: str) -> None:
    desk = Desk(box, trusted=[box.prefix])
    filed(desk, anna, title)
    box.on_source().edit(title, 'Mended.')
    desk.work()
    assert desk.statuses == ['done']
    assert desk.admin.text(title) == 'Mended.'


def test_trusted_source_edited_under_way(
        box: Box, anna: Client, title: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(box, trusted=[box.prefix])
    filed(desk, anna, title)
    edit_while_fetched(monkeypatch, box, title)
    desk.work()
    assert desk.statuses == ['done'], desk.text
    assert desk.admin.text(title) == 'Edited under way.'


def test_plan_that_shrank_holds(desk: Desk, anna: Client,
                                title: str) -> None:
    other = f'{title} too'
    desk.box.on_source().edit(other, 'Another page.')
    filed(desk, anna, title, other)
    agreed = desk.requests[0].plan
    run = desk.box.pwb('importpages', '-source:en', f'-page:{other}',
                       '-templates:none', '-always')
    assert run.status == 0, run.output
    desk.work()
    assert desk.statuses == ['done'], desk.text
    assert desk.requests[0].plan == agreed
    assert desk.exists(title)


def edit_while_fetched(monkeypatch: pytest.MonkeyPatch, box: Box,
                       title: str) -> None:
    """Edit a page of the source between a look and the target's fetch."""
    send = Importer.from_wiki

    def late(importer: Importer, *args: Any, **kwargs: Any) -> Any:
        monkeypatch.undo()
        box.on_source().edit(title, 'Edited under way.')
        return send(importer, *args, **kwargs)

    monkeypatch.setattr(Importer, 'from_wiki', late)


def test_edit_that_slips_in_is_told(
        desk: Desk, anna: Client, title: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    filed(desk, anna, title)
    edit_while_fetched(monkeypatch, desk.box, title)
    desk.work()
    assert desk.statuses == ['failed']
    assert 'which nobody agreed to' in desk.text


def test_edit_under_way_is_asked_about(
        desk: Desk, anna: Client, title: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    last = f'{title} and then'
    desk.box.on_source().edit(last, 'Last of all.')
    filed(desk, anna, title, last)
    edit_while_fetched(monkeypatch, desk.box, last)
    desk.work()
    assert desk.statuses == ['review']
    assert desk.exists(title)
    assert not desk.exists(last)
    assert 'imported the other pages' in desk.text
    assert '+Edited under way.' in desk.text
    desk.approve(desk.admin)
    desk.work()
    assert desk.statuses == ['done']
    assert desk.admin.text(last) == 'Edited under way.'


def test_plan_of_an_older_release_is_shown_anew(
        desk: Desk, anna: Client, title: str) -> None:
    filed(desk, anna, title)
    record, = desk.log.open().values()
    assert record.saved_plan
    pages = [{name: value for name, value in page.items()
              if name != 'model'} for page in record.saved_plan['pages']]
    desk.log.save(replace(record, plan='0123456789abcdef', saved_plan={
        **record.saved_plan, 'id': '0123456789abcdef', 'pages': pages}))
    desk.edit(desk.admin, record.plan, '0123456789abcdef')
    desk.work()
    assert desk.statuses == ['review']
    assert not desk.exists(title)


def test_deleted_source_is_told(desk: Desk, anna: Client,
                                title: str) -> None:
    filed(desk, anna, title)
    desk.box.on_source().do('delete', title=title)
    desk.work()
    assert desk.statuses == ['question']
    assert 'the source has no such page any more' in desk.text
