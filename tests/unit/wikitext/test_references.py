"""What texts refer to: the cases of ``references``, and laws."""
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from importbot.model.titles import Title
from importbot.wikitext.references import (
    References,
    UnreadableTextError,
    find_references,
)
from tests.kit.references import CASES, TrackedRequest, wiki


untimed = settings(deadline=None)


def found(text: str, page: str = 'Template:Test', model: str = 'wikitext',
          name: str = 'en') -> References:
    title = wiki(name).title(page)
    assert title is not None
    return find_references(text, model, title, wiki(name))


def spelled(references: References, name: str = 'en') -> dict[str, str]:
    """Return references as they stand in a case."""
    text = str
    redirect = references.redirect
    return {
        'titles': '\n'.join(sorted(map(text, references.titles))),
        'unresolved': '\n'.join(sorted(references.unresolved)),
        'redirect': '' if redirect is None else text(redirect),
        'functions': '\n'.join(sorted(references.functions)),
        'tags': '\n'.join(sorted(references.tags)),
        'libraries': '\n'.join(sorted(references.libraries)),
        'prefixes': '\n'.join(sorted(map(text, references.prefixes))),
        'files': '\n'.join(sorted(map(text, references.files))),
        'categories': '\n'.join(sorted(map(text, references.categories))),
    }


@pytest.mark.parametrize('case', CASES.values(), ids=CASES)
def test_case(case: TrackedRequest) -> None:
    actual = spelled(
        found(case['text'], case['page'], case['model'], case['wiki']),
        case['wiki'])
    expected = {'titles': '', 'unresolved': '', 'redirect': '', **case}
    for field in actual.keys() & expected.keys():
        lines = sorted(expected[field].split('\n'))
        assert actual[field].split('\n') == lines, field


def test_there_are_many_cases() -> None:
    assert len(CASES) > 150


@pytest.mark.parametrize('text, tags', [
    ('<blink>!</blink> <Music src="x"/>', {'blink', 'music'}),
    ('<b>x</b> a <y and z> <includeonly>1</includeonly> <br/>', set()),
    ('<nowiki><blink>!</blink></nowiki> <!-- <blink>!</blink> -->',
     {'nowiki'}),
    ('{{Box|<blink>!</blink>}}', {'blink'}),
])
def test_tags_of_a_wiki_of_which_only_a_file_is_known(
        text: str, tags: set[str]) -> None:
    siteinfo = replace(wiki('en'), knows_functions=False)
    title = siteinfo.title('Page')
    assert title is not None
    assert find_references(text, 'wikitext', title, siteinfo).tags == tags
    assert 'blink' not in found(text).tags


def test_other_models_refer_to_nothing() -> None:
    assert found('{{A}}', model='wikibase-item') == References()


def test_wikis_do_not_mix() -> None:
    """Each wiki keeps its own words, however often they take turns."""
    for _ in range(3):
        for name in ('en', 'de', 'ja', 'tr', 'wiktionary'):
            variable = found('{{SEITENNAME}}', name=name)
            assert variable.words == ({('variable', 'SEITENNAME')}
                                      if name == 'de' else set())
            assert bool(variable.titles) is (name != 'de')


# Laws

ATOMS = st.sampled_from([
    '{{', '}}', '{{{', '}}}', '{', '}', '|', '=', '[[', ']]', '[', ']',
    'A', 'b', 'Foo', 'x', '1', ' ', '\n', '_', ':', '/', '../', '#',
    'Template:', 'Special:', 'w:', '#if:', '#invoke:', '#tag:ref',
    '#tag:templatestyles', 'src=', '#lst:', 'subst:', 'safesubst:',
    'msg:', 'lc:', 'PAGENAME', '!', '{{{|safesubst:}}}', '{{{1}}}',
    '<noinclude>', '</noinclude>', '<noinclude/>', '<includeonly>',
    '</includeonly>', '<onlyinclude>', '</onlyinclude>', '<nowiki>',
    '</nowiki>', '<nowiki/>', '<!--', '-->', '<ref>', '</ref>',
    '<gallery>', '</gallery>', '<math>', '</math>', '<b>', '</b>', '<',
    '>', '<templatestyles src="S.css"/>', '&amp;', '&#65;', '~', "'''",
    '== H ==', '{|', '|}', '*', '\x00', '\x01', '\x02', '\x03', '\x05',
    '\x0e', '\x10', '\x11', '\x7f', '\ud800', '\ufffd', '#REDIRECT',
])
SOUP = st.lists(ATOMS, max_size=40).map(''.join)
NAMES = st.sampled_from(['A', 'b c', 'Foo/doc', 'User:X', ':Main', '/sub',
                         '#invoke:M', '#lst:P', 'Z'])
