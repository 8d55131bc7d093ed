"""Reading back: what an import must have brought, and what it did not."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot import Journal, Policy, apply_plan
from importbot.applying.verify import verify
from importbot.model.decisions import Decision, Outcome, Reason, Relation, Role
from importbot.model.plan import Plan, PlannedPage
from importbot.model.report import PageResult, Report
from importbot.model.revisions import Revision, lacking
from importbot.model.steps import Step
from importbot.planning.plan import plan_titles
from importbot.sources.pair import WikiPair
from importbot.wikis.wiki import Wiki
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, wikipair_of


def sha1(letter: str) -> str:
    """Return a sha1 for a text of one letter; empty for a hidden one."""
    return letter.replace('?', '') and letter * 40


def history(*moments: str) -> list[Revision]:
    """Return revisions, newest first: ``2a`` is text a at second 2."""
    return [Revision(int(moment[0]), 0, f'2020-01-01T00:00:0{moment[0]}Z',
                     sha1(moment[1])) for moment in moments]


# What one history lacks of another

@pytest.mark.parametrize(('source', 'target', 'expected'), [
    (['2b', '1a'], ['2b', '1a'], []),
    (['2b', '1a'], [], ['2b', '1a']),
    (['2b', '1a'], ['2b'], ['1a']),
    (['2b', '1a'], ['3b', '2b', '1a'], []),
    # The same text at another time, another text at the same time.
    (['2b', '1a'], ['3b', '2a', '1a'], ['2b']),
    # Two of one second with the same text are one to MediaWiki.
    (['1a', '1a'], ['1a'], []),
    (['1b', '1a'], ['1a'], ['1b']),
    # What the source hides arrives as an empty text.
    (['2?', '1a'], ['2e', '1a'], []),
    (['2?', '1a'], ['1a'], ['2?']),
    (['2b', '1a'], ['2?', '1a'], []),
])
def test_lacking(source: list[str], target: list[str],
                 expected: list[str]) -> None:
    assert lacking(history(*source), history(*target)) == history(*expected)


revisions = st.builds(
    Revision, st.integers(1, 3), st.just(0),
    st.sampled_from(['2020-01-01T00:00:01Z', '2020-01-01T00:00:02Z',
                     '2020-01-01T00:00:03Z']),
    st.sampled_from([sha1('a'), sha1('b'), '']))
histories = st.lists(revisions, max_size=5)


@given(histories, histories)
def test_lacking_is_what_no_revision_of_the_target_can_be(
        source: list[Revision], target: list[Revision]) -> None:
    def may_be_same(one: Revision, other: Revision) -> bool:
        return one.timestamp == other.timestamp and (
            one.sha1 == other.sha1 or '' in (one.sha1, other.sha1))

    assert lacking(source, target) == [
        one for one in source
        if not any(may_be_same(one, other) for other in target)]


@given(histories, histories, histories)
def test_more_on_the_target_never_makes_it_lack_more(
        source: list[Revision], target: list[Revision],
        more: list[Revision]) -> None:
    less = lacking(source, target + more)
    assert [one for one in lacking(source, target) if one in less] == less


# The judgement, as pure logic

def planned(newest: Revision, kind: str) -> PlannedPage:
    return PlannedPage(
        'Rover', 0, 'Rover', Role.REQUESTED, (), (), Relation.MISSING,
        Decision.IMPORT, Reason.REQUESTED,
        (Step('import', 'interwiki', history=kind), ), newest)


def judged(newest: str, kind: str, source: Sequence[Revision],
           target: Sequence[Revision]) -> PageResult:
    (revision, ) = history(newest)
    return verify(planned(revision, kind), PageResult(Outcome.IMPORTED, 1),
                  source, target)


@pytest.mark.parametrize(('kind', 'source', 'target'), [
    ('full', ['3c', '2b', '1a'], ['9c', '3c', '2b', '1a']),
    ('current', ['3c', '2b', '1a'], ['9c', '3c']),
    # More than asked for was there before.
    ('current', ['3c', '2b', '1a'], ['9c', '3c', '2d']),
    # The source went on since the plan.
    ('full', ['4d', '3c', '2b', '1a'], ['9c', '3c', '2b', '1a']),
    ('current', ['4d', '3c', '2b', '1a'], ['9c', '3c']),
    # Hidden on the source: compared by time.
    ('full', ['3?', '2b', '1a'], ['9e', '3e', '2b', '1a']),
    ('full', ['3c', '2?', '1a'], ['9c', '3c', '2e', '1a']),
])
def test_verified(kind: str, source: list[str], target: list[str]) -> None:
    result = judged('3c', kind, history(*source), history(*target))
    assert result == PageResult(Outcome.VERIFIED, 1)


@pytest.mark.parametrize(('kind', 'source', 'target', 'says'), [
    ('full', ['3c', '2b', '1a'], ['9c', '3c', '2b'],
     'revisions of the source that the target lacks: 1, the oldest of '
     '2020-01-01T00:00:01Z'),
    ('full', ['3c', '2b', '1a'], ['9c', '3c'],
     'revisions of the source that the target lacks: 2, the oldest of '
     '2020-01-01T00:00:01Z'),
    ('current', ['3c', '2b', '1a'], ['9b', '2b'], 'lacks: 1, '),
    ('full', ['3c', '2b', '1a'], ['9x'], 'lacks: 3, '),
    ('current', ['3c', '2b', '1a'], ['9x'], 'lacks: 1, '),
    ('full', ['3c', '2b', '1a'], [], 'the target shows no such page'),
    ('current', ['3c', '2b', '1a'], [], 'the target shows no such page'),
    ('full', ['4d', '3c', '2b', '1a'], ['9d', '4d'], 'lacks: 3, '),
    ('full', ['3c', '2b', '1a'], ['9x', '3c', '2b', '1a'],
     'the text shown is not the newest of the source'),
    ('current', ['3c'], ['9x', '3c'], 'the text shown is not the newest'),
    # What came is not what was agreed to.
    ('full', ['4d', '3c', '2b', '1a'], ['9d', '4d', '3c', '2b', '1a'],
     'the text shown is not the newest of the source'),
    ('current', ['4d', '3c', '2b', '1a'], ['9d', '4d'], 'lacks: 1, '),
    ('full', [], ['9c', '3c'], 'the source has the page no more'),
    ('full', [], [], 'the source has the page no more'),
])
def test_differs(kind: str, source: list[str], target: list[str],
                 says: str) -> None:
    result = judged('3c', kind, history(*source), history(*target))
    assert (result.outcome, result.imported) == (Outcome.DIFFERS, 1)
    assert result.error
    assert says in result.error


@given(st.lists(st.sampled_from('abc'), min_size=1, max_size=8), st.data())
def test_every_single_revision_counts(letters: list[str],
                                      data: st.DataObject) -> None:
    source = history(*(f'{second}{letter}' for second, letter
                       in enumerate(letters, 1)))[::-1]
    newest = f'{len(letters)}{letters[-1]}'
    dummy = replace(source[0], id=99, timestamp='2020-01-01T00:00:09Z')
    assert judged(newest, 'full', source, [dummy, *source]).outcome is (
        Outcome.VERIFIED)
    gone = data.draw(st.sampled_from(source))
    rest = [revision for revision in source if revision != gone]
    assert judged(newest, 'full', source, [dummy, *rest]).outcome is (
        Outcome.DIFFERS)


# Real wikis

class Bench:

    """Two wikis and pages to import."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.source = box.on_source()
        self.target = box.on_target()
        self.specimens = put_specimens(box, 10)
        self.wikis: WikiPair = wikipair_of(box)
        #: Of the last plan that was applied.
        self.report: Report | None = None

    def plan(self, title: str, kind: str = 'full') -> Plan:
        found = self.wikis.source_info.title(title)
        assert found
        return plan_titles(self.wikis, [found],
                           Policy(templates='none', history=kind))

    def apply(self, plan: Plan, folder: Path) -> PageResult:
        journal = Journal(str(folder / 'journal.sqlite'))
        report = apply_plan(plan, self.wikis.target.site, journal,
                            wikis=self.wikis)
        self.report = report
        assert report.run
        (row, ), (result, ) = journal.page_rows(report.run), report.results
        journal.close()
        assert result.outcome
        assert (row['outcome'], row['error']) == (result.outcome.value,
                                                  result.error)
        return result


