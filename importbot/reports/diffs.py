"""What stands against what: unified diffs of pages on hold."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff

from importbot.model.text import printable
from importbot.reports.texts import HeldTexts


__all__ = ('held_diffs', )


def held_diffs(held: Iterable[HeldTexts]) -> Iterator[str]:
    """Yield the lines of a diff for each page on hold.

    :param held: as both wikis have them
    """
    for texts in held:
        yield from _diff(texts)


def _diff(texts: HeldTexts) -> Iterator[str]:
    page = texts.page
    if texts.error:
        yield printable(f'{page.target}: {texts.error}')
        return
    for line in unified_diff(
            texts.ours.splitlines(), texts.theirs.splitlines(),
            f'target: {page.target} ({texts.ours_id})',
            f'source: {page.title} ({texts.theirs_id})', lineterm=''):
        yield printable(line)
