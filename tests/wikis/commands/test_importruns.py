"""pwb importruns on journals of real runs, and on hostile ones."""
from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from importbot.journal.changes import ARRIVAL, Change, record
from importbot.journal.journal import Journal
from importbot.journal.queries import RunLog
from importbot.journal.records import RunFilter
from importbot.journal.requests import RequestLog
from importbot.journal.tables import RequestRow
from importbot.model.decisions import Outcome
from importbot.model.notes import Note, NoteKind
from importbot.model.plan import Endpoint
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.reports.wikitext.runs import (
    past_wikitext,
    run_wikitext,
    runs_wikitext,
)
from tests.kit.commands import PWB, run_command
from tests.kit.journals import PAGES, PLAN, TARGET
from tests.kit.mariadb import mariadb
from tests.kit.plans import titled
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Box, Run, by_title


pytestmark = pytest.mark.every


SMALL = 'Template:Nowrap'
ANNA = 'Anna Petit'


def importruns(box: Box, *arguments: str, **options: Any) -> Run:
    return box.pwb('importruns', *arguments, **options)


def told(box: Box, *arguments: str) -> dict[str, Any]:
    """Return what is told in JSON, on standard output alone."""
    done = run_command(
        [str(PWB), 'importruns', '-format:json', *arguments],
        cwd=box.folder, text=True, stdin=subprocess.DEVNULL, timeout=300,
        capture_output=True,
        env={**os.environ, 'PYWIKIBOT_DIR': str(box.config)})
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    keys = list(data)
    assert keys == sorted(keys)
    return data


@pytest.fixture(scope='module')
def imported(box: Box) -> dict[str, Any]:
    """Two runs into the target; the report of the first."""
    run, report = box.importpages(f'-page:{SMALL}')
    assert run.status == 0, run.output
    run, _ = box.importpages(f'-page:{SMALL}')
    assert run.status == 0, run.output
    return report


# Real runs

def test_latest_runs(box: Box, imported: dict[str, Any]) -> None:
    run = importruns(box)
    assert run.status == 0, run.output
    first, second = re.findall(r'^\d+ .*', run.output, re.M)
    assert first.split()[0] == '2' and second.split()[0] == '1'
    assert re.search(rf'finished +{SMALL} +en +ImportBot +\d import.* '
                     r'\d verified',
                     second)
    assert 'import ' not in first.replace('ImportBot', '')
    assert f'Runs into {box.target.base}/api.php' in run.output
    assert 'not shown' not in run.output
    run = importruns(box, '-runs:1')
    assert len(re.findall(r'^\d+ ', run.output, re.M)) == 1
    assert 'not shown: 1; -runs:0 shows all' in run.output


def test_no_wiki_is_asked(box: Box, imported: dict[str, Any]) -> None:
    for proxy in (box.source, box.target):
        proxy.exchanges.clear()
    assert importruns(box).status == 0
    assert importruns(box, f'-title:{SMALL}').status == 0
    assert importruns(box, '-run:1').status == 0
    assert not box.source.exchanges and not box.target.exchanges


def test_nothing_is_written_and_nobody_waits(
        box: Box, imported: dict[str, Any]) -> None:
    path = box.config / 'importbot.sqlite'
    before = path.read_bytes()
    with closing(sqlite3.connect(path)) as connection:
        connection.isolation_level = None
        # A run that is about to write something down.
        connection.execute('BEGIN IMMEDIATE')
        assert importruns(box).status == 0
        assert importruns(box, '-run:1').status == 0
        connection.execute('ROLLBACK')
    assert path.read_bytes() == before


def test_run_in_json_is_its_report(box: Box,
                                   imported: dict[str, Any]) -> None:
    data = told(box, '-run:1')
    assert data['run'] == imported['run'] == 1
    target = box.on_target()
    for page in data['pages']:
        changes = page.pop('changes')
        newest = target.history(page['target'])[0]['revid']
        assert changes == [{'action': 'arrival', 'before': 0,
                            'after': newest, 'shared': False}]
        assert page.pop('before') == 0
    assert {name: data[name] for name in imported} == imported
    assert data['started'] <= data['ended']
    assert (data['requester'], data['approver'], data['request']) == (
        'ImportBot', None, None)


def test_run_for_people(box: Box, imported: dict[str, Any]) -> None:
    run = importruns(box, '-run:1')
    assert run.status == 0, run.output
    assert run.output.startswith('Run 1: finished; 20')
    newest = box.on_target().history(SMALL)[0]['revid']
    row, = re.findall(rf'^{SMALL} .*', run.output, re.M)
    assert re.search(rf'requested +.*import +not on the target +verified, '
                     rf'\d+ revisions? +– → {newest}', row), row
    assert '\nAll went as planned: 1 imported and checked' in run.output


