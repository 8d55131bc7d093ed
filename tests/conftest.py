"""What is the same for all tests: their order, and patience."""
from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from importbot.journal.journal import Journal
from tests.kit.building import copy_project
from tests.kit.seconds import SECONDS


# How long an example takes is a matter of what else the machine does.
settings.register_profile('importbot', deadline=None)
settings.load_profile('importbot')

#: Where a test costs a second or more.
_WIKIS = Path(__file__).parent / 'wikis'
#: Seconds that the tests of a file took, measured by ``make seconds``.
_SECONDS: dict[str, float] = json.loads(SECONDS.read_text())


@pytest.hookimpl(tryfirst=True)  # before those of soak are taken out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave most of each matrix to ``make soak``; order the files.

    The longest go first, so that no worker is left with one.
    """
    for sets in _matrices(items):
        for item in sets[1:-1]:
            item.add_marker(pytest.mark.soak)

    def seconds(item: pytest.Item) -> tuple[float, str]:
        file = item.nodeid.partition('::')[0]
        # A new file may be long: nobody has measured it.
        return -_SECONDS.get(file, 60), file

    items.sort(key=seconds)


def _matrices(items: Iterable[pytest.Item]) -> Iterator[list[pytest.Item]]:
    """Yield the tests on wikis that differ in their parameters alone.

    But for what is soak anyway, and what is ``every``.
    """
    functions = defaultdict(list)
    for item in items:
        if _WIKIS in item.path.parents and not (
                item.get_closest_marker('soak')
                or item.get_closest_marker('every')):
            functions[item.nodeid.partition('[')[0]].append(item)
    yield from functions.values()


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
