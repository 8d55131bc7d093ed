"""The command that tells what the journal has of runs."""
from __future__ import annotations

from dataclasses import replace

import pywikibot

from importbot.commands.exit_status import FAILED
from importbot.commands.importruns.checking import check
from importbot.commands.importruns.health import tell_health
from importbot.commands.importruns.options import RunsOptions
from importbot.commands.importruns.printing import printed
from importbot.commands.importruns.pruning import prune
from importbot.commands.importruns.upgrading import upgrade
from importbot.commands.offline import default_api
from importbot.i18n import interface_language
from importbot.journal.journal import Journal
from importbot.journal.location import open_journal
from importbot.journal.queries import RunLog
from importbot.journal.records import NOT_REACHED, RunFilter
from importbot.model.decisions import Decision, Outcome
from importbot.model.errors import UsageError
from importbot.model.printable import printable
from importbot.model.undo_plan import UndoDecision
from importbot.reports.terminal.progress import ProgressBar


__all__ = ('tell', )

_DECISIONS = [*(word.value for word in Decision), UndoDecision.UNDO.value]
_OUTCOMES = [*(word.value for word in Outcome), NOT_REACHED]


def tell(options: RunsOptions) -> int:
    """Tell what somebody wants to know of the journal.

    :param options: the command line
    :return: exit status
    :raises ImportbotError: it cannot be done
    """
    if options.prune is not None:
        return prune(options.journal, options.prune, always=options.always)
    if options.upgrade:
        return upgrade(options.journal)
    if options.health is not None:
        return tell_health(options.journal, options.health, options.form,
                           '' if options.everywhere else default_api())
    journal = open_journal(options.journal, reads_only=True)
    try:
        log = RunLog(journal)
        _check_words(log, options.wanted)
        if options.check is not None:
            return check(journal, options.check, replace(
                options.wanted, target_api=default_api()), options.form)
        if options.run is not None:
            return _tell_run(log, options)
        if not options.everywhere:
            options = replace(options, wanted=replace(
                options.wanted, target_api=default_api()))
        if options.html:
            return _write_pages(journal, options)
        return (_tell_past if options.title else _tell_runs)(log, options)
    finally:
        journal.close()


def _check_words(log: RunLog, conditions: RunFilter) -> None:
    """Refuse words that neither we nor the journal know: mistyped ones."""
    for name, given, allowed in (
            ('decision', conditions.decisions, _DECISIONS),
            ('outcome', conditions.outcomes, _OUTCOMES)):
        strange = given.difference(allowed)
        if strange:
            strange -= log.words()[name == 'outcome']
        if strange:
            raise UsageError(f'-{name}:{",".join(sorted(strange))} is not '
                             f'known; give one of {", ".join(allowed)}')


def _tell_runs(log: RunLog, options: RunsOptions) -> int:
    listed = log.runs(options.wanted, options.most)
    printed(listed, options.form)
    if not listed.runs:
        api = options.wanted.target_api
        pywikibot.info(
            'The journal has no run' + (f' into {api}' if api else '')
            + (' that is like that' if options.wanted != RunFilter(api)
               else '') + '.')
    _tell_left_out(listed.earlier, listed.elsewhere, 'Runs')
    return 0


def _tell_past(log: RunLog, options: RunsOptions) -> int:
    past = log.past(options.title, options.wanted, options.most)
    printed(past, options.form)
    if not past.entries:
        pywikibot.info(printable(
            f'No decision about "{past.title}" is like that.'))
    _tell_left_out(past.earlier, past.elsewhere, 'Decisions')
    return 0


def _tell_run(log: RunLog, options: RunsOptions) -> int:
    assert options.run is not None, 'it is wanted'
    record = log.run(options.run, options.wanted)
    printed(record, options.form)
    return 0


def _write_pages(journal: Journal, options: RunsOptions) -> int:
    # Nobody else waits for all that HTML takes.
    from importbot.commands.importruns.folder import RunsPages
    assert options.html is not None, 'it is wanted'
    pages = RunsPages(journal, options.html, interface_language())
    with ProgressBar() as bar:
        count = pages.write(options.wanted, bar.show)
    for run in pages.unreadable:
        pywikibot.warning(f'Run {run} has words that this importbot does not '
                          'know, so that it has no report; update importbot')
    pywikibot.stdout(f'Pages in {options.html}: {count}; written now: '
                     f'{pages.written}')
    return FAILED if pages.unreadable else 0


def _tell_left_out(earlier: int, elsewhere: int, what: str) -> None:
    """Say what is not shown, and how to see it."""
    if earlier:
        pywikibot.info(f'{what} that came before and are not shown: '
                       f'{earlier}; -runs:0 shows all.')
    if elsewhere:
        pywikibot.info(f'{what} into other wikis that are not shown: '
                       f'{elsewhere}; -all shows them.')
