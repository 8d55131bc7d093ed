"""What the tests of the journal share."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.mariadb import Server, mariadb


@pytest.fixture(scope='module')
def server() -> Iterator[Server]:
    """A MariaDB server for the tests of a file."""
    with mariadb() as server:
        yield server
