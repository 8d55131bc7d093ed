"""Where an imported page is by now, as the logs of its wiki say."""
from __future__ import annotations

from collections.abc import Sequence

from importbot.model.check_report import Finding, FindingKind
from importbot.model.problems import Problem
from importbot.wikis.page_logs import LogEntry, entries_of, is_listed
from importbot.wikis.wiki import Wiki


__all__ = ('gone', 'lacking_revisions', 'moved')

_HIDDEN = Problem('check-somebody')


def moved(wiki: Wiki, title: str, home: str, since: str) -> Finding:
    """Return how a page came to another title.

    :param title: full title that it was imported to
    :param home: full title that it has now
    :param since: when it was imported, ISO 8601
    """
    entries = entries_of(wiki, title, since)
    merge = _first(entries, 'merge')
    move = _first(entries, 'move')
    if merge and merge.to == home and not move:
        return Finding(FindingKind.MERGED, Problem(
            'check-merged', title=home, **_who(merge)))
    if move:
        return Finding(FindingKind.MOVED, Problem(
            'check-moved', title=home, **_who(move)))
    return Finding(FindingKind.MOVED, Problem('check-elsewhere', title=home))


def gone(wiki: Wiki, title: str, since: str, *,
         has_page: bool) -> Finding:
    """Return why nothing is left of what was imported.

    :param title: full title that it was imported to
    :param since: when it was imported, ISO 8601
    :param has_page: whether there is another page of that title now
    """
    entries = entries_of(wiki, title, since)
    deletion = _first(entries, 'delete')
    if deletion:
        return Finding(FindingKind.DELETED, Problem(
            'check-deleted-anew' if has_page else 'check-deleted',
            **_who(deletion)))
    move = _first(entries, 'move')
    if move:
        return Finding(FindingKind.MOVED, Problem(
            'check-moved', title=move.to, **_who(move)))
    if not has_page and is_listed(wiki, title):
        return Finding(FindingKind.GHOST, Problem('check-ghost'))
    return Finding(FindingKind.GONE, Problem(
        'check-gone-replaced' if has_page else 'check-gone'))


def lacking_revisions(wiki: Wiki, title: str, since: str, *,
                      count: int, of: int) -> Finding:
    """Return why some revisions are not in the history any more.

    :param title: full title that they were imported to
    :param since: when that was, ISO 8601
    :param count: how many are missing
    :param of: how many there were
    """
    values: dict[str, int] = {'count': count, 'of': of}
    entries = entries_of(wiki, title, since)
    merge, deletion = _first(entries, 'merge'), _first(entries, 'delete')
    if merge:
        return Finding(FindingKind.MERGED, Problem(
            'check-merged-in-part', title=merge.to, **_who(merge), **values))
    if deletion:
        return Finding(FindingKind.DELETED, Problem(
            'check-deleted-in-part', **_who(deletion), **values))
    return Finding(FindingKind.MISSING, Problem('check-missing', **values))


def _first(entries: Sequence[LogEntry], kind: str) -> LogEntry | None:
    """Return the latest entry of a kind."""
    return next((entry for entry in entries if entry.kind == kind), None)


def _who(entry: LogEntry) -> dict[str, str | Problem]:
    return {'user': entry.user or _HIDDEN, 'date': entry.timestamp}
