"""What the journal tells of runs, on SQLite and on MariaDB."""
from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from importbot.journal import tables
from importbot.journal.changes import ARRIVAL, Change, record
from importbot.journal.journal import Journal
from importbot.journal.leases import acquire
from importbot.journal.queries import RunLog
from importbot.journal.records import (
    NOT_REACHED,
    PageRecord,
    RunFilter,
    RunSummary,
)
from importbot.journal.reports import recorded_report
from importbot.journal.requests import RequestLog
from importbot.journal.tables import RequestRow
from importbot.model.decisions import Outcome
from importbot.model.errors import JournalError
from importbot.model.notes import Note, NoteKind, notes_from_json
from importbot.model.plan import Endpoint, Plan, Unresolved
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.reports.html.report import report_html
from importbot.reports.wikitext.runs import run_wikitext
from tests.kit.journals import PAGES, PLAN, TARGET
from tests.kit.mariadb import Server
from tests.kit.plans import titled


ELSEWHERE = 'http://127.0.0.1:3/api.php'
TEMPLATE, ROVER = PAGES
DONE = {0: PageResult(Outcome.VERIFIED, 3), 1: PageResult(Outcome.UNCHANGED)}
Fill = Callable[..., int]


@pytest.fixture(params=['sqlite', 'mariadb'])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == 'sqlite':
        return str(tmp_path / 'journal.sqlite')
    server: Server = request.getfixturevalue('server')
    server.ask('DROP DATABASE importbot', 'mysql')
    server.ask('CREATE DATABASE importbot', 'mysql')
    return server.url()


@pytest.fixture
def writer(url: str) -> Iterator[Journal]:
    journal = Journal(url)
    yield journal
    journal.close()


@pytest.fixture
def log(url: str, writer: Journal) -> Iterator[RunLog]:
    """The same journal, for reading alone."""
    journal = Journal(url, reads_only=True)
    yield RunLog(journal)
    journal.close()


@pytest.fixture
def fill(writer: Journal) -> Fill:
    """Write down a run that finished."""
    def done(plan: Plan = PLAN, *, results: Any = DONE, started: str = '',
             state: str = 'finished') -> int:
        run = writer.begin_run(plan)
        writer.outcomes(run, results)
        writer.end_run(run, state)
        if started:
            with writer.transaction() as connection:
                connection.execute(tables.runs.update().values(
                    started=started).where(tables.runs.c.run == run))
        return run

    return done


def numbers(log: RunLog, **conditions: Any) -> list[int]:
    """Return the runs that meet some conditions."""
    return [run.run for run in log.runs(RunFilter(**conditions)).runs]


def plan_of(*titles: str, into: str = TARGET) -> Plan:
    return replace(PLAN, target=Endpoint(into, 'target', user='ImportBot'),
                   pages=tuple(replace(TEMPLATE, title=titled(title),
                                       target=titled(title))
                               for title in titles))


def request_of(writer: Journal, run: int, **values: Any) -> None:
    """Write down that a run is of a request."""
    RequestLog(writer, TARGET).save(RequestRow(**{
        'id': f'id-{run}', 'target_api': TARGET, 'page': 'Project:Requests',
        'status': 'done', 'fingerprint': 'f', 'opened': '2024-01-01',
        'author': 'Anna Petit', 'approver': 'Zoe', 'run': run, **values}))


# Lists

def test_latest_runs_come_first_and_the_rest_is_counted(
        log: RunLog, fill: Fill) -> None:
    runs = [fill() for _ in range(5)]
    fill(plan_of('A', into=ELSEWHERE))
    found = log.runs(RunFilter(TARGET), 3)
    assert [run.run for run in found.runs] == runs[:1:-1]
    assert (found.earlier, found.elsewhere) == (2, 1)
    assert len(log.runs(RunFilter()).runs) == 6


