"""``pwb importdump``: dumps as a source, on real wikis."""
from __future__ import annotations

import bz2
import gzip
import json
import lzma
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.commands import PWB, Popen
from tests.kit.support import Box, Run, by_title, texts


TITLES = ('Rover', 'Template:Infobox rover', 'Module:Infobox',
          'Template:Status', 'Kestrel (rover)', 'Template:Unit',
          'Template:Convert', 'Longstride')


class Dumps:

    """Dumps of a source wiki, and a target.

    :param box: the wikis
    """

    def __init__(self, box: Box) -> None:
        self.box = box
        self.source = box.on_source()
        self.target = box.on_target()

    def export(self, *titles: str) -> bytes:
        answer = self.source.session.post(
            f'{self.box.source_base}/index.php', data={
                'title': 'Special:Export', 'history': 1,
                'pages': '\n'.join(titles or TITLES)})
        assert answer.content.startswith(b'<mediawiki')
        return answer.content

    def write(self, name: str, content: bytes) -> Path:
        path = self.box.folder / name
        path.write_bytes(content)
        return path

    def run(self, *arguments: str, stdin: Any = None,
            ) -> tuple[Run, dict[str, Any]]:
        """Import without asking; return the run and its report."""
        report = self.box.folder / 'dump-report.json'
        report.unlink(missing_ok=True)
        run = self.box.pwb('importdump', '-interwikiprefix:en', '-always',
                           f'-report:{report}', *arguments,
                           **({'stdin': stdin} if stdin else {}))
        return run, json.loads(report.read_text()) if report.exists() else {}


@pytest.fixture
def dumps(fresh_box: Box) -> Dumps:
    return Dumps(fresh_box)


@pytest.fixture(scope='module')
def shared(box: Box) -> Dumps:
    return Dumps(box)


@pytest.fixture(scope='module')
def empty_box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    found = Box(tmp_path_factory.mktemp('empty'), release='1.39',
                source_release='1.43')
    yield found
    found.close()


def test_whole_dump_arrives_with_its_history(dumps: Dumps) -> None:
    path = dumps.write('dump.xml', dumps.export())
    run, report = dumps.run(str(path))
    assert run.status == 0, run.output
    pages = by_title(report)
    # The target has another Convert, which is left alone.
    assert pages['Template:Convert']['reason'] == 'exists'
    for title in TITLES:
        page = pages[title]
        assert page['role'] == 'requested'
        if page['decision'] == 'import':
            assert page['outcome'] == 'verified'
            assert page['steps'][0]['because'] == 'file'
            assert texts(dumps.source.history(title)) <= texts(
                dumps.target.history(title))
            assert dumps.source.text(title) == dumps.target.text(title)
    assert 'en>Juniper Hale' in {row['user'] for row in
                                 dumps.target.history('Rover')}
    # Templates come before the pages that may use them.
    order = [page['title'] for page in report['pages']]
    assert max(order.index(title) for title in TITLES if ':' in title) < (
        min(order.index(title) for title in TITLES if ':' not in title))
    before = dumps.target.snapshot()
    run, report = dumps.run(str(path), '-existingpages:update')
    assert run.status == 0, run.output
    assert {page['decision'] for page in report['pages']} == {'skip'}
    assert dumps.target.snapshot() == before


@pytest.mark.parametrize('pack', [
    pytest.param(lambda raw: raw, id='plain'),
    pytest.param(gzip.compress, id='gz'),
    pytest.param(bz2.compress, id='bz2'),
    pytest.param(lzma.compress, id='xz')])
@pytest.mark.parametrize('is_piped', [False, True],
                         ids=['file', 'standard input'])
