"""Requests are found in whatever people write on a request page."""
from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot.requestpages.configuration import TemplateWords
from importbot.requestpages.page.parser import (
    MOST,
    RequestReader,
    TooLargeError,
)
from importbot.requestpages.page.request import Request
from importbot.requestpages.status import FIELDS, Status
from tests.kit.references import wiki


GERMAN = TemplateWords(
    name='Importwunsch',
    parameters={'source': ['Quelle', 'Herkunft'], 'pages': ['Seiten'],
                'history': ['Versionen'], 'status': ['Status', 'Stand'],
                'id': ['Nr'], 'plan': ['Plan']},
    statuses={'new': ['neu'], 'review': ['zu prüfen', 'Prüfung'],
              'approved': ['genehmigt']},
    values={'full': ['vollständig', 'alle'], 'current': ['letzte'],
            'none': ['keine']})
JAPANESE = TemplateWords(
    name='取り込み依頼',
    parameters={'pages': ['ページ'], 'history': ['履歴'], 'status': ['状態']},
    statuses={'approved': ['承認'], 'done': ['完了']},
    values={'full': ['全版']})

ENGLISH = RequestReader(
    wiki('en'), [TemplateWords()],
    {'Template:IR': 'Template:Import request',
     'User:Anna/Request': 'Template:Import request',
     'Template:Elsewhere': 'Template:Another template'},
    ['en', 'w:de', 'fr'])
READERS = {
    'en': ENGLISH,
    'de': RequestReader(wiki('de'), [GERMAN, TemplateWords()],
                        {'Vorlage:Import': 'Vorlage:Importwunsch'}),
    'ja': RequestReader(wiki('ja'), [JAPANESE])}


def read(text: str, reader: RequestReader = ENGLISH) -> list[Request]:
    return reader.requests(text)


def places(text: str) -> list[str]:
    """Return what stands where requests were found."""
    return [text[request.span.start:request.span.end]
            for request in read(text)]


def pages(text: str) -> list[str]:
    return [request.fields.get('pages', request.broken)
            for request in read(text)]


# The template and its names

@pytest.mark.parametrize(('name', 'template'), [
    ('en', 'Import request'), ('en', ' import_request '),
    ('en', '\nImport  request\n'), ('en', 'Template:Import request'),
    ('en', 'template : import request'), ('en', 'TEMPLATE:_Import request'),
    ('en', 'Import<!-- this one --> request'),
    ('en', '<!-- this one -->Import request<!---->'),
    ('en', 'Import request#how'), ('en', 'IR'), ('en', 'iR'),
    ('en', 'Template:IR'), ('en', 'User:Anna/Request'),
    ('en', 'user:anna/Request'), ('en', '\u200eImport request'),
    ('de', 'Importwunsch'), ('de', 'Vorlage:importwunsch'),
    ('de', 'V:Importwunsch'), ('de', 'Template:Importwunsch'),
    ('de', 'Import'), ('de', 'Import request'),
    ('ja', '取り込み依頼'), ('ja', 'テンプレート:取り込み依頼'),
    ('ja', 'Template:取り込み依頼'),
])
def test_template_has_many_names(name: str, template: str) -> None:
    request, = READERS[name].requests(f'{{{{{template}|pages=A}}}}')
    assert request.fields == {'pages': 'A'}
    assert not request.broken


@pytest.mark.parametrize('template', [
    'import Request', 'Import request 2', ':Import request',
    'User:Import request', 'Template talk:Import request', 'Imports',
    'Vorlage:Import request', 'Elsewhere', 'Another template',
    'Anna/Request', 'User:Anna/request', 'Import\nrequest',
    '#if:Import request', 'Import <nowiki/>request',
    '<nowiki/>Import request', 'tl|Import request', 'subst:Import request',
    ''])
def test_other_templates_make_no_request(template: str) -> None:
    assert read(f'{{{{{template}|pages=A}}}} {{{{tl|Import request}}}}') == []


# Its parameters

