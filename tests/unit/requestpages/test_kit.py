"""The pages of the kit: whole, in the wiki's language, and at one."""
from __future__ import annotations

import html
import json
import re
from importlib.resources import files
from typing import Any

import pytest

from importbot import i18n
from importbot.i18n import LANGUAGES, message, spoken
from importbot.model.siteinfo import Namespace, SiteInfo
from importbot.requestpages.configuration import (
    Configuration,
    read_configuration,
)
from importbot.requestpages.install.kit import (
    Kit,
    KitPage,
    first_configuration,
)
from importbot.requestpages.install.names import KitNames, KitWords
from importbot.requestpages.install.template import request_text
from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.store import StoredPage, is_trusted
from importbot.requestpages.passes.stop import says_run
from importbot.requestpages.status import FIELDS, Status
from importbot.requestpages.words import (
    CHOICES,
    PARAMETERS,
    Vocabulary,
    template_words,
)


BOT = 'ImportBot'
#: Names of namespaces as MediaWiki has them in these languages.
NAMESPACES = {
    'en': {2: 'User', 4: 'Wiki', 8: 'MediaWiki', 10: 'Template',
           14: 'Category'},
    'de': {2: 'Benutzer', 4: 'Wiki', 8: 'MediaWiki', 10: 'Vorlage',
           14: 'Kategorie'},
    'fr': {2: 'Utilisateur', 4: 'Wiki', 8: 'MediaWiki', 10: 'Modèle',
           14: 'Catégorie'},
    'ja': {2: '利用者', 4: 'Wiki', 8: 'MediaWiki', 10: 'テンプレート',
           14: 'カテゴリ'}}
CANONICAL = {2: 'User', 4: 'Project', 8: 'MediaWiki', 10: 'Template',
             14: 'Category'}
EVERYTHING = frozenset({'inputbox', 'templatedata', 'pre', 'nowiki'})
FUNCTIONS = frozenset({'if', 'ifeq', 'switch', 'tag', 'lc'})


def siteinfo(language: str, tags: frozenset[str] = EVERYTHING,
             functions: frozenset[str] = FUNCTIONS) -> SiteInfo:
    return SiteInfo(
        wiki='w', language=language, version='1.43.0', namespaces={
            0: Namespace(0, ''),
            **{number: Namespace(number, name, CANONICAL[number])
               for number, name in NAMESPACES.get(
                   language, NAMESPACES['en']).items()}},
        tags=tags, functions=functions)


def kit(language: str, known: Configuration | None = None,
        **settings: frozenset[str]) -> Kit:
    info = siteinfo(language, **settings)
    user = info.namespaces[2].name
    names = KitNames.of_wiki(info, f'{user}:{BOT}/importrequests.json',
                             'doc', known)
    words = KitWords(language, template_words(
        names.template.partition(':')[2], spoken(language)))
    return Kit(names, known or first_configuration(
        names, words, info, ['en'], ['sysop', 'importer']), info)


def text(of: Kit, title: str) -> str:
    return next(page.text for page in of.pages if page.title == title)


def reader(of: Kit) -> RequestReader:
    return RequestReader(of.siteinfo, of.configuration.templates)


@pytest.fixture(params=LANGUAGES)
def ours(request: pytest.FixtureRequest) -> Kit:
    return kit(request.param)


def test_every_page_has_a_place_of_its_own(ours: Kit) -> None:
    titles = [page.title for page in ours.pages]
    assert len(set(titles)) == len(titles) == 11
    for title in titles:
        there = ours.siteinfo.title(f':{title}')
        assert there is not None
        assert there.namespace in (2, 4, 10, 14)
        assert str(there) == title


def test_names_are_in_the_language_of_the_wiki() -> None:
    names = kit('de').names
    assert names.template == 'Vorlage:Importwunsch'
    assert names.requests == 'Wiki:Importwünsche'
    assert names.category == 'Kategorie:Importwünsche'
    english = {page.title for page in kit('en').pages}
    for language in ('de', 'fr', 'ja'):
        theirs = {page.title for page in kit(language).pages}
        assert not english & theirs
    # A language that nobody has translated speaks English.
    assert kit('tlh').names.template == 'Template:Import request'


def braces(wikitext: str) -> bool:
    return wikitext.count('{') == wikitext.count('}')


def test_braces_tags_and_tables_are_closed(ours: Kit) -> None:
    for page in ours.pages[:-1]:
        assert braces(page.text), page.title
        assert page.text.count('{|') == page.text.count('\n|}'), page.title
        assert page.text == page.text.strip(), page.title
        for tag in ('div', 'table', 'tr', 'td', 'th', 'bdi', 'code', 'pre',
                    'noinclude', 'templatedata', 'inputbox'):
            assert (len(re.findall(rf'<{tag}[ >]', page.text))
                    == page.text.count(f'</{tag}>')), (page.title, tag)


