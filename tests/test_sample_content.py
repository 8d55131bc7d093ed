"""The sample content: what has to be in it, and what the wikis make of it."""
from __future__ import annotations

import configparser
import hashlib
import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from importbot.sandbox import SandboxError, content
from importbot.sandbox.content import CONTENT, SamplePage, sample_pages
from tests.support import Box, Client


SOURCE = {page.title: page for page in sample_pages('source')}
TARGET = {page.title: page for page in sample_pages('target')}
ARTICLES = [page for page in SOURCE.values() if page.namespace == 0]
TEMPLATES = [page for page in SOURCE.values() if page.namespace == 10]
MODULES = [page for page in SOURCE.values() if page.model == 'Scribunto']

Fits = Callable[[SamplePage], bool]


def is_redirect(page: SamplePage) -> bool:
    return page.text.upper().startswith('#REDIRECT')


def is_documentation(page: SamplePage) -> bool:
    return page.title.endswith('/doc')


def is_template(page: SamplePage) -> bool:
    return (page.namespace == 10 and page.model == 'wikitext'
            and not is_documentation(page) and not is_redirect(page))


def count(fits: Fits) -> int:
    return sum(map(fits, SOURCE.values()))


# What has to be in it


@pytest.mark.parametrize(('least', 'fits'), [
    pytest.param(15, lambda page: page.namespace == 0 and not is_redirect(
        page), id='articles'),
    pytest.param(40, is_template, id='templates'),
    pytest.param(10, lambda page: page.model == 'Scribunto', id='modules'),
    pytest.param(3, lambda page: page.model == 'sanitized-css',
                 id='style sheets'),
    pytest.param(10, is_documentation, id='documentation subpages'),
    pytest.param(2, lambda page: page.namespace == 10 and is_redirect(page),
                 id='template redirects'),
    pytest.param(10, lambda page: page.namespace == 14, id='categories'),
    pytest.param(1, lambda page: page.namespace == 6,
                 id='file descriptions'),
    pytest.param(1, lambda page: page.model == 'json', id='data'),
])
def test_there_is_enough_of_everything(least: int, fits: Fits) -> None:
    assert count(fits) >= least


@pytest.mark.parametrize('kind', ['Infobox', 'Navbox', 'Citation', 'Units'])
def test_the_usual_modules_are_there_and_invoked(kind: str) -> None:
    invocation = re.compile(rf'\{{\{{\s*#invoke:\s*{kind}\b')
    assert SOURCE[f'Module:{kind}'].model == 'Scribunto'
    assert any(invocation.search(page.text) for page in TEMPLATES)


def test_histories_reach_from_1_to_300_revisions() -> None:
    lengths = {page.revisions for page in SOURCE.values()}
    assert (min(lengths), max(lengths)) == (1, 300)
    assert len(lengths) >= 20


def test_histories_have_several_authors_some_without_an_account() -> None:
    authors = {author for page in SOURCE.values() for author in page.authors}
    registered = set(content.authors(list(SOURCE.values())))
    assert len(registered) >= 5
    assert {author for author in authors - registered
            if re.fullmatch(r'[\d.]+', author)} == authors - registered != set()
    assert max(len(page.authors) for page in SOURCE.values()) >= 5


def test_histories_hold_reverts() -> None:
    reverted = [page for page in SOURCE.values() if page.reverts]
    assert len(reverted) >= 5
    for page in reverted:
        texts = [text for _when, _author, _comment, text in page.history()]
        for number in page.reverts:
            assert texts[number - 1] not in (texts[number - 2], texts[number])
            if number + 1 < page.revisions:
                assert texts[number] == texts[number - 2]


@pytest.mark.parametrize('page', [*SOURCE.values(), *TARGET.values()],
                         ids=lambda page: page.title)
def test_history_grows_to_the_text_of_the_file(page: SamplePage) -> None:
    history = list(page.history())
    times = [when for when, _author, _comment, _text in history]
    texts = [text for _when, _author, _comment, text in history]
    assert len(history) == page.revisions
    assert (times[0], times[-1]) in ((page.first, page.last),
                                     (page.last, page.last))
    assert times == sorted(set(times))
    assert texts[-1] == page.text
    assert all(texts)
    for before, after in zip(texts, texts[1:], strict=False):
        assert before != after


