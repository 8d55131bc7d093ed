"""What people write into a request, and what they are asked about it."""
from __future__ import annotations

import json
import re
import time
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot import i18n
from importbot.i18n import LANGUAGES
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.requestpages.configuration import (
    Configuration,
    read_configuration,
)
from importbot.requestpages.page.request import Request
from importbot.requestpages.page.scanner import MOST, Span
from importbot.requestpages.passes.spec import (
    RequestSpec,
    parse_spec,
    pattern,
)
from importbot.requestpages.words import template_words
from tests.kit.references import wiki


INTERWIKI = {
    'en': 'https://en.wikipedia.org/wiki/$1',
    'w:de': '//de.wikipedia.org/wiki/$1',
    'w': 'https://en.wikipedia.org/wiki/$1',
    'old': 'http://old.example:8080/index.php?title=$1',
    'odd': 'https://odd.example/page-$1.html',
    'commons': 'https://commons.wikimedia.org/wiki/$1'}


def configuration(**changes: Any) -> Configuration:
    return read_configuration(json.dumps({
        'pages': ['P'], 'groups': ['sysop'], 'stop': {'page': 'S'},
        'sources': ['en', 'w:de', 'old', 'odd'], **changes}), 'C')


ONE_SOURCE = configuration(sources=['en'])


def wanted(settings: Configuration | None = None,
           **fields: str) -> RequestSpec:
    """Return what a request with some fields asks for, on a German wiki.
    """
    return parse_spec(Request(Span(0, 0), fields),
                      settings or configuration(), INTERWIKI, wiki('de'))


def one(pages: str, source: str = 'en') -> tuple[str, str]:
    """Return title and target of a request for one page of a source."""
    found = wanted(pages=pages, source=source)
    assert (found.problems, found.prefix) == ((), source)
    title, = found.titles
    return title, dict(found.targets).get(title, '')


# Titles, links and addresses

@pytest.mark.parametrize('line', [
    'Rover', '* Rover', '#:  Rover ', '  Rover<!-- the dog --> ', 'Rover<br>',
    '<br />Rover', '\u200eRover\u200f', '[[Rover]]', '[[:Rover]]',
    '[[ :en:Rover ]]', '[[:en:Rover|the dog]]', '[[en:Rover|]]',
    '[[:EN:Rover]]', '[[:en : Rover]]', '[[:en:_Rover_]]',
    '\u202b[[:en:Rover]]\u202c', '*[[:en:Rover]]',
    'https://en.wikipedia.org/wiki/Rover', '//en.wikipedia.org/wiki/Rover',
    'http://en.wikipedia.org/wiki/Rover', 'HTTPS://EN.Wikipedia.org/wiki/Rover',
    'https://en.wikipedia.org/wiki/Rover#History',
    'https://en.wikipedia.org/wiki/Rover?action=history',
    'https://en.wikipedia.org/wiki/%52over',
    'https://en.wikipedia.org/w/index.php?title=Rover',
    'https://en.wikipedia.org/w/index.php?title=Rover&oldid=7&diff=next',
    'https://en.wikipedia.org/w/index.php?action=edit&title=Rover#x',
    '[https://en.wikipedia.org/wiki/Rover]',
    '[https://en.wikipedia.org/wiki/Rover the dog]',
    'https://en.wikipedia.org/wiki/Rover the dog'])
def test_page_can_be_written_in_many_ways(line: str) -> None:
    assert one(line) == ('Rover', '')


