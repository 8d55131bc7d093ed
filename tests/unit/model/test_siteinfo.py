"""Titles as the wikis of :mod:`tests.kit.references` write them."""
from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from importbot.model.siteinfo import MagicWord, SiteInfo
from importbot.model.titles import (
    FILE,
    MAIN,
    MODULE,
    PROJECT,
    TEMPLATE,
    USER,
    Title,
)
from tests.kit.references import wiki


untimed = settings(deadline=None)
WIKIS = st.sampled_from(['en', 'de', 'ja', 'tr', 'wiktionary'])


@pytest.mark.parametrize('name, text, namespace, title', [
    ('en', 'Foo', MAIN, 'Foo'),
    ('en', 'Template:Foo', TEMPLATE, 'Foo'),
    ('en', 'template : foo', TEMPLATE, 'Foo'),
    ('en', 'TEMPLATE:_foo_', TEMPLATE, 'Foo'),
    ('en', 'User talk:Foo', 3, 'Foo'),
    ('en', 'user_TALK:Foo', 3, 'Foo'),
    ('en', 'Image:a.png', FILE, 'A.png'),
    ('en', 'Project:Foo', PROJECT, 'Foo'),
    ('en', 'Module:Foo:bar', MODULE, 'Foo:bar'),
    ('en', 'Vorlage:Foo', MAIN, 'Vorlage:Foo'),
    ('de', 'Vorlage:Foo', TEMPLATE, 'Foo'),
    ('de', 'Template:Foo', TEMPLATE, 'Foo'),
    ('de', 'V:Foo', TEMPLATE, 'Foo'),
    ('de', 'Benutzerin:Foo', USER, 'Foo'),
    ('de', 'Bild:Foo', FILE, 'Foo'),
    ('de', 'Image:Foo', FILE, 'Foo'),
    ('de', 'Modul:Foo', MODULE, 'Foo'),
    ('de', 'Modèle:Foo', MAIN, 'Modèle:Foo'),
    ('ja', 'テンプレート:甲', TEMPLATE, '甲'),
    ('ja', 'Template:甲', TEMPLATE, '甲'),
    ('ja', '画像:甲', FILE, '甲'),
    ('ja', 'モジュール:甲', MODULE, '甲'),
    ('ja', 'テンプレート：甲', MAIN, 'テンプレート：甲'),
    ('tr', 'ŞABLON:foo', TEMPLATE, 'Foo'),
])
def test_namespaces(name: str, text: str, namespace: int,
                    title: str) -> None:
    assert wiki(name).title(text) == Title(namespace, title)


@pytest.mark.parametrize('text, default, expected', [
    ('Foo', TEMPLATE, Title(TEMPLATE, 'Foo')),
    (':Foo', TEMPLATE, Title(MAIN, 'Foo')),
    (': Foo', TEMPLATE, Title(MAIN, 'Foo')),
    (':User:Foo', TEMPLATE, Title(USER, 'Foo')),
    ('User:Foo', TEMPLATE, Title(USER, 'Foo')),
    ('Foo:Bar', TEMPLATE, Title(TEMPLATE, 'Foo:Bar')),
    ('Foo: Bar', TEMPLATE, Title(TEMPLATE, 'Foo: Bar')),
    ('a:b', MODULE, Title(MODULE, 'A:b')),
    ('User::Foo', MAIN, None),
    ('::Foo', TEMPLATE, None),
])
def test_colons(text: str, default: int, expected: Title | None) -> None:
    assert wiki('en').title(text, default) == expected


@pytest.mark.parametrize('text, name', [
    ('  Foo  bar ', 'Foo bar'),
    ('Foo_bar__baz_', 'Foo bar baz'),
    ('Foo\u00a0\u3000bar', 'Foo bar'),
    ('\u200eFoo\u202e', 'Foo'),
    ('Foo#bar', 'Foo'),
    ('Foo #bar:baz', 'Foo'),
    ('foo/Bar', 'Foo/Bar'),
    ('foo/.bar', 'Foo/.bar'),
    ('...', '...'),
    ('100%', '100%'),
    ('a~~b', 'A~~b'),
    ('R&D', 'R&D'),
    ('&amp', '&amp'),
    ('😀', '😀'),
])
def test_names(text: str, name: str) -> None:
    assert wiki('en').title(text) == Title(MAIN, name)


