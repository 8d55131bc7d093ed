"""Wikis as plans see them."""
from __future__ import annotations

from typing import Any

import pytest

from tests.kit.support import Box, transfer_of


@pytest.fixture(scope='module')
def wikis(box: Box) -> Any:
    """Source and target as plans see them."""
    return transfer_of(box)
