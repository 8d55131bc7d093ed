"""The sample content as the wikis of the sandbox have it."""
from __future__ import annotations

import configparser
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest

from importbot.sandbox import content
from importbot.sandbox.content import CONTENT, SamplePage, sample_pages
from tests.kit.support import Box, Client


SOURCE = {page.title: page for page in sample_pages('source')}
TARGET = {page.title: page for page in sample_pages('target')}
ARTICLES = [page for page in SOURCE.values() if page.namespace == 0]


Histories = dict[str, list[dict[str, Any]]]
PROTECTED = content.protected_titles('target')


def histories(wiki: Client, protected: Sequence[str] = ()) -> Histories:
    """Return all revisions of a wiki by title, oldest first.

    Without the dummy revision that MediaWiki puts on top of a page when it
    is protected.
    """
    found: Histories = defaultdict(list)
    for row in wiki.all('allrevisions', list='allrevisions', arvlimit='max',
                        arvprop='ids|timestamp|user|sha1|contentmodel',
                        arvslots='main', arvnamespace='*'):
        for revision in row['revisions']:
            found[row['title']].append(revision)
    for title, revisions in found.items():
        revisions.sort(key=lambda revision: revision['timestamp'])
        if title in protected:
            dummy = revisions.pop()
            assert dummy['sha1'] == revisions[-1]['sha1']
    return found


@pytest.fixture(scope='module')
def source(each_box: Box) -> Client:
    return each_box.on_source()


@pytest.fixture(scope='module')
def target(each_box: Box) -> Client:
    return each_box.on_target()


@pytest.fixture(scope='module')
def there(source: Client, target: Client) -> dict[str, Histories]:
    """Return what both wikis hold."""
    return {'source': histories(source),
            'target': histories(target, PROTECTED)}


def local_title(page: SamplePage) -> str:
    """Return the title as the sandbox wikis spell it."""
    name = page.title.removeprefix('Project:')
    return page.title if name == page.title else f'{PROJECT}:{name}'


PROJECT = 'Sandbox source'


@pytest.mark.parametrize(('part', 'pages'), [('source', SOURCE),
                                             ('target', TARGET)])
def test_histories_on_the_wiki_are_those_of_the_files(
        there: dict[str, Histories], part: str,
        pages: dict[str, SamplePage]) -> None:
    assert there[part].keys() == {local_title(page)
                                  for page in pages.values()}
    for page in pages.values():
        found = [(revision['timestamp'], revision['user'], revision['sha1'])
                 for revision in there[part][local_title(page)]]
        assert found == [
            (when.strftime('%Y-%m-%dT%H:%M:%SZ'), author,
             hashlib.sha1(text.encode()).hexdigest())
            for when, author, _comment, text in page.history()], page.title


@pytest.mark.parametrize('part', ['source', 'target'])
def test_counts_and_times_are_those_of_histories_ini(
        there: dict[str, Histories], part: str) -> None:
    wanted = configparser.ConfigParser(interpolation=None,
                                       delimiters=('=', ))
    wanted.read(CONTENT / part / 'histories.ini', encoding='utf-8')
    assert wanted.sections()
    for title in wanted.sections():
        row = wanted[title]
        times = [revision['timestamp'] for revision in
                 there[part][title.replace('Project', PROJECT)]]
        assert len(times) == row.getint('revisions'), title
        assert times[-1] == row['last'], title
        assert len(times) == 1 or times[0] == row['first'], title


def test_content_models_are_those_of_the_titles(
        there: dict[str, Histories]) -> None:
    for title, revisions in there['source'].items():
        model = ('sanitized-css' if title.endswith('.css')
                 else 'json' if title.endswith('.json')
                 else 'Scribunto' if title.startswith('Module:')
                 and not title.endswith('/doc') else 'wikitext')
        assert {revision['slots']['main']['contentmodel']
                for revision in revisions} == {model}, title


def test_every_article_renders_without_an_error(source: Client) -> None:
    for page in ARTICLES:
        answer = source._send(action='parse', page=page.title,
                              prop='text|templates|properties')
        text = answer['parse']['text']
        assert 'mw-parser-output' in text
        for mark in ('scribunto-error', 'class="error', 'mw-ext-cite-error',
                     'Template loop', '{{', '}}', '&lt;templatestyles'):
            assert mark not in text, (page.title, mark)


def test_no_page_has_script_errors(source: Client) -> None:
    name = source.get(meta='allmessages',
                      ammessages='scribunto-common-error-category')
    category = name['allmessages'][0]['content']
    assert category
    assert source.all('categorymembers', list='categorymembers',
                      cmtitle=f'Category:{category}', cmlimit='max') == []


def test_articles_lack_no_template(source: Client) -> None:
    missing = set()
    for page in ARTICLES:
        answer = source._send(action='parse', page=page.title,
                              prop='templates')
        missing |= {row['title'] for row in answer['parse']['templates']
                    if not row['exists']}
    assert missing == {'Module:Units/local'}


def used_on(wiki: Client, title: str) -> set[str]:
    """Return what the wiki has recorded as transcluded by a page."""
    page, = wiki.all('pages', titles=title, prop='templates', tllimit='max')
    return {row['title'] for row in page.get('templates', ())}


def test_links_between_pages_are_recorded(source: Client) -> None:
    assert {'Template:Infobox rover/styles.css', 'List of rovers/table',
            'Module:Infobox', 'Template:Citation web'} <= used_on(source,
                                                                  'Rover')
    members = source.all('categorymembers', list='categorymembers',
                         cmtitle='Category:Lists', cmlimit='max')
    assert [row['title'] for row in members] == ['List of rovers',
                                                 'List of rovers/table']


def test_target_has_a_template_of_its_own_and_an_identical_one(
        there: dict[str, Histories], source: Client) -> None:
    ours, theirs = there['target'], there['source']
    same = {title: ours[title][-1]['sha1'] == theirs[title][-1]['sha1']
            for title in ours.keys() & theirs.keys()}
    assert same == {'Main Page': False, 'Template:Convert': False,
                    'Template:Yes': True}
    assert {'Template:Convert', 'Template:Yes'} <= used_on(source, 'Rover')


def test_target_has_protected_titles(target: Client) -> None:
    pages = {page['title']: page for page in target.get(
        titles='Template:Quote box|Main Page', prop='info',
        inprop='protection')['pages']}
    locked, edited = pages['Template:Quote box'], pages['Main Page']
    assert locked['missing'] and 'Template:Quote box' in SOURCE
    assert [(item['type'], item['level']) for item in locked['protection']
            ] == [('create', 'sysop')]
    assert ('edit', 'sysop') in [(item['type'], item['level'])
                                 for item in edited['protection']]


def test_importing_left_no_log_entries(source: Client,
                                       target: Client) -> None:
    assert source.imports() == target.imports() == []
