"""Export XML, read as a stream, whoever made it.

The schemas 0.3 to 0.11 are read. A file may be larger than the memory, and
its text may be hostile: there is no document type, so no entities, and
what is held at a time is bounded.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, reduce
from hashlib import sha1
from itertools import takewhile
from typing import IO, Any, NamedTuple, NoReturn
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from importbot.model.errors import BundleError, first_line
from importbot.model.revisions import Revision
from importbot.model.text import printable


__all__ = ('MAX_ELEMENTS', 'MAX_REVISION', 'ExportReader',
           'ExportSiteInfo', 'ExportedPage', 'ExportedRevision')

#: Bytes of XML that a revision may have.
MAX_REVISION = 32 * 2 ** 20
#: Elements, comments and processing instructions between two revisions.
MAX_ELEMENTS = 2000

_CHUNK = 2 ** 16
#: An export has five levels.
_MAX_DEPTH = 32
#: The level of a revision.
_PART = 3
#: Different names of elements, attributes and namespaces; an export has
#: about sixty. The parser keeps names to its end.
_MAX_NAMES = 500
_MAX_NAME = 500
_SHOWN = 60

#: Base 36 of :data:`~importbot.model.revisions.EMPTY_SHA1`.
_EMPTY_BASE36 = 'phoiac9h4m842xq45sp7s6u21eteeq1'
_DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'
_SPACE = ' \t\r\n'
_XML = '{http://www.w3.org/XML/1998/namespace}'
_EXPORT = 'http://www.mediawiki.org/xml/export-'

_BOM = b'\xef\xbb\xbf'
_DECLARATION = re.compile(rb'<\?xml\s[^>]*?\?>')
_ENCODING = re.compile(rb'\sencoding\s*=\s*["\x27]([^"\x27]*)["\x27]')
_MISC = re.compile(rb'(?:\s+|<!--.*?-->|<\?.*?\?>)*', re.DOTALL)
_DOCTYPE = re.compile(rb'<!(?:doctype|entity)', re.IGNORECASE)
_HTML = re.compile(rb'<(?:!doctype\s+)?html', re.IGNORECASE)
_START = re.compile(rb'<(?:[^\s<>/:]+:)?mediawiki[\s/>]')

_TIMESTAMP = re.compile(
    r'[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z')
_NUMBER = re.compile(r'-?[0-9]{1,18}')
_BASE36 = re.compile(r'[0-9a-z]{1,31}')

#: Elements of which a revision or slot has at most one.
_SINGLE = frozenset({
    'comment', 'contributor', 'format', 'id', 'ip', 'minor', 'model',
    'origin', 'parentid', 'role', 'sha1', 'text', 'timestamp', 'username'})
#: Of those, the ones that hold elements themselves.
_NESTED = frozenset({'contributor', 'content'})

_AGAIN = 'export the pages again'


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
        fields = _fields(self._element, self._root)
        digest = self.revision.sha1
        if not digest:
            written = {'sha1': f'<sha1>{_EMPTY_BASE36}</sha1>'}
        elif not _text(fields.get('sha1')):
            written = {'sha1': f'<sha1>{_base36(digest)}</sha1>'}
        else:
            written = {}
        if author is not None:
            written['contributor'] = (
                f'<contributor><username>{_escape(author)}</username>'
                '</contributor>')
        parts = ['<revision>']
        for child, name in _children(self._element, self._root):
            parts.append(written.pop(name, '')
                         or _written(child, name, self._root))
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


class _Event(NamedTuple):

    """The start or end of an element.

    :param start: whether it starts
    :param depth: 1 for the root
    :param name: of the element, without that of the export's namespace
    :param element: as far as it is read
    """

    start: bool
    depth: int
    name: str
    element: etree._Element


class ExportReader:

    """One pass over an export.

    :param stream: its bytes; only ``read(n)`` is used
    :param name: what it is, for sentences
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        """Initializer."""
        self._source = _Source(stream, name)
        self._events = self._source.events()
        self._siteinfo: ExportSiteInfo | None = None
        #: Start of a page that was met when siteinfo was looked for.
        self._met: _Event | None = None
        #: The page whose revisions are being read.
        self._page: etree._Element | None = None
        self._place = 'the beginning'
        self._error: Exception | None = None

    @property
    def siteinfo(self) -> ExportSiteInfo:
        """What the export says of its wiki; read up to the first page.

        :raises BundleError: what comes is no export XML
        """
        if self._siteinfo is None:
            self._met = self._until_page()
        return self._siteinfo or ExportSiteInfo()

    def pages(self) -> Iterator[ExportedPage]:
        """Yield the pages.

        What was not read of a page is skipped when the next is asked for.

        :raises BundleError: what comes is no export XML
        """
        while True:
            while self._page is not None:
                self._in_page()
            event, self._met = self._met or self._until_page(), None
            if event is None:
                return
            self._page = event.element
            # The title has been read when the first revision starts.
            first = self._in_page()
            page = self._head(event.element, first)
            self._place = f'the page "{_shown(page.title)}"'
            self._source.place = f'{"in" if first else "after"} {self._place}'
            yield page

    def _next(self) -> _Event | None:
        """Return the next event; an error comes again and again."""
        if self._error:
            raise self._error
        try:
            return next(self._events, None)
        except Exception as error:
            # What comes after it would look like the end.
            self._error = error
            raise

    def _until_page(self) -> _Event | None:
        """Return the start of the next page, None if there is none."""
        while (event := self._next()) is not None:
            if event.depth != 2:
                continue
            if event.start and event.name == 'page':
                self._siteinfo = self._siteinfo or ExportSiteInfo()
                return event
            if not event.start:
                if event.name == 'siteinfo' and self._siteinfo is None:
                    self._siteinfo = self._read_siteinfo(event.element)
                self._source.drop(event.element)
        return None

    def _in_page(self) -> _Event | None:
        """Return the next start or end of a revision in the page.

        :return: None at the end of the page
        """
        while (event := self._next()) is not None:
            if event.depth == 2:
                self._source.drop(event.element)
                self._page = None
                self._source.place = f'after {self._place}'
                return None
            if event.depth == _PART and event.name in ('revision', 'upload'):
                if not event.start:
                    self._source.drop(event.element)
                if event.name == 'revision':
                    return event
        self._page = None
        return None

    def _revisions(self, page: etree._Element) -> Iterator[ExportedRevision]:
        """Yield the revisions of a page as long as the reader is in it."""
        while self._page is page:
            event = self._in_page()
            if event is not None and not event.start:
                yield self._revision(event.element)

    def _head(self, element: etree._Element,
              first: _Event | None) -> ExportedPage:
        """Return a page of which all is read up to the first revision.

        :param element: the page
        :param first: start of its first revision
        """
        # More of the page may have been parsed, or may not.
        found = {name: child for child, name in takewhile(
            lambda item: item[1] != 'revision',
            _children(element, self._source.root))}
        title = self._title(_text(found.get('title')).strip(_SPACE))
        number = _text(found.get('ns')).strip(_SPACE)
        if number:
            namespace = self._number(number, 'namespace')
        else:
            namespace = self._namespace(title)
        return ExportedPage(
            title, namespace, 'redirect' in found,
            self._revisions(element) if first else iter(()))

    def _title(self, title: str) -> str:
        """Return a title if it is one."""
        if not title:
            self._source.refuse('has a page without a title', _AGAIN)
        # Separators of lines and paragraphs are as good as line feeds.
        if any(unicodedata.category(char) in ('Cc', 'Zl', 'Zp')
               for char in title):
            self._source.refuse('has control characters in the title '
                                f'"{_shown(title)}"',
                                'rename the page on the source and '
                                f'{_AGAIN}')
        return title

    def _namespace(self, title: str) -> int:
        """Return the namespace of a title by its prefix."""
        prefix, colon, _name = title.partition(':')
        spelled = prefix.replace('_', ' ').strip().casefold()
        for number, name in self.siteinfo.namespaces.items():
            if colon and name and name.casefold() == spelled:
                return number
        return 0

    def _number(self, text: str, what: str) -> int:
        """Return a number as a file has it, 0 for an empty text."""
        text = text.strip(_SPACE)
        if text and not _NUMBER.fullmatch(text):
            self._source.refuse(
                f'has "{_shown(text)}" for the number of a {what}', _AGAIN)
        return int(text or 0)

    def _read_siteinfo(self, element: etree._Element) -> ExportSiteInfo:
        """Return what a whole siteinfo element says."""
        root = self._source.root
        found = _fields(element, root)
        sitename, dbname, base = (
            _text(found.get(name)).strip(_SPACE)
            for name in ('sitename', 'dbname', 'base'))
        names = found.get('namespaces', ())
        return ExportSiteInfo(sitename, dbname, base, {
            self._number(str(child.get('key', '')), 'namespace'):
                _text(child).strip(_SPACE)
            for child, name in _children(names, root)
            if name == 'namespace'}, _language(element))

    def _revision(self, element: etree._Element) -> ExportedRevision:
        """Return a revision of which all is read."""
        root = self._source.root
        fields = self._checked(element)
        contributor = self._checked(fields.get('contributor'))
        body = fields.get('text')
        if body is None:
            self._source.refuse('has a revision without a text element',
                                _AGAIN)
        text = None if 'deleted' in body.attrib else _text(body)
        if not text and text is not None and _is_stub(body):
            self._source.refuse('has no texts',
                                'give a full dump, not a stub')
        slots = self._slots(element, text or '')
        gone = [name for name in ('text', 'contributor', 'comment')
                if name in fields and 'deleted' in fields[name].attrib]
        user = '' if 'contributor' in gone else _text(
            contributor.get('username', contributor.get('ip')))
        return ExportedRevision(Revision(
            self._number(_text(fields.get('id')), 'revision'),
            self._number(_text(fields.get('parentid')), 'revision'),
            self._timestamp(_text(fields.get('timestamp'))),
            '' if text is None else self._sha1(fields, slots),
            user, bool(gone), _size(body, text)),
            _text(fields.get('model')).strip(_SPACE) or 'wikitext', text,
            element, root)

    def _checked(self, element: etree._Element | None) -> dict[
            str, etree._Element]:
        """Return the children of an element by name.

        Which of two texts the importer would take is not for a reader to
        guess.
        """
        found: dict[str, etree._Element] = {}
        if element is None:
            return found
        for child, name in _children(element, self._source.root):
            if name in found and name in _SINGLE:
                self._source.refuse(f'has a revision with two <{name}>',
                                    _AGAIN)
            if (name in _SINGLE and name not in _NESTED and len(child)
                    and any(isinstance(inner.tag, str)
                            for inner in child)):
                self._source.refuse(f'has elements inside of <{name}>',
                                    _AGAIN)
            found[name] = child
        return found

    def _timestamp(self, text: str) -> str:
        """Return a timestamp if it is one."""
        if not text:
            self._source.refuse('has a revision without a timestamp',
                                _AGAIN)
        try:
            if not _TIMESTAMP.fullmatch(text):
                raise ValueError
            datetime.fromisoformat(text[:-1])
        except ValueError:
            self._source.refuse(
                f'has a revision with the timestamp "{_shown(text)}"',
                f'{_AGAIN}, times are written as 2024-12-31T23:59:59Z')
        return text

    def _slots(self, element: etree._Element, text: str) -> dict[str, str]:
        """Return the texts of a revision by the role of their slots.

        :param element: the revision
        :param text: of the main slot
        """
        texts = {'main': text}
        for child, name in _children(element, self._source.root):
            if name != 'content':
                continue
            slot = self._checked(child)
            role = _text(slot.get('role')).strip(_SPACE)
            # The importer would take the later one.
            if not role or role in texts:
                self._source.refuse('has a revision with two slots '
                                    f'"{_shown(role)}"', _AGAIN)
            texts[role] = _text(slot.get('text'))
        return texts

    def _sha1(self, fields: Mapping[str, etree._Element],
              slots: Mapping[str, str]) -> str:
        """Return the sha1 of a revision, in hexadecimal.

        That of several slots is made of theirs (facts of RevisionSlots).
        """
        given = _text(fields.get('sha1')).strip(_SPACE)
        if not given:
            hashes = [_digest(slots[role]) for role in sorted(slots)]
            return reduce(lambda left, right: _digest(
                _base36(left) + _base36(right)), hashes)
        number = int(given, 36) if _BASE36.fullmatch(given) else -1
        if number < 0 or number >> 160:
            self._source.refuse('has a revision with the sha1 '
                                f'"{_shown(given)}"',
                                f'{_AGAIN}, it is written in base 36')
        return f'{number:040x}'