def test_dump_is_read_however_it_is_packed(
        shared: Dumps, is_piped: bool,
        pack: Callable[[bytes], bytes]) -> None:
    # The name says nothing of what is in it.
    path = shared.write('dump.bin', pack(shared.export('Longstride')))
    with path.open('rb') as stream:
        run, report = shared.run('-' if is_piped else str(path), '-simulate',
                                 '-existingpages:force', stdin=stream)
    assert run.status == 0, run.output
    page = by_title(report)['Longstride']
    assert page['decision'] == 'import'
    assert page['revisions'] == len(shared.source.history('Longstride'))


def test_pages_are_selected_by_title_and_namespace(shared: Dumps) -> None:
    path = str(shared.write('dump.xml', shared.export()))
    titles = shared.write('titles.txt', b'[[Kestrel (rover)]]\n')
    for options, expected in (
            (['-page:Rover'], {'Rover'}),
            ([f'-file:{titles}', '-page:Longstride'],
             {'Kestrel (rover)', 'Longstride'}),
            (['-namespace:828'], {'Module:Infobox'}),
            (['-namespace:Module,Main'], {
                'Module:Infobox', 'Rover', 'Kestrel (rover)',
                'Longstride'})):
        run, report = shared.run(path, '-simulate', *options)
        assert {page['title'] for page in report['pages']} == expected, (
            run.output)


def test_closure_comes_from_the_dump_itself(shared: Dumps) -> None:
    path = str(shared.write('dump.xml', shared.export()))
    before = len(shared.box.source.exchanges)
    run, report = shared.run(path, '-page:Rover', '-templates:mentioned',
                             '-simulate')
    assert run.status in (0, 3), run.output
    assert len(shared.box.source.exchanges) == before
    assert 'Magic words and functions are those of' in run.output
    pages = by_title(report)
    assert pages['Template:Infobox rover']['role'] == 'template'
    assert 'Rover' in pages['Template:Infobox rover']['needed_by']
    assert pages['Module:Infobox']['role'] == 'module'
    # What the dump lacks is named, and nothing is guessed.
    lacking = {title for title, page in pages.items()
               if page['reason'] == 'not-on-source'}
    assert 'Template:Reflist' in lacking and not lacking & set(TITLES)
    assert report['pages'][-1]['title'] == 'Rover'
    # The same, with the words of the wiki itself.
    run, asked = shared.run(path, '-page:Rover', '-templates:mentioned',
                            '-simulate', '-source:en')
    assert len(shared.box.source.exchanges) > before
    assert [page['title'] for page in asked['pages']] == [
        page['title'] for page in report['pages']]


def test_words_that_nobody_knows_are_refused(shared: Dumps) -> None:
    foreign = shared.export('Rover').replace(b'xml:lang="en"',
                                             b'xml:lang="fr"')
    path = str(shared.write('foreign.xml', foreign))
    run, _report = shared.run(path, '-page:Rover', '-templates:mentioned')
    assert run.status == 1
    assert '"fr"' in run.output and '-source:PREFIX' in run.output
    run, _report = shared.run(path, '-page:Rover', '-simulate')
    assert run.status == 0, run.output


def test_next_to_empty_target_needs_no_survey(empty_box: Box) -> None:
    pages = ''.join(
        f'<page><title>Many {number}</title><ns>0</ns><revision><timestamp>'
        '2015-01-01T00:00:00Z</timestamp><contributor><username>Anna'
        f'</username></contributor><text>Page {number}</text></revision>'
        '</page>' for number in range(400))
    path = empty_box.folder / 'many.xml'
    path.write_text(
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" '
        'version="0.11" xml:lang="en"><siteinfo><namespaces><namespace '
        f'key="0"/></namespaces></siteinfo>{pages}</mediawiki>')
    # Whatever is there is few enough to be known at a look.
    for title in empty_box.on_target().snapshot():
        empty_box.on_target().do('delete', title=title)
    before = len(empty_box.target.exchanges)
    run = empty_box.pwb('importdump', '-interwikiprefix:en', '-simulate',
                        str(path))
    assert run.status == 0, run.output
    assert '\n400 new\n' in run.output
    assert len(empty_box.target.exchanges) - before < 25
    run = empty_box.pwb('importdump', '-interwikiprefix:en', '-always',
                        str(path))
    assert run.status == 0, run.output
    assert '400 imported and checked' in run.output
    assert len(empty_box.target.imports) < 60


