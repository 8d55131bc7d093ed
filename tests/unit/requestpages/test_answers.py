"""Answers show what matters first, little openly, and nothing that acts."""
from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from importlib.resources import files
from typing import Any

import mwparserfromhell
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mwparserfromhell.nodes import HTMLEntity, Text

from importbot import i18n
from importbot.i18n import LANGUAGES, message
from importbot.model.decisions import Decision, Outcome, Reason, Relation, Role
from importbot.model.notes import Note, NoteKind
from importbot.model.plan import Endpoint, Plan, PlannedPage
from importbot.model.policy import Policy
from importbot.model.problems import Problem
from importbot.model.report import PageResult, Report
from importbot.model.steps import ImportStep, MoveStep
from importbot.requestpages.passes.reply_text import (
    MOST_FOLDED,
    MOST_SHOWN,
    ReplyText,
    summed_up,
)
from importbot.requestpages.status import Status
from tests.kit.plans import titled
from tests.kit.wikitext import PIECES


ANSWERS = ReplyText('en', {'done': '{{done}}'})
STEPS = (ImportStep('interwiki', history='full'), )
HOSTILE = st.lists(st.sampled_from(PIECES), min_size=1).map(''.join)


def page(title: str, **more: Any) -> PlannedPage:
    return replace(PlannedPage(
        titled(title), titled(title), Role.TEMPLATE, (), (), Relation.MISSING,
        Decision.IMPORT, Reason.NEEDED, STEPS, None, 1), **more)


def held(title: str, **more: Any) -> PlannedPage:
    return page(title, **{'decision': Decision.HOLD, 'steps': (),
                          'reason': Reason.PROTECTED, **more})


def plan(*pages: PlannedPage, notes: tuple[Note, ...] = (),
         ) -> Plan:
    return Plan(Endpoint('https://a/api.php', 'a', 'en'),
                Endpoint('https://b/api.php', 'b'), Policy(), pages,
                notes=notes)


def of_size(number: int) -> Plan:
    return plan(*(page(f'Template:{each}') for each in range(number)))


def report(of: Plan, *outcomes: Outcome | None, error: str | None = None,
           ) -> Report:
    return Report(of, 7, tuple(PageResult(
        outcome, 1, Problem.quoted(error) if error else None) for outcome in (
        outcomes or [Outcome.VERIFIED] * len(of.pages))))


def tables(lines: list[str]) -> list[tuple[str, list[str]]]:
    """Return the first line and the rows of each table."""
    found = re.findall(r'^\{\|(.*?)\n(.*?)^\|\}$', '\n'.join(lines),
                       re.MULTILINE | re.DOTALL)
    return [(head, body.split('\n|-\n')[1:])
            for head, body in found]


def rows(lines: list[str]) -> tuple[int, int]:
    """Return how many rows everybody sees, and how many are folded."""
    counts = Counter[bool]()
    for head, body in tables(lines):
        counts['mw-collapsed' in head] += len(body)
    return counts[False], counts[True]


# How much is shown

@pytest.mark.parametrize(('number', 'shown', 'folded'), [
    (0, 0, 0), (1, 1, 0), (20, 20, 0), (21, 20, 1), (120, 20, 100),
    (130, 20, 110), (400, 20, 380)])
def test_twenty_rows_are_shown_and_the_rest_is_folded(
        number: int, shown: int, folded: int) -> None:
    assert shown <= MOST_SHOWN
    of = of_size(number)
    for lines in (ANSWERS.plan(of, []), ANSWERS.result(report(of), {})):
        assert rows(lines) == (shown, folded)
        assert (f'More pages: {folded}' in '\n'.join(lines)) is bool(folded)


@pytest.mark.parametrize('number', [MOST_SHOWN + MOST_FOLDED + 1, 400])
def test_large_table_is_on_a_subpage(number: int) -> None:
    of = of_size(number)
    for lines in (ANSWERS.plan(of, [], 'Wikipedia:Imports/7'),
                  ANSWERS.result(report(of), {}, 'Wikipedia:Imports/7')):
        assert rows(lines) == (20, 0)
        assert '[[:Wikipedia:Imports/7]]' in lines[-1]
    whole = ANSWERS.whole_table(of, report(of))
    assert rows([whole]) == (number, 0)
    assert of.id in whole


