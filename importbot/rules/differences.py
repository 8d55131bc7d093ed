"""What arrived otherwise than it was sent, revision by revision (rule 5).

Pure: right after an import and years later, of a journal, the same holds.
What follows from what is MediaWiki's importer's:

- each revision is there once; of several with one timestamp and one text
  it takes the first (ImportableOldRevisionImporter);
- its parent is, of what the page had at that moment, the one with the
  newest timestamp that is not newer than its own, the latest of those of
  one second. What the page had is what has lower ids, so the order in
  which the revisions were sent need not be known;
- who is hidden arrives as ``prefix>Unknown user``, a hidden comment empty
  (WikiImporter), a long one cut at 500 characters (CommentStore).
"""
from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import Enum

from importbot.model.addresses import same_address
from importbot.model.revisions import (
    EMPTY_SHA1,
    MAIN_SLOT,
    Revision,
    lacking,
)
from importbot.rules.authors import Authors, plain_name


__all__ = ('Difference', 'Differing', 'Terms', 'differences',
           'without_software')

#: Characters of a comment that MediaWiki keeps, and those of them that do
#: not make room for its ellipsis.
_COMMENT, _UNCUT = 500, 480
_LINE_END = re.compile('\r\n|\r|\n')


class Differing(Enum):

    """In what a revision, or what else an import leaves, differs."""

    #: It is not there.
    MISSING = 'missing'
    #: It is there more than once.
    DOUBLED = 'doubled'
    #: It bears another time.
    TIME = 'time'
    #: It has another text.
    TEXT = 'text'
    #: It is somebody else's.
    AUTHOR = 'author'
    #: It has another edit summary.
    COMMENT = 'comment'
    #: It is a minor edit, or is none.
    MINOR = 'minor'
    #: It has other slots, or content models.
    SLOTS = 'slots'
    #: It follows another revision than it should.
    PARENT = 'parent'
    #: A call left no dummy revision.
    DUMMY = 'dummy'
    #: A call left no entry in the import log.
    ENTRY = 'entry'
    #: The import log counts other revisions than came.
    COUNT = 'count'
    #: Dummy revision or entry lack a change tag that was asked for.
    TAGS = 'tags'


@dataclass(frozen=True, slots=True)
class Difference:

    """One field of one revision that is not as it was sent.

    :param differing: which field
    :param date: timestamp of the revision as it was sent, empty where it is
        about the import as a whole
    :param arrived: what the target has, for a sentence
    :param planned: what it should have
    :param revision: id on the target, 0 where it is not there
    """

    differing: Differing
    date: str = ''
    arrived: str = ''
    planned: str = ''
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Terms:

    """What has to be known of an import to judge what came of it.

    :param authors: what becomes of names, with the prefix of its route
    :param user: the bot's account on the target
    :param before: id of the page's newest revision before, 0 for no page;
        up to there revisions are nobody's business
    :param upto: id of the last revision that it made, 0 if all later ones
        may be its own
    :param accounts: names of local accounts among the authors, None where
        nobody asked which there are
    :param calls: how often a revision may come that the source hides, which
        is in no interwiki call the same as the one before
    :param is_late: whether the source may have hidden something since it
        was sent
    :param hidden: revisions of which it hid something before, by id; if it
        is late, what became of others that it hides nobody knows
    """

    authors: Authors
    user: str
    before: int = 0
    upto: int = 0
    accounts: Set[str] | None = None
    calls: int = 1
    is_late: bool = False
    hidden: Mapping[int, Revision] = field(default_factory=dict)

    def sent(self, theirs: Revision) -> Revision | None:
        """Return what hides something as it was sent, None if nobody knows.

        :param theirs: revision of the source
        """
        return self.hidden.get(theirs.id) if self.is_late else theirs

    def came(self, ours: Iterable[Revision]) -> list[Revision]:
        """Return the revisions that the page has got since.

        :param ours: history of the target page
        """
        return [revision for revision in ours if self.before < revision.id
                and (not self.upto or revision.id <= self.upto)]


def differences(expected: Sequence[Revision], ours: Sequence[Revision],
                terms: Terms) -> list[Difference]:
    """Return in what a page is not as it was sent, the oldest first.

    What is not known of one side, as the tags of an export or what a wiki
    hides, is not compared.

    :param expected: the revisions of the source that were to arrive
    :param ours: whole history of the target page
    :param terms: of the import
    """
    pairing = _Pairing(expected, ours, terms)
    found = [*pairing.found]
    for theirs, revision in pairing.pairs:
        fields = [pairing.of_fields(one, revision) for one in theirs]
        fewest: list[Difference] = min(fields, key=len)
        found += fewest
    found += _of_parents(ours, pairing)
    return sorted(found, key=lambda item: (item.date, item.revision))


