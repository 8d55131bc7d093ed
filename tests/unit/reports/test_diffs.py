"""Diffs for the terminal: a person can rely on them, whatever the texts."""
from __future__ import annotations

import re
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from importbot.reports.terminal.diffs import cleanup_diffs
from importbot.reports.texts import CleanedTexts
from tests.kit.plans import EDITED


_HUNK = re.compile(r'@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@')


def diff(before: str, after: str) -> list[str]:
    return list(cleanup_diffs([CleanedTexts(EDITED, 7, before, after)]))


def patched(before: list[str], lines: list[str]) -> list[str]:
    """Return what a diff makes of some lines."""
    found: list[str] = []
    place = 0
    for line in lines[2:]:
        hunk = _HUNK.fullmatch(line)
        if hunk:
            start = int(hunk[1]) - (hunk[2] != '0')
            found += before[place:start]
            place = start
            assert len(found) == int(hunk[3]) - (hunk[4] != '0')
        elif line[0] == '+':
            found.append(line[1:])
        else:
            assert before[place] == line[1:]
            place += 1
            found += [line[1:]] if line[0] == ' ' else []
    return found + before[place:]


_LINES = st.lists(st.sampled_from(['a', 'b', 'c', '', '@@ -1 +1 @@']),
                  max_size=30)


@given(_LINES, _LINES, _LINES, _LINES)
@settings(deadline=None)
def test_a_diff_leads_from_one_text_to_the_other(
        head: list[str], old: list[str], new: list[str],
        tail: list[str]) -> None:
    before, after = ([*head, *middle, *tail] for middle in (old, new))
    lines = diff('\n'.join([*before, 'end']), '\n'.join([*after, 'end']))
    assert bool(lines) is (before != after)
    assert patched([*before, 'end'], lines) == [*after, 'end']


def test_heads_name_page_revision_and_cleanups() -> None:
    assert diff('x', 'y') == [
        '--- imported: B\ufffd[31m (7)',
        '+++ cleaned up: B\ufffd[31m (note:C, nocategories)',
        '@@ -1 +1 @@', '-x', '+y']


def test_a_text_made_to_be_slow_is_cut() -> None:
    before = '\n'.join(f'[[Category:{n}]]\nx{n}' for n in range(50_000))
    after = before.replace('[[', '<!-- [[').replace(']]', ']] -->')
    started = time.process_time()
    lines = diff(before, after)
    assert time.process_time() - started < 15
    assert lines[-1] == ('Only 1000 lines from the first difference on are '
                         'compared here.')


def test_of_very_many_pages_only_the_first_are_shown() -> None:
    texts = [CleanedTexts(EDITED, 7, 'x', 'y')] * 1002
    lines = list(cleanup_diffs(texts))
    assert lines[-1] == 'Clean-ups that are not shown here: 2'
    assert len(lines) == 5001
