"""Who wants a request, and who has approved it."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import tee

from importbot.requestpages.page.edits import anchor
from importbot.requestpages.page.effects import made, only_set
from importbot.requestpages.page.parser import RequestReader, TooLargeError
from importbot.requestpages.page.request import Request
from importbot.requestpages.page.scanner import blanked
from importbot.requestpages.page.sections import ids_named, unnumbered
from importbot.requestpages.status import Status
from importbot.requestpages.who.proof import (
    LONGEST_RUN,
    Proof,
    Unproved,
    prove,
)
from importbot.wikis.people import PageRevision, People


__all__ = ('Authority', )


class Authority:

    """Says who wants a request and who approved it.

    The bot's own edits say nothing: they carry along what others wrote.

    :param people: reads histories
    :param bot: the bot's account, which neither wants nor approves
    """

    def __init__(self, people: People, reader: RequestReader,
                 bot: str) -> None:
        self._people = people
        self._reader = reader
        self._bot = bot

    def author(self, title: str, request: Request, account: int = 0,
               ) -> tuple[Proof | Unproved | None, bool]:
        """Return who wants a request, and whether they want it now.

        Who opens or approves what somebody else has written does not
        thereby ask for it; nor does who wrote it, once others did so.

        :param title: full title of the request page
        :param request: as it stands there
        :param account: number of the account that is known to have written
            its parameters as they are, 0 for none
        :return: the proof, None if it is who is known
        """
        def is_wish(other: Request) -> bool:
            return request.wants_as(other)

        now, ever = tee(self._people.history(title))
        # The bot gives it an id, and nobody wants anything by that.
        state = self._made(title, now, lambda other: is_wish(other)
                           and other.status is request.status)
        if isinstance(state, Unproved):
            return state, False
        if account:
            return None, state.user_id == account
        wish = self._made(title, ever, is_wish)
        if isinstance(wish, Proof) and wish.user == self._bot:
            wish = Unproved('changed')
        return wish, (isinstance(wish, Proof)
                      and (wish.user_id, wish.user)
                      == (state.user_id, state.user))

    def is_first(self, title: str, request: Request,
                 user_id: int) -> bool:
        """Return whether nobody else has ever written a request.

        Who puts back what somebody took away has not written it.

        :param request: as it stands there
        :param user_id: number of the account that wrote it last
        """
        for count, (newer, older) in enumerate(_pairs(
                self._people.history(title))):
            if count == LONGEST_RUN:
                break
            if newer.user_id == user_id or newer.user == self._bot:
                continue
            texts = newer.text, older.text if older else None
            now, before = (self._is_wanted(text or '', request)
                           for text in texts)
            if now and not before:
                return False
        return True

    def _is_wanted(self, text: str, request: Request) -> bool:
        try:
            return self._has(text, request.wants_as)
        except TooLargeError:
            return False

    def approver(self, title: str, request: Request) -> Proof | Unproved:
        """Return who has set a request that was waiting to approved.

        A copy of it on the same page leaves open which one was meant, and
        so does another one who approved it, since the bot asked for that.

        :param request: as it stands there
        """
        def states(text: str) -> Sequence[Status | None]:
            return [other.status for other in self._with_id(text, request)
                    if (other.plan, other.fingerprint)
                    == (request.plan, request.fingerprint)]

        def waited(text: str) -> bool:
            before = states(text)
            return bool(before) and Status.APPROVED not in before

        seen: list[PageRevision] = []
        history = _noted(self._people.history(title), seen)
        proof = self._prove(
            title, history, lambda text: states(text) == [Status.APPROVED],
            waited, lambda before, after: only_set(
                before, after, request, self._reader))
        if isinstance(proof, Unproved):
            return proof
        if proof.user == self._bot:
            return Unproved('changed')
        named = ids_named(proof.comment)
        if named and request.id not in named:
            # They have seen the plan of that one.
            return Unproved('other')
        try:
            why = self._past(proof, request, seen[-1], history)
        except TooLargeError:
            why = 'long'
        return Unproved(why) if why else proof

    def _past(self, proof: Proof, request: Request, before: PageRevision,
              history: Iterator[PageRevision]) -> str:
        """Return why an approval does not count by what was before it.

        :param proof: who approved
        :param request: as it stands on the page
        :param before: the revision that was approved in
        :param history: older revisions, newest first
        """
        is_asked = False
        for count, (newer, older) in enumerate(_pairs(history, before)):
            if count == LONGEST_RUN:
                return 'long'
            if newer.text is None or older and (
                    older.text is None or newer.parent != older.id):
                return 'hidden' if newer.text is None or (
                    older and older.text is None) else 'merged'
            was = (older.text if older else '') or ''
            now, then = (self._with_id(text, request)
                         for text in (newer.text, was))
            if not is_asked and _approved(now) and not _approved(then) and (
                    newer.user_id, newer.user) != (proof.user_id,
                                                   proof.user):
                return 'others'
            if newer.user != self._bot:
                continue
            is_asked = is_asked or _waits(now) and not (
                _waits(then) and now[0].stands_as(then[0]))
            plan = _plan_shown(newer.text, request)
            if plan and plan[1] not in was:
                return '' if self._is_shown(
                    *plan, before.text or '', request) else 'edited'
        return 'edited'

    def _is_shown(self, code: str, opening: str, text: str,
                  request: Request) -> bool:
        """Return whether a plan is shown below its request as it was.

        :param code: the answer as the bot wrote it
        :param opening: how it begins; copies begin so, too
        :param text: of the page
        :param request: with its id
        """
        code, text = unnumbered(code), unnumbered(text)
        place = next((other.span.end for other
                      in self._with_id(text, request)), len(text))
        start = text.find(opening, place)
        return (start >= 0 and text.startswith(code, start)
                and blanked(text)[start:start + len(code)] == blanked(code))

    def setter(self, title: str, request: Request) -> Proof | Unproved:
        """Return who put a request into the state that it has.

        :param request: as it stands there
        """
        return self._made(title, self._people.history(title),
                          request.stands_as)

    def is_by_bot(self, title: str, request: Request) -> bool:
        """Return whether the bot put a request into the state it has.

        :param request: as it stands there
        """
        proof = self.setter(title, request)
        return isinstance(proof, Proof) and proof.user == self._bot

    def gave_id(self, title: str, request: Request) -> bool:
        """Return whether the bot gave a request its id.

        :param request: as it stands there
        """
        proof = self._prove(title, self._people.history(title), lambda text:
                            bool(self._with_id(text, request)))
        return isinstance(proof, Proof) and proof.user == self._bot

    def _with_id(self, text: str, request: Request) -> list[Request]:
        if request.id not in text:
            return []
        return [other for other in self._reader.requests(text)
                if other.id == request.id]

    def _has(self, text: str, is_it: Callable[[Request], bool]) -> bool:
        return any(map(is_it, self._reader.requests(text)))

    def _made(self, title: str, history: Iterable[PageRevision],
              is_it: Callable[[Request], bool]) -> Proof | Unproved:
        """Return who brought a request about that stands there now."""
        def came(before: str, after: str) -> str:
            whys = [made(before, after, other, self._reader)
                    for other in self._reader.requests(after)
                    if is_it(other)]
            return '' if '' in whys else whys[0]

        return self._prove(title, history,
                           lambda text: self._has(text, is_it), came=came)

    def _prove(self, title: str, history: Iterable[PageRevision],
               stands_so: Callable[[str], bool],
               waited: Callable[[str], bool] = lambda text: True,
               came: Callable[[str, str], str] = lambda before, after: '',
               ) -> Proof | Unproved:
        try:
            proof = prove(history, stands_so, lambda since:
                          self._people.was_imported(title, since), waited,
                          came)
        except TooLargeError:
            proof = Unproved('long')
        future = self._people.future(title)
        if isinstance(proof, Unproved) and future and proof.why in (
                'merged', 'changed', 'imported'):
            return Unproved('future', future)
        return proof


def _approved(requests: Sequence[Request]) -> bool:
    return any(request.status is Status.APPROVED for request in requests)


def _waits(requests: Sequence[Request]) -> bool:
    return [request.status for request in requests] == [Status.REVIEW]


def _noted(history: Iterable[PageRevision],
           seen: list[PageRevision]) -> Iterator[PageRevision]:
    for revision in history:
        seen[:] = [revision]
        yield revision


def _pairs(history: Iterable[PageRevision],
           first: PageRevision | None = None,
           ) -> Iterator[tuple[PageRevision, PageRevision | None]]:
    """Yield revisions, each with the one before it, None for none."""
    newer = first
    for older in history:
        if newer:
            yield newer, older
        newer = older
    if newer:
        yield newer, None


def _plan_shown(text: str, request: Request) -> tuple[str, str] | None:
    """Return the newest answer with the plan of a request, how it begins.

    Answers are numbered; a copy of the request may have older ones below it.
    """
    shown: dict[int, tuple[str, str]] = {}
    for match in re.finditer(
            rf'<div class="importbot-answer" id="{anchor(request.id)}-(\d+)"',
            text):
        code = text[match.start():_end_of_answer(text, match.end())]
        if request.plan in code:
            shown.setdefault(int(match[1]), (code, match[0]))
    return shown[max(shown)] if shown else None


def _end_of_answer(text: str, start: int) -> int:
    """Return where the element of an answer is closed, without that.

    :param start: within its first tag
    """
    depth = 1
    for tag in re.compile('<(/?)div').finditer(text, start):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.start()
    return len(text)
