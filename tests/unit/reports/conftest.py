"""A browser for the tests of pages."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests.kit.chromium import chromium


@pytest.fixture(scope='module')
def driver() -> Iterator[webdriver.Chrome]:
    """A browser for the tests of a file."""
    with chromium() as driver:
        yield driver
