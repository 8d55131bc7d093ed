"""Who put a request into its state, by what the wiki recorded.

The text of a page says nothing about who wrote it: signatures are typed,
names are pasted. The history does, as long as it is unbroken: the author
is who made the oldest revision of the run of revisions, ending now, in
all of which the request stands so. A revision that is hidden, imported or
merged into that run ends the proof, and so does one that begins it by
putting back what others wrote: who reverts vandalism agrees to nothing.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import tee

from importbot.requestpages.reader import RequestReader, TooLargeError
from importbot.requestpages.request import Request
from importbot.requestpages.words import Status
from importbot.wikis.people import PageRevision, People


__all__ = ('Authority', 'Proof', 'Unproved', 'prove')

#: Revisions after which somebody had better say it again.
_LONGEST_RUN = 500


@dataclass(frozen=True)
class Proof:

    """Who put a request into its state.

    :param user: account name
    :param user_id: number of the account, 0 for somebody not logged in
    :param revision: in which it stands so first
    :param timestamp: of that revision, ISO 8601
    """

    user: str
    user_id: int
    revision: int
    timestamp: str


@dataclass(frozen=True)
class Unproved:

    """Nothing proves who put a request into its state.

    :param why: key of the sentence in ``i18n``, without ``unproved-``
    """

    why: str


def prove(history: Iterable[PageRevision],
          stands_so: Callable[[str], bool],
          was_imported: Callable[[str], bool],
          waited: Callable[[str], bool] = lambda text: True,
          ) -> Proof | Unproved:
    """Return who put a request into the state that it has now.

    :param history: revisions of the page, newest first, read as far as it
        takes
    :param stands_so: whether the request is in this state in a text
    :param was_imported: whether revisions were imported or merged into
        the page since a time
    :param waited: whether the text before it can become one in which the
        request stands so
    """
    first: PageRevision | None = None
    before = ''
    for count, revision in enumerate(history):
        if first is not None and (first.parent != revision.id
                                  or revision.id > first.id):
            return Unproved('merged')
        if revision.text is None or revision.is_user_hidden:
            return Unproved('hidden')
        if not stands_so(revision.text):
            before = revision.text
            break
        if '>' in revision.user:
            return Unproved('imported')
        if count == _LONGEST_RUN:
            return Unproved('long')
        first = revision
    else:
        if first is not None and first.parent:
            return Unproved('merged')
    if first is None:
        return Unproved('changed')
    if first.is_revert or not waited(before):
        return Unproved('restored')
    if was_imported(first.timestamp):
        return Unproved('imported')
    return Proof(first.user, first.user_id, first.id, first.timestamp)


class Authority:

    """Says who wants a request and who approved it.

    :param people: reads histories
    :param reader: finds requests
    :param bot: the bot's account, which neither wants nor approves
    """

    def __init__(self, people: People, reader: RequestReader,
                 bot: str) -> None:
        """Initializer."""
        self._people = people
        self._reader = reader
        self._bot = bot

    def author(self, title: str, request: Request, known: int = 0,
               ) -> tuple[Proof | Unproved | None, bool]:
        """Return who wants a request, and whether they want it now.

        Who opens or approves what somebody else has written does not
        thereby ask for it; nor does who wrote it, once others did so.

        :param title: full title of the request page
        :param request: as it stands there
        :param known: number of the account that is known to have written
            its parameters as they are, 0 for none
        :return: the proof, None if it is who is known
        """
        now, ever = tee(self._people.history(title))
        state = self._prove(title, now, lambda text: any(
            map(request.stands_as, self._reader.requests(text))))
        if isinstance(state, Unproved):
            return state, False
        if known:
            # The bot lets it be new only while those who want it wait for
            # the day to end.
            return None, state.user_id == known or (
                state.user == self._bot and request.status is Status.NEW)
        wish = self._prove(title, ever, lambda text: any(
            map(request.wants_as, self._reader.requests(text))))
        if isinstance(wish, Proof) and wish.user == self._bot:
            wish = Unproved('changed')
        return wish, (isinstance(wish, Proof)
                      and (wish.user_id, wish.user)
                      == (state.user_id, state.user))

    def approver(self, title: str, request: Request) -> Proof | Unproved:
        """Return who has set a request that was waiting to approved.

        A copy of it on the same page leaves open which one was meant.

        :param title: full title of the request page
        :param request: as it stands there
        """
        def states(text: str) -> Sequence[Status | None]:
            return [other.status for other in self._reader.requests(text)
                    if (other.id, other.plan, other.fingerprint)
                    == (request.id, request.plan, request.fingerprint)]

        def waited(text: str) -> bool:
            before = states(text)
            return bool(before) and Status.APPROVED not in before

        proof = self._prove(
            title, self._people.history(title),
            lambda text: states(text) == [Status.APPROVED], waited)
        if isinstance(proof, Proof) and proof.user == self._bot:
            return Unproved('changed')
        return proof

    def setter(self, title: str, request: Request) -> Proof | Unproved:
        """Return who put a request into the state that it has.

        :param title: full title of the request page
        :param request: as it stands there
        """
        return self._prove(title, self._people.history(title), lambda text:
                           any(map(request.stands_as,
                                   self._reader.requests(text))))

    def is_by_bot(self, title: str, request: Request) -> bool:
        """Return whether the bot put a request into the state it has.

        :param title: full title of the request page
        :param request: as it stands there
        """
        proof = self.setter(title, request)
        return isinstance(proof, Proof) and proof.user == self._bot

    def _prove(self, title: str, history: Iterable[PageRevision],
               stands_so: Callable[[str], bool],
               waited: Callable[[str], bool] = lambda text: True,
               ) -> Proof | Unproved:
        try:
            return prove(history, stands_so, lambda since:
                         self._people.was_imported(title, since), waited)
        except TooLargeError:
            return Unproved('long')
