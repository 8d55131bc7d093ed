"""What stands against what: unified diffs of pages on hold."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff

from importbot.flows.wikipair import WikiPair
from importbot.model.errors import ImportbotError
from importbot.model.plans import PlannedPage
from importbot.model.text import printable
from importbot.model.words import Decision


__all__ = ('held_diffs', )


def held_diffs(pages: Iterable[PlannedPage],
               wikis: WikiPair) -> Iterator[str]:
    """Yield the lines of a diff for each page on hold that both wikis have.

    :param pages: planned pages; those of other decisions are passed over
    :param wikis: source and target
    """
    for page in pages:
        if (page.decision is Decision.HOLD and page.newest
                and page.replaced):
            yield from _diff(page, page.newest.id, page.replaced.id, wikis)


def _diff(page: PlannedPage, theirs: int, ours: int,
          wikis: WikiPair) -> Iterator[str]:
    try:
        there, _author = wikis.source.revision_text(page.title, theirs)
        here, _author = wikis.target.revision_text(page.target, ours)
    except ImportbotError as error:
        yield printable(f'{page.target}: {error}')
        return
    for line in unified_diff(
            here.splitlines(), there.splitlines(),
            f'target: {page.target} ({ours})',
            f'source: {page.title} ({theirs})', lineterm=''):
        yield printable(line)
