"""One revision, and what two histories say of each other."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


__all__ = ('EMPTY_SHA1', 'MAIN_SLOT', 'Revision', 'lacking', 'models_of',
           'roles_of')

#: SHA-1 of the empty text, in hexadecimal as the API gives it.
EMPTY_SHA1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'

#: Role of the slot that every revision has.
MAIN_SLOT = 'main'


@dataclass(frozen=True, slots=True)
class Revision:

    """A revision as far as it is compared between wikis.

    :param id: revision id on its wiki
    :param parent: id of the revision before it, 0 for the first
    :param timestamp: time in ISO 8601 with ``Z``, to the second
    :param sha1: of the text, hexadecimal; empty where the wiki hides it
    :param user: author, or an empty text where hidden
    :param hidden: whether the wiki hides text, author or comment
    :param size: of the text, in bytes
    :param slots: role and content model of each slot, sorted by role; the
        model is empty where nobody asked, and all of it where nothing is
        known
    :param comment: edit summary; None where it is hidden or nobody asked
    :param is_minor: whether it is marked as a minor edit, None where nobody
        asked
    :param tags: change tags, sorted; None where nobody asked, as of an
        export, which does not have them
    """

    id: int
    parent: int
    timestamp: str
    sha1: str
    user: str = ''
    hidden: bool = False
    size: int = 0
    slots: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    comment: str | None = field(default=None, compare=False)
    is_minor: bool | None = field(default=None, compare=False)
    tags: tuple[str, ...] | None = field(default=None, compare=False)

    @property
    def models(self) -> frozenset[str]:
        """The content models, as far as they are known."""
        return frozenset(model for _role, model in self.slots if model)

    @property
    def roles(self) -> frozenset[str]:
        """The roles of the slots, as far as they are known."""
        return frozenset(role for role, _model in self.slots)


def lacking(source: Sequence[Revision],
            target: Sequence[Revision]) -> list[Revision]:
    """Return the revisions of the source that the target does not have.

    Revisions are the same when timestamp and sha1 are, as MediaWiki's
    importer sees it; what the source hides compares by timestamp alone.

    :param source: history of the source page
    :param target: history of the target page
    """
    present = {(revision.timestamp, revision.sha1) for revision in target}
    times = {revision.timestamp for revision in target}
    hidden = {revision.timestamp for revision in target if not revision.sha1}
    return [revision for revision in source
            if (revision.timestamp, revision.sha1) not in present
            and revision.timestamp not in (hidden if revision.sha1
                                           else times)]


def models_of(revisions: Iterable[Revision]) -> set[str]:
    """Return the content models of some revisions, as far as known.

    :param revisions: of one page
    """
    return set[str]().union(*(revision.models for revision in revisions))


def roles_of(revisions: Iterable[Revision]) -> set[str]:
    """Return the roles of the slots of some revisions, as far as known.

    :param revisions: of one page
    """
    return set[str]().union(*(revision.roles for revision in revisions))
