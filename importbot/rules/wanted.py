"""How people name pages of other wikis: in lines, links and addresses.

Requests on wiki pages and wishes of a command line are read alike.
"""
from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from os.path import commonprefix
from unicodedata import normalize
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit


__all__ = ('ADDRESS', 'LINK', 'ForeignPage', 'ForeignWikis', 'decoded',
           'link_title', 'sides_of', 'without_direction')

#: No two parts of these can match the same spaces: requests are open to
#: everybody, and such an expression may take hours.
_ARROW = re.compile(  # those in links belong to titles
    r'\[\[[^\[\]]*\]\]|(→|←|⇒|⇐|->|=>|<-|&[lr][Aa]rr;)')
LINK = re.compile(r'\[\[([^\[\]|]+)(?:\|[^\[\]]*)?\]\]')
ADDRESS = re.compile(r'[\[<]?\s*((?:https?:)?//[^\s\]>]+)>?(?:\s[^\]]*)?\]?',
                     re.IGNORECASE)
#: Without its semicolon it is text.
_REFERENCE = re.compile(r'&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|\w{1,40});',
                        re.ASCII)
#: Marks of direction, which are copied along and which no title has.
_DIRECTION = re.compile('[\u200e\u200f\u202a-\u202e]')
#: How hosts of wikis are called for telephones: en.m.wikipedia.org.
_MOBILE = re.compile(r'(^|\.)m\.')
#: How every MediaWiki can be asked for a page without a query.
_SCRIPT = re.compile(r'.*/index\.php/(.+)')


@dataclass(frozen=True)
class ForeignPage:

    """A page of another wiki, as somebody names it.

    :param prefixes: interwiki prefixes of the wiki, the best one first; none
        if it is not named
    :param title: full title there, as it was written; empty where an
        address has none
    :param revision: id of a revision that an address leads to, empty for
        none
    """

    prefixes: tuple[str, ...]
    title: str
    revision: str = ''


@dataclass(frozen=True)
class ForeignWikis:

    """The wikis that pages may be wanted of.

    :param prefixes: their interwiki prefixes, as the target allows them
    :param patterns: address pattern by interwiki prefix
    :param is_namespace: says of a name that it is a namespace, which goes
        before a wiki of that prefix
    """

    prefixes: Sequence[str]
    patterns: Mapping[str, str]
    is_namespace: Callable[[str], object] = field(
        default=lambda name: None, repr=False)

    def named(self, name: str) -> ForeignPage:
        """Return the page of a name, with or without a prefix.

        :param name: with single spaces
        """
        for prefix in sorted(self.prefixes, key=len, reverse=True):
            *start, title = map(str.strip, name.split(
                ':', prefix.count(':') + 1))
            if ':'.join(start).lower() == prefix.lower() and not (
                    self.is_namespace(start[0])):
                return ForeignPage((prefix, ), title)
        return ForeignPage((), name)

    def other(self, name: str) -> str:
        """Return the prefix of a wiki that pages may not be wanted of.

        :param name: as for :meth:`named`
        :return: empty if there is none
        """
        first, colon, _title = name.partition(':')
        first = first.strip().lower()
        known = colon and first in self.patterns and not (
            self.is_namespace(first))
        return first if known else ''

    def at(self, url: str) -> ForeignPage | None:
        """Return the page of an address.

        :param url: that of a page as a browser shows it: a path, or a query
            with the title; hosts for telephones are understood
        :return: None if it is that of none of the wikis
        """
        try:
            asked = urlsplit(url if '://' in url else f'https:{url}')
        except ValueError:
            return None
        nearest = -1
        found: dict[str, str] = {}
        for prefix in self.prefixes:
            address = urlsplit(self.patterns.get(prefix, ''))
            if not address.netloc or _host(address) != _host(asked):
                continue
            # Two wikis of a host differ in their paths.
            near = _common(address.path, asked.path)
            if near > nearest:
                nearest, found = near, {}
            if near == nearest:
                found[prefix] = _title_of(address, asked)
        if not found:
            return None
        title = next(filter(None, found.values()), '')
        revision = parse_qs(asked.query).get('oldid', [''])[0]
        return ForeignPage(tuple(found), normalize('NFC', title).replace(
            '_', ' ').strip(), revision if revision.isdecimal() else '')


def _host(address: SplitResult) -> str:
    """Return host and port, with what stands before a sign of its own."""
    return _MOBILE.sub(r'\1', address.netloc.lower(), count=1)


def _common(one: str, other: str) -> int:
    """Return how many folders two paths have in common."""
    folders = [path.split('/')[:-1] for path in (one, other)]
    return len(commonprefix(folders))


def _title_of(address: SplitResult, asked: SplitResult) -> str:
    """Return the title in an address, empty if there is none."""
    title = parse_qs(asked.query).get('title', [''])[0]
    start, sign, end = address.path.partition('$1')
    if not title and sign and asked.path.startswith(start):
        title = unquote(asked.path[len(start):]).removesuffix(end)
    script = None if title else _SCRIPT.fullmatch(asked.path)
    return unquote(script[1]) if script else title


def without_direction(text: str) -> str:
    """Return a text without marks of direction."""
    return _DIRECTION.sub('', text)


def sides_of(line: str) -> list[str]:
    """Return what stands on the sides of the arrows of a line."""
    sides = []
    copied = 0
    for match in _ARROW.finditer(line):
        if match[1]:
            sides.append(line[copied:match.start()].strip())
            copied = match.end()
    return [*sides, line[copied:].strip()]


def link_title(text: str) -> str:
    """Return the title of a link, or the text if it is none."""
    link = LINK.fullmatch(text)
    return decoded(link[1] if link else text).replace(
        '_', ' ').strip().lstrip(': ')


def decoded(text: str) -> str:
    """Return a title without character references, as MediaWiki does it.

    What they stand for may combine with the letter before.
    """
    return normalize('NFC', _REFERENCE.sub(
        lambda match: html.unescape(match[0]), text))
