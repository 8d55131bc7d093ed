"""Categories that stand for something else on the target."""
from __future__ import annotations

from collections.abc import Iterable, Mapping

from importbot.model.decisions import Role
from importbot.model.titles import Title
from importbot.planning.closure import Closure
from importbot.rules.arrival import Arrival, Arrivals
from importbot.sources.transfer import Transfer


__all__ = ('other_schemes', )


def other_schemes(closure: Closure, arrivals: Mapping[Title, Arrival],
                  there: Iterable[Title],
                  transfer: Transfer) -> frozenset[Title]:
    """Return the categories that are in another scheme on the target.

    None of those that such a category is in there is one that it is in on
    the source.

    :param arrivals: where pages arrive, by title on the source
    :param there: titles on the source of pages that the target has
    :raises TargetError: the target does not answer
    """
    titles = {str(arrivals[title].title): title for title in there
              if closure.role(title) is Role.CATEGORY}
    reads = transfer.target.pages(titles, categories=True)
    predicted = Arrivals(transfer.source_info, transfer.target_info,
                         transfer.policy)
    strange: set[Title] = set()
    for text, title in titles.items():
        above = set(map(transfer.target_info.title, reads[text].categories))
        wanted = {predicted.of(other, Role.CATEGORY).title
                  for other in closure.nodes[title].is_in}
        if above and wanted.isdisjoint(above):
            strange.add(title)
    return frozenset(strange)
