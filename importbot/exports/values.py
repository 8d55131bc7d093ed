"""What stands in the fields of an export, as values."""
from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from lxml import etree

from importbot.exports.elements import SPACE, base36, sha1_of, text_of
from importbot.model.addresses import is_address


__all__ = ('combined_sha1', 'is_stub', 'language_of', 'size_of', 'user_of')

_LANGUAGE = '{http://www.w3.org/XML/1998/namespace}lang'


def combined_sha1(slots: Mapping[str, str]) -> str:
    """Return the sha1 of a revision, in hexadecimal.

    Of its texts, whatever the export says: people edit dumps. That of
    several slots is made of theirs (facts of RevisionSlots).

    :param slots: texts by role
    """
    hashes = [sha1_of(slots[role]) for role in sorted(slots)]
    return reduce(lambda left, right: sha1_of(
        base36(left) + base36(right)), hashes)


def language_of(element: etree._Element) -> str:
    """Return the language that the root of a file names.

    :param element: a child of the root
    """
    root = element.getparent()
    return '' if root is None else str(root.get(_LANGUAGE, ''))


def user_of(contributor: Mapping[str, etree._Element]) -> str:
    """Return who made a revision.

    What stands for an address and is none is nobody's account: it gets
    what MediaWiki has before names of other wikis.

    :param contributor: its elements by name
    """
    name, address = (text_of(contributor.get(kind))
                     for kind in ('username', 'ip'))
    if name or not address:
        return name
    address = address.strip(SPACE)
    return address if is_address(address) else f'>{address}'


def is_stub(text: etree._Element) -> bool:
    """Return whether an empty text element stands for one elsewhere.

    :param text: the element
    """
    return (text.get('bytes') != '0'
            and ('id' in text.attrib or 'location' in text.attrib))


def size_of(element: etree._Element, text: str | None,
            slots: Mapping[str, str]) -> int:
    """Return the size of a revision in bytes, as said where it is hidden.

    :param element: of its text
    :param text: of the main slot; None where hidden
    :param slots: texts by role
    """
    if text is not None:
        return sum(len(content.encode()) for content in slots.values())
    given = str(element.get('bytes', ''))
    if given.isascii() and given.isdecimal() and len(given) < 10:
        return int(given)
    return 0
