"""Write what a wiki lacks for import requests."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pywikibot
from pywikibot.site import APISite

from importbot.applying.run import BareRun, Places
from importbot.i18n import message
from importbot.model.decisions import Outcome
from importbot.model.errors import (
    EditConflictError,
    ImportbotError,
    TargetError,
)
from importbot.model.install_plan import InstallPlan
from importbot.model.report import PageResult
from importbot.requestpages.install.installation import Installation
from importbot.wikis.editor import Editor


__all__ = ('InstallWork', )


@dataclass(frozen=True)
class InstallWork:

    """What an installation has to do.

    The journal knows nothing of it: it imports nothing, writes only pages
    that were not there, and is begun again where it was cut.

    :param plan: what is to happen
    :param editor: edits the wiki
    :param summary: of all edits
    """

    plan: InstallPlan
    editor: Editor
    summary: str

    @classmethod
    def of(cls, installation: Installation, site: APISite) -> InstallWork:
        """Return the work of an installation on a wiki."""
        names, words = installation.kit.names, installation.kit.words
        return cls(installation.plan, Editor(site), message(
            words.language, 'summary-kit', page=names.requests))

    @property
    def results(self) -> Sequence[PageResult]:
        """What came of the pages before: nothing."""
        return [PageResult()] * len(self.plan.pages)

    def worker(self, run: BareRun[InstallPlan]) -> _InstallWorker:
        """Return what writes the pages."""
        return _InstallWorker(self, run)


class _InstallWorker:

    """Creates pages, one by one; what keeps one out keeps no other out."""

    def __init__(self, work: InstallWork,
                 run: BareRun[InstallPlan]) -> None:
        self._run = run
        self._plan = work.plan
        self._editor = work.editor
        self._summary = work.summary

    def batches(self) -> Iterator[Places]:
        """Yield the place of each page of the plan."""
        yield from ((place, ) for place in range(len(self._plan.pages)))

    def treat(self, batch: Places) -> dict[int, PageResult]:
        """Create some pages.

        :param batch: of :meth:`batches`
        """
        return {place: self._treated(place) for place in batch}

    def _treated(self, place: int) -> PageResult:
        page = self._plan.pages[place]
        result = self._run.before(page)
        if result.outcome:
            return result
        try:
            self._editor.create(page.title, page.text, self._summary,
                                page.model)
        except (EditConflictError, TargetError) as error:
            # The next time it is seen what is there by then.
            return PageResult(Outcome.REJECTED, error=error.problem)
        except ImportbotError as error:
            return PageResult(Outcome.FAILED, error=error.problem)
        return PageResult(Outcome.VERIFIED)

    def end(self, *, is_finished: bool) -> None:
        """Have the wiki look at all pages again.

        The first of them were rendered when the others were not there, and
        a wiki may take its time until it finds out.
        """
        if not self._plan.has_work:
            return
        pages: list[pywikibot.page.BasePage] = [
            pywikibot.Page(self._editor.site, page.title)
            for page in self._plan.pages]
        # It would come to it by itself, so nothing is lost.
        with suppress(pywikibot.exceptions.Error, OSError):
            self._editor.site.purgepages(pages, forcelinkupdate=True)
