"""Text of a wiki or a request on its way into wikitext is data."""
from __future__ import annotations

import re


__all__ = ('link', 'page_link', 'plain')

#: What could begin or end something anywhere in a line of wikitext.
_ESCAPES = str.maketrans({
    **{char: f'&#{ord(char)};' for char in '&<>[]{}|~_\n'},
    # There is no such entity in wikitext.
    '\r': ' '})
#: What does so in some places: lists and the like begin lines, quotes come
#: in pairs, colons follow names of protocols.
_SOMEWHERE = re.compile(r"^[*#:;=!\- ]|(?<=')'|:(?=//)")
#: Protocols that make a link without two slashes.
_PROTOCOL = re.compile(
    r'\b(bitcoin|geo|magnet|mailto|matrix|news|sips?|sms|tel|urn|xmpp):',
    re.IGNORECASE)


def plain(text: str) -> str:
    """Return text that is shown as it is, whatever it holds.

    :param text: of a wiki, a request or an error
    """
    text = _PROTOCOL.sub(r'\1&#58;', text.translate(_ESCAPES))
    return _SOMEWHERE.sub(lambda match: f'&#{ord(match[0])};', text)


def link(title: str, label: str = '') -> str:
    """Return a link to a page, isolated from the direction around it.

    :param title: full title, with the interwiki prefix of another wiki
    :param label: shown for it, the title if empty
    """
    # Quotes are read before links are; and what no wiki takes for a title,
    # such as one of a dump, is text, in which addresses would be links.
    target = _PROTOCOL.sub(r'\1&#58;', title.translate(_ESCAPES)).replace(
        "''", "'&#39;").replace('://', '&#58;//')
    return (f'<bdi>[[:{target}]]</bdi>' if not label else
            f'<bdi>[[:{target}|{plain(label)}]]</bdi>')


def page_link(prefix: str, title: str) -> str:
    """Return a link to a page of another wiki, shown without its prefix.

    :param prefix: interwiki prefix
    :param title: full title there
    """
    return link(f'{prefix}:{title}', title)
