"""What both wikis have: all that a plan is made from, nothing decided."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from importbot.flows.closure import Closure, find_closure
from importbot.flows.wikipair import WikiPair
from importbot.model.arrival import predict
from importbot.model.policy import Policy, TargetPage
from importbot.model.titles import Title
from importbot.wikis.wiki import PageRead


__all__ = ('Progress', 'Survey', 'survey')

#: Told what is being done, and how many pages that has reached.
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Survey:

    """What both wikis have.

    :param closure: requested pages and what they need, on the source
    :param arrivals: predicted title on the target by title on the source,
        None where the target has no namespace for it
    :param on_target: pages of the target by their title there, None where
        it cannot have such a page
    """

    closure: Closure
    arrivals: Mapping[Title, Title | None]
    on_target: Mapping[Title, TargetPage | None]


def survey(wikis: WikiPair, titles: Sequence[Title], policy: Policy,
           progress: Progress) -> Survey:
    """Read what a plan needs to know.

    :param wikis: source and target
    :param titles: requested pages, on the source
    :param policy: what is wanted
    :param progress: told how far it is
    :raises SourceError: the source does not answer
    :raises TargetError: the target does not answer
    """
    closure = find_closure(
        wikis.source, wikis.source_info, titles, policy.templates,
        lambda read: progress('reading the source', read))
    requested = set(closure.requested)
    arrivals = {
        title: predict(title, wikis.source_info, wikis.target_info,
                       *((policy.namespace, policy.rootpage)
                         if title in requested else ()))
        for title in closure.nodes}
    by_text = {wikis.target_info.text(title): title
               for title in arrivals.values() if title}
    progress('reading the target', len(by_text))
    pages = wikis.target.pages(by_text, permissions=True)
    return Survey(closure, arrivals,
                  {title: _target_page(pages[text])
                   for text, title in by_text.items()})


def _target_page(read: PageRead) -> TargetPage | None:
    if not read.is_valid:
        return None
    return TargetPage(read.newest, read.is_protected, read.is_creatable)
