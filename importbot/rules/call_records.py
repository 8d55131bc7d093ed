"""What each call of an import leaves besides the revisions.

For each page of which it took a revision MediaWiki puts a dummy revision on
top, of the account that imported and with the text beneath, and an entry
into the import log; the change tags of the call are on both
(ImportReporter). The entry stays under the title where the page arrived.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from importbot.model.import_log import ImportLogEntry
from importbot.model.revisions import Revision
from importbot.rules.differences import Difference, Differing, Terms


__all__ = ('Calls', 'dummies_of', 'is_damaged', 'missing_records')


@dataclass(frozen=True, slots=True)
class Calls:

    """The calls that imported a page.

    :param revisions: how many the wiki said that it took, in all; what it
        took in an earlier process included
    :param number: of the calls that brought something, 0 where nobody knows
    :param since: when the first was sent, by the target's clock, ISO 8601;
        of that second there may be entries of an earlier import
    :param tags: change tags that were asked for
    :param is_moved: whether the page was moved afterwards, which leaves a
        dummy revision too
    :param last_log: id of the newest entry of the logs before that, 0 where
        nobody knows
    """

    revisions: int
    number: int = 0
    since: str = ''
    tags: tuple[str, ...] = ()
    is_moved: bool = False
    last_log: int = 0


def missing_records(ours: Sequence[Revision],
                    entries: Iterable[ImportLogEntry], calls: Calls,
                    terms: Terms) -> list[Difference]:
    """Return what calls did not leave that they should have.

    :param ours: whole history of the target page
    :param entries: of the import log, of the bot's account, under the title
        that the import gave the page
    :param calls: what was sent and answered
    :param terms: of the import
    """
    if not calls.revisions:
        return []
    entries = _entries_of(entries, calls, terms)
    number = calls.number or len(entries)
    if not entries:
        return [Difference(Differing.ENTRY, '', '0', str(number or 1)),
                *_lacking_dummies(ours, entries, number or 1, calls, terms)]
    found = _lacking_dummies(ours, entries, number, calls, terms)
    count = sum(entry.count for entry in entries)
    if len(entries) < number:
        found.append(Difference(Differing.ENTRY, '', str(len(entries)),
                                str(number)))
    elif (count != calls.revisions if calls.number
          else count < calls.revisions):
        found.append(Difference(Differing.COUNT, '', str(count),
                                str(calls.revisions)))
    return found + _lacking_tags(dummies_of(ours, entries, terms), entries,
                                 calls)


def dummies_of(ours: Sequence[Revision], entries: Sequence[ImportLogEntry],
               terms: Terms) -> list[Revision]:
    """Return the dummy revisions that the bot left on a page.

    :param ours: whole history of the target page
    :param entries: of the import log, of the calls
    :param terms: of the import
    """
    texts = {revision.id: revision.sha1 for revision in ours}
    named = {entry.revision for entry in entries}
    summaries = [entry.comment for entry in entries if entry.comment]
    return [revision for revision in terms.came(ours)
            if _may_be_of(revision, terms) and (
                revision.id in named
                or texts.get(revision.parent) == revision.sha1
                or revision.is_minor and any(
                    summary in (revision.comment or '')
                    for summary in summaries))]


def _may_be_of(revision: Revision, terms: Terms) -> bool:
    """Whether the bot made a revision, as far as anybody can see."""
    return revision.user == terms.user or (
        terms.is_late and revision.hidden and not revision.user)


def is_damaged(found: Iterable[Difference],
               entries: Iterable[ImportLogEntry]) -> bool:
    """Whether a page arrived as MediaWiki leaves it where two imports met.

    The later one brought an author whom the wiki got by the other in the
    meantime: on MariaDB it does not see that author's revisions, which are
    nobody's parent and have no dummy revision on top; the entry in the log
    names none.

    :param found: in what the page differs
    :param entries: of the import log
    """
    kinds = {item.differing for item in found}
    return Differing.DUMMY in kinds and not kinds & {
        Differing.ENTRY, Differing.MISSING} and not any(
            entry.revision for entry in entries) and (
        Differing.PARENT not in kinds or any(
            item.arrived == '0' for item in found
            if item.differing is Differing.PARENT))


def _entries_of(entries: Iterable[ImportLogEntry], calls: Calls,
                terms: Terms) -> list[ImportLogEntry]:
    """Return the entries of the calls, none of an earlier import."""
    later = [entry for entry in entries if (
        not calls.last_log or entry.id > calls.last_log) and (
            not entry.revision or entry.revision > terms.before)]
    sure = [entry for entry in later
            if entry.revision or entry.timestamp > calls.since]
    return sure if sum(entry.count for entry in sure
                       ) >= calls.revisions else later


def _lacking_dummies(ours: Sequence[Revision],
                     entries: Sequence[ImportLogEntry], number: int,
                     calls: Calls, terms: Terms) -> list[Difference]:
    there = len(dummies_of(ours, entries, terms)) - calls.is_moved
    ids = {revision.id for revision in ours}
    gone = sum(entry.revision not in ids for entry in entries
               if entry.revision)
    lacking = max(number - there, gone)
    return [Difference(Differing.DUMMY, '', str(number - lacking),
                       str(number))] if lacking > 0 else []


def _lacking_tags(dummies: Iterable[Revision],
                  entries: Iterable[ImportLogEntry],
                  calls: Calls) -> list[Difference]:
    named = {entry.revision for entry in entries}
    borne = [*(entry.tags for entry in entries),
             *(revision.tags for revision in dummies
               if revision.tags is not None
               # That of a move bears none.
               and (revision.id in named or not calls.is_moved))]
    lacking = sorted({tag for tags in borne for tag in calls.tags
                      if tag not in tags})
    return [Difference(Differing.TAGS, '', '', tag) for tag in lacking]