@pytest.mark.parametrize(('content', 'words'), [
    pytest.param(b'', 'many.xml', id='empty'),
    pytest.param(b'<!DOCTYPE html><html></html>', 'many.xml', id='HTML'),
    pytest.param(b'<?xml version="1.0"?><!DOCTYPE mediawiki [<!ENTITY a '
                 b'"aaaa"><!ENTITY b "&a;&a;&a;">]><mediawiki>&b;'
                 b'</mediawiki>', 'many.xml', id='entities'),
    pytest.param(b'<!DOCTYPE mediawiki [<!ENTITY x SYSTEM "file:///etc/'
                 b'passwd">]><mediawiki>&x;</mediawiki>', 'many.xml',
                 id='external entity'),
    pytest.param(None, 'Rover', id='truncated'),
    pytest.param(b'<mediawiki><page><title>A\nB</title><revision>'
                 b'<timestamp>2015-01-01T00:00:00Z</timestamp><text>x</text>'
                 b'</revision></page></mediawiki>', 'many.xml',
                 id='newline in a title'),
    pytest.param(gzip.compress(bytes(200 * 2 ** 20)), 'many.xml',
                 id='bomb'),
    pytest.param('<mediawiki>é</mediawiki>'.encode('latin-1'), 'many.xml',
                 id='not UTF-8'),
])
def test_hostile_dump_is_refused_before_anything_is_sent(
        shared: Dumps, content: bytes | None, words: str) -> None:
    if content is None:
        content = shared.export('Rover')[:200_000]
    path = shared.write('many.xml', content)
    before = len(shared.box.target.imports)
    run, _report = shared.run(str(path))
    assert run.status == 1, run.output
    assert 'ERROR' in run.output and words in run.output
    assert 'Traceback' not in run.output
    assert 'root:' not in run.output
    assert len(shared.box.target.imports) == before


@pytest.mark.parametrize(('arguments', 'words'), [
    (['x.xml'], 'x.xml cannot be read'),
    ([], 'Name the file'),
    (['-via:interwiki', 'x.xml'], 'leave out -via:interwiki'),
    (['-templates:used', 'x.xml'], '-templates:mentioned'),
    (['-cat:Rovers', 'x.xml'], '-cat:Rovers is no option'),
])
def test_bad_command_lines(shared: Dumps, arguments: list[str],
                           words: str) -> None:
    run, _report = shared.run(*arguments)
    assert run.status == 1
    assert words in run.output
    assert 'Traceback' not in run.output


@pytest.mark.parametrize('given', [[], ['-interwikiprefix: ']])
def test_prefix_is_asked_for(shared: Dumps, given: list[str]) -> None:
    run = shared.box.pwb('importdump', 'x.xml', *given)
    assert run.status == 1
    assert '-interwikiprefix:PREFIX' in run.output


@pytest.mark.parametrize('prefix', ['Admin>', '<b>', 'x' * 300, 'en:'])
def test_prefix_that_can_be_none(shared: Dumps, prefix: str) -> None:
    path = str(shared.write('dump.xml', shared.export()))
    run = shared.box.pwb('importdump', f'-interwikiprefix:{prefix}',
                         '-always', path)
    assert run.status == 1
    assert 'can be no interwiki prefix' in run.output


def test_killed_import_of_a_dump_goes_on(dumps: Dumps) -> None:
    path = str(dumps.write('dump.xml', dumps.export()))
    with dumps.box.target.broken(meanwhile=lambda: process.kill()):
        process = Popen(
            [str(PWB), 'importdump', '-interwikiprefix:en', '-always', path],
            cwd=dumps.box.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={'PATH': '/usr/bin:/bin', 'HOME': str(dumps.box.folder),
                 'PYWIKIBOT_DIR': str(dumps.box.config)})
        process.wait()
    run = dumps.box.pwb('importdump', '-resume', '-always', path)
    assert run.status == 0, run.output
    for title in TITLES:
        if title != 'Template:Convert':
            theirs = dumps.source.history(title)
            ours = dumps.target.history(title)
            assert texts(theirs) <= texts(ours), title
            assert len(dumps.target.imports(title)) <= 1


