"""A streaming reader of MediaWiki's export XML, old schemas and new.

One revision at a time is in memory. What comes from a file may be
hostile: no document type, no entities of its own, bounded revisions.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha1
from typing import IO, Literal

from lxml import etree

from importbot.model.errors import BundleError
from importbot.model.revisions import Revision
from importbot.model.text import printable


__all__ = ('MAX_ELEMENTS', 'MAX_REVISION', 'ExportReader', 'ExportSiteInfo',
           'ExportedPage', 'ExportedRevision')

#: Bytes of XML and number of elements that a revision may have. A text is
#: 2 MB at most by default, its escapes make it six times that.
MAX_REVISION = 32 * 2 ** 20
MAX_ELEMENTS = 2000

_CHUNK = 2 ** 16
_HEAD = 2 ** 16
_EVENTS: tuple[Literal['start', 'end', 'comment', 'pi'], ...] = (
    'start', 'end', 'comment', 'pi')

#: What may stand before the root; a document type may not.
_START = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*(?:<\?xml(?P<declaration>[^>]*)\?>)?'
    rb'\s*(?:<!--.*?-->\s*)*(?P<root><[^\s>/]*)', re.DOTALL)
_ENCODING = re.compile(rb'encoding\s*=\s*["\']([^"\']*)')
_TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ')
_LANGUAGE = '{http://www.w3.org/XML/1998/namespace}lang'
_BASE36 = re.compile('[0-9a-z]{1,31}')
_CONTROL = re.compile('[\x00-\x1f\x7f]')
_DECLARED = re.compile(rb' xmlns(?::xsi)?="[^"]*"')

#: SHA-1 of the empty text, as exports write it. Without one, what is
#: hidden would be added again by every import.
_EMPTY_BASE36 = 'phoiac9h4m842xq45sp7s6u21eteeq1'


@dataclass(frozen=True)
class ExportSiteInfo:

    """What an export says of its wiki.

    :param sitename: name for people
    :param dbname: the wiki's own identifier
    :param base: address of its main page
    :param namespaces: local names by number
    :param language: content language code
    """

    sitename: str = ''
    dbname: str = ''
    base: str = ''
    namespaces: Mapping[int, str] = field(default_factory=dict)
    language: str = ''


class ExportedRevision:

    """A revision as it stands in an export.

    :param element: its element, valid until the next one is read
    :param name: of the export, for sentences
    """

    def __init__(self, element: etree._Element, name: str) -> None:
        """Initializer.

        :raises BundleError: it has no valid time
        """
        self._element = element
        self._name = name
        self._text_element = _child(element, 'text')
        #: The revision as it is compared between wikis.
        self.revision = self._read()

    @property
    def model(self) -> str:
        """Content model of the main slot."""
        return _text_of(self._element, 'model') or 'wikitext'

    @property
    def is_text_hidden(self) -> bool:
        """Whether the wiki withheld the text."""
        return _is_deleted(self._text_element)

    @cached_property
    def text(self) -> str | None:
        """Text of the main slot, None where hidden."""
        if self._text_element is None or self.is_text_hidden:
            return None
        return self._text_element.text or ''

    def _read(self) -> Revision:
        element = self._element
        contributor = _child(element, 'contributor')
        timestamp = _text_of(element, 'timestamp').strip()
        if not _TIME.fullmatch(timestamp):
            raise BundleError(
                f'{self._name} has a revision of "{printable(timestamp)}", '
                'which is no time as MediaWiki writes it; export it again')
        hidden = any(_is_deleted(_child(element, tag))
                     for tag in ('text', 'contributor', 'comment'))
        user = '' if contributor is None else (
            _text_of(contributor, 'username') or _text_of(contributor, 'ip'))
        return Revision(
            _number(_text_of(element, 'id')),
            _number(_text_of(element, 'parentid')), timestamp,
            self._sha1(), user, hidden, self._size())

    def _sha1(self) -> str:
        if self.is_text_hidden or self._text_element is None:
            return ''
        written = _text_of(self._element, 'sha1').strip()
        if _BASE36.fullmatch(written):
            return f'{int(written, 36):040x}'
        return sha1((self.text or '').encode()).hexdigest()

    def _size(self) -> int:
        if self._text_element is None:
            return 0
        written = self._text_element.get('bytes', '')
        if written.isdecimal():
            return int(written)
        return len((self.text or '').encode())

    def xml(self, author: str | None = None) -> bytes:
        """Return the element for an upload.

        :param author: name to write in place of the contributor's
        """
        element = self._element
        if self.is_text_hidden:
            hash_element = _child(element, 'sha1')
            if hash_element is None:
                hash_element = etree.SubElement(
                    element, f'{{{_namespace(element)}}}sha1')
            hash_element.text = _EMPTY_BASE36
        if author is not None:
            self._write_author(author)
        element.tail = None
        raw = etree.tostring(element, encoding='utf-8')
        end = raw.index(b'>')
        return _DECLARED.sub(b'', raw[:end]) + raw[end:]

    def _write_author(self, author: str) -> None:
        contributor = _child(self._element, 'contributor')
        namespace = _namespace(self._element)
        if contributor is None:
            contributor = etree.SubElement(self._element,
                                           f'{{{namespace}}}contributor')
        contributor.clear()
        name = etree.SubElement(contributor, f'{{{namespace}}}username')
        name.text = author


class ExportedPage:

    """A page as it stands in an export, its revisions still to be read.

    :param title: full title
    :param namespace: its number
    :param redirect: whether it leads to another page
    """

    def __init__(self, title: str, namespace: int, redirect: bool,
                 revisions: Iterator[ExportedRevision]) -> None:
        """Initializer."""
        self.title = title
        self.namespace = namespace
        self.redirect = redirect
        self._revisions = revisions

    def revisions(self) -> Iterator[ExportedRevision]:
        """Yield the revisions, each valid until the next is asked for.

        :raises BundleError: the rest cannot be read
        """
        return self._revisions


class ExportReader:

    """Reads one export from its beginning to its end.

    :param stream: the XML
    :param name: what it is, for sentences: a file, an export of a page
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        """Initializer."""
        self.siteinfo = ExportSiteInfo()
        self._stream = stream
        self._name = name
        self._last = ''
        self._root: etree._Element | None = None
        self._bytes = 0
        self._elements = 0
        self._events = self._read_events()

    def pages(self) -> Iterator[ExportedPage]:
        """Yield the pages; the revisions of one before the next one.

        :raises BundleError: the XML is broken or hostile
        """
        for action, element in self._events:
            tag = _tag(element)
            if action == 'end' and tag == 'siteinfo':
                self.siteinfo = _siteinfo(element)
                _drop(element)
            elif action == 'start' and tag == 'page':
                yield from self._page(element)
            elif action == 'end' and element.getparent() is self._root:
                _drop(element)
            elif self._root is None:
                self._root = element

    def _page(self, page: etree._Element) -> Iterator[ExportedPage]:
        """Read what stands before the revisions, and yield the page."""
        for action, element in self._events:
            tag = _tag(element)
            if action == 'start' and tag == 'revision':
                exported = self._exported(page, self._revisions(page))
                yield exported
                for _unread in exported.revisions():
                    pass
                return
            if action == 'end' and element is page:
                yield self._exported(page, iter(()))
                self._forget(page)
                return

    def _exported(self, page: etree._Element,
                  revisions: Iterator[ExportedRevision]) -> ExportedPage:
        title = _text_of(page, 'title').strip().replace('_', ' ')
        if not title or _CONTROL.search(title):
            raise BundleError(
                f'{self._name} has a page of the title '
                f'"{printable(title)}", which no wiki can have; it was not '
                'written by MediaWiki')
        self._last = title
        number = _text_of(page, 'ns').strip()
        return ExportedPage(
            title, int(number) if re.fullmatch(r'-?\d+', number)
            else self._namespace_of(title),
            _child(page, 'redirect') is not None, revisions)

    def _namespace_of(self, title: str) -> int:
        """Return the namespace by its name, as exports before 0.6 need."""
        prefix, colon, _name = title.partition(':')
        return next((number for number, name
                     in self.siteinfo.namespaces.items()
                     if colon and name and name == prefix), 0)

    def _revisions(self,
                   page: etree._Element) -> Iterator[ExportedRevision]:
        for action, element in self._events:
            if action == 'end' and _tag(element) == 'revision' \
                    and element.getparent() is page:
                yield ExportedRevision(element, self._name)
                self._forget(element)
            elif action == 'end' and element is page:
                self._forget(page)
                return

    def _forget(self, element: etree._Element) -> None:
        """Free an element that was read; what follows counts anew."""
        self._bytes = self._elements = 0
        _drop(element)

    def _read_events(self) -> Iterator[tuple[str, etree._Element]]:
        """Yield the parser's events, counting what it keeps in memory."""
        head = self._head()
        parser = etree.XMLPullParser(
            events=_EVENTS, huge_tree=True, resolve_entities=False,
            no_network=True, load_dtd=False)
        try:
            chunk = head
            while chunk:
                self._bytes += len(chunk)
                parser.feed(chunk)
                for action, element in parser.read_events():
                    self._elements += action != 'end'
                    if self._elements > MAX_ELEMENTS:
                        raise self._broken(
                            f'has more than {MAX_ELEMENTS} elements where a '
                            'revision is expected')
                    if action in ('start', 'end') and isinstance(
                            element, etree._Element):
                        yield action, element
                if self._bytes > MAX_REVISION:
                    raise self._broken('has a revision of more than '
                                       f'{MAX_REVISION} bytes of XML')
                chunk = self._stream.read(_CHUNK)
            parser.close()
        except etree.XMLSyntaxError as error:
            raise self._broken(f'is broken or ends too early ({error.msg})'
                               ) from None

    def _head(self) -> bytes:
        """Return the beginning, if it is that of an export in UTF-8."""
        head = b''
        while len(head) < _HEAD:
            chunk = self._stream.read(_CHUNK)
            if not chunk:
                break
            head += chunk
        found = _START.match(head)
        if not found or found['root'] != b'<mediawiki':
            begin = printable(head[:60].decode('utf-8', 'replace')
                              .partition('\n')[0])
            raise BundleError(
                f'{self._name} is no MediaWiki export, which begins with '
                f'<mediawiki; it begins with "{begin}"; see whether it is '
                'the right file or a page of errors')
        encoding = _ENCODING.search(found['declaration'] or b'')
        if encoding and encoding[1].lower() not in (b'utf-8', b'utf8'):
            raise BundleError(
                f'{self._name} is in {encoding[1].decode("latin-1")}; '
                'exports are in UTF-8; convert it first')
        return head

    def _broken(self, what: str) -> BundleError:
        where = f' after the page "{printable(self._last)}"' if self._last \
            else ''
        return BundleError(f'{self._name} {what}{where}; export it again')


