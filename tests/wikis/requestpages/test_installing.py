"""Real wikis of all languages are set up for import requests, once."""
from __future__ import annotations

import html
import json
import os
import pty
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from importbot.i18n import message
from importbot.model.errors import ConfigurationError, PreflightError
from importbot.model.install_plan import KitDecision
from importbot.requestpages.install import installation
from importbot.requestpages.install.installation import plan_installation
from importbot.requestpages.install.kit import Kit
from importbot.requestpages.install.template import request_text
from importbot.requestpages.status import Status
from importbot.requestpages.words import PARAMETERS
from importbot.sources.transfer import learn_target
from tests.kit.installed_wiki import (
    assert_sound,
    categories,
    form_of,
    install,
    kit_of,
    one_pass,
    parsed,
    requests_of,
    rows,
    visible,
)
from tests.kit.support import Box, Client, site_of


pytestmark = pytest.mark.every


#: Language and release, and what the template is called there.
WIKIS = {('en', '1.43'): 'Template:Import request',
         ('en', '1.39'): 'Template:Import request',
         ('de', '1.43'): 'Vorlage:Importwunsch',
         ('fr', '1.43'): "Modèle:Demande d'importation",
         ('ja', '1.43'): 'テンプレート:取り込み依頼'}
#: A language and a release of their own each; the other ones are in soak.
OFTEN = ('en', '1.39'), ('fr', '1.43')


@pytest.fixture(scope='module', ids='-'.join, params=[
    pytest.param(wiki, marks=() if wiki in OFTEN else pytest.mark.soak)
    for wiki in WIKIS])