def test_summary_has_all_that_is_told_of_a_run(
        log: RunLog, fill: Fill, writer: Journal) -> None:
    run = fill(started='2024-02-29T23:59:58+00:00')
    summary, = log.runs(RunFilter(TARGET)).runs
    ended = writer.run_row(run).ended
    assert summary == RunSummary(
        run=run, plan=PLAN.id, state='finished', ended=ended,
        started='2024-02-29T23:59:58+00:00', source_api=PLAN.source.api,
        source_prefix='en', target_api=TARGET, target_user='ImportBot',
        options=writer.run_row(run).options, requester='ImportBot',
        decisions={'import': 1, 'skip': 1},
        outcomes={'verified': 1, 'unchanged': 1}, requested='Rover',
        requests=1)


def test_first_of_the_requested_pages_stands_for_all(
        log: RunLog, fill: Fill, writer: Journal) -> None:
    several = fill(replace(PLAN, pages=(
        TEMPLATE, *(replace(ROVER, title=titled(title)) for title in 'BCA'))))
    none = fill(plan_of('Template:A'))
    undo = undo_of(writer, several)
    found = {run.run: (run.requested, run.requests)
             for run in log.runs(RunFilter()).runs}
    assert found == {several: ('B', 3), none: ('', 0), undo: ('Rover', 1)}


def test_requests_say_who_asked_and_who_approved(
        log: RunLog, fill: Fill, writer: Journal) -> None:
    runs = [fill() for _ in range(3)]
    request_of(writer, runs[1])
    request_of(writer, runs[2], author='', approver='')
    found = {run.run: run for run in log.runs(RunFilter()).runs}
    by_hand, asked, unproved = (found[run] for run in runs)
    assert (by_hand.requester, by_hand.approver, by_hand.request) == (
        'ImportBot', '', '')
    assert (asked.requester, asked.approver, asked.request,
            asked.request_page) == ('Anna Petit', 'Zoe', f'id-{runs[1]}',
                                    'Project:Requests')
    # Not the bot's account: somebody asked, and nobody knows who.
    assert (unproved.requester, unproved.request) == ('', f'id-{runs[2]}')
    assert numbers(log, requester='Anna Petit') == [runs[1]]
    assert numbers(log, requester='ImportBot') == [runs[0]]
    assert numbers(log, requester='Zoe') == []


def test_runs_by_decision_and_outcome_of_one_page(
        log: RunLog, fill: Fill) -> None:
    good = fill()
    bad = fill(results={0: PageResult(
        Outcome.FAILED, error=Problem.quoted('x'))}, state='interrupted')
    assert numbers(log, outcomes=frozenset({'failed'})) == [bad]
    assert numbers(log, outcomes=frozenset({NOT_REACHED})) == [bad]
    assert numbers(log, outcomes=frozenset({'failed', 'verified'})) == [
        bad, good]
    assert numbers(log, decisions=frozenset({'hold'})) == []
    # Both of one page: what was skipped did not fail.
    assert numbers(log, decisions=frozenset({'skip'}),
                   outcomes=frozenset({'failed'})) == []


def test_runs_by_time(log: RunLog, fill: Fill) -> None:
    first, second, third = (
        fill(started=f'2024-01-0{day}T12:00:00+00:00') for day in (1, 2, 3))
    assert numbers(log, since='2024-01-02T12:00:00+00:00') == [third, second]
    assert numbers(log, until='2024-01-02T12:00:00+00:00') == [second, first]
    assert numbers(log, since='2024-01-01T12:00:01+00:00',
                   until='2024-01-03T11:59:59+00:00') == [second]


def test_run_is_running_as_long_as_its_lease_says_so(
        log: RunLog, writer: Journal, fill: Fill) -> None:
    run = writer.begin_run(PLAN)

    def state() -> str:
        return log.run(run).summary.state

    assert state() == 'interrupted'
    lease = acquire(writer, TARGET, run)
    assert state() == 'running'
    with writer.transaction() as connection:
        # As after a kill on another machine.
        connection.execute(tables.leases.update().values(
            holder='elsewhere:1', heartbeat='2024-01-01T00:00:00+00:00'))
    assert state() == 'interrupted'
    lease.release()
    # A pass over request pages is no run.
    acquire(writer, f'{TARGET}#requests', 0)
    assert state() == 'interrupted'


