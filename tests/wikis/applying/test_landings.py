"""Pages on their way to a title that an import cannot give them."""
from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Iterator

import pytest

from importbot.rules.route import TWO_CALLS_ABOVE
from tests.kit.commands import PWB, Popen
from tests.kit.support import RELEASES, Box, by_title, write_histories
from tests.kit.write_faults import NthWrite


#: What an account needs to leave nothing behind, and to take it back.
SETTINGS = """
$wgGroupPermissions['importer']['delete'] = true;
$wgGroupPermissions['importer']['suppressredirect'] = true;
"""
LONG = [(f'2015-01-01T00:{second // 60:02}:{second % 60:02}Z',
         f'Text {second}.') for second in range(TWO_CALLS_ABOVE + 1)]
#: Writes of an import: the current revision, the history, the move.
CURRENT, HISTORY, MOVE = 1, 2, 3
_numbers = itertools.count(1)


@pytest.fixture(scope='module', params=RELEASES)
def wikis(request: pytest.FixtureRequest,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('landings'), request.param, empty=True,
             settings=SETTINGS) as box:
        write_histories(box.source_tree, box.folder / 'source', 'old', {
            f'Rover {number}': LONG for number in range(1, 20)})
        yield box


@pytest.fixture
def title(wikis: Box) -> str:
    """Return a page of the source, of whose name the target has one, too."""
    title = f'Rover {next(_numbers)}'
    wikis.on_target().edit(title, 'A page of our own')
    return title


def command(title: str, wanted: str) -> list[str]:
    return ['importpages', '-source:en', f'-page:{title}', '-always',
            '-via:interwiki', f'-targettitle:{wanted}', '-serverlimit:1',
            '-templates:none']


def killed(box: Box, line: list[str], write: int, *,
           forwards: bool) -> None:
    """Kill the bot at one of its writes, which is done or is not."""
    with box.target.broken(hits=NthWrite(write), forwards=forwards,
                           meanwhile=lambda: process.kill()):
        process = Popen(
            [str(PWB), *line], cwd=box.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, 'PYWIKIBOT_DIR': str(box.config)})
        assert process.wait(timeout=120)


def others(box: Box, wanted: str) -> dict[str, tuple[int, str]]:
    """Return all pages of the target but one."""
    return {title: page for title, page in box.on_target().snapshot().items()
            if title != wanted}


def in_soak(*moment: object) -> object:
    return pytest.param(*moment, marks=pytest.mark.soak)


MOMENTS = [
    in_soak(CURRENT, True), in_soak(CURRENT, False), (HISTORY, True),
    in_soak(HISTORY, False), in_soak(MOVE, True), (MOVE, False)]


@pytest.mark.parametrize(('write', 'forwards'), MOMENTS)
def test_killed_on_the_way_and_resumed(
        wikis: Box, title: str, write: int, forwards: bool) -> None:
    target, wanted = wikis.on_target(), f'User:Anna/Mars {title}'
    before = others(wikis, wanted)
    killed(wikis, command(title, wanted), write, forwards=forwards)
    run = wikis.pwb('importpages', '-always', '-serverlimit:1', '-resume')
    assert run.status == 0, run.output
    assert others(wikis, wanted) == before
    # One more for each of the two calls and the move.
    assert len(target.history(wanted)) == len(LONG) + 3
    assert target.text(wanted) == LONG[-1][1]
    landing = f'User:ImportBot/importing/{title}'
    assert len(target.imports(landing)) == 2
    assert not target.imports(title)


@pytest.mark.parametrize(('write', 'forwards'), MOMENTS)
def test_killed_on_the_way_and_undone(
        wikis: Box, title: str, write: int, forwards: bool) -> None:
    wanted = f'User:Anna/Mars {title}'
    before = wikis.on_target().snapshot()
    killed(wikis, command(title, wanted), write, forwards=forwards)
    listed = wikis.pwb('importruns', '-format:json')
    number = int(listed.output.partition('"run": ')[2].partition(',')[0])
    undo = wikis.pwb('importundo', f'{number}', '-always', '-serverlimit:1')
    assert undo.status == 0, undo.output
    assert wikis.on_target().snapshot() == before
    # What was deleted where it landed is in nobody's way.
    wanted += ' again'
    run, report = wikis.importpages(*command(title, wanted)[2:])
    assert run.status == 0, run.output
    assert by_title(report)[title]['outcome'] == 'verified'


def test_below_a_page_it_is_one_step(wikis: Box, title: str) -> None:
    target, wanted = wikis.on_target(), f'User:Anna/{title}'
    before = others(wikis, wanted)
    run, report = wikis.importpages(*command(title, wanted)[2:])
    assert run.status == 0, run.output
    page = by_title(report)[title]
    assert {step['action'] for step in page['steps']} == {'import'}
    assert {step['rootpage'] for step in page['steps']} == {'User:Anna'}
    assert others(wikis, wanted) == before
    assert len(target.imports(wanted)) == len(page['steps']) == 2
