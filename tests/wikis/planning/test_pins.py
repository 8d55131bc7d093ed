"""The text agreed to is the text that arrives, whatever the source does."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from importbot import Importer, Journal, Policy, apply_plan
from importbot.applying.apply import ImportWork
from importbot.applying.resume import find_interrupted
from importbot.applying.run import Run
from importbot.model.decisions import Outcome
from importbot.model.plan import Plan
from importbot.model.report import PageResult
from importbot.planning.plan import plan_titles
from importbot.sources.transfer import Transfer
from importbot.undoing.plan import Target, plan_undo
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, transfer_of, write_histories


class Bench:

    """Two wikis and pages of two revisions to import."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.source = box.on_source()
        self.target = box.on_target()
        self.specimens = put_specimens(box, 30)
        self.wikis: Transfer = transfer_of(box)

    def plan(self, title: str, **policy: Any) -> Plan:
        found = self.wikis.source_info.title(title)
        assert found
        return plan_titles(
            self.wikis.under(Policy(templates='none', **policy)), [found])

    def apply(self, plan: Plan, folder: Path) -> PageResult:
        journal = Journal(str(folder / 'journal.sqlite'))
        try:
            (result, ) = apply_plan(
                plan, self.wikis.target.site, journal, transfer=self.wikis,
            ).results
            return result
        finally:
            journal.close()

    def texts(self, title: str) -> list[str]:
        """The sha1 of the target's revisions, dummies left out."""
        return list(dict.fromkeys(
            row['sha1'] for row in self.target.history(title)))


@pytest.fixture(scope='module')
def bench(box: Box) -> Bench:
    return Bench(box)


def edit(bench: Bench, title: str) -> None:
    bench.source.edit(title, 'Newer than the plan.')


def protect(bench: Bench, title: str) -> None:
    """Add a revision of the same text."""
    bench.source.do('protect', title=title, protections='edit=sysop')


def delete(bench: Bench, title: str) -> None:
    bench.source.do('delete', title=title)


def move(bench: Bench, title: str) -> None:
    bench.source.do('move', **{'from': title, 'to': f'{title} moved'})


Change = Callable[[Bench, str], None]


@pytest.mark.parametrize('kind', ['full', 'current'])
@pytest.mark.parametrize('change', [edit, protect, delete, move])
def test_interwiki_sends_nothing_of_another_version(
        bench: Bench, tmp_path: Path, kind: str, change: Change) -> None:
    title = next(bench.specimens)
    plan = bench.plan(title, history=kind)
    planned = plan.pages[0].newest
    assert planned
    change(bench, title)
    before = len(bench.box.target.imports)
    result = bench.apply(plan, tmp_path)
    assert result.outcome is Outcome.REJECTED
    assert result.error
    assert result.error.key in ('source-changed', 'source-gone')
    assert result.error.values['before'] == planned.id
    assert len(bench.box.target.imports) == before
    assert bench.target.history(title) == []


@pytest.mark.parametrize(('kind', 'revisions'), [('full', 2),
                                                 ('current', 1)])
@pytest.mark.parametrize('change', [edit, protect])
def test_upload_sends_the_planned_version(
        bench: Bench, tmp_path: Path, kind: str, revisions: int,
        change: Change) -> None:
    title = next(bench.specimens)
    plan = bench.plan(title, history=kind, via='upload')
    theirs = [row['sha1'] for row in bench.source.history(title)]
    change(bench, title)
    assert bench.apply(plan, tmp_path) == PageResult(Outcome.VERIFIED,
                                                     revisions)
    assert bench.texts(title) == theirs[:revisions]


@pytest.mark.parametrize('change', [delete, move])
def test_upload_of_what_is_gone(bench: Bench, tmp_path: Path,
                                change: Change) -> None:
    title = next(bench.specimens)
    plan = bench.plan(title, via='upload')
    change(bench, title)
    result = bench.apply(plan, tmp_path)
    assert result.outcome is Outcome.REJECTED
    assert bench.target.history(title) == []


@pytest.mark.parametrize('kind', ['full', 'current'])
@pytest.mark.parametrize('change', [edit, protect])
def test_edit_between_look_and_fetch_is_never_verified(
        bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        kind: str, change: Change) -> None:
    title = next(bench.specimens)
    plan = bench.plan(title, history=kind)
    send = Importer.from_wiki

    def late(importer: Importer, *args: Any, **kwargs: Any) -> Any:
        change(bench, title)
        return send(importer, *args, **kwargs)

    monkeypatch.setattr(Importer, 'from_wiki', late)
    result = bench.apply(plan, tmp_path)
    assert result.outcome is Outcome.DIFFERS
    newest = bench.source.history(title)[0]
    assert result.error
    assert f'it took revision {newest["revid"]}' in str(result.error)


