"""What stands against what: unified diffs for the terminal."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from itertools import islice, takewhile

from importbot.model.printable import printable
from importbot.reports.terminal.remedies import with_remedy
from importbot.reports.texts import CleanedTexts, HeldTexts


__all__ = ('cleanup_diffs', 'held_diffs', 'unified')

#: Lines around a change.
_CONTEXT = 3
#: Lines that are compared: difflib takes minutes for more, if somebody
#: makes a text for it.
_LINES = 1000
#: Lines of all diffs together; what is longer nobody reads.
_MOST_LINES = 10_000
#: Diffs of clean-ups, as many as rows of a table.
_PAGES = 1000

_PLACES = re.compile(r'(?<=[-+])\d+')


def held_diffs(held: Iterable[HeldTexts]) -> Iterator[str]:
    """Yield the lines of a diff for each page on hold or to be replaced.

    :param held: as both wikis have them
    """
    room, left = _MOST_LINES, 0
    for texts in held:
        if room <= 0:
            left += 1
            continue
        for line in _held_diff(texts):
            room -= 1
            yield line
    if left:
        yield f'Pages whose difference is not shown here: {left}'


def _held_diff(texts: HeldTexts) -> Iterator[str]:
    page = texts.page
    if texts.error:
        yield printable(f'{page.target}: {with_remedy(texts.error)}')
    else:
        yield from unified(texts.ours, texts.theirs,
                           f'target: {page.target} ({texts.ours_id})',
                           f'source: {page.title} ({texts.theirs_id})')


def cleanup_diffs(texts: Iterable[CleanedTexts]) -> Iterator[str]:
    """Yield the lines of a diff for each page that is to be cleaned up.

    :param texts: before and after
    """
    pages = iter(texts)
    for item in islice(pages, _PAGES):
        page = item.page
        yield from unified(
            item.before, item.after,
            f'imported: {page.target} ({item.revision})',
            f'cleaned up: {page.target} ({", ".join(page.cleanups)})')
    more = sum(1 for _ in pages)
    if more:
        yield f'Clean-ups that are not shown here: {more}'


def unified(before: str, after: str, name_before: str,
            name_after: str) -> Iterator[str]:
    """Yield the lines of a unified diff, those of very long texts in part.

    :param before: text before
    :param after: text after
    :param name_before: what it is
    :param name_after: what that is
    """
    old, new = before.splitlines(), after.splitlines()
    same = sum(1 for _ in takewhile(
        lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    start = max(0, same - _CONTEXT)
    old, new = old[start:], new[start:]
    same = sum(1 for _ in takewhile(
        lambda pair: pair[0] == pair[1],
        zip(reversed(old[_CONTEXT:]), reversed(new[_CONTEXT:]),
            strict=False)))
    same = max(0, same - _CONTEXT)
    old, new = old[:len(old) - same], new[:len(new) - same]
    for line in unified_diff(old[:_LINES], new[:_LINES], name_before,
                             name_after, lineterm='', n=_CONTEXT):
        if line.startswith('@@'):
            line = _PLACES.sub(
                lambda place: str(int(place[0]) + start), line)
        yield printable(line)
    if max(len(old), len(new)) > _LINES:
        yield (f'Only {_LINES} lines from the first difference on are '
               'compared here.')