@pytest.fixture(scope='module')
def bench(box: Box) -> Bench:
    return Bench(box)


@pytest.fixture(scope='module', params=['1.43', '1.39'])
def curt_bench(request: pytest.FixtureRequest,
               tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The source gives away current revisions only, and does not say so."""
    box = Box(tmp_path_factory.mktemp('curt'), release=request.param,
              source_settings='$wgExportAllowHistory = false;')
    try:
        yield Bench(box)
    finally:
        box.close()


@pytest.mark.wiki
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


@pytest.mark.wiki
def test_history_cut_in_silence_is_noticed(
        curt_bench: Bench, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    # As if the source had begun to withhold it behind the plan.
    monkeypatch.setattr(Wiki, 'gives_history', lambda wiki, title: True)
    title = next(curt_bench.specimens)
    result = curt_bench.apply(curt_bench.plan(title), tmp_path)
    assert len(curt_bench.source.history(title)) == 2
    assert (result.outcome, result.imported) == (Outcome.DIFFERS, 1)
    assert result.error == (
        'revisions of the source that the target lacks: 1, the oldest of '
        '2010-10-10T10:10:10Z')


@pytest.mark.wiki
def test_current_revision_alone_is_enough_where_it_was_asked_for(
        curt_bench: Bench, tmp_path: Path) -> None:
    title = next(curt_bench.specimens)
    result = curt_bench.apply(curt_bench.plan(title, 'current'), tmp_path)
    assert result == PageResult(Outcome.VERIFIED, 1)


@pytest.mark.wiki
def test_hidden_revision_is_compared_by_time(bench: Bench,
                                             tmp_path: Path) -> None:
    title = next(bench.specimens)
    oldest = bench.source.history(title)[-1]
    bench.source.do('revisiondelete', type='revision', target=title,
                    ids=oldest['revid'], hide='content|user|comment')
    plan = bench.plan(title)
    note = {'kind': 'hidden', 'page': title, 'count': 1}
    assert [dict(found) for found in plan.notes
            if found['kind'] == 'hidden'] == [note]
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


@pytest.mark.wiki
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
    assert says in result.error


@pytest.mark.wiki
@pytest.mark.parametrize('change', [edit_on_source, delete_on_source])
def test_change_of_the_source_behind_the_import_is_no_difference(
        bench: Bench, tmp_path: Path,
        change: Callable[[Bench, str], Any]) -> None:
    # The target has all that was planned.
    assert apply_while(bench, tmp_path, change) == PageResult(
        Outcome.VERIFIED, 2)