@pytest.mark.parametrize(('line', 'prefix', 'title'), [
    ('Template:Infobox_rover', 'en', 'Template:Infobox rover'),
    ('[[Template:Infobox rover]]', 'en', 'Template:Infobox rover'),
    ('[[:en:Template:Infobox rover]]', 'en', 'Template:Infobox rover'),
    ('[[:w:de:Vorlage:Hund]]', 'w:de', 'Vorlage:Hund'),
    ('[[W:DE:Hund|x]]', 'w:de', 'Hund'),
    ('AT&amp;T', 'en', 'AT&T'), ('[[:en:Caf&eacute;]]', 'en', 'Café'),
    ('C&#43;&#43;', 'en', 'C++'), ("Rover's ''dog''", 'en', "Rover's ''dog''"),
    ('[[:en:C++]]', 'en', 'C++'), ('[[:en:A → B]]', 'en', 'A → B'),
    ('[[:en:רובר]]', 'en', 'רובר'), ('ローバー', 'en', 'ローバー'),
    ('//de.wikipedia.org/wiki/Vorlage:Hund', 'w:de', 'Vorlage:Hund'),
    ('https://de.wikipedia.org/wiki/Sch%C3%A4fer_(Hund)', 'w:de',
     'Schäfer (Hund)'),
    ('https://en.wikipedia.org/wiki/C%2B%2B', 'en', 'C++'),
    ('https://en.wikipedia.org/wiki/C++', 'en', 'C++'),
    ('https://en.wikipedia.org/w/index.php?title=C%2B%2B', 'en', 'C++'),
    ('https://en.wikipedia.org/w/index.php?title=A+B_C', 'en', 'A B C'),
    ('https://en.wikipedia.org/wiki/What%3F', 'en', 'What?'),
    ('https://en.wikipedia.org/wiki/A/B', 'en', 'A/B'),
    ('http://old.example:8080/index.php?title=Rover', 'old', 'Rover'),
    ('https://odd.example/page-Rover.html', 'odd', 'Rover')])
def test_title_is_that_of_the_source(line: str, prefix: str,
                                     title: str) -> None:
    assert one(line, prefix) == (title, '')


@pytest.mark.parametrize(('line', 'target'), [
    ('Rover → Hund', 'Hund'), ('Rover->Hund', 'Hund'),
    ('Rover => Hund', 'Hund'), ('Rover ⇒ Hund', 'Hund'),
    ('Rover &rarr; Hund', 'Hund'), ('Rover &rArr; Hund', 'Hund'),
    # The same in a line from right to left
    ('Rover ← Hund', 'Hund'), ('\u200fRover ⇐ Hund', 'Hund'),
    ('Rover <- \u200fHund', 'Hund'), ('Rover &larr; Hund', 'Hund'),
    # Titles of the target are written as it does.
    ('Rover → hund', 'Hund'), ('Rover → hund_und_katze', 'Hund und katze'),
    ('Rover → user:anna/Rover', 'Benutzer:Anna/Rover'),
    ('Rover → Benutzerin: Anna', 'Benutzer:Anna'),
    ('Rover → [[V:Hund]]', 'Vorlage:Hund'),
    ('[[Rover|a]] → [[:Kategorie:Hund|b]]', 'Kategorie:Hund'),
    ('Rover → Hund#Haltung', 'Hund'), ('Rover → A&amp;B', 'A&B'),
    ('Rover → [[A → B]]', 'A → B'), ('Rover<!-- → Katze --> → Hund', 'Hund')])
def test_arrow_leads_to_the_target(line: str, target: str) -> None:
    assert one(line) == ('Rover', target)


def test_lines_are_kept_in_order_and_counted_once() -> None:
    found = wanted(pages='<!-- mine -->\n* [[:en:B]] → C\n\n*[[:en:A]]<br>'
                         '[[:en:B|b]] → [[C]]\n# //en.wikipedia.org/wiki/A')
    assert found == RequestSpec('en', ('B', 'A'), (('B', 'C'), ))


@pytest.mark.parametrize(('source', 'pages', 'prefix'), [
    ('en', 'A', 'en'), (':W:de:', 'A', 'w:de'), ('', '[[:w:de:A]]', 'w:de'),
    ('en', '[[:en:A]]\nB\n//en.wikipedia.org/wiki/C', 'en')])
def test_source_is_named_once_or_everywhere(source: str, pages: str,
                                            prefix: str) -> None:
    found = wanted(source=source, pages=pages)
    assert (found.prefix, found.problems) == (prefix, ())


# How they are imported

@pytest.mark.parametrize(('fields', 'choices'), [
    ({}, {}),
    ({'templates': '', 'exclude': ' \n', 'before': ''}, {}),
    ({'templates': 'Used', 'existing': 'ASK', 'history': 'current'},
     {'templates': 'used', 'existing': 'ask', 'history': 'current'}),
    ({'existing': 'update'}, {'existing': 'update'}),
    ({'before': '2024-02-29'}, {'before': '2024-02-29T23:59:59Z'}),
    ({'before': '2024-02-29T12:00:00Z'}, {'before': '2024-02-29T12:00:00Z'}),
    ({'reason': 'existing=force', 'x': 'y'}, {})])
