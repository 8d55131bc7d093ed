"""Plan the clean-ups: which pages get which, by trying them."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace

from importbot.model.notes import Note, NoteKind
from importbot.model.plan import Plan, PlannedPage
from importbot.model.steps import CleanUpStep
from importbot.model.titles import TEMPLATE, Title
from importbot.planning.cleanups import (
    check_cleanups,
    clean_up_page,
    cleaned,
    keeps_bot_out,
)
from importbot.planning.transformed import stays
from importbot.sources.transfer import Transfer


__all__ = ('with_cleanups', )

#: Pages of which one note names the first.
_NAMED = 50


def with_cleanups(plan: Plan, titles: Set[Title], names: tuple[str, ...],
                  transfer: Transfer) -> Plan:
    """Return a plan with one more step for each page that a clean-up alters.

    :param plan: the plan without them
    :param titles: of pages that get the source's text, on the source
    :param names: of the clean-ups, as ``-post`` gives them
    :raises UsageError: a clean-up is not known
    :raises CleanUpError: a clean-up cannot deal with a text
    """
    check_cleanups(names)
    pages = {str(page.title): page for page in plan.pages
             if page.title in titles and page.steps} if names else {}
    steps: dict[str, CleanUpStep] = {}
    left: dict[NoteKind, list[str]] = {}
    coming = frozenset(page.target_text for page in plan.pages if page.steps)
    for title, changing, why in _tried(pages, names, coming, transfer):
        if why:
            left.setdefault(why, []).append(pages[title].target_text)
        else:
            steps[title] = CleanUpStep(changing)
    return replace(
        plan, pages=tuple(
            replace(page, steps=(*page.steps, steps[str(page.title)]))
            if str(page.title) in steps else page for page in plan.pages),
        notes=(*plan.notes, *_left(left),
               *_missing_templates(plan, steps.values(), transfer)))


def _tried(pages: Mapping[str, PlannedPage], names: tuple[str, ...],
           coming: Set[str], transfer: Transfer
           ) -> Iterator[tuple[str, tuple[str, ...], NoteKind | None]]:
    """Yield the pages that clean-ups alter, by trying them.

    With the clean-ups that change something, and the kind of the note if
    the page is left as it is all the same.
    """
    newest = {title: page.newest for title, page in pages.items()
              if page.newest}
    for title, text in transfer.source.texts({
            title: revision.id for title, revision in newest.items()}):
        planned = pages[title]
        page = clean_up_page(transfer, planned.title, planned.arriving,
                             newest[title])
        after, changing = cleaned(text, page, names)
        if changing:
            yield title, changing, (
                NoteKind.CLEANUP_NOBOTS
                if keeps_bot_out(text, page, transfer) else None
                if stays(after, page.target, 'wikitext', coming, transfer)
                else NoteKind.CLEANUP_TRANSFORMED)


def _left(left: Mapping[NoteKind, list[str]]) -> Iterator[Note]:
    for kind, titles in sorted(left.items()):
        yield Note.of(kind, titles[0], {
            'count': len(titles), 'titles': tuple(titles[:_NAMED])})


def _missing_templates(plan: Plan, steps: Iterable[CleanUpStep],
                       transfer: Transfer) -> Iterator[Note]:
    """Yield templates of source notes that nobody will see."""
    named = {name.partition(':')[2].strip() for step in steps
             for name in step.names if name.startswith('note:')}
    titles = {str(title) for name in named
              if (title := transfer.target_info.title(name, TEMPLATE))}
    titles -= {page.target_text for page in plan.pages if page.steps}
    for text, page in transfer.target.pages(sorted(titles)).items():
        if page.newest is None:
            yield Note.of(NoteKind.CLEANUP_TEMPLATE, text)
