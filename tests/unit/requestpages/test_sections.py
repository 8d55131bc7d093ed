"""Links open the section of their request, and say which one it is."""
from __future__ import annotations

import time

import pytest

from importbot.requestpages.configuration import TemplateWords
from importbot.requestpages.page.edits import RequestEdit
from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.sections import (
    Sections,
    ids_named,
    renumbered,
    unnumbered,
)
from importbot.requestpages.passes.reply_text import ReplyText
from importbot.requestpages.status import Status
from tests.kit.references import wiki


READER = RequestReader(wiki('en'), [TemplateWords()])
ANSWERS = ReplyText('de', {})
A, B = 'a' * 12, 'b' * 12


def way(id: str) -> str:
    return ANSWERS.way('Wiki:Wünsche & mehr', id, Status.APPROVED,
                       'zu prüfen', 'genehmigt')


def request(id: str, status: str = 'review') -> str:
    return f'{{{{Import request|pages=P|status={status}|id={id}|plan=1}}}}'


@pytest.mark.parametrize(('text', 'number'), [
    ('X', 0), ('== a ==\nX', 1), ('X\n== a ==', 0), ('= a =\n=== b ===\nX', 2),
    ('== a ==  \nX', 1), ('== a == <!-- b -->\nX', 1), ('==a=\nX', 1),
    ('===\nX', 1), ('==\nX', 0), ('== a\nX', 0), ('a ==\nX', 0),
    (' == a ==\nX', 0), ('<!--\n== a ==\n-->\nX', 0),
    ('<nowiki>\n== a ==\n</nowiki>X', 0), ('<pre>\n== a ==\n</pre>\nX', 0),
    ('<poem>\n== a ==\n</poem>\nX', 0), ('<poem>\n== a ==\nX', 1),
    ('<noinclude>\n== a ==\n</noinclude>X', 1),
    ('<includeonly>\n== a ==\n</includeonly>X', 0),
    ('<!-- a -->\n== a ==\nX', 1), ('{{a|\n== b ==\n}}\nX', 1)])
def test_sections_are_counted_as_the_wiki_does(text: str,
                                               number: int) -> None:
    assert Sections(text, {'poem'}).number(text.index('X')) == number


def test_link_names_page_request_and_state() -> None:
    assert way(A) == (
        '<span class="plainlinks">[{{fullurl:Wiki:Wünsche & mehr|action=edit'
        '&section=0&summary=Importwunsch%20%5B%5BWiki%3AW%C3%BCnsche%20%26%20'
        f'mehr%23import-{A}%7C{A}%5D%5D%3A%20genehmigt}}}} Genehmigen]'
        '</span>: '
        'dort „zu prüfen“ in „genehmigt“ ändern und speichern')


def test_answer_is_saved_with_its_section() -> None:
    text = f'== a ==\n{request(A)}\n== b ==\n{request(B)}\n'
    for number, id in enumerate((A, B), 1):
        found, = (one for one in READER.requests(text) if one.id == id)
        change = RequestEdit(found, answer=way(id)).in_section(text, READER)
        assert f'&section={number}&' in change.answer
    assert RequestEdit(found, answer=way(B)).in_section(
        'nothing', READER).answer == way(B)


def page(first: str, second: str) -> str:
    """Return a page whose links open the second and the first section."""
    links = {id: way(id).replace('section=0', f'section={number}')
             for id, number in ((A, 2), (B, 1))}
    return (f'== 1 ==\n{request(first)}\n{links[first]}\n'
            f'== 2 ==\n{request(second)}\n{links[second]}\n')


def test_links_are_put_right() -> None:
    right = page(B, A)
    assert renumbered(right, READER) == right
    wrong = page(A, B)
    assert renumbered(wrong, READER) == wrong.replace(
        'section=2', 'section=?').replace('section=1', 'section=2').replace(
        'section=?', 'section=1')
    assert unnumbered(renumbered(wrong, READER)) == unnumbered(wrong)


@pytest.mark.parametrize('change', [
    (request(A), request(A, 'done')), (request(A), f'{request(A)} '
                                           f'{request(A)}'),
    (request(A), '')])
def test_links_of_what_does_not_wait_are_left(
        change: tuple[str, str]) -> None:
    text = page(A, B).replace(*change)
    assert '&section=2&summary=Importwunsch' in renumbered(text, READER)
    assert text.count('section=2') <= renumbered(text, READER).count(
        'section=2')


@pytest.mark.parametrize(('summary', 'ids'), [
    ('', set()), ('thanks', set()), (f'approved {A}', set()),
    (f'[[Wiki:Wünsche#import-{A}|{A}]]: genehmigt', {A}),
    (f'/* 1 */ [[W#import-{A}|x]], [[W#import-{B}|y]]', {A, B}),
    (f'/* see #import-{A} */ yes', set())])
def test_summary_names_requests(summary: str, ids: set[str]) -> None:
    assert ids_named(summary) == ids


@pytest.mark.parametrize('unit', [
    '|action=edit&section=1&summary=', f'import-{A}%7C', '=', '= ', '<poem>',
    '== a ==\n', '\n=', '<!--', f'|action=edit&section=1&summary=import-{A}'])
def test_pages_made_to_keep_the_bot_busy_do_not(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    begun = time.process_time()
    renumbered(f'{request(A)}{way(A)}{text}', READER)
    assert time.process_time() - begun < 10