def test_few_notes_and_pages_are_listed() -> None:
    notes = tuple(Note.of(NoteKind.FILES, f'File:{number}', {
        'needed_by': ('A', )}) for number in range(100))
    requested = [page(f'Page {number}', role=Role.REQUESTED)
                 for number in range(50)]
    kept = [held(f'Held {number}') for number in range(50)]
    of = plan(*requested, *kept, notes=notes)
    text = '\n'.join(ANSWERS.plan(of, []))
    assert text.count('File:') == 8
    assert 'More notes: 92' in text
    done = replace(report(of, *[Outcome.VERIFIED] * 50,
                          *[Outcome.UNCHANGED] * 50), notes=notes)
    lines = ANSWERS.result(done, {f'Page {number}': number
                                  for number in range(50)})
    text = '\n'.join(lines)
    assert text.count('PermanentLink') == 10
    assert text.count('File:') == 8
    assert sum(line.startswith('* <bdi>[[:Held') for line in lines) == 10


def test_what_needs_a_person_is_shown_first() -> None:
    of = plan(*(page(f'Template:{number}') for number in range(30)),
              held('Template:Held'), page('Rover', role=Role.REQUESTED),
              page('Refused', role=Role.REQUESTED, steps=(),
                   decision=Decision.REFUSE, reason=Reason.RUNS_AS_CODE),
              page('Skipped', decision=Decision.SKIP, steps=(),
                   reason=Reason.EXISTS))
    _head, body = tables(ANSWERS.plan(of, []))[0]
    first = [re.findall(r'\[\[:en:(.*?)\|', row)[0] for row in body[:4]]
    assert first == ['Refused', 'Template:Held', 'Rover', 'Template:0']


def test_what_failed_is_shown_first() -> None:
    of = of_size(30)
    outcomes: list[Outcome | None] = [Outcome.VERIFIED] * 30
    outcomes[25], outcomes[27] = Outcome.FAILED, None
    _head, body = tables(ANSWERS.result(report(of, *outcomes), {}))[0]
    first = [re.findall(r'\[\[:en:(.*?)\|', row)[0] for row in body[:3]]
    assert first == ['Template:25', 'Template:27', 'Template:0']


@pytest.mark.parametrize('outcome', [None, *Outcome])
def test_ends_are_counted(outcome: Outcome | None) -> None:
    good = {Outcome.VERIFIED: 'verified', Outcome.UNCHANGED: 'unchanged'}
    found = summed_up(report(of_size(1), outcome))
    assert found == {'verified': 0, 'unchanged': 0, 'failed': 0,
                     good.get(outcome, 'failed'): 1}  # type: ignore


def test_requested_pages_have_links_to_what_arrived() -> None:
    of = plan(page('Template:A'),
              page('Rover & dog', role=Role.REQUESTED,
                   target='User:Anna/Rover & dog'))
    text = '\n'.join(ANSWERS.result(report(of), {
        'User:Anna/Rover & dog': 77, 'Template:A': 78}))
    assert ('[[:Special:PermanentLink/77|User:Anna/Rover &#38; dog]]'
            in text)
    assert ('{{fullurl:Special:Log|type=import&page='
            'User%3AAnna/Rover%20%26%20dog}}' in text)
    assert 'PermanentLink/78' not in text
    # An entry of the log stays where the import put its page.
    moved = page('Rover', role=Role.REQUESTED, target='User:Anna/Car', steps=(
        ImportStep('interwiki'), MoveStep('User:Bot/importing/Rover')))
    text = '\n'.join(ANSWERS.result(report(plan(moved)), {
        'User:Anna/Car': 79}))
    assert 'type=import&page=User%3ABot/importing/Rover}}' in text
    assert '[[:Special:PermanentLink/79|User:Anna/Car]]' in text


# The form of an answer

@pytest.mark.parametrize(('language', 'code'), [
    ('de', 'de'), ('de-at', 'de'), ('xx', 'en'), ('ja', 'ja')])
