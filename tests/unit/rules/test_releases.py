"""What a release writes down is known by its number alone."""
from __future__ import annotations

import pytest

from importbot.rules.releases import records_address


@pytest.mark.parametrize('version', [
    '1.35.0', '1.39.15', '1.40.4', '1.42.7', '1.43.0', '1.43.5', '1.44.2',
    '1.45.0', '1.45.0-wmf.9'])
def test_release_keeps_the_address(version: str) -> None:
    assert records_address(version)


@pytest.mark.parametrize('version', [
    '1.39.16', '1.39.17', '1.43.6', '1.43.10', '1.44.3', '1.45.1', '1.46.0',
    '1.46.0-wmf.3', '1.47.0-alpha', '', 'of my own'])
def test_release_does_not_or_nobody_knows(version: str) -> None:
    assert not records_address(version)
