"""An import was sent and no answer came: find out what was done.

The server goes on after the line is cut, so nothing is certain before its
own limit has passed. Until then only the import log can tell, and it
tells at once: its entry is written with the page. An import that broke off
has no entry, and may have left some of its revisions.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone

from importbot.model.decisions import Outcome
from importbot.model.options import SERVER_LIMIT
from importbot.model.problems import Problem
from importbot.model.report import PageResult
from importbot.wikis.api_values import PageRead
from importbot.wikis.waiting import doze
from importbot.wikis.wiki import Wiki


__all__ = ('reconcile', )

_PAUSE = 5


def reconcile(target: Wiki, before: Mapping[str, int], sent: str, user: str,
              server_limit: float = SERVER_LIMIT,
              sleep: Callable[[float], None] = doze, last_log: int = 0,
              ) -> dict[str, PageResult | None]:
    """Return what became of an import whose answer was lost, by page.

    :param target: the wiki it was sent to
    :param before: the newest revisions that the pages had, 0 for none, by
        title there
    :param sent: when it was sent, by the wiki's own time, ISO 8601
    :param user: who sent it
    :param server_limit: seconds after which the wiki is not at work on it
        any more
    :param sleep: waits for some seconds
    :param last_log: id of the newest entry of the import log before, 0 if
        nobody knows; entries of the same second are told apart by it
    :return: ``imported`` with the number of revisions; ``failed`` if the
        page changed without an entry in the log; None if nothing was done
        and nothing will be
    """
    last = _time(sent) + timedelta(seconds=server_limit)
    while True:
        now = target.pages_now(list(before))
        counts: Counter[str] = Counter()
        for entry in target.import_log(user, sent):
            if entry.id > last_log:
                counts[entry.title] += entry.count
        # Each import leaves a revision on top: an entry of this second
        # without one is that of the call before.
        results: dict[str, PageResult | None] = {
            title: PageResult(Outcome.IMPORTED, counts[page.title])
            for title, page in now.pages.items()
            if counts[page.title] and _id(page) > before[title]}
        left = (last - _time(now.time)).total_seconds()
        if results.keys() == before.keys():
            return results
        if left < 0:
            return {title: results.get(title) or _unlogged(page, before[title])
                    for title, page in now.pages.items()}
        sleep(min(_PAUSE, left + 1))


def _id(page: PageRead) -> int:
    return page.newest.id if page.newest else 0


def _unlogged(page: PageRead, before: int) -> PageResult | None:
    if page.newest is None or page.newest.id == before:
        return None
    return PageResult(Outcome.FAILED, error=Problem('unlogged'))


def _time(text: str) -> datetime:
    return datetime.strptime(text, '%Y-%m-%dT%H:%M:%SZ').replace(
        tzinfo=timezone.utc)
