"""All pages that the requested ones need: a fixed point over the source.

Two witnesses, neither of which knows everything: the source's parser says
what a page's current rendering *used*; the wikitext and Lua themselves
say what is *mentioned*, in branches that were not taken too. Each round
reads all pages that the round before brought up, in batches.
"""
from __future__ import annotations

import re
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
    Set,
)
from dataclasses import dataclass, field, replace
from functools import cached_property

from importbot.model.capabilities import Capability
from importbot.model.decisions import Evidence, Role
from importbot.model.policy import Policy
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MODULE, TEMPLATE, Title
from importbot.planning.nodes import Node, read_nodes
from importbot.planning.reference_cache import Reader
from importbot.sources.transfer import Transfer


__all__ = ('Closure', 'find_closure')

@dataclass(frozen=True)
class Closure:

    """The requested pages and what they need.

    :param requested: in the order of the request
    :param nodes: all pages by title
    :param siteinfo: settings of the source
    :param excluded: dependencies that are named but not wanted
    :param rank: place of the requested pages among each other, by title;
        in the order of the alphabet if empty
    """

    requested: tuple[Title, ...]
    nodes: Mapping[Title, Node]
    siteinfo: SiteInfo
    excluded: frozenset[Title] = frozenset()
    rank: Mapping[Title, int] = field(default_factory=dict, repr=False)

    @cached_property
    def _requested(self) -> frozenset[Title]:
        return frozenset(self.requested)

    @cached_property
    def _mentioned_by(self) -> dict[Title, set[Title]]:
        return _inverse(self.nodes, lambda node: node.mentions)

    @cached_property
    def _used_by(self) -> dict[Title, set[Title]]:
        """Return the requested pages by what their rendering used."""
        return _inverse({title: self.nodes[title]
                         for title in self.requested},
                        lambda node: node.rendered)

    @cached_property
    def _rendered_by(self) -> dict[Title, set[Title]]:
        return _inverse(self.nodes, lambda node: node.rendered)

    def is_led_to(self, title: Title) -> bool:
        """Return whether a requested redirect leads to a page."""
        return any(self.nodes[other].references.redirect == title
                   for other in self._mentioned_by.get(title, ())
                   if other in self._requested)

    def needed_by(self, title: Title) -> frozenset[Title]:
        """Return the pages that lead to a page.

        What stands in no text (Lua alone asks for it, or a name that is
        put together) is needed by the pages whose rendering showed it.
        """
        for witness in (self._mentioned_by, self._used_by,
                        self._rendered_by):
            if title in witness:
                return frozenset(witness[title])
        return frozenset()

    def evidence(self, title: Title) -> tuple[Evidence, ...]:
        """Return how it is known that a page is needed, sorted.

        The rendering of a template page itself shows its documentation:
        that is a mention, no page of the request uses it.
        """
        used = title in self._used_by
        mentioned = title in self._mentioned_by or (
            title in self._rendered_by and not used)
        return (*(Evidence.MENTIONED, ) * mentioned,
                *(Evidence.USED, ) * used)

    def role(self, title: Title) -> Role:
        """Return what a page is to the run."""
        page = self.nodes[title].page
        if title in self._requested:
            return Role.REQUESTED
        if page.is_redirect:
            return Role.REDIRECT
        if self._documents(title):
            return Role.DOCUMENTATION
        if page.model == 'sanitized-css':
            return Role.STYLE
        return {TEMPLATE: Role.TEMPLATE, MODULE: Role.MODULE}.get(
            title.namespace, Role.TRANSCLUDED)

    def _documents(self, title: Title) -> bool:
        above, _slash, _last = title.name.rpartition('/')
        return (self.siteinfo.documents(title)
                and Title(title.namespace, above) in self.nodes)

    def left_out(self) -> frozenset[Title]:
        """Return what the pages mention and the policy did not take."""
        return frozenset(other for node in self.nodes.values()
                         for other in node.mentions) - self.nodes.keys()

    def reachable(self) -> frozenset[Title]:
        """Return the pages that something else than an excluded one needs.
        """
        needs: dict[Title, set[Title]] = {}
        for title in self.nodes:
            for other in self.needed_by(title):
                needs.setdefault(other, set()).add(title)
        titles: set[Title] = set()
        stack = list(self.requested)
        while stack:
            title = stack.pop()
            if title not in titles:
                titles.add(title)
                if title not in self.excluded:
                    stack.extend(needs.get(title, ()))
        return frozenset(titles)

    def leaves_first(self) -> list[Title]:
        """Return all titles so that each comes after what it needs.

        Pages that need each other have no such order; they stand where
        the walk met them. Requested pages come last.
        """
        # Not in the order of the request: a saved plan is made again from
        # its pages, whose order is this one.
        order = _postorder(sorted(self.requested, key=lambda title: (
            self.rank.get(title, 0), title)), self._needs)
        last = set(self.requested)
        return ([title for title in order if title not in last]
                + [title for title in order if title in last])

    def _needs(self, title: Title) -> list[Title]:
        node = self.nodes[title]
        return sorted((node.mentions | node.rendered) & self.nodes.keys())


def _inverse(nodes: Mapping[Title, Node],
             leads_to: Callable[[Node], Iterable[Title]],
             ) -> dict[Title, set[Title]]:
    users: dict[Title, set[Title]] = {}
    for title, node in nodes.items():
        for other in leads_to(node):
            users.setdefault(other, set()).add(title)
    return users


