"""What travels through a run: source, target, and what is wanted."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property

import pywikibot
from pywikibot.site import APISite

from importbot.model.capabilities import Capability
from importbot.model.errors import (
    PreflightError,
    SourceError,
    TargetError,
    first_line,
)
from importbot.model.plan import Endpoint
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.revisions import Revision
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title
from importbot.model.upload_size import UploadSize
from importbot.rules.authors import Authors
from importbot.rules.relation import brought_before
from importbot.rules.route import UploadReason, Ways
from importbot.sources.allowed import allowance_problems
from importbot.sources.pinned import unpinned
from importbot.sources.preflight import problems, unflagged, ways_of
from importbot.sources.source import Source
from importbot.wikis.accounts import (
    contact_missing,
    log_in_to_source,
    tell_once,
)
from importbot.wikis.api_values import Access
from importbot.wikis.prefixes import reach, resolve_source
from importbot.wikis.wiki import Wiki


__all__ = ('Transfer', 'connect', 'learn_target', 'prefix_of')


@dataclass(frozen=True)
class Transfer:

    """A source and a target, connected and learnt, and what is wanted.

    :param source: where pages come from
    :param target: where they go
    :param policy: what is wanted
    :param prefix: interwiki prefix of the source, as the target knows it
    :param source_info: settings of the source
    :param target_info: settings of the target
    :param access: what the account may do on the target
    :param upload_size: what is known of the size of uploads there
    :param rank: place of pages of the source in the order in which they
        are to be applied, empty for that of the alphabet
    :param halves: titles of the target of which an earlier run brought a
        part, with the numbers of the runs
    :param reserved: titles of the target that are never written to, nor
        their subpages: the bot's request, configuration, log and stop
        pages
    :param is_first: whether no run into the target is known
    :param recorded: returns the sha1 of what runs brought to a page of the
        target, by its full title
    """

    source: Source
    target: Wiki
    policy: Policy
    prefix: str
    source_info: SiteInfo
    target_info: SiteInfo
    access: Access
    upload_size: UploadSize = field(default_factory=UploadSize)
    rank: Mapping[Title, int] = field(default_factory=dict, repr=False)
    reserved: frozenset[Title] = frozenset()
    recorded: Callable[[str], Set[str]] = field(
        default=lambda title: frozenset(), repr=False)
    halves: Mapping[str, int] = field(default_factory=dict, repr=False)
    is_first: bool = False

    @property
    def source_site(self) -> APISite:
        """The source as a site of pywikibot, if it is a wiki.

        :raises SourceError: it is a file
        """
        source = unpinned(self.source)
        if isinstance(source, Wiki):
            return source.site
        raise SourceError(f'{self.source.api} is no wiki')

    @cached_property
    def ways(self) -> Ways:
        """What the account may use."""
        ways = ways_of(self.prefix, self.access)
        if Capability.BE_FETCHED in self.source.capabilities:
            return ways
        return replace(ways, why_not_interwiki=UploadReason.FILE)

    def under(self, policy: Policy) -> Transfer:
        """Return the same with something else that is wanted.

        :param policy: what is wanted
        """
        return replace(self, policy=policy)

    @property
    def author_prefix(self) -> str:
        """What goes before the names of authors, without the sign."""
        return self.policy.interwikiprefix or self.prefix

    def authors(self) -> Authors:
        """Return what becomes of authors' names."""
        return Authors(self.policy.authors, self.author_prefix,
                       dict(self.policy.authormap), self.target_info)

    def history(self, title: str) -> Sequence[Revision]:
        """Return the revisions of a source page that are wanted.

        :param title: full title on the source
        :return: newest first; none if all are too new
        """
        return _up_to(self.policy.before, self.source.history(title))

    def brought(self, source: Sequence[Revision],
                target: Sequence[Revision], title: str) -> frozenset[str]:
        """Return which texts of a page came from a source like this earlier.

        One that keeps its history knows what it had.

        :param source: history of the source page, newest first
        :param target: history of the target page
        :param title: full title on the target
        """
        if Capability.KEEP_HISTORY in self.source.capabilities or not source:
            return frozenset()
        return brought_before(source, target, self.author_prefix,
                              self.recorded(title))

    def histories(self, titles: Sequence[str], newest: Mapping[str, int],
                  ) -> dict[str, Sequence[Revision]]:
        """Return the revisions of source pages that are wanted.

        :param titles: full titles on the source
        :param newest: ids of their newest revisions
        :return: newest first; none if all are too new
        """
        return {title: _up_to(self.policy.before, revisions)
                for title, revisions
                in self.source.histories(titles, newest).items()}

    def endpoints(self) -> tuple[Endpoint, Endpoint]:
        """Return source and target as a plan names them."""
        return (Endpoint(self.source.api, self.source_info.wiki,
                         prefix=self.prefix),
                Endpoint(self.target.api, self.target_info.wiki,
                         user=self.access.user))


