"""How long a plan takes, about."""
from __future__ import annotations

import pytest

from importbot.rules.duration import minutes_of


@pytest.mark.parametrize(('writes', 'revisions', 'pause', 'minutes'), [
    (0, 0, 10, 1),
    # One alone waits for nothing.
    (1, 1, 10, 1),
    (54, 54, 10, 9),
    # What takes longer than the pause does not wait.
    (2, 60_000, 10, 21),
    (600, 600, 10, 100),
    (60, 60, 0, 3)])
def test_minutes(writes: int, revisions: int, pause: float,
                 minutes: int) -> None:
    assert minutes_of(writes, revisions, pause) == minutes


def test_more_writes_take_longer() -> None:
    found = [minutes_of(writes, writes, 10) for writes in range(1, 500, 7)]
    assert found == sorted(found)
