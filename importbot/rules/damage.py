"""Damage that a history shows by itself, whoever imported it.

Imports that overlap, of two bots or of a bot and a person at
Special:Import, leave what no single one does (measured with MediaWiki 1.43
on MariaDB): revisions twice, and revisions that do not know the one before
them.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from importbot.model.revisions import Revision


__all__ = ('doubled', 'prefixes_of', 'without_parent')

#: Revisions without parent that imports may leave: the first one, and the
#: newest where that came before all others.
_MAY_LACK = 2


def doubled(history: Sequence[Revision]) -> list[Revision]:
    """Return the revisions of a page that are there once more.

    What changes nothing (the revision that an import, a move or a
    protection puts on top) may share its second with another such.

    :param history: of the page, in any order
    :return: the copies, without the first of each
    """
    texts = {revision.id: revision.sha1 for revision in history}
    seen: set[tuple[str, str]] = set()
    copies = []
    for revision in sorted(history, key=lambda item: item.id):
        if not revision.sha1 or (
                '>' not in revision.user
                and texts.get(revision.parent) == revision.sha1):
            continue
        # By what MediaWiki's importer tells revisions apart.
        key = revision.timestamp, revision.sha1
        if key in seen:
            copies.append(revision)
        seen.add(key)
    return copies


def without_parent(history: Sequence[Revision],
                   imported: Collection[int] = ()) -> list[Revision]:
    """Return revisions that say that nothing was before them, wrongly.

    :param history: of a page, in any order
    :param imported: ids of those that came by import; those that bear
        names of other wikis, if empty
    :return: none where no more lack a parent than an import may leave
    """
    first = min(history, key=lambda item: (item.timestamp, item.id),
                default=None)
    lacking = [revision for revision in history if not revision.parent
               and (revision.id in imported if imported
                    else '>' in revision.user)]
    is_all = len(lacking) == len(history) > 1
    if len(lacking) <= _MAY_LACK and not is_all:
        return []
    return [revision for revision in lacking if revision is not first]


def prefixes_of(history: Iterable[Revision]) -> set[str]:
    """Return the prefixes before the names of authors.

    :param history: of a page
    """
    parts = (revision.user.partition('>') for revision in history)
    return {prefix for prefix, sign, name in parts
            if prefix and sign and name}
