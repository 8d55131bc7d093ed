"""The command that tells what the journal has of runs."""
from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pywikibot

from importbot.commands.exit_status import FAILED
from importbot.commands.importruns.folder import RunsPages
from importbot.commands.importruns.options import RunsOptions
from importbot.commands.importruns.pruning import prune
from importbot.commands.offline import default_api
from importbot.i18n import interface_language
from importbot.journal.journal import Journal
from importbot.journal.location import open_journal
from importbot.journal.queries import RunLog
from importbot.journal.records import NOT_REACHED, RunFilter
from importbot.model.decisions import Decision, Outcome
from importbot.model.errors import UsageError
from importbot.model.plan import as_text
from importbot.model.printable import printable
from importbot.model.undo_plan import UndoDecision
from importbot.reports.terminal.plan import show
from importbot.reports.terminal.runs import past_table, run_parts, runs_table
from importbot.reports.terminal.streams import encodable
from importbot.reports.wikitext.runs import (
    past_wikitext,
    run_wikitext,
    runs_wikitext,
)


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
    journal = open_journal(options.journal, reads_only=True)
    try:
        log = RunLog(journal)
        _check_words(log, options.wanted)
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
    _print(options.form, {
        'table': lambda: runs_table(listed, interface_language()),
        'wikitext': lambda: runs_wikitext(listed, interface_language()),
        'json': listed.as_json})
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
    _print(options.form, {
        'table': lambda: past_table(past, interface_language()),
        'wikitext': lambda: past_wikitext(past, interface_language()),
        'json': past.as_json})
    if not past.entries:
        pywikibot.info(printable(
            f'No decision about "{past.title}" is like that.'))
    _tell_left_out(past.earlier, past.elsewhere, 'Decisions')
    return 0


def _tell_run(log: RunLog, options: RunsOptions) -> int:
    assert options.run is not None, 'it is wanted'
    record = log.run(options.run, options.wanted)
    _print(options.form, {
        'table': lambda: run_parts(record, interface_language()),
        'wikitext': lambda: run_wikitext(record, interface_language()),
        'json': record.as_json})
    return 0


def _write_pages(journal: Journal, options: RunsOptions) -> int:
    assert options.html is not None, 'it is wanted'
    pages = RunsPages(journal, options.html, interface_language())
    count = pages.write(options.wanted)
    for run in pages.unreadable:
        pywikibot.warning(f'Run {run} has words that this importbot does not '
                          'know, so that it has no report; update importbot')
    pywikibot.info(f'Pages in {options.html}: {count}; written now: '
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


def _print(form: str, makers: Mapping[str, Callable[[], Any]]) -> None:
    """Print in one of the forms to standard output."""
    made = makers[form]()
    if form == 'table':
        show(*(made if isinstance(made, list) else [made]))
    else:
        # Both have a way to write letters that the encoding lacks.
        encoding = sys.stdout.encoding or 'utf-8'
        print(_safe_json(made, encoding) if form == 'json' else
              made.encode(encoding, 'xmlcharrefreplace').decode(encoding),
              end='')
    # Whoever reads it may have gone, and that is to be noticed here.
    sys.stdout.flush()


def _safe_json(data: Mapping[str, Any], encoding: str) -> str:
    """Return JSON with nothing in it that could steer a terminal."""
    text = as_text(data)
    lacks = not encodable(text, encoding)
    return ''.join(
        json.dumps(char)[1:-1] if not (char.isprintable() or char == '\n')
        or (lacks and not encodable(char, encoding)) else char
        for char in text)