class _Source:

    """The events of an export, within bounds.

    :ivar root: prefix of the names that belong to the export
    :ivar place: where the reader is, for sentences
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        """Initializer.

        :param stream: bytes of the export
        :param name: what it is, for sentences
        """
        self._stream = stream
        self._name = name
        self.root = ''
        self.place = 'at the beginning'
        self._bytes = 0
        self._count = 0
        self._depth = 0
        self._ended = False
        self._names: set[str] = set()
        self._parser = etree.XMLPullParser(
            events=('start', 'end', 'comment', 'pi', 'start-ns'),
            # The head has been looked at: it is UTF-8 or nothing.
            encoding='utf-8', resolve_entities=False, load_dtd=False,
            no_network=True, huge_tree=True,
            # Every id would be kept to the end of the file.
            collect_ids=False)

    def refuse(self, problem: str, remedy: str) -> NoReturn:
        """Say why an export cannot be used.

        :param problem: what is wrong, after the name of the export
        :param remedy: what to do
        :raises BundleError: always
        """
        raise BundleError(f'{self._name} {problem} ({self.place}); {remedy}')

    def drop(self, element: etree._Element) -> None:
        """Free what stands before an element; the counts begin anew.

        The element itself stays until the next one: the parser may be
        writing to the text that follows it.

        :param element: one that has ended
        """
        parent = element.getparent()
        if parent is not None:
            del parent[:parent.index(element)]
        self._bytes = self._count = 0

    def events(self) -> Iterator[_Event]:
        """Yield starts and ends of elements down to parts of pages."""
        for chunk in self._chunks():
            if self._ended:
                if chunk.strip():
                    self._malformed('it goes on after its end')
                continue
            self._bytes += len(chunk)
            # A chunk may belong to the revision before.
            if self._bytes > MAX_REVISION + _CHUNK:
                self.refuse('has a revision or file of more than '
                            f'{MAX_REVISION >> 20} MiB',
                            'leave that page out of the export')
            problem = self._feed(chunk)
            yield from self._read()
            if problem:
                self._malformed(problem)
        if not self._ended:
            self.refuse('breaks off', f'{_AGAIN}, the file is not whole')

    def _feed(self, chunk: bytes) -> str:
        """Give bytes to the parser and return what it says against them.
        """
        try:
            self._parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            return first_line(error)
        # After some errors the parser is silent and begins a new document.
        for entry in self._parser.feed_error_log:
            return str(entry.message)
        return ''

    def _malformed(self, problem: str) -> NoReturn:
        """Refuse what is not well-formed."""
        self.refuse(f'is no well-formed XML: {_shown(problem, 200)}',
                    f'{_AGAIN}, as UTF-8')

    def _read(self) -> Iterator[_Event]:
        """Yield the starts and ends that the parser has met."""
        kind: str
        item: Any
        for kind, item in self._parser.read_events():
            if kind == 'end':
                if self._depth <= _PART:
                    yield self._event(False, item)
                self._depth -= 1
                self._ended = not self._depth
                continue
            self._count += 1
            if self._count > MAX_ELEMENTS:
                self.refuse(f'has more than {MAX_ELEMENTS} elements or '
                            'comments between two revisions',
                            'give an export as MediaWiki makes it')
            if kind == 'start':
                self._start(item)
                if self._depth <= _PART:
                    yield self._event(True, item)
            elif kind == 'start-ns':
                self._know(*item)

    def _start(self, element: etree._Element) -> None:
        """Take note of an element that starts."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            self.refuse(f'has elements in more than {_MAX_DEPTH} levels',
                        'give an export as MediaWiki makes it')
        tag = str(element.tag)
        self._know(tag, *map(str, element.keys()))
        if self._depth == 1:
            namespace, brace, _name = tag.rpartition('}')
            self.root = namespace + brace
            if namespace and not namespace.startswith(f'{{{_EXPORT}'):
                self.refuse(f'is XML of "{_shown(namespace[1:])}"',
                            'give the XML of Special:Export or a dump')

    def _event(self, start: bool, element: etree._Element) -> _Event:
        """Return the start or end of an element."""
        return _Event(start, self._depth,
                      str(element.tag).removeprefix(self.root), element)

    def _know(self, *names: str) -> None:
        """Bear names in mind, as the parser does; there are not many."""
        for name in names:
            if name in self._names:
                continue
            self._names.add(name)
            if len(self._names) > _MAX_NAMES or len(name) > _MAX_NAME:
                self.refuse('has names that no export has, such as '
                            f'"{_shown(name)}"',
                            'give an export as MediaWiki makes it')

    def _chunks(self) -> Iterator[bytes]:
        """Yield the bytes in pieces; the first has the whole head."""
        read = iter(partial(self._stream.read, _CHUNK), b'')
        first = b''
        for data in read:
            first += data
            if len(first) >= _CHUNK:
                break
        self._look_at(first)
        yield from _pieces(first.removeprefix(_BOM))
        for data in read:
            yield from _pieces(data)

    def _look_at(self, first: bytes) -> None:
        """Refuse what the parser should not even see.

        :param first: as much as a head may have
        """
        head = first.removeprefix(_BOM)
        if not head.strip():
            self.refuse('is empty', _AGAIN)
        if b'\0' in head[:4] or head[:2] in (b'\xfe\xff', b'\xff\xfe'):
            self._other_encoding('UTF-16 or UTF-32')
        end = 0
        if declaration := _DECLARATION.match(head):
            end = declaration.end()
            encoding = _ENCODING.search(declaration[0])
            if encoding and encoding[1].lower() not in (b'utf-8', b'utf8'):
                self._other_encoding(_shown(encoding[1].decode('latin-1')))
        misc = _MISC.match(head, end)
        begins = head[misc.end() if misc else end:]
        if _HTML.match(begins):
            self._no_export(begins)
        if _DOCTYPE.match(begins):
            self.refuse('declares a document type or entities, which no '
                        'export of MediaWiki does',
                        f'do not trust it and {_AGAIN}')
        if not begins and not head.startswith(b'<'):
            self._no_export(head)
        if not begins or (len(first) < _CHUNK and b'<mediawiki'.startswith(
                begins)):
            self.refuse('breaks off', f'{_AGAIN}, the file is not whole')
        if not _START.match(begins):
            self._no_export(begins)

    def _other_encoding(self, encoding: str) -> NoReturn:
        """Refuse what is not UTF-8."""
        self.refuse(f'is not in UTF-8 but in {encoding}',
                    'convert it to UTF-8, the XML declaration too')

    def _no_export(self, begins: bytes) -> NoReturn:
        """Refuse what is something else."""
        text = begins[:4 * _SHOWN].decode('utf-8', 'replace')
        self.refuse('is no export of MediaWiki but begins with '
                    f'"{_shown(" ".join(text.split()))}"',
                    'give the XML of Special:Export or a dump')


