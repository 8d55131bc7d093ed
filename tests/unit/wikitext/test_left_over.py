"""What a wiki does not know, and what of it its pages show as text."""
from __future__ import annotations

import pytest

from importbot.model.titles import Title
from importbot.wikitext.left_over import Suspicion, left_in
from tests.kit.references import wiki


@pytest.mark.parametrize('text, names', [
    ('<music>x</music> {{#lyre:a}} <b>y</b> {{#if:x|y}}',
     {'<music>', '{{#lyre:}}'}),
    ('{{Box|<lute src="x"/>}} {{safesubst:#lyre:}}',
     {'<lute>', '{{#lyre:}}'}),
    ('<nowiki><music>x</music> {{#lyre:a}}</nowiki> <!-- <lute/> -->', set()),
    ('a <b c> and <y z>', set()),
    ('{{#lyre:' * 20_001, set()),
])
def test_what_a_wiki_does_not_know(text: str, names: set[str]) -> None:
    assert Suspicion(wiki('en')).unknown(text, Title(0, 'Page')) == names


@pytest.mark.parametrize('html, is_left', [
    ('<p>&lt;music&gt;x&lt;/music&gt;</p>', True),
    ('<p>&lt;Music lang="x"&gt;', True),
    ('<p>&lt;music/&gt;', True),
    ('<p>&lt;musical&gt;</p>', False),
    ('<p>Write <code>&lt;music&gt;</code></p>', False),
    ('<pre>\n&lt;music&gt;\n</pre>', False),
])
def test_what_a_page_shows_as_text(html: str, is_left: bool) -> None:
    assert left_in(html, ['<music>', '{{#lyre:}}']) == (
        {'<music>'} if is_left else set())
    assert left_in('<p>{{#lyre:a}}</p>', ['{{#lyre:}}']) == {'{{#lyre:}}'}
