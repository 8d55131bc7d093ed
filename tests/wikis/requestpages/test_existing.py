"""A requested template that is here already is treated as the request says.
"""
from __future__ import annotations

from tests.kit.request_bot import settle
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Client


def test_existing_reaches_requested_templates(wiki: RequestWiki,
                                              anna: Client) -> None:
    source, title = wiki.box.on_source(), 'Template:Reached'
    source.edit(title, 'first')
    wiki.file(title, anna)
    settle(wiki)
    source.edit(title, 'second')
    # As the wiki has it: what is here is left alone.
    wiki.file(title, anna)
    wiki.work()
    assert wiki.statuses == ['done', 'question']
    wiki.edit(anna, 'status = question', 'status = new\n |existing = update')
    settle(wiki)
    assert wiki.statuses == ['done', 'done']
    assert wiki.admin.text(title) == 'second'
    # What was changed here stays.
    wiki.admin.edit(title, 'ours')
    source.edit(title, 'third')
    wiki.file(title, anna, existing='update')
    wiki.work()
    assert wiki.statuses[-1] == 'question'
    assert wiki.admin.text(title) == 'ours'