def xml_of(*pages: tuple[str, list[tuple[str, str]]],
           namespaces: str = '<namespace key="0"/>') -> bytes:
    """Return export XML as others may write it: no ids, all of it main."""
    return ('<mediawiki xml:lang="en"><siteinfo><namespaces>'
            f'{namespaces}</namespaces></siteinfo>' + ''.join(
                f'<page><title>{title}</title><ns>0</ns>' + ''.join(
                    f'<revision><timestamp>{when}</timestamp><contributor>'
                    f'<username>Anna</username></contributor><text>{text}'
                    '</text></revision>' for when, text in revisions)
                + '</page>' for title, revisions in pages)
            + '</mediawiki>').encode()


WHEN = '2015-01-01T00:00:00Z'


@pytest.mark.parametrize('count', [1, 120],
                         ids=['asked for', 'known at a look'])
def test_code_is_refused_whatever_the_dump_says_of_namespaces(
        empty_box: Box, count: int) -> None:
    # What would run as code here is a page of the main namespace there.
    titles = ['MediaWiki:Common.js', 'mediawiki:Pagetitle',
              'User:Victim/common.js']
    path = empty_box.folder / 'code.xml'
    path.write_bytes(xml_of(
        *((title, [(WHEN, 'alert(1)')]) for title in titles),
        *((f'Harmless {number}', [(WHEN, 'text')])
          for number in range(count))))
    report = empty_box.folder / 'code.json'
    run = empty_box.pwb('importdump', '-interwikiprefix:en', '-simulate',
                        f'-report:{report}', str(path))
    assert run.status == 1, run.output
    pages = by_title(json.loads(report.read_text()))
    for title in titles:
        page = pages[title[0].upper() + title[1:]]
        assert page['decision'] == 'refuse', page
    assert pages['Harmless 0']['decision'] == 'import'


def test_dump_without_ids_brings_each_page_its_own_text(
        dumps: Dumps) -> None:
    path = dumps.write('plain.xml', xml_of(
        ('Aaa', [(WHEN, 'text of AAA')]),
        ('Bbb', [(WHEN, 'old text of BBB'),
                 ('2016-01-01T00:00:00Z', 'text of BBB')])))
    dumps.target.edit('Bbb', 'newer here')
    run, report = dumps.run(str(path), '-existingpages:force')
    assert run.status == 0, run.output
    assert [step['action'] for step in by_title(report)['Bbb']['steps']] == [
        'import', 'edit']
    assert dumps.target.text('Bbb') == 'text of BBB'
    assert dumps.target.text('Aaa') == 'text of AAA'


def test_run_is_not_gone_on_with_from_another_source(dumps: Dumps) -> None:
    path = str(dumps.write('q.xml', xml_of(
        *((f'Page {number}', [(WHEN, 'of the dump')])
          for number in range(3)))))
    with dumps.box.target.broken(meanwhile=lambda: process.kill()):
        process = Popen(
            [str(PWB), 'importdump', '-interwikiprefix:en', '-always', path],
            cwd=dumps.box.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={'PATH': '/usr/bin:/bin', 'HOME': str(dumps.box.folder),
                 'PYWIKIBOT_DIR': str(dumps.box.config)})
        process.wait()
    run = dumps.box.pwb('importpages', '-resume', '-always')
    assert run.status == 1, run.output
    assert path in run.output and 'importdump -resume' in run.output
    run = dumps.box.pwb('importdump', '-resume', '-always', path)
    assert run.status == 0, run.output
    assert dumps.target.text('Page 2') == 'of the dump'