def without_software(found: Sequence[Difference],
                     people: Callable[[Set[str]], Set[str]],
                     ) -> list[Difference]:
    """Return differences without those that are the wiki's own names.

    A wiki keeps the names of its own software bare; that of a person who
    has an account it does not, nor any that is not the author's.

    :param found: what differs
    :param people: tells which of some names are accounts of people
    """
    bare = {item.arrived for item in found if _is_bare(item)}
    persons = people(bare) if bare else frozenset[str]()
    return [item for item in found
            if not _is_bare(item) or item.arrived in persons]


def _is_bare(item: Difference) -> bool:
    """Whether an author lacks nothing but the prefix."""
    return item.differing is Differing.AUTHOR and plain_name(
        item.arrived) == plain_name(item.planned.removeprefix('>'))


class _Pairing:

    """Which revision of the target is which of the source.

    :ivar pairs: revisions of the source, of which any may be meant, with
        the one that arrived
    :ivar found: those that are not there, or too often
    :ivar sent_at: time that a revision was sent with, where the target has
        another, by id
    """

    def __init__(self, expected: Sequence[Revision],
                 ours: Sequence[Revision], terms: Terms) -> None:
        self.pairs: list[tuple[Sequence[Revision], Revision]] = []
        self.found: list[Difference] = []
        self.sent_at: dict[int, str] = {}
        self._terms = terms
        self._names = _Names(terms)
        self._taken: set[int] = set()
        self._came: Mapping[str, list[Revision]] = defaultdict(list)
        came = terms.came(ours)
        for revision in came:
            self._came[revision.timestamp].append(revision)
        new = {revision.id for revision in came}
        self._had = {(revision.timestamp, revision.sha1)
                     for revision in ours if revision.id not in new}
        self._pair(expected)
        self._look_for(lacking(expected, ours), came)

    def _pair(self, expected: Sequence[Revision]) -> None:
        groups: Mapping[tuple[str, str], list[Revision]] = defaultdict(list)
        for revision in expected:
            groups[revision.timestamp, revision.sha1].append(revision)
        # What is hidden takes what the others leave.
        for key in sorted(groups, key=lambda key: not key[1]):
            self._pair_equal(*key, groups[key])

    def _pair_equal(self, timestamp: str, sha1: str,
                    theirs: Sequence[Revision]) -> None:
        """Pair revisions of one second and one text."""
        there = [revision for revision in self._came[timestamp]
                 if revision.id not in self._taken]
        equal = [revision for revision in there if revision.sha1 == (
            sha1 or EMPTY_SHA1)] or [
            revision for revision in there if not (sha1 and revision.sha1)]
        arrived = self._without_dummies(theirs, equal)
        most = 1 if sha1 else len(theirs) * self._terms.calls
        had = bool(sha1) and (timestamp, sha1) in self._had
        for revision in arrived:
            self._taken.add(revision.id)
            self.pairs.append((theirs, revision))
        if len(arrived) + had > most:
            self.found.append(Difference(
                Differing.DOUBLED, timestamp, str(len(arrived) + had), '1',
                arrived[-1].id))

    def _without_dummies(self, theirs: Sequence[Revision],
                         equal: list[Revision]) -> list[Revision]:
        """Return what is not the import's own mark in the same second."""
        if len(equal) < 2:
            return equal
        comments = {revision.comment for revision in theirs}
        return [revision for revision in equal
                if revision.user != self._terms.user
                or revision.comment in comments] or equal[:1]

    def _look_for(self, missing: Sequence[Revision],
                  came: Sequence[Revision]) -> None:
        """Say of revisions that are not there whether they are otherwise."""
        for theirs in missing:
            free = [revision for revision in came
                    if revision.id not in self._taken
                    and self._names.has(theirs, revision)]
            same_time = [revision for revision in free
                         if revision.timestamp == theirs.timestamp]
            same_text = [revision for revision in free
                         if revision.sha1 == theirs.sha1 != '']
            if not same_time and not same_text:
                self.found.append(Difference(Differing.MISSING,
                                             theirs.timestamp))
                continue
            revision = (same_time or same_text)[0]
            self._taken.add(revision.id)
            self.pairs.append(((theirs, ), revision))
            self.sent_at[revision.id] = theirs.timestamp
            self.found.append(
                Difference(Differing.TEXT, theirs.timestamp, revision.sha1,
                           theirs.sha1, revision.id) if same_time else
                Difference(Differing.TIME, theirs.timestamp,
                           revision.timestamp, theirs.timestamp,
                           revision.id))

    def of_fields(self, theirs: Revision,
                  ours: Revision) -> list[Difference]:
        """Return in which fields a revision arrived otherwise.

        :param theirs: as it was sent
        :param ours: as it is there
        """
        found = []
        if not self._names.has(theirs, ours):
            found.append((Differing.AUTHOR, ours.user,
                          theirs.user or self._terms.authors.nobody))
        comment = _sent_comment(theirs, self._terms)
        if (comment is not None and ours.comment is not None
                and not _same_comment(comment, ours.comment)):
            found.append((Differing.COMMENT, ours.comment, comment))
        if _is_sent_empty(theirs, self._terms) and ours.sha1 not in (
                '', EMPTY_SHA1) and len(ours.slots) < 2:
            found.append((Differing.TEXT, ours.sha1, EMPTY_SHA1))
        if None not in (theirs.is_minor, ours.is_minor) and (
                theirs.is_minor != ours.is_minor):
            found.append((Differing.MINOR, '', ''))
        if theirs.slots and ours.slots and not _same_slots(theirs, ours):
            found.append((Differing.SLOTS, _kinds(ours), _kinds(theirs)))
        return [Difference(differing, theirs.timestamp, arrived, planned,
                           ours.id)
                for differing, arrived, planned in found]

    @property
    def has_gaps(self) -> bool:
        """Whether something is not there."""
        return any(item.differing is Differing.MISSING
                   for item in self.found)


