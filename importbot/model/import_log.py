"""What MediaWiki's import log says of an import."""
from __future__ import annotations

from dataclasses import dataclass


__all__ = ('ImportLogEntry', )


@dataclass(frozen=True, slots=True)
class ImportLogEntry:

    """An entry of the import log.

    :param timestamp: when, ISO 8601
    :param title: full title on the wiki, empty where hidden
    :param user: who imported
    :param count: number of revisions
    :param id: of the entry
    :param revision: id of the dummy revision that came with it, 0 where
        there is none or the wiki is too old to say (1.43 does)
    :param comment: summary of the import, None where hidden
    :param tags: change tags
    """

    timestamp: str
    title: str
    user: str
    count: int
    id: int = 0
    revision: int = 0
    comment: str | None = None
    tags: tuple[str, ...] = ()
