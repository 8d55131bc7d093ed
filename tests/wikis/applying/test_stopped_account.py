"""The account is blocked, or the wiki read-only, in the middle of it.

An import of who is blocked is answered without the page and without an
error. The sentence says who did it and why, and the run is resumed.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from importbot.model.decisions import Outcome
from importbot.sandbox.wikis import ACCOUNTS
from tests.kit.support import RELEASES, Box, by_title, write_histories
from tests.kit.undo_wikis import Bench, at, bench_of


BOT = ACCOUNTS['bot'].name
SYSOP = ACCOUNTS['user'].name
SETTINGS = """
if ( file_exists( __DIR__ . "/read-only" ) ) {
    $wgReadOnly = 'moved to another server';
}
"""


@pytest.fixture(scope='module', params=RELEASES)
def wikis(request: pytest.FixtureRequest,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('stopped'), request.param, empty=True,
             settings=SETTINGS) as box:
        yield box


def block(box: Box, **more: Any) -> None:
    box.on_target().do('block', user=BOT, reason='too fast', reblock=True,
                       **more)


def unblock(box: Box) -> None:
    box.on_target().do('unblock', user=BOT)


def block_in_part(box: Box) -> None:
    block(box, partial=True, namespacerestrictions='0|10',
          allowusertalk=True)


def rights(box: Box, **change: str) -> None:
    client = box.on_target()
    token = client.get(meta='tokens', type='userrights')['tokens'][
        'userrightstoken']
    answer = client._send(action='userrights', user=BOT, token=token,
                          **change)
    assert 'error' not in answer, answer


def take_the_right(box: Box) -> None:
    rights(box, remove='importer|bot')


def give_the_right(box: Box) -> None:
    rights(box, add='importer|bot')


def lock(box: Box) -> None:
    (box.folder / 'target' / 'read-only').touch()


def unlock(box: Box) -> None:
    (box.folder / 'target' / 'read-only').unlink()


def second(does: Callable[[], object]) -> dict[str, Any]:
    """Return a fault: something happens right before the second import."""
    seen: list[object] = []

    def hits(exchange: Any) -> bool:
        if exchange.parameters.get('action') != 'import':
            return False
        seen.append(exchange)
        return len(seen) == 2

    return {**at('import', does), 'hits': hits}


CASES = {
    'blocked': (block, unblock, [SYSOP, 'too fast']),
    'in-part': (block_in_part, unblock, [SYSOP, 'too fast']),
    'no-right': (take_the_right, give_the_right, ['import']),
    'read-only': (lock, unlock, ['read-only', 'another server']),
}


@pytest.mark.parametrize('case', CASES)
@pytest.mark.parametrize('via', ['interwiki', 'upload'])
def test_import_is_gone_on_with(wikis: Box, case: str, via: str) -> None:
    befalls, settled, words = CASES[case]
    titles = [f'{case} {via} {number}' for number in range(3)]
    for title in titles:
        wikis.on_source().edit(title, 'theirs')
    options = [*(f'-page:{title}' for title in titles), f'-via:{via}',
               '-templates:none']
    if via == 'upload':
        # One call has all of them; what befalls comes right before it.
        fault = at('import', lambda: befalls(wikis))
    else:
        fault = second(lambda: befalls(wikis))
    try:
        with wikis.target.broken(**fault):
            run, report = wikis.importpages(*options)
    finally:
        settled(wikis)
    assert run.status == 1, run.output
    for word in [*words, '-resume']:
        assert word in run.output, run.output
    outcomes = [page['outcome'] for page in by_title(report).values()]
    assert 'rejected' not in outcomes
    assert outcomes.count('verified') == (1 if via == 'interwiki' else 0)
    report_of = wikis.folder / 'resumed.json'
    run = wikis.pwb('importpages', '-resume', '-always',
                    f'-report:{report_of}')
    assert run.status == 0, run.output
    report = json.loads(report_of.read_text())
    assert [page['outcome'] for page in report['pages']] == ['verified'] * 3
    for title in titles:
        assert len(wikis.on_target().imports(title)) == 1


def test_page_that_is_protected_meanwhile_stops_nobody(wikis: Box) -> None:
    """It is left out for its own sake."""
    titles = [f'Meanwhile {number}' for number in range(3)]
    for title in titles:
        wikis.on_source().edit(title, 'theirs')
    with wikis.target.broken(**second(lambda: wikis.on_target().do(
            'protect', title=titles[1], protections='create=sysop'))):
        run, report = wikis.importpages(
            *(f'-page:{title}' for title in titles), '-templates:none',
            '-via:interwiki')
    assert sorted(page['outcome'] for page in report['pages']) == [
        'rejected', 'verified', 'verified'], json.dumps(report)


@pytest.fixture
def bench(wikis: Box,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench_of(wikis, 'bot', tmp_path_factory.mktemp('j')) as bench:
        yield bench


@pytest.mark.parametrize('case', ['blocked', 'in-part'])
def test_edit_behind_the_import_is_gone_on_with(bench: Bench,
                                                case: str) -> None:
    befalls, settled, words = CASES[case]
    box, title = bench.box, f'Edit {case}'
    write_histories(box.source_tree, box.folder / 'source', 'xx', {
        title: [('2010-01-01T00:00:00Z', 'theirs')]})
    bench.admin.edit(title, 'ours')
    try:
        with box.target.broken(**at('edit', lambda: befalls(box))):
            report = bench.run(title, templates='none',
                               existingpages='force')
    finally:
        settled(box)
    result = report.results[0]
    assert result.outcome is Outcome.UNKNOWN, result
    for word in words:
        assert word in str(result.error)
    assert report.run is not None
    assert bench.journal.run_row(report.run).state == 'interrupted'


@pytest.mark.parametrize('case', ['blocked', 'in-part'])
def test_undo_is_not_given_up(bench: Bench, case: str) -> None:
    befalls, settled, words = CASES[case]
    box, titles = bench.box, [f'Undo {case} {number}' for number in range(2)]
    for title in titles:
        bench.admin.edit(title, 'ours')
        box.on_source().edit(title, 'theirs')
    report = bench.run(*titles, templates='none', existingpages='force')
    assert report.went_as_planned, report.results
    try:
        with box.target.broken(**at('edit', lambda: befalls(box))):
            undo = bench.undo(report.run)
    finally:
        settled(box)
    assert 'undo it again' in str(undo.obstacle)
    for word in words:
        assert word in str(undo.obstacle)
    assert undo.number is not None
    assert bench.journal.run_row(undo.number).state == 'interrupted'
    assert bench.undo(report.run).went_as_planned
    for title in titles:
        assert bench.admin.text(title) == 'ours'


#: What MediaWiki 1.47 answers where ``$wgReauthenticateForActions`` has the
#: action: no release that can be run here does, so it is written down from
#: its release notes and ``ApiAuthManagerHelper``.
REAUTHENTICATE = json.dumps({'error': {
    'code': 'reauthenticate',
    'info': 'Your session is too old for this action. Log in again.',
    'operation': 'import'}}).encode()


def asks_who_it_is(action: str) -> dict[str, Any]:
    """Return a fault: every such action is answered so."""
    return {'hits': lambda exchange: (
        exchange.parameters.get('action') == action), 'forwards': False,
        'status': 200, 'body': REAUTHENTICATE, 'times': 99,
        'headers': {'Content-Type': 'application/json'}}


@pytest.mark.parametrize('via', ['interwiki', 'upload'])
def test_account_that_has_to_show_who_it_is_stops_and_goes_on(
        wikis: Box, via: str) -> None:
    titles = [f'Reauthenticate {via} {number}' for number in range(3)]
    for title in titles:
        wikis.on_source().edit(title, 'theirs')
    with wikis.target.broken(**asks_who_it_is('import')):
        seen = len(wikis.target.exchanges)
        run, report = wikis.importpages(
            *(f'-page:{title}' for title in titles), f'-via:{via}',
            '-templates:none')
        asked = wikis.target.exchanges[seen:]
    assert run.status == 1, run.output
    for word in ['session is too old', 'log in to it anew', 'operator',
                 'pwb login', '-resume']:
        assert word in run.output, run.output
    # One import, and one login: that of the start.
    assert sum(exchange.is_import for exchange in asked) == 1
    assert sum('lgpassword' in exchange.parameters
               or 'password' in exchange.parameters
               for exchange in asked) <= 1
    assert all(page['outcome'] in ('failed', 'unchanged')
               for page in by_title(report).values())
    run = wikis.pwb('importpages', '-resume', '-always')
    assert run.status == 0, run.output
    for title in titles:
        assert len(wikis.on_target().imports(title)) == 1


def test_edit_that_asks_who_the_account_is_stops_the_run(
        bench: Bench) -> None:
    box, titles = bench.box, ['Asked 0', 'Asked 1']
    write_histories(box.source_tree, box.folder / 'source', 'xx', {
        title: [('2010-01-01T00:00:00Z', 'theirs')] for title in titles})
    for title in titles:
        bench.admin.edit(title, 'ours')
    with box.target.broken(**asks_who_it_is('edit')):
        report = bench.run(*titles, templates='none', existingpages='force')
    assert [result.outcome for result in report.results].count(
        Outcome.VERIFIED) == 0
    assert any('log in to it anew' in str(result.error)
               for result in report.results), report.results
    assert report.run is not None
    assert bench.journal.run_row(report.run).state == 'interrupted'