# Undos

def undo_of(writer: Journal, run: int, state: str = 'finished') -> int:
    """Write down an undo, with words that no enumeration has."""
    with writer.transaction() as connection:
        key = connection.execute(tables.runs.insert().values(
            plan='u' * 16, state=state, started='2024-05-05T05:05:05+00:00',
            ended='2024-05-05T05:05:06+00:00', source_api=PLAN.source.api,
            source_prefix='en', target_api=TARGET, target_user='ImportBot',
            options={'undoes': run}, mode='undo')).inserted_primary_key
        assert key is not None
        undo = int(key[0])
        connection.execute(tables.undos.insert().values(
            run=undo, undoes=run))
        connection.execute(tables.plans.insert().values(
            run=undo, plan={'undoes': run, 'notes': []}))
        connection.execute(tables.pages.insert(), [{
            'run': undo, 'position': 0, 'title': str(TEMPLATE.title),
            'target': TEMPLATE.target_text, 'role': 'template',
            'relation': None, 'decision': 'undo',
            'reason': 'of-a-later-release', 'outcome': 'vanished',
            'decided': {'title': TEMPLATE.target_text}}, {
            'run': undo, 'position': 1, 'title': str(ROVER.title),
            'target': ROVER.target_text, 'role': 'requested',
            'relation': None, 'decision': 'skip', 'reason': 'not-brought',
            'outcome': 'unchanged', 'decided': {'title': ROVER.target_text}}])
    return undo


def test_undos_and_what_they_undo(log: RunLog, fill: Fill,
                                  writer: Journal) -> None:
    run = fill()
    undos = [undo_of(writer, run), undo_of(writer, run)]
    found = {run.run: run for run in log.runs(RunFilter()).runs}
    assert found[run].undone_by == tuple(undos)
    assert found[run].undoes is None
    assert [found[undo].undoes for undo in undos] == [run, run]
    assert found[undos[0]].decisions == {'undo': 1, 'skip': 1}
    assert found[undos[0]].outcomes == {'vanished': 1, 'unchanged': 1}
    assert numbers(log, decisions=frozenset({'undo'})) == undos[::-1]


def test_undo_is_told_as_a_run(log: RunLog, fill: Fill,
                               writer: Journal) -> None:
    run = fill()
    told = log.run(undo_of(writer, run))
    assert [(page.title, page.target, page.decision, page.reason)
            for page in told.pages] == [
        (str(TEMPLATE.title), TEMPLATE.target_text, 'undo',
         'of-a-later-release'),
        ('Rover', 'User:Bot/Rover', 'skip', 'not-brought')]
    assert told.pages[0].needed_by == ()
    assert told.as_json()['undoes'] == run
    assert told.as_json()['pages'][0]['outcome'] == 'vanished'


def test_past_of_a_page_has_its_undo(log: RunLog, fill: Fill,
                                     writer: Journal) -> None:
    run = fill()
    undo = undo_of(writer, run)
    for title in ('Rover', 'User:Bot/Rover'):
        past = log.past(title, RunFilter(TARGET))
        assert past.title == title
        assert [(entry.summary.run, entry.page.title)
                for entry in past.entries] == [(undo, 'Rover'),
                                               (run, 'Rover')]
    with pytest.raises(JournalError):
        log.past('Bot/Rover', RunFilter())


# One run

def test_run_is_told_as_its_report(log: RunLog, writer: Journal,
                                   fill: Fill) -> None:
    plan = replace(PLAN, notes=(
        Note.of(NoteKind.CALLS, 'A', {'count': 2}), ),
                   unresolved=(Unresolved('Template:{{{1}}}',
                                          (titled('A'), )), ))
    run = fill(plan)
    shown = [Note.of(NoteKind.SCRIPT_ERRORS, 'A', {'count': 1})]
    writer.shown(run, shown)
    record(writer, run, Change(0, ARRIVAL, 0, 55, True))
    told = log.run(run)
    report = recorded_report(writer, run).as_json()
    data = told.as_json()
    for page in data['pages']:
        assert page.pop('changes') == ([{
            'action': 'arrival', 'before': 0, 'after': 55, 'shared': True}]
            if page['title'] == str(TEMPLATE.title) else [])
        assert page.pop('before') is None
    assert {name: data[name] for name in report} == {
        **report, 'source': {**report['source']},
        'target': {**report['target']}}
    assert data.keys() - report.keys() == {
        'approver', 'decisions', 'ended', 'outcomes', 'request', 'requested',
        'requester', 'started', 'state', 'undoes', 'undone_by'}
    assert told.notes == plan.notes
    assert told.unresolved == ('Template:{{{1}}}', )


