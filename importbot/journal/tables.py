"""The tables of the journal, each by the type of its rows.

A field of a row is a column of its table: the annotation has the type in
Python and the one in the database; what may be None may be empty.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import sqlalchemy as sa

from importbot.journal.columns import (
    KEY,
    LONG,
    ON_MARIADB,
    Digest,
    Flag,
    Id,
    Json,
    JsonText,
    Name,
    Names,
    Number,
    Position,
    Run,
    Short,
    Text,
    Title,
    Word,
    metadata,
    rows_of,
    table_of,
)
from importbot.model.change_plan import Mode
from importbot.model.decisions import Outcome
from importbot.model.problems import Problem, problem_from_json
from importbot.model.report import PageResult


__all__ = ('LONG', 'ON_MARIADB', 'SCHEMA_VERSION', 'AlarmRow', 'PageRow',
           'PassRow', 'PlanRow', 'RequestRow', 'RunRow', 'alarms', 'brought',
           'changes', 'health', 'leases', 'metadata', 'pages', 'passes',
           'plans', 'readings', 'requests', 'rows_of', 'runs', 'schema',
           'undos', 'uploads')

#: That of the newest of :mod:`importbot.journal.migrations`.
SCHEMA_VERSION = 6


@dataclass(frozen=True, kw_only=True)
class _SchemaRow:

    version: Annotated[int, sa.Integer(), KEY]


#: Which schema the tables have.
schema = table_of('schema', _SchemaRow)


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
    plan: Digest
    state: Word
    started: Short
    ended: Short | None
    source_api: Name
    source_prefix: Name
    target_api: Name
    target_user: Name
    options: Annotated[Mapping[str, Any], sa.JSON()]
    mode: Annotated[str, sa.String(16), {
        'server_default': Mode.IMPORT.value}] = Mode.IMPORT.value


#: One plan applied: what it is of, and how far it came.
runs = table_of('runs', RunRow, sa.Index(
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

    run: Run
    position: Position
    title: Title
    target: Title
    role: Word
    relation: Word | None
    decision: Word
    reason: Short
    decided: Annotated[Mapping[str, Any], sa.JSON()]
    sent: Short | None
    revision_before: Id | None
    outcome: Word | None
    imported: Number = 0
    error: Text | None
    problem: Json | None = None

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
pages = table_of(
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

    run: Run
    plan: Annotated[Mapping[str, Any], JsonText()]
    shown: Annotated[Sequence[Mapping[str, Any]], JsonText()] | None = None


#: What a plan says besides its pages, and what its pages showed on the
#: target afterwards.
plans = table_of('plans', PlanRow)


@dataclass(frozen=True, kw_only=True)
class _ChangeRow:

    run: Run
    position: Position
    action: Annotated[str, sa.String(16), KEY]
    revision_before: Id
    revision_after: Id
    is_shared: Flag = False
    made: Short


#: What a run did to a page of the target: ``arrival`` is from before the
#: run to how it left the page, the others are single edits on the way.
changes = table_of('changes', _ChangeRow,
                 sa.Index('importbot_changes_after', 'revision_after'))


@dataclass(frozen=True, kw_only=True)
class _BroughtRow:

    run: Run
    position: Position
    revision_first: Annotated[int, sa.BigInteger(), KEY]
    revision_last: Id


#: Which revisions a run gave a page of the target, from one id to another.
brought = table_of('brought', _BroughtRow)


@dataclass(frozen=True, kw_only=True)
class _UndoRow:

    run: Run
    undoes: Number


#: Runs that undo other runs.
undos = table_of('undos', _UndoRow,
               sa.Index('importbot_undos_undoes', 'undoes'))


@dataclass(frozen=True, kw_only=True)
class _ReadingRow:

    text: Annotated[str, sa.String(64), KEY]
    found: Text


#: What a text refers to, so that no text is read twice.
readings = table_of('readings', _ReadingRow)


@dataclass(frozen=True, kw_only=True)
class _UploadRow:

    target_api: Annotated[str, sa.String(255), KEY]
    most: Id
    guess: Id
    proven: Id
    learnt: Short


#: How large an upload a wiki takes, in bytes, as far as it is learnt.
uploads = table_of('uploads', _UploadRow)


@dataclass(frozen=True, kw_only=True)
class _LeaseRow:

    target_api: Annotated[str, sa.String(255), KEY]
    run: Number
    holder: Name
    heartbeat: Short


#: Who imports into a wiki; one at a time.
leases = table_of('leases', _LeaseRow)


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

    id: Annotated[str, sa.String(32), KEY]
    target_api: Name
    page: Title
    status: Word
    fingerprint: Digest
    opened: Short
    ended: Short | None = None
    author: Name = ''
    author_id: Id = 0
    planned: Short | None = None
    plan: Digest = ''
    saved_plan: Annotated[Mapping[str, Any], JsonText()] | None = None
    answers: Number = 0
    answer: Digest = ''
    approver: Name = ''
    approver_id: Id = 0
    approved_revision: Id | None = None
    approvers: Annotated[tuple[str, ...], Names(), {'nullable': True}] = ()
    run: Number | None = None


#: The requests of request pages.
requests = table_of(
    'requests', RequestRow,
    sa.Index('importbot_requests_target', 'target_api', 'ended'),
    # Beyond these, a saved plan lies before the number of the run.
    sa.Index('importbot_requests_run', 'run'),
    sa.Index('importbot_requests_author', 'author', 'planned', 'run'))


@dataclass(frozen=True, kw_only=True)
class _HealthRow:

    target_api: Annotated[str, sa.String(255), KEY]
    task: Annotated[str, sa.String(32), KEY]
    passed: Short
    state: Word
    detail: Text


#: The latest pass over the request pages of a wiki.
health = table_of('health', _HealthRow)


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
    target_api: Name
    task: Short
    started: Short
    ended: Short
    state: Word
    cause: Digest = ''
    detail: Text
    looked_at: Number = 0
    imported: Number = 0
    waiting: Number = 0
    failed: Number = 0


#: Passes over request pages, for as long as a monitor asks for them.
passes = table_of('passes', PassRow, sa.Index(
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

    target_api: Annotated[str, sa.String(255), KEY]
    digest: Annotated[str, sa.String(64), KEY]
    text: Text
    since: Short
    seen: Short
    told: Short
    times: Number = 1
    said_at: Title = ''


#: What is wrong now, so that it is told once and not at every pass.
alarms = table_of('alarms', AlarmRow)