def _tag(element: etree._Element) -> str:
    return str(element.tag).rpartition('}')[2]


def _namespace(element: etree._Element) -> str:
    return str(element.tag).rpartition('}')[0].removeprefix('{')


def _child(element: etree._Element, tag: str) -> etree._Element | None:
    for child in element:
        if isinstance(child.tag, str) and _tag(child) == tag:
            return child
    return None


def _text_of(element: etree._Element, tag: str) -> str:
    child = _child(element, tag)
    return '' if child is None else child.text or ''


def _is_deleted(element: etree._Element | None) -> bool:
    return element is not None and element.get('deleted') is not None


def _number(text: str) -> int:
    return int(text) if text.strip().isdecimal() else 0


def _drop(element: etree._Element) -> None:
    """Forget an element that was read, and what stands around it."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
        parent.text = None


def _language(element: etree._Element) -> str:
    root = element.getparent()
    return '' if root is None else root.get(_LANGUAGE, '')


def _siteinfo(element: etree._Element) -> ExportSiteInfo:
    namespaces = _child(element, 'namespaces')
    rows = [] if namespaces is None else [
        row for row in namespaces if isinstance(row.tag, str)]
    return ExportSiteInfo(
        _text_of(element, 'sitename'), _text_of(element, 'dbname'),
        _text_of(element, 'base'),
        {int(row.get('key', '0')): row.text or '' for row in rows
         if re.fullmatch(r'-?\d+', row.get('key', ''))},
        _language(element))