SPACE = st.text(' \n\t', max_size=3)


@st.composite
def calls(draw: st.DrawFn, depth: int = 3) -> str:
    """Return text with templates in good order."""
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        parts.append(draw(st.sampled_from(['', ' text ', '\n* item ',
                                           '[[link]] ', '<br> '])))
        if depth and draw(st.booleans()):
            inner = draw(calls(depth - 1))
            parts.append(draw(st.sampled_from([
                '{{%s|%s}}', '{{%s|x=%s}}', '{{#if:{{{1|%s}}}|%s}}',
                '<ref name="%s">%s</ref>', "'''%s''' %s",
                '<noinclude>%s%s</noinclude>',
                '<includeonly>%s%s</includeonly>',
            ])) % (draw(NAMES), inner))
        else:
            parts.append(f'{{{{{draw(NAMES)}}}}}')
    return ''.join(parts)


@untimed
@given(SOUP)
@example('{{' * 2000 + '}}' * 2000)
@example('{{a|' * 300 + '}}' * 300)
def test_no_wikitext_is_too_broken(text: str) -> None:
    references = found(text)
    assert all(title.namespace >= 0 for title in references.titles)
    assert all(name == ' '.join(name.split())
               for name in references.unresolved)


@untimed
@given(st.lists(st.sampled_from([
    'require', 'mw.loadData', 'mw.', 'pcall', '(', ')', ',', ' ', '\n', '"',
    "'", '[[', ']]', '[=[', ']=]', '--', '\\', 'Module:A', '..', 'x', '.',
    'function', '\x00', '\ud800', 'ä']), max_size=30).map(''.join))
def test_no_lua_is_too_broken(text: str) -> None:
    references = found(text, model='Scribunto')
    assert all(title.namespace == 828 for title in references.titles)


@untimed
@given(st.one_of(SOUP, st.text(max_size=30)),
       st.sampled_from(['en', 'de', 'ja', 'tr', 'wiktionary']))
def test_what_is_found_can_be_spelled_and_read_again(text: str,
                                                     name: str) -> None:
    """A title found on a wiki is a title of that wiki."""
    references = found(text, name=name)
    for title in references.titles:
        again = wiki(name).title(':' + str(title))
        assert again == title


@untimed
@given(calls(), st.sampled_from([
    '<noinclude>%s</noinclude>', '<includeonly>%s</includeonly>',
    '<onlyinclude>%s</onlyinclude>', '<noinclude>%s', '%s<noinclude/>',
    '{{#if:x|%s}}', '{{#if:|x|%s}}', '{{W|x=%s}}', '{{{1|%s}}}',
    '<poem>%s</poem>', '[[%s]]', '<div>%s</div>', "''%s''", '<!-- x -->%s',
    '<nowiki>{{</nowiki>%s', '}}%s', '%s{{', '{{{%s', '\n== %s ==\n',
]))
def test_wrapping_loses_nothing(text: str, wrapping: str) -> None:
    bare, wrapped = found(text), found(wrapping % text)
    assert bare.titles <= wrapped.titles
    assert bare.functions <= wrapped.functions
    if '</' not in text:  # the first end tag may end two
        assert wrapped.titles <= bare.titles | {Title(10, 'W')}


@untimed
@given(calls(), calls())
def test_texts_add_up(one: str, other: str) -> None:
    assert (found(f'{one}\n{other}').titles
            == found(one).titles | found(other).titles)


@untimed
@given(NAMES, SPACE, SPACE, st.sampled_from(['', '|x', '|{{Y}}']))
def test_blanks_around_a_name_do_not_count(
        name: str, before: str, after: str, arguments: str) -> None:
    plain = found(f'{{{{{name}{arguments}}}}}')
    spaced = found(f'{{{{{before}{name}{after}{arguments}}}}}')
    assert spaced == plain


@untimed
@given(NAMES, st.sampled_from(['<!-- x -->', '<!---->', '<noinclude/>',
                               '<includeonly/>']))
