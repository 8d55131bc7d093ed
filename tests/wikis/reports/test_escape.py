"""What came from a wiki or a request is shown, and does nothing else."""
from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

import mwparserfromhell
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as trees
from mwparserfromhell.nodes import HTMLEntity, Tag, Text, Wikilink

from importbot.reports.wikitext.escape import link, page_link, plain
from tests.kit.support import Box


#: What means something somewhere in wikitext.
PIECES = [
    '[[', ']]', '[', ']', '{{', '}}', '{{{', '}}}', '{|', '|}', '|-', '|',
    '||', '!!', '!', '<', '>', '</', '<!--', '-->', '<nowiki>', '</nowiki>',
    '<pre>', '<ref>', '</div>', '<br>', '</table>', "''", "'''", "'", '=',
    '==', '*', '#', ':', ';', ' ', '\n', '\r\n', '----', '-', '-{', '}-',
    '~~~', '~~~~', '~', '__TOC__', '_', '&', '&amp;', '&#91;', '&nbsp;', '//',
    'http:', 'https://example.org', 'ftp://a', 'mailto:', 'mailto:a@b.c',
    'news:a', 'tel:1', 'xmpp:a', 'sips:a', 'matrix:a', 'urn:a', 'geo:1,2',
    'MAILTO:', 'ISBN 0123456789', 'RFC 7', '#REDIRECT', 'subst:', 'a', 'é',
    '\u200f', '日本', '\t', 'Category:', 'File:', 'wiki', '%5B', '"', '\\',
    '{{fullurl:', 'x="y"']
#: No wiki stores control characters.
hostile = st.lists(st.sampled_from(
    [piece for piece in PIECES if '\r' not in piece])).map(''.join) | st.text(
        st.characters(exclude_categories=('Cc', 'Cs')))


def nodes(text: str) -> Iterable[Any]:
    return mwparserfromhell.parse(text).filter()


# As mwparserfromhell reads it

@given(hostile)
@example("'''a''")
@example('http:' + '//a')
@example(' a\n* b')
def test_plain_text_is_nothing_else(text: str) -> None:
    for escaped in (plain(text), f'* {plain(text)}.', f'a {plain(text)} b',
                    f'|-\n| {plain(text)} || b'):
        kinds = {type(node) for node in nodes(escaped.lstrip('*'))}
        assert kinds <= {Text, HTMLEntity}


@given(hostile)
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    # HTML has no place for some characters, escaped or not.
    text = ''.join(filter(str.isprintable, text))
    assert html.unescape(plain(text)) == text


@pytest.mark.parametrize('text', [
    'Rover (dog)', 'A/B', "Rover's", 'C++', 'AT and T', '日本語', 'a: b',
    '50%', 'Template:Infobox rover', 'a - b', 'What?', 'a, b; c', 'a=b',
    'a*b#c'])
def test_ordinary_text_stays_readable(text: str) -> None:
    assert plain(text) == text


@given(hostile.filter(bool), hostile)
def test_link_is_one_link(title: str, label: str) -> None:
    kinds = []
    for node in nodes(link(title, label)):
        kinds.append(type(node))
        if isinstance(node, Wikilink):
            assert html.unescape(str(node.title)) == f':{title}'
            assert (html.unescape(str(node.text)) if label
                    else node.text) == (label or None)
        elif isinstance(node, Tag):
            assert str(node.tag) == 'bdi'
    assert kinds.count(Wikilink) == kinds.count(Tag) == 1
    assert set(kinds) <= {Tag, Wikilink, Text, HTMLEntity}


def test_link_is_isolated_from_the_direction_around_it() -> None:
    assert link('רובר') == '<bdi>[[:רובר]]</bdi>'
    assert page_link('en', 'A_B') == '<bdi>[[:en:A&#95;B|A&#95;B]]</bdi>'


# As real wikis read it

@pytest.mark.wiki
def test_real_wikis_show_the_text_and_nothing_else(each_box: Box) -> None:
    texts = [*PIECES, *(f'a{piece}b' for piece in PIECES),
             *(piece * 2 + 'b' for piece in PIECES),
             *(f'{piece} c {piece}' for piece in PIECES)]
    texts = [text for text in texts if text.strip()]
    forms = ('\n$1\n', '$1', '\n* $1\n', '\n{|\n| $1 || $1\n|}\n',
             '<bdi>[[:A|$1]]</bdi>')
    page = ''.join(
        f'<div class="form{number}">{form.replace("$1", plain(text))}</div>'
        for number, form in enumerate(forms) for text in texts)
    answer = each_box.on_target()._send(
        action='parse', text=page, contentmodel='wikitext', prop='text',
        title='Test', disablelimitreport=1, disableeditsection=1)
    tree = trees.fromstring(answer['parse']['text'])
    allowed: list[set[str]] = [
        {'p'}, set(), {'ul', 'li'}, {'table', 'tbody', 'tr', 'td'},
        {'bdi', 'a'}]
    for number, tags in enumerate(allowed):
        shown = tree.find_class(f'form{number}')
        assert len(shown) == len(texts)
        for text, element in zip(texts, shown, strict=True):
            found = [child.tag for child in element.iterdescendants()]
            assert set(found) <= tags, (number, text)
            assert found.count('li') <= 1 and found.count('a') <= 1
            repeats = 2 if number == 3 else 1
            assert ''.join(element.text_content().split()) == ''.join(
                text.split()) * repeats, (number, text)


@pytest.mark.wiki
def test_titles_are_links_and_what_is_no_title_is_text(
        each_box: Box) -> None:
    titles = ['Rover', 'News:A', 'A mailto:a@b.c', "O''Neill", 'A://b',
              'A https://example.org', 'A matrix:a', 'Tel:1']
    none = ['[[A]] https://example.org', '<b> mailto:a@b.c', '{{A}} //a',
            '|ftp://a', '[http://a b]', '<nowiki> news:a']
    page = ''.join(f'<div class="{kind}">{link(title, label)}</div>'
                   for kind, them in (('title', titles), ('none', none))
                   for title in them for label in ('', 'b'))
    page += ''.join(f'<div class="there">{page_link("en", title)}</div>'
                    for title in titles)
    answer = each_box.on_target()._send(
        action='parse', text=page, contentmodel='wikitext', title='Test',
        prop='text|externallinks', disablelimitreport=1)['parse']
    assert answer['externallinks'] == []
    tree = trees.fromstring(answer['text'])
    for kind in ('title', 'there'):
        for element in tree.find_class(kind):
            assert len(list(element.iter('a'))) == 1, element.text_content()
    for element in tree.find_class('none'):
        assert list(element.iter('a', 'b')) == []
