"""Words of requests mean the same in every language, and one thing each."""
from __future__ import annotations

from collections import defaultdict

import pytest

from importbot.i18n import LANGUAGES
from importbot.model.problems import Problem
from importbot.requestpages.configuration import TemplateWords
from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.request import Request
from importbot.requestpages.passes.spec import unknown_parameters
from importbot.requestpages.status import Status
from importbot.requestpages.words import (
    CHOICES,
    PARAMETERS,
    Vocabulary,
    as_read,
    template_words,
    words_of,
)
from tests.kit.references import wiki


PLAIN = Vocabulary(TemplateWords())
READER = RequestReader(wiki('en'), [TemplateWords()])


def read(text: str) -> Request:
    request, = READER.requests(f'{{{{Import request{text}}}}}')
    return request


@pytest.mark.parametrize(('kind', 'names'), [
    ('parameter', PARAMETERS),
    ('status', [status.value for status in Status]),
    *(('value', values) for values in CHOICES.values())])
def test_no_word_means_two_things(kind: str, names: list[str]) -> None:
    meant: dict[str, set[str]] = defaultdict(set)
    for name in names:
        meant[as_read(name)].add(name)
        for language in LANGUAGES:
            for word in words_of(kind, name, language):
                assert not set(word) & set('{}[]|=<>')
                meant[as_read(word)].add(name)
    assert {word: of for word, of in meant.items() if len(of) > 1} == {}


@pytest.mark.parametrize('language', LANGUAGES)
def test_kit_writes_what_is_read_everywhere(language: str) -> None:
    kit = Vocabulary(template_words('X', language))
    for name in PARAMETERS:
        assert PLAIN.parameter(kit.shown(name)) == name
    for status in Status:
        assert PLAIN.status(kit.shown_status(status.value)) is status
    for field, values in CHOICES.items():
        for value in values:
            assert PLAIN.value(field, kit.shown_value(value)) == value


@pytest.mark.parametrize('text', [
    '|pages=A|status=approved|templates=none|source=en',
    '|Seiten=A|Stand=genehmigt|Vorlagen=keine|Quelle=en',
    '|SEITEN=A|STATUS= Genehmigt. |vorlagen=„Keine“|quelle=en',
    '|pages=A|statut=approuvée|modèles=aucun|wiki source=en',
    '|wiki_source=en|Pages demandées=A|État=approuvée|Modèles=non',
    '|ページ=A|状態=承認済み|テンプレート=なし|取り込み元=en',
    '|ｐａｇｅｓ=A|ｓｔａｔｕｓ=ａｐｐｒｏｖｅｄ|templates=no|source=en'])
def test_every_language_is_read_everywhere(text: str) -> None:
    request = read(text)
    assert request.fields == {'pages': 'A', 'templates': 'none',
                              'source': 'en'}
    assert (request.status, request.unknown) == (Status.APPROVED, ())
    assert request.fingerprint == read(
        '|pages=A|templates=none|source=en').fingerprint


def test_either_apostrophe_is_read() -> None:
    for sign in "'’":
        assert read(f'|jusqu{sign}au=2020-01-01').fields == {
            'before': '2020-01-01'}


def test_word_means_what_its_parameter_can_be() -> None:
    for field, value in (('templates', 'used'), ('existing', 'update'),
                         ('history', 'ja')):
        assert PLAIN.value(field, 'ja') == value
    assert PLAIN.value('templates', 'alle') == 'mentioned'
    assert PLAIN.value('history', 'alle') == 'full'


def test_one_parameter_in_two_languages_is_there_twice() -> None:
    assert 'parameters' in read('|pages=A|Seiten=B').flaws
    assert 'parameters' in read('|status=review|Stand=genehmigt').flaws


def test_words_of_the_wiki_come_first() -> None:
    own = Vocabulary(TemplateWords(statuses={'manual': ['abgelehnt']},
                                   parameters={'reason': ['Titel']}))
    assert own.status('Abgelehnt') is Status.MANUAL
    assert own.parameter('titel') == 'reason'
    assert own.status('declined') is Status.DECLINED


@pytest.mark.parametrize(('word', 'near'), [
    ('aproved', 'approved'), ('genemigt', 'approved'), ('neuu', 'new'),
    ('xyzzy', ''), ('x' * 9_000, '')])
def test_nearest_state_is_known(word: str, near: str) -> None:
    assert PLAIN.near_status(word) == near


def test_nearest_is_shown_in_the_words_of_the_wiki() -> None:
    german = Vocabulary(template_words('Importwunsch', 'de'))
    assert german.near_parameter('Seitn') == 'Seiten'
    assert german.near_status('aproved') == 'genehmigt'
    assert german.near_value('templates', 'kein') == 'keine'


def test_unknown_parameters_are_said_with_the_nearest() -> None:
    assert unknown_parameters(read('|pages=A')) is None
    problem = unknown_parameters(read('|Seitn=A|xyzzy=1|{{!}}'))
    assert problem is not None
    assert problem.values['names'] == (
        Problem('perhaps', name='Seitn', near='pages'),
        Problem('quoted', name='xyzzy'), Problem('quoted', name='{{!}}'))
    assert 'perhaps "pages" is meant' in str(problem)
    assert 'source, pages, ' in str(problem)
