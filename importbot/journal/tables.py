"""The tables of the journal, each by the type of its rows.

A field of a row is a column of its table: the annotation has the type in
Python and the one in the database; what may be None may be empty.
"""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from functools import partial
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import LONGTEXT

from importbot.model.change_plan import Mode
from importbot.model.decisions import Outcome
from importbot.model.plan import as_text
from importbot.model.problems import Problem, problem_from_json
from importbot.model.report import PageResult


__all__ = ('LONG', 'ON_MARIADB', 'SCHEMA_VERSION', 'AlarmRow', 'PageRow',
           'PassRow', 'PlanRow', 'RequestRow', 'RunRow', 'alarms', 'brought',
           'changes', 'health', 'leases', 'metadata', 'pages', 'passes',
           'plans', 'readings', 'requests', 'rows_of', 'runs', 'schema',
           'undos', 'uploads')

#: That of the newest of :mod:`importbot.journal.migrations`.
SCHEMA_VERSION = 6

metadata = sa.MetaData()

#: What a MariaDB server may have other defaults for: rows are locked, all
#: of Unicode is kept, and titles that differ in case stay two.
ON_MARIADB: dict[str, Any] = {
    f'{dialect}_{name}': value for dialect in ('mysql', 'mariadb')
    for name, value in (('engine', 'InnoDB'), ('charset', 'utf8mb4'),
                        ('collate', 'utf8mb4_bin'))}

_AnyRow = TypeVar('_AnyRow')


# Columns

#: Of any length; TEXT of MariaDB ends at 64 kB.
LONG = sa.Text().with_variant(LONGTEXT(), 'mysql', 'mariadb')