def test_local_text_stays_though_the_source_goes_on(
        bench: Bench, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    title = next(bench.specimens)
    bench.target.edit(title, 'A local text.')
    plan = bench.plan(title, existingpages='keep')
    send = Importer.from_wiki

    def late(importer: Importer, *args: Any, **kwargs: Any) -> Any:
        edit(bench, title)
        return send(importer, *args, **kwargs)

    monkeypatch.setattr(Importer, 'from_wiki', late)
    result = bench.apply(plan, tmp_path)
    assert result.outcome is Outcome.DIFFERS
    assert bench.target.text(title) == 'A local text.'


def test_existing_page_is_brought_forward_to_the_planned_version(
        bench: Bench, tmp_path: Path) -> None:
    title = next(bench.specimens)
    assert bench.apply(bench.plan(title), tmp_path
                       ).outcome is Outcome.VERIFIED
    bench.source.edit(title, 'The second version.')
    uploaded = bench.plan(title, existingpages='update', via='upload')
    fetched = bench.plan(title, existingpages='update')
    edit(bench, title)
    assert bench.apply(fetched, tmp_path).outcome is Outcome.REJECTED
    assert bench.apply(uploaded, tmp_path).outcome is Outcome.VERIFIED
    assert bench.target.text(title) == 'The second version.'


def test_history_put_beneath_is_not_sent(bench: Bench, tmp_path: Path,
                                         ) -> None:
    title = next(bench.specimens)
    plan = bench.plan(title, via='upload')
    write_histories(bench.box.source_tree, bench.box.folder / 'source', 'x',
                    {title: [('2001-01-01T00:00:00Z', 'Older.')]})
    assert len(bench.source.history(title)) == 3
    assert bench.apply(plan, tmp_path) == PageResult(Outcome.VERIFIED, 2)
    assert len(bench.texts(title)) == 2


def test_history_put_beneath_is_seen_after_the_fact(
        bench: Bench, tmp_path: Path) -> None:
    title = next(bench.specimens)
    plan = bench.plan(title)
    write_histories(bench.box.source_tree, bench.box.folder / 'source', 'x',
                    {title: [('2001-01-01T00:00:00Z', 'Older.')]})
    result = bench.apply(plan, tmp_path)
    assert result.outcome is Outcome.DIFFERS
    assert 'which nobody agreed to' in str(result.error)


@pytest.mark.parametrize('via', ['interwiki', 'upload'])
def test_resumed_run_keeps_its_pins(bench: Bench, tmp_path: Path,
                                    via: str) -> None:
    titles = [next(bench.specimens), next(bench.specimens)]
    wanted = [bench.wikis.source_info.title(title) for title in titles]
    plan = plan_titles(
        bench.wikis.under(Policy(templates='none', via=via)),
        [title for title in wanted if title])
    journal = Journal(str(tmp_path / 'journal.sqlite'))
    with Run(ImportWork(plan, bench.wikis), journal) as begun:
        run = begun.number  # cut before anything is sent
    assert run
    for title in titles:
        edit(bench, title)
    resumed = find_interrupted(journal, bench.wikis.target.api, run).resumed(
        journal, bench.wikis)
    with Run(ImportWork(resumed.plan, bench.wikis, resumed=resumed),
             journal) as again:
        again.apply_all()
    outcomes = {result.outcome for result in again.results}
    journal.close()
    assert outcomes == {Outcome.REJECTED if via == 'interwiki'
                        else Outcome.VERIFIED}
    for title in titles:
        assert len(bench.texts(title)) == (2 if via == 'upload' else 0)


def test_what_slipped_in_can_be_undone(
        bench: Bench, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    title = next(bench.specimens)
    plan = bench.plan(title)
    send = Importer.from_wiki

    def late(importer: Importer, *args: Any, **kwargs: Any) -> Any:
        edit(bench, title)
        return send(importer, *args, **kwargs)

    monkeypatch.setattr(Importer, 'from_wiki', late)
    assert bench.apply(plan, tmp_path).outcome is Outcome.DIFFERS
    journal = Journal(str(tmp_path / 'journal.sqlite'))
    wikis = bench.wikis
    undo = plan_undo(journal, 1, Target(wikis.target, wikis.target_info,
                                        wikis.access))
    journal.close()
    (page, ) = undo.pages
    assert page.verdict.reason.value != 'edited-since'
