"""Pages whose histories were put together anew since an import."""
from __future__ import annotations

from typing import Any

import pytest

from importbot.checking.check import Checker


class _Wiki:

    """A wiki on which one page was restored, which counts what is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def query(self, **values: str) -> list[dict[str, Any]]:
        if 'leaction' in values:
            self.asked.append(values['leend'])
        return [{'logevents': [{'title': 'Restored'}]}]


@pytest.mark.parametrize(('times', 'asked'), [
    (('2024', ), ['2024']), (('2023', '2024'), ['2023']),
    (('2024', '2023'), ['2024', '2023'])])
def test_log_is_read_from_the_earliest_time(times: tuple[str, ...],
                                            asked: list[str]) -> None:
    wiki: Any = _Wiki()
    other: Any = None
    checker = Checker(other, wiki, other, other)
    for time in times:
        assert checker.mixed_since(time) == {'Restored'}
    assert wiki.asked == asked
