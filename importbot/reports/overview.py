"""The order in which a person reads a plan or a report.

First how many pages there are of what; then what needs eyes; then the rest
in groups; then the notes, equal ones as one. It is made of values alone, and
each medium shows it its way.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from importbot.model.catalogue import sentences
from importbot.model.decisions import (
    Decision,
    Outcome,
    Reason,
    Relation,
    Role,
)
from importbot.model.notes import Note, NoteKind
from importbot.model.plan import Plan, PlannedPage
from importbot.model.problems import Problem
from importbot.model.report import PageResult, Report
from importbot.model.undo_plan import (
    DeleteStep,
    MarkStep,
    RestoreStep,
    UndoDecision,
    UndoPage,
    UndoPlan,
    UndoReason,
)
from importbot.reports.words.changes import (
    AnyPage,
    AnyPlan,
    AnyReport,
    is_replaced,
)


__all__ = ('OTHER_TEXT', 'CountedNote', 'Group', 'Overview', 'Section',
           'SectionKind', 'Tally', 'overview_of')

#: The target's own text, where it is not the source's nor went on from it.
OTHER_TEXT = (Relation.BEHIND, Relation.DIVERGED, Relation.UNRELATED)

#: Notes of a kind that stand one by one; of more, one stands for all.
_SINGLY = 3


class Tally(str, Enum):

    """What pages are counted as; each page is one of these."""

    # Before anything is done
    NEW = 'new'
    #: the target's text is older, and is brought forward
    FORWARD = 'forward'
    #: the target's text is another, and is replaced
    OVERWRITE = 'overwrite'
    #: only its history changes
    HISTORY = 'history'
    DELETE = 'delete'
    #: the text from before the run comes back
    RESTORE = 'restore'
    MARK = 'mark'
    #: revisions leave its history
    UNMERGE = 'unmerge'

    # After it, in the words of outcomes
    VERIFIED = 'verified'
    UNDONE = 'undone'
    IMPORTED = 'imported'
    DIFFERS = 'differs'
    FAILED = 'failed'
    REJECTED = 'rejected'
    UNKNOWN = 'unknown'
    UNCHANGED = 'unchanged'
    #: the run did not get there
    NONE = 'none'

    # Where nothing is done
    STAY = 'stay'
    #: it stays, though another text is wanted
    MATTER = 'matter'
    HOLD = 'hold'
    REFUSE = 'refuse'


class SectionKind(str, Enum):

    """What the pages of a section have in common, in the order of reading.
    """

    #: what came about is not what was planned
    WRONG = 'wrong'
    REQUESTED = 'requested'
    HOLD = 'hold'
    REFUSE = 'refuse'
    #: another text is shown afterwards
    REPLACED = 'replaced'
    #: imported pages need another text than the one that stays
    STAYS = 'stays'
    NOT_ON_SOURCE = 'not-on-source'
    REST = 'rest'


@dataclass(frozen=True)
class Group:

    """Pages of which the same is to be said.

    :param role: of all of them
    :param decision: of all of them
    :param reason: of all of them
    :param relation: of all of them, None for an undo
    :param tally: what they are counted as
    :param error: what went wrong with all of them
    :param places: of the pages in the plan, never none
    """

    role: Role
    decision: Decision | UndoDecision
    reason: Reason | UndoReason
    relation: Relation | None
    tally: Tally
    error: Problem | None
    places: tuple[int, ...]


@dataclass(frozen=True)
class Section:

    """Groups of pages under one heading.

    :param kind: what they have in common
    :param groups: never none
    """

    kind: SectionKind
    groups: tuple[Group, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """Places of its pages in the plan, group by group."""
        return tuple(chain.from_iterable(
            group.places for group in self.groups))


@dataclass(frozen=True)
class CountedNote:

    """A note, and the others that it stands for.

    :param note: the note
    :param others: what is alike of other pages
    """

    note: Note
    others: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Overview:

    """A plan or report as it is read.

    :param tallies: numbers of pages, none of them 0; they add up
    :param is_report: whether it tells what became of the pages
    :param is_well: whether nothing is otherwise than it was planned
    :param sections: what needs eyes, then the rest; each page stands in one
    :param notes: what else a person should know
    """

    tallies: Mapping[Tally, int]
    is_report: bool
    is_well: bool
    sections: tuple[Section, ...]
    notes: tuple[CountedNote, ...]

    @property
    def needs_eyes(self) -> tuple[Section, ...]:
        """The sections before the rest."""
        return tuple(section for section in self.sections
                     if section.kind is not SectionKind.REST)

    @property
    def rest(self) -> tuple[Group, ...]:
        """The groups of pages that nobody has to look at."""
        return tuple(chain.from_iterable(
            section.groups for section in self.sections
            if section.kind is SectionKind.REST))


def overview_of(thing: AnyPlan | AnyReport, *,
                singly: int = _SINGLY) -> Overview:
    """Return the order in which a plan or report is read.

    :param thing: of an import or an undo; a report without a number of a
        run is that of a plan
    :param singly: notes of a kind that stand one by one; of more of them,
        one stands for all
    """
    plan: AnyPlan
    if isinstance(thing, (Plan, UndoPlan)):
        return _Reader(thing, (), frozenset()).overview(
            thing.notes, singly)
    plan = thing.plan
    if thing.run is None or not thing.results:
        return _Reader(plan, (), frozenset()).overview(plan.notes, singly)
    shown = thing.notes if isinstance(thing, Report) else ()
    return _Reader(plan, thing.results, frozenset(thing.unexpected)
                   ).overview((*plan.notes, *shown), singly, thing)


class _Reader:

    """Finds the one place of each page.

    :param plan: of an import or an undo
    :param results: what became of its pages, none before
    :param unexpected: places of those that are not as planned
    """

    def __init__(self, plan: AnyPlan, results: Sequence[PageResult],
                 unexpected: frozenset[int]) -> None:
        self._pages: Sequence[AnyPage] = plan.pages
        self._results = results
        self._unexpected = unexpected
        self._imported = {page.title for page in self._pages
                          if page.decision is Decision.IMPORT}

    def overview(self, notes: Iterable[Note], singly: int,
                 report: AnyReport | None = None) -> Overview:
        """Return everything in order."""
        kinds: dict[SectionKind, list[int]] = {}
        for place in range(len(self._pages)):
            kinds.setdefault(self._kind(place), []).append(place)
        sections = tuple(Section(kind, self._groups(kinds[kind]))
                         for kind in SectionKind if kind in kinds)
        counts = Counter(map(self._tally, range(len(self._pages))))
        # What a section says needs no note.
        said = {str(self._pages[place].title)
                for place in kinds.get(SectionKind.STAYS, ())}
        return Overview(
            {tally: counts[tally] for tally in Tally if counts[tally]},
            report is not None,
            not self._unexpected and (not isinstance(report, Report)
                                      or report.went_as_planned),
            sections, _counted([
                note for note in notes if note.kind is not NoteKind.MIXED
                or note.page not in said], singly))

    def _kind(self, place: int) -> SectionKind:
        page = self._pages[place]
        if place in self._unexpected:
            return SectionKind.WRONG
        if page.role is Role.REQUESTED:
            return SectionKind.REQUESTED
        if page.decision in (Decision.HOLD, UndoDecision.HOLD):
            return SectionKind.HOLD
        if isinstance(page, UndoPage):
            return (SectionKind.REPLACED
                    if isinstance(page.verdict.step, RestoreStep)
                    else SectionKind.REST)
        if page.is_missing_on_source:
            return SectionKind.NOT_ON_SOURCE
        if page.decision is Decision.REFUSE:
            return SectionKind.REFUSE
        if is_replaced(page):
            return SectionKind.REPLACED
        return SectionKind.STAYS if self._stays(page) else SectionKind.REST

    def _stays(self, page: PlannedPage) -> bool:
        """Return whether a text stays that imported pages need otherwise."""
        return (page.decision is Decision.SKIP
                and page.relation in OTHER_TEXT
                and not self._imported.isdisjoint(page.needed_by))

    def _groups(self, places: Iterable[int]) -> tuple[Group, ...]:
        found: dict[tuple[object, ...], list[int]] = {}
        for place in places:
            found.setdefault(self._alike(place), []).append(place)
        return tuple(sorted(map(self._group, found.values()), key=_rank))

    def _alike(self, place: int) -> tuple[object, ...]:
        """Return what pages of a group have in common."""
        page = self._pages[place]
        return (page.role, page.decision, page.reason, self._tally(place),
                getattr(page, 'relation', None), str(self._error(place)))

    def _error(self, place: int) -> Problem | None:
        return self._results[place].error if self._results else None

    def _group(self, places: Sequence[int]) -> Group:
        page = self._pages[places[0]]
        return Group(
            page.role, page.decision, page.reason,
            page.relation if isinstance(page, PlannedPage) else None,
            self._tally(places[0]), self._error(places[0]), tuple(places))

    def _tally(self, place: int) -> Tally:
        page = self._pages[place]
        outcome = self._results[place].outcome if self._results else None
        if self._results and (page.steps or outcome not in (
                None, Outcome.UNCHANGED)):
            return _of_outcome(page, outcome)
        if page.decision.value in (Tally.HOLD.value, Tally.REFUSE.value):
            return Tally(page.decision.value)
        if isinstance(page, UndoPage):
            return _of_undo(page)
        return self._of_import(page)

    def _of_import(self, page: PlannedPage) -> Tally:
        if page.decision is Decision.SKIP:
            is_wanted = (page.role is Role.REQUESTED
                         and page.relation in OTHER_TEXT)
            return (Tally.MATTER if is_wanted or self._stays(page)
                    else Tally.STAY)
        if page.relation in (None, Relation.MISSING):
            return Tally.NEW
        if not is_replaced(page):
            return Tally.HISTORY
        return (Tally.FORWARD if page.relation is Relation.BEHIND
                else Tally.OVERWRITE)


def _of_outcome(page: AnyPage, outcome: Outcome | None) -> Tally:
    if outcome is None:
        return Tally.NONE
    if outcome is Outcome.VERIFIED and isinstance(page, UndoPage):
        return Tally.UNDONE
    return Tally(outcome.value)


def _of_undo(page: UndoPage) -> Tally:
    if page.decision is UndoDecision.SKIP:
        return Tally.STAY
    tallies: Mapping[type, Tally] = {
        DeleteStep: Tally.DELETE, RestoreStep: Tally.RESTORE,
        MarkStep: Tally.MARK}
    return tallies.get(type(page.verdict.step), Tally.UNMERGE)


def _rank(group: Group) -> tuple[int, int, int, int]:
    """Return what is done before what is not, then by role."""
    return ([*Tally].index(group.tally), [*Role].index(group.role),
            [*type(group.reason)].index(group.reason), group.places[0])


def _counted(notes: Iterable[Note], singly: int) -> tuple[CountedNote, ...]:
    """Return notes that differ in their page alone as one, and of very many
    of a kind one for all."""
    kinds: dict[NoteKind, dict[object, list[Note]]] = {}
    for note in notes:
        alike = note.values if _names_page(note.kind) else note
        kinds.setdefault(note.kind, {}).setdefault(
            repr(alike), []).append(note)
    counted: list[CountedNote] = []
    for kind, of_kind in kinds.items():
        equal = [*of_kind.values()]
        if len(equal) > singly and _names_page(kind):
            equal = [sorted(chain.from_iterable(equal),
                            key=lambda note: -note.count)]
        counted += [CountedNote(first, tuple(others))
                    for first, *others in equal]
    return tuple(counted)


def _names_page(kind: NoteKind) -> bool:
    """Return whether the sentences of a kind are about their page."""
    return '%(page)s' in sentences('en')[f'importbot-note-{kind.value}']
