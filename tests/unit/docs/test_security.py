"""What docs/security.md promises is held by tests that there are."""
from __future__ import annotations

import re

from tests.kit.codeblocks import ROOT


PAGE = (ROOT / 'docs' / 'security.md').read_text('utf-8')
ROWS = [line.rsplit(' | ', 1) for line in PAGE.splitlines()
        if line.startswith('| ') and not line.startswith('| promise')]


def test_every_promise_names_tests() -> None:
    assert len(ROWS) > 20
    for promise, tests in ROWS:
        assert re.fullmatch(r'`[/\w]+\.py`(, `[/\w]+\.py`)* \|',
                            tests), promise


def test_tests_are_there() -> None:
    named = set(re.findall(r'`([/\w]+\.py)`', PAGE))
    assert all((ROOT / 'tests' / name).is_file() for name in named)
