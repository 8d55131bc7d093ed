"""A pass that is stopped past its lease saves nothing when it goes on."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.request_bot import options_of, take
from tests.kit.request_wiki import RequestWiki
from tests.kit.stopping import after_lease, stopped_at
from tests.kit.stopping import take as take_lease
from tests.kit.support import Client


@pytest.mark.parametrize('number', [0, *(
    pytest.param(number, marks=pytest.mark.soak) for number in range(1, 8))])
def test_pass_saves_nothing(wiki: RequestWiki, anna: Client,
                            specimens: Iterator[str], number: int) -> None:
    wiki.file(*take(specimens), anna)
    before = wiki.text
    _taken, bot = stopped_at(
        wiki.box, after_lease(wiki.journal_path, number),
        ['importrequests', *options_of(wiki)], wiki.journal_path,
        lambda: take_lease(wiki.journal_path))
    assert ('The lease of the request pages lapsed and another bot took it '
            'over' in ' '.join(bot.output.split())), bot.output
    assert wiki.text == before
