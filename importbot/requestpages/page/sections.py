"""Links that open just the section of a request, for one word to change.

A wiki has no lasting name for a section but its number, which other
people's sections shift. The number is put in when the answer is saved, and
put right by the next pass that finds another one. Until then a link may
open what it should not: its summary names the request that it is for, and
an approval under the summary of another one does not count
(:meth:`~importbot.requestpages.who.authority.Authority.approver`).
"""
from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Set
from urllib.parse import quote

from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.scanner import BLANK, LITERAL, blanked
from importbot.requestpages.status import Status


__all__ = ('Sections', 'edit_link', 'ids_named', 'numbered', 'renumbered',
           'unnumbered')

#: A line that makes a section: at both ends equals signs, one at least
#: each, and something between them, be it a third one (Preprocessor_Hash).
_HEADING = re.compile(rf'^=[^\n]+=[ \t{BLANK}]*$', re.MULTILINE)
#: States in which the links of a request lead on, or soon will.
_WAITING = (Status.REVIEW, Status.APPROVED)
_LINK = re.compile(
    r'(\|action=edit&section=)\d+'
    r'(&summary=[^|}\s]{1,2000}?import-([0-9a-f]{12})%7C)')
_SECTION = re.compile(r'/\*.*?\*/', re.DOTALL)
_ID = re.compile(r'#import-([0-9a-f]{12})\b')


class Sections:

    """The sections of a page, as MediaWiki counts them.

    :param text: wikitext of the page
    :param tags: tags whose content is no wikitext of the page
    """

    def __init__(self, text: str, tags: Set[str] = frozenset()) -> None:
        self._starts = [
            match.start()
            for match in _HEADING.finditer(blanked(text, tags))
            if match[0].strip(f' \t{BLANK}') != '==' and LITERAL
            not in match[0][:1]]

    def number(self, index: int) -> int:
        """Return the number of the section that a character is in.

        :param index: of the character
        :return: 0 for what stands above the first heading
        """
        return bisect_right(self._starts, index)


def edit_link(title: str, summary: str, label: str) -> str:
    """Return wikitext that opens a section with a summary.

    Its number is not known before it is saved: see :func:`numbered`.

    :param title: full title of the page
    :param summary: of the edit; it links to the request
    :param label: wikitext of the link
    """
    return (f'<span class="plainlinks">[{{{{fullurl:{title}|action=edit'
            f'&section=0&summary={quote(summary, safe="")}}}}} '
            f'{label}]</span>')


def numbered(answer: str, number: int) -> str:
    """Return an answer whose links open a section.

    :param answer: wikitext
    :param number: of the section
    """
    return _LINK.sub(rf'\g<1>{number}\g<2>', answer)


def unnumbered(text: str) -> str:
    """Return a text in which the numbers of sections tell nothing.

    :param text: wikitext of an answer, or of a page
    """
    return numbered(text, 0)


def renumbered(text: str, reader: RequestReader) -> str:
    """Return a page whose links open the sections where requests are now.

    :param text: wikitext of the page
    """
    if not _LINK.search(text):
        return text
    waiting = [request for request in reader.requests(text)
               if request.id and request.status in _WAITING]
    counts = Counter(request.id for request in waiting)
    sections = Sections(text, reader.siteinfo.tags)
    numbers = {request.id: sections.number(request.span.start)
               for request in waiting if counts[request.id] == 1}
    return _LINK.sub(lambda match: (
        f'{match[1]}{numbers[match[3]]}{match[2]}'
        if match[3] in numbers else match[0]), text)


def ids_named(summary: str) -> frozenset[str]:
    """Return the requests that a summary names.

    :param summary: of an edit
    """
    # Headings of sections are of whoever wrote them.
    return frozenset(_ID.findall(_SECTION.sub('', summary)))
