"""The sources of runs, asked again as far as they can be."""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from importbot.journal.tables import RunRow
from importbot.model.check_report import UnaskedSource
from importbot.model.errors import ImportbotError, SourceError
from importbot.model.problems import Problem
from importbot.sources.source import Source
from importbot.wikis.api_values import Access
from importbot.wikis.prefixes import resolve_source
from importbot.wikis.wiki import Wiki


__all__ = ('SourcesAgain', )


@dataclass(frozen=True, slots=True)
class _Unasked:

    why: Problem


class SourcesAgain:

    """Opens the source of a run once, and remembers those that fail.

    :param target: the wiki whose interwiki prefixes count
    :param access: what that wiki offers
    """

    def __init__(self, target: Wiki, access: Access) -> None:
        self._target = target
        self._access = access
        self._opened: dict[tuple[str, str], Source | _Unasked] = {}
        self._runs: defaultdict[tuple[str, str], set[int]] = defaultdict(set)

    def of(self, run: RunRow) -> Source | None:
        """Return the source of a run, None if it is not asked.

        :param run: as the journal has it
        """
        key = run.source_api, run.source_prefix
        if key not in self._opened:
            self._opened[key] = self._open(*key)
        source = self._opened[key]
        if not isinstance(source, _Unasked):
            return source
        self._runs[key].add(run.run)
        return None

    def failed(self, run: RunRow, why: Problem) -> None:
        """Ask a source no more.

        :param run: one from there
        :param why: what went wrong
        """
        key = run.source_api, run.source_prefix
        self._opened[key] = _Unasked(why)
        self._runs[key].add(run.run)

    def unasked(self) -> tuple[UnaskedSource, ...]:
        """Return the sources that were not asked, and why."""
        return tuple(
            UnaskedSource(key[0], tuple(sorted(self._runs[key])), source.why)
            for key, source in self._opened.items()
            if isinstance(source, _Unasked))

    def _open(self, api: str, prefix: str) -> Source | _Unasked:
        if '://' not in api:
            return _Unasked(Problem('check-source-file'))
        try:
            wiki = Wiki(resolve_source(self._target, self._access, prefix),
                        SourceError)
        except ImportbotError as error:
            return _Unasked(error.problem)
        if wiki.api != api:
            return _Unasked(Problem('check-source-moved', prefix=prefix,
                                    api=wiki.api))
        return wiki
