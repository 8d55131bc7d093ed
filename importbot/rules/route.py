"""Which way a page goes: fetched by the target, or uploaded by the bot.

Interwiki comes first, because the target fetches the pages itself: an
upload can forge authors, and wikis guard the right to it.
"""
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from importbot.model.pages import SourcePage
from importbot.model.policy import Policy
from importbot.model.steps import INTERWIKI, UPLOAD


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
    :param move: whether it may move pages without a redirect
    """

    why_not_interwiki: UploadReason | None = None
    upload: bool = False
    move: bool = True


@dataclass(frozen=True, slots=True)
class Route:

    """The way of a page.

    :param via: ``interwiki`` or ``upload``; empty where there is
        no way
    :param because: why it is uploaded
    """

    via: str
    because: UploadReason | None = None


def route_of(source: SourcePage, policy: Policy, ways: Ways, *,
             has_odd_authors: bool = False,
             is_renamed: bool = False) -> Route:
    """Return the way of a page.

    :param source: the page with the revisions to send
    :param ways: what the account may use
    :param has_odd_authors: whether names have to be rewritten
    :param is_renamed: whether it gets another title than an interwiki
        import can give
    """
    needs = _need(policy, ways, has_odd_authors, is_renamed)
    if policy.via == UPLOAD:
        return Route(UPLOAD, UploadReason.ASKED)
    if policy.via == INTERWIKI:
        return Route('' if needs else INTERWIKI)
    because = needs or ways.why_not_interwiki
    if because:
        return Route(UPLOAD, because) if ways.upload else Route('')
    if ways.upload and _is_long(source):
        return Route(UPLOAD, UploadReason.LONG)
    return Route(INTERWIKI)


def _need(policy: Policy, ways: Ways, has_odd_authors: bool,
          is_renamed: bool) -> UploadReason | None:
    """Return what an interwiki import cannot do at all."""
    if policy.before:
        return UploadReason.BEFORE
    if policy.pin:
        return UploadReason.PIN
    if has_odd_authors:
        return UploadReason.AUTHORS
    if is_renamed and not ways.move:
        return UploadReason.TITLE
    return None


def _is_long(source: SourcePage) -> bool:
    return (len(source.history) > _MOST_REVISIONS
            or sum(revision.size for revision in source.history)
            > _MOST_BYTES)
