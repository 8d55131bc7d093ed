"""Runs of the journal for the terminal: every word of a wiki is data."""
from __future__ import annotations

from contextlib import suppress

from rich.console import RenderableType
from rich.text import Text

from importbot.journal.records import (
    NOT_REACHED,
    PageRecord,
    Past,
    RunList,
    RunRecord,
    RunSummary,
)
from importbot.journal.reports import report_of_record
from importbot.model.printable import listed
from importbot.reports.terminal.layout import WordTable
from importbot.reports.terminal.overview import overview_parts
from importbot.reports.terminal.remedies import note_with_remedy, with_remedy
from importbot.reports.terminal.tables import filled_table, lines, safe
from importbot.reports.words.changes import AnyReport, first_and_more
from importbot.reports.words.runs import (
    counted,
    host,
    lasted,
    moment,
    reason,
    requested,
    requester,
    revisions,
    state,
    way,
)


__all__ = ('past_table', 'run_parts', 'runs_table')

_STYLES = {'import': 'green', 'undo': 'green', 'skip': 'dim',
           'hold': 'yellow', 'refuse': 'red', 'verified': 'green',
           'unchanged': 'dim', 'imported': 'yellow', NOT_REACHED: 'yellow',
           'differs': 'red', 'rejected': 'red', 'failed': 'red',
           'unknown': 'red'}


def runs_table(listed: RunList, language: str) -> WordTable:
    """Return one row for each run.

    :param listed: the runs
    :param language: of the states
    """
    wikis = {run.target_api for run in listed.runs}
    is_one = len(wikis) == 1
    return filled_table(f'Runs into {wikis.pop()}' if is_one else '', [{
        'run': str(run.run),
        'started': moment(run.started),
        'state': state(run, language),
        'requested pages': requested(run),
        'from': _source(run),
        'into': '' if is_one else host(run.target_api),
        'asked by': requester(run, language),
        'approved by': run.approver,
        'decisions': counted(run.decisions),
        'outcomes': counted(run.outcomes, _outcome_word),
    } for run in listed.runs])


def past_table(past: Past, language: str) -> WordTable:
    """Return one row for each decision about a page.

    :param past: what was decided
    :param language: of states and reasons
    """
    wikis = {entry.summary.target_api for entry in past.entries}
    return filled_table(f'What runs decided about "{past.title}"', [{
        'run': str(run.run),
        'started': moment(run.started),
        'state': _news(run, language),
        'into': host(run.target_api) if len(wikis) > 1 else '',
        'asked by': requester(run, language),
        'approved by': run.approver,
        'page': f'{run.source_prefix}:{way(page)}',
        'source revision': str(page.latest or ''),
        **_cells(page, run, language),
    } for run, page in ((entry.summary, entry.page)
                        for entry in past.entries)])


def _news(run: RunSummary, language: str) -> str:
    """Return the state of a run, where it is not the usual one."""
    if (run.state == 'finished' and run.undoes is None
            and not run.undone_by):
        return ''
    return state(run, language)


def run_parts(record: RunRecord, language: str, *,
              everything: bool = True) -> list[RenderableType]:
    """Return a run: who and when, then as its report was.

    Of some of its pages there is a table, with notes and counts.

    :param record: the run, with those of its pages that are wanted
    :param language: of states, notes and reasons
    :param everything: whether all pages are to stand below, one a row
    """
    run = record.summary
    table = filled_table('', [
        {'page': way(page), **_cells(page, run, language)}
        for page in record.pages])
    report = _whole_report(record)
    if report is not None:
        return [*lines(_head(run, language)), *overview_parts(
            report, language, everything=everything, more='-verbose',
            table=table)]
    return [*lines([*_head(run, language), *(
        note_with_remedy(note, language) for note in record.notes)]),
        table, *lines([*(note_with_remedy(note, language)
                         for note in record.shown), *_counts(record)])]


def _whole_report(record: RunRecord) -> AnyReport | None:
    """Return the report of a run, None where it has not all pages or words
    of a later release."""
    if not 0 < len(record.pages) == sum(record.summary.decisions.values()):
        return None
    with suppress(KeyError, TypeError, ValueError):
        return report_of_record(record)
    return None


def _head(run: RunSummary, language: str) -> list[str]:
    time = f'{moment(run.started)} UTC'
    if run.ended:
        time += f', {lasted(run)}'
    told = [f'Run {run.run}: {state(run, language)}; {time}',
             f'Plan {run.plan}: {_source(run)} ({run.source_api}) → '
             f'{run.target_api} as {run.target_user}']
    asked = (f'Asked for by {run.requester}' if run.requester
             else 'Nothing proves who asked for it')
    if run.approver:
        asked += f', approved by {run.approver}'
    if run.request:
        asked += f': request {run.request} on "{run.request_page}"'
    return [*told, asked]


def _counts(record: RunRecord) -> list[str]:
    run, shown = record.summary, len(record.pages)
    pages = sum(run.decisions.values())
    line = (f'Pages: {pages}; {counted(run.decisions)}; '
            f'{counted(run.outcomes, _outcome_word)}' if pages
            else 'No page.')
    if shown < pages:
        line += f'; shown are {shown}'
    if record.unresolved:
        line += ('; not followed, because a parameter decides: '
                 + listed(record.unresolved))
    return [line]


def _cells(page: PageRecord, run: RunSummary,
           language: str) -> dict[str, str | Text]:
    """Return what every table has of a page."""
    return {
        'role': page.role,
        'needed by': first_and_more(page.needed_by),
        'decision': _styled(page.decision),
        'reason': reason(page, run, language),
        'outcome': _outcome(page),
        'revisions': revisions(page),
    }


def _outcome(page: PageRecord) -> Text:
    name = page.outcome or NOT_REACHED
    text = _outcome_word(name)
    if page.imported:
        text += f', {page.imported} revision' + 's' * (page.imported > 1)
    if page.complaint:
        text += f': {with_remedy(page.complaint)}'
    return safe(text, _STYLES.get(name, ''))


def _outcome_word(name: str) -> str:
    return 'not reached' if name == NOT_REACHED else name


def _source(run: RunSummary) -> str:
    return run.source_prefix or host(run.source_api)


def _styled(name: str) -> Text:
    return safe(name, _STYLES.get(name, ''))
