"""Text of a wiki or a request on its way into wikitext is data."""
from __future__ import annotations


__all__ = ('link', 'page_link', 'plain')

#: What could begin or end something in wikitext.
_ACTIVE = {char: f'&#{ord(char)};' for char in '&<>[]{}|\'"=*#:;~_\n\r-'}
_ESCAPES = str.maketrans(_ACTIVE)
#: In a link the namespace has to stay one, and words are kept together.
_LINK_ESCAPES = str.maketrans({
    char: code for char, code in _ACTIVE.items() if char not in ':_-'})


def plain(text: str) -> str:
    """Return text that is shown as it is, whatever it holds.

    :param text: of a wiki, a request or an error
    """
    return text.translate(_ESCAPES)


def link(title: str, label: str = '') -> str:
    """Return a link to a page, isolated from the direction around it.

    :param title: full title, with the interwiki prefix of another wiki
    :param label: shown for it, the title if empty
    """
    target = title.translate(_LINK_ESCAPES)
    return (f'<bdi>[[:{target}]]</bdi>' if not label else
            f'<bdi>[[:{target}|{plain(label)}]]</bdi>')


def page_link(prefix: str, title: str) -> str:
    """Return a link to a page of another wiki, shown without its prefix.

    :param prefix: interwiki prefix
    :param title: full title there
    """
    return link(f'{prefix}:{title}', title)