def test_notes_of_another_release_are_told(log: RunLog, writer: Journal,
                                           fill: Fill) -> None:
    unknown = [{'kind': 'mood', 'page': 'A', 'of': {'whom': 'B'}},
               {'kind': 'calls', 'page': 'A', 'count': 2, 'each': [1]}]
    run = fill(replace(PLAN, notes=notes_from_json(unknown)))
    writer.shown(run, notes_from_json(unknown))
    assert log.run(run).as_json()['notes'] == unknown * 2
    report = recorded_report(writer, run)
    assert report.as_json()['notes'] == unknown * 2
    # Of a page to look at, what is said twice stands there once.
    for text, count in ((run_wikitext(log.run(run), 'en'), 4),
                        (report_html(report, 'en'), 2)):
        assert text.count('Written by another release') == count
        assert 'mood' in text


def test_pages_of_a_run_by_decision_and_outcome(log: RunLog,
                                                fill: Fill) -> None:
    run = fill()

    def titles(**conditions: frozenset[str]) -> list[str]:
        return [page.title for page
                in log.run(run, RunFilter(**conditions)).pages]

    assert titles() == [str(TEMPLATE.title), 'Rover']
    assert titles(decisions=frozenset({'skip'})) == ['Rover']
    assert titles(outcomes=frozenset({'verified'})) == [str(TEMPLATE.title)]
    assert titles(decisions=frozenset({'skip'}),
                  outcomes=frozenset({'verified'})) == []
    # What is left out still counts.
    assert log.run(run, RunFilter(decisions=frozenset({'hold'}))
                   ).summary.decisions == {'import': 1, 'skip': 1}


def test_no_such_run(log: RunLog, fill: Fill) -> None:
    with pytest.raises(JournalError, match='no run 10'):
        log.run(fill() + 9)


# The past of a page

def test_everything_that_was_decided_about_a_page(
        log: RunLog, writer: Journal, fill: Fill) -> None:
    first = fill()
    request_of(writer, first)
    record(writer, first, Change(0, 'edit', 3, 4))
    record(writer, first, Change(0, ARRIVAL, 0, 55))
    second = fill(results={})
    fill(plan_of('Something else'))
    past = log.past(str(TEMPLATE.title), RunFilter(TARGET))
    assert [entry.summary.run for entry in past.entries] == [second, first]
    entry = past.entries[1]
    assert (entry.summary.requester, entry.summary.approver) == (
        'Anna Petit', 'Zoe')
    assert entry.page == PageRecord(
        run=first, position=0, title=str(TEMPLATE.title),
        target=TEMPLATE.target_text, role='template', relation='missing',
        decision='import', reason='needed', decided=TEMPLATE.as_json(),
        sent=None, revision_before=None, outcome='verified', imported=3,
        error=None, changes=entry.page.changes)
    assert entry.page.change == Change(0, ARRIVAL, 0, 55)
    assert {change.action for change in entry.page.changes} == {
        'edit', ARRIVAL}
    assert (entry.page.needed_by, entry.page.latest) == (('Rover', ), 7)
    assert past.entries[0].page.outcome is None


@pytest.mark.parametrize('spelling', [
    'Template:Infobox rover', 'template:infobox_rover',
    ' :Template: Infobox  rover ', 'TEMPLATE:Infobox_rover',
    'Template:infobox rover'])
def test_title_is_found_as_wikis_find_it(log: RunLog, fill: Fill,
                                         spelling: str) -> None:
    fill(plan_of('Template:Infobox rover'))
    past = log.past(spelling, RunFilter())
    assert (past.title, len(past.entries)) == ('Template:Infobox rover', 1)


