"""Of very many differences the rest is counted."""
from __future__ import annotations

import pytest

from importbot.reports.terminal import diffs
from importbot.reports.terminal.diffs import held_diffs
from importbot.reports.texts import HeldTexts
from tests.kit.plans import EDITED


def test_very_many_differences_are_counted(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diffs, '_MOST_LINES', 10)
    lines = list(held_diffs([HeldTexts(EDITED, 1, 2, 'x', 'y')] * 9))
    assert len(lines) < 20
    assert lines[-1] == 'Pages whose difference is not shown here: 7'
