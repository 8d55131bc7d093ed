"""Whoever adds a kind of step learns here what has no function for it."""
from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from importbot.applying.followups import carry_out
from importbot.i18n import LANGUAGES
from importbot.model.codec import planned_page_from_json, undo_step
from importbot.model.decisions import Role, TextAfter
from importbot.model.documents import UndoStepDocument, step_document
from importbot.model.steps import (
    INTERWIKI,
    UPLOAD,
    CleanUpStep,
    EditStep,
    FollowUp,
    ImportStep,
    MoveStep,
    Step,
)
from importbot.model.undo_plan import (
    DeleteStep,
    DiscardStep,
    EditingStep,
    MarkStep,
    RestoreStep,
    UndoDecision,
    UndoPage,
    UndoReason,
    UndoStep,
    UndoVerdict,
    UnmergeStep,
    UnmergingStep,
    undo_step_document,
)
from importbot.reports.html.steps import details_of, step_text
from importbot.reports.words.changes import step_sentence
from importbot.rules.undo import text_to_save
from importbot.undoing.undo import UndoWorker
from tests.kit.plans import IMPORT


def step_from_json(data: dict[str, object]) -> Step:
    """Return a step as a page of a plan has it."""
    step, = planned_page_from_json({**IMPORT.as_json(),
                                    'steps': [data]}).steps
    return step


#: One of each kind, with all that it can have.
STEPS: tuple[Step, ...] = (
    ImportStep(UPLOAD, 'asked', 'full', 0, 'Below', 7),
    EditStep(TextAfter.SOURCE), MoveStep('Landing', redirect=True),
    CleanUpStep(('note:C', 'x')))

UNDO_STEPS: tuple[UndoStep, ...] = (
    DeleteStep(7), RestoreStep(7, 5), MarkStep(7),
    UnmergeStep(7, 3, 4, '2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z', 2,
                'User:Bot/undo-6'),
    DiscardStep('User:Bot/undo-6'))


def test_every_kind_has_an_example() -> None:
    assert {type(step) for step in STEPS} == {*get_args(Step)}
    for step in STEPS:
        for item in fields(step):
            assert getattr(step, item.name) not in (None, '', ())


@pytest.mark.parametrize('kind', get_args(FollowUp))
def test_every_follow_up_is_carried_out_by_a_function(kind: type) -> None:
    assert carry_out.dispatch(kind) is not carry_out.dispatch(object)


def test_every_step_but_an_import_is_a_follow_up() -> None:
    assert {*get_args(Step)} - {*get_args(FollowUp)} == {ImportStep}


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('step', STEPS)
def test_every_kind_is_said_in_words(step: Step, language: str) -> None:
    assert details_of.dispatch(type(step)) is not details_of.dispatch(object)
    assert len(details_of(step, language)) == len(fields(step))
    assert step_text(step, language)


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('step', [
    ImportStep(UPLOAD, 'asked', 'full'), ImportStep(INTERWIKI, '', 'current'),
    EditStep(TextAfter.SOURCE), EditStep(TextAfter.TARGET)])
def test_no_word_of_a_step_lacks_a_message(step: Step, language: str) -> None:
    # What has none is shown apart, as it is.
    assert '<bdi>' not in step_text(step, language)


@pytest.mark.parametrize(('step', 'data'), [
    (STEPS[0], {'action': 'import', 'via': 'upload', 'because': 'asked',
                'history': 'full', 'namespace': 0, 'rootpage': 'Below',
                'replaces': 7}),
    (ImportStep(INTERWIKI, history='current'),
     {'action': 'import', 'via': 'interwiki', 'history': 'current'}),
    (STEPS[1], {'action': 'edit', 'text': 'source'}),
    (STEPS[2], {'action': 'move', 'landing': 'Landing', 'redirect': True}),
    (STEPS[3], {'action': 'edit', 'post': ['note:C', 'x']})])
def test_every_kind_comes_back_out_of_json(
        step: Step, data: dict[str, object]) -> None:
    assert step_document(step).as_json() == data
    # A member keeps its place: bytes of reports depend on it.
    assert list(step_document(step).as_json()) == list(data)
    assert step_from_json(data) == step


@pytest.mark.parametrize('data', [
    {'action': 'dance'}, {'action': 'edit'}, {'via': 'upload'},
    {'action': 'edit', 'text': 'nobody'}, {'action': 'move'}])
def test_what_is_no_step_is_refused(data: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        step_from_json(data)


def test_every_kind_of_an_undo_has_an_example() -> None:
    assert {type(step) for step in UNDO_STEPS} == {*get_args(UndoStep)}


@pytest.mark.parametrize('kind', get_args(UndoStep))
def test_every_step_of_an_undo_is_carried_out_by_a_method(kind: type) -> None:
    dispatch = vars(UndoWorker)['carry_out'].dispatcher.dispatch
    assert dispatch(kind) is not dispatch(object)


@pytest.mark.parametrize('kind', get_args(EditingStep))
def test_every_edit_of_an_undo_has_a_text(kind: type) -> None:
    assert text_to_save.dispatch(kind) is not text_to_save.dispatch(object)


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('step', UNDO_STEPS)
def test_every_step_of_an_undo_is_said_in_words(
        step: UndoStep, language: str) -> None:
    assert step_sentence(UndoPage(0, 'A', 'en:A', Role.REQUESTED, UndoVerdict(
        UndoDecision.UNDO, UndoReason.CREATED,
        *((None, (step, )) if isinstance(step, UnmergingStep)
          else (step, )))), language)


@pytest.mark.parametrize(('step', 'data'), [
    (UNDO_STEPS[0], {'action': 'delete', 'revision': 7}),
    (UNDO_STEPS[1], {'action': 'restore', 'revision': 7, 'text': 5}),
    (UNDO_STEPS[2], {'action': 'mark', 'revision': 7}),
    (UNDO_STEPS[3], {'action': 'unmerge', 'revision': 7, 'first': 3,
                     'last': 4, 'begins': '2020-01-01T00:00:00Z',
                     'ends': '2021-01-01T00:00:00Z', 'count': 2,
                     'home': 'User:Bot/undo-6'}),
    (UNDO_STEPS[4], {'action': 'discard', 'home': 'User:Bot/undo-6'})])
def test_every_step_of_an_undo_comes_back_out_of_json(
        step: UndoStep, data: dict[str, object]) -> None:
    assert undo_step_document(step).as_json() == data
    assert undo_step(UndoStepDocument.model_validate(data)) == step
