"""An overview: each page stands in one place, and the numbers add up."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot.i18n import LANGUAGES
from importbot.model.decisions import (
    REASONS,
    Decision,
    Outcome,
    Reason,
    Relation,
    Role,
    TextAfter,
)
from importbot.model.notes import Note, NoteKind
from importbot.model.plan import Plan, PlannedPage
from importbot.model.problems import Problem
from importbot.model.report import PageResult, Report, UndoReport
from importbot.model.steps import ImportStep
from importbot.model.undo_plan import (
    DeleteStep,
    MarkStep,
    RestoreStep,
    UndoDecision,
    UndoPage,
    UndoPlan,
    UndoReason,
    UndoVerdict,
)
from importbot.reports.overview import (
    CountedNote,
    SectionKind,
    Tally,
    overview_of,
)
from importbot.reports.words.overview import (
    counted_note,
    group_title,
    headline,
    section_title,
)
from tests.kit.plans import IMPORT, NEWEST, PLAN, SKIP, titled


def _page(number: int, role: Role, decision: Decision, reason: Reason,
          relation: Relation, text_after: TextAfter,
          needed_by: Sequence[int]) -> PlannedPage:
    title = titled(f'Template:{number}')
    return PlannedPage(
        title, title, role,
        tuple(titled(f'Template:{other}') for other in needed_by), (),
        relation, decision, reason, (ImportStep('interwiki'), )
        if decision is Decision.IMPORT else (), NEWEST,
        replaced=None if relation is Relation.MISSING else NEWEST,
        text_after=text_after,
        is_missing_on_source=reason is Reason.NOT_ON_SOURCE)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans of pages of all kinds."""
    pages = []
    for number in range(draw(st.integers(0, 12))):
        decision = draw(st.sampled_from(Decision))
        pages.append(_page(
            number, draw(st.sampled_from(Role)), decision,
            draw(st.sampled_from(REASONS[decision])),
            draw(st.sampled_from(Relation)),
            draw(st.sampled_from(TextAfter)),
            draw(st.lists(st.integers(0, 12), max_size=2))))
    return replace(PLAN, pages=tuple(pages))