@pytest.mark.parametrize(('trap', 'title', 'text'), [
    ('a branch of #if that is not taken', 'Template:Remark',
     r'\{\{#if:\{\{\{x\|\}\}\}\|.*\{\{Conditional note\}\}'),
    ('branches of #switch', 'Template:Power source',
     r'\{\{#switch:[^=]*\n\| solar = \{\{Solar power note\}\}\n'
     r'\| nuclear = \{\{Nuclear power note\}\}'),
    ('a name that depends on a parameter', 'Template:Status',
     r'\{\{Status/\{\{lc:\{\{\{1\|'),
    ('a relative name', 'Template:Timeline', r'\{\{/row\|'),
    ('a page of the main namespace', 'Rover', r'\{\{:List of rovers/table\}\}'),
    ('nowiki', 'Template:Syntax examples',
     r'<nowiki>\{\{Never used\}\}</nowiki>'),
    ('preformatted text', 'Template:Syntax examples',
     r'<pre>\{\{Never used\}\}</pre>'),
    ('a comment', 'Rover', r'<!--[^>]*\{\{Never used\}\}[^>]*-->'),
    ('a comment in a name', 'Template:Syntax examples',
     r'\{\{<!--[^>]*-->Nowrap\|'),
    ('a magic word that looks like a template', 'Template:Timeline/row',
     r'\{\{!\}\}'),
    ('a variable that looks like a template', 'Template:Template note',
     r'\{\{NAMESPACE\}\}.*\{\{SITENAME\}\}'),
    ('a gallery', 'Rover', r'<gallery>[^<]*\{\{Image credit\|'),
    ('a file name with a template beside it', 'File:Rover on a hill.jpg',
     r'\{\{Image credit\|'),
    ('underscores and lower case', 'Rover', r'\{\{Cite_web\|(?s:.*)'),
    ('blanks around a name', 'Rover', r'\{\{ Cite book \|'),
    ('a module that need not exist', 'Module:Units',
     r'pcall\(mw\.loadData, .Module:Units/local.\)'),
    ('Lua data', 'Module:Units', r'mw\.loadData\(.Module:Units/data.\)'),
    ('JSON data', 'Module:Rovers',
     r'mw\.loadJsonData\(.Module:Rovers/data\.json.\)'),
])
def test_trap_is_set(trap: str, title: str, text: str) -> None:
    assert re.search(text, SOURCE[title].text), trap


def transcludes(page: str) -> set[str]:
    """Return the templates that the plainest reading finds on a page."""
    names = re.findall(r'\{\{([^{}|#:<]+)[|}]', SOURCE[page].text)
    return {f'Template:{name.strip()}' for name in names}


def test_transclusions_are_nested_four_deep() -> None:
    way = ['Rover', 'Template:Navbox rovers', 'Template:Navbox',
           'Template:Documentation', 'Template:Documentation subpage']
    for page, used in zip(way, way[1:], strict=False):
        assert used in transcludes(page) or (
            used == 'Template:Documentation subpage'
            and is_template(SOURCE[used]))


@pytest.mark.parametrize(('one', 'other'), [
    ('Template:Predecessor', 'Template:Successor'),
    ('Template:Template note', 'Template:Article note')])
def test_two_templates_use_each_other(one: str, other: str) -> None:
    assert other in transcludes(one)
    assert one in transcludes(other)


def test_a_trap_catches_whoever_follows_it() -> None:
    """What stands in nowiki and comments alone is used by nobody."""
    bare = re.compile(r'<!--.*?-->|<nowiki>.*?</nowiki>|<pre>.*?</pre>', re.S)
    for page in SOURCE.values():
        assert '{{Never used' not in bare.sub('', page.text), page.title


def test_every_style_sheet_is_used() -> None:
    used = ' '.join(re.findall(r'<templatestyles src="([^"]+)"', ' '.join(
        page.text for page in SOURCE.values())))
    for page in SOURCE.values():
        if page.model == 'sanitized-css' and page.title.startswith(
                'Template:Infobox'):
            assert page.title.partition(':')[2] in used