def test_what_vanishes_does_not_count(name: str, nothing: str) -> None:
    plain = found(f'{{{{{name}}}}}')
    for place in range(len(name) + 1):
        text = f'{{{{{name[:place]}{nothing}{name[place:]}}}}}'
        assert found(text).titles == plain.titles


@untimed
@given(calls())
def test_nothing_is_found_in_nowiki(text: str) -> None:
    text = text.replace('</', '<')
    for tag in ('nowiki', 'pre', 'math'):
        assert not found(f'<{tag}>{text}</{tag}>').titles
    assert not found(f'<!--{text}-->').titles


# Hostile texts: what matters is that they come to an end.

SIZE = 2_000_000
HOSTILE = {
    'open': '{{' * (SIZE // 2),
    'open templates': '{{a|' * (SIZE // 4),
    'open parameters': '{{{a|' * (SIZE // 5),
    'closed': '}}' * (SIZE // 2),
    'single braces': '{ }' * (SIZE // 3),
    'pairs': '{{a}}' * (SIZE // 5),
    'deep': '{{a|' * 10_000 + '}}' * 10_000,
    'deep names': '{{' * 10_000 + 'a' + '}}' * 10_000,
    'deep parameters': '{{{a|' * 10_000 + '}}}' * 10_000,
    'deep conditions': '{{#if:x|{{b}}|' * 9_000 + '}}' * 9_000,
    'deep and cut': ('<noinclude>{{a|</noinclude>' * 5_000
                     + '<noinclude>}}</noinclude>' * 5_000),
    'open tags': '<ref>' * (SIZE // 5),
    'open brackets': '<ref ' * (SIZE // 5),
    'one bracket': '<ref ' * (SIZE // 5) + '>',
    'open comments': '<!--' * (SIZE // 4),
    'open inclusion': '<noinclude>' * (SIZE // 11),
    'onlyinclude': '<onlyinclude></onlyinclude>' * (SIZE // 27),
    'control characters': ''.join(map(chr, range(32))) * (SIZE // 32),
    'long name': '{{' + 'x' * SIZE + '}}',
    'long dynamic name': '{{' + 'x' * SIZE + '{{{1}}}}}',
    'climbing': '{{' + '../' * (SIZE // 3) + '}}',
    'pipes': '{{a' + '|' * SIZE + '}}',
    'attributes': '<templatestyles ' + 'x' * SIZE + ' src="A.css" />',
    'redirect': '#REDIRECT' + ' ' * SIZE + '[[A',
    'surrogates': '{{\ud800}}' * 1000,
    'references': '{{&#' + '9' * SIZE + ';}}',
}
HOSTILE_LUA = {
    'quotes': "'" * SIZE,
    'escaped quotes': "\\'" * (SIZE // 2),
    'brackets': '[[' * (SIZE // 2),
    'comments': '--[[' * (SIZE // 4),
    'calls': 'require(' * (SIZE // 8),
    'protected calls': 'pcall(require,' * (SIZE // 14),
    'names': 'mw.' * (SIZE // 3),
    'blanks': 'mw ' + ' ' * SIZE + '.x require',
}


@pytest.mark.parametrize('text', HOSTILE.values(), ids=HOSTILE)
def test_hostile_wikitext_comes_to_an_end(text: str) -> None:
    try:
        references = found(text, 'User:A/b')
    except UnreadableTextError as error:
        assert str(error)
    else:
        assert len(references.titles) <= 3
        assert all(len(name) <= 501 for name in references.unresolved)


@pytest.mark.parametrize('text', HOSTILE_LUA.values(), ids=HOSTILE_LUA)
def test_hostile_lua_comes_to_an_end(text: str) -> None:
    references = found(text, model='Scribunto')
    assert not references.titles
    assert all(len(name) <= 501 for name in references.unresolved)


def test_a_deep_nest_is_read_to_the_bottom() -> None:
    depth = 500
    text = '{{A|{{#if:x|' * depth + '{{Bottom}}' + '}}}}' * depth
    assert spelled(found(text))['titles'] == ('Template:A\n'
                                              'Template:Bottom')


def test_a_text_with_too_many_templates_is_refused() -> None:
    with pytest.raises(UnreadableTextError, match='templates'):
        found('{{a}}' * 100_000)
    assert issubclass(UnreadableTextError, ValueError)
