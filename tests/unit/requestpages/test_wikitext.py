"""Templates are found where the wiki sees them, and changed in place."""
from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from importbot.requestpages.page.scanner import (
    BLANK,
    LITERAL,
    MOST,
    Places,
    Snippet,
    Span,
    blanked,
    named_templates,
)
from tests.kit.wikitext import SEEN


#: What wikitext is made of, and what it is made of in requests.
SIGNS = '{}[]|=<>!-&:\n a'
wikitext = st.lists(st.sampled_from([
    *SIGNS, '{{', '}}', '{{{', '}}}', '[[', ']]', '<!--', '-->', '\n==',
    '<nowiki>', '</nowiki>', '<nowiki/>', '<pre ', '{{T|', "''", '&#123;',
    '{{T}}', 'status', '|status=new'])).map(''.join)
#: Something with the outer form of a template.
templates = wikitext.map(lambda text: '{{T|' + text + '}}')


@contextmanager
def seconds(most: float) -> Iterator[None]:
    """Fail if something takes a multiple of what it should."""
    start = time.process_time()
    yield
    assert time.process_time() - start < most


def found(text: str) -> list[str]:
    """Return the templates of the name T."""
    return [text[span.start:span.end] for span in named_templates(
        blanked(text), lambda name: name == 'T')]


def snippet(text: str) -> Snippet | None:
    try:
        return Snippet(text)
    except ValueError:
        return None


# What is hidden

@pytest.mark.parametrize(('text', 'expected'), [
    ('a <!-- b --> c', 'a cccccccccc c'),
    ('a <!-- b', 'a cccccc'),
    ('<!--><!-->-->a', 'cccccccccc-->a'),
    ('a <nowiki>b</nowiki> c', 'a tttttttttttttttttt c'),
    ('<NoWiki x="y">b</nowiki\n> c', 'ttttttttttttttttttttttttt c'),
    ('<pre/>b</pre>', 'ttttttb</pre>'),
    ('<pre>b</nowiki>', '<pre>b</nowiki>'),
    ('<pre>b<nowiki>c</nowiki>', '<pre>btttttttttttttttttt'),
    ('<pre><pre/>', '<pre>tttttt'),
    ('<prefix>b</pre>', '<prefix>b</pre>'),
    ('<pre/x>b</pre>', '<pre/x>b</pre>'),
    ('<nowiki', '<nowiki'),
    ('<includeonly>b', 'tttttttttttttt'),
    ('<ref>b</ref>', '<ref>b</ref>'),
    ('<nowiki><!--</nowiki>b-->', 'tttttttttttttttttttttb-->'),
    ('<!--<nowiki>-->b</nowiki>', 'cccccccccccccccb</nowiki>'),
])
def test_comments_and_literal_tags_are_blanked(text: str,
                                               expected: str) -> None:
    assert blanked(text).replace(BLANK, 'c').replace(
        LITERAL, 't') == expected


@given(wikitext)
@example('<nowiki>\n</nowiki><!--\n')
def test_blanked_text_has_the_same_places(text: str) -> None:
    hidden = blanked(text)
    assert len(hidden) == len(text)
    assert all(new in (old, BLANK, LITERAL)
               for old, new in zip(text, hidden, strict=True))
    assert blanked(hidden) == hidden


@pytest.mark.parametrize('unit', [
    '<nowiki>', '<nowiki ', '<nowiki/>', '<pre >', '<pre></pre>', '</pre>',
    '<!--', '<!-- -->', '<nowiki><pre><math><source>', '<', '-->',
    '</nowiki ', '<pre></nowiki'])