# What is wrong in it is said in a sentence


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small source of its own, to be spoilt."""
    monkeypatch.setattr(content, 'CONTENT', tmp_path)
    folder = tmp_path / 'source' / 'pages'
    (folder / 'Main').mkdir(parents=True)
    (folder / 'Main' / 'Wheel.wikitext').write_text('A wheel is round.\n')
    assert [page.title for page in sample_pages('source')] == ['Wheel']
    return folder


def complaint() -> str:
    with pytest.raises(SandboxError) as caught:
        sample_pages('source')
    assert '\n' not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize('name', ['Modul/Wheel.lua', 'Main/Wheel.txt',
                                  'Wheel.wikitext', 'main/Wheel.wikitext'])
def test_file_at_no_known_place_is_named(pages: Path, name: str) -> None:
    (pages / name).parent.mkdir(exist_ok=True)
    (pages / name).write_text('A wheel')
    said = complaint()
    assert name in said and 'namespace' in said and '.wikitext' in said


@pytest.mark.parametrize(('history', 'words'), [
    ('[Whell]\nrevisions = 1', 'name(s)? pages that have no file: Whell'),
    ('[Wheel]\nrevisions = 5', 'Wheel is to have 5 revisions but .* 4 words'),
    ('[Wheel]\nrevisions = many', "The history of Wheel .*'many'"),
    ('[Wheel]\nrevisions = 0', 'Wheel is to have 0 revisions'),
    ('[Wheel]\nfirst = yesterday', "The history of Wheel .*'yesterday'"),
    ('[Wheel]\nrevisions = 4\nreverts = 4', 'reverts of Wheel'),
    ('[Wheel]\nrevisions = 4\nreverts = 1', 'reverts of Wheel'),
    ('[Wheel]\n[Wheel]', "'Wheel' already exists"),
    ('revisions = 4', 'no section headers'),
])
def test_history_that_does_not_fit_is_explained(pages: Path, history: str,
                                                words: str) -> None:
    (pages.parent / 'histories.ini').write_text(history)
    assert re.search(words, complaint())


def test_a_page_can_be_added_by_a_file_alone(pages: Path) -> None:
    (pages / 'Template' / 'Box').mkdir(parents=True)
    (pages / 'Template' / 'Box.wikitext').write_text('A box')
    (pages / 'Template' / 'Box' / 'styles.css').write_text('b {}')
    (pages / 'Module').mkdir()
    (pages / 'Module' / 'Box.lua').write_text('return {}')
    (pages / 'Module' / 'Box.json').write_text('{}')
    assert {page.title: (page.namespace, page.model)
            for page in sample_pages('source')} == {
        'Wheel': (0, 'wikitext'), 'Template:Box': (10, 'wikitext'),
        'Template:Box/styles.css': (10, 'sanitized-css'),
        'Module:Box': (828, 'Scribunto'), 'Module:Box.json': (828, 'json')}


def test_every_change_makes_other_wikis(tmp_path: Path,
                                        monkeypatch: pytest.MonkeyPatch,
                                        ) -> None:
    shutil.copytree(CONTENT, tmp_path / 'content')
    before = content.digest()
    monkeypatch.setattr(content, 'CONTENT', tmp_path / 'content')
    assert content.digest() == before
    page = tmp_path / 'content' / 'target' / 'pages' / 'Main' / 'New.wikitext'
    page.write_text('New')
    with_page = content.digest()
    page.rename(page.with_name('Newer.wikitext'))
    assert len({before, with_page, content.digest()}) == 3


# What the wikis make of it


def histories(wiki: Client) -> dict[str, list[dict[str, Any]]]:
    """Return all revisions of a wiki by title, oldest first."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    # Without a module as generator every answer lists revisions by page.
    for row in wiki.all('allrevisions', list='allrevisions', arvlimit='max',
                        arvprop='ids|timestamp|user|sha1|contentmodel',
                        arvslots='main', arvnamespace='*'):
        for revision in row['revisions']:
            found[row['title']].append(revision)
    for revisions in found.values():
        revisions.sort(key=lambda revision: revision['timestamp'])
    return found


@pytest.fixture(scope='module')
def source(each_box: Box) -> Client:
    return each_box.on_source()


@pytest.fixture(scope='module')
def target(each_box: Box) -> Client:
    return each_box.on_target()


@pytest.fixture(scope='module')
def on_source(source: Client) -> dict[str, list[dict[str, Any]]]:
    return histories(source)


@pytest.fixture(scope='module')
def on_target(target: Client) -> dict[str, list[dict[str, Any]]]:
    return histories(target)


def local_title(page: SamplePage) -> str:
    """Return the title as the sandbox wikis spell it."""
    name = page.title.removeprefix('Project:')
    return page.title if name == page.title else f'{PROJECT}:{name}'


PROJECT = 'Sandbox source'


@pytest.mark.wiki
@pytest.mark.parametrize(('part', 'pages_of'), [('source', SOURCE),
                                                ('target', TARGET)])
