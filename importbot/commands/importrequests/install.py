"""The command that sets a wiki up for import requests."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pywikibot
from pywikibot.site import APISite

from importbot.applying.run import BareRun
from importbot.commands.change_bot import ChangeBot, Sentences
from importbot.commands.exit_status import ON_HOLD, WORK_TO_DO
from importbot.commands.files import write_reports
from importbot.i18n import interface_language
from importbot.model.change_plan import ChangedPage
from importbot.model.decisions import Outcome
from importbot.model.install_plan import (
    InstallPage,
    InstallPlan,
    KitDecision,
)
from importbot.model.printable import printable
from importbot.model.report import PageResult
from importbot.reports.formats import Told
from importbot.reports.terminal.install import install_table
from importbot.reports.terminal.remedies import with_remedy
from importbot.reports.terminal.tables import show
from importbot.requestpages.install.installation import (
    Installation,
    plan_installation,
)
from importbot.requestpages.install.work import InstallWork


__all__ = ('InstallBot', )

#: Lines of a difference that somebody might read.
_DIFF_LINES = 40


class InstallBot(ChangeBot[Installation]):

    """Shows which pages a wiki lacks for import requests, and writes them.

    :param site: the wiki
    :param configuration_page: full title, the bot's own JSON page if empty
    :param reports: files for what is to be done, or was
    :param options: as on the command line
    """

    sentences = Sentences(
        question='Write these pages?',
        unasked='Nobody is there to confirm the plan: give -always to write '
        'without asking, or -simulate to stop here',
        refused='Nothing was written.', doing='writing')

    def __init__(self, site: APISite, configuration_page: str = '',
                 reports: Sequence[Path] = (), **options: Any) -> None:
        super().__init__(**options)
        self._reports = reports
        self._site = site
        self._configuration_page = configuration_page

    def prepare(self) -> list[Installation]:
        """Find out what the wiki lacks."""
        return [plan_installation(self._site, self._configuration_page)]

    def run_of(self, prepared: Installation) -> BareRun[InstallPlan]:
        """Return what writes the pages."""
        return BareRun(InstallWork.of(prepared, self._site))

    def status(self, prepared: Installation) -> int:
        """Return whether a person has to put pages there."""
        return ON_HOLD if prepared.plan.by_hand else 0

    def simulated_status(self, prepared: Installation) -> int:
        """Return whether there is anything to write."""
        plan = prepared.plan
        return WORK_TO_DO if plan.has_work or plan.by_hand else 0

    def is_told(self, page: ChangedPage, result: PageResult) -> bool:
        """Tell every page: they are few, and each is new to the wiki."""
        return True

    def page_done(self, page: InstallPage, result: PageResult) -> None:
        """Print which pages stand there now."""
        if result.outcome is Outcome.VERIFIED:
            pywikibot.info(printable(f'{page.title}: created'))

    def show_plan(self, prepared: Installation) -> None:
        """Print the table, and what is left alone."""
        show(install_table(prepared.plan))
        for page in prepared.plan.pages:
            if page.decision is KitDecision.LEFT_ALONE:
                _show_difference(page)
        for sentence in _remarks(prepared):
            pywikibot.info(printable(sentence))
        for sentence in prepared.kit.lacks:
            pywikibot.warning(sentence)

    def report(self, prepared: Installation,
               run: BareRun[InstallPlan]) -> None:
        """Say what a person has to put where, and write reports."""
        for page, result in zip(run.plan.pages, run.results, strict=True):
            if result.error:
                pywikibot.error(printable(with_remedy(result.error)))
            if result.outcome is Outcome.REJECTED:
                pywikibot.info('Start again; what is there by then is left '
                               'alone.')
            elif result.outcome is Outcome.FAILED:
                _ask_for(page)
        for page in run.plan.by_hand:
            _ask_for(page)
        self._write(run.plan.with_results(run.results))

    def report_simulation(self, prepared: Installation) -> None:
        """Write what is to be done."""
        self._write(prepared.plan)

    def _write(self, plan: InstallPlan) -> None:
        write_reports(self._reports, plan, Told(interface_language()))


def _remarks(installation: Installation) -> Iterator[str]:
    """Yield what the operator of a wiki should know of its configuration."""
    configuration = installation.kit.configuration
    for rule in configuration.rules:
        if not rule.approval:
            yield (f'By the rule "{rule.name}" of the configuration nobody '
                   'has to approve.')
    if configuration.interwiki:
        yield ('The target fetches pages by itself from: '
               f'{", ".join(configuration.interwiki)}. Take those whose '
               'operators you do not trust out of "interwiki" in the '
               'configuration: their pages are uploaded then, and the bot '
               'looks at all that it sends.')
    if installation.guarded:
        yield ('The bot itself can edit '
               f'"{installation.kit.names.configuration}". Give '
               f'-configpage:{installation.guarded} to have it where it '
               'cannot: somebody who edits interface messages puts the text '
               'there, and the bot finds it by itself.')


def _show_difference(page: InstallPage) -> None:
    lines = list(_diff(page))
    for line in lines[:_DIFF_LINES]:
        pywikibot.info(line)
    if len(lines) > _DIFF_LINES:
        pywikibot.info(f'… {len(lines) - _DIFF_LINES} more lines')
    pywikibot.info(printable(f'{page.title} stays as it is.'))


def _diff(page: InstallPage) -> Iterator[str]:
    """Yield what a page that is left alone has another way."""
    title = page.title
    if page.there is None:
        yield printable(f'{title}: the wiki shows no text')
        return
    for line in unified_diff(
            page.there.splitlines(), page.text.splitlines(),
            f'{title} (stays)', f'{title} (as it would be made)',
            lineterm=''):
        yield printable(line)


def _ask_for(page: InstallPage) -> None:
    """Say what a person has to put where."""
    pywikibot.info(printable(f'Have somebody with the right to do so put '
                             f'this text at "{page.title}":'))
    for line in page.text.splitlines():
        # The tabs of JSON are no control characters of a wiki.
        pywikibot.info(printable(line.replace('\t', '    ')))
