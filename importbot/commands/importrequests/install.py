"""The command that sets a wiki up for import requests."""
from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from pathlib import Path

import pywikibot
from pywikibot.site import APISite

from importbot.commands.exit_status import FAILED, ON_HOLD, WORK_TO_DO
from importbot.commands.files import write_reports
from importbot.commands.interruptible import says_yes
from importbot.i18n import interface_language
from importbot.model.errors import (
    EditConflictError,
    ImportbotError,
    TargetError,
    UsageError,
)
from importbot.model.install_plan import KitDecision
from importbot.model.printable import printable
from importbot.reports.formats import Told
from importbot.reports.terminal.install import install_table
from importbot.reports.terminal.tables import show
from importbot.requestpages.install.installation import (
    Choice,
    Installation,
    plan_installation,
)
from importbot.requestpages.install.kit import KitPage


__all__ = ('install', )

#: Lines of a difference that somebody might read.
_DIFF_LINES = 40


def install(site: APISite, configuration_page: str, always: bool,
            reports: Iterable[Path] = ()) -> int:
    """Show which pages a wiki lacks for import requests, and write them.

    :param configuration_page: full title, the bot's own JSON page if empty
    :param always: whether nobody is asked
    :param reports: files for what is to be done, or was
    :return: exit status
    :raises ImportbotError: it cannot be done
    """
    plan = plan_installation(site, configuration_page)
    _show(plan)
    told = Told(interface_language())
    if pywikibot.config.simulate:
        write_reports(reports, plan.plan, told)
        pywikibot.info('Simulation: nothing was written.')
        return WORK_TO_DO if plan.missing or plan.by_hand else 0
    if plan.missing and not always and not _confirm():
        pywikibot.info('Nothing was written.')
        return 0
    for page in plan.write():
        pywikibot.info(printable(f'{page.title}: created'))
    if plan.missing:
        plan.refresh()
    for page, error in plan.failures:
        _tell(page, error)
    for page in plan.by_hand:
        _ask_for(page)
    write_reports(reports, plan.plan, told)
    return FAILED if plan.failures else ON_HOLD if plan.by_hand else 0


def _confirm() -> bool:
    """Ask once.

    :raises UsageError: nobody is there to answer
    """
    if not sys.stdin.isatty():
        raise UsageError('Nobody is there to confirm the plan: give '
                         '-always to write without asking, or -simulate '
                         'to stop here')
    return says_yes('Write these pages?')


def _show(plan: Installation) -> None:
    names = plan.kit.names
    show(install_table(plan.plan))
    for choice in plan.choices:
        if choice.decision is KitDecision.LEFT_ALONE:
            lines = list(_diff(choice))
            for line in lines[:_DIFF_LINES]:
                pywikibot.info(line)
            if len(lines) > _DIFF_LINES:
                pywikibot.info(f'… {len(lines) - _DIFF_LINES} more lines')
            pywikibot.info(printable(f'{choice.page.title} stays as it is.'))
    for rule in plan.kit.configuration.rules:
        if not rule.approval:
            pywikibot.info(printable(
                f'By the rule "{rule.name}" of the configuration nobody has '
                'to approve.'))
    fetched = plan.kit.configuration.interwiki
    if fetched:
        pywikibot.info(printable(
            f'The target fetches pages by itself from: {", ".join(fetched)}. '
            'Take those whose operators you do not trust out of "interwiki" '
            'in the configuration: their pages are uploaded then, and the '
            'bot looks at all that it sends.'))
    if plan.guarded:
        pywikibot.info(printable(
            f'The bot itself can edit "{names.configuration}". Give '
            f'-configpage:{plan.guarded} to have it where it cannot: '
            'somebody who edits interface messages puts the text there, and '
            'the bot finds it by itself.'))
    for sentence in plan.kit.lacks:
        pywikibot.warning(sentence)


def _diff(choice: Choice) -> Iterator[str]:
    """Yield what a page that is left alone has another way."""
    title = choice.page.title
    if choice.there is None:
        yield printable(f'{title}: the wiki shows no text')
        return
    for line in unified_diff(
            choice.there.splitlines(), choice.page.text.splitlines(),
            f'{title} (stays)', f'{title} (as it would be made)',
            lineterm=''):
        yield printable(line)


def _tell(page: KitPage, error: ImportbotError) -> None:
    """Say what a person can do about a page that was not written."""
    pywikibot.error(printable(str(error)))
    if isinstance(error, (EditConflictError, TargetError)):
        pywikibot.info('Start again; what is there by then is left alone.')
        return
    _ask_for(page)


def _ask_for(page: KitPage) -> None:
    """Say what a person has to put where."""
    pywikibot.info(printable(f'Have somebody with the right to do so put '
                             f'this text at "{page.title}":'))
    for line in page.text.splitlines():
        # The tabs of JSON are no control characters of a wiki.
        pywikibot.info(printable(line.replace('\t', '    ')))