def test_past_of_a_template(box: Box, imported: dict[str, Any]) -> None:
    data = told(box, '-title:template:nowrap')
    assert data['title'] == SMALL
    assert [(entry['run']['run'], entry['page']['decision'],
             entry['page']['reason']) for entry in data['entries']] == [
        (2, 'skip', 'identical'), (1, 'import', 'requested')]
    run, page = (data['entries'][1][name] for name in ('run', 'page'))
    assert page['latest'] == by_title(imported)[SMALL]['latest']
    assert (run['requester'], run['source']['prefix']) == ('ImportBot', 'en')
    run = importruns(box, f'-title:{SMALL}', '-decision:import')
    assert run.status == 0, run.output
    assert len(re.findall(r'^\d+ ', run.output, re.M)) == 1
    assert f'en:{SMALL}' in run.output


@pytest.mark.parametrize(('arguments', 'sentence'), [
    (['-title:Template:Nobody knows it'], 'decided about "Template:Nobody'),
    (['-run:77'], 'The journal has no run 77'),
    (['-decision:holt'], 'one of import, skip, hold, refuse, undo'),
    (['-outcome:bad'], '-outcome:bad is not known'),
    (['-since:yesterday'], 'write 2024-12-31'),
    (['-rum:1'], 'Unknown parameter'),
    (['-journal:/nonexistent/j.sqlite'], '-journal:'),
    (['-journal:no-such://x'], 'The URL of the journal cannot be read')])
def test_sentence_and_status(box: Box, imported: dict[str, Any],
                             arguments: list[str], sentence: str) -> None:
    run = importruns(box, *arguments)
    assert run.status == 1, run.output
    assert sentence in ' '.join(run.output.split())
    assert 'Traceback' not in run.output


def test_conditions_that_nothing_meets(box: Box,
                                       imported: dict[str, Any]) -> None:
    for arguments in (['-outcome:failed'], ['-requester:Nobody'],
                      ['-until:2001-01-01'],
                      [f'-title:{SMALL}', '-decision:refuse']):
        run = importruns(box, *arguments)
        assert run.status == 0, run.output
        assert 'like that' in run.output
    assert told(box, '-outcome:failed') == {
        'schema': 1, 'runs': [], 'left_out': {'earlier': 0, 'elsewhere': 0}}


def test_empty_and_missing_journal(box: Box, tmp_path: Path) -> None:
    run = importruns(box, f'-journal:{tmp_path / "none.sqlite"}')
    assert run.status == 1
    assert 'No run is recorded in' in run.output
    assert list(tmp_path.iterdir()) == []
    Journal(str(tmp_path / 'empty.sqlite')).close()
    run = importruns(box, f'-journal:{tmp_path / "empty.sqlite"}')
    assert run.status == 0
    assert 'The journal has no run into' in run.output


def test_texts_are_forgotten(box: Box, imported: dict[str, Any]) -> None:
    before, path = told(box, '-run:1'), box.config / 'importbot.sqlite'
    data = path.read_bytes()
    run = importruns(box, '-prune:9999', '-simulate')
    assert run.status == 0, run.output
    assert re.search(r'readings of texts.*: \d+ \(\d+', run.output)
    assert 'Nothing was forgotten' in run.output
    assert importruns(box, '-prune:9999').status == 1
    assert path.read_bytes() == data
    run = importruns(box, '-prune:9999', '-always')
    assert run.status == 0 and 'Forgotten: ' in run.output, run.output
    assert path.stat().st_size <= len(data)
    assert told(box, '-run:1') == before


def test_help_is_told(box: Box) -> None:
    run = importruns(box, '-help')
    assert run.status == 0
    assert '-requester:NAME' in run.output


def test_journal_of_a_wiki_that_is_down(box: Box, tmp_path: Path) -> None:
    config = tmp_path / 'pywikibot'
    config.mkdir()
    (config / 'user-config.py').write_text(
        "family_files['down'] = 'http://127.0.0.1:9/api.php'\n"
        "mylang = family = 'down'\nusernames['down']['down'] = 'Bot'\n")
    (config / 'user-config.py').chmod(0o600)
    journal = Journal(str(config / 'importbot.sqlite'))
    journal.begin_run(replace(PLAN, target=Endpoint(
        'http://127.0.0.1:9/api.php', 'down', user='Bot')))
    journal.begin_run(PLAN)
    journal.close()
    run = importruns(box, config=config)
    assert run.status == 0, run.output
    assert re.findall(r'^(\d+) .*interrupted', run.output, re.M) == ['1']
    assert 'into other wikis that are not shown: 1; -all' in run.output
    run = importruns(box, '-all', config=config)
    assert re.findall(r'^(\d+) ', run.output, re.M) == ['2', '1']
    assert '127.0.0.1:9' in run.output and '127.0.0.1:1' in run.output


