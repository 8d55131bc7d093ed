"""pywikibot without its wiki, which may be down."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pywikibot
from pywikibot.exceptions import UnknownFamilyError, UnknownSiteError
from pywikibot.site import APISite

from importbot.model.errors import TargetError, UsageError
from importbot.wikis.prefixes import reach


__all__ = ('default_api', 'offline', 'reached_site')


@contextmanager
def offline() -> Iterator[None]:
    """Let pywikibot make sites that are names and addresses alone.

    Otherwise it logs in to its default site, and be it to read options.
    """
    config = pywikibot.config
    usual, config.site_interface = config.site_interface, 'BaseSite'
    try:
        yield
    finally:
        config.site_interface = usual


def default_api() -> str:
    """Return the address of the API of pywikibot's default site.

    :raises UsageError: no family knows it
    """
    with offline():
        try:
            site = pywikibot.Site()
            return str(site.base_url(site.apipath()))
        except (UnknownFamilyError, UnknownSiteError, KeyError) as error:
            raise UsageError(
                f'The address of the target wiki is not known ({error}); see '
                '-site, or give -all for runs into every wiki') from None


def reached_site() -> APISite:
    """Return pywikibot's default site, if its wiki answers.

    pywikibot logs in to it at once, and would try for half an hour where
    nobody answers, with a stack at each try.

    :raises TargetError: it does not
    :raises UsageError: no family knows it
    """
    reach(f'{default_api()}?action=query&format=json', 'The target wiki',
          TargetError)
    return cast(APISite, pywikibot.Site())
