"""Wikis for the tests of this folder, one pair for a module.

No other folder has these fixtures, so that a test that asks for a wiki
elsewhere is an error.
"""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from importbot.sandbox.databases import DATABASES
from tests.kit.support import RELEASES, Box


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is here, and what runs on MariaDB as well."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker('wiki')
        values = (item.callspec.params.values()
                  if isinstance(item, pytest.Function)
                  and hasattr(item, 'callspec') else ())
        if 'mariadb' in values and not item.get_closest_marker('mariadb'):
            item.add_marker('soak')


def _box(factory: pytest.TempPathFactory, **options: str) -> Iterator[Box]:
    with Box(factory.mktemp('box'), **options) as box:
        yield box


@pytest.fixture(scope='module')
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis of the default release."""
    yield from _box(tmp_path_factory)


@pytest.fixture(scope='module', params=['1.43', '1.39'])
def each_box(request: pytest.FixtureRequest,
             tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis of each release in turn."""
    yield from _box(tmp_path_factory, release=request.param)


@pytest.fixture(scope='module', params=RELEASES)
def any_box(request: pytest.FixtureRequest,
            tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis of one release; of each in turn in ``make soak``."""
    yield from _box(tmp_path_factory, release=request.param)


@pytest.fixture(scope='module', params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """What the target stores its pages in, each in turn.

    On MariaDB a test is one for ``make soak``, unless it is marked
    ``mariadb``.
    """
    return str(request.param)


@pytest.fixture(scope='module')
def database_box(database: str, tmp_path_factory: pytest.TempPathFactory,
                 ) -> Iterator[Box]:
    """Two wikis, the target on each database in turn.

    A file of tests whose wikis they are has this as its fixture ``box``.
    """
    yield from _box(tmp_path_factory, database=database)


@pytest.fixture
def fresh_box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis that no other test has touched."""
    yield from _box(tmp_path_factory)


@pytest.fixture
def unharmed(box: Box) -> Iterator[None]:
    """See that the target is what it was before the test."""
    before = box.on_target().snapshot()
    yield
    assert box.on_target().snapshot() == before
