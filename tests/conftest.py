"""Wikis for the tests that need them, one pair for a module."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.kit.support import Box


# How long an example takes is a matter of what else the machine does.
settings.register_profile('importbot', deadline=None)
settings.load_profile('importbot')


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
