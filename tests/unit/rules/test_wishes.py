"""Wishes for pages of other wikis, as people write them into a file."""
from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot.model.problems import Problem
from importbot.model.titles import USER, Title
from importbot.rules.wanted import ForeignWikis
from importbot.rules.wishes import (
    Wish,
    Wishes,
    pages_of,
    read_wishes,
    same_titles,
)
from tests.kit.references import wiki


TARGET = wiki('de')
PATTERNS = {
    'en': 'https://en.wikipedia.org/wiki/$1',
    'fr': 'https://fr.wikipedia.org/wiki/$1',
    'w:ja': '//ja.wikipedia.org/wiki/$1',
    'one': 'https://wikis.example/one/index.php/$1',
    'two': 'https://wikis.example/two/index.php/$1',
    'query': 'https://old.example/index.php?title=$1',
    'hilfe': 'https://help.example/$1'}
SOURCES = ['en', 'w:ja', 'one', 'two', 'query', 'hilfe']
ALLOWED = ', '.join(SOURCES)


def read(*lines: str, source: str = '', sources: list[str] = SOURCES,
         ) -> Wishes:
    return read_wishes(lines, ForeignWikis(
        sources, PATTERNS, TARGET.namespace_number), TARGET, source)


def one(line: str, **options: Any) -> tuple[str, str, str]:
    """Return prefix, title and wanted title of a line."""
    found = read(line, **options)
    assert not found.problems
    wish, = found.wishes
    return wish.prefix, wish.title, str(wish.target or '')


def problem(*lines: str, **options: Any) -> Problem:
    """Return what is wrong with the last of some lines."""
    found = read(*lines, **options)
    (number, said), = found.problems
    assert number == len(lines)
    return said


@pytest.mark.parametrize(('line', 'wish'), [
    ('en:Rover', ('en', 'Rover', '')),
    ('EN: Rover ', ('en', 'Rover', '')),
    ('en:Rover → User:Anna/Rover', ('en', 'Rover', 'Benutzer:Anna/Rover')),
    ('en:Rover -> Benutzer:Anna/Rover', ('en', 'Rover',
                                         'Benutzer:Anna/Rover')),
    ('* [[en:Rover]]', ('en', 'Rover', '')),
    ('** [[:en:Rover|the dog]] → [[Hund]]', ('en', 'Rover', 'Hund')),
    (': en:Template:A_b', ('en', 'Template:A b', '')),
    ('w:ja:ローバー', ('w:ja', 'ローバー', '')),
    ('\u200een:רובר\u200f', ('en', 'רובר', '')),
    ('https://en.wikipedia.org/wiki/Rover', ('en', 'Rover', '')),
    ('<https://en.wikipedia.org/wiki/Rover>', ('en', 'Rover', '')),
    ('https://en.m.wikipedia.org/wiki/Caf%C3%A9', ('en', 'Café', '')),
    ('https://en.wikipedia.org/w/index.php?title=A_b&oldid=7 → C',
     ('en', 'A b', 'C')),
    ('https://en.wikipedia.org/w/index.php/Rover', ('en', 'Rover', '')),
    ('https://ja.wikipedia.org/wiki/A', ('w:ja', 'A', '')),
    # Two wikis of one host, by path and by query
    ('https://wikis.example/two/index.php/Rover', ('two', 'Rover', '')),
    ('https://wikis.example/one/index.php?title=Rover', ('one', 'Rover', '')),
    ('https://old.example/index.php?title=Rover', ('query', 'Rover', '')),
    # Tables
    ('en\tRover\tUser:Anna/Rover', ('en', 'Rover', 'Benutzer:Anna/Rover')),
    ('en\tRover', ('en', 'Rover', '')),
    ('en:\tRover\t\t', ('en', 'Rover', '')),
    ('en:Rover\tHund', ('en', 'Rover', 'Hund')),
    ('https://en.wikipedia.org/wiki/Rover\tHund', ('en', 'Rover', 'Hund')),
    ('en\t[[Rover]]\t[[Hund]]', ('en', 'Rover', 'Hund')),
    ('en\tA → B', ('en', 'A → B', ''))])
def test_wish_can_be_written_in_many_ways(
        line: str, wish: tuple[str, str, str]) -> None:
    assert one(line) == wish
    assert one(f'{line}\r\n') == wish


@pytest.mark.parametrize(('line', 'title'), [
    ('Rover', 'Rover'), ('Help:Rover', 'Help:Rover'),
    # As a link on the target it leads to a namespace and not to a wiki.
    ('Hilfe:Rover', 'Hilfe:Rover'), ('C: a language', 'C: a language'),
    ('\tRover', 'Rover'), ('\tRover\t', 'Rover')])
def test_wiki_need_not_be_named_on_each_line(line: str, title: str) -> None:
    assert one(line, source='en') == ('en', title, '')
    assert one(line, sources=['en']) == ('en', title, '')
    assert problem(line) == Problem('no-source', sources=ALLOWED)


def test_header_says_what_columns_are() -> None:
    found = read('# Anna', 'Target\tPage\tremark\tWiki', 'X\tRover\tnice\ten',
                 '\tDog\t\tone', source='two')
    assert found.wishes == (Wish(3, 'en', 'Rover', Title(0, 'X')),
                            Wish(4, 'one', 'Dog'))


