"""Wikis for the tests that need them, one pair for a module."""
from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.kit.seconds import SECONDS
from tests.kit.support import Box


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


def _box(factory: pytest.TempPathFactory, **options: str) -> Iterator[Box]:
    box = Box(factory.mktemp('box'), **options)
    try:
        yield box
    finally:
        box.close()


@pytest.fixture(scope='module')
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis of the default release."""
    yield from _box(tmp_path_factory)


@pytest.fixture(scope='module', params=['1.43', '1.39'])
def each_box(request: pytest.FixtureRequest,
             tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis of each release in turn."""
    yield from _box(tmp_path_factory, release=request.param)


@pytest.fixture
def fresh_box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis that no other test has touched."""
    yield from _box(tmp_path_factory)