def test_choices(fields: dict[str, str], choices: dict[str, object]) -> None:
    found = wanted(ONE_SOURCE, pages='A', **fields)
    assert (found.problems, found.choices) == ((), choices)


@pytest.mark.parametrize(('exclude', 'out', 'kept'), [
    ('Template:Foo', ['Template:Foo'], ['Template:Foo/doc', 'Template:Foos',
                                        'A Template:Foo']),
    ('Template:Foo_bar', ['Template:Foo bar'], ['Template:Foo_bar']),
    ('[[Template:Foo|x]]\n* Template:Bar', ['Template:Foo', 'Template:Bar'],
     ['Template:Foo|x', 'XTemplate:Bar']),
    ('*/doc', ['Template:Foo/doc', '/doc'], ['Template:Foo/docs']),
    ('Template:*box*', ['Template:box', 'Template:Infobox rover'],
     ['Template:Rover', 'Module:Infobox']),
    ('Template:A.c (+', ['Template:A.c (+'], ['Template:Abc (+'])])
def test_excluded_titles_may_have_asterisks(exclude: str, out: list[str],
                                            kept: list[str]) -> None:
    found = wanted(ONE_SOURCE, pages='A', exclude=exclude)
    patterns: Any = found.choices['exclude']
    for titles, is_out in ((out, True), (kept, False)):
        for title in titles:
            assert any(re.search(expression, title)
                       for expression in patterns) is is_out, title


@given(st.text('ab*.+$^\\()[]|', max_size=8), st.text('ab.+$^\\()[]|',
                                                      max_size=8))
def test_pattern_matches_literally_but_for_asterisks(title: str,
                                                     other: str) -> None:
    parts = title.split('*')
    assert re.search(pattern(title), other.join(parts))
    if len(parts) == 1:
        assert bool(re.search(pattern(title), other)) is (title == other)


def test_policy_is_that_of_the_wiki_but_for_what_is_chosen() -> None:
    settings = configuration(
        limits={'pages': 5, 'revisions': 6},
        policy={'existing': 'update', 'templates': 'none', 'tags': ['import'],
                'nsmap': {'4': '102'}, 'exclude': ['Template:A*'],
                'authors': 'local', 'existingpages': 'ask',
                'post': ['nocategories']})
    base: dict[str, Any] = {
        'tags': ('import', ), 'nsmap': (('4', '102'), ), 'summary': 'Why',
        'authors': 'local', 'existingpages': 'ask', 'maxpages': 5,
        'post': ('nocategories', ),
        'maxrevisions': 6}
    assert wanted(settings, pages='[[:en:A]] → B').policy(
        settings, 'Why') == Policy(
        existing='update', templates='none', exclude=('^Template:A.*$', ),
        titlemap=(('A', 'B'), ), **base)
    assert wanted(settings, pages='[[:en:A]]', templates='used',
                  existing='skip', exclude='Template:B',
                  before='2024-01-01').policy(settings, 'Why') == Policy(
        existing='skip', templates='used',
        exclude=('^Template:A.*$', '^Template:B$'),
        before='2024-01-01T23:59:59Z', asdependencies=True, **base)


def test_policy_of_a_plain_request_is_the_default() -> None:
    assert wanted(ONE_SOURCE, pages='A').policy(ONE_SOURCE, 'Why') == Policy(
        summary='Why', maxpages=200, maxrevisions=10_000)


# What is wrong

SOURCES = 'en, w:de, old, odd'

