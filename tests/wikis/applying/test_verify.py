"""Reading back: what an import must have brought, and what it did not."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from importbot import Journal, Policy, apply_plan
from importbot.model.decisions import Decision, Outcome, Reason
from importbot.model.notes import NoteKind
from importbot.model.plan import Plan
from importbot.model.report import PageResult, Report
from importbot.planning.plan import plan_titles
from importbot.sources.transfer import Transfer
from importbot.wikis.wiki import Wiki
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, transfer_of


# Real wikis

class Bench:

    """Two wikis and pages to import."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.source = box.on_source()
        self.target = box.on_target()
        self.specimens = put_specimens(box, 10)
        self.wikis: Transfer = transfer_of(box)
        #: Of the last plan that was applied.
        self.report: Report | None = None

    def plan(self, title: str, kind: str = 'full') -> Plan:
        found = self.wikis.source_info.title(title)
        assert found
        return plan_titles(
            self.wikis.under(Policy(templates='none', history=kind)), [found])

    def apply(self, plan: Plan, folder: Path) -> PageResult:
        journal = Journal(str(folder / 'journal.sqlite'))
        report = apply_plan(plan, self.wikis.target.site, journal,
                            transfer=self.wikis)
        self.report = report
        assert report.run
        (row, ), (result, ) = journal.page_rows(report.run), report.results
        journal.close()
        assert result.outcome
        assert (row.outcome, row.error) == (
            result.outcome.value, result.error and str(result.error))
        return result


@pytest.fixture(scope='module')
def bench(box: Box) -> Bench:
    return Bench(box)


@pytest.fixture(scope='module', params=['1.43', '1.39'])
def curt_bench(request: pytest.FixtureRequest,
               tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The source gives away current revisions only, and does not say so."""
    with Box(tmp_path_factory.mktemp('curt'), release=request.param,
             source_settings='$wgExportAllowHistory = false;') as box:
        yield Bench(box)


def test_page_whose_history_is_withheld_is_on_hold(curt_bench: Bench,
                                                   tmp_path: Path) -> None:
    title = next(curt_bench.specimens)
    plan = curt_bench.plan(title)
    (page, ) = plan.pages
    assert (page.decision, page.reason, page.steps) == (
        Decision.HOLD, Reason.HISTORY_WITHHELD, ())
    before = len(curt_bench.box.target.imports)
    assert curt_bench.apply(plan, tmp_path) == PageResult(Outcome.UNCHANGED)
    assert len(curt_bench.box.target.imports) == before
    assert curt_bench.target.history(title) == []


def test_history_cut_in_silence_is_noticed(
        curt_bench: Bench, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    # As if the source had begun to withhold it behind the plan.
    monkeypatch.setattr(Wiki, 'gives_history', lambda wiki, title: True)
    title = next(curt_bench.specimens)
    result = curt_bench.apply(curt_bench.plan(title), tmp_path)
    assert len(curt_bench.source.history(title)) == 2
    assert (result.outcome, result.imported) == (Outcome.DIFFERS, 1)
    assert str(result.error) == (
        'revisions of the source that the target lacks: 1, the oldest of '
        '2010-10-10T10:10:10Z')


def test_current_revision_alone_is_enough_where_it_was_asked_for(
        curt_bench: Bench, tmp_path: Path) -> None:
    title = next(curt_bench.specimens)
    result = curt_bench.apply(curt_bench.plan(title, 'current'), tmp_path)
    assert result == PageResult(Outcome.VERIFIED, 1)


def test_hidden_revision_is_compared_by_time(bench: Bench,
                                             tmp_path: Path) -> None:
    title = next(bench.specimens)
    oldest = bench.source.history(title)[-1]
    bench.source.do('revisiondelete', type='revision', target=title,
                    ids=oldest['revid'], hide='content|user|comment')
    plan = bench.plan(title)
    note = {'kind': 'hidden', 'page': title, 'count': 1}
    assert [found.as_json() for found in plan.notes
            if found.kind is NoteKind.HIDDEN] == [note]
    assert bench.apply(plan, tmp_path) == PageResult(Outcome.VERIFIED, 2)
    assert bench.report
    assert note in bench.report.as_json()['notes']
    arrived = bench.target.history(title)[-1]
    assert arrived['timestamp'] == oldest['timestamp']
    assert arrived['sha1'] != oldest['sha1']


def edit_on_target(bench: Bench, title: str) -> None:
    bench.target.edit(title, 'A local text.')


def edit_on_source(bench: Bench, title: str) -> None:
    bench.source.edit(title, 'Newer than the import.')


def delete_on_source(bench: Bench, title: str) -> None:
    bench.source.do('delete', title=title)


def delete_on_target(bench: Bench, title: str) -> None:
    bench.target.do('delete', title=title)


def edit_on_target_and_delete_on_source(bench: Bench, title: str) -> None:
    edit_on_target(bench, title)
    delete_on_source(bench, title)


def delete_everywhere(bench: Bench, title: str) -> None:
    delete_on_target(bench, title)
    delete_on_source(bench, title)


def apply_while(bench: Bench, folder: Path,
                change: Callable[[Bench, str], Any]) -> PageResult:
    """Import a page; change it behind the import, before it is read back.
    """
    title = next(bench.specimens)
    plan = bench.plan(title)
    with bench.box.target.broken(meanwhile=lambda: change(bench, title),
                                 cuts=False):
        return bench.apply(plan, folder)


@pytest.mark.parametrize(('change', 'says'), [
    (edit_on_target, 'the text shown is not the newest of the source'),
    (delete_on_target, 'the target shows no such page'),
    # Told by the source as it was, since it has the page no more.
    (edit_on_target_and_delete_on_source,
     'the text shown is not the newest of the source'),
    (delete_everywhere, 'the target shows no such page')])
def test_change_before_the_reading_back_is_noticed(
        bench: Bench, tmp_path: Path, says: str,
        change: Callable[[Bench, str], Any]) -> None:
    result = apply_while(bench, tmp_path, change)
    assert (result.outcome, result.imported) == (Outcome.DIFFERS, 2)
    assert result.error
    assert says in str(result.error)


@pytest.mark.parametrize('change', [edit_on_source, delete_on_source])
def test_change_of_the_source_behind_the_import_is_no_difference(
        bench: Bench, tmp_path: Path,
        change: Callable[[Bench, str], Any]) -> None:
    # The target has all that was planned.
    assert apply_while(bench, tmp_path, change) == PageResult(
        Outcome.VERIFIED, 2)
