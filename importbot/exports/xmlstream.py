"""A stream of XML that may be hostile, as events within bounds.

A file may be larger than the memory: there is no document type, so no
entities, and what is held at a time is bounded.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any, NamedTuple, NoReturn

from lxml import etree

from importbot.exports.elements import shown
from importbot.model.errors import BundleError, first_line


__all__ = ('AGAIN', 'MAX_ELEMENTS', 'MAX_REVISION', 'PART', 'XMLEvent',
           'XMLStream')

#: Bytes of XML that a revision may have.
MAX_REVISION = 32 * 2 ** 20
#: Elements, comments and processing instructions between two revisions.
MAX_ELEMENTS = 2000
#: The level of a revision.
PART = 3
#: What helps against most defects.
AGAIN = 'export the pages again'

_CHUNK = 2 ** 16
#: An export has five levels.
_MAX_DEPTH = 32
#: Different names of elements, attributes and namespaces; an export has
#: about sixty. The parser keeps names to its end.
_MAX_NAMES = 500
_MAX_NAME = 500
#: Characters of a head that a sentence quotes.
_QUOTED = 240

#: What may be the beginning of one, at the end of a file that is not whole.
_CUT_ENTITY = re.compile(rb'&[^;\s<]*$')
_LONGEST_ENTITY = 64

_EXPORT = 'http://www.mediawiki.org/xml/export-'
_BOM = b'\xef\xbb\xbf'
_DECLARATION = re.compile(rb'<\?xml\s[^>]*?\?>')
_ENCODING = re.compile(rb'\sencoding\s*=\s*["\x27]([^"\x27]*)["\x27]')
_MISC = re.compile(rb'(?:\s+|<!--.*?-->|<\?.*?\?>)*', re.DOTALL)
_DOCTYPE = re.compile(rb'<!(?:doctype|entity)', re.IGNORECASE)
_HTML = re.compile(rb'<(?:!doctype\s+)?html', re.IGNORECASE)
_START = re.compile(rb'<(?:[^\s<>/:]+:)?mediawiki[\s/>]')


def _said(error: etree.XMLSyntaxError) -> str:
    """Return what the parser says, without the name it gives to the file."""
    return str(error.msg or first_line(error))


class XMLEvent(NamedTuple):

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


class XMLStream:

    """The events of an export, within bounds.

    :param stream: bytes of the export
    :param name: what it is, for sentences
    :param tell: takes what is wrong with an export of somebody else,
        which a sentence for everybody does not quote
    :ivar root: prefix of the names that belong to the export
    :ivar place: where the reader is, for sentences
    """

    def __init__(self, stream: IO[bytes], name: str,
                 tell: Callable[[str], object] | None = None) -> None:
        self._stream = stream
        self._tell = tell
        self._name = name
        self.root = ''
        self.place = 'at the beginning'
        self._bytes = 0
        self._count = 0
        self._depth = 0
        self._ended = False
        self._tail = b''
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
        sentence = f'{self._name} {problem} ({self.place}); {remedy}'
        if self._tell is not None:
            self._tell(sentence)
            sentence = (f'{self._name} is not what MediaWiki exports, or is '
                        'too large; the log of pywikibot says more')
        raise BundleError(sentence)

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

    def events(self) -> Iterator[XMLEvent]:
        """Yield starts and ends of elements down to parts of pages."""
        for chunk in self._chunks():
            if self._ended:
                if chunk.strip():
                    self._malformed('it goes on after its end')
                continue
            self._bytes += len(chunk)
            self._tail = chunk[-_LONGEST_ENTITY:]
            # A chunk may belong to the revision before.
            if self._bytes > MAX_REVISION + _CHUNK:
                self._refuse_ampersand()
                self.refuse('has a revision or file of more than '
                            f'{MAX_REVISION >> 20} MiB',
                            'leave that page out of the export')
            problem = self._feed(chunk)
            yield from self._read()
            if problem:
                self._malformed(problem)
        if not self._ended:
            self._refuse_ampersand()
            self.refuse('breaks off', f'{AGAIN}, the file is not whole')

    def _feed(self, chunk: bytes) -> str:
        """Give bytes to the parser and return what it says against them.
        """
        try:
            self._parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            return _said(error)
        # After some errors the parser is silent and begins a new document.
        for entry in self._parser.feed_error_log:
            return str(entry.message)
        return ''

    def _refuse_ampersand(self) -> None:
        """Refuse an ``&`` that begins no entity.

        The parser does not say so but waits for the end of the file.
        """
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            problem = _said(error)
            if 'EntityRef' in problem and not _CUT_ENTITY.search(self._tail):
                self.refuse('is no well-formed XML: it has an "&" that '
                            f'begins no entity, {shown(problem, 200)}',
                            f'write it as "&amp;" or {AGAIN}')

    def _malformed(self, problem: str) -> NoReturn:
        """Refuse what is not well-formed."""
        self.refuse(f'is no well-formed XML: {shown(problem, 200)}',
                    f'{AGAIN}, as UTF-8')

    def _read(self) -> Iterator[XMLEvent]:
        """Yield the starts and ends that the parser has met."""
        kind: str
        item: Any
        for kind, item in self._parser.read_events():
            if kind == 'end':
                if self._depth <= PART:
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
                if self._depth <= PART:
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
                self.refuse(f'is XML of "{shown(namespace[1:])}"',
                            'give the XML of Special:Export or a dump')

    def _event(self, start: bool, element: etree._Element) -> XMLEvent:
        """Return the start or end of an element."""
        return XMLEvent(start, self._depth,
                        str(element.tag).removeprefix(self.root), element)

    def _know(self, *names: str) -> None:
        """Bear names in mind, as the parser does; there are not many."""
        for name in names:
            if name in self._names:
                continue
            self._names.add(name)
            if len(self._names) > _MAX_NAMES or len(name) > _MAX_NAME:
                self.refuse('has names that no export has, such as '
                            f'"{shown(name)}"',
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
            self.refuse('is empty', AGAIN)
        if b'\0' in head[:4] or head[:2] in (b'\xfe\xff', b'\xff\xfe'):
            self._other_encoding('UTF-16 or UTF-32')
        end = 0
        if declaration := _DECLARATION.match(head):
            end = declaration.end()
            encoding = _ENCODING.search(declaration[0])
            if encoding and encoding[1].lower() not in (b'utf-8', b'utf8'):
                self._other_encoding(shown(encoding[1].decode('latin-1')))
        misc = _MISC.match(head, end)
        begins = head[misc.end() if misc else end:]
        if _HTML.match(begins):
            self._no_export(begins)
        if _DOCTYPE.match(begins):
            self.refuse('declares a document type or entities, which no '
                        'export of MediaWiki does',
                        f'do not trust it and {AGAIN}')
        if not begins and not head.startswith(b'<'):
            self._no_export(head)
        if not begins or (len(first) < _CHUNK and b'<mediawiki'.startswith(
                begins)):
            self.refuse('breaks off', f'{AGAIN}, the file is not whole')
        if not _START.match(begins):
            self._no_export(begins)

    def _other_encoding(self, encoding: str) -> NoReturn:
        """Refuse what is not UTF-8."""
        self.refuse(f'is not in UTF-8 but in {encoding}',
                    'convert it to UTF-8, the XML declaration too')

    def _no_export(self, begins: bytes) -> NoReturn:
        """Refuse what is something else."""
        text = begins[:_QUOTED].decode('utf-8', 'replace')
        self.refuse('is no export of MediaWiki but begins with '
                    f'"{shown(" ".join(text.split()))}"',
                    'give the XML of Special:Export or a dump')


def _pieces(data: bytes) -> Iterator[bytes]:
    """Yield bytes in pieces, as some streams return more than asked for."""
    for begin in range(0, len(data), _CHUNK):
        yield data[begin:begin + _CHUNK]
