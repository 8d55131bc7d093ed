"""A wiki saves what it said that it would."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from importbot.model.errors import TransformedTextError
from importbot.wikis.editor import Editor
from importbot.wikitext.presave import saved_plainly
from tests.kit.support import Box, Client, site_of
from tests.kit.wikitext import TRANSFORMED


#: What it leaves alone, whether or not it is worth asking.
LEFT = [
    'plain', '<nowiki>~~~~ {{subst:X}}</nowiki>', '<!-- ~~~~ -->',
    '{{<includeonly>subst:</includeonly>PAGENAME}}', '{{subst:No such page}}',
    '{{ {{{|safesubst:}}}PAGENAME}}', '[[Foo|Bar]]', '{{Foo|a=b:c}}',
    'é  \n\n', 'a\r\nb', '  lead']


@pytest.fixture(scope='module')
def there(each_box: Box) -> Iterator[tuple[Editor, Client]]:
    yield Editor(site_of(each_box.target)), each_box.on_target()


@pytest.mark.parametrize('text', [*TRANSFORMED, *LEFT])
def test_wiki_saves_what_it_said_that_it_would(
        there: tuple[Editor, Client], text: str) -> None:
    editor, client = there
    base = client.edit('Presaved (x)', f'of nobody {text!r}')
    expected = editor.presaved('Presaved (x)', text)
    assert (expected == saved_plainly(text)) == (text in LEFT)
    assert editor.keeps('Presaved (x)', text) == (text in LEFT)
    if text in TRANSFORMED:
        with pytest.raises(TransformedTextError, match='by hand'):
            editor.replace('Presaved (x)', text, base, '', model='wikitext')
        assert client.history('Presaved (x)')[0]['revid'] == base
    base = client.history('Presaved (x)')[0]['revid']
    editor.replace('Presaved (x)', text, base, '')
    saved: Any = client.text('Presaved (x)')
    if '~~~~' not in text:
        assert saved == expected
