"""All runs of a journal as one HTML page, and how their reports are called.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from importbot.i18n import message, said
from importbot.journal.records import (
    NOT_REACHED,
    PageRecord,
    Past,
    RunSummary,
)
from importbot.reports.html.document import document
from importbot.reports.html.pieces import link, when
from importbot.reports.html.visible import isolated, visible
from importbot.reports.wiki_links import links_of
from importbot.reports.words.changes import first_and_more
from importbot.reports.words.runs import (
    ordered,
    outcome_word,
    reason,
    requested,
    requester,
    revisions,
    state,
    word,
)


__all__ = ('OVERVIEW', 'Months', 'file_of', 'links_beside', 'past_html',
           'runs_html')

#: What the page of all runs is called.
OVERVIEW = 'index.html'

#: Runs on one page; of more, the latest stand there, and each month has its
#: own. A telephone shows and filters as many in a moment.
MOST_RUNS = 500

#: Between the values of a row that a filter looks for.
_BETWEEN = '|'


@dataclass(frozen=True, slots=True)
class _Row:

    """One run in the table.

    :param run: the run
    :param link: address of its report, empty where there is none
    :param beside: addresses and words of the runs that it has to do with
    :param pages: what was asked for
    :param source: short name of the source
    :param requester: who asked
    :param data: values that filters look for, by the name of the filter
    """

    run: RunSummary
    link: str
    beside: tuple[tuple[str, str], ...]
    pages: str
    source: str
    requester: str
    data: Mapping[str, str]


def file_of(run: int) -> str:
    """Return what the report of a run is called."""
    return f'run-{run}.html'


@dataclass(frozen=True)
class Months:

    """Runs as pages of months, where they are too many for one page.

    :param runs: by month, as ``2024-12``, the latest first
    """

    runs: Mapping[str, Sequence[RunSummary]]

    @classmethod
    def of(cls, runs: Sequence[RunSummary]) -> Months:
        """Return the months of runs; none if a page has room for all.

        :param runs: the latest first
        """
        months: dict[str, list[RunSummary]] = {}
        for run in runs if len(runs) > MOST_RUNS else ():
            months.setdefault(run.started[:len('2024-12')], []).append(run)
        return cls(months)

    @staticmethod
    def file_of(month: str) -> str:
        """Return what the page of a month is called.

        :param month: year and number of the month
        """
        return f'runs-{month}.html'

    @property
    def links(self) -> list[tuple[str, str]]:
        """Addresses and words of the pages."""
        return [(self.file_of(month), f'{month} ({len(runs)})')
                for month, runs in self.runs.items()]


def links_beside(run: RunSummary, language: str) -> list[tuple[str, str]]:
    """Return addresses and words of the pages around a report.

    :param run: its run
    """
    return [(OVERVIEW, message(language, 'html-all-runs')),
            *_relatives(run, language)]


def _relatives(run: RunSummary, language: str) -> list[tuple[str, str]]:
    """Return what a run undoes, and what undoes it."""
    links = [] if run.undoes is None else [(
        file_of(run.undoes), message(language, 'run-undoes',
                                     run=run.undoes))]
    return links + [(file_of(number), message(language, 'run-undone',
                                              run=number))
                    for number in run.undone_by]


def runs_html(runs: Sequence[RunSummary], language: str,
              without: Collection[int] = (), *,
              alone: bool = False, months: Months | None = None,
              month: str = '') -> str:
    """Return all runs as a table with filters and search.

    :param runs: the latest first
    :param language: of all words that come from no wiki
    :param without: numbers of runs that have no report beside this page
    :param alone: whether no run has
    :param months: that have pages of their own, if there are any
    :param month: that all these runs are of
    """
    beside = months.links if months else []
    rows = [_row(run, language, without)
            for run in (runs[:MOST_RUNS] if beside else runs)]
    if alone:
        rows = [replace(row, link='', beside=tuple(
            ('', text) for _address, text in row.beside)) for row in rows]
    wikis = {run.target_api: _name(run.target_api) for run in runs}
    title = message(language, 'html-all-runs') if len(wikis) != 1 else (
        isolated(language, 'html-title-runs', target=[*wikis.values()][0]))
    if month:
        title = Markup('{}: {}').format(title, month)
        beside = [(OVERVIEW, message(language, 'html-all-runs'))]
    names = ('state', 'decision', 'outcome', 'requester')
    return document(
        'runs.html.jinja', language, title=title, rows=rows,
        wikis=wikis, ordered=ordered, beside=beside,
        filters={name: _filter(rows, name) for name in names},
        say_word=_sayer(language))


def _row(run: RunSummary, language: str, without: Collection[int]) -> _Row:
    asked = requester(run, language)
    return _Row(
        run, '' if run.run in without else file_of(run.run),
        tuple(_relatives(run, language)), requested(run),
        run.source_prefix or _name(run.source_api), asked,
        {'state': _values([run.state]), 'requester': _values([asked]),
         'decision': _values(run.decisions),
         'outcome': _values(run.outcomes)})


def _values(words: Iterable[str]) -> str:
    """Return values that a filter tells apart, whatever they are."""
    return _BETWEEN.join(word.replace(_BETWEEN, ' ') for word in words)


def _filter(rows: Iterable[_Row], name: str) -> dict[str, int]:
    """Return how many runs each value of a filter has."""
    counts = Counter(value for row in rows
                     for value in row.data[name].split(_BETWEEN) if value)
    return {value: counts[value] for value in ordered(counts)}


def _sayer(language: str) -> Any:
    """Return what says the values of a filter."""
    kinds = {'state': 'run-state', 'decision': 'decision',
             'outcome': 'outcome'}

    def say(name: str, value: str) -> str:
        return (word(language, kinds[name], value) if name in kinds
                else value)

    return say


def _name(api: str) -> str:
    return links_of(api).name or api


def past_html(past: Past, language: str) -> str:
    """Return one row for each decision about a page.

    :param past: what was decided
    :param language: of all words that come from no wiki
    """
    rows = [_past_row(entry.page, entry.summary, language)
            for entry in past.entries]
    return document(
        'table.html.jinja', language, rows=rows,
        title=isolated(language, 'html-title-past', page=past.title),
        caption=message(language, 'html-past-caption'),
        columns=[name for name in (rows[0] if rows else ('run', ))
                 if any(row[name] for row in rows)])


def _past_row(page: PageRecord, run: RunSummary,
              language: str) -> dict[str, Markup | str]:
    source, target = links_of(run.source_api), links_of(run.target_api)
    outcome = outcome_word(run, language)(page.outcome or NOT_REACHED)
    return {
        'run': str(run.run), 'started': when(run.started),
        'state': state(run, language), 'wiki': _isolated(
            _name(run.target_api)),
        'requester': _isolated(requester(run, language)),
        'approver': _isolated(run.approver),
        'page': link(source.page(page.title), page.title),
        'latest': str(page.latest or ''),
        'target': link(target.page(page.target), page.target)
        if page.target else '',
        'role': word(language, 'role', page.role),
        'needed': _isolated(first_and_more(page.needed_by)),
        'decision': word(language, 'decision', page.decision),
        'reason': reason(page, run, language),
        'outcome': Markup('{}: <bdi>{}</bdi>').format(
            visible(outcome), visible(said(language, page.complaint)))
        if page.complaint else outcome,
        'change': revisions(page)}


def _isolated(text: str) -> Markup | str:
    return link('', text) if text else ''