@pytest.mark.parametrize('text', [
    '{{Import request|source=en|pages=A|status=review|id=1|plan=2}}',
    '{{Import request\n | source = en \n\n|pages=\n  A\n |status = review'
    '\n|id=1|plan=2\n}}',
    '{{Import request|plan=2|id=1|pages=A|source=en|status=REVIEW}}',
    '{{Import request|Source=en|PAGES=A|Status=Review|ID=1|Plan=2}}',
    '{{Import request|source=en<!-- de? -->|<!-- which -->pages=<!--\n-->A'
    '|status=<!-- new -->review|id=1|plan=2}}',
    '{{Import request|source=fr|source=en|pages=A|status=review|id=1|plan=2'
    '|templates=|reason=<!-- none -->}}'])
def test_parameters_are_read(text: str) -> None:
    request, = read(text)
    assert request.fields == {'source': 'en', 'pages': 'A'}
    assert request.status is Status.REVIEW
    assert (request.id, request.plan, request.unknown) == ('1', '2', ())


def test_unknown_parameters_are_named_and_mean_nothing() -> None:
    plain, = read('{{Import request|pages=A}}')
    request, = read('{{Import request|pages=A|force=yes|B|authors=local}}')
    assert request.unknown == ('force', 'B', 'authors')
    assert request.fields == plain.fields
    assert request.fingerprint == plain.fingerprint


@pytest.mark.parametrize(('name', 'text'), [
    ('de', '{{Importwunsch|Quelle=en|Seiten=A|Versionen=vollständig'
           '|Stand=genehmigt|Nr=1|Plan=2}}'),
    ('de', '{{Importwunsch|herkunft=en|seiten=A|VERSIONEN=Alle'
           '|status=Genehmigt|nr=1|plan=2}}'),
    ('de', '{{Importwunsch|source=en|pages=A|history=full|status=approved'
           '|id=1|plan=2}}'),
    ('ja', '{{取り込み依頼|source=en|ページ=A|履歴=全版|状態=承認|id=1'
           '|plan=2}}')])
def test_words_of_the_wiki_mean_ours(name: str, text: str) -> None:
    request, = READERS[name].requests(text)
    assert request.fields == {'source': 'en', 'pages': 'A',
                              'history': 'full'}
    assert request.status is Status.APPROVED
    assert (request.id, request.plan, request.unknown) == ('1', '2', ())


def test_words_of_one_template_are_not_those_of_another() -> None:
    # What the other one has beyond the words of the language
    request, = READERS['de'].requests('{{Import request|Herkunft=en|Nr=7}}')
    assert request.fields == {'source': 'en'}
    assert request.unknown == ('Nr', )


@pytest.mark.parametrize('field', ['source', 'pages', 'exclude', 'before',
                                   'reason'])
def test_only_choices_have_words_of_the_wiki(field: str) -> None:
    """A page may have the title that elsewhere is a word."""
    request, = READERS['de'].requests(f'{{{{Importwunsch|{field}=Alle}}}}')
    assert request.fields == {field: 'Alle'}


@pytest.mark.parametrize(('word', 'status'), [
    ('', Status.NEW), ('neu', Status.NEW), ('new', Status.NEW),
    ('zu prüfen', Status.REVIEW), ('PRÜFUNG', Status.REVIEW),
    ('approved', Status.APPROVED), ('genehmigt!', None), ('done', Status.DONE),
    ('genehmigt von Anna', None), ("'''genehmigt'''", None)])
def test_states(word: str, status: Status | None) -> None:
    request, = READERS['de'].requests(
        f'{{{{Importwunsch|Seiten=A|Status={word}}}}}')
    assert request.status is status
    assert request.status_word == word


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(
    'ab →#', min_size=1).map(str.strip).filter(bool)))
def test_what_is_written_is_read(fields: dict[str, str]) -> None:
    request, = read('{{Import request' + ''.join(
        f'\n |{name} = {value}' for name, value in fields.items()) + '\n}}')
    assert request.fields == fields


def fingerprint(text: str) -> str:
    request, = read(text)
    return request.fingerprint


@pytest.mark.parametrize('text', [
    '{{IR|pages=A|source=en}}', '{{Import request|source=en|pages= A\n}}',
    '{{Import request|source=en|pages=A|status=done|id=1|plan=2|x=y}}',
    '{{Import request|source=en|pages=A<!-- B -->|exclude=}}'])