# Requests and undos

def test_who_asked_and_who_approved(box: Box) -> None:
    wiki = RequestWiki(box)
    anna = wiki.person(ANNA)
    box.on_source().edit('Kettle', 'It boils.')
    wiki.file('Kettle', anna)
    wiki.work()
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.statuses == ['done']
    wiki.journal.close()
    journal = f'-journal:{wiki.journal_path}'
    entry, = told(box, journal, '-title:Kettle')['entries']
    request, = wiki.requests
    assert (entry['run']['requester'], entry['run']['approver']) == (
        ANNA, 'Admin')
    assert entry['run']['request'] == {'id': request.id, 'page': wiki.page}
    run = importruns(box, journal, '-requester:anna Petit')
    assert re.search(rf'^1 .*{ANNA} +Admin', run.output, re.M), run.output
    run = importruns(box, journal, '-run:1')
    assert (f'Asked for by {ANNA}, approved by Admin: request {request.id} '
            f'on "{wiki.page}"') in run.output


def test_undo_and_what_is_undone(box: Box) -> None:
    box.on_source().edit('Undone', 'For a while.')
    path = box.folder / 'undone.sqlite'
    journal = f'-journal:{path}'
    run, _ = box.importpages('-page:Undone', journal)
    assert run.status == 0, run.output
    run = box.pwb('importundo', '1', '-always', '-mark:{{Delete}}', journal)
    assert run.status == 0, run.output
    run = importruns(box, journal)
    assert re.search(r'^2 .*undo of run 1, finished', run.output,
                     re.M), run.output
    assert re.search(r'^1 .*finished, undone by run 2', run.output, re.M)
    entries = told(box, journal, '-title:Undone')['entries']
    assert [entry['run']['undoes'] for entry in entries] == [1, None]
    assert entries[1]['run']['undone_by'] == [2]
    run = importruns(box, journal, '-title:Undone')
    # Rows of a table break lines.
    assert re.search(r'^1 .*finished, undone', run.output, re.M), run.output
    assert re.search(r'^2 .*undo of run 1', run.output, re.M)
    run = importruns(box, journal, '-run:2')
    assert run.status == 0
    # A bot that only imports may not delete.
    assert 'may not delete it' in run.output


def test_request_that_nothing_proves(box: Box, tmp_path: Path) -> None:
    path = tmp_path / 'journal.sqlite'
    journal = Journal(str(path))
    run = journal.begin_run(PLAN)
    RequestLog(journal, TARGET).save(RequestRow(
        'r1', TARGET, 'Project:R', 'done', 'f', '2024-01-01', run=run))
    journal.close()
    assert 'Nothing proves who asked for it: request r1' in importruns(
        box, f'-journal:{path}', '-run:1').output
    listed = importruns(box, f'-journal:{path}', '-all')
    assert re.search(r'^1 .*nobody knows', listed.output, re.M)


def test_journal_on_mariadb(box: Box, tmp_path: Path) -> None:
    with mariadb() as server:
        journal = f'-journal:{server.url()}'
        run = importruns(box, journal)
        assert run.status == 1
        assert 'No run is recorded in mysql+pymysql://' in run.output
        # Nor was it made one.
        assert server.ask('SHOW TABLES') == []
        run, _ = box.importpages(f'-page:{SMALL}', journal)
        assert run.status == 0, run.output
        assert told(box, journal)['runs'][0]['requested'] == {
            'first': SMALL, 'count': 1}
        entry, = told(box, journal, f'-title:{SMALL}')['entries']
        assert entry['page']['outcome'] == 'unchanged'
        run = importruns(box, journal, f'-html:{tmp_path}')
        assert 'written now: 2' in run.output, run.output
        assert 'written now: 0' in importruns(
            box, journal, f'-html:{tmp_path}').output


# Hostile ones

