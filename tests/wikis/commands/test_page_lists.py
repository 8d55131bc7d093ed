"""Lists of a run for other scripts: what is on them, and how it is read."""
from __future__ import annotations

import itertools
import os
import signal
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pywikibot
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pywikibot.pagegenerators import TextIOPageGenerator

from importbot import ImportedPages, Journal
from importbot.model.decisions import Role
from importbot.model.errors import JournalError, UsageError
from importbot.rules.page_lists import can_be_named, list_text
from tests.kit.commands import PWB, Popen
from tests.kit.support import Box, site_of, transfer_of
from tests.kit.terminals import at_a_terminal


#: An undo can delete, and the target spells namespaces in its own way.
SETTINGS = "$wgGroupPermissions['importer']['delete'] = true;"

_numbers = itertools.count(1)


# How it is read


@pytest.fixture(scope='module')
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis, the target in German."""
    with Box(tmp_path_factory.mktemp('box'), lang='de',
             settings=SETTINGS) as box:
        yield box


@pytest.fixture(scope='module')
def wikis(box: Box) -> Any:
    """Return source and target as plans see them."""
    return transfer_of(box)


def read_back(path: Path, site: Any) -> list[str]:
    """Return the titles of a file as the scripts of pywikibot see them."""
    return [page.title() for page
            in TextIOPageGenerator(str(path), site=site)]


#: What is special in titles, with whatever else there is.
TEXTS = st.one_of(
    st.text(min_size=1, max_size=20),
    st.lists(st.sampled_from([
        'Vorlage:', 'Kategorie:', 'Datei:', 'File:', 'Modul:', 'Hilfe:',
        'Diskussion:', 'en', ':', 'a', 'ß', 'i', 'ǆ', '%', '%4', '&', 'amp',
        ';', "''", '/', '.', ' ', '_', '-', '~~', '*', '=', '(', '"', '\\',
        '+', '?', '!', '\u00e4', 'a\u0308', '\U0001f728', '\u0627', '\u200d']),
        min_size=1, max_size=8).map(''.join))


@pytest.fixture(scope='module')
def there_and_back(box: Box, wikis: Any) -> Callable[..., Any]:
    """Return what writes a list of titles and reads it, made of texts."""
    info, path = wikis.target_info, box.folder / 'titles.txt'

    def read(texts: list[str]) -> tuple[list[str], list[str]]:
        # Wikis keep them composed.
        found = [info.title(unicodedata.normalize('NFC', text))
                 for text in texts]
        titles = [str(title) for title in found if title]
        titles = list(filter(can_be_named, titles))
        path.write_text(list_text(titles), encoding='utf-8')
        return titles, read_back(path, wikis.target.site)

    return read


@settings(deadline=None, max_examples=1500)
@given(texts=st.lists(TEXTS, max_size=10))
@example(texts=['Kategorie:Rover', 'Datei:Rover.jpg', 'Vorlage:A/b',
                'Vorlage:Datei:Rover.jpg', '100 %', 'A: b: c', "'n'", '*',
                'Benutzer:2001:DB8:0:0:0:0:0:1', 'x' * 255,
                'Hilfe:' + 'ä' * 127])
def test_any_title_is_read_back(there_and_back: Callable[..., Any],
                                texts: list[str]) -> None:
    titles, read = there_and_back(texts)
    assert read == titles


# What a run leaves


class Landers:

    """A page with a template and a file, and a category.

    :param box: where the source gets them
    """

    def __init__(self, box: Box) -> None:
        number = next(_numbers)
        source = box.on_source()
        self.page, self.category = f'Lander {number}', f'Landers {number}'
        self.template, self.file = f'Note {number}', f'Lander {number}.jpg'
        source.edit(f'Template:{self.template}', 'Landed.')
        source.edit(f'Category:{self.category}', 'Landers.')
        source.edit(self.page, f'{{{{{self.template}}}}} '
                    f'[[File:{self.file}]] [[Category:{self.category}]]')

    @property
    def asked_for(self) -> tuple[str, str]:
        """Arguments of importpages."""
        return f'-page:{self.page}', f'-page:Category:{self.category}'

    @property
    def brought(self) -> set[str]:
        """What a run brings, as the target spells it."""
        return {self.page, f'Kategorie:{self.category}',
                f'Vorlage:{self.template}'}


@pytest.fixture
def landers(box: Box) -> Landers:
    """Pages that no other test has."""
    return Landers(box)


def test_lists_of_a_run(box: Box, wikis: Any, landers: Landers) -> None:
    run, done = box.importpages(
        *landers.asked_for, '-savelist:all.txt', '-savelist:files:files.txt',
        '-savelist:requested:requested.txt', '-savelist:style:style.txt')
    assert run.status == 0, run.output
    site = wikis.target.site
    listed = {name: read_back(box.folder / f'{name}.txt', site)
              for name in ('all', 'requested', 'style', 'files')}
    assert listed['all'] == [page['target'] for page in done['pages']]
    assert set(listed['all']) == landers.brought
    assert set(listed['requested']) == landers.brought - {
        f'Vorlage:{landers.template}'}
    assert listed['style'] == []
    assert 'Written: style.txt' in run.output
    assert listed['files'] == [f'Datei:{landers.file}']
    assert read_back(box.folder / 'files.txt', site_of(box.source)) == [
        f'File:{landers.file}']


def test_page_that_would_be_taken_for_another_is_not_listed(
        box: Box, wikis: Any, journal: Journal, landers: Landers) -> None:
    # Python takes it for a space at the end, MediaWiki does not.
    title = f'Vorlage:{landers.template}'
    box.on_source().edit(f'Template:{landers.template}\x85', 'Another.')
    box.on_source().edit(landers.page, f'{{{{{landers.template}\x85}}}} '
                         f'{{{{{landers.template}}}}}')
    run, done = box.importpages(
        f'-page:{landers.page}', '-savelist:nel.txt')
    assert run.status == 0, run.output
    assert f'{title}\x85' in [page['target'] for page in done['pages']]
    assert box.on_target().text(f'{title}\x85') == 'Another.'
    assert f'"{title}\ufffd" is left out' in run.output
    assert set(read_back(box.folder / 'nel.txt', wikis.target.site)) == {
        title, landers.page}
    pages = ImportedPages(journal=journal, site=wikis.target.site)
    assert {page.title() for page in pages} == {title, landers.page}


def test_what_was_there_already_is_not_listed(box: Box, wikis: Any,
                                              landers: Landers) -> None:
    box.on_target().edit(f'Vorlage:{landers.template}', 'Here.')
    run, _done = box.importpages(*landers.asked_for, '-savelist:some.txt')
    assert run.status == 0, run.output
    assert set(read_back(box.folder / 'some.txt', wikis.target.site)) == (
        landers.brought - {f'Vorlage:{landers.template}'})
    # The next run has nothing to bring, and its list says so.
    run, _done = box.importpages(*landers.asked_for, '-savelist:some.txt')
    assert run.status == 0, run.output
    assert (box.folder / 'some.txt').read_text() == ''


@pytest.mark.parametrize(('argument', 'status'), [('-simulate', 0),
                                                  ('-plan', 2)])
def test_without_an_import_nothing_is_written(
        box: Box, landers: Landers, argument: str, status: int) -> None:
    path = box.folder / 'old.txt'
    path.write_text('[[:Old]]\n')
    run = box.pwb('importpages', '-source:en', *landers.asked_for, argument,
                  f'-savelist:{path}', '-savelist:files:new.txt')
    assert run.status == status, run.output
    assert path.read_text() == '[[:Old]]\n'
    assert not (box.folder / 'new.txt').exists()
    for name in (path, 'new.txt'):
        assert f'Not written, as nothing was imported: {name}' in run.output


def test_saying_no_writes_no_list(box: Box, landers: Landers) -> None:
    status, printed = at_a_terminal(box, 'n', '-source:en',
                                    *landers.asked_for, '-savelist:no.txt')
    assert status == 0, printed
    assert 'Not written, as nothing was imported: no.txt' in printed
    assert not (box.folder / 'no.txt').exists()


@pytest.mark.parametrize('argument', ['-savelist:nowhere/x.txt',
                                      '-savelist:roles:x.txt'])
def test_bad_list_is_refused_before_the_run(
        box: Box, landers: Landers, argument: str) -> None:
    before = box.on_target().snapshot()
    run, _report = box.importpages(*landers.asked_for, argument)
    assert run.status == 1 and 'Traceback' not in run.output, run.output
    assert box.on_target().snapshot() == before


def test_files_that_nobody_asks_for_are_no_list(
        box: Box, landers: Landers) -> None:
    before = box.on_target().snapshot()
    run, _report = box.importpages(*landers.asked_for, '-templates:none',
                                   '-savelist:files:x.txt')
    assert run.status == 1 and '-templates:none' in run.output, run.output
    assert box.on_target().snapshot() == before


def export(box: Box, landers: Landers) -> str:
    """Write a dump; return its name."""
    xml = box.on_source().session.post(
        f'{box.source_base}/index.php', data={
            'title': 'Special:Export', 'history': 1,
            'pages': f'{landers.page}\nTemplate:{landers.template}'}).content
    (box.folder / 'landers.xml').write_bytes(xml)
    return 'landers.xml'


def test_list_of_a_dump(box: Box, wikis: Any, landers: Landers) -> None:
    run = box.pwb('importdump', '-interwikiprefix:en', '-always',
                  '-templates:mentioned', '-source:en',
                  f'-page:{landers.page}', '-savelist:all.txt',
                  '-savelist:template:templates.txt',
                  '-savelist:files:files-of-dump.txt', export(box, landers))
    assert run.status == 0, run.output
    template = f'Vorlage:{landers.template}'
    assert read_back(box.folder / 'all.txt', wikis.target.site) == [
        template, landers.page]
    assert read_back(box.folder / 'templates.txt', wikis.target.site) == [
        template]
    assert read_back(box.folder / 'files-of-dump.txt',
                     site_of(box.source)) == [f'File:{landers.file}']


def test_resumed_run_lists_the_whole(box: Box, wikis: Any,
                                     landers: Landers) -> None:
    files = 'resumed.txt', 'resumed-files.txt'
    arguments = [f'-savelist:{files[0]}', f'-savelist:files:{files[1]}',
                 '-always']
    process = Popen(
        [str(PWB), 'importpages', '-source:en', *landers.asked_for,
         *arguments], cwd=box.folder, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, 'PYWIKIBOT_DIR': str(box.config)})
    with box.target.broken(
            cuts=False,
            meanwhile=lambda: process.send_signal(signal.SIGINT)):
        output, _ = process.communicate(timeout=300)
    assert process.returncode == 130, output

    def listed() -> list[list[str]]:
        return [read_back(box.folder / name, wikis.target.site)
                for name in files]

    # The template was the first.
    assert listed() == [[f'Vorlage:{landers.template}'], []]
    run = box.pwb('importpages', '-resume', *arguments)
    assert run.status == 0, run.output
    pages, shown = listed()
    assert set(pages) == landers.brought
    assert shown == [f'Datei:{landers.file}']


# What the journal remembers


@pytest.fixture
def own_site(box: Box, wikis: Any) -> Any:
    """Return the target in this process."""
    return wikis.target.site


@pytest.fixture
def journal(box: Box) -> Iterator[Journal]:
    """The journal of the processes."""
    journal = Journal(str(box.config / 'importbot.sqlite'))
    yield journal
    journal.close()


def run_of(box: Box, landers: Landers) -> int:
    """Import; return the number of the run."""
    run, done = box.importpages(*landers.asked_for)
    assert run.status == 0, run.output
    return int(done['run'])


def test_imported_pages(box: Box, own_site: Any, journal: Journal,
                        landers: Landers) -> None:
    number = run_of(box, landers)
    pages = ImportedPages(journal=journal, site=own_site)
    assert (pages.run, len(pages)) == (number, 3)
    # More than once.
    for _time in range(2):
        assert {page.title() for page in pages} == landers.brought
    assert all(type(page) is pywikibot.Page and page.site is own_site
               and page.exists() for page in pages)
    other = Landers(box)
    assert run_of(box, other) == number + 1
    for role in (Role.TEMPLATE, 'template'):
        [page] = ImportedPages(number, role, journal=journal, site=own_site)
        assert page.title() == f'Vorlage:{landers.template}'
    assert {page.title() for page in ImportedPages(
        journal=journal, site=own_site)} == other.brought
    [file] = ImportedPages(number, 'files', journal=journal, site=own_site)
    assert isinstance(file, pywikibot.FilePage) and not file.exists()
    assert file.title() == f'Datei:{landers.file}'


def test_imported_pages_after_an_undo(box: Box, own_site: Any,
                                      journal: Journal,
                                      landers: Landers) -> None:
    number = run_of(box, landers)
    undo = box.pwb('importundo', str(number), '-always')
    assert undo.status == 0, undo.output
    # The latest run that imports; what it brought is gone, not forgotten.
    pages = ImportedPages(journal=journal, site=own_site)
    assert pages.run == number
    assert {page.title() for page in pages} == landers.brought
    assert not any(page.exists() for page in pages)
    assert not list(ImportedPages(number + 1, journal=journal,
                                  site=own_site))


def test_imported_pages_that_cannot_be_had(
        box: Box, own_site: Any, journal: Journal, landers: Landers,
        tmp_path: Path) -> None:
    number = run_of(box, landers)
    with pytest.raises(JournalError, match='no run 4711'):
        ImportedPages(4711, journal=journal, site=own_site)
    with pytest.raises(UsageError, match='"pages".*requested.*files'):
        ImportedPages(number, 'pages', journal=journal, site=own_site)
    with pytest.raises(UsageError, match=f'Run {number} went into'):
        ImportedPages(number, journal=journal, site=site_of(box.source))
    with pytest.raises(JournalError, match='no run into'):
        ImportedPages(journal=journal, site=site_of(box.source))
    empty = Journal(str(tmp_path / 'empty.sqlite'))
    with pytest.raises(JournalError, match='no run into'):
        ImportedPages(journal=empty, site=own_site)
    empty.close()


def test_usual_journal_is_not_made_by_reading_it(
        own_site: Any, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pywikibot.config, 'base_dir', str(tmp_path))
    with pytest.raises(JournalError, match='No run is recorded'):
        ImportedPages(site=own_site)
    assert not list(tmp_path.iterdir())
