"""pwb importruns -check on real wikis: what is right, what is damaged."""
from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from importbot.journal.journal import Journal
from importbot.journal.leases import acquire
from importbot.journal.reports import recorded_report
from tests.kit.commands import PWB, Popen, run_command
from tests.kit.field_changes import CHANGES, TAG, Page, put_pages
from tests.kit.support import Box, Run, write_histories


pytestmark = pytest.mark.every


#: Every text once, so that revisions are told apart by it.
HISTORY = [(f'2011-03-0{day}T12:00:00Z', f'Day {day}.')
           for day in range(1, 6)]
TITLES = ('Ash', 'Beech', 'Cedar', 'Elm')


@pytest.fixture(scope='module')
def imported(box: Box) -> Box:
    """A run of some pages with their histories."""
    source = box.folder / 'source'
    write_histories(box.source_tree, source, 'old',
                    dict.fromkeys(TITLES, HISTORY))
    run, _ = box.importpages(
        *(f'-page:{title}' for title in TITLES), '-history:full')
    assert run.status == 0, run.output
    return box


def check(box: Box, *arguments: str, status: int = 0,
          config: Path | None = None) -> dict[str, Any]:
    """Look again; return the report."""
    done = run_command(
        [str(PWB), 'importruns', '-format:json', *arguments],
        cwd=box.folder, text=True, stdin=subprocess.DEVNULL, timeout=300,
        capture_output=True,
        env={**os.environ, 'PYWIKIBOT_DIR': str(config or box.config)})
    assert done.returncode == status, f'{done.stdout}{done.stderr}'
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def shown(box: Box, *arguments: str) -> Run:
    return box.pwb('importruns', *arguments)


def states(report: dict[str, Any]) -> dict[str, str]:
    return {page['target']: page['state'] for page in report['pages']}


def kinds(report: dict[str, Any], title: str) -> list[str]:
    page, = (page for page in report['pages'] if page['target'] == title)
    return [finding['kind'] for finding in page['findings']]


def test_what_nobody_touched_is_as_it_was_imported(imported: Box) -> None:
    report = check(imported, '-check')
    assert states(report) == dict.fromkeys(TITLES, 'intact')
    assert report['arrived'] == report['chosen'] == len(TITLES)
    assert all(not page['findings'] for page in report['pages'])
    told = shown(imported, '-check')
    assert told.status == 0
    assert 'Nothing is wrong.' in told.output, told.output


# What is damaged

def shown_text(page: Page) -> None:
    """Let the newest revision show what the first one had."""
    dummy = page.ids[-1]
    (content, ), = page.sql('SELECT slot_content_id FROM slots WHERE '
                            'slot_revision_id = :id', id=page.ids[0])
    page.set('rev_sha1', '(SELECT rev_sha1 FROM revision WHERE rev_id = '
             f'{page.ids[0]})', -1)
    page.sql('UPDATE slots SET slot_content_id = :content '
             'WHERE slot_revision_id = :id', content=content, id=dummy)


def lost_parents(page: Page) -> None:
    """Damage it as an import does that had to wait for another one."""
    page.sql('UPDATE page SET page_latest = :newest '
             'WHERE page_title = :title', newest=page.ids[-2])
    page.sql('DELETE FROM revision WHERE rev_id = :id', id=page.ids[-1])
    for place in range(len(page.ids)):
        page.set('rev_parent_id', '0', place)
    page.sql("UPDATE logging SET log_params = replace(log_params, "
             "'associated_rev_id', 'x_associated_rev') "
             'WHERE log_title = :title')


def another_prefix(page: Page) -> None:
    actor = page.number_of('actor', 'actor', 'xx>Somebody')
    page.set('rev_actor', str(actor))


def without_revisions(page: Page) -> None:
    for number in page.ids:
        page.sql('DELETE FROM revision WHERE rev_id = :id', id=number)


def ghost(page: Page) -> None:
    without_revisions(page)
    page.sql('UPDATE page SET page_latest = 0 WHERE page_title = :title')


def no_page(page: Page) -> None:
    without_revisions(page)
    page.sql('DELETE FROM page WHERE page_title = :title')


