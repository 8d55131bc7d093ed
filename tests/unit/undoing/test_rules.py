"""The rules of an undo, whatever a run left and the wiki has by now."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from importbot.applying.arrival_change import arrival_of
from importbot.journal import tables
from importbot.journal.changes import ARRIVAL, Change, record
from importbot.journal.journal import Journal, now
from importbot.journal.undos import standing
from importbot.model.codec import undo_page_from_json
from importbot.model.decisions import Decision, Outcome, Reason, Relation, Role
from importbot.model.plan import PlannedPage
from importbot.model.revisions import Revision
from importbot.model.undo_plan import (
    DeleteStep,
    MarkStep,
    RestoreStep,
    UndoDecision,
    UndoPage,
    UndoReason,
    UndoStep,
    UndoVerdict,
)
from importbot.rules.undo import (
    CurrentState,
    RecordedState,
    decide_undo,
    text_to_save,
)
from tests.kit.plans import titled


TITLE = 'Template:Rover'

ids = st.integers(0, 3)
lefts = st.builds(
    RecordedState, before=ids, after=ids,
    outcome=st.sampled_from([None, *Outcome]), was_sent=st.booleans(),
    imported=st.integers(0, 2),
    is_shared=st.booleans())
revisions = st.builds(
    Revision, id=st.integers(1, 3), parent=ids,
    timestamp=st.just('2026-01-01T00:00:00Z'), sha1=st.sampled_from('ab'),
    user=st.just('Anna'))
theres = st.builds(
    CurrentState, newest=st.none() | revisions, stands_for=ids,
    home=st.sampled_from(['', TITLE, 'Elsewhere']),
    has_landed=st.booleans(), sha1_before=st.sampled_from(['', 'a', 'b']),
    model=st.sampled_from(['wikitext', 'Scribunto']),
    may_delete=st.booleans(), may_edit=st.booleans(),
    is_protected=st.booleans(), excludes_bot=st.booleans(),
    is_marked=st.booleans(), is_mixed=st.booleans(),
    others=st.sampled_from([(), (7, )]),
    would_be_transformed=st.booleans())
RIGHTS = ('may_delete', 'may_edit')
DOUBTS = ('is_protected', 'excludes_bot', 'is_mixed', 'would_be_transformed')


def decided(left: RecordedState, there: CurrentState,
            marks: bool) -> UndoVerdict:
    return decide_undo(TITLE, left, there, marks=marks)


# One page

@given(lefts, theres, st.booleans())
def test_step_is_only_for_what_the_run_left(
        left: RecordedState, there: CurrentState, marks: bool) -> None:
    found = decided(left, there, marks)
    assert (found.step is None) == (found.decision is not UndoDecision.UNDO)
    if found.step is None:
        return
    assert left.after and there.stands_for == left.after
    assert there.newest is not None
    assert found.step.revision == there.newest.id
    assert there.home in ('', TITLE)
    assert not (left.is_shared or there.is_protected)
    assert left.before != left.after


@given(lefts, theres, st.booleans())
def test_json_implies_what_was_decided(
        left: RecordedState, there: CurrentState, marks: bool) -> None:
    page = UndoPage(0, TITLE, f'en:{TITLE}', Role.TEMPLATE,
                    decided(left, there, marks))
    assert undo_page_from_json(page.as_json()) == page


@given(lefts, theres, st.booleans())
def test_each_step_needs_what_it_does(
        left: RecordedState, there: CurrentState, marks: bool) -> None:
    step = decided(left, there, marks).step
    if step is None:
        return
    if isinstance(step, RestoreStep):
        assert step.text == left.before != 0
        assert there.sha1_before and there.may_edit and not there.excludes_bot
        assert not there.would_be_transformed
    else:
        assert not left.before, 'a page that was there stays'
        assert not there.is_mixed and not there.others
    if isinstance(step, DeleteStep):
        assert there.may_delete
    if isinstance(step, MarkStep):
        assert marks and not there.may_delete and not there.excludes_bot
        assert there.may_edit and there.model == 'wikitext'


@given(lefts, theres, st.booleans(), st.sampled_from(RIGHTS))
def test_right_takes_nothing_away(left: RecordedState, there: CurrentState,
                                  marks: bool, right: str) -> None:
    without = decided(left, replace(there, **{right: False}), marks)
    having = decided(left, replace(there, **{right: True}), marks)
    if without.decision is UndoDecision.UNDO:
        assert having.decision is UndoDecision.UNDO
    if having.decision is not UndoDecision.UNDO and (
            having.reason is not UndoReason.NOBOTS):
        assert without.decision is not UndoDecision.UNDO


@given(lefts, theres, st.booleans(), st.sampled_from(DOUBTS))
def test_doubt_does_nothing_more(left: RecordedState, there: CurrentState,
                                 marks: bool, doubt: str) -> None:
    sure = decided(left, replace(there, **{doubt: False}), marks)
    unsure = decided(left, replace(there, **{doubt: True}), marks)
    if unsure.step:
        assert sure.step == unsure.step


@given(lefts, theres)
def test_nothing_that_may_be_there_is_said_to_be_gone(
        left: RecordedState, there: CurrentState) -> None:
    found = decided(left, there, False)
    if found.reason is UndoReason.GONE:
        assert there.newest is None
        assert left.outcome is not Outcome.DIFFERS or left.after
    if found.reason is UndoReason.NOT_BROUGHT and left.was_sent:
        assert not left.imported or left.before == left.after


# What counts as somebody else's

def revision(id: int, sha1: str, user: str, time: int) -> Revision:
    return Revision(id, 0, f'2026-01-01T00:00:{time:02}Z', sha1, user)


def arrival(ours: list[Revision], theirs: list[Revision],
            before: int = 0) -> Change:
    page = PlannedPage(
        titled('Rover'), titled('Rover'), Role.REQUESTED, (), (),
        Relation.MISSING, Decision.IMPORT, Reason.NEEDED, (), theirs[0],
        replaced=Revision(before, 0, '', '') if before else None)
    return arrival_of(0, page, theirs, ours, 'Bot')


THEIRS = [revision(7, 'b', 'Anna', 2), revision(6, 'a', 'Ben', 1)]
CAME = [revision(13, 'b', 'Bot', 9), revision(12, 'b', 'en>Anna', 2),
        revision(11, 'a', 'Ben', 1)]


def test_what_the_import_made_is_ours() -> None:
    assert arrival(CAME, THEIRS) == Change(0, ARRIVAL, 0, 13)


def test_text_before_that_was_put_back_is_ours() -> None:
    ours = [revision(14, 'o', 'Bot', 10), *CAME,
            revision(5, 'o', 'Carl', 0)]
    assert not arrival(ours, THEIRS, before=5).is_shared


def test_edit_of_somebody_else_is_not() -> None:
    ours = [*CAME[:1], revision(12, 'x', 'Botty', 8), *CAME[1:]]
    assert arrival(ours, THEIRS).is_shared


def test_edit_by_hand_of_our_account_is_not() -> None:
    ours = [*CAME[:1], revision(12, 'x', 'Bot', 8), *CAME[1:]]
    assert arrival(ours, THEIRS).is_shared


def test_dummy_on_a_text_that_the_source_hides_is_ours() -> None:
    empty = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'
    theirs = [revision(7, '', '', 2), THEIRS[1]]
    ours = [revision(13, empty, 'Bot', 9),
            revision(12, empty, 'en>Unknown user', 2), CAME[2]]
    assert not arrival(ours, theirs).is_shared


# Runs, undos and people, one behind the other

MARK = '{{Delete}}'


class Pages(RuleBasedStateMachine):

    """A wiki of two pages, its journal, and whoever works on them."""

    titles = st.sampled_from(['One', 'Two'])

    @initialize()
    def begin(self) -> None:
        self.journal = Journal(':memory:')
        self.revisions: dict[int, tuple[str, str]] = {}
        self.pages: dict[str, list[int]] = {'Two': []}
        self.pages['Two'].append(self._revision('people', 'of old'))
        self.arrivals: list[tuple[int, str, Change]] = []
        self.edited: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, 'journal'):
            self.journal.close()

    def _revision(self, who: str, text: str) -> int:
        number = len(self.revisions) + 1
        self.revisions[number] = who, text
        return number

    def _newest(self, title: str) -> int:
        return self.pages[title][-1] if self.pages.get(title) else 0

    def _run(self, **undoes: int) -> int:
        with self.journal.transaction() as connection:
            key = connection.execute(tables.runs.insert().values(
                plan='', state='finished', started=now(), source_api='',
                source_prefix='', target_api='api', target_user='Bot',
                options={})).inserted_primary_key
            assert key is not None
            run = int(key[0])
            if undoes:
                connection.execute(tables.undos.insert().values(
                    run=run, **undoes))
        return run

    @rule(title=titles, text=st.sampled_from('abc'))
    def import_page(self, title: str, text: str) -> None:
        before = self._newest(title)
        if before and self.revisions[before][1] == text:
            return
        change = Change(0, ARRIVAL, before, self._revision('run', text))
        self.pages.setdefault(title, []).append(change.after)
        run = self._run()
        record(self.journal, run, change)
        self.arrivals.append((run, title, change))

    @rule(title=titles)
    def run_in_vain(self, title: str) -> None:
        """A run that found nothing to bring leaves what it found."""
        newest = self._newest(title)
        if newest:
            run, change = self._run(), Change(0, ARRIVAL, newest, newest)
            record(self.journal, run, change)
            self.arrivals.append((run, title, change))

    @rule(title=titles, text=st.sampled_from('abxy'))
    def edit(self, title: str, text: str) -> None:
        self.edited.add(title)
        self.pages.setdefault(title, []).append(
            self._revision('people', text))

    @precondition(lambda self: self.arrivals)
    @rule(data=st.data(), may_delete=st.booleans())
    def undo(self, data: Any, may_delete: bool) -> None:
        run, title, change = data.draw(st.sampled_from(self.arrivals))
        self._undo(run, title, change, may_delete)

    def _undo(self, run: int, title: str, change: Change,
              may_delete: bool) -> UndoVerdict:
        newest = self._newest(title)
        stands_for, is_marked = standing(self.journal, 'api', newest)
        verdict = decide_undo(title, RecordedState(
            change.before, change.after, Outcome.VERIFIED), CurrentState(
                Revision(newest, 0, '', self.revisions[newest][1])
                if newest else None, stands_for,
                title if change.after in self.pages.get(title, ()) else '',
                sha1_before=self.revisions[change.before][1]
                if change.before in self.pages.get(title, ()) else '',
                may_delete=may_delete, is_marked=is_marked), marks=True)
        if verdict.step:
            self._do(self._run(undoes=run), title, verdict.step, change)
        return verdict

    def _do(self, run: int, title: str, step: UndoStep,
            change: Change) -> None:
        later = [number for number in self.pages[title]
                 if number > change.after]
        assert all(self.revisions[number][0] != 'people'
                   for number in later), 'somebody edited it since'
        if isinstance(step, DeleteStep):
            assert all(self.revisions[number][0] != 'people'
                       for number in self.pages[title])
            del self.pages[title]
            after = 0
        else:
            text = text_to_save(step, self.revisions[step.text][1], MARK,
                                is_used=False, is_redirect=False)
            after = self._revision('undo', text)
            self.pages[title].append(after)
        record(self.journal, run, Change(0, step.action, step.revision,
                                         after))

    @precondition(lambda self: self.arrivals)
    @rule()
    def undo_everything(self) -> None:
        """From the last run to the first: what nobody edited is as it was.
        """
        for arrival in reversed(self.arrivals):
            self._undo(*arrival, True)
        if 'One' not in self.edited:
            assert not self._newest('One')
        if 'Two' not in self.edited:
            assert self.revisions[self._newest('Two')][1] == 'of old'

    @invariant()
    def what_people_wrote_is_there(self) -> None:
        if hasattr(self, 'pages'):
            there = {number for page in self.pages.values()
                     for number in page}
            assert there.issuperset(
                number for number, (who, _text) in self.revisions.items()
                if who == 'people')


def test_runs_undos_and_people_in_any_order() -> None:
    run_state_machine_as_test(Pages, settings=settings(
        max_examples=100, stateful_step_count=15, deadline=None))
