"""What became of an imported page since, by its history and its logs."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from importbot.model.notes import AuthorEdits
from importbot.model.revisions import Revision


__all__ = ('Since', 'as_named_then', 'edited_since', 'strange_names')


@dataclass(frozen=True, slots=True)
class Since:

    """What came to a page since an import.

    :param edits: how many edits each author has
    :param runs: numbers of runs that changed it, sorted
    :param imported: how many revisions came by imports of others
    """

    edits: Counter[str]
    runs: tuple[int, ...]
    imported: int


def edited_since(history: Sequence[Revision], after: int,
                 run_of: Callable[[int], int | None]) -> Since:
    """Return what came to a page since an import.

    What changes nothing (a move or a protection leaves such a revision) is
    no edit, and what another import brought is not of its author's hand.

    :param history: of the page as it is now, newest first
    :param after: id of the newest revision that the import left
    :param run_of: returns the run that a revision is of
    """
    texts = {revision.id: revision.sha1 for revision in history}
    edits: Counter[str] = Counter()
    runs: set[int] = set()
    imported = 0
    for revision in history:
        if revision.id <= after:
            continue
        run = run_of(revision.id)
        if run is not None:
            runs.add(run)
        elif '>' in revision.user:
            imported += 1
        elif not revision.sha1 or texts.get(
                revision.parent) != revision.sha1:
            edits[revision.user] += 1
    return Since(edits, tuple(sorted(runs)), imported)


def as_named_then(source: Sequence[Revision], arrived: Iterable[Revision],
                  authors: Sequence[AuthorEdits]) -> list[Revision]:
    """Return a source's history with the authors that the plan had.

    Accounts are renamed: where the source has a name now that the plan did
    not know, the author is the one who arrived.

    :param source: history of the source page as it is now
    :param arrived: what the import brought
    :param authors: of the plan, none where nobody knows
    """
    names = {author.name for author in authors}
    there = {author.becomes: author.name for author in authors}
    users = {(revision.timestamp, revision.sha1): revision.user
             for revision in arrived}
    found = []
    for revision in source:
        then = there.get(users.get((revision.timestamp, revision.sha1), ''))
        if names and revision.user not in names and then:
            revision = replace(revision, user=then)
        found.append(revision)
    return found


def strange_names(arrived: Iterable[Revision],
                  authors: Collection[AuthorEdits],
                  user: str) -> list[str]:
    """Return authors who cannot have come so by the plan.

    Without the source nobody knows who wrote what; but which names, and
    behind which prefixes, the plan says.

    :param arrived: what the import brought
    :param authors: of the plan, none where nobody knows
    :param user: the bot's account
    :return: names on the target, sorted
    """
    if not authors:
        return []
    names = {author.becomes for author in authors} | {user}
    prefixes = {name.partition('>')[0] for name in names if '>' in name}
    return sorted({
        revision.user for revision in arrived
        if revision.user and revision.user not in names
        and revision.user.partition('>')[0] not in prefixes})