def test_composed_and_first_letter_and_nothing_else(log: RunLog,
                                                    fill: Fill) -> None:
    fill(plan_of('Éclair', 'BBC News'))
    assert log.past('e\u0301clair', RunFilter()).title == 'Éclair'
    assert log.past('bBC News', RunFilter()).title == 'BBC News'
    with pytest.raises(JournalError, match='decided about "Bbc news"'):
        log.past('Bbc news', RunFilter())


def test_exact_title_comes_before_its_capital(log: RunLog,
                                              fill: Fill) -> None:
    fill(plan_of('rover', 'Rover'))
    assert log.past('rover', RunFilter()).title == 'rover'
    assert len(log.past('rover', RunFilter()).entries) == 1


def test_past_by_conditions(log: RunLog, writer: Journal,
                            fill: Fill) -> None:
    runs = [fill(plan_of('A')), fill(plan_of('A')),
            fill(plan_of('A', into=ELSEWHERE))]
    request_of(writer, runs[1])

    def found(most: int = 0, **conditions: Any) -> tuple[list[int], int, int]:
        past = log.past('A', RunFilter(TARGET, **conditions), most)
        return ([entry.summary.run for entry in past.entries], past.earlier,
                past.elsewhere)

    assert found() == ([runs[1], runs[0]], 0, 1)
    assert found(1) == ([runs[1]], 1, 1)
    assert found(requester='Anna Petit') == ([runs[1]], 0, 0)
    assert found(outcomes=frozenset({'failed'})) == ([], 0, 0)
    assert found(since='2200-01-01') == ([], 0, 0)


def test_words_that_the_journal_has(log: RunLog, fill: Fill,
                                    writer: Journal) -> None:
    undo_of(writer, fill(results={}))
    decisions, outcomes = log.words()
    assert decisions == {'import', 'skip', 'undo'}
    assert outcomes == {NOT_REACHED, 'vanished', 'unchanged'}


# Reading alone

def content(path: Path) -> bytes:
    return path.read_bytes()


def test_reading_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / 'journal.sqlite'
    writer = Journal(str(path))
    writer.begin_run(PLAN)
    writer.close()
    before = content(path)
    journal = Journal(str(path), reads_only=True)
    log = RunLog(journal)
    log.runs(RunFilter()), log.run(1), log.past('Rover', RunFilter())
    with pytest.raises(JournalError, match='readonly'):
        journal.begin_run(PLAN)
    journal.close()
    assert content(path) == before
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize('gone', [
    ['plans', 'changes', 'undos'],
    ['plans', 'changes', 'undos', 'requests', 'health', 'uploads']])
def test_older_journal_is_read_and_left_as_it_is(
        tmp_path: Path, gone: list[str]) -> None:
    path = tmp_path / 'journal.sqlite'
    writer = Journal(str(path))
    run = writer.begin_run(PLAN)
    writer.outcomes(run, DONE)
    writer.close()
    with closing(sqlite3.connect(path)) as connection:
        for name in gone:
            connection.execute(f'DROP TABLE importbot_{name}')
        connection.execute('UPDATE importbot_schema SET version = 2')
        connection.commit()
    before = content(path)
    journal = Journal(str(path), reads_only=True)
    log = RunLog(journal)
    summary, = log.runs(RunFilter(requester='ImportBot')).runs
    assert summary.outcomes == {'verified': 1, 'unchanged': 1}
    told = log.run(run).as_json()
    assert told['summary'] == {'import': 1, 'skip': 1}
    assert told['options'] == json.loads(json.dumps(asdict(PLAN.policy)))
    assert log.past('Rover', RunFilter()).entries[0].page.outcome == (
        'unchanged')
    journal.close()
    assert content(path) == before


@pytest.mark.parametrize('url', ['missing.sqlite', 'sqlite:///missing.sqlite',
                                 'sqlite://'])
