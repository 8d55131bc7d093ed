"""What speaks against an allowance before anything is read."""
from __future__ import annotations

from pywikibot.family import FandomFamily, WikimediaFamily
from pywikibot.site import APISite

from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.siteinfo import SiteInfo
from importbot.rules.code import allowance_of, rights_for
from importbot.wikis.api_values import Access


__all__ = ('allowance_problems', )

#: Whose code is looked after by people of many wikis, whatever family of
#: pywikibot leads there.
_DOMAINS = (
    'wikipedia.org', 'wiktionary.org', 'wikibooks.org', 'wikinews.org',
    'wikiquote.org', 'wikisource.org', 'wikiversity.org', 'wikivoyage.org',
    'wikimedia.org', 'wikidata.org', 'wikifunctions.org', 'mediawiki.org',
    'wmflabs.org', 'wmcloud.org', 'fandom.com', 'wikia.com', 'wikia.org')


def allowance_problems(site: APISite, policy: Policy, target: SiteInfo,
                       access: Access) -> list[Problem]:
    """Return why what the operator allows cannot be had.

    :param site: the target
    :param target: its settings
    :param access: what the account may do there
    :raises UsageError: the target cannot have what is allowed
    """
    if not policy.allow:
        return []
    if _is_of_many(site):
        return [Problem('allow-not-here', wiki=str(site))]
    lacking = sorted(rights_for(allowance_of(policy.allow, target))
                     - access.rights)
    return [Problem('allow-rights', user=access.user,
                    rights=tuple(lacking))] if lacking else []


def _is_of_many(site: APISite) -> bool:
    host = site.hostname().lower().rstrip('.')
    return isinstance(site.family, (WikimediaFamily, FandomFamily)) or any(
        host == domain or host.endswith(f'.{domain}') for domain in _DOMAINS)
