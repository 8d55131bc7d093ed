"""Diffs on wikis: escaped, bounded, and what is left out is said."""
from __future__ import annotations

from html import unescape

from importbot.model.problems import Problem
from importbot.reports.wikitext.diffs import Compared, wiki_diffs


def shown(before: str, after: str) -> str:
    text, = wiki_diffs([lambda: Compared('head', before, after)], 'en')
    return unescape(text)


def test_what_changed_far_inside_a_long_line_is_shown() -> None:
    line = 'word ' * 2000
    text = shown(f'{line}good{line}', f'{line}evil{line}')
    assert 'good' in text
    assert 'evil' in text
    assert len(text) < 1000
    assert 'longer than is shown' not in text


def test_change_at_the_end_of_a_long_line() -> None:
    line = 'x' * 5000
    assert 'evil' in shown(line, f'{line}evil')
    assert 'evil' in shown(line, f'evil{line}')
    assert 'longer than is shown' not in shown(line, f'{line}evil')


def test_what_does_not_fit_is_said() -> None:
    text = shown('', 'y' * 100_000)
    assert len(text) < 7000
    assert 'longer than is shown' in text
    many = '\n'.join(map(str, range(5000)))
    assert 'longer than is shown' in shown('', many)


def test_of_many_pages_some_are_counted() -> None:
    read = []

    def pair() -> Compared:
        read.append(1)
        return Compared('head', '', 'z\n' * 2000)

    found = wiki_diffs([pair] * 50, 'en')
    assert sum(map(len, found)) < 60_000
    assert found[-1] == 'Pages whose diff is not shown here&#58; 46' or (
        'Pages whose diff is not shown here' in found[-1])
    # What is not shown is not read.
    assert len(read) < 10


def test_equal_texts_and_errors_are_told() -> None:
    assert 'The texts are the same.' in shown('a', 'a')
    text, = wiki_diffs([lambda: Compared('head', error=Problem.quoted(
        'hidden [[x]]'))],
                       'en')
    assert 'hidden &#91;&#91;x&#93;&#93;' in text


def test_nothing_of_a_text_is_wikitext() -> None:
    nasty = '|}\n</pre>{{subst:x}} [[Category:Y]] ~~~~ <nowiki>\n* \n=='
    text, = wiki_diffs([lambda: Compared('head', '', nasty)], 'en')
    inside = text.partition('<pre dir="auto">')[2].rpartition('</pre>')[0]
    assert not set(inside) & set('<>{}[]|~')