_LANGUAGE = '{http://www.w3.org/XML/1998/namespace}lang'


def _language(element: etree._Element) -> str:
    """Return the language that the root of a file names."""
    root = element.getparent()
    return '' if root is None else str(root.get(_LANGUAGE, ''))


def _pieces(data: bytes) -> Iterator[bytes]:
    """Yield bytes in pieces, as some streams return more than asked for."""
    for begin in range(0, len(data), _CHUNK):
        yield data[begin:begin + _CHUNK]


def _shown(text: str, length: int = _SHOWN) -> str:
    """Return the beginning of a text, fit for a sentence."""
    return printable(text[:length]) + ('…' if len(text) > length else '')


def _children(element: Iterable[etree._Element],
              root: str) -> Iterator[tuple[etree._Element, str]]:
    """Yield child elements of the export's namespace and their names."""
    for child in element:
        if isinstance(child.tag, str) and child.tag.startswith(root):
            name = child.tag.removeprefix(root)
            if not name.startswith('{'):
                yield child, name


def _fields(element: etree._Element,
            root: str) -> dict[str, etree._Element]:
    """Return child elements by name."""
    return {name: child for child, name in _children(element, root)}


def _text(element: etree._Element | None) -> str:
    """Return the text of an element, comments left out."""
    if element is None:
        return ''
    if not len(element):
        return element.text or ''
    return ''.join((element.text or '',
                    *(child.tail or '' for child in element)))