def test_nothing_speaks_of_left_and_right(ours: Kit) -> None:
    for page in ours.pages[:-1]:
        assert not re.search(r'\b(left|right|float)\s*[:;"]', page.text)


def test_only_the_form_holds_a_request(ours: Kit) -> None:
    for page in ours.pages[:-1]:
        found = reader(ours).requests(page.text)
        assert len(found) == (page.title == ours.names.preload), page.title


def test_form_makes_one_new_request(ours: Kit) -> None:
    form = text(ours, ours.names.preload)
    request, = reader(ours).requests(f'== Rover ==\n{form}\n')
    assert request.status is Status.NEW
    assert request.status_word == message(
        ours.words.language, 'words-status-new').partition(',')[0]
    assert (request.id, request.plan, request.broken) == ('', '', '')
    assert request.fields == {}
    assert request.unknown == ()
    assert {*request.parameters} == {*FIELDS, 'status'}


def test_form_filled_in_is_read(ours: Kit) -> None:
    form = text(ours, ours.names.preload)
    pages, source = map(ours.words.parameter, ('pages', 'source'))
    filled = re.sub(rf'(\|{pages} =\n) +\n',
                    r'\1   Rover → X\n   [[:en:A]]\n', form)
    request, = reader(ours).requests(filled.replace(
        f'|{source} =', f'|{source} = en'))
    assert request.fields == {'source': 'en',
                              'pages': 'Rover → X\n   [[:en:A]]'}
    values = {'source': 'en', 'pages': 'Rover → X\n[[:en:A]]',
              'templates': 'none', 'reason': 'for the school'}
    request, = reader(ours).requests(request_text(ours.words, values))
    assert request.fields == {**values, 'pages': 'Rover → X\n   [[:en:A]]'}


def test_form_does_not_sign_for_the_bot(ours: Kit) -> None:
    assert not [page.title for page in ours.pages if '~~~' in page.text]
    form = text(ours, ours.names.preload)
    # What MediaWiki makes of it when it fills in the form.
    assert re.sub('</?includeonly>', '', form).endswith('\n~~~~')


def data_of(of: Kit) -> dict[str, Any]:
    found = re.search('<templatedata>(.*)</templatedata>',
                      text(of, of.names.documentation), re.DOTALL)
    assert found is not None
    return dict(json.loads(found[1]))


def test_template_data_knows_all_parameters(ours: Kit) -> None:
    data = data_of(ours)
    shown = Vocabulary(ours.words.template)
    assert data['paramOrder'] == [*map(shown.shown, PARAMETERS)]
    assert {*data['params']} == {*data['paramOrder']}
    for name, parameter in data['params'].items():
        assert parameter['label'] and parameter['description'], name
    for name, values in CHOICES.items():
        suggested = data['params'][shown.shown(name)]['suggestedvalues']
        assert tuple(shown.value(name, word) for word in suggested) == values
    assert [shown.status(word) for word in data['params'][
        shown.shown('status')]['suggestedvalues']] == [*Status]
    for value in CHOICES['existing']:
        assert shown.shown_value(value) in data['params'][
            shown.shown('existing')]['description']


def test_documentation_shows_every_state(ours: Kit) -> None:
    shown = text(ours, ours.names.documentation)
    for status in Status:
        assert (f'>{ours.words.parameter("status")} = '
                f'{ours.words.word(status)}</code>') in shown
        assert message(ours.words.language,
                       f'status-{status.value}') in shown


def test_configuration_is_one_and_names_the_pages(ours: Kit) -> None:
    written = text(ours, ours.names.configuration)
    title = ours.names.configuration
    read = read_configuration(written, title)
    assert read == ours.configuration
    assert is_trusted(StoredPage(title), ours.siteinfo, BOT)
    assert read.pages == [ours.names.requests]
    assert read.stop.page == ours.names.stop
    assert read.log == ours.names.log
    words, = read.templates
    assert (f'{ours.siteinfo.namespaces[10].name}:{words.name}'
            == ours.names.template)
    assert read.groups == ['sysop', 'importer']
    assert read.done == {}
    rule, = read.rules
    assert (rule.ownuserspace and rule.missing and not rule.approval
            and rule.maxtemplates == 0 and rule.maxrevisions == 200
            and rule.minedits and rule.mindays)
    assert set(read.namespaces) <= set(ours.siteinfo.namespaces)


def test_stop_page_says_run(ours: Kit) -> None:
    page = StoredPage(ours.names.stop, 1, text(ours, ours.names.stop))
    assert says_run(page, ours.configuration.stop)


def test_pages_grow_by_requests_and_runs(ours: Kit) -> None:
    growing = {page.title for page in ours.pages
               if page.is_same(f'{page.text}\n== A ==\nMore')}
    assert growing == {ours.names.requests, ours.names.log}
    assert not any(page.is_same(f'More\n{page.text}') for page in ours.pages)


