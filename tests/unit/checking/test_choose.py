"""Which pages of a journal are looked at again."""
from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from importbot.checking.choose import Wanted, choose
from importbot.checking.look import Look
from importbot.journal import tables
from importbot.journal.arrivals import RunChanges, changes_by_runs
from importbot.journal.changes import ARRIVAL, Change, record
from importbot.journal.journal import Journal
from importbot.journal.leases import acquire
from importbot.journal.records import RunFilter
from importbot.model.check_report import FindingKind
from importbot.model.decisions import Outcome
from importbot.model.errors import JournalError, UsageError
from importbot.model.plan import Endpoint
from importbot.model.report import PageResult
from tests.kit.journals import PAGES, PLAN, TARGET
from tests.kit.plans import titled


HERE = RunFilter(TARGET)
JOURNALS = Path(__file__).parents[1] / 'journal'


def run_of(journal: Journal, count: int, target: str = TARGET) -> int:
    """Write a run down of which so many pages arrived."""
    pages = tuple(replace(PAGES[0], title=titled(f'Page {number}'),
                          target=titled(f'User:Bot/Page {number}'))
                  for number in range(count))
    run = journal.begin_run(replace(
        PLAN, pages=(*pages, PAGES[1]),
        target=Endpoint(target, 't', user='Bot')))
    journal.outcomes(run, {place: PageResult(Outcome.VERIFIED, 3)
                           for place in range(count)} | {
        count: PageResult(Outcome.UNCHANGED)})
    for place in range(count):
        record(journal, run, Change(place, ARRIVAL, 0, 10 * place + 5))
    journal.end_run(run, 'finished')
    return run


def test_what_never_arrived_is_not_looked_at(journal: Journal) -> None:
    run = run_of(journal, 3)
    chosen = choose(journal, Wanted(HERE))
    assert [(page.row.run, page.row.position, page.after)
            for page in chosen.pages] == [(run, 0, 5), (run, 1, 15),
                                          (run, 2, 25)]
    assert chosen.arrived == 3


def test_runs_elsewhere_and_under_way_are_left_out(
        journal: Journal) -> None:
    first = run_of(journal, 1)
    other = run_of(journal, 1, 'http://127.0.0.1:2/api.php')
    at_work = journal.begin_run(PLAN)
    lease = acquire(journal, TARGET, at_work)
    chosen = choose(journal, Wanted(HERE))
    assert {page.row.run for page in chosen.pages} == {first}
    assert chosen.running == (at_work, )
    with pytest.raises(UsageError, match='is under way'):
        choose(journal, Wanted(HERE, at_work))
    with pytest.raises(UsageError, match='went into http://127.0.0.1:2'):
        choose(journal, Wanted(HERE, other))
    with pytest.raises(JournalError, match='has no run 77'):
        choose(journal, Wanted(HERE, 77))
    lease.release()


def test_titles_are_understood_as_people_write_them(
        journal: Journal) -> None:
    run_of(journal, 3)
    chosen = choose(journal, Wanted(HERE, titles=(
        'page_1', 'user:Bot/Page 2')))
    assert [page.row.position for page in chosen.pages] == [1, 2]


@pytest.mark.parametrize(('percent', 'count'), [
    (.1, 1), (1, 1), (10, 10), (50, 50), (100, 100)])
def test_sample_has_its_share_and_is_the_same(
        journal: Journal, percent: float, count: int) -> None:
    run_of(journal, 60)
    run_of(journal, 40)
    one, other = (choose(journal, Wanted(HERE, sample=percent))
                  for _time in range(2))
    assert (len(one.pages), one.arrived) == (count, 100)
    assert [page.key for page in one.pages] == [
        page.key for page in other.pages]
    assert [page.key for page in one.pages] == sorted(
        page.key for page in one.pages)


def test_samples_of_some_days_reach_all_pages(journal: Journal) -> None:
    run_of(journal, 20)
    found = [{page.key for page in choose(journal, Wanted(
        HERE, sample=25, day=f'2024-01-{day:02}')).pages}
        for day in range(1, 32)]
    assert {len(pages) for pages in found} == {5}
    assert len(set().union(*found)) == 20


def test_sample_takes_of_every_run_and_changes_little(
        journal: Journal) -> None:
    run_of(journal, 100)
    before = {page.key for page in choose(
        journal, Wanted(HERE, sample=20)).pages}
    run_of(journal, 100)
    after = {page.key for page in choose(
        journal, Wanted(HERE, sample=20)).pages}
    assert {run for run, _position in after} == {1, 2}
    assert len(before & after) >= len(before) / 2


def test_latest_runs_and_outcomes_choose(journal: Journal) -> None:
    run_of(journal, 2)
    later = run_of(journal, 2)
    chosen = choose(journal, Wanted(HERE, most=1))
    assert {page.row.run for page in chosen.pages} == {later}
    assert not choose(journal, Wanted(replace(
        HERE, outcomes=frozenset({'differs'})))).pages


@pytest.mark.parametrize('schema', [1, 2, 3, 4])
def test_journals_of_earlier_releases_are_read(tmp_path: Path,
                                               schema: int) -> None:
    path = tmp_path / 'journal.sqlite'
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            (JOURNALS / f'journal-{schema}.sql').read_text('utf-8'))
        api, = connection.execute(
            'SELECT target_api FROM importbot_runs').fetchone()
    before = path.read_bytes()
    journal = Journal(str(path), reads_only=True)
    chosen = choose(journal, Wanted(RunFilter(api)))
    assert chosen.pages
    assert all(page.planned.target_text == page.row.target
               for page in chosen.pages)
    titles = {page.row.target for page in chosen.pages}
    assert changes_by_runs(journal, api, titles).keys() == titles
    journal.close()
    assert path.read_bytes() == before


def test_what_a_later_release_wrote_is_said_and_no_damage(
        journal: Journal) -> None:
    run = run_of(journal, 1)
    with journal.transaction() as connection:
        connection.execute(tables.pages.update().where(
            tables.pages.c.run == run).values(decided={'later': 1}))
    page, = choose(journal, Wanted(HERE)).pages
    checker: Any = None
    finding, = Look(checker, page, page.row.target, (), RunChanges(),
                    None).findings()
    assert finding.kind is FindingKind.UNREADABLE
    assert not finding.kind.is_wrong