def _postorder(roots: Iterable[Title],
               needs: Callable[[Title], list[Title]]) -> list[Title]:
    """Walk the graph without recursion: templates nest deeper than Python."""
    order: dict[Title, None] = {}
    seen: set[Title] = set()
    for root in roots:
        if root in seen:
            continue
        seen.add(root)
        stack = [(root, iter(needs(root)))]
        while stack:
            title, rest = stack[-1]
            fresh = next((other for other in rest if other not in seen),
                         None)
            if fresh is None:
                order[title] = None
                stack.pop()
            else:
                seen.add(fresh)
                stack.append((fresh, iter(needs(fresh))))
    return list(order)


def find_closure(transfer: Transfer, requested: Sequence[Title],
                 reader: Reader | None = None,
                 progress: Callable[[int], None] = lambda read: None,
                 ) -> Closure:
    """Read the requested pages and all that they need.

    The target of a requested redirect counts as requested too: nobody
    wants a redirect that leads nowhere. So do talk pages, if they are
    wanted and there are any.

    :param requested: titles in the order of the request
    :param reader: finds what texts refer to; one without memory if None
    :param progress: told the number of pages read so far
    :raises SourceError: the source does not answer
    """
    policy = transfer.policy
    search = _Search(transfer.source_info, policy,
                     tuple(dict.fromkeys(requested)))
    while fresh := search.wanted() - search.nodes.keys():
        search.nodes.update(read_nodes(
            transfer, sorted(fresh), reader or Reader(),
            # a requested redirect needs its target whatever the policy
            text=policy.templates != 'none' or (
                not search.nodes and Capability.SEEK
                in transfer.source.capabilities),
            rendered=search.asks_for_renderings(fresh)))
        progress(len(search.nodes))
    return replace(search.closure(), rank=transfer.rank)


class _Search:

    """What is known so far, and what has to be read next."""

    def __init__(self, siteinfo: SiteInfo, policy: Policy,
                 asked_for: tuple[Title, ...]) -> None:
        self.nodes: dict[Title, Node] = {}
        self._siteinfo = siteinfo
        self._policy = policy
        self._asked_for = asked_for

    def asks_for_renderings(self, fresh: set[Title]) -> bool:
        """Return whether pages are read with what they transclude.

        Only the rendering of a requested page counts as use; that of
        others shows what their text hides, such as documentation.
        """
        requested = self.requested()
        return self._policy.templates != 'none' and (
            bool(fresh & set(requested))
            or bool(self._mentioning(requested)))

    def requested(self) -> tuple[Title, ...]:
        """Return the requested pages with what belongs to them."""
        titles = dict.fromkeys(self._asked_for)
        todo = list(self._asked_for)
        while todo:
            node = self.nodes.get(todo.pop(0))
            redirect = node.references.redirect if node else None
            if redirect and redirect not in titles:
                titles[redirect] = None
                todo.append(redirect)
        if self._policy.talk:
            titles.update(dict.fromkeys(filter(None, map(
                self._talk_page, list(titles)))))
        return tuple(titles)

    def _talk_page(self, title: Title) -> Title | None:
        talk = self._siteinfo.normalized(Title(title.namespace + 1,
                                               title.name))
        if (title.namespace < 0 or title.is_talk
                or talk.namespace not in self._siteinfo.namespaces):
            return None
        node = self.nodes.get(talk)
        return None if node and node.page.newest is None else talk

    def _mentioning(self, requested: Iterable[Title]) -> list[Title]:
        """Return the requested pages whose mentions are taken as well."""
        return [title for title in requested
                if self._policy.templates == 'mentioned'
                or (self._policy.templates == 'auto'
                    and title.namespace in (TEMPLATE, MODULE))]

    def wanted(self) -> set[Title]:
        """Return all pages that are needed as far as is known by now."""
        requested = dict.fromkeys(self.requested())
        wanted = set(requested)
        for title in requested:
            if title in self.nodes:
                wanted |= self.nodes[title].rendered
        expanded: set[Title] = set()
        stack = self._mentioning(requested)
        while stack:
            title = stack.pop()
            if title not in expanded:
                expanded.add(title)
                node = self.nodes.get(title)
                if node and not self._excludes(title, requested):
                    stack.extend(node.mentions | node.rendered)
        return wanted | expanded

    def _excludes(self, title: Title,
                  requested: Collection[Title]) -> bool:
        if title in requested:
            return False
        policy, text = self._policy, str(title)
        return (policy.nodocs and self._siteinfo.documents(title)
                or any(re.search(pattern, text)
                       for pattern in policy.exclude)
                or bool(policy.only) and not any(
                    re.search(pattern, text) for pattern in policy.only))

    def closure(self) -> Closure:
        """Return the pages, without those that only excluded ones need."""
        requested = self.requested()
        asked_for = frozenset(requested)
        excluded = frozenset(title for title in self.nodes
                             if self._excludes(title, asked_for))
        whole = Closure(requested, self.nodes, self._siteinfo, excluded)
        kept = whole.reachable() if excluded else self.nodes.keys()
        dropped = self._talk_pages_that_are_missing(asked_for)
        return Closure(requested, {
            title: node for title, node in self.nodes.items()
            if title in kept and title not in dropped},
            self._siteinfo, excluded & kept)

    def _talk_pages_that_are_missing(
            self, requested: Set[Title]) -> set[Title]:
        return {title for title, node in self.nodes.items()
                if self._policy.talk and title.is_talk
                and node.page.newest is None and title not in requested}
