"""What pages come from: a wiki, or a file that one has written."""
from __future__ import annotations

from collections.abc import (
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    Set,
)
from typing import Protocol

from importbot.exports.exported import ExportedPage
from importbot.model.capabilities import Capability
from importbot.model.revisions import Revision
from importbot.model.titles import Title
from importbot.wikis.api_values import PageRead


__all__ = ('Source', )


class Source(Protocol):

    """Where pages come from.

    :class:`~importbot.wikis.wiki.Wiki` and
    :class:`~importbot.sources.dump.Dump` are sources.
    """

    @property
    def api(self) -> str:
        """Address of the API, or what stands for it."""

    @property
    def capabilities(self) -> Set[Capability]:
        """What it can do that others cannot."""

    def pages(self, titles: Iterable[str], *, text: bool = False,
              transcluded: bool = False, language: str = '',
              categories: bool = False, redirects: str = '',
              ) -> dict[str, PageRead]:
        """Read pages; see :meth:`importbot.wikis.wiki.Wiki.pages`."""

    def beginning(self, prefix: Title) -> Iterable[Title]:
        """Return the pages whose titles begin so, where a file tells."""

    def history(self, title: str) -> Sequence[Revision]:
        """Return a page's revisions, the current one first."""

    def histories(self, titles: Sequence[str],
                  newest: Mapping[str, int] | None = None,
                  ) -> Mapping[str, Sequence[Revision]]:
        """Return the revisions of some pages, the newest first."""

    def revision_text(self, title: str, revision: int) -> tuple[str, str]:
        """Return text and author of a revision."""

    def transcluded_by(self, title: str, revision: int) -> tuple[str, ...]:
        """Return the pages that the rendering of a revision transcludes."""

    def texts(self, revisions: Mapping[str, int],
              ) -> Iterator[tuple[str, str]]:
        """Yield the texts of one revision each of some pages, by title."""

    def export(self, titles: Sequence[str],
               history: bool) -> Generator[ExportedPage, None, None]:
        """Yield pages with their revisions, to be read one by one."""

    def gives_history(self, title: str) -> bool:
        """Return whether more than current revisions can be had."""

    def central_ids(self, names: Iterable[str],
                    ) -> Mapping[str, Mapping[str, int]]:
        """Return the central ids of accounts, by name and provider."""