def test_fingerprint_is_of_what_is_wanted(text: str) -> None:
    assert fingerprint(text) == fingerprint(
        '{{Import request|source=en|pages=A}}')


@pytest.mark.parametrize('text', [
    '{{Import request|source=en|pages=A|reason=B}}',
    '{{Import request|source=en|pages=B}}',
    '{{Import request|pages=A}}', '{{Import request|source=en|pages=A',
    '{{Import request|source=en|pages=A|' + 'x' * 10_000 + '}}'])
def test_fingerprint_of_anything_else_is_another(text: str) -> None:
    assert fingerprint(text) != fingerprint(
        '{{Import request|source=en|pages=A}}')


@pytest.mark.parametrize(('change', 'stands'), [
    ('', True), ('|x=y', True), ('|reason=B', False), ('|status=new', False),
    ('|id=2', False), ('|plan=3', False), ('|plan=', False)])
def test_request_stands_as_it_did(change: str, stands: bool) -> None:
    text = '{{{{Import request|pages=A|status=review|id=1|plan=2{}}}}}'
    before, = read(text.format(''))
    after, = read('more around it ' + text.format(change))
    assert after.stands_as(before) is stands


# Where it stands

A, B, C = (f'{{{{Import request|pages={name}}}}}' for name in 'ABC')