def test_comments_and_empty_lines_are_no_wishes() -> None:
    found = read('', '# en:Rover', '  ', '\ten:A\t', '#[[en:Rover]]',
                 '*# [[:en:Rover]]', 'en:B#History')
    assert [(wish.line, wish.title) for wish in found.wishes] == [
        (4, 'A'), (7, 'B#History')]
    assert not found.problems
    # A numbered list, as likely as a comment
    assert found.comments == (5, 6)


def test_source_that_is_named_comes_before_others_of_its_host() -> None:
    address = 'https://en.wikipedia.org/wiki/Rover'
    wikis = ForeignWikis(['a', 'b'], dict.fromkeys('ab', PATTERNS['en']))
    assert [read_wishes([address], wikis, TARGET, source).wishes[0].prefix
            for source in ('', 'a', 'b')] == ['a', 'a', 'b']


@pytest.mark.parametrize(('line', 'said'), [
    ('en:A → B → C', Problem('line', line='en:A → B → C')),
    ('en:A →', Problem('line', line='en:A →')),
    ('en:', Problem('line', line='en:')),
    ('en:A|B', Problem('line', line='en:A|B')),
    ('[[en:A]] (please)', Problem('line', line='[[en:A]] (please)')),
    # A terminal shows no tab within an error.
    ('en\tA\tB\tC', Problem('line', line='en A B C')),
    ('fr:A', Problem('source', source='fr', sources=ALLOWED)),
    ('[[:fr:A]]', Problem('source', source='fr', sources=ALLOWED)),
    ('fr\tA', Problem('source', source='fr', sources=ALLOWED)),
    ('xx\tA\tB', Problem('source', source='xx', sources=ALLOWED)),
    ('one\thttps://en.wikipedia.org/wiki/A',
     Problem('source', source='one', sources=ALLOWED)),
    ('https://example.org/wiki/A', Problem(
        'url', url='https://example.org/wiki/A', sources=ALLOWED)),
    ('https://en.wikipedia.org/w/index.php?curid=7', Problem(
        'url-without-title',
        url='https://en.wikipedia.org/w/index.php?curid=7')),
    ('en:A → <b>', Problem('target', title='<b>')),
    ('en:A → Special:B', Problem('target', title='Special:B'))])
def test_line_that_cannot_be_used(line: str, said: Problem) -> None:
    assert problem('en:Rover', line) == said


def test_addresses_of_revisions_are_told() -> None:
    query = 'https://en.wikipedia.org/w/index.php?title='
    found = read(f'{query}A', f'{query}B&oldid=7', f'{query}C&diff=prev')
    assert found.revisions == (2, )
    assert len(found.wishes) == 3


def test_lines_that_say_the_same_or_something_else() -> None:
    found = read('en:Rover → A', 'en:Dog', 'en:rover → A', 'en:Rover → B',
                 'en:Dog', 'en:<i>', 'one:Rover → A', 'en:Cat → A')
    pages = [pages_of(wishes, wiki('en'))
             for wishes in found.by_source().values()]
    assert [*pages[0].wishes] == [Title(0, name)
                                  for name in ('Rover', 'Dog', 'Cat')]
    assert pages[0].repeats == ((3, 1), (5, 2))
    assert dict(pages[0].problems) == {
        4: Problem('wish-two-titles', title='Rover', line=1),
        6: Problem('title', title='<i>')}
    assert same_titles(pages) == [
        (line, Problem('wish-same-title', title='A', line=1))
        for line in (7, 8)]


WORDS = st.lists(st.sampled_from([
    'en', ':', '→', '->', '[[', ']]', '|', '\t', ' ', '*', '#', 'A', 'ß',
    'https://', 'en.wikipedia.org/wiki/', '?title=', '%', '&amp;', 'User:',
    '\u200f', '\u00a0', '\ufeff', '<', 'w:ja', 'page', 'target', '//', '0']),
    max_size=12).map(''.join) | st.text(max_size=20)


@given(st.lists(WORDS, max_size=6), st.sampled_from(['', 'en', 'xx']))
def test_each_line_is_a_wish_a_problem_or_nothing(lines: list[str],
                                                  source: str) -> None:
    found = read(*lines, source=source)
    wished = [wish.line for wish in found.wishes]
    numbers = [*wished, *(number for number, _problem in found.problems)]
    assert len(set(numbers)) == len(numbers) == len(
        set(numbers) & {*range(1, len(lines) + 1)})
    assert wished == sorted(wished)
    for wish in found.wishes:
        assert wish.prefix in (*SOURCES, source)
        assert wish.title
        assert wish.target is None or TARGET.title(
            f':{wish.target}') == wish.target


@given(st.text(alphabet='ABü( ', min_size=1, max_size=9).map(str.strip),
       st.sampled_from(['{0}\t{1}\t{2}', '{0}:{1} → {2}', '{0}:{1}\t{2}',
                        '* [[:{0}:{1}]] -> [[{2}]]']))
def test_forms_of_a_wish_say_the_same(name: str, form: str) -> None:
    title = TARGET.title(name)
    if title and '  ' not in name:
        assert one(form.format('en', title, f'User:{title}')) == (
            'en', str(title), str(Title(USER, title.name, 'Benutzer')))
