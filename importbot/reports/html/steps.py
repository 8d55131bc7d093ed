"""What a step does, in a few words."""
from __future__ import annotations

from functools import singledispatch

from markupsafe import Markup

from importbot.i18n import message
from importbot.model.steps import (
    CleanUpStep,
    EditStep,
    ImportStep,
    MoveStep,
    Step,
)
from importbot.reports.html.visible import isolated, visible


__all__ = ('details_of', 'step_text')


def step_text(step: Step, language: str) -> Markup:
    """Return what a step does, in a few words.

    :param step: of a page
    """
    return Markup('{} ({})').format(
        message(language, f'html-action-{step.action}'),
        Markup(', ').join(details_of(step, language)))


@singledispatch
def details_of(step: Step, language: str) -> list[Markup]:
    """Return how a step does it; each kind has a function of its own."""
    raise NotImplementedError(f'nothing says what {step} does')


@details_of.register
def _(step: ImportStep, language: str) -> list[Markup]:
    said = [_word(language, 'html-via', step.via)]
    if step.because:
        said.append(_word(language, 'because', step.because))
    if step.history:
        said.append(_word(language, 'html-history', step.history))
    if step.namespace is not None:
        said.append(_value(language, 'namespace', str(step.namespace)))
    if step.rootpage:
        said.append(_value(language, 'rootpage', step.rootpage))
    if step.replaces is not None:
        said.append(_value(language, 'replaces', str(step.replaces)))
    return said


@details_of.register
def _(step: EditStep, language: str) -> list[Markup]:
    return [_word(language, 'html-text', step.text.value)]


@details_of.register
def _(step: MoveStep, language: str) -> list[Markup]:
    said = [_value(language, 'landing', step.landing)]
    if step.redirect:
        said.append(Markup.escape(message(language, 'html-step-redirect')))
    return said


@details_of.register
def _(step: CleanUpStep, language: str) -> list[Markup]:
    return [_value(language, 'post', ', '.join(step.names))]


def _word(language: str, kind: str, word: str) -> Markup:
    try:
        return Markup.escape(message(language, f'{kind}-{word}'))
    except KeyError:  # of another release
        return Markup('<bdi>{}</bdi>').format(visible(word))


def _value(language: str, name: str, value: str) -> Markup:
    return isolated(language, f'html-step-{name}', value=value)
