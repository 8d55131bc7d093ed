"""The journal on a real MariaDB, as on Toolforge: shared by machines."""
from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from importbot.journal import tables
from importbot.journal.changes import ARRIVAL, Change, record
from importbot.journal.clock import database_time, has_clock
from importbot.journal.journal import Journal
from importbot.journal.leases import LEASE_SECONDS, acquire, lapsed_run
from importbot.journal.reports import recorded_undo
from importbot.journal.undos import (
    standing,
    undone_by,
    undos_of,
    unsure_undos,
)
from importbot.model.decisions import Outcome, Role
from importbot.model.errors import JournalError, LeaseHeldError
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.model.undo_plan import (
    RestoreStep,
    UndoDecision,
    UndoPage,
    UndoPlan,
    UndoReason,
    UndoVerdict,
)
from tests.kit.journals import PAGES, PLAN, TARGET
from tests.kit.lapsing import HOST, SHIFT, keep_to_one_lease
from tests.kit.mariadb import PASSWORD, USER, Server, mariadb
from tests.kit.plans import titled


pytestmark = pytest.mark.programs


#: More than TEXT of MariaDB holds.
LONG = '長い🜨' * 40_000
#: Neighbours in the index, so that locks of gaps would overlap.
TARGETS = [f'{TARGET}?{number:03}' for number in range(100)]


@pytest.fixture(scope='module')
def running() -> Iterator[Server]:
    with mariadb() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    """A server whose database is empty, with the server's own charset."""
    running.ask('DROP DATABASE importbot', 'mysql')
    running.ask('CREATE DATABASE importbot', 'mysql')
    return running


@pytest.fixture
def journal(server: Server) -> Iterator[Journal]:
    journal = Journal(server.url())
    yield journal
    journal.close()


# The tables

@pytest.mark.parametrize('dialect', ['mysql+pymysql', 'mariadb+pymysql'])
def test_all_tables_are_created_for_all_of_unicode(server: Server,
                                                   dialect: str) -> None:
    assert server.ask('SELECT @@character_set_server') == [('latin1', )]
    for _ in range(2):
        Journal(server.url(dialect=dialect)).close()
    made = server.ask(
        'SELECT table_name, engine, table_collation FROM '
        "information_schema.tables WHERE table_schema = 'importbot'")
    assert sorted(made) == [(name, 'InnoDB', 'utf8mb4_bin')
                            for name in sorted(tables.metadata.tables)]
    others = server.ask(
        'SELECT table_name, column_name FROM information_schema.columns '
        "WHERE table_schema = 'importbot' AND (collation_name <> "
        "'utf8mb4_bin' OR data_type = 'text')")
    assert others == []
    assert server.ask('SELECT version FROM importbot_schema') == [
        (tables.SCHEMA_VERSION, )]


def test_older_schema_is_lifted(journal: Journal, server: Server) -> None:
    run = journal.begin_run(PLAN)
    server.ask('UPDATE importbot_schema SET version = 1')
    server.ask('DROP TABLE importbot_readings')
    again = Journal(server.url())
    assert len(again.page_rows(run)) == 2
    assert again.readings(['a']) == {}
    again.close()
    assert server.ask('SELECT version FROM importbot_schema') == [
        (tables.SCHEMA_VERSION, )]


def test_newer_schema_is_refused_with_a_sentence(journal: Journal,
                                                 server: Server) -> None:
    server.ask('UPDATE importbot_schema SET version = 99')
    with pytest.raises(JournalError, match='has schema 99, .*; update'):
        Journal(server.url())


# What is written