class _Names(dict[str, frozenset[str]]):

    """What becomes of authors, each asked for once."""

    def __init__(self, terms: Terms) -> None:
        super().__init__()
        self._terms = terms
        self._nobody = terms.authors.nobody

    def __missing__(self, name: str) -> frozenset[str]:
        names = self[name] = frozenset(map(plain_name, (
            self._terms.authors.expected(name, self._terms.accounts))
            if name else (self._nobody, )))
        return names

    def has(self, theirs: Revision, ours: Revision) -> bool:
        """Whether a revision is whose it should be, as far as is seen."""
        if ours.hidden and not ours.user:
            return True
        if theirs.hidden and not theirs.user:
            sent = self._terms.sent(theirs)
            if sent is None or sent.user:
                return True
        names, name = self[theirs.user], plain_name(ours.user)
        return (name in names
                or theirs.hidden and name == plain_name(self._nobody)
                or any(same_address(name, one) for one in names))


def _sent_comment(theirs: Revision, terms: Terms) -> str | None:
    """Return the edit summary that was sent, None if nobody knows."""
    sent = terms.sent(theirs)
    return '' if sent and _hides_comment(theirs) and _hides_comment(
        sent) else theirs.comment


def _hides_comment(revision: Revision) -> bool:
    return (revision.hidden and revision.comment is None
            # Else nobody asked.
            and revision.is_minor is not None)


def _is_sent_empty(theirs: Revision, terms: Terms) -> bool:
    """Whether the importer got no text, for the source hides it."""
    sent = terms.sent(theirs)
    return bool(theirs.hidden and not theirs.sha1
                and sent and sent.hidden and not sent.sha1)


def _same_comment(theirs: str, ours: str) -> bool:
    theirs, ours = _plain(theirs), _plain(ours)
    return theirs == ours or (
        len(theirs) > _COMMENT >= len(ours)
        and theirs[:_UNCUT] == ours[:_UNCUT])


def _plain(text: str) -> str:
    """Return a text as APIs give it, which normalize what they say.

    XML makes one line end of the two signs that old edit summaries have.
    """
    return unicodedata.normalize('NFKC', _LINE_END.sub(' ', text)).rstrip()


def _same_slots(theirs: Revision, ours: Revision) -> bool:
    one, other = dict(theirs.slots), dict(ours.slots)
    return one.keys() == other.keys() and all(
        model == other[role] or not (model and other[role])
        for role, model in one.items())


def _kinds(revision: Revision) -> str:
    return ', '.join(model if role == MAIN_SLOT else f'{role}: {model}'
                     for role, model in revision.slots)


def _of_parents(ours: Sequence[Revision],
                pairing: _Pairing) -> list[Difference]:
    """Return which revisions follow another one than the importer's rule
    says."""
    sent = {revision.id: theirs[0] for theirs, revision in pairing.pairs}
    known = {revision.id for revision in ours}
    before: list[tuple[str, int]] = []
    found = []
    for revision in sorted(ours, key=lambda item: item.id):
        timestamp = pairing.sent_at.get(revision.id, revision.timestamp)
        place = bisect_right(before, (timestamp, revision.id))
        parent = before[place - 1][1] if place else 0
        insort(before, (timestamp, revision.id))
        if (revision.id in sent and revision.parent != parent
                # It followed what is gone.
                and not (pairing.has_gaps and revision.parent
                         and revision.parent not in known)):
            found.append(Difference(
                Differing.PARENT, sent[revision.id].timestamp,
                str(revision.parent), str(parent), revision.id))
    return found
