"""Runs of the journal as wikitext; every word of a wiki is escaped."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from importbot.i18n import message
from importbot.journal.records import (
    NOT_REACHED,
    PageRecord,
    Past,
    RunList,
    RunRecord,
    RunSummary,
)
from importbot.model.printable import printable
from importbot.reports.wikitext.changes import error_text, note_lines
from importbot.reports.wikitext.escape import link, page_link, plain
from importbot.reports.words.changes import first_and_more
from importbot.reports.words.runs import (
    counted,
    host,
    lasted,
    moment,
    outcome_word,
    reason,
    requested,
    requester,
    revisions,
    state,
    word,
)


__all__ = ('past_wikitext', 'run_wikitext', 'runs_wikitext')


def runs_wikitext(listed: RunList, language: str) -> str:
    """Return one row for each run.

    :param listed: the runs
    """
    return _text(_table([{
        'run': str(run.run), 'pages': plain(requested(run)),
        **_run_cells(run, language),
        'decisions': _decisions(run, language),
        'outcomes': _outcomes(run, language)}
        for run in listed.runs], language))


def past_wikitext(past: Past, language: str) -> str:
    """Return one row for each decision about a page.

    :param past: what was decided
    """
    return _text(_table([{
        'run': str(run.run), **_run_cells(run, language),
        **_page_cells(page, run, language)}
        for run, page in ((entry.summary, entry.page)
                          for entry in past.entries)],
        language, caption=past.title))


def run_wikitext(record: RunRecord, language: str) -> str:
    """Return a run: who and when, notes, one row for each page.

    :param record: the run
    """
    run = record.summary
    cells = {
        'run': str(run.run), **_run_cells(run, language),
        'lasted': lasted(run),
        'request': link(run.request_page) if run.request_page else '',
        'decisions': _decisions(run, language),
        'outcomes': _outcomes(run, language)}
    return _text([
        *(f'* {_head(name, language)}: {cell}'
          for name, cell in cells.items() if cell),
        *note_lines([*record.notes, *record.shown], language),
        *_table([_page_cells(page, run, language) for page in record.pages],
                language)])


def _run_cells(run: RunSummary, language: str) -> dict[str, str]:
    return {
        'started': f'{moment(run.started)} (UTC)',
        'state': plain(state(run, language)),
        'source': plain(run.source_prefix or host(run.source_api)),
        'wiki': plain(host(run.target_api)),
        'requester': (_user(run.requester) if run.requester
                      else plain(requester(run, language))),
        'approver': _user(run.approver) if run.approver else ''}


def _page_cells(page: PageRecord, run: RunSummary,
                language: str) -> dict[str, str]:
    return {
        'page': page_link(run.source_prefix, page.title),
        'latest': str(page.latest or ''),
        'target': link(page.target) if page.target else '',
        'role': plain(word(language, 'role', page.role)),
        'needed': plain(first_and_more(page.needed_by)),
        'decision': plain(word(language, 'decision', page.decision)),
        'reason': plain(reason(page, run, language)),
        'outcome': _outcome(page, run, language),
        'change': revisions(page)}


def _outcome(page: PageRecord, run: RunSummary, language: str) -> str:
    text = plain(outcome_word(run, language)(page.outcome or NOT_REACHED))
    return f'{text}{error_text(page.complaint, language)}'


def _decisions(run: RunSummary, language: str) -> str:
    return plain(counted(run.decisions, partial(word, language, 'decision')))


def _outcomes(run: RunSummary, language: str) -> str:
    return plain(counted(run.outcomes, outcome_word(run, language)))


def _user(name: str) -> str:
    return link(f'User:{name}', name)


def _head(name: str, language: str) -> str:
    return plain(message(language, f'table-{name}'))


def _table(rows: Sequence[Mapping[str, str]], language: str, *,
           caption: str = '') -> list[str]:
    """Return the lines of a table without its empty columns."""
    if not rows:
        return []
    names = [name for name in rows[0] if any(row[name] for row in rows)]
    lines = ['{| class="wikitable sortable"']
    if caption:
        lines.append(f'|+ {plain(caption)}')
    lines.append('! ' + ' !! '.join(_head(name, language)
                                    for name in names))
    for row in rows:
        lines += ['|-', '| ' + ' || '.join(row[name] for name in names)]
    return [*lines, '|}']


def _text(lines: Sequence[str]) -> str:
    """Return lines that may be shown on a terminal, too."""
    return '\n'.join([*map(printable, lines), ''])
