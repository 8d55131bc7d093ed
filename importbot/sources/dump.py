"""A dump as the source of an import.

One pass reads of every revision what is compared, packed into a few
bytes; texts are read from the file again when they are needed, in its
order where that can be.
"""
from __future__ import annotations

from bisect import bisect_left
from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from functools import cached_property
from itertools import islice, takewhile

from importbot.exports.dumpfiles import DumpFile
from importbot.exports.exported import (
    ExportedPage,
    ExportedRevision,
    ExportSiteInfo,
)
from importbot.exports.reader import ExportReader
from importbot.model.capabilities import Capability
from importbot.model.errors import BundleError, HiddenTextError
from importbot.model.problems import Problem
from importbot.model.revisions import Revision
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title
from importbot.sources.dump_names import DumpNames
from importbot.sources.dump_pages import Element, Entry
from importbot.sources.packed import Packer
from importbot.sources.scattered import Scattered, with_canonical_names
from importbot.wikis.api_values import PageRead


__all__ = ('Dump', )


def _is_same(one: Revision, other: Revision) -> bool:
    return ((one.timestamp, one.sha1, one.id)
            == (other.timestamp, other.sha1, other.id))


class Dump:

    """Export XML as a source; a context that closes its files.

    :param files: in the order in which they are read
    :param progress: told how many pages were read
    """

    capabilities: frozenset[Capability] = frozenset()

    def __init__(self, files: Sequence[DumpFile],
                 progress: Callable[[int], None] = lambda read: None,
                 ) -> None:
        self._files = files
        self._progress = progress
        self._entries: dict[str, Entry] = {}
        self._packer = Packer(self.api)
        self._texts: dict[str, str | None] = {}
        self._names = DumpNames(SiteInfo('', '', '', {}))
        #: Pages of which it has several elements.
        self._scattered: Scattered | None = None
        self._cursor: Iterator[ExportedPage] | None = None

    def __enter__(self) -> Dump:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._cursor = None
        if self._scattered:
            self._scattered.close()
        for file in self._files:
            file.close()

    @property
    def api(self) -> str:
        """What stands for the address: the names of the files."""
        return ' '.join(file.name for file in self._files)

    @cached_property
    def siteinfo(self) -> ExportSiteInfo:
        """What the first of the files says of its wiki.

        :raises BundleError: a file is broken, or of another wiki
        """
        siteinfo: ExportSiteInfo | None = None
        for file in self._files:
            with file.open() as stream:
                another = ExportReader(stream, file.name).siteinfo
            siteinfo = siteinfo or another
            if (another.base and siteinfo.base
                    and another.base != siteinfo.base):
                raise BundleError(
                    f'{file.name} is of {another.base}, and '
                    f'{self._files[0].name} of {siteinfo.base}; import dumps '
                    'of two wikis one by one')
        return siteinfo or ExportSiteInfo()

    @property
    def info(self) -> SiteInfo:
        """Settings of its wiki, as far as they are known once it was read.
        """
        return self._names.info

    def read(self, info: SiteInfo,
             keeps_text: Callable[[Title], bool] = lambda title: False,
             ) -> None:
        """Read the dump once from end to end.

        :param info: settings of its wiki, as far as they are known
        :param keeps_text: whether the current text of a page will be asked
            for
        :raises BundleError: it is broken or hostile; nothing was sent
        """
        self._names = DumpNames(info)
        repeated: dict[str, Element] = {}
        for page in self._elements():
            title = self._names.title(page.title, page.namespace)
            element = self._read_element(page, keeps_text(title))
            entry = self._entries.get(page.title)
            if entry and element.rows:
                self._whole(page.title, entry, repeated).add(element)
            elif element.rows:
                self._add(page.title, title, element)
            self._progress(len(self._entries))
        for text, element in repeated.items():
            self._add(text, self._entries[text].title, element)
        if repeated:
            self._gather(repeated)

    def _read_element(self, page: ExportedPage,
                      wants_text: bool) -> Element:
        element = Element(is_redirect=page.redirect)
        for exported in page.revisions():
            revision = exported.revision
            key = revision.timestamp, revision.id
            element.rows.append((key, self._packer.row(revision)))
            element.edited += exported.is_edited
            if key >= element.newest:
                element.newest, element.model = key, exported.model
                element.text = exported.text if wants_text else None
        return element

    def _whole(self, text: str, entry: Entry,
               repeated: dict[str, Element]) -> Element:
        """Return what was read of a page that has one more element."""
        if text not in repeated:
            newest = entry.history[0]
            repeated[text] = Element(
                [((revision.timestamp, revision.id),
                  self._packer.row(revision)) for revision in entry.history],
                (newest.timestamp, newest.id), entry.model,
                entry.is_redirect, self._texts.get(text), entry.edited)
        return repeated[text]

    def _add(self, text: str, title: Title, element: Element) -> None:
        rows = sorted(dict.fromkeys(element.rows), key=lambda row: row[0])
        self._entries[text] = Entry(
            title, self._packer.history(b''.join(row for _key, row in rows)),
            element.model, element.is_redirect, element.edited)
        if element.text is not None:
            self._texts[text] = element.text

    def _gather(self, titles: Collection[str]) -> None:
        """Put scattered pages together, in one more pass."""
        gathered = Scattered(self.api, self._names.model)
        for page in self._elements():
            if page.title in titles:
                gathered.add(page, redirect=self._entries[
                    page.title].is_redirect)
        self._scattered = gathered

    def titles(self) -> Iterator[Title]:
        """Yield the title of every page, in its order."""
        for entry in self._entries.values():
            yield entry.title

    @cached_property
    def _sorted(self) -> list[Title]:
        return sorted(self.titles())

    def beginning(self, prefix: Title) -> Iterable[Title]:
        """Return the pages whose titles begin so.

        :param prefix: how titles begin
        """
        start = bisect_left(self._sorted, prefix)
        return takewhile(
            lambda title: title.namespace == prefix.namespace
            and title.name.startswith(prefix.name),
            islice(self._sorted, start, None))

    def edited(self, title: str) -> int:
        """Return of how many revisions the sha1 is not that of the text.

        :param title: full title
        """
        entry = self._entries.get(title)
        return entry.edited if entry else 0

    def __len__(self) -> int:
        return len(self._entries)

    def pages(self, titles: Iterable[str], *, text: bool = False,
              transcluded: bool = False, language: str = '',
              categories: bool = False, redirects: str = '',
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
        """Return a page's revisions, newest first; none if it is not there."""
        entry = self._entries.get(title)
        return entry.history if entry else ()

    def histories(self, titles: Sequence[str],
                  newest: Mapping[str, int] | None = None,
                  ) -> dict[str, Sequence[Revision]]:
        """Return the revisions of some pages, newest first."""
        return {title: self.history(title) for title in titles}

    def revision_text(self, title: str, revision: int) -> tuple[str, str]:
        """Return text and author of a revision; costs a pass.

        Ids need not be there, nor be of one wiki: they count within a page.

        :param title: full title of its page
        :raises HiddenTextError: it is hidden, or not there
        """
        listed = next((item for item in self.history(title)
                       if item.id == revision), None)
        for page in self._all_pages() if listed else ():
            if page.title != title:
                continue
            for exported in page.revisions():
                if (listed and _is_same(exported.revision, listed)
                        and exported.text is not None):
                    return exported.text, exported.revision.user
        raise HiddenTextError(Problem('dump-without-text', dump=self.api,
                                      revision=revision))

    def transcluded_by(self, title: str, revision: int) -> tuple[str, ...]:
        """Return nothing: a file knows of no rendering."""
        return ()

    def texts(self, revisions: Mapping[str, int],
              ) -> Iterator[tuple[str, str]]:
        """Yield the texts of one revision each of some pages, in one pass.

        :param revisions: their ids, by full title of the page
        """
        pending: dict[str, Revision] = {}
        for title, number in revisions.items():
            history = self.history(title)
            # The newest one of those that bear no id.
            item = next((item for item in history if item.id == number), None)
            if item is None:
                continue
            kept = self._texts.get(title) if item == history[0] else None
            if kept is None:
                pending[title] = item
            else:
                yield title, kept
        for page in self._all_pages() if pending else ():
            revision = pending.pop(page.title, None)
            for exported in page.revisions() if revision else ():
                if (revision and _is_same(exported.revision, revision)
                        and exported.text is not None):
                    yield page.title, exported.text
            if not pending:
                return

    def export(self, titles: Sequence[str],
               history: bool) -> Generator[ExportedPage, None, None]:
        """Yield pages in the order of the file, from where it stands.

        Pages that are asked for in that order cost one pass in all.

        :param history: all revisions, else the newest
        """
        missing = set(titles) & self._entries.keys()
        scattered = self._scattered
        for title in sorted(missing) if scattered else ():
            if scattered and title in scattered:
                missing.discard(title)
                page = scattered.page(title)
                yield page if history else self._newest_alone(page)
        began_anew = False
        while missing:
            if self._cursor is None:
                if began_anew:
                    raise BundleError(f'{self.api} changed while it was '
                                      'read; start again')
                self._cursor, began_anew = self._all_pages(), True
            following = next(self._cursor, None)
            if following is None:
                self._cursor = None
            elif following.title in missing:
                missing.discard(following.title)
                yield following if history else self._newest_alone(following)

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
        """Yield all pages, each whole."""
        for page in self._elements():
            if not (self._scattered and page.title in self._scattered):
                yield page
        if self._scattered:
            yield from self._scattered.pages()

    def _elements(self) -> Iterator[ExportedPage]:
        """Yield the pages of all files, each opened when it is reached.

        Titles are those that the dump's wiki has for the pages.
        """
        for file in self._files:
            with file.open() as stream:
                for page in ExportReader(stream, file.name,
                                         self._names.model).pages():
                    yield ExportedPage(
                        self._names.text(page.title, page.namespace),
                        page.namespace, page.redirect,
                        with_canonical_names(page.revisions()))
