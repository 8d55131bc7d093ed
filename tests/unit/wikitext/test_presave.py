"""What saving a text would make of it: signatures, substitutions, links."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from importbot.model.errors import TransformedTextError
from importbot.model.siteinfo import MagicWord, Namespace, SiteInfo
from importbot.wikis.editor import Editor
from importbot.wikitext.presave import (
    may_be_transformed,
    saved_plainly,
    substituted,
)
from tests.kit.support import Box, Client, site_of


#: What every MediaWiki carries out when a text is saved.
TRANSFORMED = [
    'a ~~~~ b', '~~~', '~~~~~', '{{subst:PAGENAME}}', '{{ SUBST:PAGENAME}}',
    '{{safesubst:PAGENAME}}', '[[Foo (bar)|]]', '[[|Baz]]',
    '<noinclude>~~~~</noinclude>', '<includeonly>~~~~</includeonly>']
#: What it leaves alone, whether or not it is worth asking.
LEFT = [
    'plain', '<nowiki>~~~~ {{subst:X}}</nowiki>', '<!-- ~~~~ -->',
    '{{<includeonly>subst:</includeonly>PAGENAME}}', '{{subst:No such page}}',
    '{{ {{{|safesubst:}}}PAGENAME}}', '[[Foo|Bar]]', '{{Foo|a=b:c}}',
    'é  \n\n', 'a\r\nb', '  lead']


@pytest.mark.parametrize('text', TRANSFORMED)
def test_what_may_be_transformed_is_asked_about(text: str) -> None:
    assert may_be_transformed(text)
    assert may_be_transformed(f'before\n{text}\nbehind')


@pytest.mark.parametrize('text', [
    '{{ERS:X}}', '{{подст:X}}', '{{進行置換:X}}', '{{\n प्रति:X}}'])
def test_words_of_other_languages(text: str) -> None:
    assert may_be_transformed(text)


@pytest.mark.parametrize('text', [
    '', 'plain ~~ text', '{{Infobox|a=b|c={{{d|}}}}}', '[[Foo|Bar]]',
    '{{#if:a|b}}', '{{Foo|http://example.org}}'])
def test_ordinary_texts_cost_no_request(text: str) -> None:
    assert not may_be_transformed(text)


def test_substitutions_are_found_by_their_titles() -> None:
    siteinfo = SiteInfo('w', 'de', '1.43.9', {
        0: Namespace(0, '', ''), 10: Namespace(10, 'Vorlage', 'Template')},
        magic_words={'subst': MagicWord(('ERS:', 'SUBST:'), False)})
    text = ('{{subst:a_b|x}} {{ ers: Template:C }} {{Safesubst::D}} {{e}} '
            '<nowiki>{{subst:f}}</nowiki> <!-- {{subst:g}} --> {{subst:{{h}}}}'
            '<includeonly>{{subst:i}}</includeonly>'
            '{{<includeonly>subst:</includeonly>j}} {{ {{{|safesubst:}}}k}}')
    assert list(substituted(text, siteinfo)) == [
        'Vorlage:A b', 'Vorlage:C', 'D']


def test_models_have_ways_of_their_own() -> None:
    assert not may_be_transformed('-- ~~~~', 'Scribunto')
    assert not may_be_transformed('~~~~', 'text')
    assert may_be_transformed('/* ~~~~ */', 'css')
    assert may_be_transformed('{"a":1}', 'json')


def test_hostile_text_is_searched_in_time() -> None:
    assert not may_be_transformed('{{' * 200_000)
    assert not may_be_transformed('{{ \n' * 100_000)
    assert not may_be_transformed('{{' + ' ' * 200_000)


@pytest.fixture(scope='module')
def there(each_box: Box) -> Iterator[tuple[Editor, Client]]:
    yield Editor(site_of(each_box.target)), each_box.on_target()


@pytest.mark.wiki
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
