"""Histories and texts of one wiki, of many pages a request."""
from __future__ import annotations

from collections.abc import (
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import closing, suppress
from typing import Any

from importbot.exports.exported import ExportedPage
from importbot.model.errors import BundleError, HiddenTextError, SourceError
from importbot.model.problems import Problem
from importbot.model.revisions import Revision
from importbot.wikis.api import FIELDS, WikiAPI, batches
from importbot.wikis.api_values import revision
from importbot.wikis.exports import export_pages, gives_history


__all__ = ('WikiHistories', )

#: Bytes of texts from which asking for histories alone is cheaper.
_LONG_EXPORT = 8_000_000


class WikiHistories(WikiAPI):

    """Reads of revisions, as rows and as texts."""

    def export(self, titles: Sequence[str],
               history: bool) -> Generator[ExportedPage, None, None]:
        """Yield pages as the wiki exports them, streamed.

        :param titles: full titles; one alone if its history is long
        :param history: all revisions instead of the current one
        :raises SourceError: the wiki does not answer, or breaks off
        """
        return export_pages(self.site, titles, history)

    def gives_history(self, title: str) -> bool:
        """Return whether the wiki exports more than current revisions.

        :param title: a page that has more than one
        """
        return gives_history(self.site, title)

    def revision_text(self, title: str, revision: int) -> tuple[str, str]:
        """Return text and author of a revision, as everybody sees them.

        :param title: full title of its page, which a wiki need not know
        :return: the author empty where hidden
        :raises HiddenTextError: the wiki hides it or no longer has it
        """
        query = next(self.query(
            revids=revision, prop='revisions', rvprop='content|user',
            rvslots='main'))
        for page in query.get('pages', ()):
            for row in page.get('revisions', ()):
                text = _shown(row)
                if text is not None:
                    return text, ('' if 'userhidden' in row
                                  else row.get('user', ''))
        raise HiddenTextError(Problem('hidden-text', api=self.api,
                                      revision=revision))

    def transcluded_by(self, title: str, revision: int) -> tuple[str, ...]:
        """Return the pages that the rendering of a revision transcludes.

        :param title: full title of its page, which a wiki need not know
        """
        answer = self.ask(action='parse', oldid=revision, prop='templates')
        return tuple(row['title'] for row in answer['parse']['templates'])

    def texts(self, revisions: Mapping[str, int],
              ) -> Iterator[tuple[str, str]]:
        """Yield the texts of one revision each of some pages, by title.

        Those that the wiki hides or no longer has are left out.

        :param revisions: their ids, by full title of the page
        """
        titles = {str(revision): title
                  for title, revision in revisions.items()}
        for batch in batches(titles):
            for query in self.query(
                    revids=batch, prop='revisions', rvprop='ids|content',
                    rvslots='main'):
                for page in query.get('pages', ()):
                    for row in page.get('revisions', ()):
                        text = _shown(row)
                        if text is not None:
                            yield self._asked(titles, str(row['revid'])), text

    def comment(self, revision: int) -> str:
        """Return the edit summary of a revision, empty where hidden."""
        query = next(self.query(revids=revision, prop='revisions',
                                rvprop='comment'))
        return next((str(row.get('comment', ''))
                     for page in query.get('pages', ())
                     for row in page.get('revisions', ())), '')

    def tags(self, revisions: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """Return the change tags of some revisions, by id.

        :param revisions: their ids; those that are not there are left out
        """
        return {row['revid']: revision(row).tags or ()
                for batch in batches(map(str, sorted(revisions)))
                for query in self.query(revids=batch, prop='revisions',
                                        rvprop='ids|timestamp|tags')
                for page in query.get('pages', ())
                for row in page.get('revisions', ())}

    def history(self, title: str) -> list[Revision]:
        """Return a page's revisions, the current one first.

        The others follow from new to old; where a wiki dates a revision
        in the future, the current one is not the newest.

        :param title: full title
        """
        revisions: list[Revision] = []
        current = 0
        for query in self.query(
                titles=title, prop='info|revisions', rvlimit='max',
                rvprop=FIELDS, rvslots='*'):
            for page in query.get('pages', ()):
                current = page.get('lastrevid', current)
                revisions += map(revision, page.get('revisions', ()))
        return sorted(revisions, key=lambda item: item.id != current)

    def histories(self, titles: Sequence[str],
                  newest: Mapping[str, int] | None = None,
                  ) -> dict[str, list[Revision]]:
        """Return the revisions of some pages, the newest first.

        ``prop=revisions`` takes one title a request; an export takes many.
        A history out of an export counts if the parents of its revisions
        are all in it, up to the newest; else it is asked for by itself.
        So are all that are left when an export becomes long.

        :param titles: full titles
        :param newest: ids of the newest revisions, where known
        """
        histories: dict[str, list[Revision]] = {}
        if len(titles) > 1:
            # What breaks here is asked for once more below.
            with suppress(BundleError, SourceError):
                for batch in batches(titles):
                    histories.update(self._exported_histories(batch))
        return {title: histories[title] if title in histories and (
            newest is None or histories[title][0].id == newest[title])
            else self.history(title) for title in titles}

    def _exported_histories(
            self, titles: Sequence[str],
            ) -> Iterator[tuple[str, list[Revision]]]:
        """Yield those histories that an export proves to be whole."""
        size = 0
        with closing(self.export(titles, history=True)) as pages:
            for page in pages:
                # Those whose ids are out of the order of time may come once
                # more at its end (WikiExporter::dumpPages).
                read = {}
                for item in page.revisions():
                    read[item.revision.id] = item.revision
                    size += item.revision.size
                    if size > _LONG_EXPORT:
                        return
                if {item.parent for item in read.values()} <= {0, *read}:
                    yield page.title, sorted(
                        read.values(), reverse=True,
                        key=lambda item: (item.timestamp, item.id))


def _shown(row: Mapping[str, Any]) -> str | None:
    """Return the text of a revision that everybody may see, if any."""
    slot = row['slots']['main']
    return None if 'texthidden' in slot else slot.get('content')
