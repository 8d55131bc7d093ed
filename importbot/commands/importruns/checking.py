"""``pwb importruns -check``: look again at the pages that runs brought."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

from importbot.checking.check import Checker
from importbot.checking.choose import Chosen, Wanted, choose
from importbot.checking.sources import SourcesAgain
from importbot.commands.exit_status import (
    FAILED,
    INTERRUPTED,
    ON_HOLD,
    tell,
)
from importbot.commands.importruns.options import CheckOptions
from importbot.commands.importruns.printing import printed
from importbot.commands.offline import reached_site
from importbot.journal.journal import Journal
from importbot.journal.records import RunFilter
from importbot.model.check_report import CheckedPage, CheckReport
from importbot.model.errors import ImportbotError
from importbot.reports.terminal.progress import ProgressBar
from importbot.wikis.api import TITLES
from importbot.wikis.wiki import Wiki


__all__ = ('check', )


def check(journal: Journal, options: CheckOptions, conditions: RunFilter,
          form: str) -> int:
    """Look at pages again and tell what is found.

    It takes no account: what everybody may read is enough.

    :param journal: where runs are recorded; nothing is written
    :param options: which pages
    :param conditions: on runs and pages, with the target
    :param form: name of a format
    :return: exit status
    :raises ImportbotError: it cannot be done
    """
    chosen = choose(journal, Wanted(
        conditions, options.run, options.titles, options.sample,
        datetime.now(timezone.utc).date().isoformat(), options.most))
    wiki = Wiki(reached_site())
    info, access = wiki.siteinfo_and_access()
    sources = SourcesAgain(wiki, access)
    look = _Look(Checker(journal, wiki, info, sources), chosen,
                 options.titles)
    try:
        status = look.look()
    except ImportbotError as error:
        tell(error)
        status = FAILED
    report = CheckReport(
        wiki.api, tuple(look.found), chosen.arrived, look.planned,
        options.sample, chosen.running, sources.unasked())
    printed(report, form)
    return status or (ON_HOLD if report.wrong else
                      FAILED if report.has_absent else 0)


class _Look:

    """Looks at pages until it is through or stopped.

    :ivar found: what was found so far
    :ivar planned: how many pages there are to look at
    """

    def __init__(self, checker: Checker, chosen: Chosen,
                 titles: tuple[str, ...]) -> None:
        self._checker = checker
        self._chosen = chosen
        self._titles = titles
        self.found: list[CheckedPage] = []
        self.planned = len(chosen.pages)

    def look(self) -> int:
        """Look at all; return an exit status that is not of the pages.

        :raises TargetError: the wiki does not answer any more
        """
        try:
            with ProgressBar() as bar:
                self._look_at_arrived(bar)
                self._look_at_titles()
        except KeyboardInterrupt:
            return INTERRUPTED
        return 0

    def _look_at_arrived(self, bar: ProgressBar) -> None:
        pages = self._chosen.pages
        for start in range(0, len(pages), TITLES):
            bar.show('reading both wikis', start, len(pages))
            for page in self._checker.arrived(pages[start:start + TITLES]):
                self.found.append(page)

    def _look_at_titles(self) -> None:
        """Look at pages by themselves, whoever imported them.

        What is known of a page by the runs that brought it is not told
        once more.
        """
        prefixes = frozenset(
            prefix for page in self._chosen.pages
            for prefix in self._checker.prefixes_of(page))
        known = {title for page in self.found
                 for title in (page.target, page.home, page.title)}
        told = {(title, finding.kind) for page in self.found
                for title in (page.target, page.home)
                for finding in page.findings}
        for page in self._checker.titles(self._titles, prefixes):
            news = [finding for finding in page.findings
                    if finding.kind.is_wrong
                    and (page.target, finding.kind) not in told]
            told.update((page.target, finding.kind) for finding in news)
            place = self._place_of(page.target)
            if place is None and (news or page.target not in known):
                self.found.append(page)
                self.planned += 1
            elif place is not None and news:
                there = self.found[place]
                self.found[place] = replace(
                    there, findings=(*there.findings, *news))

    def _place_of(self, title: str) -> int | None:
        """Return where the last of what is found of a page is."""
        return max((place for place, page in enumerate(self.found)
                    if title in (page.target, page.home)), default=None)
