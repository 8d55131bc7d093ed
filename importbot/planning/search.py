"""The search for all that pages need: a fixed point over the source.

Each round reads all pages that the round before brought up, in batches.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from dataclasses import replace

from importbot.model.capabilities import Capability
from importbot.model.policy import Policy
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import CATEGORY, MODULE, TEMPLATE, Title
from importbot.planning.closure import Closure
from importbot.planning.nodes import Node, read_nodes
from importbot.planning.reference_cache import Reader
from importbot.sources.transfer import Transfer


__all__ = ('find_closure', )

#: Namespaces whose pages are called by the names of their redirects too.
_SHORTENED = (TEMPLATE, MODULE)


def find_closure(transfer: Transfer, requested: Sequence[Title],
                 reader: Reader | None = None,
                 progress: Callable[[int, Title], None] = (
                     lambda read, title: None),
                 ) -> Closure:
    """Read the requested pages and all that they need.

    The target of a requested redirect counts as requested too: nobody
    wants a redirect that leads nowhere. So do talk pages, if they are
    wanted and there are any.

    :param requested: titles in the order of the request
    :param reader: finds what texts refer to; one without memory if None
    :param progress: told the number of pages read so far, and the last
    :raises SourceError: the source does not answer
    """
    policy = transfer.policy
    search = _Search(transfer.source_info, policy,
                     tuple(dict.fromkeys(requested)),
                     Capability.RENDER in transfer.source.capabilities)
    while fresh := search.wanted() - search.nodes.keys():
        search.nodes.update(read_nodes(
            transfer, sorted(fresh), reader or Reader(),
            # a requested redirect needs its target whatever the policy
            text=search.asks_for_texts() or (
                not search.nodes and Capability.SEEK
                in transfer.source.capabilities),
            rendered=search.asks_for_renderings(fresh),
            categories=bool(policy.categories),
            redirects=search.asks_for_redirects(fresh)))
        progress(len(search.nodes), max(fresh))
    return replace(search.closure(), rank=transfer.rank)


class _Search:

    """What is known so far, and what has to be read next."""

    def __init__(self, siteinfo: SiteInfo, policy: Policy,
                 asked_for: tuple[Title, ...], is_rendered: bool) -> None:
        self.nodes: dict[Title, Node] = {}
        #: Whether somebody shows the pages; else texts alone tell.
        self._is_rendered = is_rendered
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
            any(title in requested or title.namespace == CATEGORY
                for title in fresh)
            or bool(self._mentioning(requested)))

    def asks_for_texts(self) -> bool:
        """Return whether pages are read with what their texts refer to."""
        return (self._policy.templates != 'none'
                or bool(self._policy.categories) and not self._is_rendered)

    def asks_for_redirects(self, fresh: Set[Title]) -> str:
        """Return of which namespaces redirects are asked for."""
        asks = self._policy.redirects and any(
            title.namespace in _SHORTENED for title in fresh
            & set(self.requested()))
        return '|'.join(map(str, _SHORTENED)) * asks

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
        wanted |= expanded | self._redirects(requested)
        return wanted | self._categories(wanted, expanded, requested)

    def _redirects(self, requested: Iterable[Title]) -> set[Title]:
        """Return the redirects that lead to requested templates."""
        return {redirect for title in requested
                if self._policy.redirects and title.namespace in _SHORTENED
                and title in self.nodes
                for redirect in self.nodes[title].redirects}

    def _categories(self, pages: Set[Title], mentioning: Set[Title],
                    requested: Collection[Title]) -> set[Title]:
        """Return the categories of pages, with what they show.

        Hidden ones are for the upkeep of the source. What has no page
        cannot be brought.

        :param mentioning: those of whose mentions count
        """
        found: set[Title] = set()
        level = set(pages)
        for _number in range(self._policy.categories):
            level = {
                category for title in level if title in self.nodes
                and not self._excludes(title, requested)
                for category in self._categories_of(title, mentioning)
                if category not in pages and category not in found
                and self._may_come(category)}
            found |= level
        shown = [self.nodes[title] for title in found & self.nodes.keys()
                 if not self._excludes(title, requested)]
        return found.union(*(node.rendered for node in shown), (
            node.references.redirect for node in shown
            if node.references.redirect))

    def _categories_of(self, title: Title,
                       mentioning: Set[Title]) -> frozenset[Title]:
        node = self.nodes[title]
        if title in mentioning or not self._is_rendered:
            return node.is_in
        return node.categories

    def _may_come(self, category: Title) -> bool:
        node = self.nodes.get(category)
        return node is None or bool(node.page.newest) and not node.is_hidden

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
        if self._policy.categories:
            dropped |= self.nodes.keys() - self.wanted()
        return Closure(requested, {
            title: node for title, node in self.nodes.items()
            if title in kept and title not in dropped},
            self._siteinfo, excluded & kept)

    def _talk_pages_that_are_missing(
            self, requested: Set[Title]) -> set[Title]:
        return {title for title, node in self.nodes.items()
                if self._policy.talk and title.is_talk
                and node.page.newest is None and title not in requested}
