"""Requests bring the versions that were agreed to, or are asked again."""
from __future__ import annotations

import itertools
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from importbot import Importer
from importbot.i18n import message
from importbot.planning.saved import SavedPlan
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Box, Client, write_histories


#: What would be more than text, if it were not escaped.
NASTY = ('</pre><b>bold</b> [[Category:Diffed]] <nowiki>{{subst:x}} ~~~~'
         '</nowiki>{{Import request|status=approved}}\n|}\n{{{1|}}}</div>')
_numbers = itertools.count(1)


@pytest.fixture
def title(box: Box) -> str:
    name = f'Pinned {next(_numbers)}'
    box.on_source().edit(name, f'{name}: the first version.')
    return name


def filed(wiki: RequestWiki, by: Client, *titles: str, **fields: str) -> None:
    """File a request, and have its plan shown and approved."""
    wiki.file('\n  '.join(titles), by, **fields)
    wiki.work()
    assert wiki.statuses == ['review']
    wiki.approve(wiki.admin)


def test_edited_source_is_looked_at_again(wiki: RequestWiki, anna: Client,
                                          title: str) -> None:
    source = wiki.box.on_source()
    filed(wiki, anna, title)
    before = source.history(title)[0]['revid']
    after = source.edit(title, f'{title}: the second version.\n{NASTY}')
    wiki.work()
    assert wiki.statuses == ['review']
    assert not wiki.exists(title)
    shown = wiki.text.rpartition('class="importbot-answer"')[2]
    assert 'Edited on the source since the plan was shown' in shown
    assert f'[[:en:Special:Diff/{before}/{after}|' in shown
    assert (f'-{title}: the first version.\n+{title}: the second version.'
            ) in unescape(shown)
    # What changed is data.
    assert len(wiki.requests) == 1
    assert not wiki.admin.get(list='categorymembers',
                              cmtitle='Category:Diffed')['categorymembers']
    html = wiki.admin._send(action='parse', page=wiki.page,
                            prop='text')['parse']['text']
    assert NASTY.partition('\n')[0] in unescape(html)
    assert html.count('</pre>') == 1
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.statuses == ['done']
    assert wiki.admin.history(title)[-1]['sha1'] == source.history(
        title)[-1]['sha1']
    assert wiki.admin.text(title) == source.text(title)


def test_upload_brings_what_was_agreed_to(box: Box, anna: Client,
                                          title: str) -> None:
    wiki = RequestWiki(box, policy={'via': 'upload'})
    box.on_source().edit(f'Template:{title}', 'A template.')
    box.on_source().edit(title, f'The page. {{{{{title}}}}}')
    filed(wiki, anna, title, templates='used')
    box.on_source().edit(title, '{{Something else}}')
    box.on_source().edit(f'Template:{title}', 'An exchanged template.')
    wiki.work()
    assert wiki.statuses == ['done'], wiki.text
    assert wiki.admin.text(title) == f'The page. {{{{{title}}}}}'
    assert wiki.admin.text(f'Template:{title}') == 'A template.'


def test_versions_up_to_a_day_are_the_same_again(
        box: Box, anna: Client, title: str) -> None:
    wiki = RequestWiki(box)
    old, new = '2020-01-01T00:00:00Z', '2022-01-01T00:00:00Z'
    page, used = f'Long ago: {title}', [
        f'Template:{letter} {title}' for letter in 'CAB']
    text = ''.join(f'{{{{{name}}}}}' for name in used)
    write_histories(box.source_tree, box.folder / 'source', 'en', {
        name: [(old, said), (new, f'{{{{{used[-1]}}}}}')] for name, said in (
            (page, text), (used[0], 'Old.'), (used[1], 'Old.'))} | {
                used[2]: [(old, 'Old.'), (new, 'New.')]})
    filed(wiki, anna, page, templates='used', before='2020-12-31')
    wiki.work()
    assert wiki.statuses == ['done'], wiki.text
    assert wiki.admin.text(page) == text
    assert wiki.admin.text(used[-1]) == 'Old.'


def test_plan_that_is_no_other_is_shown_again_with_why(
        wiki: RequestWiki, anna: Client, title: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    filed(wiki, anna, title)
    with monkeypatch.context() as patch:
        patch.setattr(SavedPlan, 'is_whole', False)
        wiki.work()
    assert wiki.statuses == ['review']
    assert message('en', 'request-changed') in wiki.answers()[-1]
    assert len(wiki.answers()) == 2


def test_trusted_source_needs_no_second_look(box: Box, anna: Client,
                                             title: str) -> None:
    wiki = RequestWiki(box, trusted=[box.prefix])
    filed(wiki, anna, title)
    box.on_source().edit(title, 'Mended.')
    wiki.work()
    assert wiki.statuses == ['done']
    assert wiki.admin.text(title) == 'Mended.'


def test_trusted_source_edited_under_way(
        box: Box, anna: Client, title: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    wiki = RequestWiki(box, trusted=[box.prefix])
    filed(wiki, anna, title)
    edit_while_fetched(monkeypatch, box, title)
    wiki.work()
    assert wiki.statuses == ['done'], wiki.text
    assert wiki.admin.text(title) == 'Edited under way.'


def test_plan_that_shrank_holds(wiki: RequestWiki, anna: Client,
                                title: str) -> None:
    other = f'{title} too'
    wiki.box.on_source().edit(other, 'Another page.')
    filed(wiki, anna, title, other)
    agreed = wiki.requests[0].plan
    run = wiki.box.pwb('importpages', '-source:en', f'-page:{other}',
                       '-templates:none', '-always')
    assert run.status == 0, run.output
    wiki.work()
    assert wiki.statuses == ['done'], wiki.text
    assert wiki.requests[0].plan == agreed
    assert wiki.exists(title)


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
        wiki: RequestWiki, anna: Client, title: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    filed(wiki, anna, title)
    edit_while_fetched(monkeypatch, wiki.box, title)
    wiki.work()
    assert wiki.statuses == ['failed']
    assert 'which nobody agreed to' in wiki.text


def test_edit_under_way_is_asked_about(
        wiki: RequestWiki, anna: Client, title: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    last = f'{title} and then'
    wiki.box.on_source().edit(last, 'Last of all.')
    filed(wiki, anna, title, last)
    edit_while_fetched(monkeypatch, wiki.box, last)
    wiki.work()
    assert wiki.statuses == ['review']
    assert wiki.exists(title)
    assert not wiki.exists(last)
    assert 'imported the other pages' in wiki.text
    assert '+Edited under way.' in wiki.text
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.statuses == ['done']
    assert wiki.admin.text(last) == 'Edited under way.'


def test_plan_of_an_older_release_is_shown_anew(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    filed(wiki, anna, title)
    record, = wiki.log.open().values()
    assert record.saved_plan
    pages = [{name: value for name, value in page.items()
              if name != 'model'} for page in record.saved_plan['pages']]
    wiki.log.save(replace(record, plan='0123456789abcdef', saved_plan={
        **record.saved_plan, 'id': '0123456789abcdef', 'pages': pages}))
    wiki.edit(wiki.admin, record.plan, '0123456789abcdef')
    wiki.work()
    assert wiki.statuses == ['review']
    assert not wiki.exists(title)


def test_deleted_source_is_told(wiki: RequestWiki, anna: Client,
                                title: str) -> None:
    filed(wiki, anna, title)
    wiki.box.on_source().do('delete', title=title)
    wiki.work()
    assert wiki.statuses == ['question']
    assert 'the source has no such page any more' in wiki.text
