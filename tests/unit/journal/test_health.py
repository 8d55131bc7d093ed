"""importruns -health, of journals as bots leave them."""
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from importbot.commands.importruns.health import health_of, tell_health
from importbot.journal import tables
from importbot.journal.journal import Journal, now
from importbot.journal.leases import acquire, acquire_pass
from importbot.journal.passes import TASK, Made, PassLog
from importbot.journal.requests import RequestLog
from importbot.journal.tables import RequestRow
from tests.kit.journals import PLAN, TARGET
from tests.kit.older_journals import lower


OTHER = 'http://127.0.0.1:9/api.php'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / 'j.sqlite'


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(str(path))
    PassLog(journal, TARGET, TASK).record(now(), Made(state='ok', detail=''))
    yield journal
    journal.close()


def kinds(path: Path, api: str = TARGET) -> list[str]:
    report = health_of(str(path), 1, api)
    return [finding.kind.value for finding in report.all_findings]


def test_bot_at_work_is_well(journal: Journal, path: Path) -> None:
    run = journal.begin_run(PLAN)
    lease = acquire(journal, TARGET, run)
    pass_lease = acquire_pass(journal, TARGET)
    assert kinds(path) == []
    pass_lease.release()
    journal.end_run(run, 'finished')
    lease.release()
    assert kinds(path) == []


def test_what_a_bot_that_died_left(journal: Journal, path: Path) -> None:
    run = journal.begin_run(PLAN)
    acquire(journal, TARGET, run)
    with journal.transaction() as connection:
        connection.execute(tables.leases.update().values(
            holder='host:1', heartbeat='2024-01-01T00:00:00+00:00'))
    report = health_of(str(path), 1, TARGET)
    assert report.state == 'attention'
    wiki, = report.wikis
    assert wiki.unfinished == (run, )
    assert [lease.run for lease in wiki.lapsed] == [run]
    assert kinds(path) == ['unfinished', 'lease']
    # It is of one wiki alone.
    assert 'lease' not in kinds(path, OTHER)


def test_run_that_can_be_resumed_is_said_until_another_comes(
        journal: Journal, path: Path) -> None:
    run = journal.begin_run(PLAN)
    journal.end_run(run, 'interrupted')
    assert kinds(path) == ['unfinished']
    journal.end_run(journal.begin_run(PLAN), 'finished')
    assert kinds(path) == []


def test_every_wiki_that_had_a_pass(journal: Journal, path: Path) -> None:
    PassLog(journal, OTHER, TASK).record(now(), Made(
        state='error', detail='down', cause='TargetError'))
    report = health_of(str(path), 1, '')
    assert [wiki.api for wiki in report.wikis] == [TARGET, OTHER]
    assert kinds(path, '') == ['failing', 'late']


def test_open_requests_are_counted(journal: Journal, path: Path) -> None:
    log = RequestLog(journal, TARGET)
    for number, (status, ended) in enumerate([
            ('review', None), ('review', None), ('done', now())]):
        log.save(RequestRow(str(number), TARGET, 'P', status, 'f', now(),
                            ended))
    wiki, = health_of(str(path), 1, TARGET).wikis
    assert wiki.waiting == {'review': 2}


@pytest.mark.usefixtures('journal')
def test_journals_that_are_older_newer_or_missing(
        path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lower(path, 5)
    # Passes are not known there.
    assert kinds(path) == ['no-pass', 'schema']
    engine = sa.create_engine(f'sqlite:///{path}')
    with engine.begin() as connection:
        connection.exec_driver_sql(
            'UPDATE importbot_schema SET version = 99')
    engine.dispose()
    assert kinds(path) == ['journal']
    path.unlink()
    assert tell_health(str(path), 1, 'table', TARGET) == 1
    told = capsys.readouterr().out
    assert told.startswith('wrong: ')
    assert told.count('\n') == 1


@pytest.mark.usefixtures('journal')
def test_monitor_gets_a_line_or_json(
        path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tell_health(str(path), 1, 'table', TARGET) == 0
    assert capsys.readouterr().out.startswith('ok: last pass 0 min ago')
    assert tell_health(str(path), 1, 'json', TARGET) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told['schema'], told['state']) == (1, 'ok')
    assert told['wikis'][0]['target'] == {'api': TARGET}
