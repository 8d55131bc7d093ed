"""A source as it was agreed to: pages end at the revision of the plan.

Everything that reads the source of a run reads it through this, so that
nothing newer than what a person has seen is compared, sent or expected.
"""
from __future__ import annotations

from collections.abc import (
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    Set,
)
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace

from importbot.exports.exported import ExportedPage
from importbot.model.capabilities import Capability
from importbot.model.errors import HiddenTextError
from importbot.model.plan import PlannedPage
from importbot.model.revisions import MAIN_SLOT, Revision
from importbot.model.titles import Title
from importbot.sources.source import Source
from importbot.wikis.api_values import PageRead


__all__ = ('Pin', 'PinnedSource', 'pins_of', 'unpinned')


@dataclass(frozen=True, slots=True)
class Pin:

    """The version of a page that was agreed to.

    :param revision: id of its newest revision then
    """

    revision: int


def pins_of(pages: Iterable[PlannedPage]) -> dict[str, Pin]:
    """Return what is agreed to of the pages that a plan imports.

    :param pages: of the plan
    """
    return {str(page.title): Pin(page.newest.id)
            for page in pages if page.import_steps and page.newest}


def unpinned(source: Source) -> Source:
    """Return a source as it is now.

    :param source: pinned or not
    """
    return source.source if isinstance(source, PinnedSource) else source


@dataclass(frozen=True)
class PinnedSource:

    """A source whose pages end at a certain revision.

    A page that has that revision no more has no history at all here: what
    was agreed to cannot be had.

    :param source: as it is now
    :param pins: by full title of the page
    """

    source: Source
    pins: Mapping[str, Pin] = field(repr=False)

    @property
    def api(self) -> str:
        """Address of the API, or what stands for it."""
        return self.source.api

    @property
    def capabilities(self) -> Set[Capability]:
        """What the source can do."""
        return self.source.capabilities

    def __str__(self) -> str:
        return str(self.source)

    def pages(self, titles: Iterable[str], *, text: bool = False,
              transcluded: bool = False, language: str = '',
              categories: bool = False, redirects: str = '',
              ) -> dict[str, PageRead]:
        """Read pages, those that were edited since as they were.

        :param titles: full titles
        :param text: with the text
        :param transcluded: with what the rendering transcludes
        :param language: with the interlanguage link to this language
        :param categories: with their categories, as they are now
        :param redirects: with what leads to them from these namespaces
        """
        reads = dict(self.source.pages(
            titles, text=text, transcluded=transcluded, language=language,
            categories=categories, redirects=redirects))
        for title, read in reads.items():
            pin = self.pins.get(title)
            if pin and read.newest and read.newest.id != pin.revision:
                reads[title] = replace(
                    self._page_as_of(title, pin.revision, read, text=text,
                                     transcluded=transcluded),
                    categories=read.categories, redirects=read.redirects,
                    hidden_categories=read.hidden_categories,
                    is_hidden=read.is_hidden)
        return reads

    def _page_as_of(self, title: str, number: int, now: PageRead, *,
                    text: bool, transcluded: bool) -> PageRead:
        history = self.history(title)
        if not history:
            return PageRead(title)
        shown = None
        if text:
            with suppress(HiddenTextError):
                shown, _author = self.source.revision_text(title, number)
        return replace(
            now, newest=history[0], text=shown,
            model=dict(history[0].slots).get(MAIN_SLOT) or now.model,
            transcluded=self.source.transcluded_by(title, number)
            if transcluded else ())

    def history(self, title: str) -> Sequence[Revision]:
        """Return a page's revisions up to the pinned one, that one first.

        :param title: full title
        """
        return self._up_to(title, self.source.history(title))

    def histories(self, titles: Sequence[str],
                  newest: Mapping[str, int] | None = None,
                  ) -> dict[str, Sequence[Revision]]:
        """Return the same of some pages.

        :param newest: ids of the newest revisions, where known
        """
        return {title: self._up_to(title, history) for title, history
                in self.source.histories(titles, newest).items()}

    def _up_to(self, title: str,
               history: Sequence[Revision]) -> Sequence[Revision]:
        pin = self.pins.get(title)
        if pin is None or (history and history[0].id == pin.revision):
            return history
        for place, revision in enumerate(history):
            if revision.id == pin.revision:
                return history[place:]
        return ()

    def beginning(self, prefix: Title) -> Iterable[Title]:
        """Return the pages whose titles begin so, where a file tells.

        :param prefix: how titles begin
        """
        return self.source.beginning(prefix)

    def revision_text(self, title: str, revision: int) -> tuple[str, str]:
        """Return text and author of a revision.

        :param title: full title of its page
        """
        return self.source.revision_text(title, revision)

    def transcluded_by(self, title: str, revision: int) -> tuple[str, ...]:
        """Return the pages that the rendering of a revision transcludes.

        :param title: full title of its page
        """
        return self.source.transcluded_by(title, revision)

    def texts(self, revisions: Mapping[str, int],
              ) -> Iterator[tuple[str, str]]:
        """Yield the texts of one revision each of some pages, by title.

        :param revisions: their ids, by full title of the page
        """
        return self.source.texts(revisions)

    def export(self, titles: Sequence[str],
               history: bool) -> Generator[ExportedPage, None, None]:
        """Yield pages with their revisions, those that are newer too.

        What is sent of them says :class:`~importbot.rules.held.HeldPage`.
        An export of current revisions alone does not have the agreed one
        of a page that was edited since; that one comes with its history.

        :param history: all revisions, else the newest
        """
        moved = frozenset() if history else self._moved(titles)
        for some, whole in ((moved, True),
                            (set(titles) - moved, history)):
            if not some:
                continue
            with closing(self.source.export(
                    [title for title in titles if title in some],
                    whole)) as pages:
                yield from pages

    def _moved(self, titles: Iterable[str]) -> frozenset[str]:
        """Return the pages whose newest revision is another one now."""
        pinned = [title for title in titles if title in self.pins]
        return frozenset(
            title for title, read in self.source.pages(pinned).items()
            if read.newest and read.newest.id != self.pins[title].revision
        ) if pinned and Capability.CHANGE in self.capabilities else frozenset()

    def gives_history(self, title: str) -> bool:
        """Return whether more than current revisions can be had.

        :param title: a page that has more than one
        """
        return self.source.gives_history(title)

    def central_ids(self, names: Iterable[str],
                    ) -> Mapping[str, Mapping[str, int]]:
        """Return the central ids of accounts, by name and provider.

        :param names: user names
        """
        return self.source.central_ids(names)