def test_journal_that_is_not_there_is_not_made(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(JournalError, match=r'No run is recorded in .*'
                                           r'; give another journal$'):
        Journal(url, reads_only=True)
    assert list(tmp_path.iterdir()) == []


def test_other_database_is_no_journal(tmp_path: Path) -> None:
    path = tmp_path / 'other.sqlite'
    with closing(sqlite3.connect(path)) as connection:
        connection.execute('CREATE TABLE cats (name)')
        connection.commit()
    before = content(path)
    with pytest.raises(JournalError, match='No run is recorded'):
        Journal(str(path), reads_only=True)
    assert content(path) == before


def test_newer_journal_is_refused_for_reading_too(tmp_path: Path) -> None:
    path = tmp_path / 'journal.sqlite'
    Journal(str(path)).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute('UPDATE importbot_schema SET version = 99')
        connection.commit()
    with pytest.raises(JournalError, match='update importbot'):
        Journal(str(path), reads_only=True)


def test_reading_and_a_run_do_not_wait_for_each_other(
        tmp_path: Path) -> None:
    path = str(tmp_path / 'journal.sqlite')
    writer = Journal(path)
    writer.begin_run(PLAN)
    journal = Journal(path, reads_only=True)
    with writer.transaction() as connection:
        connection.execute(tables.runs.update().values(state='finished'))
        # Not yet written down.
        start = time.monotonic()
        told = RunLog(journal).run(1)
        assert time.monotonic() - start < 20
        assert told.summary.state == 'interrupted'
    assert RunLog(journal).run(1).summary.state == 'finished'
    journal.close()
    writer.close()


def test_account_that_may_only_read(server: Server, tmp_path: Path) -> None:
    server.ask('DROP DATABASE importbot', 'mysql')
    server.ask('CREATE DATABASE importbot', 'mysql')
    writer = Journal(server.url())
    run = writer.begin_run(PLAN)
    writer.close()
    server.ask("CREATE OR REPLACE USER reader@'127.0.0.1' IDENTIFIED BY 'r'")
    server.ask("GRANT SELECT ON importbot.* TO reader@'127.0.0.1'")
    account = tmp_path / 'client.cnf'
    account.write_text('[client]\nuser = reader\npassword = r\n')
    journal = Journal(server.url(read_default_file=str(account)),
                      reads_only=True)
    assert RunLog(journal).run(run).summary.run == run
    journal.close()


# Much of it

def test_thousand_runs_are_told_at_once(url: str, writer: Journal,
                                        log: RunLog) -> None:
    now = '2024-01-01T00:00:00+00:00'
    with writer.transaction() as connection:
        connection.execute(tables.runs.insert(), [{
            'plan': 'p', 'state': 'finished', 'started': now, 'ended': now,
            'source_api': 's', 'source_prefix': 'en', 'target_api': TARGET,
            'target_user': 'Bot', 'options': {}} for _ in range(1000)])
        page = replace(TEMPLATE, needed_by=tuple(
            titled(f'Article {number}') for number in range(20))).as_json()
        for run in range(1, 1001):
            connection.execute(tables.pages.insert(), [{
                'run': run, 'position': place, 'decision': 'import',
                'title': f'Template:Part {run % 97} {place}',
                'target': f'Template:Part {run % 97} {place}',
                'role': 'template', 'reason': 'needed', 'decided': page,
                'outcome': 'verified'} for place in range(50)])
    assert writer.page_rows(1000)[49].title == 'Template:Part 30 49'

    def seconds(work: Callable[[], object]) -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    # Measured: hundredths of a second, a tenth for all of them.
    assert seconds(lambda: log.runs(RunFilter(TARGET), 20)) < 1
    assert seconds(lambda: log.runs(RunFilter(TARGET))) < 3
    assert seconds(lambda: log.runs(RunFilter(
        TARGET, outcomes=frozenset({'failed'})), 20)) < 3
    assert seconds(lambda: log.past('Template:Part 30 49',
                                    RunFilter(TARGET))) < 1
    assert seconds(lambda: log.run(500)) < 1
    assert len(log.past('Template:Part 30 49', RunFilter()).entries) == 11
