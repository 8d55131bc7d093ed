"""What the bot changes in the wikitext of a request page.

One edit a step: the state of a request in its template, and the answer
below it. All else stays as it is, and what stands so already is left.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.request import Request
from importbot.requestpages.page.scanner import BLANK, Snippet, Span, blanked
from importbot.requestpages.page.sections import Sections, numbered
from importbot.requestpages.status import Status
from importbot.requestpages.words import Vocabulary


__all__ = ('FOLDED', 'RequestEdit', 'UNFOLDED', 'anchor')

#: How the part of an answer begins that can be folded, and how once it is.
UNFOLDED = '<div class="mw-collapsible">'
FOLDED = '<div class="mw-collapsible mw-collapsed">'

_HEADING = re.compile(rf'^{BLANK}*=.*=[ \t{BLANK}]*$', re.MULTILINE)


def anchor(*parts: object) -> str:
    """Return the id under which a page shows a request or an answer.

    :param parts: what it is of
    """
    return '-'.join(('import', *map(str, parts)))


@dataclass(frozen=True)
class RequestEdit:

    """A change of one request on its page.

    :param request: as it stands there; if it does not any more, nothing
        is changed
    :param status: its next state, None to leave that alone
    :param id: given to it
    :param plan: id of the plan that is shown
    :param answer: wikitext that goes below it, empty for none
    :param mark: anchor in the answer, so that it is given once
    :param again: whether it may have been given for an earlier state
    :param folds: whether earlier answers have done their work with it
    """

    request: Request
    status: Status | None = None
    id: str = ''
    plan: str = ''
    answer: str = ''
    mark: str = ''
    again: bool = False
    folds: bool = False

    def in_section(self, text: str, reader: RequestReader) -> RequestEdit:
        """Return the change with links to the section of the request.

        :param text: wikitext of the page
        """
        place = self._place(text, reader)
        return self if place is None else replace(self, answer=numbered(
            self.answer, Sections(text, reader.siteinfo.tags).number(
                place.span.start)))

    def apply(self, text: str, reader: RequestReader) -> str | None:
        """Return the changed text of a page.

        :param text: wikitext of the page
        :return: None if the request does not stand there so any more; the
            same text if all is done already
        """
        place = self._place(text, reader)
        if place is None:
            return None
        changed, span = self._with_state(text, place, reader)
        # It comes with the state; else somebody put the mark there.
        is_there = f'id="{self.mark}"' in text and (
            self.again or place.stands_as(self._done(place)))
        if self.answer and not is_there:
            changed = self._with_answer(changed, span, reader)
            if self.folds:
                changed = self._with_folded(changed)
        return changed

    def _with_folded(self, text: str) -> str:
        """Return the text with earlier answers folded."""
        def folded(match: re.Match[str]) -> str:
            return (match[0] if f'id="{self.mark}"' in match[1]
                    else match[1] + FOLDED)

        return re.sub(
            rf'(<div class="importbot-answer" id="{anchor(self.id)}-[^\n]*\n)'
            + re.escape(UNFOLDED), folded, text)

    def _place(self, text: str, reader: RequestReader) -> Request | None:
        """Return the request of a page that is to be changed, or was."""
        requests = reader.requests(text)
        asked, done = self.request, self._done(self.request)
        # A line that was adopted has become a template.
        return next((request for request in requests
                     if request.stands_as(done) and not request.is_line), next(
            (request for request in requests if request.stands_as(asked)
             and request.is_line == asked.is_line), None))

    def _done(self, request: Request) -> Request:
        """Return the request as it stands when this change is done."""
        return replace(request, status=self.status or request.status,
                       id=self.id or request.id,
                       plan=self.plan or request.plan)

    def _with_state(self, text: str, place: Request,
                    reader: RequestReader) -> tuple[str, Span]:
        """Return the text with the state, and where the request is then."""
        values = {name: value for name, value in (
            ('status', self.status and Vocabulary(
                place.words).shown_status(self.status.value)),
            ('id', self.id), ('plan', self.plan)) if value}
        if place.broken or not values:
            return text, place.span
        if place.is_line:
            return self._with_template(text, place, values, reader)
        start, end = place.span.start, place.span.end
        snippet = Snippet(text[start:end])
        put = snippet.set_last if place.flaws else snippet.set
        for name, value in values.items():
            if getattr(place, {'status': 'status_word'}.get(name, name)
                       ) != value:
                put(self._name(place, name), value)
        code = str(snippet)
        return f'{text[:start]}{code}{text[end:]}', Span(start,
                                                         start + len(code))

    def _with_template(self, text: str, place: Request,
                       values: Mapping[str, str],
                       reader: RequestReader) -> tuple[str, Span]:
        """Return the text with a template below a line.

        A comment that opens in the line could hide it there; then it goes
        right after the links.
        """
        code = '|'.join((place.words.name, *(
            f'{self._name(place, name)}={value}' for name, value
            in {'pages': place.fields['pages'], **values}.items())))
        code = f'\n{{{{{code}}}}}'
        end = blanked(text).find('\n', place.span.end)
        for where in (len(text) if end < 0 else end, place.span.end):
            changed = f'{text[:where]}{code}{text[where:]}'
            span = Span(where + 1, where + len(code))
            if any(request.span == span
                   for request in reader.requests(changed)):
                break
        return changed, span

    @staticmethod
    def _name(place: Request, name: str) -> str:
        """Return what the wiki calls a parameter."""
        return place.parameters.get(name) or Vocabulary(
            place.words).shown(name)

    def _with_answer(self, text: str, span: Span,
                     reader: RequestReader) -> str:
        """Return the text with the answer at the end of the thread.

        An open comment or the like could swallow it there; then it goes
        right after the request.
        """
        end = _end_of_thread(text, span, reader.requests(text))
        for where in (end, span.end):
            before, after = text[:where].rstrip(), text[where:].lstrip('\n')
            changed = f'{before}\n{self.answer}\n'
            if after:
                changed += f'\n{after}'
            if self._is_shown(changed, text, reader):
                return changed
        return changed

    def _is_shown(self, changed: str, text: str,
                  reader: RequestReader) -> bool:
        """Return whether an answer is seen, and hides no request."""
        before, after = ([replace(request, span=Span(0, 0))
                          for request in reader.requests(each)]
                         for each in (text, changed))
        return f'id="{self.mark}"' in blanked(changed) and before == after


def _end_of_thread(text: str, place: Span, requests: list[Request]) -> int:
    ends = [request.span.start for request in requests
            if request.span.start >= place.end]
    heading = _HEADING.search(blanked(text), place.end)
    if heading:
        ends.append(heading.start())
    if not ends:
        return len(text)
    end = min(ends)
    # What stands before the next request in its line belongs to that.
    return max(place.end, text.rfind('\n', 0, end) + 1)