@pytest.mark.parametrize('text', [
    '', ' ', '_', ':', '#', '#foo', ': #foo', 'User:', 'User: ',
    'Foo<bar', 'Foo>bar', 'Foo[bar', 'Foo]bar', 'Foo{bar', 'Foo}bar',
    'Foo|bar', 'Foo\tbar', 'Foo\nbar', 'Foo\n', '\nFoo', '\x00', '\x7f',
    '\ufffd', 'Foo#\ufffd', '\ud800', '.', '..', './x', '../x', 'x/./y',
    'x/../y', 'x/.', 'x/..', 'x~~~y', '%41', 'Foo%4aBar', '&amp;',
    'Talk:User:Foo', 'Talk:w:Foo', 'Talk:Image:Foo',
])
def test_texts_that_are_no_title(text: str) -> None:
    assert wiki('en').title(text) is None


@pytest.mark.parametrize('text', ['w:Foo', 'W:Foo', ':de:Foo', 'de : Foo',
                                  'w:', 'meatball:x:y'])
def test_pages_of_other_wikis(text: str) -> None:
    assert wiki('en').title(text) is None
    assert wiki('en').title(text, TEMPLATE) is None


def test_a_prefix_within_a_namespace_is_part_of_the_name() -> None:
    assert wiki('en').title('User:w:Foo') == Title(USER, 'W:Foo')
    assert wiki('en').title('User:Talk:Foo') == Title(USER, 'Talk:Foo')


def test_255_bytes() -> None:
    assert wiki('en').title('x' * 255) is not None
    assert wiki('en').title('x' * 256) is None
    assert wiki('en').title('ä' * 127 + 'x') is not None
    assert wiki('en').title('ä' * 128) is None
    # The namespace does not count, nor does what is dropped.
    assert wiki('en').title('User talk:' + 'x' * 255 + '#' + 'y' * 99)
    assert wiki('ja').title('甲' * 85) is not None
    assert wiki('ja').title('甲' * 86) is None


@pytest.mark.parametrize('name, text, capitalized', [
    ('en', 'foo', 'Foo'),
    ('en', 'äb', 'Äb'),
    ('en', 'ijssel', 'Ijssel'),
    ('en', 'ßa', 'ßa'),
    ('en', 'ﬁa', 'ﬁa'),
    ('en', 'ǆa', 'ǅa'),
    ('en', 'საქართველო', 'საქართველო'),
    ('en', 'ωa', 'Ωa'),
    ('en', 'жa', 'Жa'),
    ('en', '1a', '1a'),
    ('tr', 'istanbul', 'İstanbul'),
    ('tr', 'ırmak', 'Irmak'),
    ('en', 'istanbul', 'Istanbul'),
    ('wiktionary', 'foo', 'foo'),
    ('wiktionary', 'Template:foo', 'foo'),
    ('wiktionary', 'User:foo', 'Foo'),
])
def test_first_letters(name: str, text: str, capitalized: str) -> None:
    title = wiki(name).title(text)
    assert title is not None
    assert title.name == capitalized


def test_normalized_knows_no_namespace_by_name() -> None:
    assert wiki('en').normalized(Title(MAIN, 'foo')) == Title(MAIN, 'Foo')
    assert wiki('wiktionary').normalized(Title(MAIN, 'foo')) == Title(
        MAIN, 'foo')
    assert wiki('en').normalized(Title(4711, 'foo')) == Title(4711, 'Foo')


@pytest.mark.parametrize('name, title, text', [
    ('en', Title(MAIN, 'Foo'), 'Foo'),
    ('en', Title(TEMPLATE, 'Foo'), 'Template:Foo'),
    ('de', Title(TEMPLATE, 'Foo'), 'Vorlage:Foo'),
    ('de', Title(3, 'Foo'), 'Benutzer Diskussion:Foo'),
    ('de', Title(PROJECT, 'Foo'), 'Wikipedia:Foo'),
    ('ja', Title(MODULE, '甲'), 'モジュール:甲'),
    ('tr', Title(TEMPLATE, 'Foo'), 'Şablon:Foo'),
])
def test_text(name: str, title: Title, text: str) -> None:
    assert str(wiki(name).normalized(title)) == text
    assert wiki(name).title(text) == title


