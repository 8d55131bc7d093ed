"""The sample content: what has to be in it."""
from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from importbot.sandbox import SandboxError, content
from importbot.sandbox.content import CONTENT, SamplePage, sample_pages


SOURCE = {page.title: page for page in sample_pages('source')}
TARGET = {page.title: page for page in sample_pages('target')}
TEMPLATES = [page for page in SOURCE.values() if page.namespace == 10]

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
    without = authors - registered
    assert len(without) >= 2
    assert all(re.fullmatch(r'[\d.]+', author) for author in without)
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


def test_histories_grow_to_the_texts_of_the_files() -> None:
    for page in (*SOURCE.values(), *TARGET.values()):
        times, _authors, _comments, texts = zip(*page.history(), strict=True)
        assert len(texts) == page.revisions, page.title
        assert times[-1] == page.last, page.title
        assert len(times) == 1 or times[0] == page.first, page.title
        assert list(times) == sorted(set(times)), page.title
        assert texts[-1] == page.text, page.title
        assert all(texts), page.title
        for before, after in zip(texts, texts[1:], strict=False):
            assert before != after, page.title


@pytest.mark.parametrize(('trap', 'title', 'text'), [
    ('a branch of #if that is not taken', 'Template:Remark',
     r'\{\{#if:\{\{\{x\|\}\}\}\|.*\{\{Conditional note\}\}'),
    ('branches of #switch', 'Template:Power source',
     r'\{\{#switch:[^=]*\n\| solar = \{\{Solar power note\}\}\n'
     r'\| nuclear = \{\{Nuclear power note\}\}'),
    ('a name that depends on a parameter', 'Template:Status',
     r'\{\{Status/\{\{lc:\{\{\{1\|'),
    ('a relative name', 'Template:Timeline', r'\{\{/row\|'),
    ('a page of the main namespace', 'Rover',
     r'\{\{:List of rovers/table\}\}'),
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
    ('a name with an underscore', 'Rover', r'\{\{Cite_web\|'),
    ('a name in lower case', 'Rover', r'\{\{infobox rover\n'),
    ('data about a template', 'Template:Convert/doc',
     r'<templatedata>(?s:.*)\{\{Never used\}\}(?s:.*)</templatedata>'),
    ('leftovers of substitution', 'Template:Article skeleton',
     r'\{\{<includeonly>subst:</includeonly>PAGENAME\}\}'),
    ('documentation outside of the template', 'Template:Remark',
     r'<noinclude>\n\{\{Documentation\}\}'),
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
    assert '{{:List of rovers/table}}' in SOURCE['Rover'].text
    assert 'Template:Rover row' in transcludes('List of rovers/table')
    assert 'Template:Rover link' in transcludes('Template:Rover row')
    assert 'Template:Rover name' in transcludes('Template:Rover link')


@pytest.mark.parametrize(('one', 'other'), [
    ('Template:Predecessor', 'Template:Successor'),
    ('Template:Template note', 'Template:Article note')])
def test_two_templates_use_each_other(one: str, other: str) -> None:
    assert other in transcludes(one)
    assert one in transcludes(other)


def test_template_in_traps_is_nowhere_else() -> None:
    traps = re.compile(r'<!--.*?-->|<(nowiki|pre|templatedata)>.*?</\1>',
                       re.S)
    mentions = [page for page in SOURCE.values()
                if '{{Never used' in page.text]
    assert len(mentions) >= 4
    for page in mentions:
        assert '{{Never used' not in traps.sub('', page.text), page.title


def test_style_sheets_are_used_by_templates() -> None:
    used = {src for page in TEMPLATES for src in re.findall(
        r'<templatestyles src="([^"{]+)"', page.text)}
    sheets = {page.title.removeprefix('Template:') for page in TEMPLATES
              if page.model == 'sanitized-css'}
    assert len(used) >= 3
    assert used <= sheets


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
    ('[Wheel]\nrevisions = 5', 'Wheel is to have 5 revisions; its 4 words'),
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
