"""Tags in a text that the wiki it is read for does not know.

Of a file nobody knows which extensions its wiki has. What is no HTML that
MediaWiki lets through and is closed as an element is the tag of one.
"""
from __future__ import annotations

import re


__all__ = ('foreign_tags', )

#: What ``Sanitizer::getRecognizedTagData`` knows, 1.39 to 1.43.
_HTML = frozenset({
    'abbr', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'br', 'caption', 'center',
    'cite', 'code', 'data', 'dd', 'del', 'dfn', 'div', 'dl', 'dt', 'em',
    'font', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'i', 'ins', 'kbd', 'li',
    'link', 'mark', 'meta', 'ol', 'p', 'pre', 'q', 'rb', 'rp', 'rt', 'rtc',
    'ruby', 's', 'samp', 'small', 'span', 'strike', 'strong', 'sub', 'sup',
    'table', 'td', 'th', 'time', 'tr', 'tt', 'u', 'ul', 'var', 'wbr'})
#: Tags of MediaWiki itself that are no extension's.
_CORE = frozenset({'gallery', 'includeonly', 'indicator', 'langconvert',
                   'noinclude', 'nowiki', 'onlyinclude'})

_ELEMENT = re.compile(
    r'<(/?)([A-Za-z][A-Za-z0-9_-]{0,40})(?=[\s/>])[^<>]{0,1000}?(/?)>')


def foreign_tags(text: str, tags: frozenset[str]) -> frozenset[str]:
    """Return the names of tags that are neither HTML nor known, lower case.

    :param text: wikitext
    :param tags: names of the extension tags that are known
    """
    opened: set[str] = set()
    closed: set[str] = set()
    for match in _ELEMENT.finditer(text):
        name = match[2].lower()
        if name in _HTML or name in _CORE or name in tags:
            continue
        if not match[1]:
            opened.add(name)
        if match[1] or match[3]:
            closed.add(name)
    return frozenset(opened & closed)
