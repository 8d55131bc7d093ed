"""Pages of which a dump has several ``<page>`` elements, put together.

Some wikis wrote one for each revision, and people put dumps together.
MediaWiki merges them; so do we, on disk: they may be larger than the
memory.
"""
from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from importbot.exports.exported import ExportedPage, ExportedRevision
from importbot.exports.reader import ExportReader
from importbot.rules.authors import canonical_name


__all__ = ('Scattered', 'with_canonical_names')

#: Where a revision begins, and how long it is.
_Place = tuple[int, int]

_TAIL = b'</page></mediawiki>'


def with_canonical_names(revisions: Iterable[ExportedRevision],
                         ) -> Iterator[ExportedRevision]:
    """Yield revisions with their authors as MediaWiki spells them.

    :param revisions: of a dump
    """
    for exported in revisions:
        name = canonical_name(exported.revision.user)
        yield exported if name == exported.revision.user else replace(
            exported, revision=replace(exported.revision, user=name))


class Scattered:

    """The revisions of scattered pages, each page by itself.

    :param name: what they come from, for sentences
    :param model_of: see :class:`~importbot.exports.reader.ExportReader`
    """

    def __init__(self, name: str,
                 model_of: Callable[[str, int], str]) -> None:
        self._name = name
        self._model_of = model_of
        self._file: IO[bytes] = tempfile.TemporaryFile(  # noqa: SIM115
            prefix='importbot-')
        self._end = 0
        self._heads: dict[str, tuple[int, bool]] = {}
        #: Of each element: namespace of its export, places of revisions.
        self._parts: dict[str, list[tuple[str, list[_Place]]]] = {}

    def __contains__(self, title: object) -> bool:
        return title in self._heads

    def close(self) -> None:
        """Delete the temporary file."""
        self._file.close()

    def add(self, page: ExportedPage, *, redirect: bool) -> None:
        """Take in the revisions of one of a page's elements.

        A revision that was there is not taken in twice.

        :param page: by its title, as it is read
        :param redirect: whether the page leads to another one
        """
        self._heads[page.title] = page.namespace, redirect
        places: list[_Place] = []
        for exported in page.revisions():
            if not places:
                self._parts.setdefault(page.title, []).append(
                    (exported.namespace, places))
            raw = exported.raw()
            self._file.seek(self._end)
            self._file.write(raw)
            places.append((self._end, len(raw)))
            self._end += len(raw)

    def page(self, title: str) -> ExportedPage:
        """Return a page with all its revisions.

        :param title: as the dump's wiki spells it
        """
        namespace, redirect = self._heads[title]
        return ExportedPage(title, namespace, redirect,
                            with_canonical_names(
                                self._revisions(title, namespace)))

    def pages(self) -> Iterator[ExportedPage]:
        """Yield all pages, in the order in which each began."""
        for title in self._heads:
            yield self.page(title)

    def _revisions(self, title: str,
                   namespace: int) -> Iterator[ExportedRevision]:
        seen = set()
        for export, places in self._parts[title]:
            root = f'<mediawiki xmlns={quoteattr(export)}>' if export else (
                '<mediawiki>')
            head = (f'{root}<page><title>{escape(title)}</title>'
                    f'<ns>{namespace}</ns>').encode()
            stream = io.BufferedReader(_Parts(self._file, head, places))
            for page in ExportReader(stream, self._name,
                                     self._model_of).pages():
                for exported in page.revisions():
                    revision = exported.revision
                    key = revision.timestamp, revision.sha1, revision.id
                    if key not in seen:
                        seen.add(key)
                        yield exported


class _Parts(io.RawIOBase):

    """A file made of parts of another one, which others read as well."""

    def __init__(self, file: IO[bytes], head: bytes,
                 places: list[_Place]) -> None:
        super().__init__()
        self._file = file
        self._rest = head
        self._places = iter(places)
        self._place = self._left = 0
        self._ended = False

    def readable(self) -> bool:
        """Return that this is to be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer and return how much of it."""
        while not self._rest and not self._ended:
            if not self._left:
                self._next_part()
                continue
            self._file.seek(self._place)
            self._rest = self._file.read(min(self._left, 2 ** 16))
            self._place += len(self._rest)
            self._left -= len(self._rest)
        data = self._rest[:len(buffer)]
        self._rest = self._rest[len(data):]
        buffer[:len(data)] = data
        return len(data)

    def _next_part(self) -> None:
        following = next(self._places, None)
        if following is None:
            self._ended, self._rest = True, _TAIL
        else:
            self._place, self._left = following
