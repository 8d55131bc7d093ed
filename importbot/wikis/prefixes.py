"""From an interwiki prefix to a site of pywikibot."""
from __future__ import annotations

from typing import cast

import pywikibot
from pywikibot.comms import http
from pywikibot.site import APISite

from importbot.model.errors import ImportbotError, SourceError
from importbot.model.problems import Problem
from importbot.wikis.api_values import Access
from importbot.wikis.network import (
    RedirectError,
    allow_private,
    briefly,
    cause,
    guard,
    is_at_private_address,
    shown_host,
)
from importbot.wikis.wiki import Wiki


__all__ = ('reach', 'resolve_source')

def reach(url: str, name: str, error: type[ImportbotError]) -> None:
    """Make sure that somebody answers at an address, before pywikibot asks.

    pywikibot retries a dead wiki for many minutes and prints a stack at
    each try; one look of our own gives one sentence at once.

    :param url: address to look at
    :param name: what to call the wiki
    :param error: exception to raise
    :raises ImportbotError: nobody answers
    """
    guard()
    answer = http.fetch(url, default_error_handling=False, stream=True)
    if isinstance(answer, RedirectError):
        # Somebody answers; that one is asked for pages by its own address.
        return
    if isinstance(answer, Exception):
        raise error(f'{name} cannot be reached at {shown_host(url)} '
                    f'({cause(answer)}); see whether the address is right '
                    'and the wiki is up')
    answer.close()


def resolve_source(target: Wiki, access: Access,
                   prefix: str) -> APISite:
    """Return the site of an interwiki prefix, compound ones included.

    The first part of ``w:de`` is looked up on the target, the next on the
    wiki that it leads to.

    :param target: the wiki whose interwiki map counts
    :param access: what that wiki offers
    :param prefix: the prefix, as ``-source:`` has it
    :raises SourceError: the prefix leads nowhere
    """
    interwiki, name, site = access.interwiki, Problem('the-target'), None
    for part in prefix.split(':'):
        if site is not None:
            interwiki = Wiki(site, SourceError).interwiki()
        elif part in interwiki and is_at_private_address(target.api):
            # Among wikis of an intranet, its own table is configuration.
            allow_private(interwiki[part])
        if part not in interwiki:
            raise SourceError(Problem(
                'no-such-prefix', part=part, wiki=name, prefix=prefix,
                allowed=', '.join(access.sources) or Problem('none')))
        site = _site_at(interwiki[part], f'The source wiki "{prefix}"')
        name = Problem('wiki-at', part=part)
    assert site is not None
    return site


def _site_at(url: str, name: str) -> APISite:
    """Return the site that an address of an interwiki table leads to."""
    # The main page may be long, and many places lead to it.
    reach(url.replace('$1', 'Special:BlankPage'), name, SourceError)
    try:
        # It may log in, and be told to do so again and again.
        with briefly():
            return cast(APISite, pywikibot.Site(url=url))
    except Exception as error:  # AutoFamily lets many kinds through
        raise SourceError(
            f'{name} at {shown_host(url)} does not answer as a MediaWiki '
            f'does ({cause(error)}); see whether the address in the '
            'interwiki table is right') from error
