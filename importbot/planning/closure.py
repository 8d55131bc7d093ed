"""All pages that the requested ones need, and how that is known.

Two witnesses, neither of which knows everything: the source's parser says
what a page's current rendering *used*; the wikitext and Lua themselves
say what is *mentioned*, in branches that were not taken too.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from importbot.model.decisions import Evidence, Role
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import CATEGORY, MODULE, TEMPLATE, Title
from importbot.planning.nodes import Node


__all__ = ('Closure', )


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

    @cached_property
    def _members_of(self) -> dict[Title, set[Title]]:
        return _inverse(self.nodes, lambda node: node.is_in)

    @cached_property
    def _led_to_by(self) -> dict[Title, set[Title]]:
        """Return the pages to which redirects lead that nobody mentions."""
        return _inverse(self.nodes, lambda node: node.redirects)

    def is_led_to(self, title: Title) -> bool:
        """Return whether a requested redirect leads to a page."""
        return any(self.nodes[other].references.redirect == title
                   for other in self._mentioned_by.get(title, ())
                   if other in self._requested)

    def needed_by(self, title: Title) -> frozenset[Title]:
        """Return the pages that lead to a page.

        What stands in no text (Lua alone asks for it, or a name that is
        put together) is needed by the pages whose rendering showed it. A
        category is needed by the pages in it, and a redirect that nobody
        mentions by the page that it leads to.
        """
        for witness in (self._mentioned_by, self._used_by,
                        self._rendered_by, self._led_to_by):
            if title in witness:
                return frozenset(witness[title]
                                 | self._members_of.get(title, set()))
        return frozenset(self._members_of.get(title, ()))

    def evidence(self, title: Title) -> tuple[Evidence, ...]:
        """Return how it is known that a page is needed, sorted.

        The rendering of a template page itself shows its documentation:
        that is a mention, no page of the request uses it.
        """
        members = self._members_of.get(title, set())
        used = title in self._used_by or any(
            title in self.nodes[member].categories
            for member in members & self._requested)
        mentioned = title in self._mentioned_by or bool(
            (title in self._rendered_by or members) and not used) or any(
                title in self.nodes[member].references.categories
                for member in members)
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
        if title.namespace == CATEGORY:
            return Role.CATEGORY
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
        return sorted((node.mentions | node.rendered | node.is_in
                       | node.redirects) & self.nodes.keys())


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
