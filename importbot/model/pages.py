"""A page of the source and one of the target, as a decision needs them."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from importbot.model.revisions import Revision
from importbot.model.titles import Title


__all__ = ('SourcePage', 'TargetPage')


@dataclass(frozen=True, slots=True)
class SourcePage:

    """A page of the source, as far as a decision needs it.

    :param title: its title
    :param history: its revisions, newest first; the newest alone where
        nobody had to read more, none where there is no page
    :param model: content model
    :param is_redirect: whether it leads to another page
    :param is_readable: whether its references could be found
    :param is_too_new: whether it has no revision of the time asked for
    """

    title: Title
    history: Sequence[Revision] = ()
    model: str = 'wikitext'
    is_redirect: bool = False
    is_readable: bool = True
    is_too_new: bool = False

    @property
    def newest(self) -> Revision | None:
        """The newest revision, None where there is no page."""
        return self.history[0] if self.history else None


@dataclass(frozen=True, slots=True)
class TargetPage:

    """A page of the target, as far as a decision needs it.

    :param history: as for :class:`SourcePage`
    :param is_protected: whether editing or creating it is restricted
    :param is_creatable: whether the bot may create it
    :param is_editable: whether the bot may edit it
    :param was_deleted: whether the wiki deleted a page of this title
    :param users: number of pages that transclude it, None if nobody
        counted
    :param model: content model of the page that is there
    :param excludes_bot: whether a template on it keeps the bot out
    :param brought: see :func:`importbot.rules.relation.brought_before`
    :param refusal: what the wiki says of why the bot may not write to it,
        empty if it may or was not asked
    """

    history: Sequence[Revision] = ()
    is_protected: bool = False
    is_creatable: bool = True
    is_editable: bool = True
    was_deleted: bool = False
    users: int | None = None
    model: str = 'wikitext'
    excludes_bot: bool = False
    brought: frozenset[str] = frozenset()
    refusal: str = ''

    @property
    def last(self) -> int:
        """Highest id of its revisions, 0 where there is no page."""
        return max((revision.id for revision in self.history), default=0)

    @property
    def newest(self) -> Revision | None:
        """The newest revision, None where there is no page."""
        return self.history[0] if self.history else None
