"""What texts alone lead to."""
from __future__ import annotations

from importbot.model.titles import MODULE, Title
from importbot.planning.closure import Closure
from tests.kit.support import Box


def sample_titles(box: Box) -> list[str]:
    source = box.on_source()
    return [row['title'] for namespace in (0, 4, 10, 12, 14, 828)
            for row in source.all('allpages', list='allpages',
                                  apnamespace=namespace, aplimit='max')]


def mentioned(closure: Closure, start: Title) -> set[Title]:
    """Return what the texts alone lead to."""
    seen: set[Title] = set()
    stack = [start]
    if start.namespace == MODULE:  # a module page shows its documentation
        stack += map(start.subpage, closure.siteinfo.documentation)
    while stack:
        title = stack.pop()
        if title not in seen:
            seen.add(title)
            if title in closure.nodes:
                stack.extend(closure.nodes[title].mentions)
    return seen
