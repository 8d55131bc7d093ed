"""Limits apply while titles are read, not after a million."""
from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from importbot.model.errors import UsageError
from importbot.model.titles import Title
from importbot.planning import plan
from importbot.planning.plan import titles_of


@pytest.mark.parametrize('same', [True, False])
def test_generator_without_end(monkeypatch: pytest.MonkeyPatch,
                               same: bool) -> None:
    read = []

    def pages() -> Iterator[Any]:
        for number in count():
            read.append(number)
            yield 0 if same else number

    monkeypatch.setattr(plan, '_title_of',
                        lambda page, _wikis: Title(0, f'P{page}'))
    with pytest.raises(UsageError, match='raise the limit'):
        titles_of(pages(), None, 5)  # type: ignore[arg-type]
    assert len(read) == 1001
