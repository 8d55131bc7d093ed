"""Runs of earlier releases are gone on with and undone on real wikis."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from importbot import Journal, Policy
from importbot.applying.apply import ImportWork
from importbot.applying.resume import find_interrupted
from importbot.applying.run import Run
from importbot.journal.queries import RunLog
from importbot.journal.records import RunFilter
from importbot.model.decisions import Outcome
from importbot.planning.plan import plan_titles
from importbot.sources.transfer import connect
from tests.kit.mariadb import Server, mariadb
from tests.kit.older_journals import lower, poured
from tests.kit.support import Box
from tests.kit.undo_wikis import Bench, bench_of, brought, verdict


@pytest.fixture(scope='module')
def server() -> Iterator[Server]:
    """A MariaDB server for all of them."""
    with mariadb() as server:
        yield server


@pytest.fixture
def bench(box: Box, tmp_path: Path) -> Iterator[Bench]:
    """Somebody who may delete."""
    with bench_of(box, 'user', tmp_path) as bench:
        yield bench


def begun(bench: Bench, title: str) -> int:
    """Begin a run that is cut before anything is sent; return it."""
    bench.box.on_source().edit(title, 'theirs')
    wikis = connect(bench.site, bench.box.prefix, Policy(templates='none'))
    wanted = wikis.source_info.title(title)
    assert wanted
    with Run(ImportWork(plan_titles(wikis, [wanted]), wikis),
             bench.journal) as run:
        assert run.number
    return run.number


@pytest.mark.parametrize('database', ['sqlite', 'mariadb'])
@pytest.mark.parametrize('schema', [1, 2, 3, 4])
def test_run_is_resumed_and_another_one_undone(
        bench: Bench, tmp_path: Path, server: Server, schema: int,
        database: str) -> None:
    name = f'{database} {schema}'
    whole = brought(bench, f'Whole {name}')
    undone = brought(bench, f'Undone {name}')
    assert bench.undo(undone).went_as_planned
    cut = begun(bench, f'Cut {name}')
    bench.journal.close()
    lower(tmp_path / 'j.sqlite', schema)
    journal = Journal(str(tmp_path / 'j.sqlite') if database == 'sqlite'
                      else poured(tmp_path / 'j.sqlite', server, schema))
    bench.journal = journal
    if schema > 2:
        # What it undoes is its own: nothing is left of it.
        assert verdict(bench, undone) == ('skip', 'gone')
        assert RunLog(journal).past(f'Undone {name}', RunFilter()).entries[
            0].page.title == f'Undone {name}'

    wikis = connect(bench.site, bench.box.prefix, Policy(templates='none'))
    resumed = find_interrupted(journal, wikis.target.api, cut).resumed(
        journal, wikis)
    with Run(ImportWork(resumed.plan, wikis, resumed=resumed),
             journal) as again:
        again.apply_all()
    assert [result.outcome for result in again.results] == [Outcome.VERIFIED]
    assert bench.undo(cut).went_as_planned
    assert not bench.admin.history(f'Cut {name}')

    if schema > 2:
        assert bench.undo(whole).went_as_planned
        assert not bench.admin.history(f'Whole {name}')
    else:
        # Those releases did not write down what they changed.
        assert verdict(bench, whole) == ('hold', 'not-recorded')
    journal.close()
