"""Export XML for an upload, by the names of the wiki that it goes to.

The importer looks namespaces up in the file (facts of
NaiveImportTitleFactory: below 100 by number, others by name). A file that
carries the target's own namespaces and titles puts every page where it is
wanted, without any parameter.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from importbot.model.titles import Title


__all__ = ('page_xml', 'upload_head', 'upload_xml')

_TAIL = b'</mediawiki>\n'


def upload_head(namespaces: Mapping[int, str]) -> bytes:
    """Return what stands before the pages.

    :param namespaces: local names of the target's namespaces by number
    """
    rows = ''.join(f'<namespace key={quoteattr(str(number))}>'
                   f'{escape(name)}</namespace>'
                   for number, name in sorted(namespaces.items()))
    return ('<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" '
            'version="0.11" xml:lang="en"><siteinfo><namespaces>'
            f'{rows}</namespaces></siteinfo>').encode()


def page_xml(title: Title, revisions: bytes) -> bytes:
    """Return a page.

    :param title: on the target
    :param revisions: XML of its revisions
    """
    return (f'<page><title>{escape(str(title))}</title>'
            f'<ns>{title.namespace}</ns>'
            .encode() + revisions + b'</page>')


def upload_xml(head: bytes, pages: Iterable[bytes]) -> bytes:
    """Return a whole file.

    :param head: from :func:`upload_head`
    :param pages: from :func:`page_xml`
    """
    return b''.join((head, *pages, _TAIL))