def test_histories_on_the_wiki_are_those_of_the_files(
        request: pytest.FixtureRequest, part: str,
        pages_of: dict[str, SamplePage]) -> None:
    there = request.getfixturevalue(f'on_{part}')
    assert there.keys() == {local_title(page) for page in pages_of.values()}
    for page in pages_of.values():
        found = [(revision['timestamp'], revision['user'], revision['sha1'])
                 for revision in there[local_title(page)]]
        assert found == [
            (when.strftime('%Y-%m-%dT%H:%M:%SZ'), author,
             hashlib.sha1(text.encode()).hexdigest())
            for when, author, _comment, text in page.history()], page.title


@pytest.mark.wiki
@pytest.mark.parametrize('part', ['source', 'target'])
def test_counts_and_times_are_those_of_histories_ini(
        request: pytest.FixtureRequest, part: str) -> None:
    there = request.getfixturevalue(f'on_{part}')
    wanted = configparser.ConfigParser(interpolation=None,
                                       delimiters=('=', ))
    wanted.read(CONTENT / part / 'histories.ini', encoding='utf-8')
    assert wanted.sections()
    for title in wanted.sections():
        row = wanted[title]
        revisions = there[title.replace('Project', PROJECT)]
        times = [revision['timestamp'] for revision in revisions]
        assert len(revisions) == row.getint('revisions'), title
        assert times[-1] == row['last'], title
        assert len(revisions) == 1 or times[0] == row['first'], title


@pytest.mark.wiki
def test_content_models_are_those_of_the_suffixes(
        on_source: dict[str, list[dict[str, Any]]]) -> None:
    for page in SOURCE.values():
        models = {revision['slots']['main']['contentmodel']
                  for revision in on_source[local_title(page)]}
        assert models == {page.model}, page.title


@pytest.mark.wiki
def test_every_article_renders_without_an_error(source: Client) -> None:
    for page in ARTICLES:
        answer = source._send(action='parse', page=page.title,
                              prop='text|templates|properties')
        text = answer['parse']['text']
        assert 'mw-parser-output' in text
        for mark in ('scribunto-error', 'class="error', 'mw-ext-cite-error',
                     'Template loop', '{{', '}}', '&lt;templatestyles'):
            assert mark not in text, (page.title, mark)


@pytest.mark.wiki
def test_no_page_has_script_errors(source: Client) -> None:
    name = source.get(meta='allmessages',
                      ammessages='scribunto-common-error-category')
    category = name['allmessages'][0]['content']
    assert category
    assert source.all('categorymembers', list='categorymembers',
                      cmtitle=f'Category:{category}', cmlimit='max') == []


@pytest.mark.wiki
def test_articles_lack_no_template(source: Client) -> None:
    missing = set()
    for page in ARTICLES:
        answer = source._send(action='parse', page=page.title,
                              prop='templates')
        missing |= {row['title'] for row in answer['parse']['templates']
                    if not row['exists']}
    assert missing == {'Module:Units/local'}


@pytest.mark.wiki
def test_style_sheets_count_as_transcluded(source: Client) -> None:
    used = source.all('pages', titles='Rover', prop='templates',
                      tllimit='max')[0]['templates']
    assert 'Template:Infobox rover/styles.css' in {row['title']
                                                   for row in used}


@pytest.mark.wiki
def test_categories_have_members_without_a_job_being_run(
        source: Client) -> None:
    members = source.all('categorymembers', list='categorymembers',
                         cmtitle='Category:Rovers', cmlimit='max')
    assert {'Rover', 'Longstride'} <= {row['title'] for row in members}


@pytest.mark.wiki
def test_target_has_a_template_of_its_own_and_an_identical_one(
        on_source: dict[str, list[dict[str, Any]]],
        on_target: dict[str, list[dict[str, Any]]]) -> None:
    common = on_source.keys() & on_target.keys()
    assert common == {'Main Page', 'Template:Convert', 'Template:Yes'}
    assert (on_source['Template:Convert'][-1]['sha1']
            != on_target['Template:Convert'][-1]['sha1'])
    assert (on_source['Template:Yes'][-1]['sha1']
            == on_target['Template:Yes'][-1]['sha1'])
    # Both are needed by the article that the demonstration imports.
    assert {'Template:Convert', 'Template:Yes'} <= transcludes(
        'Rover') | transcludes('Template:Infobox rover') | {
        'Template:Yes'}


@pytest.mark.wiki
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


@pytest.mark.wiki
def test_importing_left_no_log_entries(source: Client,
                                       target: Client) -> None:
    assert source.imports() == target.imports() == []
