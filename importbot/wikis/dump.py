"""A dump as the source of an import.

One pass reads of every revision what is compared, packed into a few
bytes; texts are read from the file again when they are needed, in its
order where that can be.
"""
from __future__ import annotations

import struct
from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import overload

from importbot.bundles.dumpfiles import DumpFile
from importbot.bundles.exported import (
    ExportedPage,
    ExportedRevision,
    ExportSiteInfo,
)
from importbot.bundles.reader import ExportReader
from importbot.model.errors import BundleError, HiddenTextError
from importbot.model.revisions import Revision
from importbot.wikis.answers import PageRead


__all__ = ('Dump', 'PackedHistory')

#: Role and content model of the slots of a revision.
Slots = tuple[tuple[str, str], ...]

#: id, parent, time, size, numbers of the author and of the slots, hidden,
#: SHA-1
_ROW = struct.Struct('<QQqIIHB20s')
#: Kinds of slots beyond which a file is none that MediaWiki writes.
_MOST_KINDS = 2 ** 16
_NO_SHA1 = bytes(20)


class PackedHistory(Sequence[Revision]):

    """Revisions in some 50 bytes each, newest first.

    :param rows: packed rows in the order of time
    :param users: names of the authors by number
    :param slots: roles and models of their slots by number
    """

    __slots__ = ('_rows', '_slots', '_users')

    def __init__(self, rows: bytes, users: Sequence[str],
                 slots: Sequence[Slots]) -> None:
        """Initializer."""
        self._rows = rows
        self._users = users
        self._slots = slots

    def __len__(self) -> int:
        return len(self._rows) // _ROW.size

    @overload
    def __getitem__(self, index: int) -> Revision: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Revision]: ...

    def __getitem__(self,
                    index: int | slice) -> Revision | Sequence[Revision]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(
                len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        place = (len(self) - 1 - index) * _ROW.size
        (number, parent, when, size, user, slots, hidden,
         sha1) = _ROW.unpack_from(self._rows, place)
        return Revision(
            number, parent, _time(when), '' if sha1 == _NO_SHA1
            else sha1.hex(), self._users[user], bool(hidden), size,
            self._slots[slots])


def _time(when: int) -> str:
    return datetime.fromtimestamp(when, timezone.utc).strftime(
        '%Y-%m-%dT%H:%M:%SZ')


def _seconds(timestamp: str) -> int:
    return int(datetime.strptime(timestamp, '%Y-%m-%dT%H:%M:%SZ').replace(
        tzinfo=timezone.utc).timestamp())


def _is_same(one: Revision, other: Revision) -> bool:
    return ((one.timestamp, one.sha1, one.id)
            == (other.timestamp, other.sha1, other.id))


@dataclass(frozen=True, slots=True)
class _Entry:

    """A page of the dump.

    :param namespace: its number
    :param history: of all its revisions
    :param model: content model of the newest
    :param is_redirect: whether it leads to another page
    """

    namespace: int
    history: PackedHistory
    model: str
    is_redirect: bool


class Dump:

    """Export XML as a source; a context that closes its files.

    :param files: in the order in which they are read
    :param progress: told how many pages were read
    """

    def __init__(self, files: Sequence[DumpFile],
                 progress: Callable[[int], None] = lambda read: None,
                 ) -> None:
        """Initializer."""
        self.siteinfo = ExportSiteInfo()
        self._files = files
        self._progress = progress
        self._entries: dict[str, _Entry] = {}
        self._users: list[str] = []
        self._numbers: dict[str, int] = {}
        self._slots: list[Slots] = []
        self._kinds: dict[Slots, int] = {}
        self._texts: dict[str, str | None] = {}
        self._cursor: Iterator[ExportedPage] | None = None

    def __enter__(self) -> Dump:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._cursor = None
        for file in self._files:
            file.close()

    @property
    def is_file(self) -> bool:
        """Return True: it knows of no rendering, and has an order."""
        return True

    @property
    def api(self) -> str:
        """What stands for the address: the names of the files."""
        return ' '.join(file.name for file in self._files)

    def read(self, keeps_text: Callable[[str, int], bool] = (
            lambda title, namespace: False)) -> None:
        """Read the dump once from end to end.

        :param keeps_text: whether the current text of a page, by title and
            namespace, will be asked for
        :raises BundleError: it is broken or hostile; nothing was sent
        """
        for page in self._all_pages():
            rows: list[tuple[str, int, bytes]] = []
            newest = ('', 0)
            model, text = 'wikitext', None
            wants_text = keeps_text(page.title, page.namespace)
            for exported in page.revisions():
                revision = exported.revision
                key = (revision.timestamp, revision.id)
                rows.append((*key, self._packed(revision)))
                if key >= newest:
                    newest, model = key, exported.model
                    text = exported.text if wants_text else None
            if rows:
                self._add(page, rows, model)
                if wants_text:
                    self._texts[page.title] = text
            self._progress(len(self._entries))

    def _add(self, page: ExportedPage, rows: list[tuple[str, int, bytes]],
             model: str) -> None:
        if page.title in self._entries:
            raise BundleError(f'{self.api} has the page "{page.title}" '
                              'twice; give each dump by itself')
        rows.sort(key=lambda row: row[:2])
        self._entries[page.title] = _Entry(
            page.namespace, PackedHistory(b''.join(row[2] for row in rows),
                                          self._users, self._slots),
            model, page.redirect)

    def _packed(self, revision: Revision) -> bytes:
        number = self._numbers.setdefault(revision.user, len(self._users))
        if number == len(self._users):
            self._users.append(revision.user)
        return _ROW.pack(
            revision.id, revision.parent, _seconds(revision.timestamp),
            revision.size, number, self._kind(revision.slots),
            revision.hidden,
            bytes.fromhex(revision.sha1) if revision.sha1 else _NO_SHA1)

    def _kind(self, slots: Slots) -> int:
        number = self._kinds.setdefault(slots, len(self._slots))
        if number == len(self._slots):
            if number == _MOST_KINDS:
                raise BundleError(f'{self.api} has revisions of more than '
                                  f'{_MOST_KINDS} kinds of content; do not '
                                  'trust it')
            self._slots.append(slots)
        return number

    def titles(self) -> Iterator[tuple[str, int]]:
        """Yield title and namespace number of every page, in its order."""
        for title, entry in self._entries.items():
            yield title, entry.namespace

    def __len__(self) -> int:
        return len(self._entries)

    def pages(self, titles: Iterable[str], *, text: bool = False,
              transcluded: bool = False, language: str = '',
              ) -> dict[str, PageRead]:
        """Return pages; a file knows of no rendering and no links.

        :param titles: full titles
        :param text: with the current text; costs a pass for those that
            :meth:`read` was not told of
        """
        titles = list(titles)
        if text:
            self._read_texts([title for title in titles
                              if title in self._entries
                              and title not in self._texts])
        return {title: self._page_read(title, text) for title in titles}

    def _page_read(self, title: str, text: bool) -> PageRead:
        entry = self._entries.get(title)
        if entry is None:
            return PageRead(title)
        return PageRead(title, newest=entry.history[0], model=entry.model,
                        is_redirect=entry.is_redirect,
                        text=self._texts.get(title) if text else None)

    def _read_texts(self, titles: Collection[str]) -> None:
        """Read the current texts of some pages in one pass."""
        missing = set(titles)
        if not missing:
            return
        for page in self._all_pages():
            if page.title in missing:
                newest = self._entries[page.title].history[0]
                for exported in page.revisions():
                    if _is_same(exported.revision, newest):
                        self._texts[page.title] = exported.text
                missing.discard(page.title)
                if not missing:
                    return

    def history(self, title: str) -> Sequence[Revision]:
        """Return a page's revisions, newest first; none if it is not there.

        :param title: full title
        """
        entry = self._entries.get(title)
        return entry.history if entry else ()

    def histories(self, titles: Sequence[str],
                  newest: Mapping[str, int] | None = None,
                  ) -> dict[str, Sequence[Revision]]:
        """Return the revisions of some pages, newest first.

        :param titles: full titles
        """
        return {title: self.history(title) for title in titles}

    def revision_text(self, title: str, revision: int) -> tuple[str, str]:
        """Return text and author of a revision; costs a pass.

        Ids need not be there, nor be of one wiki: they count within a page.

        :param title: full title of its page
        :param revision: its id
        :raises HiddenTextError: it is hidden, or not there
        """
        wanted = next((item for item in self.history(title)
                       if item.id == revision), None)
        for page in self._all_pages() if wanted else ():
            if page.title != title:
                continue
            for exported in page.revisions():
                if (wanted and _is_same(exported.revision, wanted)
                        and exported.text is not None):
                    return exported.text, exported.revision.user
        raise HiddenTextError(f'{self.api} does not have the text of '
                              f'revision {revision}')

    def transcluded_by(self, title: str, revision: int) -> tuple[str, ...]:
        """Return nothing: a file knows of no rendering."""
        return ()

    def texts(self, revisions: Mapping[str, int],
              ) -> Iterator[tuple[str, str]]:
        """Yield the texts of one revision each of some pages, in one pass.

        :param revisions: their ids, by full title of the page
        """
        wanted = {title: item for title, number in revisions.items()
                  for item in self.history(title) if item.id == number}
        for page in self._all_pages() if wanted else ():
            revision = wanted.pop(page.title, None)
            for exported in page.revisions() if revision else ():
                if (revision and _is_same(exported.revision, revision)
                        and exported.text is not None):
                    yield page.title, exported.text
            if not wanted:
                return

    def export(self, titles: Sequence[str],
               history: bool) -> Generator[ExportedPage, None, None]:
        """Yield pages in the order of the file, from where it stands.

        Pages that are asked for in that order cost one pass in all.

        :param titles: full titles
        :param history: all revisions, else the newest
        """
        missing = set(titles) & self._entries.keys()
        began_anew = False
        while missing:
            if self._cursor is None:
                if began_anew:
                    raise BundleError(f'{self.api} changed while it was '
                                      'read; start again')
                self._cursor, began_anew = self._all_pages(), True
            page = next(self._cursor, None)
            if page is None:
                self._cursor = None
            elif page.title in missing:
                missing.discard(page.title)
                yield page if history else self._newest_alone(page)

    def _newest_alone(self, page: ExportedPage) -> ExportedPage:
        newest = self._entries[page.title].history[0]

        def revisions() -> Iterator[ExportedRevision]:
            for exported in page.revisions():
                if _is_same(exported.revision, newest):
                    yield exported

        return ExportedPage(page.title, page.namespace, page.redirect,
                            revisions())

    def gives_history(self, title: str) -> bool:
        """Return True: what the file lacks nobody can have."""
        return True

    def central_ids(self,
                    names: Iterable[str]) -> Mapping[str, Mapping[str, int]]:
        """Return nothing: a file knows of no accounts."""
        return {}

    def _all_pages(self) -> Iterator[ExportedPage]:
        """Yield the pages of all files, each opened when it is reached."""
        for file in self._files:
            with file.open() as stream:
                reader = ExportReader(stream, file.name)
                for page in reader.pages():
                    self.siteinfo = reader.siteinfo
                    yield page