def test_block_has_an_anchor_a_language_and_a_signature(
        language: str, code: str) -> None:
    text = ReplyText(language, {}).block('import-1-1', ['One', 'Two'])
    assert text == (
        f'<div class="importbot-answer" id="import-1-1" lang="{code}" '
        'dir="ltr">\nOne\nTwo\n~~~~\n</div>')


@pytest.mark.parametrize(('status', 'last'), [
    (Status.DONE, '{{done}} ~~~~'), (Status.FAILED, '~~~~'), (None, '~~~~')])
def test_last_answer_bears_the_mark_of_the_wiki(status: Status | None,
                                                last: str) -> None:
    assert ANSWERS.block('x', ['One'], status).splitlines()[-2] == last


# Nothing acts

MESSAGES = {
    language: {
        key.removeprefix('importbot-'): re.findall(r'%\((\w+)\)s', text)
        for key, text in json.loads(files(i18n).joinpath(
            f'{language}.json').read_text('utf-8')).items()
        if re.match('importbot-(request|problem)-', key)}
    for language in LANGUAGES}


def acting(text: str) -> Counter[str]:
    """Return what in wikitext is more than text."""
    return Counter(type(node).__name__
                   for node in mwparserfromhell.parse(text).filter()
                   if not isinstance(node, Text | HTMLEntity))


@pytest.mark.parametrize(('language', 'key'), [
    pytest.param(language, key, marks=(
        [] if language in ('en', 'de') else [pytest.mark.soak]))
    for language in LANGUAGES for key in MESSAGES['en']])
def test_sentences_show_what_they_are_given(language: str, key: str) -> None:
    answers = ReplyText(language, {})

    # There are hundreds of sentences; all are said the same way.
    @settings(max_examples=12)
    @given(HOSTILE)
    def act_as_before(text: str) -> None:
        said = [answers.say(key, **dict.fromkeys(
            MESSAGES[language][key], value)) for value in (text, 'a')]
        assert acting(said[0]) == acting(said[1])
        assert '\n' not in said[0]

    act_as_before()


@given(HOSTILE, HOSTILE, HOSTILE, st.sampled_from(LANGUAGES))
def test_answers_show_what_they_are_given(
        title: str, target: str, error: str, language: str) -> None:
    answers = ReplyText(language, {})

    def texts(title: str, target: str, error: str) -> list[str]:
        notes = (Note.of(NoteKind.FILES, title, {
            'needed_by': (target, )}), )
        of = plan(page(title, target=target, role=Role.REQUESTED),
                  held(title, target=target), notes=notes)
        done = replace(report(of, Outcome.FAILED, Outcome.UNCHANGED,
                              error=error), notes=notes)
        return ['\n'.join(lines) for lines in (
            answers.problems([Problem('line', line=title),
                              Problem('not-there', titles=error)]),
            answers.plan(of, [answers.problem(Problem(
                'unknown-parameters', names=error, known=title))],
                         target),
            answers.result(done, {target: 7}),
            [answers.whole_table(of, done)])]

    for text, harmless in zip(texts(title, target, error),
                              texts('A', 'B', 'c'), strict=True):
        assert acting(text) == acting(harmless)
        assert text.count('\n') == harmless.count('\n')


def test_sentences_are_in_the_language_of_the_wiki() -> None:
    for language in LANGUAGES:
        lines = ReplyText(language, {}).plan(of_size(1), [])
        assert lines[0] == message(
            language, 'request-plan', plan=of_size(1).id,
            **of_size(1).summary)


@pytest.mark.parametrize('language', LANGUAGES)
def test_what_went_wrong_is_said_in_the_language_of_the_wiki(
        language: str) -> None:
    gone = Problem('revision-gone')
    of = plan(page('A', role=Role.REQUESTED))
    results = tuple(PageResult(Outcome.FAILED, 1, error) for error in (
        gone, Problem.quoted('Nein!')))
    own, others = ('\n'.join(ReplyText(language, {}).result(
        Report(of, 7, (result, )), {'A': 3})) for result in results)
    assert f'<small>{message(language, "problem-revision-gone")}</small>' \
        in own
    assert '<small lang="en" dir="ltr">Nein!</small>' in others
