"""All that a pass over the request pages works with."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pywikibot
from pywikibot.site import APISite

from importbot.journal.half_pages import half_pages
from importbot.journal.journal import Journal
from importbot.journal.requests import RequestLog
from importbot.model.errors import UsageError
from importbot.model.printable import printable
from importbot.model.problems import Problem, Setting
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import TEMPLATE, Title
from importbot.planning.reference_cache import CachedReader
from importbot.requestpages.configuration import (
    Configuration,
    read_configuration,
)
from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.store import (
    PageStore,
    StoredPage,
    configuration_text,
    read_pages,
)
from importbot.requestpages.passes.doubts import doubts, template_titles
from importbot.requestpages.passes.planner import Planner
from importbot.requestpages.passes.reply_text import ReplyText
from importbot.requestpages.passes.stop import Stop, says_run
from importbot.requestpages.who.authority import Authority
from importbot.requestpages.who.provenance import Provenance
from importbot.sources.transfer import learn_target
from importbot.wikis.api_values import Access
from importbot.wikis.people import People
from importbot.wikis.wiki import Wiki


__all__ = ('PassContext', 'find_configuration', 'guarded_configuration_page',
           'open_context')


@dataclass(frozen=True)
class PassContext:

    """The wiki, its configuration and its request pages, at one moment.

    :param wiki: the wiki
    :param siteinfo: its settings
    :param access: what the bot may do there
    :param configuration: what the wiki says about its request pages
    :param pages: its request pages, by their titles
    :param journal: where all is recorded
    :param log: what it knows of requests
    :param people: who wrote what, and what they may
    :param authority: who wants and who approved a request
    :param store: changes requests on their pages
    :param reply_text: says what is to be said
    :param planner: plans requests
    :param stop: asked whether to go on
    :param server_limit: seconds after which the wiki is not at work on a
        request any more
    :param simulate: whether nothing is written, only said
    :param doubts: what in the configuration means nothing on the wiki
    :param overview: page with the table of open requests, None for none
    """

    wiki: Wiki
    siteinfo: SiteInfo
    access: Access
    configuration: Configuration
    pages: dict[str, StoredPage | None]
    journal: Journal
    log: RequestLog
    people: People
    authority: Authority
    store: PageStore
    reply_text: ReplyText
    planner: Planner
    stop: Stop
    server_limit: float
    simulate: bool = False
    doubts: tuple[Problem, ...] = ()
    overview: StoredPage | None = None


def default_configuration_page(site: APISite) -> str:
    """Return the page that only the bot and interface administrators edit."""
    return f'{site.namespace(2)}:{site.username()}/importrequests.json'


def guarded_configuration_page(site: APISite) -> str:
    """Return the page that interface administrators edit, and no bot."""
    return f'{site.namespace(8)}:Importrequests.json'


def find_configuration(wiki: Wiki, name: str = '',
                       ) -> tuple[str, StoredPage | None]:
    """Return the title of the configuration page, and the page.

    Where the wiki has one that the bot cannot edit, that one counts.

    :param name: full title, one of the default pages if empty
    :return: the page None if the wiki can have none of this title
    """
    names = [name] if name else [guarded_configuration_page(wiki.site),
                                 default_configuration_page(wiki.site)]
    stored = read_pages(wiki, names)
    chosen = next((title for title in names
                   if title in stored and stored[title].revision), names[-1])
    return chosen, stored.get(chosen)


def open_context(site: APISite, journal: Journal, stop: Stop, *,
                 configuration_page: str = '', only: str = '',
                 server_limit: float,
                 progress: Callable[[str, int], None],
                 simulate: bool = False) -> PassContext:
    """Read what a pass begins with.

    :param journal: where all is recorded
    :param stop: asked whether to go on
    :param configuration_page: full title, one of the default pages if empty
    :param only: full title of the one request page to work through
    :param server_limit: seconds after which the wiki is not at work on a
        request any more
    :param progress: told what is being read, and how much
    :param simulate: whether nothing is written, only said
    :raises ConfigurationError: the configuration page cannot be used
    :raises ImportbotError: the wiki does not answer
    """
    wiki, siteinfo, access = learn_target(site)
    name, page = find_configuration(wiki, configuration_page)
    configuration = read_configuration(configuration_text(
        page, name, siteinfo, access.user), name)
    templates = [f'{siteinfo.namespaces[TEMPLATE].name}:{words.name}'
                 for words in configuration.templates]
    titles = _titles_asked_for(configuration, siteinfo, only)
    stored = read_pages(wiki, [
        configuration.stop.page, *titles, *templates,
        *template_titles(configuration, siteinfo),
        *filter(None, [configuration.overview])])
    _watch(wiki, configuration, stop,
           Provenance(wiki, siteinfo, access.now), stored,
           [page, *map(stored.get, templates)])
    doubtful = tuple(doubts(configuration, siteinfo, access, stored))
    for problem in doubtful:
        pywikibot.warning(printable(f'"{name}", {problem}'))
    reader = RequestReader(siteinfo, configuration.templates, {
        redirect: template for template in templates if template in stored
        for redirect in stored[template].redirects},
        configuration.sources if configuration.lines else ())
    reserved = _titles(siteinfo, [
        name, configuration.stop.page, configuration.log,
        configuration.overview,
        *configuration.pages, *templates])
    people = People(wiki)
    return PassContext(
        wiki, siteinfo, access, configuration,
        {title: stored.get(title) for title in titles}, journal,
        RequestLog(journal, wiki.api), people,
        Authority(people, reader, access.user), PageStore(wiki, reader),
        ReplyText(configuration.language or siteinfo.language,
                  configuration.done, people.group_names),
        Planner(site, configuration, reserved, CachedReader(journal),
                progress, partial(half_pages, journal)),
        stop, server_limit, simulate, doubtful,
        stored.get(configuration.overview))


def _watch(wiki: Wiki, configuration: Configuration, stop: Stop,
           provenance: Provenance, stored: Mapping[str, StoredPage],
           steering: Sequence[StoredPage | None]) -> None:
    """See that people wrote what steers the bot, and heed the stop page.

    :raises UntrustedTextError: somebody else may have written it
    """
    stop_page = stored.get(configuration.stop.page)
    provenance.check(page for page in (
        *steering,
        stop_page if says_run(stop_page, configuration.stop) else None)
        if page)
    stop.watch(wiki, configuration.stop, provenance, stop_page)


def _titles_asked_for(configuration: Configuration, siteinfo: SiteInfo,
                      only: str) -> list[str]:
    """Return the request pages that are asked for.

    :raises UsageError: there is none
    """
    titles = [title for title in configuration.pages
              if not only or siteinfo.title(f':{only}')
              == siteinfo.title(f':{title}')]
    if not titles:
        raise UsageError(Problem(
            'request-page-unknown', option=Setting('page', 'only', only),
            pages=', '.join(configuration.pages)))
    return titles


def _titles(siteinfo: SiteInfo, names: list[str]) -> frozenset[Title]:
    return frozenset(title for name in names if name
                     and (title := siteinfo.title(f':{name}')))
