"""Part of a plan: what is left when somebody wants less of it."""
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importbot.model.decisions import Role
from importbot.model.errors import UsageError
from importbot.model.notes import Note, NoteKind
from importbot.model.plan import Plan, Unresolved
from tests.kit.plans import IMPORT, PLAN, SKIP, titled


#: Who needs what, by name; those that nobody needs are asked for.
NEEDS = {'Rover': ('Template:A', 'Template:B'), 'Probe': ('Template:B', ),
         'Template:A': ('Template:C', ), 'Template:B': ('Template:D', ),
         'Template:C': ('Template:A', ), 'Template:D': ()}


def plan_of(needs: dict[str, tuple[str, ...]]) -> Plan:
    """Return a plan of the pages."""
    pages = []
    for name in needs:
        needed_by = tuple(titled(other) for other, named in needs.items()
                          if name in named)
        page = SKIP if needed_by else IMPORT
        pages.append(replace(page, title=titled(name), target=titled(name),
                             needed_by=needed_by))
    return replace(PLAN, pages=tuple(pages))


def names(plan: Plan) -> set[str]:
    """Return the titles of the pages of a plan."""
    return {str(page.title) for page in plan.pages}


ALL = plan_of(NEEDS)


@pytest.mark.parametrize(('unwanted', 'left'), [
    ((), {*NEEDS}),
    (('Template:A', ), {'Rover', 'Probe', 'Template:B', 'Template:D'}),
    (('Template:B', ), {'Rover', 'Probe', 'Template:A', 'Template:C'}),
    (('Rover', ), {'Probe', 'Template:B', 'Template:D'}),
    (('Rover', 'Probe'), set())])
def test_without_pages_goes_what_only_they_need(
        unwanted: tuple[str, ...], left: set[str]) -> None:
    assert names(ALL.without(*unwanted)) == left


@pytest.mark.parametrize(('wanted', 'left'), [
    (('Probe', ), {'Probe', 'Template:B', 'Template:D'}),
    (('Template:C', ), {'Template:A', 'Template:C'}),
    (('Template:D', 'Probe'), {'Probe', 'Template:B', 'Template:D'})])
def test_only_pages_come_with_what_they_need(
        wanted: tuple[str, ...], left: set[str]) -> None:
    assert names(ALL.only(*wanted)) == left


@given(st.sets(st.sampled_from([*NEEDS])))
def test_a_page_that_is_left_is_as_it_was(unwanted: set[str]) -> None:
    part = ALL.without(*unwanted)
    before = {page.title: page for page in ALL.pages}
    assert [page.title for page in part.pages] == [
        title for title in before if str(title) in names(part)]
    for page in part.pages:
        assert replace(page, needed_by=()) == replace(
            before[page.title], needed_by=())
        assert {str(title) for title in page.needed_by} <= names(part)
        assert page.role is Role.REQUESTED or page.needed_by
    assert (part.id == ALL.id) == (not unwanted)


def test_titles_may_be_values() -> None:
    assert ALL.without(titled('Rover')) == ALL.without('Rover')


def test_notes_and_names_go_with_their_pages() -> None:
    whole = replace(
        ALL, unresolved=(
            Unresolved('{{{1}}}', (titled('Probe'), titled('Rover'))), ),
        notes=(Note.of(NoteKind.REDIRECT, 'Rover', {'target': 'Probe'}),
               Note.of(NoteKind.FILES, 'Rover.jpg',
                       {'needed_by': ('Probe', 'Rover')}),
               Note.of(NoteKind.UPLOADS, '', {'count': 2})))
    part = whole.without('Rover')
    assert part.notes == whole.notes[1:]
    assert part.unresolved == (Unresolved('{{{1}}}', (titled('Probe'), )), )
    assert whole.without('Rover', 'Probe').unresolved == ()


def test_page_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match='no page Rovers, Template:X'):
        ALL.without('Rovers', 'Rover', 'Template:X')
    with pytest.raises(UsageError, match='no page Rovers'):
        ALL.only('Rovers')
