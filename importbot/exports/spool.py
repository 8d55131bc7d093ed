"""Histories on their way, on disk: they may be larger than the memory."""
from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType

from importbot.exports.exported import ExportedPage
from importbot.model.revisions import Revision


__all__ = ('Spool', 'SpooledPage')


@dataclass(frozen=True)
class SpooledPage:

    """A page whose revisions lie in a spool.

    :param title: full title on the source
    :param revisions: in the order of the export
    :param places: where the XML of each begins and how long it is, in
        bytes
    """

    title: str
    revisions: tuple[Revision, ...]
    places: tuple[tuple[int, int], ...] = field(repr=False)


class Spool:

    """A temporary file of revisions; a context."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(  # noqa: SIM115
            prefix='importbot-')
        self._end = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, page: ExportedPage, *,
            takes: Callable[[Revision], bool],
            written: Callable[[Revision], str | None]) -> SpooledPage:
        """Take the revisions of a page in.

        :param page: as it is read from an export
        :param takes: returns whether a revision is wanted
        :param written: returns the author's name to write, None to leave
            it as it is
        """
        revisions, places = [], []
        for exported in page.revisions():
            revision = exported.revision
            if not takes(revision):
                continue
            xml = exported.xml(written(revision))
            self._file.seek(self._end)
            self._file.write(xml)
            revisions.append(revision)
            places.append((self._end, len(xml)))
            self._end += len(xml)
        return SpooledPage(page.title, tuple(revisions), tuple(places))

    def read(self, page: SpooledPage, indices: Iterable[int]) -> bytes:
        """Return the XML of some revisions.

        :param page: a page of this spool
        :param indices: places of the revisions in the page, in the order
            in which they are wanted
        """
        parts = []
        for index in indices:
            begin, length = page.places[index]
            self._file.seek(begin)
            parts.append(self._file.read(length))
        return b''.join(parts)
