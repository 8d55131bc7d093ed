"""What the journal tells of runs, as values."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from importbot.journal.changes import ARRIVAL, Change
from importbot.journal.tables import PageRow, RunRow
from importbot.model.notes import Note, notes_from_json


__all__ = ('NOT_REACHED', 'PageRecord', 'Past', 'PastEntry', 'RunFilter',
           'RunList', 'RunRecord', 'RunSummary')

#: What stands for an outcome where there is none yet.
NOT_REACHED = 'none'

#: Of the JSON form of lists; a run has that of its report.
_SCHEMA = 1


@dataclass(frozen=True)
class RunFilter:

    """Which runs and pages are wanted; what is empty is no condition.

    :param target_api: the wiki that runs go into
    :param decisions: words of decisions, one of which a page has to have
    :param outcomes: words of outcomes, or :data:`NOT_REACHED`
    :param requester: who asked for the run
    :param since: earliest beginning of a run, as the journal writes times
    :param until: latest beginning of a run
    :param titles: full titles on source or target, one of which a page of
        the run has to have
    """

    target_api: str = ''
    decisions: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    requester: str = ''
    since: str = ''
    until: str = ''
    titles: frozenset[str] = frozenset()

    def takes(self, page: PageRow) -> bool:
        """Return whether a page has such a decision and outcome.

        :param page: of any run
        """
        return ((not self.decisions or page.decision in self.decisions)
                and (not self.outcomes
                     or (page.outcome or NOT_REACHED) in self.outcomes))


@dataclass(frozen=True, kw_only=True)
class RunSummary(RunRow):

    """A run in one line; its state is ``running`` only while its bot lives.

    :param request: id of the request that it is of, empty for none
    :param request_page: where that request stands
    :param requester: who asked for it, empty where nothing proves it
    :param approver: who approved it, empty where nobody had to
    :param planned: when the request was planned, ISO 8601, empty without one
    :param decisions: number of pages by decision
    :param outcomes: number of pages by outcome, or :data:`NOT_REACHED`
    :param requested: the first of the requested pages, by its title on the
        source
    :param requests: how many pages were requested
    :param undoes: number of the run that it undoes, None if it imports
    :param undone_by: numbers of runs that undo it
    """

    request: str = ''
    request_page: str = ''
    requester: str = ''
    approver: str = ''
    planned: str = ''
    decisions: Mapping[str, int] = field(default_factory=dict)
    outcomes: Mapping[str, int] = field(default_factory=dict)
    requested: str = ''
    requests: int = 0
    undoes: int | None = None
    undone_by: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {
            'approver': self.approver or None,
            'decisions': dict(self.decisions),
            'ended': self.ended,
            'outcomes': dict(self.outcomes),
            'plan': self.plan,
            'request': {'id': self.request, 'page': self.request_page}
            if self.request else None,
            'requested': {'first': self.requested or None,
                          'count': self.requests},
            'requester': self.requester or None,
            'run': self.run,
            'source': {'api': self.source_api, 'prefix': self.source_prefix},
            'started': self.started,
            'state': self.state,
            'target': {'api': self.target_api, 'user': self.target_user},
            'undoes': self.undoes,
            'undone_by': list(self.undone_by),
        }


@dataclass(frozen=True, kw_only=True)
class PageRecord(PageRow):

    """A page of a run, with what the run did to it.

    :param changes: by ids of revisions
    """

    changes: tuple[Change, ...] = ()

    @property
    def needed_by(self) -> Sequence[str]:
        """Titles of the pages that lead to it."""
        return tuple(self.decided.get('needed_by', ()))

    @property
    def latest(self) -> int | None:
        """Id of the source's newest revision, None where it has none."""
        latest: int | None = self.decided.get('latest')
        return latest

    @property
    def change(self) -> Change | None:
        """From what to what the run brought the page, None for nothing."""
        return next((change for change in self.changes
                     if change.action == ARRIVAL),
                    self.changes[-1] if self.changes else None)

    def as_json(self) -> dict[str, Any]:
        """Return the page as a report has it, with what was changed."""
        return {**self.decided, 'outcome': self.outcome,
                'imported': self.imported, 'error': self.error,
                'before': self.revision_before,
                'changes': [{
                    'action': change.action, 'before': change.before,
                    'after': change.after, 'shared': change.is_shared}
                    for change in self.changes]}


@dataclass(frozen=True)
class RunRecord:

    """One run with all that is written down of it.

    :param summary: the run itself
    :param said: what its plan says besides its pages, in JSON; empty where
        an older release recorded the run
    :param pages: those that are wanted, in the order of application
    :param shown: notes on what the pages show on the target
    """

    summary: RunSummary
    said: Mapping[str, Any]
    pages: tuple[PageRecord, ...]
    shown: tuple[Note, ...] = ()

    @property
    def notes(self) -> Sequence[Note]:
        """What a person should have known before the run."""
        return notes_from_json(self.said.get('notes', ()))

    @property
    def unresolved(self) -> Sequence[str]:
        """Names that nobody can resolve without rendering."""
        return tuple(item['name'] for item in self.said.get('unresolved',
                                                            ()))

    def as_json(self) -> dict[str, Any]:
        """Return the report of the run, with what only the journal has."""
        run = self.summary.as_json()
        data = {
            'schema': _SCHEMA, 'id': run.pop('plan'),
            'options': dict(self.summary.options), 'unresolved': [],
            'summary': run['decisions'], **run, **self.said,
            'pages': [page.as_json() for page in self.pages]}
        for side in ('source', 'target'):
            data[side] = {**run[side], **self.said.get(side, {})}
        data['notes'] = [note.as_json() for note in (*self.notes,
                                                    *self.shown)]
        return data


@dataclass(frozen=True)
class RunList:

    """Some runs, the latest first.

    :param runs: the runs
    :param earlier: how many earlier ones were left out
    :param elsewhere: how many into other wikis were left out
    """

    runs: tuple[RunSummary, ...]
    earlier: int = 0
    elsewhere: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {'schema': _SCHEMA,
                'runs': [run.as_json() for run in self.runs],
                'left_out': {'earlier': self.earlier,
                             'elsewhere': self.elsewhere}}


@dataclass(frozen=True)
class PastEntry:

    """What one run decided about a page that somebody wants to know of.

    :param summary: the run, without numbers of pages
    :param page: the page
    """

    summary: RunSummary
    page: PageRecord

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        run = self.summary.as_json()
        for name in ('decisions', 'outcomes', 'plan', 'requested'):
            del run[name]
        return {'run': run, 'page': self.page.as_json()}


@dataclass(frozen=True)
class Past:

    """All that runs decided about a page, the latest first.

    :param title: as the runs have it
    :param entries: one for each page of that title on source or target
    :param earlier: how many earlier ones were left out
    :param elsewhere: how many of runs into other wikis were left out
    """

    title: str
    entries: tuple[PastEntry, ...]
    earlier: int = 0
    elsewhere: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {'schema': _SCHEMA, 'title': self.title,
                'entries': [entry.as_json() for entry in self.entries],
                'left_out': {'earlier': self.earlier,
                             'elsewhere': self.elsewhere}}
