"""Two histories, one word: how the target page stands to the source page."""
from __future__ import annotations

from collections.abc import Sequence

from importbot.model.revisions import EMPTY_SHA1, Revision
from importbot.model.words import Relation


__all__ = ('relate', )


def relate(source: Sequence[Revision],
           target: Sequence[Revision]) -> Relation:
    """Return the first relation that holds.

    Texts are compared by sha1; a text that is empty or hidden is no text
    that two pages could share. Revisions of equal time stand in the order
    of their wiki.

    :param source: history of the source page, newest first, not empty
    :param target: history of the target page, newest first
    """
    if not target:
        return Relation.MISSING
    ours, theirs = target[0].sha1, source[0].sha1
    if ours and ours == theirs:
        return Relation.IDENTICAL
    on_source, on_target = _texts(source), _texts(target)
    if theirs in on_target:
        return Relation.AHEAD
    if ours in on_source:
        return Relation.BEHIND
    if on_source & on_target:
        return Relation.DIVERGED
    return Relation.UNRELATED


def _texts(history: Sequence[Revision]) -> set[str]:
    return {revision.sha1 for revision in history} - {'', EMPTY_SHA1}
