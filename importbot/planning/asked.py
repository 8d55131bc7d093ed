"""What the texts of a file ask of the target, kept as small as can be.

A plan of a whole wiki may have any number of pages. Of what their texts
refer to, only what a note may have to name is kept.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from importbot.model.capabilities import Capability
from importbot.model.pages import SourcePage, TargetPage
from importbot.model.titles import Title
from importbot.planning.closure import Closure
from importbot.planning.reference_cache import Reader
from importbot.planning.streamed import streamed_references
from importbot.sources.transfer import Transfer
from importbot.wikitext.references import References


__all__ = ('asked_by_texts', )

_NOTHING = References()


def asked_by_texts(transfer: Transfer, closure: Closure,
                   targets: Mapping[Title, TargetPage | None],
                   reader: Reader, progress: Callable[[int], None],
                   ) -> dict[Title, References]:
    """Return what texts refer to that nobody has read for the closure.

    Of a wiki that is all read by now, or nobody wants to know. What the
    target shows already asks for nothing new.

    :param targets: pages of the target by title on the source
    :param reader: finds what texts refer to
    :param progress: told how many texts were read
    :return: by title on the source, without pages that ask for nothing
    """
    if Capability.SEEK in transfer.source.capabilities:
        return {}
    keeper = _Keeper(transfer, closure, targets)
    asked: dict[Title, References] = {}
    read = 0
    for some in streamed_references(
            transfer.source, transfer.source_info, reader, {
                title: page for title, page in _unread(closure)
                if page.newest and not _is_shown(page, targets[title])}):
        for title, references in some.items():
            kept = keeper.kept(references or _NOTHING)
            if kept != _NOTHING:
                asked[title] = kept
        read += len(some)
        progress(read)
    return asked


def _unread(closure: Closure) -> Iterator[tuple[Title, SourcePage]]:
    for title, node in closure.nodes.items():
        if not node.is_read:
            yield title, node.page


def _is_shown(page: SourcePage, target: TargetPage | None) -> bool:
    return bool(page.newest and target and target.newest
                and page.newest.sha1 == target.newest.sha1)


class _Keeper:

    """Keeps of references what the target may lack, each title once."""

    def __init__(self, transfer: Transfer, closure: Closure,
                 targets: Mapping[Title, TargetPage | None]) -> None:
        self._known = transfer.target_info
        self._nodes = closure.nodes
        self._targets = targets
        self._titles: dict[Title, Title] = {}
        self._words: dict[tuple[str, str], tuple[str, str]] = {}

    def kept(self, references: References) -> References:
        """Return what has to be kept of the references of a text."""
        redirect = references.redirect
        return replace(
            references,
            titles=self._those_that_count(references.titles),
            unresolved=frozenset(), prefixes=frozenset(),
            redirect=redirect and self._titles.setdefault(redirect, redirect),
            functions=references.functions - self._known.functions,
            tags=references.tags - self._known.tags,
            words=frozenset(self._words.setdefault(word, word)
                            for word in references.words),
            files=self._once(references.files),
            categories=self._those_that_count(references.categories))

    def _those_that_count(self, titles: Iterable[Title]) -> frozenset[Title]:
        """Return the titles without those that simply come along."""
        return self._once(title for title in titles if not (
            title in self._nodes and self._nodes[title].page.newest
            and not self._has(title)))

    def _has(self, title: Title) -> bool:
        target = self._targets.get(title)
        return bool(target and target.newest)

    def _once(self, titles: Iterable[Title]) -> frozenset[Title]:
        return frozenset(self._titles.setdefault(title, title)
                         for title in titles)
