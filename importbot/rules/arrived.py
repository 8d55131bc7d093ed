"""What arrived, held to the plan: revisions, slots and authors (rule 5).

Only revisions that the target got since the plan are looked at; those that
were there before are nobody's business.
"""
from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from importbot.model.addresses import same_address
from importbot.model.plan import PlannedPage
from importbot.model.revisions import Revision, lacking
from importbot.rules.authors import Authors, canonical_name


__all__ = ('brought_unplanned', 'misattributed', 'other_slots')

#: Planned revisions with those that arrived for them.
_Pairs = Iterable[tuple[Revision, Sequence[Revision]]]


def brought_unplanned(page: PlannedPage, planned: Sequence[Revision],
                      ours: Sequence[Revision]) -> list[Revision]:
    """Return revisions that an import brought and that nobody planned.

    What bears the name of an account here is an edit of its own.

    :param page: the page that was imported
    :param planned: revisions of the source that may be there
    :param ours: history of the target page
    """
    return [revision for revision in lacking(_new(page, ours), planned)
            if '>' in revision.user]


def other_slots(page: PlannedPage, planned: Sequence[Revision],
                ours: Sequence[Revision],
                ) -> list[tuple[Revision, Revision]]:
    """Return planned revisions whose slots or models arrived as others.

    :param page: the page that was imported
    :param planned: revisions of the source that were to arrive
    :param ours: history of the target page
    :return: each with the one that arrived
    """
    return [(theirs, came[0]) for theirs, came in _pairs(page, planned, ours)
            if theirs.slots and came and not any(
                _same_slots(theirs, revision) for revision in came)]


def misattributed(page: PlannedPage, planned: Sequence[Revision],
                  ours: Sequence[Revision],
                  authors: Authors) -> dict[str, str]:
    """Return authors who arrived by other names than the plan says.

    A bare name is among them unless the plan has it so: whether it is an
    account the target knows.

    :param page: the page that was imported
    :param planned: revisions of the source that were to arrive
    :param ours: history of the target page
    :param authors: what becomes of names
    :return: names on the target by names on the source
    """
    strangers = {}
    for theirs, came in _pairs(page, planned, ours):
        if theirs.hidden or not theirs.user or any(
                revision.hidden for revision in came):
            continue
        name = theirs.user.removeprefix('>')
        if came and not any(_is_expected(name, revision.user, authors)
                            for revision in came):
            strangers[name] = came[0].user
    return strangers


def _new(page: PlannedPage, ours: Sequence[Revision]) -> list[Revision]:
    before = page.replaced.id if page.replaced else 0
    return [revision for revision in ours if revision.id > before]


def _pairs(page: PlannedPage, planned: Sequence[Revision],
           ours: Sequence[Revision]) -> _Pairs:
    arrived: Mapping[tuple[str, str], list[Revision]] = defaultdict(list)
    for revision in _new(page, ours):
        arrived[revision.timestamp, revision.sha1].append(revision)
    for theirs in planned:
        if theirs.sha1:
            yield theirs, arrived[theirs.timestamp, theirs.sha1]


def _same_slots(theirs: Revision, ours: Revision) -> bool:
    if not ours.slots:
        return True
    one, other = dict(theirs.slots), dict(ours.slots)
    return one.keys() == other.keys() and all(
        model == other[role] or not (model and other[role])
        for role, model in one.items())


def _is_expected(name: str, arrived: str, authors: Authors) -> bool:
    """Whether a name is what becomes of one, by either route."""
    names = {authors.becomes(name), authors.becomes(f'>{name}')}
    if authors.assigns_known_users:
        names.add(authors.becomes(name, frozenset({canonical_name(name)})))
    return any(_plain(arrived) == _plain(one) or same_address(arrived, one)
               for one in names)


def _plain(name: str) -> str:
    name = ' '.join(unicodedata.normalize('NFC', name).replace(
        '_', ' ').split())
    return name[:1].upper() + name[1:]
