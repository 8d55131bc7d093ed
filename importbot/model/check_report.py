"""What a later look at imported pages found, as a value."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from importbot.model.problems import Problem


__all__ = ('CheckReport', 'CheckedPage', 'Finding', 'FindingKind',
           'PageState', 'UnaskedSource')

#: Of the JSON form.
_SCHEMA = 1


class PageState(str, Enum):

    """What became of an imported page, the worst first."""

    #: something is there otherwise than it was imported
    WRONG = 'wrong'
    #: it was not looked at, as nothing is known of it
    UNREADABLE = 'unreadable'
    #: it was deleted by somebody
    DELETED = 'deleted'
    #: its run was undone
    UNDONE = 'undone'
    #: it has another title
    MOVED = 'moved'
    #: somebody edited it, or another run brought it further
    EDITED = 'edited'
    #: it is as it was imported
    INTACT = 'intact'


class FindingKind(str, Enum):

    """What is found of a page; damage is what nobody did on purpose."""

    #: the state that it puts a page into
    state: PageState

    def __new__(cls, value: str, state: PageState) -> FindingKind:
        """Return a kind with the state that it puts a page into."""
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.state = state
        return kind

    #: people edited it since
    EDITED = 'edited', PageState.EDITED
    #: other runs changed it since
    RENEWED = 'renewed', PageState.EDITED
    #: it was moved to another title
    MOVED = 'moved', PageState.MOVED
    #: its history is in that of another page
    MERGED = 'merged', PageState.MOVED
    #: it was deleted, or in part
    DELETED = 'deleted', PageState.DELETED
    #: an undo took the run back
    UNDONE = 'undone', PageState.UNDONE
    #: the source does not have the planned revision any more
    SOURCE_LACKS = 'source-lacks', PageState.INTACT
    #: its import has not the change tags any more that it asked for
    UNTAGGED = 'untagged', PageState.INTACT
    #: a later release wrote it down
    UNREADABLE = 'unreadable', PageState.UNREADABLE
    #: no run knows it, and the wiki has no such page
    ABSENT = 'absent', PageState.UNREADABLE
    #: it is not there, and no log says why
    GONE = 'gone', PageState.WRONG
    #: revisions that were there are not any more
    MISSING = 'missing', PageState.WRONG
    #: revisions are there twice
    DOUBLED = 'doubled', PageState.WRONG
    #: a field of a revision is not what was planned
    DIFFERS = 'differs', PageState.WRONG
    #: revisions do not know the one before them
    PARENTS = 'parents', PageState.WRONG
    #: authors have a prefix that is not that of the source
    PREFIX = 'prefix', PageState.WRONG
    #: the page is listed and has no revision
    GHOST = 'ghost', PageState.WRONG

    @property
    def is_wrong(self) -> bool:
        """Whether it is damage."""
        return self.state is PageState.WRONG


_WORST = {state: place for place, state in enumerate(PageState)}


@dataclass(frozen=True, slots=True)
class Finding:

    """One thing that is found of a page.

    :param kind: what it is
    :param said: the sentence
    """

    kind: FindingKind
    said: Problem

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {'kind': self.kind.value, 'wrong': self.kind.is_wrong,
                'said': str(self.said)}


@dataclass(frozen=True)
class CheckedPage:

    """A page of the target that was looked at.

    :param target: full title that it was imported to, or asked for by
    :param run: number of the run that brought it, None where it was looked
        at by itself, whoever imported it
    :param title: full title on the source, empty without a run
    :param prefix: of the source, empty without a run
    :param home: full title that it has now, empty where it is gone
    :param newest: id of its newest revision, 0 where it is gone
    :param sent: when it was imported, ISO 8601, empty where nobody knows
    :param findings: what is found of it
    :param source: address of the API of the source, or the name of a dump;
        empty without a run
    """

    target: str
    run: int | None = None
    title: str = ''
    prefix: str = ''
    home: str = ''
    newest: int = 0
    sent: str = ''
    findings: tuple[Finding, ...] = ()
    source: str = ''

    @property
    def state(self) -> PageState:
        """The worst of what is found of it."""
        return min((finding.kind.state for finding in self.findings),
                   key=_WORST.__getitem__, default=PageState.INTACT)

    @property
    def is_wrong(self) -> bool:
        """Whether there is damage."""
        return self.state is PageState.WRONG

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {
            'run': self.run, 'title': self.title or None,
            'prefix': self.prefix or None, 'target': self.target,
            'home': self.home or None, 'newest': self.newest or None,
            'sent': self.sent or None, 'state': self.state.value,
            'findings': [finding.as_json() for finding in self.findings]}


@dataclass(frozen=True)
class UnaskedSource:

    """A source that was not asked for what it has.

    :param api: address of its API, or the name of a dump
    :param runs: numbers of the runs from there, in their order
    :param why: the reason
    """

    api: str
    runs: tuple[int, ...]
    why: Problem

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {'api': self.api, 'runs': list(self.runs),
                'said': str(self.why)}


@dataclass(frozen=True)
class CheckReport:

    """Pages of the target that were looked at, in the order of their runs.

    :param api: address of the target's API
    :param pages: the pages
    :param arrived: how many there were to choose from
    :param chosen: how many of them were to be looked at
    :param sample: share that was asked for, in percent, None for all
    :param running: runs that are under way, whose pages are left out
    :param unasked: sources that were not asked
    """

    api: str
    pages: Sequence[CheckedPage] = ()
    arrived: int = 0
    chosen: int = 0
    sample: float | None = None
    running: tuple[int, ...] = ()
    unasked: tuple[UnaskedSource, ...] = field(default=())

    @property
    def wrong(self) -> list[CheckedPage]:
        """The pages with which something is wrong."""
        return [page for page in self.pages if page.is_wrong]

    @property
    def looked_at(self) -> int:
        """How many pages could be looked at."""
        return sum(page.state is not PageState.UNREADABLE
                   for page in self.pages)

    @property
    def has_absent(self) -> bool:
        """Whether there are titles of which nobody knows anything."""
        return any(finding.kind is FindingKind.ABSENT for page in self.pages
                   for finding in page.findings)

    @property
    def in_order(self) -> list[CheckedPage]:
        """The pages, the worst first."""
        return sorted(self.pages, key=lambda page: _WORST[page.state])

    @property
    def not_reached(self) -> int:
        """How many pages were not looked at, because it was stopped."""
        return self.chosen - len(self.pages)

    @property
    def summary(self) -> dict[str, int]:
        """Number of pages by state."""
        counts = Counter(page.state for page in self.pages)
        return {state.value: counts[state] for state in PageState}

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {
            'schema': _SCHEMA, 'target': {'api': self.api},
            'summary': self.summary,
            'pages': [page.as_json() for page in self.pages],
            'arrived': self.arrived, 'chosen': self.chosen,
            'not_reached': self.not_reached, 'sample': self.sample,
            'left_out': {'running': list(self.running)},
            'unasked': [source.as_json() for source in self.unasked]}