def test_pages_link_to_one_another(ours: Kit) -> None:
    def decoded(title: str) -> str:
        return html.unescape(text(ours, title))

    names = ours.names
    start = decoded(names.requests)
    for title in (names.template, names.stop, names.log, names.category,
                  names.configuration):
        assert f'[[:{title}]]' in start
    assert f'page={names.requests}\n' in start
    assert f'preload={names.preload}\n' in start
    for title in (names.documentation, names.stop, names.log,
                  names.category):
        assert f'[[:{names.requests}]]' in decoded(title)
    for title in (names.review, names.question):
        assert f'[[{names.category}]]' in decoded(title)
    box = decoded(names.template)
    assert f'{{{{{names.documentation}}}}}' in box
    assert {f'[[{title}]]' for title in (
        names.category, names.review, names.question)} == set(
            re.findall(r'\[\[[^]]+\]\]', box))


@pytest.mark.parametrize('language', ['de', 'fr', 'ja'])
def test_no_text_is_in_english(language: str) -> None:
    english = json.loads(files(i18n).joinpath('en.json').read_text('utf-8'))
    parts = {part.strip() for key, sentence in english.items()
             if re.match('importbot-(kit|status)-', key)
             for part in re.split(r'%\(\w+\)s', sentence)
             if len(part.split()) > 1}
    assert len(parts) > 60
    for page in kit(language).pages:
        # A box knows the words of all languages.
        shown = re.sub(r'(?m)^ \| .*? = ', '', html.unescape(page.text))
        assert [part for part in parts if part in shown] == [], page.title


def test_fallback_is_marked_as_another_language() -> None:
    hebrew = kit('he')
    for title in (hebrew.names.template, hebrew.names.requests,
                  hebrew.names.stop, hebrew.names.log):
        assert 'lang="en" dir="ltr"' in text(hebrew, title)


def test_without_extensions_pages_are_plain() -> None:
    plain = kit('en', tags=frozenset({'nowiki', 'pre'}),
                functions=frozenset({'tag', 'lc'}))
    assert [next(name for name in (
        'ParserFunctions', 'InputBox', 'TemplateData') if name in sentence)
        for sentence in plain.lacks] == [
            'ParserFunctions', 'InputBox', 'TemplateData']
    start = text(plain, plain.names.requests)
    assert '<inputbox' not in start
    assert 'action=edit&section=new&preload=' in start
    shown = text(plain, plain.names.documentation)
    assert '<templatedata' not in shown
    for name in PARAMETERS:
        assert f'(<code>{name}</code>)' in shown
    assert kit('en').lacks == []


WORDS = {'name': 'Wunsch', 'parameters': {'pages': ['seiten', 'p'],
                                          'status': ['stand']},
         'statuses': {'new': ['neu'], 'review': ['Prüfung', 'warten']}}


def configured(**changes: Any) -> Configuration:
    return Configuration.model_validate({
        'pages': ['Wiki:Wünsche', 'Wiki:Mehr Wünsche'], 'sources': ['w:de'],
        'groups': ['sysop'], 'stop': {'page': 'Wiki:Halt'},
        'log': 'Wiki:Logbuch', 'templates': [WORDS], **changes})


def test_names_of_a_configured_wiki_are_kept() -> None:
    ours = kit('de', configured())
    names = ours.names
    assert names.requests == 'Wiki:Wünsche'
    assert names.template == 'Vorlage:Wunsch'
    assert names.preload == 'Vorlage:Wunsch/Formular'
    assert names.documentation == 'Vorlage:Wunsch/doc'
    assert (names.stop, names.log) == ('Wiki:Halt', 'Wiki:Logbuch')
    assert ours.configuration == configured()
    without = kit('de', configured(log=''))
    assert '' not in [page.title for page in without.pages]
    assert len(without.pages) == 9


def test_words_of_a_configured_wiki_are_used() -> None:
    ours = kit('de', configured())
    form = text(ours, ours.names.preload)
    assert ' |seiten =\n' in form
    assert ' |stand = neu\n' in form
    request, = reader(ours).requests(form)
    assert request.status is Status.NEW
    box = text(ours, ours.names.template)
    assert '{{{seiten|{{{p|{{{pages|{{{Seiten|' in box
    assert ' | prüfung | warten | review | ' in box
    data = data_of(ours)
    assert data['params']['seiten']['aliases'][:2] == ['p', 'pages']


def test_language_of_the_configuration_counts() -> None:
    assert 'Bot' in text(kit('en', configured(language='de')), 'Wiki:Halt')


def test_same_text_in_the_manner_of_mediawiki() -> None:
    page = KitPage('', 'A', 'a\nb \n')
    assert page.is_same('a\nb')
    assert not page.is_same('a b')
    config = KitPage('', 'A.json', '{"a": [1, 2]}', 'json')
    assert config.is_same('{\n\t"a": [\n\t\t1,\n\t\t2\n\t]\n}')
    assert not config.is_same('{"a": [2, 1]}')
    assert not config.is_same('{')
