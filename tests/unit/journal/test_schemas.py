"""Journals of all schemas: lifted, read as they are, cut and raced for.

``journal-1.sql`` is of the first release. ``journal-2.sql``, ``-3`` and
``-4`` are from real runs of the last release with each schema, on the wikis
of the sandbox: two imports, an undo (since 3), an import that was killed;
``-5`` is the last of them as the release with schema 5 had lifted it.
``journal-3.json`` and ``-4`` are what ``pwb importruns`` of those releases
told of them.
"""
from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from importbot.commands.importruns.upgrading import upgrade
from importbot.journal import schemas, tables
from importbot.journal.half_pages import has_half
from importbot.journal.journal import Journal
from importbot.journal.leases import lapsed_run
from importbot.journal.queries import RunLog
from importbot.journal.records import RunFilter
from importbot.journal.reports import recorded_report, recorded_undo
from importbot.journal.undos import undone_by
from importbot.model.errors import JournalError
from tests.kit.older_journals import poured


HERE = Path(__file__).parent
OLDER = range(1, tables.SCHEMA_VERSION)
Rows = dict[str, list[tuple[Any, ...]]]


class Old:

    """A journal of an earlier schema, on one of the databases.

    :param url: of the database
    """

    def __init__(self, url: str) -> None:
        self.url = url if '://' in url else f'sqlite:///{url}'

    def rows(self) -> Rows:
        """Return all that is there, by table."""
        found: Rows = {}
        engine = sa.create_engine(self.url, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            known = sa.MetaData()
            known.reflect(connection)
            for table in known.sorted_tables:
                found[table.name] = [tuple(row) for row in connection.execute(
                    sa.select(table).order_by(*table.primary_key))]
        return found

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what the database answers."""
        engine = sa.create_engine(self.url, poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            done = connection.exec_driver_sql(statement)
            return [tuple(row) for row in done] if done.returns_rows else []

    def told(self) -> dict[str, Any]:
        """Return what is told of it by who only reads."""
        journal = Journal(self.url, reads_only=True)
        try:
            return told(journal)
        finally:
            journal.close()


Make = Callable[[int], Old]


@pytest.fixture(params=['sqlite', pytest.param(
    'mariadb', marks=pytest.mark.programs)])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """Make the journal of a schema on each kind of database."""
    def made(schema: int) -> Old:
        path = tmp_path / f'journal-{schema}.sqlite'
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(
                (HERE / f'journal-{schema}.sql').read_text('utf-8'))
        if request.param == 'sqlite':
            return Old(str(path))
        return Old(poured(path, request.getfixturevalue('server'), schema))

    return made


def told(journal: Journal) -> dict[str, Any]:
    """Return all that ``pwb importruns`` tells of runs."""
    log = RunLog(journal)
    listed = log.runs(RunFilter())
    runs = sorted(run.run for run in listed.runs)
    return {'list': listed.as_json(),
            'runs': [log.run(run).as_json() for run in runs],
            'titles': [[page.title for page in log.run(run).pages]
                       for run in runs]}


def lift(old: Old) -> dict[str, Any]:
    """Lift a journal; return what is told of it afterwards."""
    journal = Journal(old.url)
    try:
        return told(journal)
    finally:
        journal.close()


# Read

@pytest.mark.parametrize('schema', OLDER)
def test_older_journal_is_read_and_left_as_it_is(make: Make,
                                                 schema: int) -> None:
    old = make(schema)
    before = old.rows()
    read = old.told()
    assert old.rows() == before
    assert old.ask('SELECT version FROM importbot_schema') == [(schema, )]
    # As it will be told when it is lifted.
    assert lift(old) == read == old.told()


@pytest.mark.parametrize('schema', [3, 4])
def test_older_journal_is_told_as_its_own_release_did(
        make: Make, schema: int) -> None:
    expected = json.loads((HERE / f'journal-{schema}.json').read_text())
    read = make(schema).told()
    # What a page of the source is called, an undo says with the prefix.
    assert read.pop('titles')[2] == ['Template:As of']
    assert read == expected


@pytest.mark.parametrize('schema', OLDER)
def test_what_is_told_is_what_the_rows_say(make: Make, schema: int) -> None:
    old = make(schema)
    read = old.told()['runs']
    assert [(run['run'], run['id']) for run in read] == old.ask(
        'SELECT run, plan FROM importbot_runs ORDER BY run')
    assert [(run['run'], place, page['outcome'], page['imported'])
            for run in read for place, page in enumerate(run['pages'])
            ] == old.ask('SELECT run, position, outcome, imported FROM '
                         'importbot_pages ORDER BY run, position')


# Lifted

@pytest.mark.parametrize('schema', OLDER)
def test_all_rows_are_still_there(make: Make, schema: int) -> None:
    old = make(schema)
    before = old.rows()
    lift(old)
    after = old.rows()
    assert before.pop('importbot_schema') == [(schema, )]
    assert after['importbot_schema'] == [(tables.SCHEMA_VERSION, )]
    assert after.keys() == set(tables.metadata.tables)
    undos = {run for run, _undoes in before.get('importbot_undos', ())}
    titles = {(row[0], row[1]): row[2] for row in before['importbot_pages']}
    for name, rows in before.items():
        width = len(rows[0]) if rows else 0
        kept = [row[:width] for row in after[name]]
        if name == 'importbot_pages':
            kept = [(*row[:2], titles[row[:2]], *row[3:]) if row[0] in undos
                    else row for row in kept]
        assert kept == rows, name
    assert [(row[0], row[-1]) for row in after['importbot_runs']] == [
        (row[0], 'undo' if row[0] in undos else 'import')
        for row in before['importbot_runs']]
    assert {row[-1] for row in after['importbot_pages']} == {None}


@pytest.mark.parametrize('schema', OLDER)
def test_lifted_journal_is_like_a_new_one(make: Make, schema: int) -> None:
    old = make(schema)
    lift(old)
    engine = sa.create_engine(old.url)
    with engine.connect() as connection:
        # SQLite has one type for all whole numbers.
        context = MigrationContext.configure(connection, opts={
            'compare_type': connection.dialect.name != 'sqlite'})
        assert not compare_metadata(context, tables.metadata)
    engine.dispose()


@pytest.mark.parametrize('schema', OLDER)
def test_lifted_journal_is_worked_on(make: Make, schema: int) -> None:
    old = make(schema)
    journal = Journal(old.url)
    killed = journal.latest_run(next(iter(
        api for (api, ) in old.ask('SELECT target_api FROM importbot_leases')
    )))
    assert killed
    assert lapsed_run(journal, journal.run_row(killed).target_api) == killed
    assert journal.run_row(killed).state == 'running'
    assert not has_half(journal, killed)
    assert recorded_report(journal, killed).run == killed
    for (undo, undoes) in old.rows()['importbot_undos']:
        assert undone_by(journal, undo) == undoes
        report = recorded_undo(journal, undo)
        assert len(report.plan.pages) == len(report.results) == 1
        assert report.plan.pages[0].source == (
            f'en:{journal.page_rows(undo)[0].title}')
    journal.close()


# Cut, and at once

def cut(url: str, after: int) -> bool:
    """Open a journal, killed at a statement; return whether it came."""
    child = os.fork()
    if not child:
        try:
            _open_and_die(url, after)
            os._exit(0)
        finally:
            os._exit(1)
    _child, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _open_and_die(url: str, after: int) -> None:
    left = after

    def count(*_arguments: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.Engine, 'after_cursor_execute', count)
    Journal(url).close()


@pytest.mark.parametrize('schema', [1, 4])
def test_lift_that_is_cut_anywhere_is_finished(make: Make,
                                               schema: int) -> None:
    whole = make(schema)
    expected = lift(whole), whole.rows()
    after, steps = 0, 0
    while cut((old := make(schema)).url, after):
        steps += 1
        assert (lift(old), old.rows()) == expected, after
        after += 5 if schema == 4 else 11
    assert steps > 3


_OPEN = """
import sys
from importbot.journal.journal import Journal

print('up', flush=True)
sys.stdin.readline()
journal = Journal(sys.argv[1])
print(journal.schema, flush=True)
"""


def test_one_of_several_lifts_and_the_others_wait(make: Make) -> None:
    old = make(4)
    # Once without its prefix, it has one still.
    old.ask("UPDATE importbot_pages SET title = 'en:en:x' WHERE run = 3")
    processes = [subprocess.Popen(
        [sys.executable, '-c', _OPEN, old.url], text=True,
        cwd=HERE.parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(3)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == 'up\n'
    for process in processes:
        assert process.stdin
        process.stdin.write('\n')
        process.stdin.flush()
    heard = [process.communicate(timeout=120)[0] for process in processes]
    assert heard == [f'{tables.SCHEMA_VERSION}\n'] * 3
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert old.ask('SELECT title FROM importbot_pages WHERE run = 3') == [
        ('en:x', )]


# By itself, or not

def test_newest_migration_is_the_schema_of_the_tables() -> None:
    scripts = ScriptDirectory(schemas.MIGRATIONS[0].parent,
                              version_locations=schemas.MIGRATIONS)
    assert scripts.get_heads() == [str(tables.SCHEMA_VERSION)]
    assert [step.revision for step in scripts.walk_revisions()] == [
        str(schema) for schema in range(tables.SCHEMA_VERSION, 1, -1)]


@pytest.fixture
def unsafe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later release, whose migration a person has to agree to."""
    newest = tables.SCHEMA_VERSION
    folder = tmp_path / 'versions'
    folder.mkdir()
    (folder / 'next.py').write_text(
        'from alembic import op\n'
        f"revision = '{newest + 1}'\ndown_revision = '{newest}'\n"
        'BY_ITSELF = False\n\n\ndef upgrade():\n'
        "    op.execute('UPDATE importbot_runs SET source_prefix = \"x\"')\n")
    monkeypatch.setattr(schemas, 'MIGRATIONS', [*schemas.MIGRATIONS, folder])
    monkeypatch.setattr(tables, 'SCHEMA_VERSION', newest + 1)


@pytest.mark.usefixtures('unsafe')
def test_migration_that_is_not_safe_waits_for_a_person(make: Make) -> None:
    old = make(4)
    before = old.rows()
    with pytest.raises(JournalError, match=(
            'has schema 4, .*; end all bots, .*, and have it lifted$')):
        Journal(old.url)
    assert old.rows() == before
    Journal(old.url, upgrades=True).close()
    assert old.ask('SELECT DISTINCT source_prefix FROM importbot_runs') == [
        ('x', )]
    Journal(old.url).close()


# pwb importruns -upgrade

@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what the operator is told."""
    told: list[str] = []
    monkeypatch.setattr('pywikibot.info', told.append)
    return told


def test_upgrade_says_from_where_to_where(make: Make,
                                          said: list[str]) -> None:
    old = make(3)
    assert upgrade(old.url) == upgrade(old.url) == 0
    assert said == [
        f'The journal is lifted from schema 3 to {tables.SCHEMA_VERSION}, '
        'with all its 4 runs.',
        f'The journal has schema {tables.SCHEMA_VERSION} already, with 4 '
        'runs; there is nothing to do.']


def test_upgrade_under_simulate_writes_nothing(
        make: Make, said: list[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    old = make(3)
    before = old.rows()
    monkeypatch.setattr('pywikibot.config.simulate', True)
    assert upgrade(old.url) == 0
    assert 'would be lifted from schema 3' in said[0]
    assert old.rows() == before


def test_upgrade_makes_no_journal(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match='No run is recorded'):
        upgrade(str(tmp_path / 'missing.sqlite'))
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures('unsafe')
def test_upgrade_lifts_what_bots_leave_to_a_person(
        make: Make, said: list[str]) -> None:
    old = make(4)
    assert upgrade(old.url) == 0
    assert said[0].startswith('The journal is lifted from schema 4')
    Journal(old.url).close()