#: What is done to the page of that name, and what is found of it.
DAMAGE: dict[str, tuple[Callable[[Page], object], str, str]] = {
    **{name: (change, {
        'doubled': 'doubled', 'missing': 'missing', 'parent': 'parents',
    }.get(name, 'differs'), 'there twice: 1, ' if name == 'doubled'
        else says) for name, (change, says) in CHANGES.items()
        # Of those people take off, too.
        if not name.startswith('tag ')},
    'shown text': (shown_text, 'differs', 'the text shown is not'),
    'all parents': (lost_parents, 'parents', 'arrived damaged'),
    'prefix': (another_prefix, 'differs', '"xx>Somebody" for "Bela"'),
    'ghost': (ghost, 'ghost', 'without any revision'),
    'no page': (no_page, 'gone', 'no log says why'),
}


def titled(name: str) -> str:
    return f'{name[0].upper()}{name[1:]} damaged'


@pytest.fixture(scope='module')
def damaged(box: Box) -> Iterator[str]:
    """A run of a page for each damage; where it is recorded."""
    titles = [titled(name) for name in DAMAGE]
    put_pages(box, [*titles, 'Sound'])
    journal = f'-journal:{box.folder / "damaged.sqlite"}'
    run, report = box.importpages(
        *(f'-page:{title}' for title in [*titles, 'Sound']),
        '-history:full', '-templates:none', f'-tags:{TAG}', journal)
    assert run.status == 0, run.output
    before = check(box, '-check', journal)
    assert {*states(before).values()} == {'intact'}
    assert len(before['pages']) == len(report['pages'])
    for name, (change, _kind, _says) in DAMAGE.items():
        change(Page(box, titled(name)))
    yield journal


@pytest.fixture(scope='module')
def found(box: Box, damaged: str) -> dict[str, Any]:
    """What one look finds of all of them."""
    return check(box, '-check', damaged, status=3)


@pytest.mark.parametrize(('name', 'kind', 'says'), [
    (name, kind, says) for name, (_change, kind, says) in DAMAGE.items()])
def test_damage_is_found(found: dict[str, Any], name: str, kind: str,
                         says: str) -> None:
    page, = (page for page in found['pages']
             if page['target'] == titled(name))
    assert page['state'] == 'wrong'
    # One damage, one sentence.
    finding, = page['findings']
    assert (finding['kind'], finding['wrong']) == (kind, True)
    assert says in finding['said']


def test_what_is_not_damaged_is_not_wrong(found: dict[str, Any]) -> None:
    assert states(found)['Sound'] == 'intact'
    assert found['summary']['wrong'] == len(DAMAGE)


@pytest.mark.parametrize('form', ['table', 'wikitext', 'html'])
def test_damage_is_told_in_every_format(box: Box, damaged: str,
                                        form: str) -> None:
    told = shown(box, '-check:10%', damaged, f'-format:{form}')
    assert told.status == 3
    # Which two pages of them the sample has is the day's.
    assert 'something is wrong: ' in told.output, told.output
    assert 'Nothing is wrong' not in told.output


# What others damaged

def test_damage_by_others_is_found_by_title(
        box: Box, damaged: str, tmp_path: Path) -> None:
    Journal(str(tmp_path / 'empty.sqlite')).close()
    asked = [titled(name) for name in (
        'doubled', 'all parents', 'prefix', 'ghost')]
    report = check(
        box, '-check', f'-journal:{tmp_path / "empty.sqlite"}',
        '-title:sound', '-title:Nowhere', *(
            f'-title:{title}' for title in asked), status=3)
    assert [kinds(report, title) for title in asked] == [
        ['doubled'], ['parents'], ['prefix'], ['ghost']]
    assert states(report)['Sound'] == 'intact'
    assert states(report)['Nowhere'] == 'unreadable'
    assert {page['run'] for page in report['pages']} == {None}


def test_titles_that_no_run_brought(box: Box, damaged: str,
                                    tmp_path: Path) -> None:
    Journal(str(tmp_path / 'empty.sqlite')).close()
    journal = f'-journal:{tmp_path / "empty.sqlite"}'
    told = shown(box, '-check', journal, '-title:Nowhere')
    assert told.status == 1, told.output
    assert 'Nothing is wrong' not in told.output
    assert 'no run knows it' in ' '.join(told.output.split())
    told = shown(box, '-check', journal, '-title:Sound')
    assert told.status == 0, told.output
    assert 'no damage: 1' in told.output
    assert 'as imported' not in told.output


def test_title_that_a_run_brought_is_told_once(box: Box,
                                               damaged: str) -> None:
    report = check(box, '-check', damaged, '-title:Sound',
                   f'-title:{titled("doubled")}', status=3)
    assert sorted((page['run'], page['state'])
                  for page in report['pages']) == [
        (1, 'intact'), (1, 'wrong')]


# Which pages

