"""What is wrong is said in each language, and kept without any."""
from __future__ import annotations

import json

import pytest

from importbot.i18n import LANGUAGES, said
from importbot.model.errors import EditError
from importbot.model.problems import (
    Problem,
    Setting,
    Word,
    problem_from_json,
)


PROBLEM = Problem(
    'both', problem=Problem('not-sent', problem=Problem.quoted('Nein!')),
    other=Problem('moved-on', relation=Word('html-relation', 'behind'),
                  decision=Word('decision', 'hold'),
                  reason=Word('reason', 'ask')))


def test_sentence_is_english_first() -> None:
    assert str(PROBLEM) == (
        'not sent: Nein!; the page changed since it was planned; it is '
        'behind now, which makes hold (ask)')


def test_every_part_is_said_in_another_language() -> None:
    assert said('de', PROBLEM) == (
        'nicht gesendet: Nein!; die Seite hat sich seit dem Plan geändert '
        'und ist jetzt: zurück; das ergibt: zurückgestellt (ein Mensch soll '
        'entscheiden)')


@pytest.mark.parametrize('language', LANGUAGES)
def test_words_of_others_stay_as_they_are(language: str) -> None:
    assert said(language, Problem.quoted('50 % {{x}}')) == '50 % {{x}}'


def test_several_values_are_listed() -> None:
    titles = tuple(f'"{letter}"' for letter in 'abcdefg')
    assert '"a", "b", "c", "d", "e" +2; ' in str(
        Problem('sent-along', titles=titles))


def test_problem_comes_back_as_it_was_kept() -> None:
    problem = Problem('unasked', title='A', count=3,
                      names=('b', Problem('cut')), inner=PROBLEM,
                      what=Setting('existing', 'existing', 'x'))
    kept = json.loads(json.dumps(problem.as_json()))
    assert problem_from_json(kept) == problem
    assert hash(problem_from_json(kept)) == hash(problem)


def test_parts_begin_with_the_whole() -> None:
    assert [part.key for part in PROBLEM.parts()] == [
        'both', 'not-sent', '', 'moved-on']


def test_error_tells_its_problem() -> None:
    error = EditError(PROBLEM)
    assert (str(error), error.problem) == (str(PROBLEM), PROBLEM)
    assert EditError('no').problem == Problem.quoted('no')


def test_several_problems_are_lines_in_each_language() -> None:
    both = Problem.of_lines((Problem('cut'), Problem.quoted('Nein!')))
    assert str(both) == f'{Problem("cut")}\nNein!'
    assert said('de', both) == f'{said("de", Problem("cut"))}\nNein!'
    assert both.is_known and not both.is_quoted
    assert problem_from_json(json.loads(json.dumps(both.as_json()))) == both
    assert PROBLEM.lines == (PROBLEM, )


def test_setting_is_an_option_on_a_command_line_alone() -> None:
    place = Setting('correspondingnamespace', 'namespace')
    assert (str(place), place.as_option) == ('namespace',
                                             '-correspondingnamespace')
    policy = Setting('existing', value='x')
    assert (str(policy), policy.as_option) == ("existing='x'", '-existing:x')


def test_what_a_later_release_says_is_not_known() -> None:
    assert PROBLEM.is_known
    assert Problem.quoted('x').is_known
    assert not Problem('of-later').is_known
