"""Runs of the journal for the terminal: every word of a wiki is data."""
from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from rich.console import RenderableType
from rich.text import Text

from importbot.i18n import message, spoken
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
from importbot.reports.terminal.changes import own_word
from importbot.reports.terminal.layout import WordTable
from importbot.reports.terminal.overview import overview_parts
from importbot.reports.terminal.remedies import note_with_remedy, with_remedy
from importbot.reports.terminal.tables import filled_table, lines, safe
from importbot.reports.words.changes import (
    AnyReport,
    first_and_more,
    outcome_sentence,
)
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


#: Columns that have another name in English than their message.
_ENGLISH = {'pages': 'requested pages', 'source': 'from', 'wiki': 'into',
            'requester': 'asked by', 'approver': 'approved by',
            'revision-there': 'source revision', 'needed': 'needed by'}


def runs_table(listed: RunList, language: str) -> WordTable:
    """Return one row for each run.

    :param listed: the runs
    :param language: of the states
    """
    wikis = {run.target_api for run in listed.runs}
    is_one = len(wikis) == 1
    title = message(language, 'run-title-into',
                    target=wikis.pop()) if is_one else ''
    return filled_table(title, [_named({
        'run': str(run.run),
        'started': moment(run.started),
        'state': state(run, language),
        'pages': requested(run),
        'source': _source(run),
        'wiki': '' if is_one else host(run.target_api),
        'requester': requester(run, language),
        'approver': run.approver,
        'decisions': _decisions(run, language),
        'outcomes': _outcomes(run, language),
    }, language) for run in listed.runs])


def past_table(past: Past, language: str) -> WordTable:
    """Return one row for each decision about a page.

    :param past: what was decided
    :param language: of states and reasons
    """
    wikis = {entry.summary.target_api for entry in past.entries}
    title = message(language, 'run-title-past', page=past.title)
    return filled_table(title, [_named({
        'run': str(run.run),
        'started': moment(run.started),
        'state': _news(run, language),
        'wiki': host(run.target_api) if len(wikis) > 1 else '',
        'requester': requester(run, language),
        'approver': run.approver,
        'page': f'{run.source_prefix}:{way(page)}',
        'revision-there': str(page.latest or ''),
        **_cells(page, run, language),
    }, language) for run, page in ((entry.summary, entry.page)
                                   for entry in past.entries)])


def _named(cells: Mapping[str, str | Text],
           language: str) -> dict[str, str | Text]:
    """Return the cells of a row by the names of their columns."""
    return {own_word(f'table-{name}', _ENGLISH.get(name, name), language): cell
            for name, cell in cells.items()}


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
        _named({'page': way(page), **_cells(page, run, language)}, language)
        for page in record.pages])
    report = _whole_report(record)
    if report is not None:
        return [*lines(_head(run, language)), *overview_parts(
            report, language, everything=everything, more='-verbose',
            table=table)]
    return [*lines([*_head(run, language), *(
        note_with_remedy(note, language) for note in record.notes)]),
        table, *lines([*(note_with_remedy(note, language)
                         for note in record.shown),
                      *_counts(record, language)])]


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
    told = [message(language, 'run-line', run=run.run,
                    state=state(run, language), time=time),
            message(language, 'run-line-plan', plan=run.plan,
                    source=_source(run), api=run.source_api,
                    target=run.target_api, user=run.target_user)]
    asked = (message(language, 'run-line-asked', requester=run.requester)
             if run.requester else message(language, 'run-line-nobody'))
    if run.approver:
        asked = message(language, 'run-line-approved', asked=asked,
                        approver=run.approver)
    if run.request:
        asked = message(language, 'run-line-request', asked=asked,
                        request=run.request, page=run.request_page)
    return [*told, asked]


def _counts(record: RunRecord, language: str) -> list[str]:
    run, shown = record.summary, len(record.pages)
    pages = sum(run.decisions.values())
    line = message(
        language, 'run-line-pages', count=pages,
        decisions=_decisions(run, language),
        outcomes=_outcomes(run, language)) if pages else message(
            language, 'run-line-no-page')
    if shown < pages:
        line = message(language, 'run-line-shown', line=line, shown=shown)
    if record.unresolved:
        line = message(language, 'run-line-unresolved', line=line,
                       names=listed(record.unresolved))
    return [line]


def _decisions(run: RunSummary, language: str) -> str:
    return counted(run.decisions, lambda name: own_word(
        f'decision-{name}', name, language))


def _outcomes(run: RunSummary, language: str) -> str:
    return counted(run.outcomes,
                   lambda name: _outcome_word(name, run, language))


def _cells(page: PageRecord, run: RunSummary,
           language: str) -> dict[str, str | Text]:
    """Return what every table has of a page."""
    return {
        'role': own_word(f'role-{page.role}', page.role, language),
        'needed': first_and_more(page.needed_by),
        'decision': safe(
            own_word(f'decision-{page.decision}', page.decision, language),
            _STYLES.get(page.decision, '')),
        'reason': reason(page, run, language),
        'outcome': _outcome(page, run, language),
        'revisions': revisions(page),
    }


def _outcome(page: PageRecord, run: RunSummary, language: str) -> Text:
    name = page.outcome or NOT_REACHED
    text = _outcome_word(name, run, language)
    if page.imported:
        text += ', ' + (
            f'{page.imported} revision' + 's' * (page.imported > 1)
            if spoken(language) == 'en' else message(
                language, 'html-imported', count=page.imported))
    if page.complaint:
        text += f': {with_remedy(page.complaint, language)}'
    return safe(text, _STYLES.get(name, ''))


def _outcome_word(name: str, run: RunSummary, language: str) -> str:
    if name == NOT_REACHED:
        return own_word('outcome-none', 'not reached', language)
    return name if spoken(language) == 'en' else outcome_sentence(
        name, language, is_undo=run.undoes is not None)


def _source(run: RunSummary) -> str:
    return run.source_prefix or host(run.source_api)
