"""Small pieces of HTML that several parts of a page show."""
from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from importbot.reports.html.times import moment
from importbot.reports.html.visible import visible


__all__ = ('code', 'inline', 'link', 'when')

#: Letters that fit into a line on a telephone.
_LONG_WORD = 30


def link(address: str, text: str) -> Markup:
    """Return text in its own direction, a link where there is an address.

    :param address: made by :mod:`importbot.reports.wiki_links`, or empty
    :param text: as a wiki has it
    """
    shown = _breaking(visible(text))
    if not address:
        return shown
    # Written out: a folder of reports has a hundred thousand of them.
    return Markup(f'<a href="{escape(address)}">{shown}</a>')


def _breaking(text: str) -> Markup:
    """Return text that breaks at words, and within none but a very long one.

    A column of a table is as wide as its longest word.
    """
    longest = max(map(len, text.split()), default=0)
    kind = 'long' if longest > _LONG_WORD else 'words'
    return Markup(f'<bdi class="{kind}">{escape(text)}</bdi>')


def code(text: str) -> Markup:
    """Return text that is to be read letter by letter.

    :param text: as a wiki or a person has it
    """
    return Markup('<code><bdi>{}</bdi></code>').format(visible(text))


def inline(items: Iterable[Markup | str]) -> Markup:
    """Return a list in one line.

    :param items: of the list
    """
    return Markup('<ul class="inline">{}</ul>').format(
        Markup('').join(Markup('<li>{}</li>').format(visible(item))
                        for item in items))


def when(time: str) -> Markup:
    """Return a time.

    :param time: ISO 8601
    """
    return Markup('<time datetime="{}">{}</time>').format(
        visible(time), visible(moment(time)))