def _is_stub(text: etree._Element) -> bool:
    """Return whether an empty text element stands for one elsewhere."""
    return (text.get('bytes') != '0'
            and ('id' in text.attrib or 'location' in text.attrib))


def _size(element: etree._Element, text: str | None) -> int:
    """Return the size of a text in bytes."""
    given = str(element.get('bytes', ''))
    if given.isascii() and given.isdecimal() and len(given) < 19:
        return int(given)
    return len((text or '').encode())


def _digest(text: str) -> str:
    """Return the sha1 of a text, in hexadecimal."""
    return sha1(text.encode()).hexdigest()


def _base36(digest: str) -> str:
    """Return a sha1 as MediaWiki writes it."""
    number, digits = int(digest, 16), ''
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits.rjust(31, '0')


def _escape(text: str) -> str:
    """Return a text as XML; a parser would make a line feed of a CR."""
    return escape(text, {'\r': '&#13;'})


def _written(element: etree._Element, name: str, root: str) -> str:
    """Return an element as XML without namespaces."""
    attributes = ''.join(
        f' {key}={quoteattr(str(value))}'
        for key, value in ((str(key).replace(_XML, 'xml:'), value)
                           for key, value in element.items())
        if not key.startswith('{'))
    if name == 'text' and 'deleted' in element.attrib:
        inner = ''
    elif len(element) and any(isinstance(child.tag, str)
                              for child in element):
        inner = ''.join(_written(child, local, root)
                        for child, local in _children(element, root))
    else:
        inner = _escape(_text(element))
    if not inner:
        return f'<{name}{attributes}/>'
    return f'<{name}{attributes}>{inner}</{name}>'
