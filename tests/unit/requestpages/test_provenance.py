"""Which rights a page has to ask for, to be obeyed."""
from __future__ import annotations

import pytest

from importbot.requestpages.page.store import StoredPage
from importbot.requestpages.who.provenance import needed_rights
from tests.kit.references import wiki as wiki_settings


@pytest.mark.parametrize(('title', 'levels', 'user', 'needed'), [
    ('Project:Stop', (), 'Anna', set()),
    ('Project:Stop', ('sysop', ), 'Anna', {'editprotected'}),
    ('Project:Stop', ('autoconfirmed', ), 'Anna', {'editsemiprotected'}),
    ('Project:Stop', ('templateeditor', ), 'Anna', {'templateeditor'}),
    ('MediaWiki:Stop', (), 'Anna', {'editinterface'}),
    ('MediaWiki:A.json', (), 'Anna', {'editinterface', 'editsitejson'}),
    ('User:Anna/a.json', (), 'Anna', set()),
    ('User:Bot/a.json', (), 'Anna', {'edituserjson'}),
    ('User:Bot/stop', (), 'Anna', set())])
def test_rights_that_a_page_asks_for(title: str, levels: tuple[str, ...],
                                     user: str, needed: set[str]) -> None:
    page = StoredPage(title, 1, '', levels=frozenset(levels))
    assert needed_rights(page, wiki_settings('en'), user) == needed
