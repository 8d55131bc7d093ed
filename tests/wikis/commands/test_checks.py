"""pwb importruns -check on real wikis: what is right, what is damaged."""
from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from importbot.journal.journal import Journal
from importbot.journal.leases import acquire
from importbot.journal.reports import recorded_report
from tests.kit.commands import PWB, Popen, run_command
from tests.kit.support import Box, Run, write_histories


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


def database(box: Box) -> Path:
    return box.folder / 'target' / 'db' / 'wiki.sqlite'


@contextmanager
def tampered(box: Box, *statements: str) -> Iterator[None]:
    """Change the target's database behind the bot's back, for a while."""
    with closing(sqlite3.connect(database(box), timeout=60)) as connection, \
            closing(sqlite3.connect(':memory:')) as kept:
        connection.backup(kept)
        try:
            for statement in statements:
                box.sql('target', statement)
            yield
        finally:
            kept.backup(connection)
            # So that the wiki forgets what it has cached.
            box.sql('target', 'UPDATE site_stats SET ss_row_id = 1')


def test_what_nobody_touched_is_as_it_was_imported(imported: Box) -> None:
    report = check(imported, '-check')
    assert states(report) == dict.fromkeys(TITLES, 'intact')
    assert report['arrived'] == report['chosen'] == len(TITLES)
    assert all(not page['findings'] for page in report['pages'])
    told = shown(imported, '-check')
    assert told.status == 0
    assert 'Nothing is wrong.' in told.output, told.output


#: The page that is damaged, by its page id.
_PAGE = "(SELECT page_id FROM page WHERE page_title = 'Beech')"
#: Its third revision.
_THIRD = ("(SELECT rev_id FROM revision WHERE rev_page = "
          f"{_PAGE} AND rev_timestamp LIKE '20110303%')")

DAMAGE = {
    'timestamp': ("UPDATE revision SET rev_timestamp = '20110303120001' "
                  f'WHERE rev_id = {_THIRD}', ),
    'text': ("UPDATE revision SET rev_sha1 = (SELECT rev_sha1 FROM revision "
             f"WHERE rev_page = {_PAGE} AND rev_timestamp LIKE '20110304%') "
             f'WHERE rev_id = {_THIRD}',
             "UPDATE slots SET slot_content_id = (SELECT slot_content_id "
             f"FROM slots JOIN revision ON rev_id = slot_revision_id WHERE "
             f"rev_page = {_PAGE} AND rev_timestamp LIKE '20110304%') "
             f'WHERE slot_revision_id = {_THIRD}'),
    'author': ("INSERT INTO actor (actor_user, actor_name) "
               "VALUES (NULL, 'xx>Somebody')",
               "UPDATE revision SET rev_actor = (SELECT actor_id FROM actor "
               f"WHERE actor_name = 'xx>Somebody') WHERE rev_id = {_THIRD}"),
    'model': ("INSERT INTO content_models (model_name) VALUES ('text')",
              "UPDATE content SET content_model = (SELECT model_id FROM "
              "content_models WHERE model_name = 'text') WHERE content_id = "
              "(SELECT slot_content_id FROM slots WHERE slot_revision_id = "
              f'{_THIRD})'),
    'twice': ('INSERT INTO revision (rev_page, rev_comment_id, rev_actor, '
              'rev_timestamp, rev_minor_edit, rev_deleted, rev_len, '
              'rev_parent_id, rev_sha1) SELECT rev_page, rev_comment_id, '
              'rev_actor, rev_timestamp, rev_minor_edit, rev_deleted, '
              'rev_len, rev_parent_id, rev_sha1 FROM revision WHERE rev_id = '
              f'{_THIRD}',
              'INSERT INTO slots SELECT (SELECT MAX(rev_id) FROM revision), '
              'slot_role_id, slot_content_id, slot_origin FROM slots WHERE '
              f'slot_revision_id = {_THIRD}'),
    'lost': (f'DELETE FROM revision WHERE rev_id = {_THIRD}', ),
    'comment': ('UPDATE revision SET rev_comment_id = (SELECT '
                'rev_comment_id FROM revision WHERE rev_page = '
                f'{_PAGE} ORDER BY rev_id DESC LIMIT 1) '
                f'WHERE rev_id = {_THIRD}', ),
    'minor': ('UPDATE revision SET rev_minor_edit = 1 '
              f'WHERE rev_id = {_THIRD}', ),
    'slot': ("INSERT INTO slot_roles (role_name) VALUES ('x')",
             'INSERT INTO slots (slot_revision_id, slot_role_id, '
             'slot_content_id, slot_origin) SELECT slot_revision_id, '
             "(SELECT role_id FROM slot_roles WHERE role_name = 'x'), "
             'slot_content_id, slot_origin FROM slots '
             f'WHERE slot_revision_id = {_THIRD}'),
    'parent': ('UPDATE revision SET rev_parent_id = 0 '
               f'WHERE rev_id = {_THIRD}', ),
    'dummy': ('DELETE FROM revision WHERE rev_id = (SELECT page_latest '
              f'FROM page WHERE page_id = {_PAGE})',
              'UPDATE page SET page_latest = (SELECT rev_id FROM revision '
              f'WHERE rev_page = {_PAGE} ORDER BY rev_timestamp DESC LIMIT 1)'
              f' WHERE page_id = {_PAGE}'),
    'shown text': ('UPDATE slots SET slot_content_id = (SELECT '
                   'slot_content_id FROM slots WHERE slot_revision_id = '
                   f'{_THIRD}) WHERE slot_revision_id = (SELECT page_latest '
                   f'FROM page WHERE page_id = {_PAGE})',
                   'UPDATE revision SET rev_sha1 = (SELECT rev_sha1 FROM '
                   f'revision WHERE rev_id = {_THIRD}) WHERE rev_id = (SELECT'
                   f' page_latest FROM page WHERE page_id = {_PAGE})'),
    'log entry': ("DELETE FROM logging WHERE log_title = 'Beech'", ),
    'log count': ("UPDATE logging SET log_params = replace(log_params, "
                  "'i:5;', 'i:3;') WHERE log_title = 'Beech'", ),
    'parents': ('UPDATE revision SET rev_parent_id = 0 WHERE rev_page = '
                f'{_PAGE}', ),
    'page': (f'DELETE FROM revision WHERE rev_page = {_PAGE}',
             "DELETE FROM page WHERE page_title = 'Beech'"),
    'ghost': (f'DELETE FROM revision WHERE rev_page = {_PAGE}',
              "UPDATE page SET page_latest = 0 WHERE page_title = 'Beech'"),
}


