"""Two histories, one word: how the target page stands to the source page."""
from __future__ import annotations

from collections.abc import Sequence, Set

from importbot.model.decisions import Relation
from importbot.model.revisions import EMPTY_SHA1, Revision


__all__ = ('brought_before', 'relate')


def brought_before(source: Sequence[Revision], target: Sequence[Revision],
                   prefix: str, recorded: Set[str]) -> frozenset[str]:
    """Return the texts of a target page that came from its source earlier.

    A dump of current revisions has no history that would tell. An author
    with the source's prefix can only have come by an import.

    :param source: history of the source page, newest first, not empty
    :param target: history of the target page
    :param prefix: before authors' names
    :param recorded: sha1 of what runs are known to have brought
    :return: sha1 of what is older than the source's newest revision
    """
    return frozenset(
        revision.sha1 for revision in target
        if revision.timestamp < source[0].timestamp
        and (revision.sha1 in recorded
             or revision.user.startswith(f'{prefix}>')))


def relate(source: Sequence[Revision], target: Sequence[Revision],
           earlier: Set[str] = frozenset()) -> Relation:
    """Return the first relation that holds.

    Texts are compared by sha1; a text that is empty or hidden is no text
    that two pages could share. Revisions of equal time stand in the order
    of their wiki.

    :param source: history of the source page, newest first, not empty
    :param target: history of the target page, newest first
    :param earlier: sha1 of texts that the source page is known to have had
    """
    if not target:
        return Relation.MISSING
    ours, theirs = target[0].sha1, source[0].sha1
    if ours and ours == theirs:
        return Relation.IDENTICAL
    on_source = _texts(source) | earlier - {'', EMPTY_SHA1}
    on_target = _texts(target)
    if theirs in on_target:
        return Relation.AHEAD
    if ours in on_source:
        return Relation.BEHIND
    if on_source & on_target:
        return Relation.DIVERGED
    return Relation.UNRELATED


def _texts(history: Sequence[Revision]) -> set[str]:
    return {revision.sha1 for revision in history} - {'', EMPTY_SHA1}
