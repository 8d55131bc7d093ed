"""What breaks while a run is undone, or broke while it ran."""
from __future__ import annotations

import itertools
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
import pywikibot

from importbot import Journal, make_undo_plan
from importbot.applying import reconcile
from importbot.journal import tables
from importbot.journal.changes import ARRIVAL, changes_of
from importbot.journal.leases import acquire
from importbot.model.decisions import Outcome
from importbot.model.errors import PreflightError, TargetError
from importbot.model.undo_plan import UndoReason
from tests.kit.commands import PWB, Popen
from tests.kit.proxy import Exchange
from tests.kit.support import Box
from tests.kit.undo_wikis import MARK, Bench, verdict


#: Rights of the bot, and switches that a test turns by a file.
SETTINGS = """
$wgGroupPermissions['importer']['delete'] = true;
$wgGroupPermissions['importer']['deletedhistory'] = true;
if ( is_file( __DIR__ . '/readonly' ) ) {
    $wgReadOnly = 'Moving to another house';
}
if ( is_file( __DIR__ . '/filter' ) ) {
    $wgHooks['EditFilterMergedContent'][] = static function (
        $context, $content, $status ) {
        $status->fatal( 'hookaborted' );
        return false;
    };
    $wgHooks['ArticleDelete'][] = static function (
        $page, $user, $reason, &$error ) {
        $error = 'This page is precious.';
        return false;
    };
}
"""
_numbers = itertools.count(1)


@pytest.fixture(scope='module')
def wikis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('faults'), empty=True,
             settings=SETTINGS) as box:
        yield box


@pytest.fixture
def bench(importer: Bench) -> Bench:
    return importer


@pytest.fixture(autouse=True)
def _no_waiting_for_the_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, '_PAUSE', .3)
    monkeypatch.setattr(pywikibot.config, 'retry_wait', 0)
    monkeypatch.setattr(pywikibot.config, 'max_retries', 2)
    monkeypatch.setattr('importbot.undoing.undo._JOB', 2)
    monkeypatch.setattr('importbot.wikis.api._RETRY_WAIT', 0)


@pytest.fixture
def switch(wikis: Box) -> Iterator[Callable[[str], None]]:
    """Return what turns on a switch of the target, by name."""
    folder = wikis.folder / 'target'
    turned: list[Path] = []

    def turn(name: str) -> None:
        turned.append(folder / name)
        turned[-1].touch()

    yield turn
    for path in turned:
        path.unlink()


def mixed_run(bench: Bench) -> tuple[int | None, dict[str, str]]:
    """Make a run that creates two pages and replaces the text of one.

    :return: its number, and what the target had before
    """
    number = next(_numbers)
    source, admin = bench.box.on_source(), bench.admin
    source.edit(f'Template:Part {number}', 'part')
    source.edit(f'Whole {number}', f'uses {{{{Part {number}}}}}')
    admin.edit(f'Changed {number}', 'ours')
    source.edit(f'Changed {number}', 'theirs')
    before = bench.texts()
    report = bench.run(f'Whole {number}', f'Changed {number}',
                       existingpages='force')
    assert report.went_as_planned, report.results
    assert len(bench.texts()) == len(before) + 2
    return report.run, before


def nth(number: int) -> Callable[[Exchange], bool]:
    """Return what hits one request, by its place."""
    counter = itertools.count(1)
    return lambda exchange: next(counter) == number


# Silence

def first_of_each_kind(exchanges: Sequence[Exchange],
                       forwards: bool) -> list[int]:
    """Return which requests ask for another thing than those before.

    Of those that arrive, only the ones that write: to who waits for the
    answer, another one that is lost has not arrived.
    """
    numbers: dict[tuple[str | None, ...], int] = {}
    for number, exchange in enumerate(exchanges, start=1):
        kind = tuple(exchange.parameters.get(name) for name in (
            'action', 'list', 'prop', 'meta', 'generator'))
        if not forwards or kind[0] in ('delete', 'edit'):
            numbers.setdefault(kind, number)
    assert numbers
    return list(numbers.values())