def wiki(request: pytest.FixtureRequest,
         tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A target of each language, not set up."""
    lang, release = request.param
    with Box(tmp_path_factory.mktemp('box'), lang=lang,
             release=release) as box:
        yield box


@pytest.fixture(scope='module')
def client(wiki: Box) -> Client:
    return wiki.on_target()


@pytest.fixture(scope='module')
def kit(wiki: Box) -> Kit:
    """The kit of a wiki that has it."""
    assert install(wiki, '-always').status == 0
    return kit_of(wiki)


# Before the kit is there; these come first.

def test_nothing_is_written_unasked(wiki: Box, client: Client) -> None:
    before = client.snapshot()
    for arguments, status in (('-simulate', ), 2), ((), 1):
        run = install(wiki, *arguments)
        assert run.status == status, run.output
        assert rows(run) == ['create'] * 11, run.output
    assert 'Nobody is there to confirm' in run.output
    master, slave = pty.openpty()
    os.write(master, b'n\n')
    run = install(wiki, stdin=slave)
    assert (run.status, 'Write these pages?' in run.output) == (0, True)
    assert 'Nothing was written' in run.output
    assert client.snapshot() == before


def test_yes_writes_all_and_again_nothing(
        wiki: Box, client: Client, request: pytest.FixtureRequest) -> None:
    before = client.snapshot()
    language = request.node.callspec.params['wiki']
    master, slave = pty.openpty()
    os.write(master, b'y\n')
    run = install(wiki, stdin=slave)
    assert run.status == 0, run.output
    assert run.output.count(': created') == 11
    after = client.snapshot()
    assert {title: after[title] for title in before} == before
    kit = kit_of(wiki)
    assert {*after} - {*before} == {page.title for page in kit.pages}
    assert kit.names.template == WIKIS[language]
    for title in (kit.names.template, kit.names.configuration):
        edit, = client.history(title)
        assert edit['user'] == 'ImportBot'
        assert edit['comment'] == message(
            language[0], 'summary-kit', page=kit.names.requests)
    assert {row['bot'] for row in client.all(
        'recentchanges', list='recentchanges', rcprop='flags|title',
        rctype='new', rclimit='max', rcuser='ImportBot')
        if row['title'] in {page.title for page in kit.pages}} == {True}

    for arguments in (), ('-always', ), ('-simulate', ):
        paths = [wiki.folder / f'kit{end}'
                 for end in ('.json', '.wiki', '.html', '.txt')]
        run = install(wiki, *arguments, *(
            f'-report:{path}' for path in paths))
        assert run.status == 0, run.output
        assert rows(run) == ['unchanged'] * 11, run.output
        for path in paths:
            assert kit.names.template in unescape(path.read_text('utf-8'))
            path.unlink()
    assert client.snapshot() == after


def test_configuration_page_is_json(client: Client, kit: Kit) -> None:
    page, = client.get(titles=kit.names.configuration, prop='info')['pages']
    assert page['contentmodel'] == 'json'
    assert json.loads(client.text(kit.names.configuration)) == (
        kit.configuration.model_dump(mode='json'))


def test_planning_costs_few_requests(wiki: Box, kit: Kit) -> None:
    site = site_of(wiki.target)
    plan_installation(site)
    wiki.target.exchanges.clear()
    plan_installation(site)
    asked = [exchange for exchange in wiki.target.exchanges
             if exchange.path.endswith('/api.php')]
    # Is the wiki there, who and what are we (2), settings, configuration,
    # pages.
    assert len(asked) <= 6


# What people see

CATEGORIES = {Status.NEW: 'category', Status.APPROVED: 'category',
              Status.OPERATOR: 'category',
              Status.IMPORTING: 'category', Status.UNDO: 'category',
              Status.REVIEW: 'review', Status.QUESTION: 'question'}


@pytest.mark.parametrize('status', Status)
def test_box_shows_the_request(client: Client, kit: Kit,
                               status: Status) -> None:
    name = kit.configuration.templates[0].name
    found = parsed(client, (
        f'{{{{{name}|source=en|pages=\n  Rover → User:A/Rover\n'
        '  [[:en:Template:Infobox rover]]\n|exclude=Template:*|templates=\n'
        f'|reason=We are translating it|status={status.value}|id=ab12cd34'
        '|plan=12ab}}'), kit.names.requests)
    shown = visible(found['text'])
    words = kit.words
    assert words.state(status) in shown
    assert visible(words.next(status)) in shown
    assert 'Rover → User:A/Rover\n' in shown
    assert 'Template:Infobox rover' in shown
    assert 'We are translating it' in shown
    assert words.say('label-exclude') in shown
    assert words.say('label-templates') not in shown
    assert found['text'].count('id="import-ab12cd34"') == 1
    key = CATEGORIES.get(status)
    assert categories(found, kit) == (
        {getattr(kit.names, key)} if key else set())


@pytest.mark.parametrize(('written', 'status'), [
    ('', Status.NEW), (' ', Status.NEW), ('NEW', Status.NEW),
    ('Review', Status.REVIEW), ('no such state', None),
    ('Genehmigt', Status.APPROVED), ('nouvelle', Status.NEW),
    ('要確認', Status.QUESTION),
    ('<b>|', None)])
def test_states_are_understood_as_the_bot_does(
        client: Client, kit: Kit, written: str,
        status: Status | None) -> None:
    name = kit.configuration.templates[0].name
    found = parsed(client, f'{{{{{name}|pages=A|status={written}}}}}',
                   kit.names.requests)
    shown = visible(found['text'])
    assert (visible(kit.words.next(status)) if status
            else kit.words.say('next-unknown')) in shown
    assert 'id="import-' not in found['text']
    assert categories(found, kit) == {getattr(kit.names, CATEGORIES[status]
                                              if status else 'question')}


HOSTILE = ['</td></tr></table></div>', '<div><table><tr><td>', '<b><i>',
           "'''''", '[http://', '[[Category:X]]', '{{{x}}}', '</bdi>',
           '<!-- -->', '<nowiki>', '<pre>', '</nowiki>', '==x==',
           '"><script>alert(1)</script>', '* a\n* b', '#REDIRECT [[A]]',
           '<ref>', '__NOTOC__', 'https://example.org', '-{zh:a}-',
           '&lt;b&gt;', '\u202e']


@pytest.mark.parametrize('field', ['source', 'pages', 'templates', 'exclude',
                                   'before', 'status', 'id', 'plan'])
def test_no_value_breaks_out_of_the_box(client: Client, kit: Kit,
                                        field: str) -> None:
    name = kit.configuration.templates[0].name
    clean = {'source': 'en', 'pages': 'A', 'reason': 'because',
             'status': 'new'}
    for value in HOSTILE:
        fields = ''.join(f'|{key}={item}' for key, item in {
            **clean, field: value}.items())
        answer = client._send(
            action='parse', title=kit.names.requests, prop='text|categories',
            contentmodel='wikitext', disablelimitreport=True,
            text=f'before {{{{{name}{fields}}}}}\n\nbehind')
        shown = answer['parse']['text']
        box = re.search(r'<table class="wikitable importbot-request".*?'
                        r'</table>', shown, re.DOTALL)
        assert box is not None and 'behind' not in box[0], (value, shown)
        for tag in ('table', 'tr', 'td', 'th', 'bdi', 'div'):
            assert (len(re.findall(rf'<{tag}[ >]', box[0]))
                    == box[0].count(f'</{tag}>')), (value, shown)
        assert '<div' not in box[0] and '<script' not in box[0]
        outside = shown.replace(box[0], '')
        assert re.fullmatch(
            r'<div class="mw-[^>]*>\s*<p>before\s*</p>\s*<p><b>[^<]*</b> '
            r'because\s*</p>\s*<p>behind\s*</p>\s*</div>',
            outside), (value, outside)
        assert 'X' not in {row['category'] for row
                           in answer['parse']['categories']}


def test_pages_of_the_kit_are_sound(client: Client, kit: Kit) -> None:
    for page in kit.pages[:-1]:
        assert_sound(client._send(action='parse', page=page.title,
                                  prop='text')['parse'])
        found = parsed(client, client.text(page.title), page.title)
        expected = ({kit.names.category} if page.title in (
            kit.names.review, kit.names.question) else set())
        assert categories(found, kit) == expected, page.title
    shown = client._send(action='parse', page=kit.names.requests,
                         prop='text')['parse']['text']
    assert kit.words.say('start-button') in html.unescape(shown)
    own = client._send(action='parse', page=kit.names.template,
                       prop='text')['parse']['text']
    assert kit.words.say('param-pages') in visible(own)


def test_template_data_is_read_by_the_wiki(client: Client,
                                           kit: Kit) -> None:
    page, = client._send(action='templatedata', lang=kit.words.language,
                         titles=kit.names.template)['pages'].values()
    assert page['paramOrder'] == [*map(kit.words.parameter, PARAMETERS)]
    assert page['params'][kit.words.parameter('pages')]['description'] == (
        kit.words.say('param-pages'))


# The form

def test_button_leads_to_the_form(client: Client, kit: Kit) -> None:
    shown = client._send(action='parse', page=kit.names.requests,
                         prop='text')['parse']['text']
    fields = dict(re.findall(r'type="hidden" value="([^"]*)" name="(\w+)"',
                             shown))
    fields |= {value: name for name, value in re.findall(
        r'name="(\w+)" type="hidden" value="([^"]*)"', shown)}
    values = {name: html.unescape(value) for value, name in fields.items()}
    assert values['action'] == 'edit'
    assert values['section'] == 'new'
    assert values['title'].replace('_', ' ') == kit.names.requests
    assert 'name="preloadtitle"' in shown  # the heading
    assert values['preload'].replace('_', ' ') == kit.names.preload


def test_request_by_the_form_is_treated(wiki: Box, client: Client,
                                        kit: Kit) -> None:
    form = form_of(client, kit)
    assert form.endswith('\n~~~~')
    assert '<!--' in form and 'includeonly' not in form
    source, pages = (f'|{kit.words.parameter(name)} ='
                     for name in ('source', 'pages'))
    filled = form.replace(source, f'{source} en').replace(
        f'{pages}\n', f'{pages}\n   Template:Nowrap → Template:By form\n')
    client.edit(kit.names.requests, filled, section='new',
                sectiontitle='Nowrap')
    request, = requests_of(client, kit)
    assert (request.status, request.id) == (Status.NEW, '')
    request_pass = one_pass(wiki)
    assert (request_pass.treated, request_pass.failed) == (1, 0)
    request, = requests_of(client, kit)
    assert request.status is Status.REVIEW
    shown = client._send(action='parse', page=kit.names.requests,
                         prop='text|categories')['parse']
    assert f'id="import-{request.id}"' in shown['text']
    assert kit.words.state(Status.REVIEW) in visible(shown['text'])
    assert categories(shown, kit) == {kit.names.review}
    # A page that has requests is no other page.
    assert {*rows(install(wiki, '-simulate'))} == {'unchanged'}


def test_request_written_by_a_program_is_treated(
        wiki: Box, client: Client, kit: Kit) -> None:
    client.edit(kit.names.requests, request_text(kit.words, {
        'source': 'en', 'pages': 'Nothing such',
        'reason': 'because'}) + '\n~~~~', section='new',
        sectiontitle='Program')
    assert one_pass(wiki).failed == 0
    assert requests_of(client, kit)[-1].status is Status.QUESTION


# A wiki that is not as it was

def test_what_is_there_is_left_alone_and_shown(wiki: Box, client: Client,
                                               kit: Kit) -> None:
    ours = f'{client.text(kit.names.template)}\nour own <b>line</b>'
    client.edit(kit.names.template, ours)
    client.do('delete', title=kit.names.category)
    before = client.snapshot()
    run = install(wiki, '-always')
    assert run.status == 0, run.output
    assert rows(run).count('create') == 1
    assert '-our own <b>line</b>' in run.output
    after = client.snapshot()
    assert after.pop(kit.names.category)
    assert after == before


def test_names_that_are_configured_are_kept(wiki: Box, client: Client,
                                            kit: Kit) -> None:
    page = f'{kit.names.requests} (2)'
    configuration = json.loads(client.text(kit.names.configuration))
    client.edit(kit.names.configuration, json.dumps({
        **configuration, 'pages': [page], 'log': '', 'templates': [
            {'name': 'Other wish'}]}), contentmodel='json')
    before = client.snapshot()
    run = install(wiki, '-always')
    assert run.status == 0, run.output
    after = client.snapshot()
    new = {*after} - {*before}
    template = kit.names.template.partition(':')[0]
    assert {page, f'{template}:Other wish'} < new
    assert len(new) == 4  # those two, documentation, form
    assert {title: after[title] for title in before} == before
    assert 'create' not in rows(install(wiki, '-simulate'))


def test_configuration_with_an_error_is_mended_first(
        wiki: Box, client: Client, kit: Kit) -> None:
    client.edit(kit.names.configuration, '{"pages": []}',
                contentmodel='json')
    before = client.snapshot()
    run = install(wiki, '-always')
    assert run.status == 1
    assert '$.pages' in run.output
    assert client.snapshot() == before
    with pytest.raises(ConfigurationError, match='anybody could edit it'):
        plan_installation(site_of(wiki.target), 'Requests.json')
    with pytest.raises(ConfigurationError, match='no such page'):
        plan_installation(site_of(wiki.target), 'A[b].json')


# A wiki that takes not all

@pytest.fixture(scope='module')
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A target where the bot must not write templates."""
    with Box(tmp_path_factory.mktemp('box'), settings=(
       "$wgNamespaceProtection[NS_TEMPLATE] = [ 'editinterface' ];")) as box:
        yield box


def test_what_fails_keeps_nothing_else_out(strict: Box) -> None:
    run = install(strict, '-always')
    assert run.status == 1, run.output
    assert len(re.findall('was not saved', run.output)) == 3
    assert 'put this text at "Template:Import request":' in run.output
    assert '<table class="wikitable importbot-request"' in run.output
    assert rows(run) == ['create'] * 11
    run = install(strict, '-simulate')
    assert run.status == 2
    assert sorted(rows(run)) == ['create'] * 3 + ['unchanged'] * 8


def test_nobody_allows_imports(strict: Box,
                               monkeypatch: pytest.MonkeyPatch) -> None:
    client = strict.on_target()
    client.do('delete', title='User:ImportBot/importrequests.json')
    plan = plan_installation(site_of(strict.target))
    assert plan.plan.pages[-1].decision is KitDecision.CREATE

    for changes, problem in (({'sources': ()}, 'wgImportSources'),
                             ({'block': 'Admin: loud'}, 'is blocked')):
        def learn(site: Any, changes: Any = changes) -> Any:
            wiki, siteinfo, access = learn_target(site)
            return wiki, siteinfo, replace(access, **changes)

        monkeypatch.setattr(installation, 'learn_target', learn)
        with pytest.raises(PreflightError, match=problem):
            plan_installation(site_of(strict.target))