@pytest.mark.parametrize('name', DAMAGE)
def test_damage_is_found(imported: Box, name: str) -> None:
    with tampered(imported, *DAMAGE[name]):
        report = check(imported, '-check', status=3)
    assert states(report) == {title: 'wrong' if title == 'Beech'
                              else 'intact' for title in TITLES}
    # One damage, one sentence.
    page, = (page for page in report['pages'] if page['target'] == 'Beech')
    assert len(page['findings']) == 1, page['findings']


def test_damage_is_told_in_every_format(imported: Box) -> None:
    with tampered(imported, *DAMAGE['lost']):
        for form in ('table', 'wikitext', 'html'):
            told = shown(imported, '-check', f'-format:{form}')
            assert told.status == 3
            assert 'something is wrong: 1' in told.output, told.output
            assert 'that the target lacks: 1' in told.output
    told = shown(imported, '-check')
    assert told.status == 0
    assert 'Nothing is wrong.' in told.output


# What others damaged

def test_doubled_history_of_another_import_is_found_by_title(
        imported: Box, tmp_path: Path) -> None:
    empty = f'-journal:{tmp_path / "empty.sqlite"}'
    Journal(str(tmp_path / 'empty.sqlite')).close()
    known = check(imported, '-check', empty, '-title:elm', status=3)
    assert kinds(known, 'Elm') == ['prefix']
    with tampered(imported, *DAMAGE['twice']):
        report = check(imported, '-check', empty, '-title:Beech',
                       '-title:Nowhere', status=3)
    assert kinds(report, 'Beech') == ['doubled', 'prefix']
    assert states(report)['Nowhere'] == 'deleted'
    assert [page['run'] for page in report['pages']] == [None, None]
    with tampered(imported, *DAMAGE['parents']):
        report = check(imported, '-check', empty, '-title:Beech', status=3)
    assert kinds(report, 'Beech') == ['parents', 'prefix']


def test_title_that_a_run_brought_is_told_once(imported: Box) -> None:
    report = check(imported, '-check', '-title:Beech')
    assert [(page['run'], page['state']) for page in report['pages']] == [
        (1, 'intact')]
    with tampered(imported, *DAMAGE['twice']):
        report = check(imported, '-check', '-title:Beech', status=3)
    assert [(page['run'], page['state']) for page in report['pages']] == [
        (1, 'wrong')]


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
        imported: Box) -> None:
    away = "UPDATE interwiki SET iw_url = 'http://127.0.0.1:9/$1'"
    with tampered(imported, away):
        report = check(imported, '-check')
    assert set(states(report).values()) == {'intact'}
    source, = report['unasked']
    assert source['runs'] == [1] and 'cannot be reached' in source['said']
    with tampered(imported, away, *DAMAGE['author']):
        assert kinds(check(imported, '-check', status=3),
                     'Beech') == ['prefix']
    with tampered(imported, away, *DAMAGE['lost']):
        assert kinds(check(imported, '-check', status=3),
                     'Beech') == ['missing']
