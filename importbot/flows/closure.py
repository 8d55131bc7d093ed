"""All pages that the requested ones need: a fixed point over the source.

Two witnesses, neither of which knows everything: the source's parser says
what a page's current rendering *used*; the wikitext and Lua themselves
say what is *mentioned*, in branches that were not taken too. Each round
reads all pages that the round before brought up, in batches.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from importbot.model.policy import SourcePage
from importbot.model.references import (
    References,
    UnreadableText,
    find_references,
)
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import MODULE, TEMPLATE, Title
from importbot.model.words import Evidence, Role
from importbot.wikis.wiki import PageRead, Wiki


__all__ = ('Closure', 'Node', 'find_closure')

_NO_REFERENCES = References()


@dataclass(frozen=True)
class Node:

    """A page of the closure.

    :param page: what the source has
    :param references: what its text refers to
    :param rendered: what its own rendering transcludes, where asked
    """

    page: SourcePage
    references: References = _NO_REFERENCES
    rendered: frozenset[Title] = frozenset()

    @property
    def mentions(self) -> frozenset[Title]:
        """All pages that the text leads to, but not the page itself."""
        redirect = self.references.redirect
        found = self.references.titles | ({redirect} if redirect else set())
        return found - {self.page.title}


@dataclass(frozen=True)
class Closure:

    """The requested pages and what they need.

    :param requested: in the order of the request
    :param nodes: all pages by title
    :param siteinfo: settings of the source
    """

    requested: tuple[Title, ...]
    nodes: Mapping[Title, Node]
    siteinfo: SiteInfo

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
        if title in self.requested:
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
        above, _slash, last = title.name.rpartition('/')
        return (last in self.siteinfo.documentation
                and title.namespace in (TEMPLATE, MODULE)
                and Title(title.namespace, above) in self.nodes)

    def leaves_first(self) -> list[Title]:
        """Return all titles so that each comes after what it needs.

        Pages that need each other have no such order; they stand where
        the walk met them. Requested pages come last.
        """
        order = _postorder(self.requested, self._needs)
        last = set(self.requested)
        return ([title for title in order if title not in last]
                + [title for title in order if title in last])

    def _needs(self, title: Title) -> list[Title]:
        node = self.nodes[title]
        return sorted((node.mentions | node.rendered) & self.nodes.keys())


def _inverse(nodes: Mapping[Title, Node],
             leads_to: Callable[[Node], Iterable[Title]],
             ) -> dict[Title, set[Title]]:
    found: dict[Title, set[Title]] = {}
    for title, node in nodes.items():
        for other in leads_to(node):
            found.setdefault(other, set()).add(title)
    return found


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


def find_closure(source: Wiki, siteinfo: SiteInfo,
                 requested: Sequence[Title], templates: str,
                 progress: Callable[[int], None] = lambda read: None,
                 ) -> Closure:
    """Read the requested pages and all that they need.

    :param source: the wiki to read
    :param siteinfo: its settings
    :param requested: titles in the order of the request
    :param templates: ``auto``, ``used``, ``mentioned`` or ``none``
    :param progress: told the number of pages read so far
    :raises SourceError: the source does not answer
    """
    requested = tuple(dict.fromkeys(requested))
    roots = _expanded_roots(requested, templates)
    nodes: dict[Title, Node] = {}
    while fresh := _wanted(requested, roots, nodes) - nodes.keys():
        # Only the rendering of a requested page counts as use; that of
        # others shows what their text hides, such as documentation.
        nodes.update(_read(source, siteinfo, sorted(fresh),
                           text=templates != 'none',
                           rendered=bool(roots) or (
                               templates != 'none' and not nodes)))
        progress(len(nodes))
    return Closure(requested, nodes, siteinfo)


def _expanded_roots(requested: Iterable[Title],
                    templates: str) -> list[Title]:
    """Return the requested pages whose mentions are taken as well."""
    return [title for title in requested
            if templates == 'mentioned'
            or (templates == 'auto'
                and title.namespace in (TEMPLATE, MODULE))]


def _wanted(requested: Iterable[Title], roots: Iterable[Title],
            nodes: Mapping[Title, Node]) -> set[Title]:
    """Return all pages that are needed as far as is known by now."""
    wanted = set(requested)
    for title in requested:
        if title in nodes:
            wanted |= nodes[title].rendered
    expanded: set[Title] = set()
    stack = list(roots)
    while stack:
        title = stack.pop()
        if title not in expanded:
            expanded.add(title)
            node = nodes.get(title)
            if node:
                stack.extend(node.mentions | node.rendered)
    return wanted | expanded


def _read(source: Wiki, siteinfo: SiteInfo, titles: Iterable[Title], *,
          text: bool, rendered: bool) -> dict[Title, Node]:
    by_text = {siteinfo.text(title): title for title in titles}
    pages = source.pages(by_text, text=text, transcluded=rendered)
    return {title: _node(title, pages[spelled], siteinfo)
            for spelled, title in by_text.items()}


def _node(title: Title, read: PageRead, siteinfo: SiteInfo) -> Node:
    references, readable = _NO_REFERENCES, True
    if read.text is not None:
        try:
            references = find_references(read.text, read.model, title,
                                         siteinfo)
        except UnreadableText:
            readable = False
    transcluded = (siteinfo.title(other) for other in read.transcluded)
    return Node(
        SourcePage(title, read.newest, read.model, read.is_redirect,
                   readable),
        references,
        frozenset(other for other in transcluded if other) - {title})
