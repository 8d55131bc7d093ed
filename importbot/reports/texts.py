"""Texts to be compared: of pages on hold, of those that are replaced and of
those to be cleaned up."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from importbot.model.capabilities import Capability
from importbot.model.decisions import Decision
from importbot.model.errors import ImportbotError
from importbot.model.plan import PlannedPage
from importbot.model.problems import Problem
from importbot.planning.cleanups import clean_up_page, cleaned
from importbot.reports.words.changes import is_replaced
from importbot.rules.code import runs_as_code
from importbot.sources.transfer import Transfer


__all__ = ('CleanedTexts', 'HeldTexts', 'cleaned_texts', 'code_texts',
           'held_texts', 'texts_of')


@dataclass(frozen=True)
class HeldTexts:

    """A page on hold, or one to be replaced, as both wikis have it.

    :param page: the planned page
    :param theirs_id: revision of the source
    :param ours_id: revision of the target
    :param theirs: text of the source
    :param ours: text of the target
    :param error: why the texts cannot be had, None if they can
    """

    page: PlannedPage
    theirs_id: int
    ours_id: int
    theirs: str = ''
    ours: str = ''
    error: Problem | None = None


def held_texts(pages: Iterable[PlannedPage],
               transfer: Transfer) -> Iterator[HeldTexts]:
    """Yield both texts of each page where one could take the other's place.

    :param pages: planned pages; those that are neither on hold nor replaced
        are passed over
    """
    yield from _both([
        page for page in pages if page.newest and (
            _is_code(page) or page.replaced and (
                page.decision is Decision.HOLD or is_replaced(page)))],
        transfer)


def code_texts(pages: Iterable[PlannedPage],
               transfer: Transfer) -> Iterator[HeldTexts]:
    """Yield the texts of each page that would run as code for others.

    :param pages: planned pages; the others are passed over
    """
    yield from _both([page for page in pages
                      if page.newest and _is_code(page)], transfer)


def _is_code(page: PlannedPage) -> bool:
    """Return whether a page is imported and runs as code for others."""
    return bool(page.import_steps and page.target
                and runs_as_code(page.target, page.model))


def _both(held: Sequence[PlannedPage],
          transfer: Transfer) -> Iterator[HeldTexts]:
    """Yield what both wikis have of some pages."""
    if Capability.SEEK not in transfer.source.capabilities:
        yield from _in_one_pass(held, transfer)
        return
    for page in held:
        yield texts_of(page, transfer)


def _in_one_pass(held: Sequence[PlannedPage],
                 transfer: Transfer) -> Iterator[HeldTexts]:
    """Yield the same of a file, whose texts cost a pass if asked singly."""
    pages = {str(page.title): page for page in held}
    for title, text in transfer.source.texts({
            title: page.newest.id for title, page in pages.items()
            if page.newest}) if pages else ():
        yield texts_of(pages.pop(title), transfer, text)
    for page in pages.values():
        yield texts_of(page, transfer)


def texts_of(page: PlannedPage, transfer: Transfer,
             source_text: str | None = None) -> HeldTexts:
    """Return what both wikis have of a page.

    :param page: a page that the source has
    :param source_text: the source's text, if it is known
    """
    assert page.newest, 'the source has it'
    theirs, ours = page.newest.id, page.replaced.id if page.replaced else 0
    try:
        if source_text is None:
            source_text, _author = transfer.source.revision_text(
                str(page.title), theirs)
        here = transfer.target.revision_text(
            page.target_text, ours)[0] if ours else ''
    except ImportbotError as error:
        return HeldTexts(page, theirs, ours, error=error.problem)
    return HeldTexts(page, theirs, ours, source_text, here)


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
                  transfer: Transfer) -> Iterator[CleanedTexts]:
    """Yield the texts of each page that is to be cleaned up.

    :param pages: planned pages; those without clean-ups are passed over
    :raises ImportbotError: the source does not answer, or a clean-up
        cannot deal with a text
    """
    planned = {str(page.title): (page, page.newest) for page in pages
               if page.cleanups and page.newest}
    for title, text in transfer.source.texts({
            title: newest.id for title, (_page, newest) in planned.items()}):
        page, newest = planned[title]
        after, _changing = cleaned(text, clean_up_page(
            transfer, page.title, page.arriving, newest), page.cleanups)
        yield CleanedTexts(page, newest.id, text, after)