def test_run_comes_back_as_written(journal: Journal, server: Server) -> None:
    titles = ['Zvěst 🜨', 'テンプレート:日本語', '𠮷野家', 'iPhone', 'IPhone',
              'Straße', 'Strasse', 'e\u0301', 'é', '<b>%s\\n\'"']
    pages = tuple(replace(PAGES[0], title=titled(title),
                          target=titled(f'User:Bot/{title}'))
                  for title in titles)
    plan = replace(PLAN, pages=pages)
    run = journal.begin_run(plan)
    journal.sending(run, {2: 2**31 + 5, 5: 0}, '2026-01-02T03:04:05Z')
    journal.outcomes(run, {
        5: PageResult(Outcome.FAILED, 0, Problem.quoted(
            'cantimport: „nein“ 🜨'))})
    journal.close()
    again = Journal(server.url())
    rows = again.page_rows(run)
    assert [row.title for row in rows] == titles
    assert [row.decided for row in rows] == [
        page.as_json() for page in pages]
    assert rows[5].error == 'cantimport: „nein“ 🜨'
    pending, = again.pending(run)
    assert (pending.position, pending.revision_before) == (2, 2**31 + 5)
    row = again.run_row(run)
    assert (row.plan, row.state, row.options['tags']) == (
        plan.id, 'running', ['one', 'two'])
    assert again.begin_run(PLAN) == run + 1
    again.close()
    for title in ('iPhone', 'Strasse', 'é'):
        assert server.ask('SELECT count(*) FROM importbot_pages '
                          f"WHERE target = 'User:Bot/{title}'") == [(1, )]


def test_long_values_are_kept_whole(journal: Journal) -> None:
    page = replace(PAGES[0], needed_by=(titled(LONG), ))
    run = journal.begin_run(replace(PLAN, policy=Policy(summary=LONG),
                                    pages=(page, )))
    journal.outcomes(run, {0: PageResult(
        Outcome.FAILED, 0, Problem.quoted(LONG))})
    row, = journal.page_rows(run)
    assert row.decided['needed_by'] == [LONG]
    assert row.error == LONG
    assert journal.run_row(run).options['summary'] == LONG
    journal.remember_readings({'a' * 64: LONG})
    assert journal.readings(['a' * 64]) == {'a' * 64: LONG}


# Machines that share nothing but the server

_CHILD = """
import os, socket, sys, time
socket.gethostname = lambda: os.environ['HOST']
from importbot.journal.journal import Journal
from importbot.journal.leases import acquire
from importbot.model.errors import LeaseHeldError
from tests.kit.journals import PLAN
from tests.kit.plans import titled

def say(what):
    print(what, flush=True)

def told():
    '''Yield what to do, each at the moment that was agreed on.'''
    for line in sys.stdin:
        when, _, what = line.strip().partition(' ')
        while time.time() < float(when):
            pass
        yield what

"""
_TAKE = _CHILD + """
journal = Journal(sys.argv[1])
run = journal.begin_run(PLAN)
say('up')
for target in told():
    try:
        acquire(journal, target, run)
        say('got')
    except LeaseHeldError:
        say('held')
"""
_RELEASE = _CHILD + """
journal = Journal(sys.argv[1])
run = journal.begin_run(PLAN)
say('up')
for target in told():
    if target.startswith('take '):
        lease = acquire(journal, target[5:], run)
    else:
        lease.release()
    say('done')
"""
_OPEN = _CHILD + """
say('up')
for url in told():
    journal = Journal(url)
    journal.remember_readings({f'{n:03}': 'null' for n in range(400)})
    journal.close()
    say('done')
"""


#: Starts a process with a script, as if on a machine of that name.
Start = Callable[[str, str], 'Machine']