@pytest.mark.parametrize('is_every', [
    False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.parametrize('forwards', [True, False])
def test_each_request_is_lost_in_turn(bench: Bench, forwards: bool,
                                      is_every: bool) -> None:
    run, before = mixed_run(bench)
    bench.box.target.exchanges.clear()
    assert bench.undo(run).went_as_planned
    exchanges = list(bench.box.target.exchanges)
    assert bench.texts() == before
    for number in (range(1, len(exchanges) + 1) if is_every
                   else first_of_each_kind(exchanges, forwards)):
        run, before = mixed_run(bench)
        # What is lost before anything is done ends it.
        with (suppress(TargetError), bench.box.target.broken(
                hits=nth(number), forwards=forwards)):
            bench.undo(run)
        assert set(deletions(bench).values()) == {1}
        assert not bench.undo(run).plan.held
        assert bench.texts() == before, number
        assert not bench.plan(run).has_work


def deletions(bench: Bench) -> Counter[str]:
    """Return how often pages were deleted."""
    return Counter(row['title'] for row in bench.admin.all(
        'logevents', list='logevents', letype='delete', lelimit='max'))


def test_wiki_is_gone_from_the_first_deed_on(bench: Bench) -> None:
    run, before = mixed_run(bench)
    with bench.box.target.broken(
            hits=lambda exchange: 'delete' in exchange.parameters.get(
                'action', ''), forwards=False, times=100):
        undo = bench.undo(run)
    outcomes = [result.outcome for result in undo.results]
    assert outcomes[0] is Outcome.UNKNOWN
    assert set(outcomes[1:]) == {Outcome.UNCHANGED}
    assert 'not sent' in str(undo.results[1].error)
    assert bench.journal.run_row(undo.number or 0).state == 'interrupted'
    assert bench.undo(run).went_as_planned
    assert bench.texts() == before


# The wiki says no

def test_wiki_that_is_read_only_is_asked_once(
        bench: Bench, switch: Callable[[str], None]) -> None:
    run, _before = mixed_run(bench)
    undo = bench.undoing(bench.plan(run))
    switch('readonly')
    bench.box.target.exchanges.clear()
    with undo:
        undo.apply_all()
    sent = [exchange for exchange in bench.box.target.exchanges
            if exchange.parameters.get('action') in ('delete', 'edit')]
    assert 0 < len(sent) <= 3
    assert all(result.outcome is not Outcome.VERIFIED
               for result in undo.results)


def test_account_that_is_blocked_is_told_so(bench: Bench) -> None:
    run, _before = mixed_run(bench)
    undo = bench.undoing(bench.plan(run))
    bench.admin.do('block', user=bench.account, reason='stop it')
    try:
        bench.box.target.exchanges.clear()
        with undo:
            undo.apply_all()
        sent = [exchange for exchange in bench.box.target.exchanges
                if exchange.parameters.get('action') in ('delete', 'edit')]
        assert len(sent) == 1, undo.results
        assert 'blocked' in str(undo.results[0].error)
        with pytest.raises(PreflightError, match='is blocked.*stop it'):
            bench.plan(run)
    finally:
        bench.admin.do('unblock', user=bench.account)
    assert bench.undo(run).went_as_planned


def test_filter_that_refuses_is_quoted(
        bench: Bench, switch: Callable[[str], None]) -> None:
    run, _before = mixed_run(bench)
    switch('filter')
    undo = bench.undo(run)
    assert {result.outcome for result in undo.results} == {Outcome.FAILED}
    assert 'precious' in str([result.error for result in undo.results])


def test_session_is_lost_on_the_way(bench: Bench) -> None:
    run, before = mixed_run(bench)

    def log_out(place: int) -> None:
        bench.site.tokens.clear()
        pywikibot.comms.http.session.cookies.clear()

    undo = bench.undo(run, before=log_out)
    assert undo.went_as_planned
    assert bench.texts() == before


# Killed while it imported

def killed_import(box: Box, hits: Callable[[Exchange], bool],
                  *arguments: str, forwards: bool = True) -> None:
    """Import by a process that is killed at some request."""
    with box.target.broken(hits=hits, forwards=forwards,
                           meanwhile=lambda: process.kill()):
        process = Popen(
            [str(PWB), 'importpages', '-source:en', '-always',
             '-templates:none', *arguments], cwd=box.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, 'PYWIKIBOT_DIR': str(box.config)})
        process.wait(timeout=120)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize('forwards', [True, False])
def test_import_that_was_killed_on_its_way(wikis: Box,
                                           forwards: bool) -> None:
    titles = [f'Killed {next(_numbers)}' for _ in range(3)]
    for title in titles:
        wikis.on_source().edit(title, 'theirs')
    before = wikis.on_target().snapshot()
    seen = itertools.count()
    killed_import(wikis, lambda exchange: exchange.is_import
                  and next(seen) == 1, *(f'-page:{title}'
                                         for title in titles),
                  forwards=forwards)
    assert len(wikis.on_target().snapshot()) > len(before)
    run = str(latest(wikis))
    shown = wikis.pwb('importundo', run, '-plan')
    assert 'on its way when the run was cut' in shown.output
    done = wikis.pwb('importundo', run, '-always', '-serverlimit:1')
    assert done.status == 0, done.output
    assert wikis.on_target().snapshot() == before
    again = wikis.pwb('importpages', '-resume', '-always')
    assert 'nothing to resume' in again.output or (
        'no interrupted run' in again.output), again.output


def latest(box: Box) -> int | None:
    journal = Journal(str(box.config / 'importbot.sqlite'))
    try:
        return journal.latest_run(f'{box.target.base}/api.php')
    finally:
        journal.close()


def test_import_that_was_killed_before_its_edit(wikis: Box) -> None:
    """It came, and shows a text that nobody planned."""
    title = f'Killed {next(_numbers)}'
    wikis.on_source().edit(title, 'theirs')
    time.sleep(1)
    wikis.on_target().edit(title, 'ours')
    killed_import(wikis, lambda exchange: exchange.parameters.get(
        'action') == 'edit', f'-page:{title}', '-existingpages:force',
        forwards=False)
    run = str(latest(wikis))
    done = wikis.pwb('importundo', run, '-always', '-serverlimit:1')
    assert done.status == 0, done.output
    assert wikis.on_target().text(title) == 'ours'
    # Nobody takes that up again.
    later = wikis.pwb('importpages', '-resume', '-always')
    assert later.status == 1
    assert wikis.on_target().text(title) == 'ours'


def test_edit_by_others_after_the_kill_is_kept(wikis: Box) -> None:
    title = f'Killed {next(_numbers)}'
    wikis.on_source().edit(title, 'theirs')
    killed_import(wikis, lambda exchange: exchange.is_import,
                  f'-page:{title}')
    wikis.on_target().edit(title, 'of somebody')
    run = str(latest(wikis))
    done = wikis.pwb('importundo', run, '-always', '-serverlimit:1')
    assert done.status == 3, done.output
    assert f'{title}: on hold; ' in done.output
    assert wikis.on_target().text(title) == 'of somebody'


def test_other_run_that_was_killed_keeps_the_undo_out(wikis: Box) -> None:
    first, second = (f'Killed {next(_numbers)}' for _ in range(2))
    for title in (first, second):
        wikis.on_source().edit(title, 'theirs')
    wikis.importpages('-templates:none', f'-page:{first}')
    run = str(latest(wikis))
    killed_import(wikis, lambda exchange: exchange.is_import,
                  f'-page:{second}')
    done = wikis.pwb('importundo', run, '-always', '-serverlimit:1')
    assert done.status == 1, done.output
    other = latest(wikis)
    assert f'importpages -resume:{other}' in ' '.join(done.output.split())
    assert wikis.on_target().text(first) == 'theirs'
    gone_on = wikis.pwb('importpages', f'-resume:{other}', '-always',
                        '-serverlimit:1')
    assert gone_on.status == 0, gone_on.output
    done = wikis.pwb('importundo', run, '-always')
    assert done.status == 0, done.output


def test_resumed_run_is_undone(wikis: Box) -> None:
    titles = [f'Killed {next(_numbers)}' for _ in range(3)]
    for title in titles:
        wikis.on_source().edit(title, 'theirs')
    before = wikis.on_target().snapshot()
    killed_import(wikis, lambda exchange: exchange.is_import,
                  *(f'-page:{title}' for title in titles))
    gone_on = wikis.pwb('importpages', '-resume', '-always',
                        '-serverlimit:1')
    assert gone_on.status == 0, gone_on.output
    done = wikis.pwb('importundo', str(latest(wikis)), '-always')
    assert done.status == 0, done.output
    assert wikis.on_target().snapshot() == before


def test_page_that_could_not_be_read_back(bench: Bench) -> None:
    """It arrived, and the wiki was gone right after."""
    title = f'Not read back {next(_numbers)}'
    bench.box.on_source().edit(title, 'theirs')
    before = bench.texts()
    imported: list[bool] = []

    def hits(exchange: Exchange) -> bool:
        imported.append(exchange.is_import)
        return any(imported[:-1])

    with bench.box.target.broken(hits=hits, forwards=False, times=100):
        report = bench.run(title, templates='none')
    assert report.results[0].outcome is Outcome.IMPORTED, report.results
    assert not changes_of(bench.journal, report.run or 0)
    assert verdict(bench, report.run)[0] == 'hold'
    plan = make_undo_plan(report.run or 0, bench.site, bench.journal)
    assert [change.action for change in changes_of(
        bench.journal, report.run or 0)] == [ARRIVAL]
    assert plan.has_work
    assert bench.undo(report.run).went_as_planned
    assert bench.texts() == before


# Killed while it undid

def killed_undo(box: Box, run: str, number: int, forwards: bool,
                *arguments: str) -> None:
    """Undo a run by a process that is killed at one of its writes."""
    seen = itertools.count(1)
    with box.target.broken(
            hits=lambda exchange: exchange.parameters.get('action') in (
                'delete', 'edit') and next(seen) == number,
            forwards=forwards, meanwhile=lambda: process.kill()):
        process = Popen(
            [str(PWB), 'importundo', run, '-always', *arguments],
            cwd=box.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, 'PYWIKIBOT_DIR': str(box.config)})
        process.wait(timeout=120)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize('forwards', [True, False])
