"""pwb importruns -check on real wikis: what is right, what is damaged."""
from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.kit.commands import PWB, run_command
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
        assert 'Nothing is wrong' not in shown(imported, '-check').output
    assert 'wrong' not in states(check(imported, '-check')).values()
