"""On a command line the options that mend something follow it."""
from __future__ import annotations

import re

import pytest

from importbot.i18n import LANGUAGES, message
from importbot.model.catalogue import sentences
from importbot.model.decisions import Decision, Reason, Role
from importbot.model.errors import ConfigurationError, PlanChangedError
from importbot.model.plan import PlannedPage
from importbot.model.problems import Problem
from importbot.reports.terminal.remedies import (
    REMEDIES,
    advice_with_remedy,
    remedied,
    with_remedy,
)
from importbot.reports.words.changes import advice_sentence
from tests.kit.plans import titled


def test_remedies_follow_in_the_order_in_which_they_are_needed() -> None:
    problem = Problem('settle', problem=Problem('account-logged-out',
                                                user='Bot'))
    assert with_remedy(problem) == f'{problem} (pwb login, -resume)'


@pytest.mark.parametrize('stop', ['', '.', '。', ':'])
def test_full_stop_comes_last(stop: str) -> None:
    assert remedied(f'Look{stop}', ['-a:N', '-b', '-a:N']) == (
        f'Look (-a:N, -b){stop}')
    assert remedied(f'Look{stop}', []) == f'Look{stop}'


def test_each_line_has_its_remedies() -> None:
    error = PlanChangedError('a.json', ['A: skip', 'B: add'])
    first, *rest = with_remedy(error.problem).splitlines()
    assert first.endswith(' and look at it (-plan:a.json):')
    assert rest == ['A: skip', 'B: add']


def test_line_of_a_configuration_has_its_option() -> None:
    error = ConfigurationError('X', [Problem('configuration-impossible'),
                                     '$.pages: a list'])
    assert with_remedy(error.problem).splitlines()[1:] == [
        'the wiki can have no such page; name another (-configpage)',
        '$.pages: a list']


def test_what_no_option_mends_stays_as_it_is() -> None:
    assert with_remedy(Problem('twice-silent')) == str(
        Problem('twice-silent'))


def test_remedies_are_of_problems_that_there_are() -> None:
    keys = sentences('en')
    assert [key for key in REMEDIES
            if f'importbot-{key}' not in keys] == []


@pytest.mark.parametrize('language', LANGUAGES)
def test_no_sentence_names_an_option(language: str) -> None:
    assert [key for key, text in sentences(language).items()
            if key != '@metadata' and re.search(
                r'(?<![A-Za-zÀ-ÿ-])-[a-z]{3,}|\b(pwb|import(undo|pages|dump))\b',
                text, re.ASCII)] == []


@pytest.mark.parametrize(('reason', 'option'), [
    (Reason.WIDELY_USED, ' (-maxused)'), (Reason.EXISTS, '')])
def test_advice_has_its_option_on_a_command_line_alone(
        reason: Reason, option: str) -> None:
    page = PlannedPage(titled('A'), titled('A'), Role.REQUESTED, (), (), None,
                       Decision.HOLD, reason, (), None)
    plain = message('de', f'advice-{reason.value}')
    assert advice_sentence(page, 'de') == plain
    assert advice_with_remedy(page, 'de') == f'{plain}{option}'
