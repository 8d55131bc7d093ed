"""Which way a page goes: fetched by the target, or uploaded by the bot.

Interwiki comes first, because the target fetches the pages itself: an
upload can forge authors, and wikis guard the right to it.
"""
from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum

from importbot.model.pages import SourcePage
from importbot.model.policy import Policy
from importbot.model.steps import INTERWIKI, UPLOAD
from importbot.model.titles import Title
from importbot.rules.arrival import rights_to_move


__all__ = ('TWO_CALLS_ABOVE', 'Route', 'UploadReason', 'Ways',
           'route_of')

#: Revisions above which an interwiki import takes two calls: the current
#: one first, so that the target does not parse the page after each.
TWO_CALLS_ABOVE = 50

#: What one call of the target can be expected to fetch and to import
#: within MediaWiki's limits of 25 and 120 seconds.
_MOST_REVISIONS = 5000
_MOST_BYTES = 200_000_000


class UploadReason(str, Enum):

    """Why a page is uploaded."""

    ASKED = 'asked'
    FILE = 'file'
    NO_RIGHT = 'no-right'
    NOT_A_SOURCE = 'not-a-source'
    BEFORE = 'before'
    PIN = 'pin'
    AUTHORS = 'authors'
    TITLE = 'title'
    LONG = 'long'


@dataclass(frozen=True)
class Ways:

    """What the account may use.

    :param why_not_interwiki: what keeps the account from importing by
        interwiki, None if nothing does
    :param upload: whether it may upload
    :param rights: the account's rights on the target
    """

    why_not_interwiki: UploadReason | None = None
    upload: bool = False
    rights: Set[str] = frozenset()

    @property
    def leave_redirects(self) -> bool:
        """Whether a move leaves a redirect behind."""
        return 'suppressredirect' not in self.rights

    def may_move(self, target: Title, policy: Policy) -> bool:
        """Return whether pages may get a title by a move.

        What an upload brings leaves no redirect where it never was.

        :param target: title on the target
        """
        return rights_to_move(target) <= self.rights and not (
            self.leave_redirects and self.upload
            and policy.via != INTERWIKI)


@dataclass(frozen=True, slots=True)
class Route:

    """The way of a page.

    :param via: ``interwiki`` or ``upload``; empty where there is
        no way
    :param because: why it is uploaded, or would have to be
    """

    via: str
    because: UploadReason | None = None


def route_of(source: SourcePage, policy: Policy, ways: Ways, *,
             has_odd_authors: bool = False,
             is_out_of_reach: bool = False) -> Route:
    """Return the way of a page.

    :param source: the page with the revisions to send
    :param ways: what the account may use
    :param has_odd_authors: whether names have to be rewritten
    :param is_out_of_reach: whether it gets another title than an interwiki
        import can give, with a move or without
    """
    needs = _need(policy, has_odd_authors, is_out_of_reach)
    if policy.via == UPLOAD:
        return Route(UPLOAD, UploadReason.ASKED)
    if policy.via == INTERWIKI:
        return Route('', needs) if needs else Route(INTERWIKI)
    because = needs or ways.why_not_interwiki
    if ways.why_not_interwiki is UploadReason.FILE:
        # Whatever else an import by interwiki could not do.
        because = UploadReason.FILE
    if because:
        return Route(UPLOAD if ways.upload else '', because)
    if ways.upload and _is_long(source):
        return Route(UPLOAD, UploadReason.LONG)
    return Route(INTERWIKI)


def _need(policy: Policy, has_odd_authors: bool,
          is_out_of_reach: bool) -> UploadReason | None:
    """Return what an interwiki import cannot do at all."""
    if policy.before:
        return UploadReason.BEFORE
    if policy.pin:
        return UploadReason.PIN
    if has_odd_authors:
        return UploadReason.AUTHORS
    if is_out_of_reach:
        return UploadReason.TITLE
    return None


def _is_long(source: SourcePage) -> bool:
    return (len(source.history) > _MOST_REVISIONS
            or sum(revision.size for revision in source.history)
            > _MOST_BYTES)
