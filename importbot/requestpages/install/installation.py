"""Set a wiki up for import requests: what it lacks for them, as a plan."""
from __future__ import annotations

from dataclasses import dataclass

from pywikibot.site import APISite

from importbot.i18n import spoken
from importbot.model.errors import ConfigurationError, PreflightError
from importbot.model.install_plan import (
    InstallPage,
    InstallPlan,
    KitDecision,
)
from importbot.model.plan import Endpoint
from importbot.model.problems import Problem
from importbot.model.siteinfo import SiteInfo
from importbot.requestpages.configuration import (
    Configuration,
    read_configuration,
)
from importbot.requestpages.install.kit import (
    Kit,
    KitPage,
    first_configuration,
)
from importbot.requestpages.install.names import KitNames, KitWords
from importbot.requestpages.page.store import (
    StoredPage,
    configuration_text,
    is_trusted,
    read_pages,
)
from importbot.requestpages.passes.context import (
    find_configuration,
    guarded_configuration_page,
)
from importbot.requestpages.who.provenance import needed_rights
from importbot.requestpages.words import template_words
from importbot.sources.preflight import blocked
from importbot.sources.transfer import learn_target
from importbot.wikis.api_values import Access
from importbot.wikis.wiki import Wiki


__all__ = ('Installation', 'plan_installation')

#: Groups that everybody comes into without anybody's doing.
_OPEN_GROUPS = frozenset({'*', 'user', 'autoconfirmed', 'temp', 'named'})


@dataclass(frozen=True)
class Installation:

    """An installation that is planned.

    :param plan: one decision a page
    :param kit: the pages
    :param guarded: full title of a place for the configuration that the
        bot itself cannot edit; empty where it is there, or there is none
    """

    plan: InstallPlan
    kit: Kit
    guarded: str = ''


def plan_installation(site: APISite,
                      configuration_page: str = '') -> Installation:
    """Find out what a wiki lacks for import requests.

    :param configuration_page: full title, the bot's own JSON page if empty
    :raises ConfigurationError: the configuration that is there cannot be
        used
    :raises PreflightError: the wiki cannot be set up
    :raises ImportbotError: the wiki does not answer
    """
    wiki, siteinfo, access = learn_target(site)
    if access.block:
        raise PreflightError(blocked(access))
    title, present = find_configuration(wiki, configuration_page)
    settings = _settings(wiki)
    former = _known_configuration(present, title, siteinfo, access)
    names = KitNames.of_wiki(siteinfo, title, settings.documentation, former)
    configuration = former or _first(names, siteinfo, access,
                                     settings.importers)
    kit = Kit(names, configuration, siteinfo)
    pages = kit.pages
    stored = read_pages(wiki, [page.title for page in pages])
    _check_titles(pages, stored, title)
    guarded = guarded_configuration_page(site)
    plan = InstallPlan(
        str(site), names.requests, tuple(
            _decided(page, stored[page.title], siteinfo, access)
            for page in pages),
        Endpoint(wiki.api, siteinfo.wiki, user=access.user))
    return Installation(plan, kit, '' if configuration_page
                        or title == guarded
                        or 'editinterface' in access.rights else guarded)


def _first(names: KitNames, siteinfo: SiteInfo, access: Access,
           importers: list[str]) -> Configuration:
    if not access.sources:
        raise PreflightError([Problem(
            'install-no-source', configuration=names.configuration)])
    words = KitWords(siteinfo.language, template_words(
        names.template.partition(':')[2], spoken(siteinfo.language)))
    return first_configuration(names, words, siteinfo, access.sources,
                               importers)


@dataclass(frozen=True)
class _Settings:

    documentation: str
    importers: list[str]


def _settings(wiki: Wiki) -> _Settings:
    """Return what the kit depends on and nothing else asks for."""
    query = next(wiki.query(
        meta='siteinfo|allmessages', siprop='usergroups',
        ammessages='templatedata-doc-subpage', uselang='content'))
    name = query['allmessages'][0].get('content', '').rpartition('/')[2]
    importers = [
        group['name'] for group in query['usergroups']
        if group['name'] not in _OPEN_GROUPS | {'sysop'}
        and 'bot' not in group['rights']
        and not {'import', 'importupload'}.isdisjoint(group['rights'])]
    return _Settings(name or 'doc', ['sysop', *importers])


def _known_configuration(present: StoredPage | None, title: str,
                         siteinfo: SiteInfo,
                         access: Access) -> Configuration | None:
    """Return the configuration that the wiki has, None if none."""
    if present is None:
        raise ConfigurationError(title, [Problem('configuration-impossible')])
    if present.revision:
        return read_configuration(configuration_text(
            present, title, siteinfo, access.user), title)
    if not is_trusted(present, siteinfo, access.user):
        raise ConfigurationError(title, [Problem('configuration-open')])
    return None


def _check_titles(pages: list[KitPage], stored: dict[str, StoredPage],
                  configuration: str) -> None:
    wrong = [page.title for page in pages if page.title not in stored]
    if wrong:
        raise ConfigurationError(configuration, [
            Problem('configuration-no-page', title=title)
            for title in wrong])


def _decided(page: KitPage, present: StoredPage, siteinfo: SiteInfo,
             access: Access) -> InstallPage:
    """Return a page of the kit with its decision."""
    if not present.revision:
        decision = KitDecision.CREATE if needed_rights(
            present, siteinfo, access.user) <= access.rights \
            else KitDecision.BY_HAND
    else:
        decision = KitDecision.UNCHANGED if (
            present.text is not None and page.is_same(present.text)
            ) else KitDecision.LEFT_ALONE
    return InstallPage(
        page.title, page.role, decision, page.text, model=page.model,
        there=present.text if present.revision else None)