ESCAPE = '\x1b]0;owned\x07\x9b31m\u202e\u2028'
HOSTILE = ("'''[[Evil]] {{Evil}} <b onclick=\"x\">y</b> |- || !! ~~~~ "
           'https://evil.example mailto:a@b [red]z[/red] <<red>>')


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Journal]:
    """A journal in which every text is as bad as it can be."""
    journal = Journal(str(tmp_path / 'hostile.sqlite'))
    bad = HOSTILE + ESCAPE
    page = replace(PAGES[0], title=titled(f'A {bad}'),
                   target=titled(f'B {bad}'),
                   needed_by=(titled(bad), titled(bad)))
    run = journal.begin_run(replace(
        PLAN, pages=(page, ),
        source=Endpoint('http://127.0.0.1:2/api.php', 's', prefix='en'),
        target=Endpoint(TARGET, 't', user=bad[:200]),
        notes=(Note.of(NoteKind.REDIRECT, bad, {'target': bad}), )))
    journal.outcomes(run, {0: PageResult(
        Outcome.FAILED, 1, Problem.quoted(bad))})
    record(journal, run, Change(0, ARRIVAL, 1, 2))
    journal.end_run(run, 'finished')
    RequestLog(journal, TARGET).save(RequestRow(
        'r1', TARGET, bad, 'done', 'f', '2024-01-01', author=bad[:200],
        approver=bad[:200], run=run))
    yield journal
    journal.close()


ARGUMENTS = pytest.mark.parametrize('arguments', [
    ['-all'], ['-run:1'], ['-all', f'-title:A {HOSTILE}{ESCAPE}']])


@ARGUMENTS
@pytest.mark.parametrize('form', ['table', 'json', 'wikitext', 'html'])
def test_nothing_steers_the_terminal(
        box: Box, hostile: Journal, tmp_path: Path, form: str,
        arguments: list[str]) -> None:
    run = importruns(box, f'-journal:{tmp_path / "hostile.sqlite"}',
                     f'-format:{form}', *arguments)
    assert run.status == 0, run.output
    assert [char for char in run.output
            if not (char.isprintable() or char == '\n')] == []
    if form == 'json':
        text = json.dumps(json.loads(run.output), ensure_ascii=False)
        assert HOSTILE.replace('"', r'\"')[:30] in text
    if form == 'table':
        # Rows of a table break lines.
        assert '[red]z[/red]' in re.sub(r'\s', '', run.output)


def test_title_that_nobody_knows_is_data_too(box: Box, hostile: Journal,
                                             tmp_path: Path) -> None:
    run = importruns(box, f'-journal:{tmp_path / "hostile.sqlite"}',
                     f'-title:Nobody{ESCAPE}')
    assert run.status == 1
    assert all(char.isprintable() or char == '\n' for char in run.output)


@pytest.mark.parametrize('language', ['en', 'de', 'fr', 'ja'])
def test_wikitext_is_shown_as_text(box: Box, hostile: Journal,
                                   language: str) -> None:
    log, wanted = RunLog(hostile), RunFilter()
    past = log.past(f'B {HOSTILE}{ESCAPE}', wanted)
    target = box.on_target()
    for text in (runs_wikitext(log.runs(wanted), language),
                 run_wikitext(log.run(1), language),
                 past_wikitext(past, language)):
        answer = target._send(
            action='parse', text=text, contentmodel='wikitext',
            prop='text|templates|externallinks|links', title='Sandbox',
            disablelimitreport=True)['parse']
        assert answer['templates'] == [] and answer['externallinks'] == []
        html = answer['text']
        for forbidden in ('<b ', '<b>', '<i>', 'owned\x07', '\u202e',
                          'User:127.0.0.1'):
            assert forbidden not in html, forbidden
        assert 'https://evil.example' in unescape(html)
        assert html.count('<table') == 1 and '{|' not in html
        # One row of heads and one of data, with as many cells.
        assert html.count('<tr>') == 2
        assert html.count('<td') == html.count('<th')


# A folder of pages

def test_folder_of_pages(box: Box, imported: dict[str, Any],
                         tmp_path: Path) -> None:
    folder = tmp_path / 'html'
    run = importruns(box, f'-html:{folder}')
    assert run.status == 0, run.output
    assert f'Pages in {folder}: 3; written now: 3' in run.output
    assert {path.name for path in folder.iterdir()} == {
        'index.html', 'run-1.html', 'run-2.html'}
    assert SMALL in (folder / 'run-1.html').read_text('utf-8')
    run = importruns(box, f'-html:{folder}')
    assert 'written now: 0' in run.output
    run = importruns(box, '-html:/proc/none')
    assert run.status == 1
    assert 'cannot be written' in run.output
