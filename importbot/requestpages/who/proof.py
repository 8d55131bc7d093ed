"""Who put a request into its state, by what the wiki recorded.

The text of a page says nothing about who wrote it: signatures are typed,
names are pasted. The history does, as long as it is unbroken: the author
is who made the oldest revision of the run of revisions, ending now, in
all of which the request stands so. A revision that is hidden, imported or
merged into that run ends the proof, and so does one that begins it by
putting back what others wrote: who reverts vandalism agrees to nothing.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from importbot.wikis.people import PageRevision


__all__ = ('LONGEST_RUN', 'Proof', 'Unproved', 'prove')

#: Revisions after which somebody had better say it again.
LONGEST_RUN = 500


@dataclass(frozen=True)
class Proof:

    """Who put a request into its state.

    :param user: account name
    :param user_id: number of the account, 0 for somebody not logged in
    :param revision: in which it stands so first
    :param timestamp: of that revision, ISO 8601
    :param comment: its summary
    """

    user: str
    user_id: int
    revision: int
    timestamp: str
    comment: str = ''


@dataclass(frozen=True)
class Unproved:

    """Nothing proves who put a request into its state.

    :param why: key of the sentence in ``i18n``, without ``unproved-``
    :param date: that the sentence names
    """

    why: str
    date: str = ''

    @property
    def hides_plan(self) -> bool:
        """Whether nothing shows any more what the plan looked like."""
        return self.why in ('changed', 'edited', 'future', 'hidden',
                            'imported', 'long', 'merged', 'restored')


def prove(history: Iterable[PageRevision],
          stands_so: Callable[[str], bool],
          was_imported: Callable[[str], bool],
          waited: Callable[[str], bool] = lambda text: True,
          came: Callable[[str, str], str] = lambda before, after: '',
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
        if count == LONGEST_RUN:
            return Unproved('long')
        first = revision
    else:
        if first is not None and first.parent:
            return Unproved('merged')
    if first is None:
        return Unproved('changed')
    if first.is_revert or not waited(before):
        return Unproved('restored')
    why = came(before, first.text or '')
    if why:
        return Unproved(why)
    if was_imported(first.timestamp):
        return Unproved('imported')
    return Proof(first.user, first.user_id, first.id, first.timestamp,
                 first.comment)
