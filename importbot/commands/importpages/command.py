"""The way of the scripts that import: plan, ask, apply, report."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import pywikibot

from importbot.applying.apply import report_of
from importbot.applying.shown import with_rendering
from importbot.commands.command_line import CommandLine
from importbot.commands.exit_status import (
    FAILED,
    INTERRUPTED,
    WORK_TO_DO,
    plan_status,
)
from importbot.commands.files import PageList, write_reports, write_text
from importbot.commands.importpages.bot import ImportBot
from importbot.i18n import interface_language
from importbot.journal.journal import now
from importbot.journal.reports import RunDetails
from importbot.model.plan import Plan
from importbot.model.printable import printable
from importbot.model.report import PageResult, Report
from importbot.reports.formats import Told
from importbot.reports.terminal.changes import (
    change_table,
    complaints,
    summary_line,
)
from importbot.reports.terminal.diffs import cleanup_diffs, held_diffs
from importbot.reports.terminal.remedies import note_with_remedy, with_remedy
from importbot.reports.terminal.tables import show
from importbot.reports.texts import (
    CleanedTexts,
    HeldTexts,
    cleaned_texts,
    held_texts,
)
from importbot.rules.page_lists import list_text
from importbot.sources.transfer import Transfer


__all__ = ('work', )


#: Texts that are kept for a report in HTML, which has room for no more.
_KEPT = 300

_Text = TypeVar('_Text', HeldTexts, CleanedTexts)
_Compared = list[HeldTexts | CleanedTexts]


def _show_plan(plan: Plan, transfer: Transfer,
               asks: bool = False) -> _Compared:
    """Print what a person should know first, then the table.

    :param asks: whether pages on hold are asked about next
    :return: the texts that were compared
    """
    compared: _Compared = []

    def kept(texts: Iterator[_Text]) -> Iterator[_Text]:
        for item in texts:
            if len(compared) < _KEPT:
                compared.append(item)
            yield item

    for note in plan.notes:
        pywikibot.info(note_with_remedy(note, interface_language()))
    show(change_table(plan, interface_language()))
    pywikibot.info(summary_line(plan))
    if not asks:
        for line in held_diffs(kept(held_texts(plan.pages, transfer))):
            pywikibot.info(line)
        for line in cleanup_diffs(kept(cleaned_texts(plan.pages, transfer))):
            pywikibot.info(line)
        for sentence in complaints(plan, interface_language()):
            pywikibot.warning(sentence)
    return compared


def _show_report(report: Report) -> None:
    if report.plan.has_work:
        show(change_table(report.plan, interface_language(), report.results))
    for note in report.notes:
        # What the source lacks as well is no news.
        if note.is_news:
            pywikibot.warning(
                note_with_remedy(note, interface_language()))
    pywikibot.info(summary_line(report.plan, report.results, report.run))


def _told(compared: _Compared, details: RunDetails | None = None) -> Told:
    """Return what is told besides a plan or report."""
    return Told(interface_language(), details or RunDetails(planned=now()),
                compared)


def _write_lists(lists: Iterable[PageList], bot: ImportBot) -> None:
    for page_list in lists:
        write_text(page_list.path, list_text(bot.brought(page_list.of)))


def _leave_out(lists: Iterable[PageList]) -> None:
    """Say that there is nothing to list; an old list stays as it is."""
    for page_list in lists:
        pywikibot.info('Not written, as nothing was imported: '
                       f'{page_list.path}')


def work(kind: type[ImportBot], options: CommandLine) -> int:
    """Do what the command line asks for: plan, ask, apply, report.

    :param kind: bot of the script
    :param options: the command line
    :return: exit status
    :raises ImportbotError: it cannot be done
    """
    bot = kind(**options.given)
    try:
        bot.check_lists(page_list.of for page_list in options.lists)
        return _work(bot, options)
    finally:
        bot.close()


def _work(bot: ImportBot, options: CommandLine) -> int:
    if bot.make_plan(options.rest) is None:
        return FAILED
    compared = _show_plan(bot.plan, bot.transfer, asks=bot.has_questions)
    if bot.opt.plan:
        if bot.opt.plan is not True:
            write_reports([Path(bot.opt.plan)], bot.plan, _told(compared))
        _leave_out(options.lists)
        return WORK_TO_DO if bot.plan.has_work else plan_status(bot.plan)
    if pywikibot.config.simulate:
        write_reports(options.reports, Report(
            bot.plan, None, (PageResult(), ) * len(bot.plan.pages)),
            _told(compared))
        pywikibot.info('Simulation: nothing was written.')
        _leave_out(options.lists)
        return plan_status(bot.plan)
    if bot.ask_about_held_pages():
        compared = _show_plan(bot.plan, bot.transfer)
    if not bot.confirm():
        pywikibot.info('Nothing was imported.')
        _leave_out(options.lists)
        return 0
    bot.run()
    report = with_rendering(report_of(bot.carried_out), bot.transfer.target,
                            bot.carried_out.journal)
    _show_report(report)
    if bot.carried_out.obstacle:
        pywikibot.warning(printable(
            f'The run stopped: {with_remedy(bot.carried_out.obstacle)}'))
    write_reports(options.reports, report, _told(compared, bot.details))
    _write_lists(options.lists, bot)
    if bot.interrupted:
        pywikibot.info('-resume goes on where this run stopped.')
        return INTERRUPTED
    return plan_status(bot.plan) if report.went_as_planned else FAILED
