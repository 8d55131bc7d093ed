"""The journal on SQLite files: runs, decisions, outcomes, the lease."""
from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from importbot.journal import tables
from importbot.journal.journal import Journal
from importbot.journal.leases import LEASE_SECONDS, acquire, lapsed_run
from importbot.journal.tables import SCHEMA_VERSION
from importbot.model.codec import policy_from_json
from importbot.model.decisions import Outcome
from importbot.model.errors import JournalError, LeaseHeldError
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from tests.kit.journals import PAGES, PLAN, TARGET


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / 'journal.sqlite'


def change(path: Path, statement: str, *values: object) -> None:
    """Change the file behind the back of the journal."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement, values)
        connection.commit()


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that is in a file, by table."""
    with closing(sqlite3.connect(path)) as connection:
        return {name: connection.execute(f'SELECT * FROM {name}').fetchall()
                for (name, ) in connection.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                ).fetchall()}


# The file and its schema

def test_schema_version_is_recorded(journal: Journal, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute('SELECT * FROM importbot_schema')
        assert rows.fetchall() == [(SCHEMA_VERSION, )]


def test_journal_is_opened_again(journal: Journal, path: Path) -> None:
    run = journal.begin_run(PLAN)
    again = Journal(f'sqlite:///{path}')
    assert len(again.page_rows(run)) == 2
    assert again.begin_run(PLAN) == run + 1
    again.close()


def test_newer_schema_is_refused_with_a_sentence(journal: Journal,
                                                 path: Path) -> None:
    change(path, 'UPDATE importbot_schema SET version = 99')
    with pytest.raises(JournalError, match=(
            f'schema 99, this importbot knows {SCHEMA_VERSION}; update')):
        Journal(str(path))


def test_older_schema_is_lifted_with_all_its_rows(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            Path(__file__).with_name('journal-1.sql').read_text('utf-8'))
    before = rows_of(path)
    assert before.pop('importbot_schema') == [(1, )]
    journal = Journal(str(path))
    after = rows_of(path)
    assert after.pop('importbot_schema') == [(SCHEMA_VERSION, )]
    for name, rows in before.items():
        # A column more stands at the end.
        assert [row[:width] for row in after.pop(name) for width in
                {*map(len, rows)}] == rows
    assert after.keys() | before.keys() | {'importbot_schema'} == set(
        tables.metadata.tables)
    assert not any(after.values())
    # It is at work at once, with what the older release left behind.
    row, other = journal.page_rows(1)
    assert (row.title, row.outcome) == ('Template:Zvěst 🜨', 'verified')
    assert other.error == 'cantimport: „nein“'
    assert lapsed_run(journal, TARGET) == 2
    assert [pending.revision_before for pending in journal.pending(2)] == [12]
    assert journal.begin_run(PLAN) == 3
    journal.close()
    Journal(str(path)).close()
    assert rows_of(path)['importbot_schema'] == [(SCHEMA_VERSION, )]


def test_missing_table_is_made_again(journal: Journal, path: Path) -> None:
    run = journal.begin_run(PLAN)
    change(path, 'DROP TABLE importbot_readings')
    again = Journal(str(path))
    again.remember_readings({'a': 'null'})
    assert again.run_row(run).state == 'running'
    again.close()


def test_path_is_taken_as_it_is_spelled(tmp_path: Path) -> None:
    path = tmp_path / 'what? 50%20 #1.sqlite'
    Journal(str(path)).close()
    assert path.exists()


@pytest.mark.parametrize('url', [
    'mysql+nosuchdriver://bot:geheim@127.0.0.1/runs',
    'nosuchdatabase://bot:geheim@127.0.0.1/runs',
    'nosuchdatabase://127.0.0.1/runs?user=bot&password=geheim',
    'mysql://bot:geheim@host:port/runs',
    'mysql://bot:geheim',
    'sqlite://bot:geheim@127.0.0.1/runs',
    '://bot:geheim',
])
def test_unusable_url_is_told_without_its_password(url: str) -> None:
    with pytest.raises(JournalError) as caught:
        Journal(url)
    error: BaseException | None = caught.value
    assert 'geheim' not in str(error)
    assert str(error).startswith('The ')
    assert error and error.__suppress_context__ and not error.__cause__


@pytest.mark.parametrize('name', ['.', 'no/such/folder.sqlite', 'text'])
def test_unusable_file_is_told_in_a_sentence(tmp_path: Path,
                                             name: str) -> None:
    (tmp_path / 'text').write_text('This is no database. ' * 100)
    with pytest.raises(JournalError,
                       match='cannot be used: .*; give another$'):
        Journal(str(tmp_path / name))


def test_journal_that_breaks_later_is_told_in_a_sentence(
        journal: Journal, path: Path) -> None:
    run = journal.begin_run(PLAN)
    change(path, 'DROP TABLE importbot_pages')
    with pytest.raises(JournalError, match='cannot be used: .*no such table'):
        journal.outcomes(run, {0: PageResult(Outcome.VERIFIED)})


# Runs, decisions, outcomes

def test_decisions_come_back_as_written(journal: Journal) -> None:
    run = journal.begin_run(PLAN)
    rows = journal.page_rows(run)
    assert [row.position for row in rows] == [0, 1]
    for row, page in zip(rows, PAGES, strict=True):
        assert row.decided == page.as_json()
        assert (row.title, row.target, row.role, row.decision,
                row.reason) == (
            str(page.title), page.target_text, page.role.value,
            page.decision.value, page.reason.value)
        assert (row.outcome, row.imported, row.error,
                row.sent) == (None, 0, None, None)
    assert [row.relation for row in rows] == ['missing', None]


def test_run_comes_back_as_written(journal: Journal) -> None:
    run = journal.begin_run(PLAN)
    row = journal.run_row(run)
    assert (row.plan, row.state, row.ended) == (PLAN.id, 'running',
                                                         None)
    assert (row.source_api, row.source_prefix, row.target_api,
            row.target_user) == (PLAN.source.api, 'en', TARGET,
                                    'ImportBot')
    assert policy_from_json(row.options) == PLAN.policy
    journal.end_run(run, 'finished')
    row = journal.run_row(run)
    assert row.state == 'finished'
    assert row.ended >= row.started


@pytest.mark.parametrize('result', [
    *(PageResult(outcome, 3) for outcome in Outcome),
    PageResult(Outcome.FAILED, 0, Problem.quoted('cantimport: „nein“'))])
def test_outcome_comes_back_as_written(journal: Journal,
                                       result: PageResult) -> None:
    run = journal.begin_run(PLAN)
    journal.outcomes(run, {0: PageResult(
        Outcome.UNKNOWN, 9, Problem.quoted('at first'))})
    journal.outcomes(run, {0: result})
    row, other = journal.page_rows(run)
    assert result.outcome
    assert (row.outcome, row.imported, row.error) == (
        result.outcome.value, result.imported,
        result.error and str(result.error))
    assert other.outcome is None


def test_run_that_is_not_there_is_an_error(journal: Journal) -> None:
    assert journal.page_rows(4711) == []
    with pytest.raises(JournalError, match='no run 4711'):
        journal.run_row(4711)


# What was sent and has no outcome

def test_nothing_is_pending_before_it_is_sent(journal: Journal) -> None:
    run = journal.begin_run(PLAN)
    assert journal.pending(run) == []
    journal.outcomes(run, {0: PageResult(Outcome.UNKNOWN)})
    assert journal.pending(run) == []


def test_what_is_sent_is_pending_in_order(journal: Journal) -> None:
    run = journal.begin_run(PLAN)
    journal.sending(run, {1: 12}, '2026-01-02T03:04:06Z')
    journal.sending(run, {0: 0}, '2026-01-02T03:04:05Z')
    first, second = journal.pending(run)
    assert (first.position, first.sent, first.revision_before) == (
        0, '2026-01-02T03:04:05Z', 0)
    assert (second.position, second.sent, second.revision_before) == (
        1, '2026-01-02T03:04:06Z', 12)
    assert (first.run, first.decided) == (run, PAGES[0].as_json())
    assert journal.pending(journal.begin_run(PLAN)) == []


@pytest.mark.parametrize('outcome', Outcome)
def test_only_what_nobody_knows_stays_pending(journal: Journal,
                                              outcome: Outcome) -> None:
    run = journal.begin_run(PLAN)
    journal.sending(run, {0: 0}, '2026-01-02T03:04:05Z')
    journal.outcomes(run, {0: PageResult(outcome)})
    assert bool(journal.pending(run)) == (outcome is Outcome.UNKNOWN)


# The lease

#: When the holder was last seen to be alive.
BEATEN = 'UPDATE importbot_leases SET heartbeat = ?'
#: Held by somebody on another machine, so that nobody can see whether the
#: process still runs.
ELSEWHERE = 'UPDATE importbot_leases SET holder = "elsewhere:1", heartbeat = ?'


def ago(seconds: float) -> str:
    return (datetime.now(timezone.utc)
            - timedelta(seconds=seconds)).isoformat(timespec='seconds')


def test_lease_is_for_one_at_a_time(journal: Journal) -> None:
    run, other = journal.begin_run(PLAN), journal.begin_run(PLAN)
    lease = acquire(journal, TARGET, run)
    with pytest.raises(LeaseHeldError, match=f'run {run}.* imports into'):
        acquire(journal, TARGET, other)
    with pytest.raises(LeaseHeldError):
        lapsed_run(journal, TARGET)
    lease.release()
    assert lapsed_run(journal, TARGET) is None
    assert acquire(journal, TARGET, other).run == other


def test_lease_is_for_one_target(journal: Journal) -> None:
    run = journal.begin_run(PLAN)
    acquire(journal, TARGET, run)
    assert acquire(journal, 'http://127.0.0.1:3/api.php', run).run == run


@pytest.mark.parametrize(('age', 'is_held'), [
    (0, True), (LEASE_SECONDS - 60, True), (LEASE_SECONDS + 1, False)])
def test_lease_lapses_without_heartbeat(journal: Journal, path: Path,
                                        age: float, is_held: bool) -> None:
    run, other = journal.begin_run(PLAN), journal.begin_run(PLAN)
    acquire(journal, TARGET, run)
    change(path, BEATEN, ago(age))
    if is_held:
        with pytest.raises(LeaseHeldError, match=f'run {run}'):
            acquire(journal, TARGET, other)
    else:
        assert lapsed_run(journal, TARGET) == run
        assert acquire(journal, TARGET, other).run == other
        with pytest.raises(LeaseHeldError):
            lapsed_run(journal, TARGET)


def test_heartbeat_keeps_the_lease(journal: Journal, path: Path) -> None:
    run = journal.begin_run(PLAN)
    lease = acquire(journal, TARGET, run)
    change(path, BEATEN, ago(LEASE_SECONDS + 1))
    lease.heartbeat()
    # The same second again, which changes nothing.
    lease.heartbeat()
    with pytest.raises(LeaseHeldError):
        acquire(journal, TARGET, journal.begin_run(PLAN))


def test_lease_that_was_taken_over_is_lost(journal: Journal,
                                           path: Path) -> None:
    run, other = journal.begin_run(PLAN), journal.begin_run(PLAN)
    lease = acquire(journal, TARGET, run)
    change(path, BEATEN, ago(LEASE_SECONDS + 1))
    taken = acquire(journal, TARGET, other)
    with pytest.raises(LeaseHeldError, match=f'run {run} lapsed'):
        lease.heartbeat()
    # Neither way can the loser do away with the lease of the other.
    lease.abandon()
    lease.release()
    taken.heartbeat()
    with pytest.raises(LeaseHeldError):
        acquire(journal, TARGET, run)


def test_run_that_another_process_goes_on_with_is_lost(
        journal: Journal, path: Path) -> None:
    run = journal.begin_run(PLAN)
    lease = acquire(journal, TARGET, run)
    change(path, ELSEWHERE, ago(0))
    with pytest.raises(LeaseHeldError, match=f'run {run} lapsed'):
        lease.heartbeat()
    lease.release()
    with pytest.raises(LeaseHeldError, match='elsewhere:1'):
        acquire(journal, TARGET, run)


def test_abandoned_lease_is_taken_over_after_reconciling(
        journal: Journal) -> None:
    run, other = journal.begin_run(PLAN), journal.begin_run(PLAN)
    lease = acquire(journal, TARGET, run)
    journal.sending(run, {0: 0}, '2026-01-02T03:04:05Z')
    lease.abandon()
    assert lapsed_run(journal, TARGET) == run
    with pytest.raises(LeaseHeldError, match='without knowing'):
        acquire(journal, TARGET, other)
    journal.outcomes(run, {0: PageResult(Outcome.IMPORTED, 2)})
    assert acquire(journal, TARGET, other).run == other


# Several processes

_CHILD = """
import sys
from importbot.journal.journal import Journal
from importbot.journal.leases import acquire
from importbot.model.errors import LeaseHeldError
from importbot.model.report import PageResult
from importbot.model.decisions import Outcome
from tests.kit.journals import PLAN, TARGET

def say(what):
    print(what, flush=True)

say('up')
sys.stdin.readline()
journal = Journal(sys.argv[1])
"""
_HOLD = _CHILD + """
run = journal.begin_run(PLAN)
try:
    acquire(journal, TARGET, run)
    say(run)
except LeaseHeldError:
    say('held')
sys.stdin.readline()
"""
_WRITE = _CHILD + """
for number in range(20):
    run = journal.begin_run(PLAN)
    for position in (0, 1):
        journal.sending(run, {position: number}, '2026-01-02T03:04:05Z')
        journal.outcomes(run, {position: PageResult(Outcome.VERIFIED, number)})
    journal.end_run(run, 'finished')
say('done')
"""


class Child:

    """A process of its own, which begins when it is told to."""

    def __init__(self, script: str, path: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, '-c', script, str(path)],
            cwd=Path(__file__).parents[3], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.hear() == 'up'

    def tell(self) -> None:
        assert self.process.stdin
        self.process.stdin.write('\n')
        self.process.stdin.flush()

    def hear(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def end(self) -> int:
        self.process.communicate(timeout=60)
        return self.process.returncode


def test_one_of_several_processes_gets_the_lease(path: Path) -> None:
    children = [Child(_HOLD, path) for _ in range(3)]
    for child in children:
        child.tell()
    heard = [child.hear() for child in children]
    assert [child.end() for child in children] == [0, 0, 0]
    assert sorted(heard)[1:] == ['held', 'held']
    assert heard != ['held'] * 3


def test_dead_holder_on_this_machine_is_taken_over_at_once(
        journal: Journal, path: Path) -> None:
    child = Child(_HOLD, path)
    child.tell()
    run = int(child.hear())
    with pytest.raises(LeaseHeldError):
        lapsed_run(journal, TARGET)
    child.process.kill()
    child.end()
    assert lapsed_run(journal, TARGET) == run
    assert acquire(journal, TARGET, journal.begin_run(PLAN)).run > run


def test_writers_do_not_get_in_each_others_way(path: Path) -> None:
    children = [Child(_WRITE, path) for _ in range(2)]
    for child in children:
        child.tell()
    assert [child.hear() for child in children] == ['done', 'done']
    assert [child.end() for child in children] == [0, 0]
    journal = Journal(str(path))
    for run in range(1, 41):
        assert journal.run_row(run).state == 'finished'
        assert [row.outcome for row in journal.page_rows(run)] == [
            'verified', 'verified']
        assert journal.pending(run) == []
    journal.close()
