"""Texts to be compared: of pages on hold, and of those to be cleaned up."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from importbot.flows.cleanups import clean_up_page, cleaned
from importbot.flows.wikipair import WikiPair
from importbot.model.errors import ImportbotError
from importbot.model.plans import PlannedPage
from importbot.model.words import Decision


__all__ = ('CleanedTexts', 'HeldTexts', 'cleaned_texts', 'held_texts')


@dataclass(frozen=True)
class HeldTexts:

    """A page on hold as both wikis have it.

    :param page: the planned page
    :param theirs_id: revision of the source
    :param ours_id: revision of the target
    :param theirs: text of the source
    :param ours: text of the target
    :param error: why the texts cannot be had, empty if they can
    """

    page: PlannedPage
    theirs_id: int
    ours_id: int
    theirs: str = ''
    ours: str = ''
    error: str = ''


def held_texts(pages: Iterable[PlannedPage],
               wikis: WikiPair) -> Iterator[HeldTexts]:
    """Yield the texts of each page on hold that both wikis have.

    :param pages: planned pages; those of other decisions are passed over
    :param wikis: source and target
    """
    for page in pages:
        if (page.decision is Decision.HOLD and page.newest
                and page.replaced):
            yield _read(page, page.newest.id, page.replaced.id, wikis)


def _read(page: PlannedPage, theirs: int, ours: int,
          wikis: WikiPair) -> HeldTexts:
    try:
        there, _author = wikis.source.revision_text(page.title, theirs)
        here, _author = wikis.target.revision_text(page.target, ours)
    except ImportbotError as error:
        return HeldTexts(page, theirs, ours, error=str(error))
    return HeldTexts(page, theirs, ours, there, here)


@dataclass(frozen=True)
class CleanedTexts:

    """A page with its text before and after its clean-ups.

    :param page: the planned page
    :param revision: of the source, whose text it is
    :param before: that text
    :param after: what becomes of it
    """

    page: PlannedPage
    revision: int
    before: str
    after: str


def cleaned_texts(pages: Iterable[PlannedPage],
                  wikis: WikiPair) -> Iterator[CleanedTexts]:
    """Yield the texts of each page that is to be cleaned up.

    :param pages: planned pages; those without clean-ups are passed over
    :param wikis: source and target
    :raises ImportbotError: the source does not answer, or a clean-up
        cannot deal with a text
    """
    wanted = {page.title: (page, page.newest) for page in pages
              if page.cleanups and page.newest}
    for title, text in wikis.source.texts({
            title: newest.id for title, (_page, newest) in wanted.items()}):
        page, newest = wanted[title]
        after, _changing = cleaned(text, clean_up_page(
            wikis, title, page.target, newest), page.cleanups)
        yield CleanedTexts(page, newest.id, text, after)
