"""``pwb importundo`` as a process: what it prints, writes and ends with."""
from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.kit.commands import PWB, Popen
from tests.kit.support import Box
from tests.kit.terminals import at_a_terminal


SETTINGS = "$wgGroupPermissions['importer']['delete'] = true;"


@pytest.fixture(scope='module')
def eraser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis; on the target the bot may delete."""
    with Box(tmp_path_factory.mktemp('eraser'), empty=True,
             settings=SETTINGS) as box:
        yield box


def brought(box: Box, *titles: str) -> str:
    """Bring pages with a script; return the number of the run."""
    for title in titles:
        box.on_source().edit(title, f'text of {title}')
    run, report = box.importpages('-templates:none', *(
        f'-page:{title}' for title in titles))
    assert run.status == 0, run.output
    return str(report['run'])


# At work

def test_plan_simulate_undo_and_undo_again(eraser: Box) -> None:
    before = eraser.on_target().snapshot()
    run = brought(eraser, 'One', 'Two')
    plan = eraser.folder / 'undo.json'
    shown = eraser.pwb('importundo', run, f'-plan:{plan}')
    assert shown.status == 2, shown.output
    data = json.loads(plan.read_text())
    assert data['undoes'] == int(run)
    assert data['summary'] == {'undo': 2, 'skip': 0, 'hold': 0}
    assert [page['title'] for page in data['pages']] == ['Two', 'One']
    simulated = eraser.pwb('importundo', run, '-simulate')
    assert simulated.status == 0, simulated.output
    assert 'Simulation: nothing was written' in simulated.output
    refused = eraser.pwb('importundo', run)
    assert refused.status == 1
    assert 'Nobody is there to confirm the undo' in refused.output
    assert len(eraser.on_target().snapshot()) == len(before) + 2

    report = eraser.folder / 'undone.json'
    shown = report.with_suffix('.html')
    done = eraser.pwb('importundo', run, '-always', f'-report:{report}',
                      f'-report:{shown}', '-summary:Wrong edition')
    assert done.status == 0, done.output
    assert '2 undone and checked' in done.output
    assert {page['outcome'] for page
            in json.loads(report.read_text())['pages']} == {'verified'}
    assert shown.read_text().count('class="decision undo"') == 2
    assert eraser.on_target().snapshot() == before
    entry, *_ = eraser.on_target().all(
        'logevents', list='logevents', letype='delete', lelimit=1,
        leprop='comment|title')
    assert entry['comment'].endswith(': Wrong edition')
    again = eraser.pwb('importundo', run, '-always')
    assert again.status == 0, again.output
    assert f'There is nothing to undo of run {run}' in again.output


def test_report_is_written_in_every_format(eraser: Box) -> None:
    run = brought(eraser, 'Three', 'Four')
    paths = [eraser.folder / name for name in ('undone.txt', 'undone.wiki')]
    reports = [f'-report:{path}' for path in paths]
    for mode, shown, said in (
            ('-simulate', 'delete', '2 to be deleted'),
            ('-always', 'verified', '2 undone')):
        done = eraser.pwb('importundo', run, mode, *reports)
        assert done.status == 0, done.output
        table, wikitext = (path.read_text() for path in paths)
        assert {*re.findall(f'^(Three|Four) +requested +{shown}',
                            table, re.M)} == {'Three', 'Four'}
        assert wikitext.startswith((f"'''{said}", (
            f"'''All went as planned: {said}")))


def test_question_is_asked_once(eraser: Box) -> None:
    run = brought(eraser, 'Asked about')
    status, printed = at_a_terminal(eraser, 'n', run, script='importundo')
    assert status == 0, printed
    assert 'Undo these pages?' in printed
    assert 'Nothing was undone' in printed
    assert eraser.on_target().text('Asked about')


def test_held_pages_are_named_with_what_to_do(eraser: Box) -> None:
    run = brought(eraser, 'Edited by hand')
    eraser.on_target().edit('Edited by hand', 'ours')
    done = eraser.pwb('importundo', run, '-always')
    assert done.status == 3, done.output
    assert ('Edited by hand: on hold; it was edited since; undo later runs '
            'first') in done.output
    # There is something to undo, and it waits for a person.
    assert f'Nothing of run {run} can be undone until' in done.output
    assert 'nothing to undo' not in done.output


def test_list_to_paste_for_who_may_delete(box: Box) -> None:
    run = brought(box, 'To be listed')
    plan = box.folder / 'undo.wiki'
    done = box.pwb('importundo', run, f'-plan:{plan}')
    assert done.status == 3, done.output
    assert '* [[:To be listed]]' in done.output
    assert '-mark:' in done.output
    assert 'may not delete' in plan.read_text()


@pytest.mark.parametrize(('run', 'words'), [
    ('999', 'The journal has no run 999')])
def test_run_that_is_not_there(eraser: Box, run: str, words: str) -> None:
    done = eraser.pwb('importundo', run)
    assert done.status == 1
    assert words in done.output


def test_undo_is_not_undone(eraser: Box) -> None:
    run = brought(eraser, 'Back and forth')
    report = eraser.folder / 'forth.json'
    eraser.pwb('importundo', run, '-always', f'-report:{report}')
    undo = json.loads(report.read_text())['run']
    done = eraser.pwb('importundo', str(undo))
    assert done.status == 1
    assert f'undoes run {run}' in done.output


def test_run_that_was_undone_is_not_gone_on_with(eraser: Box) -> None:
    brought(eraser, 'Finished')
    done = eraser.pwb('importpages', '-resume', '-always')
    assert done.status == 1
    assert 'has no interrupted run' in done.output


@pytest.mark.parametrize('sign', [signal.SIGKILL, signal.SIGINT])
def test_cut_undo_is_gone_on_with(eraser: Box,
                                  sign: signal.Signals) -> None:
    titles = [f'Cut {sign.name} {number}' for number in range(6)]
    before = eraser.on_target().snapshot()
    run = brought(eraser, *titles)
    with eraser.target.broken(
            hits=lambda exchange: exchange.parameters.get('action')
            == 'delete', cuts=False,
            meanwhile=lambda: process.send_signal(sign)):
        process = Popen(
            [str(PWB), 'importundo', run, '-always'], cwd=eraser.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True,
            env={**os.environ, 'PYWIKIBOT_DIR': str(eraser.config)})
        printed, _ = process.communicate(timeout=120)
    if sign is signal.SIGINT:
        assert process.returncode == 130, printed
        assert f'importundo {run} goes on' in printed
    assert len(eraser.on_target().snapshot()) > len(before)
    done = eraser.pwb('importundo', run, '-always')
    assert done.status == 0, done.output
    assert eraser.on_target().snapshot() == before