def test_sample_is_the_same_every_time(imported: Box) -> None:
    one, other = (check(imported, '-check:50%') for _time in range(2))
    assert one == other
    assert (len(one['pages']), one['arrived'], one['sample']) == (2, 4, 50)
    assert 'A sample of 1 %: 1 of 4 pages' in shown(
        imported, '-check:1%').output


@pytest.mark.parametrize(('arguments', 'sentence'), [
    (['-check:77'], 'The journal has no run 77'),
    (['-check:foo'], 'neither the number of a run nor a sample'),
    (['-check:'], '-check needs a value: -check:RUN'),
    (['-check:'], '-check needs a value: -check:RUN'),
    (['-check:0%'], '-check:0% is no sample'),
    (['-check', '-outcome:bad'], '-outcome:bad is not known')])
def test_bad_value_gets_a_sentence(imported: Box, arguments: list[str],
                                   sentence: str) -> None:
    told = shown(imported, *arguments)
    assert told.status == 1
    assert sentence in ' '.join(told.output.split())


def test_conditions_that_nothing_meets(imported: Box) -> None:
    told = shown(imported, '-check', '-until:2001-01-01')
    assert told.status == 0
    assert 'nothing was looked at' in told.output


# Only reading

def test_no_account_is_needed_and_nothing_is_written(
        imported: Box, tmp_path: Path) -> None:
    config = tmp_path / 'nobody'
    config.mkdir()
    lines = (imported.config / 'user-config.py').read_text().splitlines()
    (config / 'user-config.py').write_text('\n'.join(
        line for line in lines
        if not line.startswith(('usernames', 'password_file'))))
    (config / 'user-config.py').chmod(0o600)
    path = imported.config / 'importbot.sqlite'
    journal, wiki = path.read_bytes(), imported.on_target().snapshot()
    imported.target.exchanges.clear()
    report = check(imported, '-check', f'-journal:{path}', config=config)
    assert [*states(report).values()] == ['intact'] * len(TITLES)
    actions = {exchange.parameters.get('action')
               for exchange in imported.target.exchanges}
    assert actions <= {'query', 'paraminfo', None}, actions
    # Those of a look at all; histories of many pages are one export.
    assert len(imported.target.exchanges) <= 15
    assert path.read_bytes() == journal
    assert imported.on_target().snapshot() == wiki


def test_run_that_is_under_way_is_left_out(imported: Box) -> None:
    journal = Journal(str(imported.config / 'importbot.sqlite'))
    plan = recorded_report(journal, 1).plan
    run = journal.begin_run(plan)
    lease = acquire(journal, plan.target.api, run)
    try:
        report = check(imported, '-check')
        assert report['left_out'] == {'running': [run]}
        assert {page['run'] for page in report['pages']} == {1}
        told = shown(imported, f'-check:{run}')
        assert (told.status, 'is under way' in told.output) == (1, True)
    finally:
        lease.release()
        journal.end_run(run, 'finished')
        journal.close()


def test_it_is_stopped_with_what_was_found(imported: Box) -> None:
    started: list[subprocess.Popen[str]] = []
    with imported.source.broken(
            meanwhile=lambda: started[0].send_signal(signal.SIGINT),
            hits=lambda exchange: 'history' in exchange.parameters):
        started.append(Popen(
            [str(PWB), 'importruns', '-check'], cwd=imported.folder,
            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env={
                **os.environ, 'COLUMNS': '200',
                'PYWIKIBOT_DIR': str(imported.config)}))
        output, _nothing = started[0].communicate(timeout=300)
    assert started[0].returncode == 130, output
    assert 'pages that were not looked at: 4' in output


# Sources that are not asked

def test_source_that_is_down_is_said_and_the_rest_is_checked(
        box: Box, damaged: str) -> None:
    (address, ), = box.sql('target', 'SELECT iw_url FROM interwiki '
                           "WHERE iw_prefix = 'en'")
    box.sql('target', 'UPDATE interwiki SET iw_url = '
            "'http://127.0.0.1:9/$1' WHERE iw_prefix = 'en'")
    try:
        report = check(box, '-check', damaged, status=3)
    finally:
        box.sql('target', 'UPDATE interwiki SET iw_url = :address '
                "WHERE iw_prefix = 'en'", address=address)
    source, = report['unasked']
    assert source['runs'] == [1] and 'cannot be reached' in source['said']
    assert states(report)['Sound'] == 'intact'
    assert kinds(report, titled('prefix')) == ['prefix']
    assert kinds(report, titled('missing')) == ['missing']
    assert kinds(report, titled('dummy')) == ['differs']
