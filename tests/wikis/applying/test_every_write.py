"""A fault at the first write of the bot, at the second, and so on.

As long as a fault still strikes, the next job has it one write later. What
is there in the end is what an undisturbed job leaves, and nothing of it
was done twice.
"""
from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
import pywikibot

from tests.kit.support import Box
from tests.kit.write_faults import FAULTS, Done, Jobs


pytestmark = pytest.mark.usefixtures('no_waiting_for_the_dead')

#: Writes of a job are far fewer.
MOST = 30
ROUTES = ('interwiki', 'upload')


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pywikibot.config, 'retry_wait', .1)


@pytest.fixture(scope='module')
def jobs(database_box: Box) -> Iterator[Jobs]:
    yield Jobs(database_box)


def check(jobs: Jobs, folder: Path, via: str, faults: Iterator[str]) -> int:
    """Let faults strike one write later each time; return how many did."""
    def done(name: str) -> Done:
        (folder / name).mkdir()
        return jobs.run(folder / name, via=via)

    undisturbed = done('undisturbed')
    for number in range(1, MOST):
        name = next(faults)
        with jobs.fault(name, number) as fault:
            disturbed = done(f'{number}')
        assert disturbed.imported == undisturbed.imported, (number, name)
        assert disturbed.undone == undisturbed.undone, (number, name)
        assert disturbed.writes.count('import') == undisturbed.writes.count(
            'import'), (number, name)
        if fault.times:
            return number - 1
    raise AssertionError('there is no end to it')


@pytest.mark.mariadb
def test_faults_at_uploads(jobs: Jobs, tmp_path: Path) -> None:
    assert check(jobs, tmp_path, 'upload', cycle(FAULTS)) > len(ROUTES)


def test_faults_at_interwiki_imports(jobs: Jobs, tmp_path: Path) -> None:
    assert check(jobs, tmp_path, 'interwiki', cycle(FAULTS)) > len(ROUTES)


@pytest.mark.soak
@pytest.mark.parametrize('name', FAULTS)
@pytest.mark.parametrize('via', ROUTES)
def test_every_fault(jobs: Jobs, tmp_path: Path, via: str,
                     name: str) -> None:
    assert check(jobs, tmp_path, via, cycle([name])) > len(ROUTES)
