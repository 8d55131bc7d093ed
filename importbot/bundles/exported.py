"""What an export holds: its wiki, pages, and revisions with their texts."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from importbot.bundles.outgoing import revision_xml
from importbot.model.revisions import Revision


__all__ = ('ExportSiteInfo', 'ExportedPage', 'ExportedRevision')


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

        It is made of the fields that are known; an author who is not
        given nor known is hidden.

        :param author: name to write in place of the source's
        """
        return revision_xml(self.revision, self.model, author,
                            self._element, self._root).encode()


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
