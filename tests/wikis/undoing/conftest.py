"""Wikis between which runs are made and undone, and who does it."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.support import RELEASES, Box
from tests.kit.undo_wikis import Bench, bench_of


@pytest.fixture(scope='module', params=RELEASES)
def wikis(request: pytest.FixtureRequest,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two empty wikis of each release; SETTINGS of a file are the target's.
    """
    with Box(tmp_path_factory.mktemp('wikis'), request.param, empty=True,
             settings=request.module.SETTINGS) as box:
        yield box


@pytest.fixture
def sysop(wikis: Box,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Somebody who may delete, with a journal that no other test has."""
    with bench_of(wikis, 'user', tmp_path_factory.mktemp('j')) as bench:
        yield bench


@pytest.fixture
def importer(wikis: Box,
             tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The bot, with a journal that no other test has."""
    with bench_of(wikis, 'bot', tmp_path_factory.mktemp('j')) as bench:
        yield bench
