"""What a person should know of how pages are sent, and in whose names."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from urllib.parse import urlsplit

import pywikibot

from importbot.model.errors import UsageError
from importbot.model.notes import AuthorEdits, Note, NoteKind, sorted_notes
from importbot.model.plan import PlannedPage
from importbot.model.problems import Problem
from importbot.planning.batches import count_calls
from importbot.rules.authors import (
    Authors,
    canonical_name,
    count_authors,
    disagreeing,
)
from importbot.rules.duration import minutes_of
from importbot.rules.releases import records_address
from importbot.sources.dump import Dump
from importbot.sources.transfer import Transfer


__all__ = ('notes_on_sending', )


def notes_on_sending(pages: Iterable[PlannedPage],
                     transfer: Transfer) -> tuple[Note, ...]:
    """Return the notes, sorted by kind and page.

    :param pages: of a plan, with their histories
    """
    pages = list(pages)
    sent = [page for page in pages if page.steps]
    return sorted_notes((
        *_routes(sent), *_calls(sent, transfer), *_redirects(sent),
        *_hidden(sent),
        *_edited(pages, transfer), *_authors(sent, transfer),
        *_address(sent, transfer)))


def _routes(pages: Iterable[PlannedPage]) -> Iterator[Note]:
    uploaded: dict[str, list[PlannedPage]] = {}
    for page in pages:
        if page.is_uploaded:
            because = page.import_steps[0].because
            uploaded.setdefault(because, []).append(page)
    for because, group in uploaded.items():
        yield Note.of(NoteKind.ROUTE, str(group[0].title), {
            'because': because, 'count': len(group)})


def _calls(pages: Sequence[PlannedPage],
           transfer: Transfer) -> Iterator[Note]:
    if pages:
        interwiki, uploads = count_calls(pages, transfer.upload_size.room)
        for kind, count in ((NoteKind.CALLS, interwiki),
                            (NoteKind.UPLOADS, uploads)):
            if count:
                yield Note.of(kind, str(pages[0].title), {'count': count})
        yield from _duration(pages, interwiki + uploads)


def _duration(pages: Sequence[PlannedPage], calls: int) -> Iterator[Note]:
    """Yield a note of how long it takes, if that is for the pauses.

    Each import and each edit goes through the throttle of pywikibot, which
    waits as its configuration says; under a simulation none is sent.
    """
    pause = float(pywikibot.config.put_throttle)
    writes = calls + sum(len(page.steps) - len(page.import_steps)
                         for page in pages)
    minutes = minutes_of(writes, sum(page.revisions or 1 for page in pages),
                         pause)
    if pause > 0 and minutes > 1:
        yield Note.of(NoteKind.DURATION, str(pages[0].title), {
            'minutes': minutes, 'count': writes, 'pause': ceil(pause)})


def _redirects(pages: Iterable[PlannedPage]) -> Iterator[Note]:
    places = tuple(page.move.landing for page in pages
                   if page.move and page.move.redirect)
    if places:
        yield Note.of(NoteKind.REDIRECT_STAYS, places[0], {
            'count': len(places), 'titles': places})


def _edited(pages: Iterable[PlannedPage],
            transfer: Transfer) -> Iterator[Note]:
    if isinstance(transfer.source, Dump):
        counts = {title: count for title in (str(page.title) for page in pages)
                  if (count := transfer.source.edited(title))}
        if counts:
            yield Note.of(NoteKind.EDITED, next(iter(counts)), {
                'count': sum(counts.values()), 'titles': tuple(counts)})


def _hidden(pages: Iterable[PlannedPage]) -> Iterator[Note]:
    for page in pages:
        count = sum(revision.hidden for revision in page.sent)
        if count:
            yield Note.of(NoteKind.HIDDEN, str(page.title), {'count': count})


def _authors(pages: Sequence[PlannedPage],
             transfer: Transfer) -> Iterator[Note]:
    counts: Counter[str] = Counter()
    for page in pages:
        counts += count_authors(page.sent)
    if not counts:
        return
    authors = transfer.authors()
    registered: frozenset[str] = frozenset()
    if authors.assigns_known_users:
        accounts = transfer.target.central_ids(counts)
        registered = frozenset(accounts)
        _check_accounts(authors, counts, transfer)
        if transfer.policy.authors == 'local':
            yield from _unproved(
                pages[0], transfer.source.central_ids(registered), accounts)
        yield from _unmatched(pages[0], authors, counts)
    yield from _prefix(pages[0], transfer)
    yield Note.of(NoteKind.AUTHORS, str(pages[0].title), {
        'authors': _rows(counts, authors, registered)})


def _address(pages: Sequence[PlannedPage],
             transfer: Transfer) -> Iterator[Note]:
    """Yield a note, once, of what a release writes down."""
    release = transfer.target_info.version
    if pages and transfer.is_first and records_address(release):
        yield Note.of(NoteKind.ADDRESS, str(pages[0].title), {
            'release': release})


def _check_accounts(authors: Authors, names: Iterable[str],
                    transfer: Transfer) -> None:
    """Make sure that names of a file lead to accounts.

    :raises UsageError: some do not; they would arrive with a prefix
    """
    renamed = {renaming for name in names
               if (renaming := authors.mapping.get(canonical_name(name)))}
    missing = sorted(renamed - transfer.target.central_ids(renamed).keys())
    if missing:
        raise UsageError(Problem('no-accounts', names=tuple(missing)))


def _rows(counts: Counter[str], authors: Authors,
          registered: frozenset[str]) -> tuple[AuthorEdits, ...]:
    """Return one row for each author, those rewritten by us first."""
    rows = (AuthorEdits(name, authors.becomes(name, registered), edits)
            for name, edits in counts.items())
    return tuple(sorted(rows, key=lambda row: (
        authors.written(row.name) is None, -row.edits, row.name)))


def _unproved(first: PlannedPage,
              source: Mapping[str, Mapping[str, int]],
              target: Mapping[str, Mapping[str, int]]) -> Iterator[Note]:
    names = disagreeing(source, target)
    if names:
        yield Note.of(NoteKind.UNPROVED, str(first.title), {
            'count': len(names), 'names': tuple(names)})


def _unmatched(first: PlannedPage, authors: Authors,
               counts: Iterable[str]) -> Iterator[Note]:
    """Yield a note of names that were mapped in vain."""
    names = sorted(authors.mapping.keys() - set(map(canonical_name, counts)))
    if names:
        yield Note.of(NoteKind.UNMATCHED, str(first.title), {
            'count': len(names), 'names': tuple(names)})


def _prefix(first: PlannedPage, transfer: Transfer) -> Iterator[Note]:
    """Yield a note of a prefix that the source does not have there.

    Of a compound one only the first part is the target's own.
    """
    prefix, source = transfer.author_prefix, transfer.source
    address = (source.siteinfo.base if isinstance(source, Dump)
               else source.api if transfer.policy.interwikiprefix else '')
    leads_to = transfer.access.interwiki.get(prefix.partition(':')[0])
    if leads_to is None:
        if address or isinstance(source, Dump):
            yield Note.of(NoteKind.PREFIX_UNKNOWN, str(first.title), {
                'prefix': prefix})
    elif (address and ':' not in prefix
          and _host(leads_to) != _host(address)):
        yield Note.of(NoteKind.PREFIX_OTHER, str(first.title), {
            'prefix': prefix, 'there': _host(leads_to),
            'source': _host(address)})


def _host(address: str) -> str:
    """Return the host of an address, as people know it."""
    try:
        return (urlsplit(address).hostname or '').removeprefix('www.')
    except ValueError:
        return ''
