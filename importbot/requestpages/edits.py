"""What the bot changes in the wikitext of a request page.

One edit a step: the state of a request in its template, and the answer
below it. All else stays as it is, and what stands so already is left.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, replace

from importbot.requestpages.reader import RequestReader
from importbot.requestpages.request import Request
from importbot.requestpages.wikitext import Snippet, blanked
from importbot.requestpages.words import Status


__all__ = ('Change', 'anchor')

_HEADING = re.compile(r'^=.*=[ \t]*$', re.MULTILINE)


def anchor(*parts: object) -> str:
    """Return the id under which a page shows a request or an answer.

    :param parts: what it is of
    """
    return '-'.join(('import', *map(str, parts)))


@dataclass(frozen=True)
class Change:

    """A change of one request on its page.

    :param request: as it stands there; if it does not any more, nothing
        is changed
    :param status: its next state, None to leave that alone
    :param id: given to it
    :param plan: id of the plan that is shown
    :param answer: wikitext that goes below it, empty for none
    :param mark: anchor in the answer, so that it is given once
    """

    request: Request
    status: Status | None = None
    id: str = ''
    plan: str = ''
    answer: str = ''
    mark: str = ''

    def apply(self, text: str, reader: RequestReader) -> str | None:
        """Return the changed text of a page.

        :param text: wikitext of the page
        :param reader: finds requests
        :return: None if the request does not stand there so any more; the
            same text if all is done already
        """
        place = self._place(text, reader)
        if place is None:
            return None
        changed = self._with_state(text, place)
        if self.answer and f'id="{self.mark}"' not in text:
            changed = self._with_answer(changed, reader)
        return changed

    def _place(self, text: str, reader: RequestReader) -> Request | None:
        asked = self.request
        for request in reader.requests(text):
            if request.is_line == asked.is_line and (
                    request.stands_as(asked)
                    or (self.id and request.stands_as(self._done(asked)))):
                return request
        return None

    def _done(self, request: Request) -> Request:
        """Return the request as it stands when this change is done."""
        return replace(request, status=self.status or request.status,
                       id=self.id or request.id,
                       plan=self.plan or request.plan)

    def _with_state(self, text: str, place: Request) -> str:
        values = {name: value for name, value in (
            ('status', self.status and place.words.statuses.get(
                self.status.value, [self.status.value])[0]),
            ('id', self.id), ('plan', self.plan)) if value}
        if place.broken or not values:
            return text
        start, end = place.span.start, place.span.end
        if place.is_line:
            parameters = {'pages': place.fields['pages'], **values}
            code = '|'.join((place.words.name, *(
                f'{self._name(place, name)}={value}'
                for name, value in parameters.items())))
            return f'{text[:end]}\n{{{{{code}}}}}{text[end:]}'
        snippet = Snippet(text[start:end])
        for name, value in values.items():
            if getattr(place, {'status': 'status_word'}.get(name, name)
                       ) != value:
                snippet.set(self._name(place, name), value)
        return f'{text[:start]}{snippet}{text[end:]}'

    @staticmethod
    def _name(place: Request, name: str) -> str:
        """Return what the wiki calls a parameter."""
        return place.parameters.get(name) or place.words.parameters.get(
            name, [name])[0]

    def _with_answer(self, text: str, reader: RequestReader) -> str:
        """Return the text with the answer at the end of the thread.

        An open comment or the like could swallow it there; then it goes
        right behind the request.
        """
        requests = reader.requests(text)
        done = self._done(self.request)
        place = next(request for request in requests if (
            request.stands_as(done) or request.stands_as(self.request)))
        end = _end_of_thread(text, place, requests)
        for where in (end, place.span.end):
            before, behind = text[:where].rstrip(), text[where:].lstrip('\n')
            changed = f'{before}\n{self.answer}\n'
            if behind:
                changed += f'\n{behind}'
            if self._is_shown(changed, text, reader):
                return changed
        return changed

    def _is_shown(self, changed: str, text: str,
                  reader: RequestReader) -> bool:
        after = reader.requests(changed)
        return f'id="{self.mark}"' in blanked(changed) and [
            replace(request, span=after[0].span) for request in after] == [
            replace(request, span=after[0].span)
            for request in reader.requests(text)]


def _end_of_thread(text: str, place: Request,
                   requests: list[Request]) -> int:
    ends = [request.span.start for request in requests
            if request.span.start >= place.span.end]
    heading = _HEADING.search(blanked(text), place.span.end)
    if heading:
        ends.append(heading.start())
    if not ends:
        return len(text)
    end = min(ends)
    # What stands before the next request in its line belongs to that.
    return max(place.span.end, text.rfind('\n', 0, end) + 1)
