"""What is done next: the state on the page against what is known of it."""
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from importbot.requestpages.page.request import Request
from importbot.requestpages.page.scanner import Span
from importbot.requestpages.passes.transition import Known, NextStep, next_step
from importbot.requestpages.status import Status


REQUEST = Request(Span(0, 9), {'pages': 'A'}, Status.REVIEW, 'review', '1',
                  'plan')
KNOWN = Known(Status.REVIEW, REQUEST.fingerprint, 'plan')

#: None is a word that nobody knows.
STATES: tuple[Status | None, ...] = (*Status, None)
WAIT, ADOPT, PLAN, IMPORT, GO_ON, ENDED, UNDO, UNDO_APPROVED = (
    NextStep.WAIT, NextStep.ADOPT, NextStep.PLAN, NextStep.IMPORT,
    NextStep.GO_ON, NextStep.ENDED, NextStep.UNDO, NextStep.UNDO_APPROVED)


def step(status: Status | None, known: Known | None,
         plan: str = 'plan') -> NextStep:
    return next_step(replace(REQUEST, status=status, plan=plan), known)


# The table: by the state on the page, what is done where the journal knows
# nothing, left it in review, left it with a question, is importing, and
# where it ended.

TABLE = {
    'new':       (ADOPT, PLAN,   PLAN,   GO_ON, ENDED),
    'review':    (ADOPT, WAIT,   PLAN,   GO_ON, ENDED),
    'approved':  (ADOPT, IMPORT, IMPORT, GO_ON, ENDED),
    'question':  (ADOPT, PLAN,   WAIT,   WAIT,  WAIT),
    'operator':  (ADOPT, PLAN,   PLAN,   GO_ON, WAIT),
    None:        (ADOPT, PLAN,   WAIT,   GO_ON, WAIT),
    'importing': (WAIT,  WAIT,   WAIT,   GO_ON, WAIT),
    'done':      (WAIT,  WAIT,   WAIT,   GO_ON, WAIT),
    'partial':   (WAIT,  WAIT,   WAIT,   GO_ON, WAIT),
    'failed':    (WAIT,  WAIT,   WAIT,   GO_ON, WAIT),
    'declined':  (WAIT,  WAIT,   WAIT,   WAIT,  WAIT),
    'withdrawn': (WAIT,  WAIT,   WAIT,   WAIT,  WAIT),
    'manual':    (WAIT,  WAIT,   WAIT,   WAIT,  WAIT),
    'undo':      (WAIT,  WAIT,   WAIT,   GO_ON, UNDO),
    'undone':    (WAIT,  WAIT,   WAIT,   GO_ON, WAIT),
}
COLUMNS = {
    'nothing': None, 'review': KNOWN,
    'question': replace(KNOWN, status=Status.QUESTION),
    'importing': replace(KNOWN, status=Status.IMPORTING),
    'ended': replace(KNOWN, status=Status.DONE, is_ended=True)}


def test_what_waits_for_the_operator_is_tried_again() -> None:
    known = replace(KNOWN, status=Status.OPERATOR)
    assert step(Status.OPERATOR, known) is NextStep.RETRY
    assert step(Status.OPERATOR, replace(known, fingerprint='x')) is PLAN
    assert step(Status.NEW, known) is PLAN
    assert step(Status.WITHDRAWN, known) is WAIT
    assert step(Status.OPERATOR, replace(known, is_ended=True)) is WAIT


def test_table_is_whole() -> None:
    assert set(TABLE) == {status and status.value for status in STATES}


@pytest.mark.parametrize(('word', 'column', 'expected'), [
    (word, column, expected) for word, row in TABLE.items()
    for column, expected in zip(COLUMNS, row, strict=True)])
def test_request_as_it_is_known(word: str | None, column: str,
                                expected: NextStep) -> None:
    assert step(Status(word) if word else None,
                COLUMNS[column]) is expected


# By the state on the page, what is done with a request that was edited, or
# that names another plan, where it was left in review or with a question

@pytest.mark.parametrize(('word', 'expected'), {
    **dict.fromkeys(TABLE, WAIT), **dict.fromkeys(
        ('new', 'review', 'approved', 'question', 'operator', None),
        PLAN)}.items())
@pytest.mark.parametrize('left', [Status.REVIEW, Status.QUESTION])
def test_edited_request_is_planned_again(word: str | None, left: Status,
                                         expected: NextStep) -> None:
    known = replace(KNOWN, status=left, fingerprint='another')
    assert step(Status(word) if word else None, known) is expected


@pytest.mark.parametrize(('plan', 'known'), [
    ('another', 'plan'), ('', 'plan'), ('plan', ''), ('', '')])
