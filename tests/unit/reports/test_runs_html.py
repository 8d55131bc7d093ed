"""importruns -html: a folder of pages with all runs."""
from __future__ import annotations

import base64
import hashlib
import re
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_core_python.selenium import Axe
from lxml import html as trees
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from importbot.commands.importruns.folder import RunsPages
from importbot.i18n import LANGUAGES, message
from importbot.journal import tables
from importbot.journal.journal import Journal
from importbot.journal.records import RunFilter, RunSummary
from importbot.journal.requests import RequestLog
from importbot.journal.tables import RequestRow
from importbot.model.decisions import Outcome
from importbot.model.errors import UsageError
from importbot.model.notes import Note, NoteKind
from importbot.model.plan import Endpoint
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.model.undo_plan import (
    DeleteStep,
    UndoDecision,
    UndoPage,
    UndoPlan,
    UndoReason,
    UndoVerdict,
)
from importbot.reports.html import runs_html
from tests.kit.chromium import (
    complaints_of,
    keep_screenshot,
    requests_of,
    reset_filters,
)
from tests.kit.html_reports import HOSTILE
from tests.kit.journals import PAGES, PLAN, TARGET


DONE = {0: PageResult(Outcome.VERIFIED, 3), 1: PageResult(Outcome.UNCHANGED)}
FAILED = {**DONE, 0: PageResult(Outcome.FAILED, 0, Problem.quoted(
    'cantimport: no'))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / 'public_html' / 'imports'


def run_in(journal: Journal, state: str = 'finished',
           results: Any = DONE) -> int:
    run = journal.begin_run(PLAN)
    journal.outcomes(run, results)
    journal.end_run(run, state)
    return run


def undo_in(journal: Journal, run: int) -> int:
    undo = journal.begin_run(UndoPlan(
        run, Endpoint(TARGET, 'target', user='ImportBot'), '',
        (UndoPage(0, PAGES[0].target_text, f'en:{PAGES[0].title}',
                  PAGES[0].role, UndoVerdict(
                      UndoDecision.UNDO, UndoReason.CREATED,
                      DeleteStep(5))), )))
    journal.outcomes(undo, {0: PageResult(Outcome.VERIFIED)})
    journal.end_run(undo, 'finished')
    return undo


def written(journal: Journal, folder: Path, language: str = 'en') -> int:
    """Write the pages; return how many were new."""
    pages = RunsPages(journal, folder, language)
    pages.write(RunFilter(TARGET))
    assert pages.unreadable == []
    return pages.written


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what changes of a file when it is written."""
    return {path.name: (path.stat().st_mtime_ns, path.stat().st_ino)
            for path in folder.iterdir()}


def tree(path: Path) -> Any:
    return trees.document_fromstring(path.read_text('utf-8'))


def links(path: Path) -> list[str]:
    return [link for link in tree(path).xpath('//a/@href')
            if link.endswith('.html')]


# The folder

def test_every_run_has_a_report_and_one_page_leads_to_them(
        journal: Journal, folder: Path) -> None:
    runs = [run_in(journal) for _ in range(3)]
    journal.begin_run(replace(PLAN, target=Endpoint('http://else', 'e')))
    pages = RunsPages(journal, folder, 'en')
    assert pages.write(RunFilter(TARGET)) == pages.written == 4
    assert sorted(path.name for path in folder.iterdir()) == [
        'index.html', 'run-1.html', 'run-2.html', 'run-3.html']
    assert links(folder / 'index.html') == [
        f'run-{run}.html' for run in reversed(runs)]
    for run in runs:
        page = folder / f'run-{run}.html'
        assert links(page) == ['index.html']
        assert f'Import run {run}:' in tree(page).text_content()
    # A web server reads them as somebody else.
    assert (folder / 'run-1.html').stat().st_mode & 0o044 == 0o044


def test_what_did_not_change_is_not_written_again(journal: Journal,
                                                  folder: Path) -> None:
    run_in(journal)
    run_in(journal, 'interrupted')
    assert written(journal, folder) == 3
    before = state_of(folder)
    assert written(journal, folder) == 0
    assert state_of(folder) == before
    run_in(journal)
    assert written(journal, folder) == 2
    after = state_of(folder)
    assert {name for name in after if after[name] != before.get(name)} == {
        'index.html', 'run-3.html'}


def test_what_changed_of_a_run_is_written(journal: Journal,
                                          folder: Path) -> None:
    run = run_in(journal)
    other = run_in(journal, 'interrupted', {})
    written(journal, folder)
    # By whom, what it shows, what became of it, another language.
    RequestLog(journal, TARGET).save(RequestRow(
        'r', TARGET, 'Project:R', 'done', 'f', '2024-01-01', author='Anna',
        run=run))
    assert written(journal, folder) == 2
    assert 'Anna' in (folder / f'run-{run}.html').read_text('utf-8')
    journal.shown(run, [Note.of(NoteKind.SCRIPT_ERRORS, 'Rover', {
        'count': 7})])
    assert written(journal, folder) == 1
    assert message('en', 'note-script-errors', page='Rover', count=7) in (
        tree(folder / f'run-{run}.html').text_content())
    journal.outcomes(other, {0: PageResult(Outcome.FAILED, 0, Problem.quoted(
        'nope: no'))})
    assert written(journal, folder) == 2
    assert 'nope' in (folder / f'run-{other}.html').read_text('utf-8')
    assert written(journal, folder, 'de') == 3
    assert written(journal, folder, 'de') == 0


def test_page_that_somebody_damaged_is_made_again(journal: Journal,
                                                  folder: Path) -> None:
    run_in(journal)
    written(journal, folder)
    page = folder / 'run-1.html'
    good = page.read_bytes()
    for bad in (b'', b'\n', good[:-100], b'\xff'):
        page.write_bytes(bad)
        assert written(journal, folder) == 1
        assert page.read_bytes() == good
    page.unlink()
    assert written(journal, folder) == 1


def test_undo_and_what_it_undoes_lead_to_each_other(
        journal: Journal, folder: Path) -> None:
    run = run_in(journal)
    written(journal, folder)
    undo = undo_in(journal, run)
    assert written(journal, folder) == 3
    assert links(folder / f'run-{run}.html') == [
        'index.html', f'run-{undo}.html']
    assert links(folder / f'run-{undo}.html') == [
        'index.html', f'run-{run}.html']
    assert links(folder / 'index.html') == [
        f'run-{undo}.html', f'run-{run}.html', f'run-{run}.html',
        f'run-{undo}.html']
    assert 'undone by run 2' in tree(folder / 'run-1.html').text_content()
    assert 'undo of run 1' in tree(folder / 'run-2.html').text_content()


def test_words_of_a_later_release_cost_one_report(journal: Journal,
                                                  folder: Path) -> None:
    run = run_in(journal)
    bad = run_in(journal)
    with journal.transaction() as connection:
        connection.execute(tables.pages.update().values(
            outcome='vanished').where(tables.pages.c.run == bad))
    pages = RunsPages(journal, folder, 'en')
    assert pages.write(RunFilter(TARGET)) == 2
    assert pages.unreadable == [bad]
    assert links(folder / 'index.html') == [f'run-{run}.html']
    assert 'vanished 2' in tree(folder / 'index.html').text_content()


def test_nobody_is_served_half_a_page(
        journal: Journal, folder: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    run_in(journal)
    written(journal, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(_path: Path, _data: bytes) -> int:
        raise OSError(28, 'No space left on device', 'x')

    run_in(journal)
    monkeypatch.setattr(Path, 'write_bytes', full)
    with pytest.raises(UsageError, match='No space left'):
        written(journal, folder)
    assert {path.name: path.read_bytes()
            for path in folder.iterdir()} == before


def test_folder_that_cannot_be(journal: Journal, tmp_path: Path) -> None:
    run_in(journal)
    (tmp_path / 'file').write_text('x')
    for folder in (tmp_path / 'file', tmp_path / 'file' / 'below'):
        with pytest.raises(UsageError, match='cannot be written.*-html'):
            written(journal, folder)
    assert (tmp_path / 'file').read_text() == 'x'


def test_pages_of_a_journal_that_is_read_alone(
        journal: Journal, tmp_path: Path, folder: Path) -> None:
    run_in(journal)
    path = tmp_path / 'journal.sqlite'
    with journal.transaction() as connection:
        for name in ('plans', 'changes', 'undos', 'requests'):
            connection.exec_driver_sql(f'DROP TABLE importbot_{name}')
    journal.close()
    before = path.read_bytes()
    old = Journal(str(path), reads_only=True)
    assert written(old, folder) == 2
    assert written(old, folder) == 0
    old.close()
    assert path.read_bytes() == before


def test_empty_journal_has_a_page_too(journal: Journal,
                                      folder: Path) -> None:
    assert written(journal, folder) == 1
    assert message('en', 'html-none') in tree(
        folder / 'index.html').text_content()


# The page of all runs

def summary_of(word: str, run: int = 7) -> RunSummary:
    """Return a run with a word wherever there can be any text."""
    return RunSummary(
        run=run, plan=word, state='finished', started=f't{word}', ended=None,
        source_api=f's{word}', source_prefix=f'p{word}',
        target_api=f'w{word}', target_user=f'u{word}', options={},
        request=f'i{word}', request_page=f'r{word}', requester=f'a{word}',
        approver=f'b{word}', decisions={f'd{word}': 1, 'import': 2},
        outcomes={f'o{word}': 3}, requested=f'q{word}', requests=2, undoes=5,
        undone_by=(9, ))


def shape(text: str) -> Counter[tuple[str, ...]]:
    return Counter((str(node.tag), *sorted(node.attrib))
                   for node in trees.document_fromstring(text).iter())


@pytest.mark.parametrize('word', HOSTILE)
def test_no_element_comes_out_of_a_text(word: str) -> None:
    harmless = runs_html([summary_of('x'), summary_of('x', 8)], 'en')
    shown = runs_html([summary_of(word), summary_of(word, 8)], 'en')
    assert shape(shown) == shape(harmless)


@pytest.mark.parametrize('language', LANGUAGES)
def test_page_speaks_the_language(language: str) -> None:
    shown = trees.document_fromstring(runs_html(
        [summary_of('x')], language))
    assert shown.get('lang') == language
    text = shown.text_content()
    for key in ('table-requester', 'run-state-finished', 'decision-import',
                'html-runs-caption'):
        assert message(language, key) in text
    assert message(language, 'run-undone', run=9) in text


def test_policy_allows_just_its_own_script_and_style() -> None:
    shown = trees.document_fromstring(runs_html([summary_of('x')], 'en'))
    policy = shown.xpath('//meta[@http-equiv]/@content')[0]
    for kind in ('style', 'script'):
        text, = shown.xpath(f'//{kind}/text()')
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest())
        assert f"{kind}-src 'sha256-{digest.decode()}'" in policy
    assert not shown.xpath('//@onclick | //@style')


def test_wiki_is_told_where_there_are_several() -> None:
    one, other = summary_of('x'), replace(summary_of('x', 8), target_api='y')
    assert 'into' not in [cell.text for cell in trees.document_fromstring(
        runs_html([one, one], 'en')).xpath('//th')]
    assert 'into' in [cell.text for cell in trees.document_fromstring(
        runs_html([one, other], 'en')).xpath('//th')]


# In a browser

def shown_runs(driver: webdriver.Chrome) -> list[str]:
    return driver.execute_script(
        'return [...document.querySelectorAll("#runs tbody tr")].filter('
        'row => !row.hidden).map(row => row.id)')


def test_runs_are_filtered_and_searched(
        driver: webdriver.Chrome, journal: Journal, folder: Path) -> None:
    good, bad = run_in(journal), run_in(journal, results=FAILED)
    undo = undo_in(journal, good)
    RequestLog(journal, TARGET).save(RequestRow(
        'r', TARGET, 'Project:R', 'done', 'f', '2024-01-01',
        author='Anna Petit', run=bad))
    written(journal, folder)
    requests_of(driver), complaints_of(driver)
    driver.get((folder / 'index.html').as_uri())
    keep_screenshot(driver, 'runs')

    def choose(name: str, word: str) -> list[str]:
        Select(driver.find_element(By.NAME, name)).select_by_value(word)
        return shown_runs(driver)

    everything = [f'r{run}' for run in (undo, bad, good)]
    assert shown_runs(driver) == everything
    # One of several words of a run is enough.
    assert choose('outcome', 'unchanged') == [f'r{bad}', f'r{good}']
    assert choose('outcome', 'failed') == [f'r{bad}']
    assert choose('decision', 'undo') == []
    assert choose('outcome', '') == [f'r{undo}']
    assert choose('decision', '') == everything
    assert choose('requester', 'Anna Petit') == [f'r{bad}']
    assert 'Runs shown: 1 of 3' in driver.find_element(
        By.TAG_NAME, 'output').text
    reset_filters(driver, 'Runs shown: 3 of 3')
    driver.find_element(By.NAME, 'search').send_keys('undone')
    assert shown_runs(driver) == [f'r{good}']
    driver.find_element(By.LINK_TEXT, str(good)).click()
    assert f'Import run {good}:' in driver.title
    driver.find_element(By.LINK_TEXT, 'All runs').click()
    assert driver.current_url.endswith('/index.html')
    assert complaints_of(driver) == []
    assert {re.sub(':.*', '', address) for address
            in requests_of(driver)} <= {'file', 'data'}


@pytest.mark.parametrize('scheme', ['light', 'dark'])
def test_no_barriers(driver: webdriver.Chrome, journal: Journal,
                     folder: Path, scheme: str) -> None:
    undo_in(journal, run_in(journal, results=FAILED))
    written(journal, folder)
    driver.execute_cdp_cmd('Emulation.setEmulatedMedia', {'features': [
        {'name': 'prefers-color-scheme', 'value': scheme}]})
    driver.get((folder / 'index.html').as_uri())
    assert [(rule['id'], rule['nodes'][0]['html'])
            for rule in Axe().run(driver)['violations']] == []


def test_thousand_runs_are_filtered_at_once(driver: webdriver.Chrome,
                                            tmp_path: Path) -> None:
    runs = [replace(summary_of('x', run), requested=f'Page {run}',
                    outcomes={('failed', 'verified')[run % 2]: 3})
            for run in range(1000, 0, -1)]
    path = tmp_path / 'index.html'
    path.write_text(runs_html(runs, 'en'), 'utf-8')
    assert path.stat().st_size < 1_000_000
    driver.get(path.as_uri())
    start = time.monotonic()
    Select(driver.find_element(By.NAME, 'outcome')).select_by_value('failed')
    assert len(shown_runs(driver)) == 500
    assert time.monotonic() - start < 30