@pytest.mark.parametrize(('text', 'expected'), [
    ('', []),
    (f'== One ==\n{A} and {B}\n\n{C}', [A, B, C]),
    (f'{A}{A}', [A, A]),
    (f'* {A}\n: {B}', [A, B]),
    (f'{{| class="wikitable"\n| {A} || {B}\n|-\n|{C}\n|}}', [A, B, C]),
    (f'{{{{box|1={A}|{{{{other|{B}}}}}}}}}', [A, B]),
    (f'<div>{A}</div><ref>{B}</ref>', [A, B]),
    (f"'''{A}'''", [A]),
    (f'[[File:X.png|{A}]]', [A]),
    (f'<nowiki>{A}</nowiki>{B}', [B]),
    (f'<pre>\n{A}\n</pre>\n{B}', [B]),
    (f'<syntaxhighlight lang="wikitext">{A}</syntaxhighlight>{B}', [B]),
    (f'<includeonly>{A}</includeonly>{B}', [B]),
    (f'<!-- {A} -->{B}<!-- {C}', [B]),
    (f'{{{{Import request|reason={A}}}}}',
     [f'{{{{Import request|reason={A}}}}}']),
    ('{{{Import request}}}', []),
])
def test_requests_are_found_where_the_wiki_shows_them(
        text: str, expected: list[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(('text', 'expected'), [
    ('{{Import request', ['{{Import request']),
    ('{{Import request\n|pages=A\n', ['{{Import request']),
    (f'{{{{Import request|pages=A\n\n{B}', ['{{Import request', B]),
    (f'{B} {{{{ IR |pages=A}} {C}', [B, '{{ IR ', C]),
    ('{{Import request|pages=[[A}}', ['{{Import request']),
    ('{{Import request}', ['{{Import request']),
    ('{{Import request}x|pages=A}}', ['{{Import request']),
    ('{{Import request|pages={{A}}', ['{{Import request']),
    ('<nowiki>{{Import request</nowiki> {{Import requests', []),
])
def test_unclosed_requests_are_seen(text: str, expected: list[str]) -> None:
    assert places(text) == expected
    assert [request.broken for request in read(text)] == [
        '' if place.endswith('}}') else 'unclosed' for place in expected]


def test_requests_too_large_to_be_read_are_seen() -> None:
    request, = read('{{Import request|pages=' + 'A\n' * 10_000 + '}}')
    assert request.broken == 'unreadable'


def test_page_too_large_to_be_read_is_refused() -> None:
    assert read(' ' * MOST) == []
    with pytest.raises(TooLargeError):
        read(' ' * (MOST + 1))


# Plain lines

@pytest.mark.parametrize('line', [
    '[[:en:A]] → [[B]]', '* [[:en:A]] → [[B]]', '#:[[:en:A]]→[[B]]',
    '[[en:A]] -> [[B]]', '[[:EN:A]] => [[B]]', '[[:en:A]] ⇒ [[B]]',
    '[[:en:A]] &rarr; [[B]]', '[[:en:A]] ← [[B]]', '[[:en:A]] ⇐ [[B]]',
    '[[:en:A|the rover]] → [[User:Anna/B|mine]]', '[[ :en:A ]] → [[ B ]]',
    '[[:w:de:A]] → [[:Category:B]]'])
@pytest.mark.parametrize('behind', [
    '', ' please! --[[User:Anna|Anna]] 12:00, 1 May 2024 (UTC)', '<!-- x -->'])
def test_plain_lines_are_requests(line: str, behind: str) -> None:
    request, = read(f'== Wishes ==\nHello\n{line}{behind}\nBye')
    assert request.is_line
    assert (request.status, request.id) == (Status.NEW, '')
    assert request.fields == {'pages': line.lstrip('*#: ')}


@pytest.mark.parametrize('line', [
    '[[A]] → [[B]]', '[[:ja:A]] → [[B]]', '[[:w:A]] → [[B]]',
    '[[:en:A]] [[B]]', '[[:en:A]] → B', '[[:en:A]]', 'en:A → [[B]]',
    'See [[:en:A]] → [[B]]', '[[:english:A]] → [[B]]',
    '<nowiki>[[:en:A]] → [[B]]</nowiki>', '<!-- [[:en:A]] → [[B]] -->',
    '<pre>\n[[:en:A]] → [[B]]\n</pre>', '[[:en:A]] → [[B',
    '[[:en:A{{x}}]] → [[B]]',
    '{{Import request|reason=\n* [[:en:A]] → [[B]]\n}}'])
def test_other_lines_are_none(line: str) -> None:
    assert [request for request in read(line) if request.is_line] == []


@pytest.mark.parametrize(('between', 'is_new'), [
    ('\n', False), ('\n\n  ', False), ('\n<!-- the bot -->\n', False),
    (' --Anna\n', False), ('\n[[:en:C]] → [[D]]\n', True),
    ('\n: agreed --Bert\n', True), ('\n{{other}}', True)])
def test_line_has_been_taken_up_by_the_template_below_it(
        between: str, is_new: bool) -> None:
    line = '[[:en:A]] → [[B]]'
    found = read(f'{line}{between}{{{{Import request|pages={line}}}}}')
    assert (found[0].is_line and found[0].span.start == 0) is is_new
    assert not found[-1].is_line


def test_lines_are_requests_only_where_the_wiki_says_so() -> None:
    assert READERS['de'].requests('[[:en:A]] → [[B]]') == []


def test_comment_in_a_line_is_no_part_of_it() -> None:
    request, = read('[[:en:A<!-- or C -->]] → [[B]]')
    assert request.fields == {'pages': '[[:en:A]] → [[B]]'}


# Pages that were made for the bot

@pytest.mark.parametrize('unit', [
    '{{Import request}}\n', '{{Import request', '{{Import request|',
    '[[:en:A]] → [[B]]\n', '[[:en:A]] → ', '[[:en:A', '[[:en:A|',
    '\n' * 50 + '[[:en:A]]', '{{a}}', '* '])
def test_pages_made_to_keep_the_bot_busy_do_not(unit: str) -> None:
    start = time.process_time()
    read(unit * (500_000 // len(unit)))
    assert time.process_time() - start < 10


@given(st.lists(st.sampled_from([
    '{{Import request', '|pages=', '|status=', '}}', '{{', '}', '{', '|',
    '[[:en:A]]', ' → ', '[[B]]', '\n', '<nowiki>', '</nowiki>', '<!--',
    '-->', '=', '<nowiki/>', ']]', '[[', 'a', ' '])).map(''.join))
def test_any_page_can_be_read(text: str) -> None:
    found = read(text)
    assert found == sorted(found, key=lambda request: request.span)
    spans = [request.span for request in found if not request.is_line]
    assert all(before.end <= behind.start for before, behind
               in zip(spans, spans[1:], strict=False))