def test_approval_is_of_the_plan_that_was_shown(plan: str,
                                                known: str) -> None:
    assert step(Status.APPROVED, replace(KNOWN, plan=known), plan) is PLAN


@pytest.mark.parametrize('plan', ['another', ''])
def test_plan_that_was_changed_by_hand_is_put_right(plan: str) -> None:
    assert step(Status.REVIEW, KNOWN, plan) is PLAN


# An import that was begun, or only announced

@pytest.mark.parametrize('status', [
    Status.NEW, Status.REVIEW, Status.APPROVED, Status.IMPORTING, None])
def test_edit_does_not_stop_an_import_on_its_way(status: Status | None,
                                                 ) -> None:
    known = replace(KNOWN, status=Status.IMPORTING, fingerprint='another')
    assert step(status, known) is GO_ON


@pytest.mark.parametrize('status', STATES)
def test_import_that_nobody_saw_begin_is_a_review(status: Status | None,
                                                  ) -> None:
    announced = replace(KNOWN, status=Status.IMPORTING, is_begun=False)
    expected = (GO_ON if status is Status.IMPORTING
                else step(status, KNOWN))
    assert step(status, announced) is expected


@pytest.mark.parametrize('left', [
    Status.UNDO, Status.DONE, Status.PARTIAL, Status.FAILED, Status.UNDONE,
    Status.MANUAL])
def test_undo_is_planned_whatever_the_end_was(left: Status) -> None:
    known = replace(KNOWN, status=left, is_ended=True)
    assert step(Status.UNDO, known) is UNDO
    assert step(Status.UNDO, replace(known, is_begun=False)) is WAIT


@pytest.mark.parametrize(('status', 'plan', 'expected'), [
    (Status.REVIEW, 'plan', WAIT), (Status.APPROVED, 'plan', UNDO_APPROVED),
    # Somebody has changed which plan it is about.
    (Status.REVIEW, 'other', UNDO), (Status.APPROVED, 'other', UNDO),
    (Status.DECLINED, 'plan', WAIT), (Status.NEW, 'plan', ENDED)])
def test_undo_waits_for_consent(status: Status, plan: str,
                                expected: NextStep) -> None:
    known = replace(KNOWN, status=Status.UNDO, plan='plan', is_ended=True)
    assert next_step(replace(REQUEST, status=status, plan=plan),
                     known) is expected


@pytest.mark.parametrize('left', [Status.DONE, Status.UNDONE, Status.MANUAL])
def test_consent_counts_for_an_undo_that_was_shown(left: Status) -> None:
    known = replace(KNOWN, status=left, is_ended=True)
    assert step(Status.APPROVED, known) is ENDED


# Whatever else

requests = st.builds(
    Request, st.just(Span(0, 1)), st.just({'pages': 'A'}),
    st.sampled_from(STATES), st.just(''), st.sampled_from(['', '1']),
    st.sampled_from(['', 'plan', 'another']), st.just(()),
    st.sampled_from(['', '', 'unclosed']), st.booleans())
records = st.builds(
    Known, st.sampled_from(Status),
    st.sampled_from([REQUEST.fingerprint, 'another']),
    st.sampled_from(['', 'plan', 'another']), st.booleans(), st.booleans())


@given(requests, records)
def test_what_ended_is_never_planned_or_imported_again(
        request: Request, known: Known) -> None:
    assume(not request.broken)
    found = next_step(request, replace(known, is_ended=True))
    assert found in (WAIT, ENDED, UNDO, UNDO_APPROVED)


@given(requests, st.none() | records)
def test_import_is_of_what_was_approved(request: Request,
                                        known: Known | None) -> None:
    if next_step(request, known) is IMPORT:
        assert known is not None
        assert not known.is_ended
        assert request.status is Status.APPROVED
        assert request.fingerprint == known.fingerprint
        assert request.plan == known.plan != ''
        assert not request.broken


@given(requests, st.none() | records)
def test_only_what_was_begun_goes_on(request: Request,
                                     known: Known | None) -> None:
    if next_step(request, known) is GO_ON:
        assert known is not None and known.status is Status.IMPORTING
        assert not known.is_ended


@given(requests, st.none() | records)
def test_people_keep_the_bot_off(request: Request,
                                 known: Known | None) -> None:
    assume(not request.broken)
    for status in (Status.DECLINED, Status.WITHDRAWN, Status.MANUAL):
        assert next_step(replace(request, status=status), known) is WAIT


@given(requests, st.none() | records)
def test_broken_request_has_no_state(request: Request,
                                     known: Known | None) -> None:
    assert next_step(replace(request, broken='unclosed'), known) is ADOPT
