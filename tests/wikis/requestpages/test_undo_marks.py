"""Undo by request where the bot may not delete."""
from __future__ import annotations

import pytest

from tests.kit.request_bot import imported
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Box


MARK = '{{Delete|import undone}}'


@pytest.mark.parametrize('mark', ['', MARK])
def test_bot_that_may_not_delete(box: Box, mark: str) -> None:
    wiki = RequestWiki(box, deletion=mark)
    title = f'To be marked {bool(mark)}'
    box.on_source().edit(title, 'theirs')
    imported(wiki, title)
    wiki.edit(wiki.admin, 'status = done', 'status = undo')
    wiki.work()
    if mark:
        wiki.approve(wiki.admin)
        wiki.work()
        assert wiki.admin.text(title) == f'{MARK}\ntheirs'
    assert wiki.statuses == ['partial']
    if not mark:
        assert f'* [[:{title}]]' in wiki.answers()[-1]
        assert wiki.admin.text(title) == 'theirs'
