"""What an export holds: its wiki, pages, and revisions with their texts."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from importbot.exports.outgoing import revision_xml
from importbot.model.revisions import Revision


__all__ = ('ExportSiteInfo', 'ExportedPage', 'ExportedRevision')

#: Special, User, MediaWiki, and their talk pages.
_ALWAYS_CAPITALIZED = frozenset({-1, 2, 3, 8, 9})


@dataclass(frozen=True)
class ExportSiteInfo:

    """What an export says of the wiki that it is from.

    Whatever it does not say is empty.

    :param sitename: name of the wiki
    :param dbname: name of its database
    :param base: address of its main page
    :param namespaces: local names of its namespaces by number
    :param language: code of its content language
    :param case: ``case-sensitive`` if titles may begin with a small letter
    :param cases: the same of single namespaces, by number
    """

    sitename: str = ''
    dbname: str = ''
    base: str = ''
    namespaces: Mapping[int, str] = field(default_factory=dict)
    language: str = ''
    case: str = ''
    cases: Mapping[int, str] = field(default_factory=dict)

    def capitalizes(self, number: int) -> bool:
        """Return whether names in a namespace begin with a capital.

        Some do whatever the settings are
        (NamespaceInfo::$alwaysCapitalizedNamespaces).

        :param number: of the namespace
        """
        case = '' if number in _ALWAYS_CAPITALIZED else self.case
        return self.cases.get(number, case) != 'case-sensitive'


@dataclass(frozen=True)
class ExportedRevision:

    """A revision with its text.

    :param revision: as it is compared between wikis
    :param model: content model of the main slot
    :param text: of the main slot; None where hidden
    :param is_edited: whether its sha1 in the export is not that of its text
    """

    revision: Revision
    model: str
    text: str | None = field(repr=False)
    _element: etree._Element = field(repr=False)
    _root: str = field(repr=False)
    is_edited: bool = False

    @property
    def namespace(self) -> str:
        """The namespace of the export's elements, empty for none."""
        return self._root[1:-1]

    def raw(self) -> bytes:
        """Return the element as the export has it, in UTF-8."""
        return etree.tostring(self._element, encoding='utf-8',
                              with_tail=False)

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

    :param revisions: read when they are asked for
    :ivar title: full title on the source
    :ivar namespace: its number there
    :ivar redirect: whether the export calls it a redirect
    """

    def __init__(self, title: str, namespace: int, redirect: bool,
                 revisions: Iterator[ExportedRevision]) -> None:
        self.title = title
        self.namespace = namespace
        self.redirect = redirect
        self._revisions = revisions

    def revisions(self) -> Iterator[ExportedRevision]:
        """Return the revisions, to be read once, before the next page is.

        :raises BundleError: what comes is no export XML
        """
        return self._revisions