class _JsonText(sa.TypeDecorator[Any]):

    """JSON in a column for texts, as people read it."""

    impl = LONG
    cache_ok = True

    def process_bind_param(self, value: Any,
                           dialect: sa.Dialect) -> str | None:
        """Return it as it is written down."""
        return None if value is None else as_text(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        """Return what was written down."""
        return value and json.loads(value)


class _Names(sa.TypeDecorator[tuple[str, ...]]):

    """Names in a JSON column."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Any,
                           dialect: sa.Dialect) -> list[str]:
        """Return them as they are written down."""
        return list(value or ())

    def process_result_value(self, value: Any,
                             dialect: sa.Dialect) -> tuple[str, ...]:
        """Return what was written down."""
        return tuple(value or ())


_KEY: dict[str, Any] = {'primary_key': True, 'autoincrement': False}

_Run: TypeAlias = Annotated[int, partial(
    sa.ForeignKey, 'importbot_runs.run'), _KEY]
_Position: TypeAlias = Annotated[int, sa.Integer(), _KEY]
_Number: TypeAlias = Annotated[int, sa.Integer()]
_Id: TypeAlias = Annotated[int, sa.BigInteger()]
_Flag: TypeAlias = Annotated[bool, sa.Boolean()]
_Word: TypeAlias = Annotated[str, sa.String(16)]
_Short: TypeAlias = Annotated[str, sa.String(32)]
_Digest: TypeAlias = Annotated[str, sa.String(64)]
_Name: TypeAlias = Annotated[str, sa.String(255)]
_Title: TypeAlias = Annotated[str, sa.String(512)]
_Text: TypeAlias = Annotated[str, LONG]
_Json: TypeAlias = Annotated[Mapping[str, Any], sa.JSON(none_as_null=True)]


def _table(name: str, row: type, *indexes: sa.Index) -> sa.Table:
    """Return the table that has the fields of a row as its columns."""
    hints = get_type_hints(row, include_extras=True)
    return sa.Table(
        f'importbot_{name}', metadata,
        *(_column(field, hints[field.name]) for field in fields(row)),
        *indexes, **ON_MARIADB)


def _column(field: Field[Any], hint: Any) -> sa.Column[Any]:
    is_optional = get_origin(hint) in (Union, UnionType)
    if is_optional:
        hint, = (kind for kind in get_args(hint) if kind is not NoneType)
    options: dict[str, Any] = {'nullable': is_optional}
    if field.default not in (MISSING, None):
        options['default'] = field.default
    parts: list[Any] = []
    for extra in get_args(hint)[1:]:
        if isinstance(extra, dict):
            options |= extra
        else:
            parts.append(extra() if isinstance(extra, partial) else extra)
    return sa.Column(field.name, *parts, **options)


def rows_of(kind: type[_AnyRow],
            found: Iterable[sa.Row[Any]]) -> list[_AnyRow]:
    """Return what a query found as rows of a type.

    :param found: with the columns of that type
    """
    return [kind(**row._mapping) for row in found]


# Rows and tables

@dataclass(frozen=True, kw_only=True)
class _SchemaRow:

    version: Annotated[int, sa.Integer(), _KEY]


#: Which schema the tables have.
schema = _table('schema', _SchemaRow)


@dataclass(frozen=True, kw_only=True)
class RunRow:

    """One plan applied: what it is of, and how far it came.

    :param plan: id of the plan
    :param state: ``running``, ``finished`` or ``interrupted``
    :param started: ISO 8601
    :param ended: ISO 8601, None where it did not end by itself
    :param source_api: address of the source's API, or the name of a dump
    :param source_prefix: of the source, as the target knows it
    :param target_user: the bot's account there
    :param options: the policy of an import; of an undo, what it undoes and
        the mark for deletion
    :param mode: ``import`` or ``undo``
    """

    run: Annotated[int, sa.Integer(), {'primary_key': True}]
    plan: _Digest
    state: _Word
    started: _Short
    ended: _Short | None
    source_api: _Name
    source_prefix: _Name
    target_api: _Name
    target_user: _Name
    options: Annotated[Mapping[str, Any], sa.JSON()]
    mode: Annotated[str, sa.String(16), {
        'server_default': Mode.IMPORT.value}] = Mode.IMPORT.value


#: One plan applied: what it is of, and how far it came.
runs = _table('runs', RunRow, sa.Index(
    'importbot_runs_target', 'target_api', 'started'))


@dataclass(frozen=True, kw_only=True)
class PageRow:

    """A page of a run, its decision and what became of it.

    Its words are texts: undos, and later releases, have others than the
    enumerations of a plan.

    :param position: its place in the plan
    :param title: full title on the source
    :param target: full title on the target, empty where it has none
    :param role: what it was to the run
    :param relation: of the target page to the source page
    :param decision: what was to happen
    :param reason: why
    :param decided: the planned page in its JSON form
    :param sent: time of the target when it was sent, ISO 8601
    :param revision_before: id of the revision that the target had when the
        page was sent, 0 for no page, None where nothing was sent
    :param outcome: what became of it, None where the run did not get there
    :param imported: revisions that the wiki says it took
    :param error: code of the API with its sentence, or what differs
    :param problem: key and values of that sentence, as far as it has any
    """

    run: _Run
    position: _Position
    title: _Title
    target: _Title
    role: _Word
    relation: _Word | None
    decision: _Word
    reason: _Short
    decided: Annotated[Mapping[str, Any], sa.JSON()]
    sent: _Short | None
    revision_before: _Id | None
    outcome: _Word | None
    imported: _Number = 0
    error: _Text | None
    problem: _Json | None = None

    @property
    def complaint(self) -> Problem | None:
        """What went wrong; before schema 5, it was a sentence alone."""
        problem = self.problem and problem_from_json(self.problem)
        # A later release may have others.
        if problem and all(part.is_known for part in problem.parts()):
            return problem
        return Problem.quoted(self.error) if self.error else None

    @property
    def result(self) -> PageResult:
        """What became of it, as a report has it."""
        return PageResult(Outcome(self.outcome) if self.outcome else None,
                          self.imported, self.complaint)


#: The pages of a run with their decisions and what became of them;
#: ``decided`` holds the page of the plan as JSON.
pages = _table(
    'pages', PageRow, sa.Index('importbot_pages_target', 'target'),
    sa.Index('importbot_pages_title', 'title'),
    # Counted without reading what was decided.
    sa.Index('importbot_pages_words', 'run', 'decision', 'outcome', 'role',
             'position'))


@dataclass(frozen=True, kw_only=True)
class PlanRow:

    """What a plan says besides its pages.

    :param plan: its JSON without pages; empty where an older release
        recorded the run
    :param shown: notes of the report on what the pages show
    """

    run: _Run
    plan: Annotated[Mapping[str, Any], _JsonText()]
    shown: Annotated[Sequence[Mapping[str, Any]], _JsonText()] | None = None


#: What a plan says besides its pages, and what its pages showed on the
#: target afterwards.
plans = _table('plans', PlanRow)


@dataclass(frozen=True, kw_only=True)
class _ChangeRow:

    run: _Run
    position: _Position
    action: Annotated[str, sa.String(16), _KEY]
    revision_before: _Id
    revision_after: _Id
    is_shared: _Flag = False
    made: _Short


#: What a run did to a page of the target: ``arrival`` is from before the
#: run to how it left the page, the others are single edits on the way.
changes = _table('changes', _ChangeRow,
                 sa.Index('importbot_changes_after', 'revision_after'))


@dataclass(frozen=True, kw_only=True)
class _BroughtRow:

    run: _Run
    position: _Position
    revision_first: Annotated[int, sa.BigInteger(), _KEY]
    revision_last: _Id


#: Which revisions a run gave a page of the target, from one id to another.
brought = _table('brought', _BroughtRow)


@dataclass(frozen=True, kw_only=True)
class _UndoRow:

    run: _Run
    undoes: _Number


#: Runs that undo other runs.
undos = _table('undos', _UndoRow,
               sa.Index('importbot_undos_undoes', 'undoes'))


@dataclass(frozen=True, kw_only=True)
class _ReadingRow:

    text: Annotated[str, sa.String(64), _KEY]
    found: _Text


#: What a text refers to, so that no text is read twice.
readings = _table('readings', _ReadingRow)


@dataclass(frozen=True, kw_only=True)
class _UploadRow:

    target_api: Annotated[str, sa.String(255), _KEY]
    most: _Id
    guess: _Id
    proven: _Id
    learnt: _Short


#: How large an upload a wiki takes, in bytes, as far as it is learnt.
uploads = _table('uploads', _UploadRow)


@dataclass(frozen=True, kw_only=True)
class _LeaseRow:

    target_api: Annotated[str, sa.String(255), _KEY]
    run: _Number
    holder: _Name
    heartbeat: _Short


#: Who imports into a wiki; one at a time.
leases = _table('leases', _LeaseRow)


@dataclass(frozen=True)
class RequestRow:

    """One request, as the bot left it.

    :param id: given by the bot, never given again
    :param target_api: the wiki that it stands on
    :param page: full title of its request page
    :param status: the state that the bot left it in
    :param fingerprint: of what was wanted then
    :param opened: when it got its id, ISO 8601
    :param ended: when it came to its end, None if it did not
    :param author: who asked, empty where nothing proves it
    :param author_id: number of that account
    :param planned: when it was planned last, ISO 8601
    :param plan: id of the plan that was shown
    :param saved_plan: that plan in JSON; what is approved is this
    :param answers: how many answers it got
    :param answer: what the last one was about
    :param approver: who approved
    :param approver_id: number of that account
    :param approved_revision: of the page, in which it stands approved
    :param approvers: groups one of which the approver has to be in
    :param run: number of its run
    """

    id: Annotated[str, sa.String(32), _KEY]
    target_api: _Name
    page: _Title
    status: _Word
    fingerprint: _Digest
    opened: _Short
    ended: _Short | None = None
    author: _Name = ''
    author_id: _Id = 0
    planned: _Short | None = None
    plan: _Digest = ''
    saved_plan: Annotated[Mapping[str, Any], _JsonText()] | None = None
    answers: _Number = 0
    answer: _Digest = ''
    approver: _Name = ''
    approver_id: _Id = 0
    approved_revision: _Id | None = None
    approvers: Annotated[tuple[str, ...], _Names(), {'nullable': True}] = ()
    run: _Number | None = None


#: The requests of request pages.
requests = _table(
    'requests', RequestRow,
    sa.Index('importbot_requests_target', 'target_api', 'ended'),
    # Beyond these, a saved plan lies before the number of the run.
    sa.Index('importbot_requests_run', 'run'),
    sa.Index('importbot_requests_author', 'author', 'planned', 'run'))


@dataclass(frozen=True, kw_only=True)
class _HealthRow:

    target_api: Annotated[str, sa.String(255), _KEY]
    task: Annotated[str, sa.String(32), _KEY]
    passed: _Short
    state: _Word
    detail: _Text


#: The latest pass over the request pages of a wiki.
health = _table('health', _HealthRow)


@dataclass(frozen=True, kw_only=True)
class PassRow:

    """One pass over the request pages of a wiki.

    :param number: given by the database
    :param target_api: address of the wiki's API
    :param task: what the bot did
    :param started: ISO 8601
    :param ended: ISO 8601
    :param state: ``ok``, ``stopped`` or ``error``
    :param cause: name of the error that ended it, or ``right`` where the
        account could import nothing; empty for none
    :param detail: a sentence
    :param looked_at: how many requests it looked at
    :param imported: how many of them it imported
    :param waiting: how many of them wait for somebody
    :param failed: how many could not be treated
    """

    number: Annotated[int, sa.Integer(), {'primary_key': True}]
    target_api: _Name
    task: _Short
    started: _Short
    ended: _Short
    state: _Word
    cause: _Digest = ''
    detail: _Text
    looked_at: _Number = 0
    imported: _Number = 0
    waiting: _Number = 0
    failed: _Number = 0


#: Passes over request pages, for as long as a monitor asks for them.
passes = _table('passes', PassRow, sa.Index(
    'importbot_passes_target', 'target_api', 'task', 'ended'))


@dataclass(frozen=True, kw_only=True)
class AlarmRow:

    """Something that is wrong and was told to the operator.

    :param target_api: address of the wiki's API
    :param digest: of what is wrong
    :param text: what is wrong
    :param since: when it was seen first, ISO 8601
    :param seen: when it was seen last, ISO 8601
    :param told: when the operator was told last, ISO 8601
    :param times: how often it was seen
    :param said_at: full title of the page of the wiki that says so, empty
        for none
    """

    target_api: Annotated[str, sa.String(255), _KEY]
    digest: Annotated[str, sa.String(64), _KEY]
    text: _Text
    since: _Short
    seen: _Short
    told: _Short
    times: _Number = 1
    said_at: _Title = ''


#: What is wrong now, so that it is told once and not at every pass.
alarms = _table('alarms', AlarmRow)
