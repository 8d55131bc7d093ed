"""Patience for wikis that do not answer."""
from __future__ import annotations

import pytest
import pywikibot

from importbot.applying import reconcile, uploads
from importbot.wikis import api, exports


@pytest.fixture
def no_waiting_for_the_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent and got no answer is soon looked for."""
    monkeypatch.setattr(reconcile, '_PAUSE', .3)
    monkeypatch.setattr(uploads, '_PAUSE', .1)
    monkeypatch.setattr(exports, '_PAUSE', .1)
    monkeypatch.setattr(api, '_RETRIES', 0)
    monkeypatch.setattr(api, '_RETRY_WAIT', 0)
    monkeypatch.setattr(pywikibot.config, 'retry_wait', .1)
