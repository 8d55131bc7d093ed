"""What the logs of a wiki say became of a page."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from importbot.wikis.wiki import Wiki


__all__ = ('LogEntry', 'entries_of', 'is_listed')

#: Logs of what takes pages, or revisions of them, away.
_KINDS = {'move': 'move', 'move_redir': 'move', 'delete': 'delete',
          'delete_redir': 'delete', 'restore': 'restore', 'merge': 'merge'}


@dataclass(frozen=True, slots=True)
class LogEntry:

    """An entry of a log of pages.

    :param kind: ``move``, ``delete``, ``restore`` or ``merge``
    :param timestamp: when, ISO 8601
    :param user: who, empty where hidden
    :param to: full title that it was moved to or merged into, else empty
    """

    kind: str
    timestamp: str
    user: str
    to: str = ''


def entries_of(wiki: Wiki, title: str, since: str) -> Sequence[LogEntry]:
    """Return what became of a page, the latest first.

    A wiki lists logs of one title a request.

    :param title: full title that the page had
    :param since: only entries not older, ISO 8601; empty for all
    """
    ends = {'leend': since} if since else {}
    return [LogEntry(
        _KINDS[row['action']], row['timestamp'], row.get('user', ''),
        _destination(row.get('params') or {}))
        for query in wiki.query(
            list='logevents', letitle=title, lelimit='max',
            leprop='type|timestamp|user|details', **ends)
        for row in query.get('logevents', ())
        if row.get('type') in ('move', 'delete', 'merge')
        and row.get('action') in _KINDS]


def _destination(values: object) -> str:
    if not isinstance(values, dict):
        return ''
    return str(values.get('target_title') or values.get('dest_title') or '')


def is_listed(wiki: Wiki, title: str) -> bool:
    """Return whether a wiki has a page of a title, be it without revision.

    An import that broke off can leave such a page, which cannot be edited.

    :param title: full title
    """
    return any(not ('missing' in row or 'invalid' in row)
               for query in wiki.query(titles=title, prop='info')
               for row in query.get('pages', ()))
