"""Elements of export XML: their children, their texts."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha1
from xml.sax.saxutils import escape

from lxml import etree

from importbot.model.printable import printable


__all__ = ('SPACE', 'base36', 'children_of', 'escaped', 'fields_of',
           'sha1_of', 'shown', 'text_of')

#: What XML calls space.
SPACE = ' \t\r\n'

_SHOWN = 60
_DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'


def shown(text: str, length: int = _SHOWN) -> str:
    """Return the beginning of a text, fit for a sentence.

    :param text: out of an export
    :param length: characters
    """
    return printable(text[:length]) + ('…' if len(text) > length else '')


def children_of(element: Iterable[etree._Element],
                root: str) -> Iterator[tuple[etree._Element, str]]:
    """Yield child elements of the export's namespace and their names.

    :param element: their parent
    :param root: prefix of the names that belong to the export
    """
    for child in element:
        if isinstance(child.tag, str) and child.tag.startswith(root):
            name = child.tag.removeprefix(root)
            if not name.startswith('{'):
                yield child, name


def fields_of(element: etree._Element,
              root: str) -> dict[str, etree._Element]:
    """Return child elements by name.

    :param element: their parent
    :param root: prefix of the names that belong to the export
    """
    return {name: child for child, name in children_of(element, root)}


def text_of(element: etree._Element | None) -> str:
    """Return the text of an element, comments left out.

    :param element: None for one that is not there
    """
    if element is None:
        return ''
    if not len(element):
        return element.text or ''
    return ''.join((element.text or '',
                    *(child.tail or '' for child in element)))


def sha1_of(text: str) -> str:
    """Return the sha1 of a text, in hexadecimal.

    :param text: of a slot
    """
    return sha1(text.encode()).hexdigest()


def base36(digest: str) -> str:
    """Return a sha1 as MediaWiki writes it.

    :param digest: hexadecimal
    """
    number, digits = int(digest, 16), ''
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits.rjust(31, '0')


def escaped(text: str) -> str:
    """Return a text as XML; a parser would make a line feed of a CR.

    :param text: of an element
    """
    return escape(text, {'\r': '&#13;'})