#: Fields of a request with what is said about them.
WRONG: list[tuple[dict[str, str], Problem]] = [
    *(({'source': 'en', 'pages': line}, Problem('line', line=line))
      for line in ('[[A', 'A]]', '[[A]] and [[B]]', '[A]', 'A|B', '[[A]]x',
                   'A → B → C', '→ B', '[[:en:]]', '[[]]', '{{A|b}}',
                   'A&#91;')),
    *(({'source': 'en', 'pages': f'A → {target}'},
       Problem('target', title=target[:200]))
      for target in ('', 'B<C', 'en:B', 'Benutzer:', 'x' * 256, '{{B}}')),
    ({'source': 'en', 'pages': 'A → [[:en:B]]'},
     Problem('target', title='en:B')),
    ({'pages': ''}, Problem('nothing', parameter='pages')),
    ({'source': 'en', 'pages': '<!-- A -->\n* \n'},
     Problem('nothing', parameter='pages')),
    ({'source': 'en', 'pages': 'A → B\nA → C'},
     Problem('twice', title='A')),
    ({'source': 'en', 'pages': 'A\n[[:en:A]] → C'},
     Problem('twice', title='A')),
    ({'source': 'en', 'pages': '\n'.join(map(str, range(21)))},
     Problem('many', count=21, limit=20)),
    ({'source': 'en', 'pages': '[[:w:de:A]]'},
     Problem('sources', sources='en, w:de')),
    ({'pages': '[[:en:A]]\n//de.wikipedia.org/wiki/B'},
     Problem('sources', sources='en, w:de')),
    ({'pages': 'A'}, Problem('no-source', sources=SOURCES)),
    *(({'source': named, 'pages': 'A'},
       Problem('source', source=named, sources=SOURCES))
      for named in ('xx', 'w', 'https://en.wikipedia.org', '{{x}}')),
    *(({'pages': f'[[:{link}]]'},
       Problem('source', source=link.partition(':')[0],
               sources=SOURCES))
      for link in ('commons:A', 'w:A', 'w:fr:A')),
    *(({'pages': url}, Problem('url', url=url, sources=SOURCES))
      for url in ('https://example.org/wiki/A',
                  'https://en.wikipedia.org.example/wiki/A',
                  'https://en.wikipedia.org@example.org/wiki/A',
                  'https://en.wikipedia.org:81/wiki/A',
                  'https://en.wikipedia.org/', 'https://en.wikipedia.org/wiki/',
                  'https://en.wikipedia.org/w/index.php?curid=7',
                  'https://commons.wikimedia.org/wiki/A', '///',
                  '//\u2100', 'https://a\u2100.example/wiki/A')),
    *(({'source': 'en', 'pages': 'A', name: value},
       Problem('value', name=name, value=Problem('quoted', name=value),
               allowed=allowed))
      for name, value, allowed in (
          ('templates', 'xyz', 'auto, used, mentioned, none'),
          ('existing', 'force', 'skip, update, ask'),
          ('existing', 'keep', 'skip, update, ask'),
          ('history', 'none', 'full, current'))),
    *(({'source': 'en', 'pages': 'A', 'before': before},
       Problem('before', value=before))
      for before in ('yesterday', '2024', '2024-02-30', '2023-02-29',
                     '2024-13-01', '0000-01-01', '2024-1-1', '24-01-01',
                     '2024-01-01T24:00:00Z', '2024-01-01T12:00:00',
                     '2024-01-01 12:00', '２０２４-01-01', '2024-01-01T')),
    *(({'source': 'en', 'pages': 'A', 'exclude': exclude}, Problem('exclude'))
      for exclude in ('A***', '\n'.join(map(str, range(51))), 'x' * 256)),
]


@pytest.mark.parametrize(('fields', 'problem'), WRONG,
                         ids=range(len(WRONG)))
def test_what_is_wrong_is_said(fields: dict[str, str],
                               problem: Problem) -> None:
    assert problem in wanted(**fields).problems


def test_address_that_is_none_is_said() -> None:
    found = wanted(pages='https://[::1/wiki/A')
    assert 'url' in {problem.key for problem in found.problems}


def test_address_of_another_wiki_is_said_once() -> None:
    url = 'https://example.org/wiki/A'
    found = wanted(source='en', pages=f'A\n{url}')
    assert found.problems == (Problem('url', url=url, sources=SOURCES), )
    # What the source lacks of the others is said in the same answer.
    assert (found.prefix, found.titles) == ('en', ('A', ))


def test_parameter_has_the_name_of_the_wiki() -> None:
    words = template_words('X', 'ja')
    found = parse_spec(Request(Span(0, 0), words=words), ONE_SOURCE,
                       INTERWIKI, wiki('ja'))
    assert found.problems == (Problem('nothing', parameter='ページ'), )


