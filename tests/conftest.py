"""Wikis for the tests that need them, one pair for a module."""
from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


# pywikibot reads its configuration when it is imported.
_CONFIG = Path(tempfile.mkdtemp(prefix='importbot-tests-'))
(_CONFIG / 'user-config.py').write_text(
    'from __future__ import annotations\n'
    "family_files['nowhere'] = 'http://127.0.0.1:9/api.php'\n"
    "mylang = family = 'nowhere'\n"
    "password_file = 'user-password.py'\n"
    'put_throttle = minthrottle = 0\nmax_retries = retry_wait = 1\n')
(_CONFIG / 'user-config.py').chmod(0o600)
os.environ['PYWIKIBOT_DIR'] = str(_CONFIG)

from tests.support import Box  # noqa: E402


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