RESULTS = st.builds(
    PageResult, st.sampled_from([None, *Outcome]), st.just(0),
    st.sampled_from([None, Problem.quoted('a'), Problem.quoted('b')]))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Plans with what became of their pages."""
    plan = draw(plans())
    return Report(plan, 7, tuple(draw(RESULTS) for _ in plan.pages))


@st.composite
def undos(draw: st.DrawFn) -> UndoReport:
    """Undos with what became of their pages."""
    steps = st.sampled_from([None, DeleteStep(5), RestoreStep(6, 4),
                             MarkStep(5)])
    pages = tuple(
        UndoPage(number, f'{number}', f'en:{number}',
                 draw(st.sampled_from(Role)), UndoVerdict(
                     draw(st.sampled_from(UndoDecision)),
                     draw(st.sampled_from(UndoReason)), draw(steps)))
        for number in range(draw(st.integers(0, 8))))
    return UndoReport(UndoPlan(7, PLAN.target, '', pages), 8,
                      tuple(draw(RESULTS) for _ in pages))


@given(st.one_of(plans(), reports(), undos(),
                 undos().map(lambda report: report.plan)))
def test_each_page_stands_in_one_place(
        thing: Plan | Report | UndoReport | UndoPlan) -> None:
    overview = overview_of(thing)
    pages = getattr(thing, 'plan', thing).pages
    assert sorted(chain.from_iterable(
        section.places for section in overview.sections)) == [
            *range(len(pages))]
    assert sum(overview.tallies.values()) == len(pages)
    assert 0 not in overview.tallies.values()
    groups = [*chain.from_iterable(
        section.groups for section in overview.sections)]
    counts: Counter[Tally] = Counter()
    for group in groups:
        counts[group.tally] += len(group.places)
    assert counts == Counter(overview.tallies)
    kinds = [section.kind for section in overview.sections]
    assert kinds == [kind for kind in SectionKind if kind in kinds]


@given(st.one_of(reports(), undos()))
def test_what_is_not_as_planned_stands_first(
        report: Report | UndoReport) -> None:
    overview = overview_of(report)
    wrong = [section for section in overview.sections
             if section.kind is SectionKind.WRONG]
    assert sorted(chain.from_iterable(
        section.places for section in wrong)) == report.unexpected
    assert overview.sections[:len(wrong)] == tuple(wrong)


@given(reports())
def test_groups_have_the_same_to_say_of_all_pages(report: Report) -> None:
    for section in overview_of(report).sections:
        for group in section.groups:
            assert len({(
                page.role, page.decision, page.reason, page.relation,
                str(report.results[place].error))
                for place in group.places
                for page in [report.plan.pages[place]]}) == 1


def _template(name: str, **changes: object) -> PlannedPage:
    return replace(SKIP, title=titled(f'Template:{name}'),  # type: ignore[arg-type]
                   target=titled(f'Template:{name}'), **changes)


CONVERT = _template('Convert', relation=Relation.UNRELATED,
                    reason=Reason.EXISTS, replaced=NEWEST)


def test_local_page_with_another_text_matters() -> None:
    new = tuple(_template(str(number), decision=Decision.IMPORT,
                          reason=Reason.NEEDED, relation=Relation.MISSING,
                          steps=IMPORT.steps) for number in range(2))
    nowhere = _template('Nowhere', relation=None, newest=None,
                        reason=Reason.NOT_ON_SOURCE,
                        is_missing_on_source=True)
    overview = overview_of(replace(PLAN, pages=(
        *new, CONVERT, nowhere, SKIP, IMPORT)))
    assert headline(overview, 'en') == '3 new, 2 stay, 1 matters'
    assert [(section.kind.value, section.places)
            for section in overview.sections] == [
                ('requested', (5, )), ('stays', (2, )),
                ('not-on-source', (3, )), ('rest', (0, 1, 4))]
    assert [len(group.places) for group in overview.rest] == [2, 1]


def test_local_page_that_no_imported_page_needs_is_left_in_peace() -> None:
    overview = overview_of(replace(PLAN, pages=(replace(
        CONVERT, needed_by=(SKIP.title, )), )))
    assert headline(overview, 'en') == '1 stays'


def test_texts_that_are_replaced_are_told_apart() -> None:
    def replacing(relation: Relation, text: TextAfter) -> PlannedPage:
        return _template(relation.value, decision=Decision.IMPORT,
                         relation=relation, steps=IMPORT.steps,
                         replaced=NEWEST, text_after=text,
                         reason=Reason.FORCED)

    overview = overview_of(replace(PLAN, pages=(
        replacing(Relation.BEHIND, TextAfter.SOURCE),
        replacing(Relation.DIVERGED, TextAfter.SOURCE),
        replacing(Relation.UNRELATED, TextAfter.TARGET))))
    assert headline(overview, 'en') == (
        '1 brought forward, 1 overwritten, 1 history only')
    assert [section.places for section in overview.sections] == [
        (0, 1), (2, )]


def _missing(page: str, template: str) -> Note:
    return Note.of(NoteKind.MISSING_TEMPLATE, page, {'template': template})


def test_equal_notes_are_counted() -> None:
    notes = tuple(_missing(f'Page {number}', 'Template:X')
                  for number in range(761))
    found = overview_of(replace(PLAN, notes=notes)).notes
    assert [counted_note(note, 'en') for note in found] == [
        '"Page 0" looks for a page that the target does not have: '
        '"Template:X" – likewise of 760 more: Page 1, Page 2, Page 3, '
        'Page 4, Page 5 +755']


def test_many_notes_of_a_kind_are_one_and_all_where_that_is_asked_for(
        ) -> None:
    notes = tuple(Note.of(NoteKind.USERS, f'Template:{number}', {
        'count': number}) for number in range(40))
    plan = replace(PLAN, notes=notes)
    counted, = overview_of(plan).notes
    assert counted.note == notes[-1] and len(counted.others) == 39
    assert overview_of(plan, singly=1000).notes == tuple(
        map(CountedNote, notes))


def test_many_notes_on_one_page_name_what_they_are_about() -> None:
    notes = tuple(_missing('Rover', f'Template:{name}') for name in 'ABCDE')
    found = overview_of(replace(PLAN, notes=notes)).notes
    assert [counted_note(note, 'en') for note in found] == [
        '"Rover" looks for a page that the target does not have: '
        '"Template:A" – likewise of 4 more: Template:B, Template:C, '
        'Template:D, Template:E']


def test_note_is_not_said_twice() -> None:
    note = Note.of(NoteKind.MIXED, str(CONVERT.title), {
        'relation': 'unrelated', 'needed_by': ('Rover', )})
    assert not overview_of(replace(
        PLAN, pages=(CONVERT, IMPORT), notes=(note, ))).notes
    assert overview_of(replace(PLAN, notes=(note, ))).notes


@pytest.mark.parametrize('language', LANGUAGES)
def test_every_word_is_there(language: str) -> None:
    for kind in SectionKind:
        assert section_title(kind, language)
    for tally in Tally:
        for count in (1, 2):
            assert str(count) in headline(replace(
                overview_of(PLAN), tallies={tally: count}), language)
    for role in Role:
        page = replace(SKIP, role=role)
        group = overview_of(replace(PLAN, pages=(page, ))).sections[0]
        assert group_title(group.groups[0], [page], language)
