"""The journal of an operator after a year: what is asked, and how much."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from importbot.checking.choose import Wanted, choose
from importbot.commands.importruns.folder import RunsPages
from importbot.journal.journal import Journal
from importbot.journal.pruning import forget, forgettable
from importbot.journal.queries import RunLog
from importbot.journal.records import RunFilter
from importbot.journal.requests import RequestLog
from importbot.reports.html import runs as pages_of_runs
from tests.kit.journals import TARGET
from tests.kit.year import RUNS, SIZES, Year


ELSEWHERE = 'http://second.example/api.php'
#: A part of the year, from which what grows with it is seen.
MANY = 60
#: Read from one end to the other: what has a line for a wiki or an undo.
SMALL = {'importbot_undos', 'importbot_leases', 'importbot_schema',
         'importbot_health', 'importbot_alarms'}
_SCAN = re.compile(
    r'SCAN (?:TABLE )?(importbot_\w+)\b(?! USING (?:COVERING )?INDEX)')

Statements = list[tuple[str, Any]]


@pytest.fixture(scope='module')
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """A journal with runs into two wikis."""
    journal = Journal(str(tmp_path_factory.mktemp('year') / 'j.sqlite'))
    Year(runs=MANY).write(journal)
    Year(ELSEWHERE, MANY, MANY + 1).write(journal)
    yield journal
    journal.close()


@contextmanager
def statements(journal: Journal) -> Iterator[Statements]:
    """Give what is asked of the database within the block."""
    asked: Statements = []

    def keep(_connection: Any, _cursor: Any, statement: str,
             parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    sa.event.listen(sa.Engine, 'before_cursor_execute', keep)
    try:
        yield asked
    finally:
        sa.event.remove(sa.Engine, 'before_cursor_execute', keep)


def scanned(journal: Journal, asked: Statements) -> set[str]:
    """Return the tables that are read from one end to the other."""
    found: set[str] = set()
    with journal.transaction() as connection:
        for statement, parameters in asked:
            if statement.startswith(('SELECT', 'UPDATE', 'DELETE')):
                steps = connection.exec_driver_sql(
                    f'EXPLAIN QUERY PLAN {statement}', parameters)
                found.update(match[1] for step in steps
                             if (match := _SCAN.match(step.detail)))
    return found - SMALL


ASKED: dict[str, Callable[[Journal], object]] = {
    'the latest runs': lambda journal: RunLog(journal).runs(
        RunFilter(TARGET), 20),
    'of a user': lambda journal: RunLog(journal).runs(
        RunFilter(TARGET, requester='Anna'), 20),
    'that went wrong': lambda journal: RunLog(journal).runs(
        RunFilter(TARGET, outcomes=frozenset({'failed'})), 20),
    'one run': lambda journal: RunLog(journal).run(30),
    'the past of a page': lambda journal: RunLog(journal).past(
        'Rover 30', RunFilter(TARGET)),
    'a page to look at again': lambda journal: choose(journal, Wanted(
        RunFilter(TARGET), titles=('Rover 30', ))),
    'requests of a day': lambda journal: (
        RequestLog(journal, TARGET).planned_today('Anna'),
        RequestLog(journal, TARGET).changed_today()),
    'the request of a run': lambda journal: RequestLog(
        journal, TARGET).of_run(30),
    'open requests': lambda journal: RequestLog(journal, TARGET).open(),
    'which texts came': lambda journal: journal.brought(
        TARGET, 'w:de', 'Rover 30'),
}


@pytest.mark.parametrize('what', ASKED)
def test_nothing_reads_the_whole_year(year: Journal, what: str) -> None:
    with statements(year) as asked:
        ASKED[what](year)
    assert asked
    # Who started a bot by hand stands in the rows of runs, which are short.
    assert scanned(year, asked) == (
        {'importbot_runs'} if what == 'of a user' else set())


def test_the_year_is_that_of_an_operator(year: Journal) -> None:
    listed = RunLog(year).runs(RunFilter(TARGET), 3)
    assert (listed.earlier, listed.elsewhere) == (MANY - 3, MANY)
    run = listed.runs[0]
    assert (run.state, run.requested, run.requests) == (
        'finished', f'Rover {MANY}', 1)
    assert run.approver == 'Zoe'
    assert sum(run.decisions.values()) == SIZES[MANY % len(SIZES)]
    assert RUNS > 7_300


# A folder of pages

def written(journal: Journal, folder: Path) -> tuple[int, int]:
    """Write the pages; return how many there are and how many are new."""
    pages = RunsPages(journal, folder, 'en')
    count = pages.write(RunFilter(TARGET))
    assert pages.unreadable == []
    return count, pages.written


def test_many_runs_take_as_many_questions_as_few(year: Journal,
                                                 tmp_path: Path) -> None:
    with statements(year) as asked:
        assert written(year, tmp_path) == (MANY + 1, MANY + 1)
    first = len(asked)
    assert first < MANY
    assert scanned(year, asked) == {'importbot_plans'}
    with statements(year) as asked:
        assert written(year, tmp_path) == (MANY + 1, 0)
    # What was decided is not looked at any more.
    assert len(asked) < first
    assert not any('decided' in statement for statement, _values in asked)


def test_months_have_pages_of_their_own_when_runs_are_many(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_of_runs, 'MOST_RUNS', 20)
    journal = Journal(str(tmp_path / 'j.sqlite'))
    # 20 runs a day.
    many = Year(runs=640)
    many.write(journal)
    folder = tmp_path / 'html'
    assert written(journal, folder) == (643, 643)
    index = (folder / 'index.html').read_text('utf-8')
    assert re.findall('href="(run.*?)"', index) == [
        'runs-2023-02.html', 'runs-2023-01.html',
        *(f'run-{run}.html' for run in range(640, 620, -1))]
    january = (folder / 'runs-2023-01.html').read_text('utf-8')
    assert re.findall('href="(run.*?)"', january) == [
        f'run-{run}.html' for run in range(620, 0, -1)]
    assert 'href="index.html"' in january
    before = (folder / 'runs-2023-01.html').stat().st_mtime_ns
    Year(runs=1, first=641, begun=many.begun.replace(month=2, day=3)).write(
        journal)
    # The run, its month and the page of the latest.
    assert written(journal, folder) == (644, 3)
    assert (folder / 'runs-2023-01.html').stat().st_mtime_ns == before
    assert written(journal, folder) == (644, 0)
    journal.close()


# Growth

def test_pruning_forgets_texts_of_a_year_and_no_decision(
        year: Journal, tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / 'j.sqlite'))
    Year(runs=MANY).write(journal)
    path = tmp_path / 'j.sqlite'
    log = RunLog(journal)
    before = [log.run(run).as_json() for run in range(1, MANY + 1)]
    size = path.stat().st_size
    for kind in forgettable(journal, 90):
        assert forget(journal, kind, lambda *_told: None) == kind.count
    journal.compact()
    assert [log.run(run).as_json()
            for run in range(1, MANY + 1)] == before
    assert written(journal, tmp_path / 'html')[0] == MANY + 1
    # Plans of requests are written twice until then.
    assert path.stat().st_size < size * 0.8
    journal.close()
