"""A run that was cut goes on: the end is that of an undisturbed one."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.cutter import FEW, PAGES, Cutter, delays
from tests.kit.support import Box


@pytest.fixture(scope='module', params=[
    FEW, pytest.param(PAGES, marks=pytest.mark.soak)])
def cutter(request: pytest.FixtureRequest, database: str,
           tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cutter]:
    runs = sum(item.path == request.path for item in request.session.items)
    with Box(tmp_path_factory.mktemp('cut'), empty=True,
             database=database) as found:
        yield Cutter(found, runs, request.param)


def moments(route: str, count: int, seed: int,
            chosen: tuple[int, int]) -> Iterator[Any]:
    """Yield moments, which are for soak but for two."""
    for place, delay in enumerate(delays(route, count, seed)):
        marks = [] if place in chosen else [pytest.mark.soak]
        if (route, place) == ('upload', chosen[0]):
            marks.append(pytest.mark.mariadb)
        yield pytest.param(route, delay, marks=marks)


@pytest.mark.parametrize(('route', 'delay'), [
    *moments('upload', 6, 1, (0, 4)), *moments('interwiki', 4, 2, (0, 2))])
def test_killed_run_goes_on_to_the_same_end(cutter: Cutter, route: str,
                                            delay: float) -> None:
    titles = cutter.new_titles()
    run = cutter.cut_and_resumed(titles, route, delay)
    assert run.status == 0, run.output
    assert cutter.faults_of(titles, route) == []
    # The notes are those of the plan that was begun.
    assert any(words in run.output for words in (
        'Authors, ', 'came to its end', 'done before the kill'))


@pytest.mark.mariadb
def test_two_processes_import_every_page_once(cutter: Cutter) -> None:
    titles = cutter.new_titles()
    arguments = cutter.arguments(titles, 'upload')
    processes = [cutter.start(*arguments) for _ in range(2)]
    ends = [(process.communicate(timeout=300)[0], process.returncode)
            for process in processes]
    assert 0 in [status for _output, status in ends], ends
    for output, status in ends:
        assert status == 0 or 'Another bot' in output, output
    assert cutter.faults_of(titles, 'upload') == []


def test_nothing_to_go_on_with_is_said(cutter: Cutter,
                                       tmp_path: Path) -> None:
    journal = f'-journal:{tmp_path / "empty.sqlite"}'
    for argument, words in (
            ('-resume', 'no interrupted run'),
            ('-resume:7', 'has no run 7'), ('-resume:x', 'no number')):
        process = cutter.start(argument, journal)
        output, _ = process.communicate()
        assert process.returncode == 1
        assert words in output
        assert 'Traceback' not in output


def test_resume_takes_no_other_work(cutter: Cutter) -> None:
    process = cutter.start('-resume', '-page:Rover')
    output, _ = process.communicate()
    assert process.returncode == 1
    assert 'leave out -page:Rover' in output