@pytest.mark.parametrize('end', ['', '>', '-->', '</nowiki>'])
def test_tags_made_to_keep_the_bot_busy_do_not(unit: str, end: str) -> None:
    with seconds(2):
        blanked(unit * (2_000_000 // len(unit)) + end)


@pytest.mark.parametrize('unit', [
    '{{', '{', '}}', '{{{', '[[', ']]', '[[ ', '{{ ', '{{T|', '{{T}}',
    '{{a[[', '\n==', '\n=', '{{T}} {{{', '{{ {{{ ', '<pre>{{T}}'])
def test_braces_made_to_keep_the_bot_busy_do_not(unit: str) -> None:
    with seconds(10):
        found(unit * (1_000_000 // len(unit)))


@pytest.mark.parametrize(('text', 'expected'), SEEN.items())
def test_templates_are_those_of_the_wiki(text: str,
                                         expected: list[str]) -> None:
    assert found(text) == expected


@given(wikitext)
def test_found_templates_are_apart_and_can_be_read(text: str) -> None:
    spans = named_templates(blanked(text), lambda name: name == 'T')
    assert all(before.end <= behind.start
               for before, behind in zip(spans, spans[1:], strict=False))
    for span in spans:
        assert str(Snippet(text[span.start:span.end])) == text[
            span.start:span.end]


# Places

def test_places_are_found_by_what_they_cover() -> None:
    places = Places([Span(7, 9), Span(2, 4)])
    assert [at for at in range(11) if places.cover(at)] == [2, 3, 7, 8]
    assert [at for at in range(11) if places.start_at(at)] == [2, 7]
    assert not Places([]).cover(0) and not Places([]).start_at(0)


# One template

@pytest.mark.parametrize('text', [
    '', 'a', '{{', '{{}', '{{}}', '{{{T}}}', '{{T', 'T}}', 'abT|a=bcd',
    ' {{T}}', '{{T}} ', '{{T}}{{T}}', '{{T}} a {{T}}', '[[T]]',
    '{{T|[[a}}', '<!-- {{T}} -->', '{{T|' + 'a' * MOST + '}}'],
    ids=range(17))
def test_what_is_not_one_template_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Snippet(text)


@pytest.mark.parametrize(('text', 'expected'), [
    ('{{T}}', {}),
    ('{{T|a|b}}', {'1': 'a', '2': 'b'}),
    ('{{T| a = b \n| c=}}', {'a': 'b', 'c': ''}),
    ('{{T|a=b=c}}', {'a': 'b=c'}),
    ('{{T|a=b|a=c}}', {'a': 'c'}),
    ('{{T|a=[[b|c=d]]}}', {'a': '[[b|c=d]]'}),
    ('{{T|a={{b|c=d}}|e={{{f|g}}}}}', {'a': '{{b|c=d}}', 'e': '{{{f|g}}}'}),
    ('{{T|a<!-- | -->=b<!--=c-->}}', {'a': 'b'}),
    ('{{T|a=b<!-- c}} -->}}', {'a': 'b'}),
    ('{{T|a=<nowiki>|b=</nowiki>c}}', {'a': '<nowiki>|b=</nowiki>c'}),
    ('{{T|a=<b>c</b>|d=https://e?f=g}}',
     {'a': '<b>c</b>', 'd': 'https://e?f=g'}),
    ("{{T|a=''b'''|c=<i>}}", {'a': "''b'''", 'c': '<i>'}),
    ('{{T|a=* b\n* c\n# d\n; e : f\n----}}',
     {'a': '* b\n* c\n# d\n; e : f\n----'}),
    ('{{T|a={|\n! b\n|c=d}}', {'a': '{', '1': '! b', 'c': 'd'}),
    ('{{T|a=&amp;&#124;|b=__NOTOC__}}', {'a': '&amp;&#124;',
                                         'b': '__NOTOC__'}),
    ('{{T|שם=ערך|名前=値}}', {'שם': 'ערך', '名前': '値'}),
])
def test_parameters_are_those_of_the_wiki(text: str,
                                          expected: dict[str, str]) -> None:
    assert Snippet(text).parameters() == expected


@given(templates | wikitext)
def test_snippet_that_is_not_changed_stays(text: str) -> None:
    read = snippet(text)
    if read is not None:
        assert str(read) == text


def without(values: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in values.items() if key != name}


@given(templates, st.sampled_from(['status', 'a', 'new one']),
       st.sampled_from(['', 'done', 'zu prüfen']))
@example('{{T|status = new\n|[[b]]}}', 'status', 'done')
@example('{{T|a|status<!-- b -->=c}}', 'status', 'done')
def test_setting_changes_one_parameter_once(text: str, name: str,
                                            value: str) -> None:
    read = snippet(text)
    if read is None:
        return
    before = read.parameters()
    read.set(name, value)
    after = Snippet(str(read)).parameters()
    assert after == read.parameters()
    assert after[name] == value
    assert without(after, name) == without(before, name)
    once = str(read)
    read.set(name, value)
    assert str(read) == once


@pytest.mark.parametrize(('text', 'expected'), [
    ('{{T|a=b|status=new|c=d}}', '{{T|a=b|status=done|c=d}}'),
    ('{{T\n | status = new\n | c=d\n}}',
     '{{T\n | status = done\n | c=d\n}}'),
    ('{{T\n |a = b\n}}', '{{T\n |a = b\n |status=done\n}}'),
    ('{{T|a=b}}', '{{T|a=b|status=done}}'),
    ('{{T}}', '{{T|status=done}}'),
    ('{{T|status=}}', '{{T|status=done}}'),
    ('{{T|a={{U|status=new}}|status=new}}',
     '{{T|a={{U|status=new}}|status=done}}'),
    ('{{T|a=<!-- |status=new -->b<nowiki>|status=new</nowiki>|status=new}}',
     '{{T|a=<!-- |status=new -->b<nowiki>|status=new</nowiki>|status=done}}'),
    ('{{T|status=new|status=review}}', '{{T|status=done}}'),
])
def test_parameter_is_set_in_the_style_of_the_people(
        text: str, expected: str) -> None:
    read = Snippet(text)
    read.set('status', 'done')
    assert str(read) == expected


@pytest.mark.parametrize('value', ['a|b', 'a=b', '{{a}}', '[[a|b]]'])
def test_value_stays_one_value(value: str) -> None:
    read = Snippet('{{T|status=new|a=b}}')
    read.set('status', value)
    again = Snippet(str(read)).parameters()
    assert again['a'] == 'b'
    assert len(again) == 2


@settings(deadline=None, max_examples=150)
@given(st.text(SIGNS, min_size=1, max_size=12),
       st.text(SIGNS, max_size=12))
@example('<', '')
@example('\n==', '')
@example('|a=', '')
@example('{{{a}}', '')
@example("''", '')
@example('\n;:', '')
@example('-{', '')
@example('\n{|', '')
def test_largest_templates_are_quick(unit: str, end: str) -> None:
    text = '{{T|' + unit * (MOST // len(unit)) + end
    text = text[:MOST - 2] + '}}'
    with seconds(5):
        read = snippet(text)
        if read is not None:
            read.parameters()
            read.set('status', 'done')
            assert len(str(read)) < MOST + 100