@pytest.mark.parametrize('number', [
    1, 2, pytest.param(3, marks=pytest.mark.soak)])
def test_undo_that_was_killed_at_a_write(wikis: Box, number: int,
                                         forwards: bool) -> None:
    title = f'Undone {next(_numbers)}'
    source, target = wikis.on_source(), wikis.on_target()
    source.edit(f'Template:{title}', 'part')
    source.edit(title, f'uses {{{{{title}}}}}')
    target.edit(f'{title} b', 'ours')
    source.edit(f'{title} b', 'theirs')
    before = texts_of(wikis)
    run, report = wikis.importpages(
        f'-page:{title}', f'-page:{title} b', '-existingpages:force')
    assert run.status == 0, run.output
    killed_undo(wikis, str(report['run']), number, forwards)
    done = wikis.pwb('importundo', str(report['run']), '-always')
    assert done.status == 0, done.output
    assert texts_of(wikis) == before
    again = wikis.pwb('importundo', str(report['run']), '-always')
    assert again.status == 0 and 'nothing to undo' in again.output
    # Nobody is kept out by the one that died.
    run, _report = wikis.importpages(f'-page:{title} b',
                                     '-existingpages:force')
    assert run.status == 0, run.output


def texts_of(box: Box) -> dict[str, str]:
    return {title: sha1 for title, (_revision, sha1)
            in box.on_target().snapshot().items()}


