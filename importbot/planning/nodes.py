"""The pages of a closure as the source has them."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from importbot.model.capabilities import Capability
from importbot.model.pages import SourcePage
from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title
from importbot.planning.reference_cache import Reader, Text
from importbot.planning.streamed import streamed_references
from importbot.sources.source import Source
from importbot.sources.transfer import Transfer
from importbot.wikis.api_values import PageRead
from importbot.wikitext.references import References


__all__ = ('Node', 'read_nodes')

_NO_REFERENCES = References()


@dataclass(frozen=True, slots=True)
class Node:

    """A page of the closure.

    :param page: what the source has
    :param references: what its text refers to
    :param rendered: what its own rendering transcludes, where asked
    :param images: full titles of the files that it shows, where asked
    :param langlink: the page of the target's language that it links to
    :param is_read: whether its text was read
    :param categories: those that its rendering puts it into, but for
        hidden ones, where asked
    :param hidden: those of them that are hidden
    :param is_hidden: whether it is a hidden category, where asked
    :param redirects: pages that lead to it, where asked
    """

    page: SourcePage
    references: References = _NO_REFERENCES
    rendered: frozenset[Title] = frozenset()
    images: tuple[str, ...] = ()
    langlink: str = ''
    is_read: bool = False
    categories: frozenset[Title] = frozenset()
    hidden: frozenset[Title] = frozenset()
    is_hidden: bool = False
    redirects: frozenset[Title] = frozenset()

    @property
    def mentions(self) -> frozenset[Title]:
        """All pages that the text leads to, but not the page itself."""
        redirect = self.references.redirect
        titles = self.references.titles | ({redirect} if redirect else set())
        return titles - {self.page.title}

    @property
    def is_in(self) -> frozenset[Title]:
        """All categories that it is in, or may be."""
        return (self.categories | self.references.categories) - {
            *self.hidden, self.page.title}


def read_nodes(transfer: Transfer, titles: Iterable[Title], reader: Reader,
               *, text: bool, rendered: bool, categories: bool = False,
               redirects: str = '') -> dict[Title, Node]:
    """Read pages of the source.

    :param titles: of the pages
    :param reader: finds what texts refer to
    :param text: with what their texts refer to
    :param rendered: with what they transclude when they are shown
    :param categories: with the categories that they are in
    :param redirects: with the pages of these namespaces that lead to them
    :raises SourceError: the source does not answer
    """
    source, siteinfo = transfer.source, transfer.source_info
    by_text = {str(title): title for title in titles}
    is_streamed = Capability.SEEK not in source.capabilities
    pages = source.pages(by_text, text=text and not is_streamed,
                         transcluded=rendered, language=_language(transfer),
                         categories=categories, redirects=redirects)
    reads = {title: pages[spelled] for spelled, title in by_text.items()}
    references: dict[Title, References | None] = {}
    if text and is_streamed:
        for some in streamed_references(source, siteinfo, reader, {
                title: _page(title, read) for title, read in reads.items()
                if read.newest}):
            references |= some
    else:
        references = reader.read([
            Text(title, read.model, read.newest.sha1 if read.newest else '',
                 read.text) for title, read in reads.items()
            if read.text is not None], siteinfo)
    return {title: replace(_node(title, read, _with_beginnings(
        references.get(title, _NO_REFERENCES), source), siteinfo),
        is_read=title in references) for title, read in reads.items()}


def _page(title: Title, read: PageRead) -> SourcePage:
    return SourcePage(title, (read.newest, ) if read.newest else (),
                      read.model, read.is_redirect)


def _language(transfer: Transfer) -> str:
    """Return the target's language, unless both wikis speak it.

    By interlanguage links pages of another name are found there.
    """
    target = transfer.target_info.language
    return '' if target == transfer.source_info.language else target


def _with_beginnings(references: References | None,
                     source: Source) -> References | None:
    """Count as mentioned what begins as a name that is put together.

    A file can tell which of its pages do.
    """
    if references is None or not references.prefixes:
        return references
    return replace(references, titles=references.titles.union(*map(
        source.beginning, references.prefixes)))


def _node(title: Title, read: PageRead, references: References | None,
          siteinfo: SiteInfo) -> Node:
    def titles(texts: Iterable[str]) -> frozenset[Title]:
        found = map(siteinfo.title, texts)
        # Media: and Special: stand in lists and are no pages.
        return frozenset(other for other in found
                         if other and other.namespace >= 0) - {title}

    hidden = titles(read.hidden_categories)
    return Node(
        replace(_page(title, read), is_readable=references is not None),
        references or _NO_REFERENCES, titles(read.transcluded), read.images,
        read.langlink, categories=titles(read.categories) - hidden,
        hidden=hidden, is_hidden=read.is_hidden,
        redirects=titles(read.redirects))