def _up_to(before: str,
           history: Sequence[Revision]) -> Sequence[Revision]:
    if not before:
        return history
    return tuple(revision for revision in history
                 if revision.timestamp <= before)


def connect(target_site: pywikibot.site.APISite, prefix: str,
            policy: Policy,
            reserved: frozenset[Title] = frozenset()) -> Transfer:
    """Log in to the target and find the source.

    :param prefix: interwiki prefix of the source, as the target knows it
    :param policy: what is wanted; checked as far as the target alone can
        tell
    :param reserved: titles of the target that are never written to
    :raises TargetError: the target does not answer, or nobody is logged in
    :raises PreflightError: the run cannot start; all problems at once
    :raises SourceError: the source does not answer
    """
    target, target_info, access = learn_target(target_site)
    obstacles = [*problems(prefix, policy, target_info, access),
                 *allowance_problems(target_site, policy, target_info,
                                     access)]
    if obstacles:
        raise PreflightError(obstacles)
    site = resolve_source(target, access, prefix)
    tell_once(log_in_to_source(site), pywikibot.warning)
    tell_once(contact_missing(site), pywikibot.warning)
    source = Wiki(site, SourceError)
    return Transfer(source, target, policy, prefix, source.siteinfo(),
                    target_info, access, reserved=reserved)


def learn_target(target_site: pywikibot.site.APISite,
                 ) -> tuple[Wiki, SiteInfo, Access]:
    """Log in to the target and learn what it is and allows.

    :raises TargetError: it does not answer, or nobody is logged in
    """
    target = Wiki(target_site, TargetError)
    # A query for nothing: the bare address would render the API's help.
    reach(f'{target.api}?action=query&format=json', 'The target wiki',
          TargetError)
    _login(target_site)
    siteinfo, access = target.siteinfo_and_access()
    tell_once(contact_missing(target_site), pywikibot.warning)
    tell_once(unflagged(access), pywikibot.info)
    return target, siteinfo, access


def _login(site: pywikibot.site.APISite) -> None:
    try:
        site.login()
    except pywikibot.exceptions.Error as error:
        raise TargetError(Problem('login-failed', wiki=str(site),
                                  cause=first_line(error))) from error
    if not site.logged_in():
        raise TargetError(Problem('not-logged-in', wiki=str(site)))


def prefix_of(source_site: pywikibot.site.APISite,
              target_site: pywikibot.site.APISite) -> str:
    """Return the interwiki prefix under which a target imports a source.

    pywikibot's own ``interwiki_prefix`` compares paths with whole
    addresses and finds nothing on a wiki outside its families.

    :param source_site: the source
    :raises SourceError: the target allows no import from there
    """
    target = Wiki(target_site)
    access = target.siteinfo_and_access()[1]
    host = source_site.hostname()
    for prefix in sorted(access.sources, key=lambda prefix: host not in
                         access.interwiki.get(prefix, '')):
        with suppress(SourceError):
            if resolve_source(target, access, prefix) == source_site:
                return prefix
    raise SourceError(f'{target_site} allows no import from {source_site}; '
                      'it allows: ' + (', '.join(access.sources) or 'none'))
