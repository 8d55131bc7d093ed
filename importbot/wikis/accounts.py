"""Who the bot is to a wiki: its account there, and whom to write to.

What follows for limits: https://www.mediawiki.org/wiki/API:Etiquette, and
https://foundation.wikimedia.org/wiki/Policy:User-Agent_policy.
"""
from __future__ import annotations

from collections.abc import Callable

import pywikibot
import requests
from pywikibot.exceptions import UnknownFamilyError
from pywikibot.family import Family, WikimediaFamily
from pywikibot.login import ClientLoginManager
from pywikibot.site import APISite
from pywikibot.tools import normalize_username

from importbot.model.printable import printable
from importbot.model.problems import Problem
from importbot.wikis.network import briefly, cause


__all__ = ('contact_missing', 'is_of_wikimedia', 'log_in_to_source',
           'tell_once')

#: Domains of Wikimedia's wikis.
_DOMAINS = frozenset(
    f'{name}.org' for name in (
        *WikimediaFamily.multi_language_content_families,
        *WikimediaFamily.other_content_families, 'wikimedia',
        'wikimediafoundation'))
_said: set[Problem] = set()
#: What came of logging in to sources, once in a process.
_tried: dict[APISite, Problem | None] = {}


def is_of_wikimedia(host: str) -> bool:
    """Return whether a host is that of a wiki of Wikimedia.

    By its name: a family of somebody's own may lead there too.

    :param host: as a URL has it
    """
    return '.'.join(host.lower().rstrip('.').rsplit('.', 2)[-2:]) in _DOMAINS


def contact_missing(site: APISite) -> Problem | None:
    """Return what is to be put right if nobody knows whose bot it is.

    :param site: a wiki that is asked
    """
    if (pywikibot.config.user_agent_description
            or not is_of_wikimedia(site.hostname())):
        return None
    return Problem('no-contact', host=site.hostname())


def log_in_to_source(site: APISite) -> Problem | None:
    """Log in to a source, once, if an account for it was configured.

    Whoever is logged in has higher limits, and may see more. What a source
    says of logins later is not heeded.

    :param site: the source, which a wiki has named: the account has to be
        given for its very family and host, so that no password goes to
        anybody else
    :return: why the bot is not logged in although it is to be
    """
    if site not in _tried:
        _tried[site] = _log_in(site) if _has_account(site) else None
    return _tried[site]


def _log_in(site: APISite) -> Problem | None:
    why = Problem('login-refused')
    try:
        with briefly():
            if site.logged_in():
                return None
            if not (site.is_oauth_token_available()
                    or ClientLoginManager(
                        site=site, user=site.username()).password):
                # pywikibot would ask for one, and nobody may be there.
                return _logged_out(site, Problem('no-password'))
            site.login()
            if site.logged_in():
                return None
    except (pywikibot.exceptions.Error, requests.RequestException,
            ValueError, OSError) as error:
        pywikibot.log(f'{site}: {error!r}')
        why = Problem.quoted(cause(error))
    return _logged_out(site, why)


def _logged_out(site: APISite, why: Problem) -> Problem:
    return Problem('source-logged-out', user=str(site.username()),
                   wiki=str(site), problem=why)


def _has_account(site: APISite) -> bool:
    """Whether an account was configured for a site, and not for its name.

    pywikibot names a wiki that it does not know after its address: one at
    ``wikipedia.example`` is of the family ``wikipedia``.
    """
    name, code = site.family.name, site.code
    accounts = pywikibot.config.usernames.get(name) or {}
    given = {normalize_username(user) for user
             in (accounts.get(code), accounts.get('*')) if user}
    if not site.username() or site.username() not in given:
        return False
    try:
        known = Family.load(name)
        return (known.protocol(code), known.hostname(code)) == (
            site.protocol(), site.hostname())
    except (UnknownFamilyError, KeyError):
        return False


def tell_once(problem: Problem | None, tell: Callable[[str], object]) -> None:
    """Tell the operator something, if that was not done in this process.

    :param problem: what is to be told, None if nothing is
    :param tell: ``pywikibot.warning`` or ``pywikibot.info``
    """
    if problem is not None and problem not in _said:
        _said.add(problem)
        tell(printable(str(problem)))
