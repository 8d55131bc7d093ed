"""The calls of a run that brought something, counted page by page.

As often there has to be a dummy revision on the page and an entry in the
import log when it is read back.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from importbot.model.decisions import Outcome
from importbot.model.report import PageResult
from importbot.model.titles import Title
from importbot.rules.call_records import Calls
from importbot.wikis.api_values import PagesNow


__all__ = ('CountedCalls', )


class CountedCalls:

    """Counts calls."""

    def __init__(self) -> None:
        self._calls: dict[Title, Calls] = {}
        self._broken: set[Title] = set()

    def note(self, results: Mapping[Title, PageResult],
             before: PagesNow) -> None:
        """Count a call.

        :param results: what came of its pages
        :param before: the target right before it was sent
        """
        for title, result in results.items():
            calls = self._calls.setdefault(title, Calls(
                0, since=before.time, last_log=before.last_log))
            if result.outcome is Outcome.IMPORTED:
                self._calls[title] = replace(
                    calls, number=calls.number + 1,
                    revisions=calls.revisions + result.imported)
            elif result.imported:
                # What broke off halfway has no entry, and no dummy revision.
                self._broken.add(title)

    def of(self, title: Title) -> Calls:
        """Return the calls that brought something of a page.

        :param title: on the source
        :return: without their number where one broke off halfway
        """
        calls = self._calls.get(title, Calls(0))
        return replace(calls, number=0) if title in self._broken else calls