def test_earlier_run_is_undone_after_an_undo_that_was_killed(
        wikis: Box) -> None:
    """It had restored a page, and could not write that down any more."""
    title = f'Undone {next(_numbers)}'
    before, runs = texts_of(wikis), []
    for text in ('one', 'two'):
        wikis.on_source().edit(title, text)
        run, report = wikis.importpages(f'-page:{title}',
                                        '-existingpages:update')
        assert run.status == 0, run.output
        runs.append(str(report['run']))
    killed_undo(wikis, runs[1], 1, True)
    assert wikis.on_target().text(title) == 'one'
    for run_number in reversed(runs):
        done = wikis.pwb('importundo', run_number, '-always')
        assert done.status == 0, done.output
    assert texts_of(wikis) == before


def test_mark_that_an_undo_could_not_write_down(box: Box) -> None:
    title = f'Undone {next(_numbers)}'
    box.on_source().edit(title, 'theirs')
    run, report = box.importpages(f'-page:{title}')
    assert run.status == 0, run.output
    killed_undo(box, str(report['run']), 1, True, f'-mark:{MARK}')
    assert box.on_target().text(title) == f'{MARK}\ntheirs'
    done = box.pwb('importundo', str(report['run']), '-always',
                   f'-mark:{MARK}')
    assert done.status == 0, done.output
    assert 'marked for deletion already' in done.output