def test_unknown_state_is_said() -> None:
    found = parse_spec(
        Request(Span(0, 0), {'pages': 'A'}, None, 'rady'), ONE_SOURCE,
        INTERWIKI, wiki('de'))
    assert found.problems == (Problem(
        'status', word=Problem('quoted', name='rady'),
        allowed='new, approved, declined, withdrawn, manual'), )


@pytest.mark.parametrize('broken', ['unclosed', 'unreadable'])
def test_of_a_broken_request_nothing_else_is_said(broken: str) -> None:
    found = parse_spec(Request(Span(0, 0), broken=broken), ONE_SOURCE,
                       INTERWIKI, wiki('de'))
    assert found == RequestSpec(problems=(Problem(broken), ))


def test_all_that_is_wrong_is_said_at_once_and_once() -> None:
    found = wanted(source='xx', pages='[[A\n[[A\nA → B<C', history='each',
                   before='x', exclude='***')
    assert [problem.key for problem in found.problems] == [
        'source', 'line', 'target', 'value', 'exclude', 'before']


@pytest.mark.parametrize('field', ['source', 'pages', 'templates', 'before'])
def test_answers_repeat_no_novels(field: str) -> None:
    text = '[[' + 'x' * 9_000
    found = wanted(**{'pages': 'A', field: text})
    assert found.problems
    assert max(len(str(value)) for problem in found.problems
               for value in problem.values.values()) <= 200


@pytest.mark.parametrize('unit', [
    ' ', '[', '[[', '[[ ', '//a ', 'https://[', '[https://', '→', '<br>',
    '<!--', '&', '*', '|', 'A\n', '&amp;', ':', '\u200f'])
@pytest.mark.parametrize(('start', 'end'), [
    ('', ''), ('A', 'B'), ('[[', 'A['), ('//a', ']]'), ('[https://a', ' ]]')])
def test_lines_made_to_keep_the_bot_busy_do_not(unit: str, start: str,
                                                end: str) -> None:
    text = start + unit * (MOST // len(unit)) + end
    begun = time.process_time()
    wanted(pages=text, exclude=text, source=text, before=text)
    assert time.process_time() - begun < 5


@given(st.lists(st.sampled_from([
    'A', 'B:', ':', 'en:', '[[', ']]', '|', ' → ', '\n', '<br>', '<!--',
    '-->', '//', 'https://', 'en.wikipedia.org/wiki/', '?title=', '%',
    '%5B', '&#91;', '_', '*', '#', ' ', '\u200f', '[', ']', '{{', '\x00',
    '\ufffd'])).map(''.join), st.sampled_from(['', 'en', 'w:de']))
def test_any_lines_are_read_or_answered(pages: str, source: str) -> None:
    found = wanted(source=source, pages=pages, exclude=pages)
    if not found.problems:
        assert found.prefix in ('en', 'w:de')
        assert found.titles
    for title in found.titles:
        assert title == title.strip() and title and '|' not in title
    for title, target in found.targets:
        assert title in found.titles
        place = wiki('de').title(target)
        assert place is not None and str(place) == target


# What is said about it

#: What a plan, and not a request, shows to be wrong.
OF_PLANS = {'not-there': {'titles'}, 'cleanup-of-wiki': set(),
            'before-not-here': set(), 'title': {'title'}, 'closure': {'limit'},
            'pages': {'count', 'limit'}, 'revisions': {'count', 'limit'},
            'namespace': {'page'}}


@pytest.mark.parametrize('language', LANGUAGES)
def test_every_problem_has_a_sentence(language: str) -> None:
    texts = json.loads(files(i18n).joinpath(f'{language}.json').read_text(
        'utf-8'))
    start = 'importbot-problem-'
    found = {key.removeprefix(start): set(re.findall(r'%\((\w+)\)s', text))
             for key, text in texts.items() if key.startswith(start)}
    needed = {
        **{problem.key: set(problem.values) for _fields, problem in WRONG},
        'status': {'word', 'allowed'}, 'unclosed': set(), 'unreadable': set(),
            'subst': set(), 'tags': set(), 'parameters': set(),
        **OF_PLANS}
    assert {key: found.get(key) for key in needed} == needed
