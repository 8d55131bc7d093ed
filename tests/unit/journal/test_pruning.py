"""Texts are forgotten, on SQLite and on MariaDB; decisions never are."""
from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pywikibot
import sqlalchemy as sa

from importbot.commands.exit_status import INTERRUPTED
from importbot.commands.importruns import pruning as command
from importbot.commands.importruns.pruning import prune
from importbot.journal import tables
from importbot.journal.journal import Journal
from importbot.journal.leases import acquire, acquire_pass
from importbot.journal.pruning import forget, forgettable
from importbot.journal.queries import RunLog
from importbot.journal.requests import RequestLog
from importbot.journal.tables import RequestRow
from importbot.model.decisions import Outcome
from importbot.model.errors import JournalError, UsageError
from importbot.model.notes import Note, NoteKind
from importbot.model.report import PageResult
from tests.kit.journals import PLAN, TARGET
from tests.kit.mariadb import Server


OLD, LATE = '2024-01-01T00:00:00+00:00', '9999-01-01T00:00:00+00:00'
NOTE = Note.of(NoteKind.SCRIPT_ERRORS, 'Zvěst 🜨', {'count': 1})
SAVED = {'schema': 1, 'pages': [{'title': 'Zvěst 🜨'}]}
READINGS = {f'{number:064}': 'null' * 200 for number in range(1001)}

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=['sqlite', pytest.param(
    'mariadb', marks=pytest.mark.programs)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == 'sqlite':
        return str(tmp_path / 'journal.sqlite')
    server: Server = request.getfixturevalue('server')
    server.ask('DROP DATABASE importbot', 'mysql')
    server.ask('CREATE DATABASE importbot', 'mysql')
    return server.url()


def run_of(journal: Journal, state: str, ended: str) -> int:
    run = journal.begin_run(PLAN)
    journal.outcomes(run, {0: PageResult(Outcome.VERIFIED, 3)})
    journal.shown(run, [NOTE])
    journal.end_run(run, state)
    with journal.transaction() as connection:
        connection.execute(tables.runs.update().values(
            ended=ended).where(tables.runs.c.run == run))
    return run


@pytest.fixture
def runs(full: Journal) -> dict[str, int]:
    """Numbers of the runs of the journal, by what they are."""
    return {'old': 1, 'cut': 2, 'new': 3}


@pytest.fixture
def full(url: str) -> Iterator[Journal]:
    """A journal with all kinds of runs and requests."""
    journal = Journal(url)
    old, cut, new = (run_of(journal, 'finished', OLD),
                     run_of(journal, 'interrupted', OLD),
                     run_of(journal, 'finished', LATE))
    journal.remember_readings(READINGS)
    log = RequestLog(journal, TARGET)
    for name, status, ended, run in [
            ('old', 'done', OLD, old), ('declined', 'declined', OLD, None),
            ('cut', 'failed', OLD, cut), ('undo', 'review', OLD, old),
            ('new', 'done', LATE, new),
            ('open', 'review', None, None)]:
        log.save(RequestRow(
            name, TARGET, 'Project:Requests', status, 'f', OLD, ended,
            saved_plan=SAVED, plan='p', run=run, approver='Zoe'))
    yield journal
    journal.close()


def rows_of(journal: Journal) -> Rows:
    """Return all that is in a journal, by table, as it is kept."""
    with journal.transaction() as connection:
        return {table.name: [
            dict(row) for row in connection.execute(sa.select(
                sa.text('*')).select_from(table).order_by(
                *table.primary_key.columns)).mappings()]
            for table in tables.metadata.sorted_tables}


def forget_all(journal: Journal, days: int = 30) -> list[int]:
    return [forget(journal, kind, lambda *told: None)
            for kind in forgettable(journal, days)]


def test_decisions_stay_and_texts_go(full: Journal,
                                     runs: dict[str, int]) -> None:
    before = rows_of(full)
    kinds = forgettable(full, 30)
    assert [kind.count for kind in kinds] == [len(READINGS), 2, 1]
    assert kinds[0].size == sum(map(len, READINGS.values()))
    assert rows_of(full) == before
    assert forget_all(full) == [len(READINGS), 2, 1]
    before['importbot_readings'] = []
    for row in before['importbot_requests']:
        if row['id'] in ('old', 'declined'):
            row['saved_plan'] = None
    for row in before['importbot_plans']:
        if row['run'] == runs['old']:
            row['shown'] = None
    assert rows_of(full) == before
    assert forget_all(full) == [0, 0, 0]


def test_run_is_told_as_before(full: Journal, runs: dict[str, int]) -> None:
    before = RunLog(full).run(runs['old']).as_json()
    forget_all(full)
    after = RunLog(full).run(runs['old']).as_json()
    assert before['notes'] == [NOTE.as_json()] and after['notes'] == []
    assert {**before, 'notes': []} == after
    saved = RequestLog(full, TARGET).records(['old', 'new'])
    assert saved['old'].saved_plan is None
    assert (saved['old'].plan, saved['old'].approver) == ('p', 'Zoe')
    assert saved['new'].saved_plan == SAVED


def test_size_is_in_bytes(full: Journal) -> None:
    with full.transaction() as connection:
        connection.execute(tables.readings.delete())
        connection.execute(tables.readings.insert().values(
            text='a', found='長🜨'))
    assert forgettable(full, 30)[0].size == 7


@pytest.mark.parametrize('days', [0, 1, 700_000])
def test_days_count_by_the_end(full: Journal, days: int) -> None:
    assert [kind.count for kind in forgettable(full, days)][1:] == (
        [0, 0] if days > 1 else [2, 1])


@pytest.mark.parametrize('days', [800_000, 10 ** 12, 10 ** 30])
def test_days_before_all_dates_get_a_sentence(full: Journal,
                                              days: int) -> None:
    with pytest.raises(UsageError, match=f"days='{days}' goes back before"):
        forgettable(full, days)


def test_bots_go_on_meanwhile_and_a_cut_leaves_nothing_half(
        full: Journal, url: str) -> None:
    other = Journal(url)
    told: list[tuple[int, int]] = []

    def progress(what: str, done: int, total: int) -> None:
        told.append((done, total))
        other.begin_run(PLAN)
        other.remember_readings({'0' * 63 + '!': 'null'})
        if len(told) == 2:
            raise KeyboardInterrupt

    kind = forgettable(full, 30)[0]
    with pytest.raises(KeyboardInterrupt):
        forget(full, kind, progress)
    assert told == [(200, len(READINGS)), (400, len(READINGS))]
    assert forgettable(full, 30)[0].count == len(READINGS) - 400 + 1
    assert forget(full, kind, lambda *told: None) == len(READINGS) - 400 + 1
    other.close()


# The command

@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What people are told."""
    said: list[str] = []
    monkeypatch.setattr(pywikibot, 'info', said.append)
    return said


def sizes(url: str) -> int:
    return Path(url).stat().st_size if '://' not in url else 0


def test_command_says_what_it_forgets(full: Journal, url: str,
                                      said: list[str]) -> None:
    before, size = rows_of(full), sizes(url)
    assert prune(url, 30, always=True) == 0
    assert rows_of(full) != before
    assert re.search(r'  readings .*: 1001 \(800.8 kB\)', '\n'.join(said))
    assert any(re.match(r'  saved plans .* before 20..-..-..: 2 \(\d+ bytes',
                        line) for line in said)
    assert said[-1] == 'Forgotten: 1004.'
    assert not size or sizes(url) < size - 500_000
    said.clear()
    assert prune(url, 30, always=True) == 0
    assert said == ['There is nothing to forget.']


def test_nothing_is_written_under_simulate(
        full: Journal, url: str, said: list[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows_of(full)
    monkeypatch.setattr(pywikibot.config, 'simulate', True)
    assert prune(url, 30, always=True) == 0
    assert said[0] == 'To be forgotten:'
    assert said[-1] == 'Nothing was forgotten.'
    assert rows_of(full) == before


@pytest.mark.parametrize('answer', [True, False])
def test_somebody_is_asked(full: Journal, url: str, said: list[str],
                           monkeypatch: pytest.MonkeyPatch,
                           answer: bool) -> None:
    before = rows_of(full)
    monkeypatch.setattr('sys.stdin.isatty', lambda: True, raising=False)
    monkeypatch.setattr(command, 'says_yes', lambda question: answer)
    assert prune(url, 30, always=False) == 0
    assert (rows_of(full) == before) is not answer


def test_nobody_can_be_asked(full: Journal, url: str,
                             monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows_of(full)
    monkeypatch.setattr('sys.stdin.isatty', lambda: False, raising=False)
    with pytest.raises(UsageError, match='give -always'):
        prune(url, 30, always=False)
    assert rows_of(full) == before


def test_interrupt_is_told(full: Journal, url: str, said: list[str],
                           monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_arguments: Any) -> int:
        signal.raise_signal(signal.SIGINT)
        return 0

    monkeypatch.setattr(command, 'forget', cut)
    assert prune(url, 30, always=True) == INTERRUPTED
    assert 'the same command goes on' in said[-1]


@pytest.mark.parametrize('is_pass', [False, True])
def test_file_of_a_bot_at_work_stays_as_large(
        full: Journal, url: str, said: list[str], is_pass: bool) -> None:
    size = sizes(url)
    lease = acquire_pass(full, TARGET) if is_pass else acquire(
        full, TARGET, full.begin_run(PLAN))
    assert prune(url, 30, always=True) == 0
    assert any('a bot is at work' in line for line in said) is bool(size)
    assert sizes(url) >= size
    assert forgettable(full, 30)[0].count == 0
    lease.heartbeat()


def test_file_that_cannot_be_made_smaller_gets_a_sentence(
        full: Journal, url: str) -> None:
    reader = Journal(url, reads_only=True)
    if reader.is_file:
        with pytest.raises(JournalError, match='stays as large as it is: '):
            reader.compact()
    reader.close()


def test_journal_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / 'none.sqlite'
    with pytest.raises(JournalError, match='No run is recorded'):
        prune(str(path), 30, always=True)
    assert not path.exists()
