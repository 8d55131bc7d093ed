"""How an installation is, for a monitor: what is wrong and what waits."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


__all__ = ('LACKS_RIGHT', 'Finding', 'HealthKind', 'HealthReport',
           'JournalHealth', 'LapsedLease', 'PassHealth', 'WikiHealth')

#: The cause of a pass that was good, but could import nothing: the account
#: is blocked or lacks a right.
LACKS_RIGHT = 'right'

#: Of the JSON form.
_SCHEMA = 1


class HealthKind(str, Enum):

    """What a finding is about."""

    #: whether the bot does not do its work because of it
    is_wrong: bool

    _value_: str

    def __new__(cls, value: str, is_wrong: bool = False) -> HealthKind:
        """Return a kind with what follows from it."""
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.is_wrong = is_wrong
        return kind

    #: the journal cannot be read
    JOURNAL = 'journal', True
    #: the journal has the schema of an earlier release
    SCHEMA = 'schema'
    #: there is little room beside a SQLite file
    SPACE = 'space', True
    #: no pass was ever made
    NO_PASS = 'no-pass', True
    #: the configuration cannot be used, or who wrote it is not trusted
    CONFIGURATION = 'configuration', True
    #: the last passes failed
    FAILING = 'failing', True
    #: the last good pass is too long ago
    LATE = 'late', True
    #: the account is blocked or lacks a right, or requests wait for one
    RIGHT = 'right'
    #: the stop page keeps the bot from work
    STOPPED = 'stopped'
    #: a run did not come to its end
    UNFINISHED = 'unfinished'
    #: a lease that its holder did not give back
    LEASE = 'lease'


@dataclass(frozen=True)
class Finding:

    """Something that somebody has to look at.

    :param kind: what it is about
    :param said: a sentence, without a full stop
    """

    kind: HealthKind
    said: str


@dataclass(frozen=True)
class PassHealth:

    """A pass over request pages.

    :param ended: when, ISO 8601
    :param state: ``ok``, ``stopped`` or ``error``
    :param detail: a sentence
    :param cause: name of the error that ended it, or
        :data:`LACKS_RIGHT`; empty for none
    """

    ended: str
    state: str
    detail: str
    cause: str = ''


@dataclass(frozen=True)
class LapsedLease:

    """A lease whose holder shows no sign of life any more.

    :param run: that it is of, 0 for a pass
    :param holder: host and number of the process
    :param heartbeat: its last sign of life, ISO 8601
    """

    run: int
    holder: str
    heartbeat: str


@dataclass(frozen=True)
class WikiHealth:

    """What the journal knows of the work on a wiki.

    :param api: address of its API
    :param latest: the latest pass, None if there was none
    :param good: the latest good pass, None if there was none
    :param failing: how many passes failed since
    :param failing_since: when the first of them began, ISO 8601
    :param unfinished: numbers of runs that did not come to their end
    :param lapsed: leases that were not given back
    :param waiting: open requests by state
    :param findings: what somebody has to look at
    """

    api: str
    latest: PassHealth | None = None
    good: PassHealth | None = None
    failing: int = 0
    failing_since: str = ''
    unfinished: tuple[int, ...] = ()
    lapsed: tuple[LapsedLease, ...] = ()
    waiting: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class JournalHealth:

    """The journal itself.

    :param schema: number of its schema, None where it cannot be read
    :param runs: how many it has
    :param size: of its file in bytes, None if it is none
    :param free: bytes that are free beside it
    """

    schema: int | None = None
    runs: int = 0
    size: int | None = None
    free: int | None = None


@dataclass(frozen=True)
class HealthReport:

    """How an installation is.

    :param at: when that was, ISO 8601
    :param journal: the journal itself
    :param wikis: those that are asked about
    :param findings: what is not about one of them
    """

    at: str
    journal: JournalHealth
    wikis: tuple[WikiHealth, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """What somebody has to look at, what is wrong first."""
        found = [*self.findings, *(finding for wiki in self.wikis
                                   for finding in wiki.findings)]
        return tuple(sorted(found, key=lambda item: not item.kind.is_wrong))

    @property
    def state(self) -> str:
        """``ok``, ``attention`` or ``wrong``."""
        found = self.all_findings
        if not found:
            return 'ok'
        return 'wrong' if found[0].kind.is_wrong else 'attention'

    def as_json(self) -> dict[str, Any]:
        """Return the documented form."""
        return {
            'schema': _SCHEMA, 'state': self.state, 'at': self.at,
            'journal': dict(vars(self.journal)),
            'findings': [*map(_finding_json, self.findings)],
            'wikis': [{
                'target': {'api': wiki.api},
                'latest_pass': wiki.latest and dict(vars(wiki.latest)),
                'good_pass': wiki.good and dict(vars(wiki.good)),
                'failing': {'count': wiki.failing,
                            'since': wiki.failing_since or None},
                'unfinished': list(wiki.unfinished),
                'lapsed': [dict(vars(lease)) for lease in wiki.lapsed],
                'waiting': dict(wiki.waiting),
                'findings': [*map(_finding_json, wiki.findings)],
            } for wiki in self.wikis]}


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {'kind': finding.kind.value, 'wrong': finding.kind.is_wrong,
            'said': finding.said}
