"""What an export holds: its wiki, pages, and revisions with their texts."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from importbot.bundles.elements import (
    base36,
    children_of,
    escaped,
    fields_of,
    text_of,
    xml_of,
)
from importbot.model.revisions import Revision


__all__ = ('ExportSiteInfo', 'ExportedPage', 'ExportedRevision')

#: Base 36 of :data:`~importbot.model.revisions.EMPTY_SHA1`.
_EMPTY_BASE36 = 'phoiac9h4m842xq45sp7s6u21eteeq1'


@dataclass(frozen=True)
class ExportSiteInfo:

    """What an export says of the wiki that it is from.

    Whatever it does not say is empty.

    :param sitename: name of the wiki
    :param dbname: name of its database
    :param base: address of its main page
    :param namespaces: local names of its namespaces by number
    :param language: code of its content language
    """

    sitename: str = ''
    dbname: str = ''
    base: str = ''
    namespaces: Mapping[int, str] = field(default_factory=dict)
    language: str = ''


@dataclass(frozen=True)
class ExportedRevision:

    """A revision with its text.

    :param revision: as it is compared between wikis
    :param model: content model of the main slot
    :param text: of the main slot; None where hidden
    """

    revision: Revision
    model: str
    text: str | None = field(repr=False)
    _element: etree._Element = field(repr=False)
    _root: str = field(repr=False)

    def xml(self, author: str | None = None) -> bytes:
        """Return the element for an upload, in UTF-8.

        A hidden text gets the sha1 of the empty text that the importer
        makes of it, and where the file has no sha1 it is added: by it the
        importer knows a revision that it has already.

        :param author: name to write in place of the source's
        """
        fields = fields_of(self._element, self._root)
        digest = self.revision.sha1
        if not digest:
            written = {'sha1': f'<sha1>{_EMPTY_BASE36}</sha1>'}
        elif not text_of(fields.get('sha1')):
            written = {'sha1': f'<sha1>{base36(digest)}</sha1>'}
        else:
            written = {}
        if author is not None:
            written['contributor'] = (
                f'<contributor><username>{escaped(author)}</username>'
                '</contributor>')
        parts = ['<revision>']
        for child, name in children_of(self._element, self._root):
            parts.append(written.pop(name, '')
                         or xml_of(child, name, self._root))
        return ''.join((*parts, *written.values(), '</revision>')).encode()


class ExportedPage:

    """A page of an export; its revisions come as they are read.

    :ivar title: full title on the source
    :ivar namespace: its number there
    :ivar redirect: whether the export calls it a redirect
    """

    def __init__(self, title: str, namespace: int, redirect: bool,
                 revisions: Iterator[ExportedRevision]) -> None:
        """Initializer.

        :param title: full title
        :param namespace: number of its namespace
        :param redirect: whether it is a redirect
        :param revisions: read when they are asked for
        """
        self.title = title
        self.namespace = namespace
        self.redirect = redirect
        self._revisions = revisions

    def revisions(self) -> Iterator[ExportedRevision]:
        """Return the revisions, to be read once, before the next page is.

        :raises BundleError: what comes is no export XML
        """
        return self._revisions
