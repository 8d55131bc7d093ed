"""What saving a text would make of it: signatures, substitutions, links."""
from __future__ import annotations

import pytest

from importbot.model.siteinfo import MagicWord, Namespace, SiteInfo
from importbot.wikitext.presave import may_be_transformed, substituted
from tests.kit.wikitext import TRANSFORMED


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
