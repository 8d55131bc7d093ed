"""What is the same for all tests: their order, and patience."""
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from importbot.journal.journal import Journal
from tests.kit.building import copy_project
from tests.kit.seconds import SECONDS


# How long an example takes is a matter of what else the machine does.
settings.register_profile('importbot', deadline=None)
settings.load_profile('importbot')

#: Seconds that the tests of a file took, measured by ``make seconds``.
_SECONDS: dict[str, float] = json.loads(SECONDS.read_text())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, so that no worker is left with one."""
    def seconds(item: pytest.Item) -> tuple[float, str]:
        file = item.nodeid.partition('::')[0]
        # A new file may be long: nobody has measured it.
        return -_SECONDS.get(file, 60), file

    items.sort(key=seconds)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """A journal that no other test has, in ``tmp_path``."""
    journal = Journal(tmp_path / 'journal.sqlite')
    yield journal
    journal.close()


@pytest.fixture(scope='module')
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, to be built."""
    return copy_project(tmp_path_factory.mktemp('checkout'))
