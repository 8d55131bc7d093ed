"""Sources that are trusted go by interwiki, all others by upload only."""
from __future__ import annotations

import json
from typing import Any

from importbot.requestpages.configuration import (
    Configuration,
    read_configuration,
)
from importbot.requestpages.passes.spec import RequestSpec


def configuration(**more: Any) -> Configuration:
    return read_configuration(json.dumps({
        'pages': ['Requests'], 'sources': ['en', 'w:de'],
        'groups': ['sysop'], 'stop': {'page': 'Stop'}, **more}), 'Setup')


def via(prefix: str, **more: Any) -> str:
    return RequestSpec(prefix, ('A', )).policy(configuration(**more), '').via


def test_all_sources_are_trusted_unless_it_is_said() -> None:
    assert via('en') == 'auto'
    assert via('en', policy={'via': 'interwiki'}) == 'interwiki'


def test_others_are_uploaded_only() -> None:
    assert via('en', interwiki=['en']) == 'auto'
    assert via('w:de', interwiki=['en']) == 'upload'
    assert via('en', interwiki=[]) == 'upload'
    assert via('en', interwiki=[],
               policy={'via': 'interwiki'}) == 'upload'