def test_numbers_of_namespaces() -> None:
    de = wiki('de')
    assert de.namespace_number('VORLAGE_diskussion') == 11
    assert de.namespace_number('Template talk') == 11
    assert de.namespace_number('Spezial') == -1
    assert de.namespace_number('') is None
    assert de.namespace_number('Foo') is None


def test_magic_words() -> None:
    de = wiki('de')
    assert de.word('redirect', '#Weiterleitung')
    assert de.word('redirect', '#REDIRECT')
    assert not de.word('redirect', 'Weiterleitung')
    assert de.word('pagename', 'SEITENNAME')
    assert not de.word('pagename', 'Seitenname')
    assert not de.word('nonsense', 'nonsense')
    assert MagicWord(('A',), case_sensitive=True).matches('A')


def test_what_an_answer_is_read_for() -> None:
    en = wiki('en')
    assert (en.wiki, en.language, en.version) == ('enwiki', 'en', '1.43.9')
    assert en.namespaces[TEMPLATE].subpages
    assert not en.namespaces[MAIN].subpages
    assert {'if', 'invoke', 'lst'} <= en.functions
    assert {'pagename', '!'} <= en.variables
    assert {'ref', 'templatestyles'} <= en.tags
    assert 'w' in en.interwiki_prefixes
    assert not wiki('wiktionary').namespaces[MAIN].capitalized


TEXTS = st.one_of(
    st.text(max_size=20),
    st.lists(st.sampled_from([
        'A', 'b', 'ä', 'ß', 'i', 'ı', 'İ', ' ', '_', '\u00a0', '\u200e',
        ':', '#', '/', '.', '~', '%', '4', '&', 'amp;', '<', '|', '\n',
        'Template', 'Talk', 'User talk', 'Special', 'w', 'Vorlage', '画像',
        '\ud800', '\ufffd']), max_size=8).map(''.join))


def read(name: str, text: str, default: int = MAIN) -> Title | None:
    return wiki(name).title(text, default)


@untimed
@given(WIKIS, TEXTS, st.sampled_from([MAIN, 1, TEMPLATE, MODULE]))
@example('en', 'Talk:Talk', MAIN)
def test_a_title_that_was_read_is_read_again(name: str, text: str,
                                             default: int) -> None:
    title = read(name, text, default)
    if title is not None:
        spelled = str(title)
        assert read(name, spelled) == title or title.namespace == MAIN
        assert read(name, f':{spelled}', default) == title
        assert wiki(name).normalized(title) == title


@untimed
@given(WIKIS, TEXTS)
def test_a_title_is_clean(name: str, text: str) -> None:
    title = read(name, text)
    if title is not None:
        assert title.name == ' '.join(title.name.split(' ')).strip(' ')
        assert not set(title.name) & set('#<>[]|{}_\n\t\u200e\u00a0')
        assert 0 < len(title.name.encode()) <= 258
        assert title.namespace in wiki(name).namespaces


@untimed
@given(WIKIS, TEXTS)
def test_blanks_are_alike(name: str, text: str) -> None:
    expected = read(name, text)
    for blank in ('_', '  ', '\u3000'):
        assert read(name, text.replace(' ', blank)) == expected
        assert read(name, f'{blank}{text}{blank}') == expected


@untimed
@given(WIKIS, TEXTS)
def test_a_fragment_does_not_count(name: str, text: str) -> None:
    if '#' not in text:
        assert read(name, f'{text}#fragment') == read(name, text)


@untimed
@given(WIKIS, TEXTS, st.sampled_from([TEMPLATE, MODULE]))
def test_a_colon_makes_the_default_void(name: str, text: str,
                                        default: int) -> None:
    assert read(name, f':{text}', default) == read(name, f':{text}')


@untimed
@given(st.sampled_from(['en', 'de', 'ja', 'wiktionary']),
       st.text('abcäi', min_size=1, max_size=5))
def test_every_name_of_a_namespace_leads_to_it(name: str,
                                               text: str) -> None:
    site: SiteInfo = wiki(name)
    for namespace in site.namespaces.values():
        for prefix in (namespace.name, *namespace.aliases):
            if prefix:
                title = site.title(f'{prefix.upper()}:{text}')
                assert title is not None
                assert title.namespace == namespace.id