class Machine:

    """A process that thinks it is alone on a machine of its own."""

    def __init__(self, script: str, server: Server, folder: Path,
                 name: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, '-c', script, server.url()],
            cwd=Path(__file__).parents[3], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, 'HOST': name, 'PYWIKIBOT_NO_USER_CONFIG': '2',
                 'PYWIKIBOT_DIR': str(folder / name)})
        (folder / name).mkdir()
        assert self.hear() == 'up'

    def tell(self, what: str, when: float = 0) -> None:
        assert self.process.stdin
        self.process.stdin.write(f'{when} {what}\n')
        self.process.stdin.flush()

    def hear(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def start(server: Server, tmp_path: Path) -> Iterator[Start]:
    """Start a machine with a script and a name."""
    with ExitStack() as stack:
        def start(script: str, name: str) -> Machine:
            machine = Machine(script, server, tmp_path, name)
            stack.callback(machine.end)
            return machine
        yield start


def at_once(machines: list[Machine], what: str) -> list[str]:
    """Tell several machines to do something at the same moment."""
    when = time.time() + 0.005
    for machine in machines:
        machine.tell(what, when)
    return [machine.hear() for machine in machines]


def test_only_one_machine_gets_the_lease(journal: Journal,
                                         start: Start) -> None:
    first, second = start(_TAKE, 'pod-1'), start(_TAKE, 'pod-2')
    first.tell(TARGET)
    assert first.hear() == 'got'
    second.tell(TARGET)
    assert second.hear() == 'held'
    # Nobody elsewhere can see that it has ended.
    first.end()
    second.tell(TARGET)
    assert second.hear() == 'held'
    with pytest.raises(LeaseHeldError, match='Another bot .pod-1:'):
        lapsed_run(journal, TARGET)


def test_one_of_several_gets_a_free_lease(server: Server,
                                          start: Start) -> None:
    machines = [start(_TAKE, f'pod-{number}') for number in range(3)]
    for target in TARGETS:
        heard = at_once(machines, target)
        assert sorted(heard) == ['got', 'held', 'held'], target
    assert server.ask('SELECT count(*) FROM importbot_leases') == [
        (len(TARGETS), )]


def test_one_of_several_gets_a_lapsed_lease(
        journal: Journal, server: Server, start: Start) -> None:
    run = journal.begin_run(PLAN)
    lapsed = (datetime.now(timezone.utc)
              - timedelta(seconds=LEASE_SECONDS + 1)).isoformat()
    server.ask('INSERT INTO importbot_leases VALUES ' + ', '.join(
        f"('{target}', {run}, 'elsewhere:1', '{lapsed}')"
        for target in TARGETS))
    machines = [start(_TAKE, f'pod-{number}') for number in range(3)]
    for target in TARGETS:
        heard = at_once(machines, target)
        assert sorted(heard) == ['got', 'held', 'held'], target


def test_no_two_get_a_lease_that_is_given_back_now(
        server: Server, start: Start) -> None:
    takers = [start(_TAKE, f'pod-{number}') for number in range(2)]
    holder = start(_RELEASE, 'holder')
    got = 0
    for target in TARGETS:
        holder.tell(f'take {target}')
        assert holder.hear() == 'done'
        *heard, done = at_once([*takers, holder], target)
        assert done == 'done'
        assert sorted(heard) in (['got', 'held'], ['held', 'held']), target
        got += 'got' in heard
    assert server.ask('SELECT count(*) FROM importbot_leases') == [(got, )]


def test_several_may_open_a_new_journal_at_once(server: Server,
                                                start: Start) -> None:
    machines = [start(_OPEN, f'pod-{number}') for number in range(3)]
    for number in range(10):
        name = f'fresh_{number}'
        server.ask(f'CREATE DATABASE {name}', 'mysql')
        assert at_once(machines, server.url(database=name)) == ['done'] * 3
        assert server.ask('SELECT version FROM importbot_schema', name) == [
            (tables.SCHEMA_VERSION, )]
        assert server.ask('SELECT count(*) FROM importbot_readings',
                          name) == [(400, )]
        server.ask(f'DROP DATABASE {name}', 'mysql')


@pytest.mark.parametrize('shift', [SHIFT, -SHIFT])
def test_clocks_that_differ_keep_to_one_lease(server: Server,
                                              shift: float) -> None:
    keep_to_one_lease(server.url(), shift, HOST)


def test_time_is_that_of_the_server(journal: Journal,
                                    server: Server) -> None:
    query = sa.select(database_time())
    before = server.ask('SELECT UTC_TIMESTAMP(6)')
    with journal.transaction() as connection:
        assert has_clock(connection)
        read = connection.execute(query).scalar_one()
        # In whatever zone the server is.
        connection.exec_driver_sql("SET time_zone = '+09:00'")
        late = connection.execute(query).scalar_one()
    (after, ), = server.ask('SELECT UTC_TIMESTAMP(6)')
    between = [datetime.fromisoformat(text) for text in (read, late)]
    assert [before[0][0], *(when.replace(tzinfo=None) for when in between),
            after] == sorted([before[0][0], after, *(
                when.replace(tzinfo=None) for when in between)])
    assert all(when.tzinfo == timezone.utc for when in between)


def test_heartbeat_twice_in_a_second_keeps_the_lease(
        journal: Journal) -> None:
    lease = acquire(journal, TARGET, journal.begin_run(PLAN))
    for _ in range(3):
        lease.heartbeat()
    lease.release()
    with pytest.raises(LeaseHeldError, match='lapsed'):
        lease.heartbeat()


# What goes wrong

_CONNECTIONS = ('SELECT id FROM information_schema.processlist '
                f"WHERE user = '{USER}'")


def test_connection_that_the_server_closed_is_opened_again(
        journal: Journal, server: Server) -> None:
    run = journal.begin_run(PLAN)
    mine = server.ask(_CONNECTIONS)
    for (number, ) in mine:
        server.ask(f'KILL {number}')
    assert journal.run_row(run).state == 'running'
    # Whoever waits long holds no connection.
    journal.close()
    # The server takes a moment to notice.
    until = time.monotonic() + 120
    while (connected := server.ask(_CONNECTIONS)) and (
            time.monotonic() < until):
        time.sleep(.02)
    assert connected == []
    journal.end_run(run, 'finished')
    assert len(mine) == 1


def test_file_names_the_account_or_the_password_alone(
        server: Server, tmp_path: Path) -> None:
    Journal(server.url(f'{USER}@')).close()
    file = tmp_path / 'password.cnf'
    file.write_text(f"[client]\npassword='{PASSWORD}'\n")
    Journal(server.url(f'{USER}@', read_default_file=str(file))).close()


@pytest.mark.parametrize(('account', 'database', 'reason'), [
    (f'{USER}:falsch@', 'importbot', "Access denied for user 'bot'@.*"),
    ('', 'elsewhere', "Unknown database 'elsewhere'")])
def test_wrong_account_is_told_in_a_sentence(
        server: Server, account: str, database: str, reason: str) -> None:
    with pytest.raises(JournalError) as caught:
        Journal(server.url(account, database))
    assert caught.match(f'^The journal mysql.pymysql://.* cannot be used: '
                        f'{reason}; give another$')
    assert 'falsch' not in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_wrong_password_of_the_file_is_told_without_it(
        server: Server, tmp_path: Path) -> None:
    file = tmp_path / 'wrong.cnf'
    file.write_text(f'[client]\nuser={USER}\npassword=falsch\n')
    with pytest.raises(JournalError, match='Access denied') as caught:
        Journal(server.url(read_default_file=str(file)))
    assert 'falsch' not in str(caught.value)


def test_option_that_the_driver_does_not_know_is_told_in_a_sentence(
        server: Server) -> None:
    with pytest.raises(JournalError, match='unexpected .*reed_default_file'):
        Journal(server.url(reed_default_file='/etc/my.cnf'))


def test_server_that_is_down_is_told_in_a_sentence(server: Server) -> None:
    url = server.url().replace(f':{server.port}/', ':1/')
    with pytest.raises(JournalError, match="Can't connect to .*refused"):
        Journal(url)


@pytest.mark.parametrize('scheme', ['mysql+pymysql', 'mariadb+pymysql',
                                    'mysql'])
def test_missing_driver_is_told_in_a_sentence(
        monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    for name in ('pymysql', 'MySQLdb'):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(JournalError, match=(
            r'cannot be used: .*(pymysql|MySQLdb).*; install '
            r'importbot\[mariadb\]')) as caught:
        Journal(f'{scheme}://bot:falsch@127.0.0.1/importbot')
    assert 'falsch' not in str(caught.value)


# Undos

def test_undo_is_written_down_and_found_again(journal: Journal) -> None:
    first, second = journal.begin_run(PLAN), journal.begin_run(PLAN)
    record(journal, first, Change(0, ARRIVAL, 0, 11))
    record(journal, second, Change(0, ARRIVAL, 11, 12))
    plan = UndoPlan(second, PLAN.target, '{{Weg 🜨}}', (UndoPage(
        0, PAGES[0].target_text, 'en:x', Role.TEMPLATE, UndoVerdict(
            UndoDecision.UNDO, UndoReason.REPLACED,
            RestoreStep(12, 11))), ))
    undo = journal.begin_run(plan)
    assert recorded_undo(journal, undo).plan == plan
    assert unsure_undos(journal, second) == [undo]
    assert undos_of(journal, second) == []
    for after in (20, 13):
        record(journal, undo, Change(0, 'restore', 12, after))
    journal.end_run(undo, 'finished')
    assert standing(journal, TARGET, 13) == (11, False)
    assert standing(journal, TARGET, 20) == (20, False)
    assert standing(journal, f'{TARGET}?', 13) == (13, False)
    assert undos_of(journal, second) == [undo]
    assert (undone_by(journal, undo), undone_by(journal, first)) == (
        second, None)
    assert unsure_undos(journal, second) == []
