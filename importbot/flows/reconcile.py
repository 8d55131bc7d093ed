"""An import was sent and no answer came: find out what was done.

The server goes on after the line is cut, so nothing is certain before its
own limit has passed. Until then only the import log can tell, and it
tells at once: its entry is written with the page. An import that broke off
has no entry, and may have left some of its revisions.
"""
from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from importbot.model.plans import PageResult
from importbot.model.words import Outcome
from importbot.wikis.answers import PageRead
from importbot.wikis.importer import SERVER_LIMIT
from importbot.wikis.wiki import Wiki


__all__ = ('reconcile', )

_PAUSE = 5


def reconcile(target: Wiki, title: str, sent: str, user: str,
              server_limit: float = SERVER_LIMIT,
              sleep: Callable[[float], None] = time.sleep, *,
              before: int = 0) -> PageResult | None:
    """Return what became of an import whose answer was lost.

    :param target: the wiki it was sent to
    :param title: title of the page there
    :param sent: when it was sent, by the wiki's own time, ISO 8601
    :param user: who sent it
    :param server_limit: seconds after which the wiki is not at work on it
        any more
    :param sleep: waits for some seconds
    :param before: the newest revision that the page had, 0 for none
    :return: ``imported`` with the number of revisions; ``failed`` if the
        page changed without an entry in the log; None if nothing was done
        and nothing will be
    """
    last = _time(sent) + timedelta(seconds=server_limit)
    while True:
        now = target.page_now(title)
        entries = [entry for entry in target.import_log(title, sent)
                   if entry.user == user]
        if entries:
            return PageResult(Outcome.IMPORTED,
                              sum(entry.count for entry in entries))
        left = (last - _time(now.time)).total_seconds()
        if left < 0:
            return _unlogged(now.page, before)
        sleep(min(_PAUSE, left + 1))


def _unlogged(page: PageRead, before: int) -> PageResult | None:
    if page.newest is None or page.newest.id == before:
        return None
    return PageResult(Outcome.FAILED, error='no answer came, and the page '
                      'changed without an entry of the bot in the import '
                      'log: the import broke off, or somebody else was '
                      'there; see its history')


def _time(text: str) -> datetime:
    return datetime.strptime(text, '%Y-%m-%dT%H:%M:%SZ').replace(
        tzinfo=timezone.utc)