def test_ctrl_c_twice_ends_at_once(wikis: Box) -> None:
    titles = [f'Undone {next(_numbers)}' for _ in range(4)]
    for title in titles:
        wikis.on_source().edit(title, 'theirs')
    before = texts_of(wikis)
    _run, report = wikis.importpages(*(f'-page:{title}'
                                       for title in titles))
    run = str(report['run'])
    with wikis.target.broken(
            hits=lambda exchange: exchange.parameters.get(
                'action') == 'delete',
            meanwhile=lambda: process.send_signal(signal.SIGINT),
            silence=3, cuts=False):
        process = Popen(
            [str(PWB), 'importundo', run, '-always'], cwd=wikis.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
            env={**os.environ, 'PYWIKIBOT_DIR': str(wikis.config)})
        while not wikis.target.reached or wikis.target.reached[
                -1].parameters.get('action') != 'delete':
            time.sleep(.05)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate(timeout=60)
    assert process.returncode == 130, printed
    assert 'Traceback' not in printed
    assert len(texts_of(wikis)) == len(before) + 3
    done = wikis.pwb('importundo', run, '-always')
    assert done.status == 0, done.output
    assert texts_of(wikis) == before


def test_another_bot_is_at_work(wikis: Box) -> None:
    title = f'Undone {next(_numbers)}'
    wikis.on_source().edit(title, 'theirs')
    _run, report = wikis.importpages(f'-page:{title}')
    journal = Journal(str(wikis.config / 'importbot.sqlite'))
    lease = acquire(journal, f'{wikis.target.base}/api.php', report['run'])
    try:
        shown = wikis.pwb('importundo', str(report['run']), '-plan')
        assert shown.status == 2, shown.output
        done = wikis.pwb('importundo', str(report['run']), '-always')
        assert done.status == 1, done.output
        assert 'Another bot' in done.output
        assert wikis.on_target().text(title) == 'theirs'
    finally:
        lease.release()
        journal.close()
    done = wikis.pwb('importundo', str(report['run']), '-always')
    assert done.status == 0, done.output


# Journals of other times and places

def test_run_of_an_older_release(bench: Bench) -> None:
    """Its journal did not write down how a run left its pages."""
    run, _before = mixed_run(bench)
    with bench.journal.transaction() as connection:
        connection.execute(tables.changes.delete())
    gone = next(page.title for page in bench.plan(run).pages)
    bench.admin.do('delete', title=gone)
    plan = bench.plan(run)
    assert {(page.title == gone, page.verdict.reason)
            for page in plan.pages} == {
        (True, UndoReason.GONE), (False, UndoReason.NOT_RECORDED)}


def test_run_of_a_dump(bench: Bench) -> None:
    """Nobody can ask its source again, and nobody has to."""
    title = f'Dumped {next(_numbers)}'
    source = bench.box.on_source()
    source.edit(title, 'theirs')
    before = texts_of(bench.box)
    dump = bench.box.folder / 'dump.xml'
    dump.write_bytes(source.session.get(
        f'{bench.box.source_base}/index.php', params={
            'title': f'Special:Export/{title}', 'history': 1}).content)
    done = bench.box.pwb('importdump', '-interwikiprefix:en', '-always',
                         '-templates:none', str(dump), f'-page:{title}')
    assert done.status == 0, done.output
    assert len(texts_of(bench.box)) == len(before) + 1
    done = bench.box.pwb('importundo', str(latest(bench.box)), '-always')
    assert done.status == 0, done.output
    assert texts_of(bench.box) == before


def test_dump_that_was_killed_on_its_way(bench: Bench) -> None:
    title = f'Dumped {next(_numbers)}'
    source = bench.box.on_source()
    source.edit(title, 'theirs')
    dump = bench.box.folder / 'dump.xml'
    dump.write_bytes(source.session.get(
        f'{bench.box.source_base}/index.php', params={
            'title': f'Special:Export/{title}', 'history': 1}).content)
    with bench.box.target.broken(meanwhile=lambda: process.kill()):
        process = Popen(
            [str(PWB), 'importdump', '-interwikiprefix:en', '-always',
             '-templates:none', str(dump), f'-page:{title}'],
            cwd=bench.box.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, 'PYWIKIBOT_DIR': str(bench.box.config)})
        process.wait(timeout=120)
    done = bench.box.pwb('importundo', str(latest(bench.box)), '-always',
                         '-serverlimit:1')
    # There is nothing to compare it with.
    assert done.status == 3, done.output
    assert 'nobody recorded how the run left it' in done.output
    assert bench.admin.text(title) == 'theirs'
