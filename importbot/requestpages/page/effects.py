"""What an edit did to a request, by the texts before it and after it.

Whoever saves a page saves all of it: what others left there to be
expanded is expanded, what an edit closes hides what stands before it, and
what was hidden may be shown. Only what an edit did itself, where the
request stands, says anything about who made it.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.request import Request
from importbot.requestpages.page.scanner import Snippet, Span


__all__ = ('changed_span', 'made', 'only_set')

#: A state that people write: no comment, no template, no character
#: reference.
_PLAIN = re.compile(r'[^<>{}\[\]|=&~]*')
#: Characters of a hidden request by which it is known again.
_SEEN = 10_000
_MOST_HIDDEN = 300


def only_set(before: str, after: str, request: Request,
             reader: RequestReader) -> str:
    """Return why an edit did not just set the state of a request.

    :param before: text of the page before the edit
    :param after: text after it
    :param request: with its id, as it stands after the edit
    :return: key of the reason, empty if that is what it did
    """
    old, new = (_with_id(text, request.id, reader)
                for text in (before, after))
    if old is None or new is None:
        return 'copy'
    if old.flaws or new.flaws or not _is_same(before, old, after, new):
        return 'more'
    code = after[new.span.start:new.span.end]
    if _is_all(before, old, after, new):
        return ''
    if reader.hazards.substitutions(before):
        return 'subst'
    chunk = _id_as_written(code, new)
    if before.count(chunk) != 1 or after.count(chunk) != 1:
        return 'copy'
    return '' if _stays(before, old.span, after, new.span) else 'moved'


def made(before: str, after: str, request: Request,
         reader: RequestReader) -> str:
    """Return why an edit did not bring a request about by itself.

    :param before: text of the page before the edit
    :param after: text after it
    :param request: as it stands after the edit
    :return: key of the reason, empty if that is what it did
    """
    if any(_is_all(before, old, after, request)
           for old in reader.requests(before)):
        return ''
    if reader.hazards.substitutions(before):
        return 'subst'
    changed = changed_span(before, after)
    if not (request.span.start < changed.end
            and changed.start < request.span.end
            or request.span.start < changed.start < request.span.end):
        return 'elsewhere'
    hidden = reader.hidden(before, _SEEN, _MOST_HIDDEN)
    left = reader.hidden(after, _SEEN, _MOST_HIDDEN) if hidden else Counter()
    if hidden is None or left is None or hidden - left:
        return 'elsewhere'
    return ''


def _is_all(before: str, old: Request, after: str, new: Request) -> bool:
    """Return whether an edit changed one request and nothing around it."""
    return ('subst' not in old.flaws and old.span.start == new.span.start
            and before[:old.span.start] == after[:new.span.start]
            and before[old.span.end:] == after[new.span.end:])


def changed_span(before: str, after: str) -> Span:
    """Return the part of a text outside of which it is as before.

    :param before: the text that was
    :param after: the text that is; the part is one of this
    """
    most = min(len(before), len(after))
    start = _common(most, lambda size: before[:size] == after[:size])
    end = _common(most - start, lambda size: (
        before[len(before) - size:] == after[len(after) - size:]))
    return Span(start, len(after) - end)


def _common(most: int, is_common: Callable[[int], bool]) -> int:
    """Return the largest size up to which something is the same."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if is_common(middle):
            least = middle
        else:
            most = middle - 1
    return least


def _with_id(text: str, id: str, reader: RequestReader) -> Request | None:
    """Return the one request of a text with an id, None if not just one.
    """
    requests = [request for request in reader.requests(text)
                if id and request.id == id]
    return requests[0] if len(requests) == 1 else None


def _is_same(before: str, old: Request, after: str, new: Request) -> bool:
    around = _around(after, new)
    return around is not None and around == _around(before, old)


def _around(text: str, request: Request) -> tuple[str, str] | None:
    """Return what stands around the state of a request in its template.
    """
    code = text[request.span.start:request.span.end]
    name = request.parameters.get('status')
    if request.is_line or not name:
        return None
    snippet = Snippet(code)
    if not _PLAIN.fullmatch(snippet.value(name)):
        return None
    return snippet.around(name)


def _id_as_written(code: str, request: Request) -> str:
    snippet = Snippet(code)
    name = request.parameters['id']
    before, _rest = snippet.around(name)
    written = f'{before[before.rfind("|"):]}{snippet.value(name)}'
    return written.strip()


def _stays(before: str, old: Span, after: str, new: Span) -> bool:
    """Return whether what stands around a request still does so.

    Lines that are in both texts once must be on the same side of it.
    """
    above, below = (_lines_once(before, old), _lines_once(after, new))
    return all(below[line] == side for line, side in above.items()
               if line in below)


def _lines_once(text: str, place: Span) -> dict[str, bool]:
    """Return lines that stand once, and whether above a place."""
    lines = [(line, True) for line in text[:place.start].split('\n')]
    lines += [(line, False) for line in text[place.end:].split('\n')]
    counts = Counter(line for line, _side in lines)
    return {line: side for line, side in lines
            if line.strip() and counts[line] == 1}
