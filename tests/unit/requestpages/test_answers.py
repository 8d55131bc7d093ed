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
from importbot.requestpages.page.edits import FOLDED, UNFOLDED
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


def folded(lines: list[str]) -> str:
    """Return what stands in tables that are closed at first."""
    return '\n'.join(re.findall(
        r'^\{\|[^\n]*mw-collapsed.*?^\|\}$', '\n'.join(lines),
        re.MULTILINE | re.DOTALL))


# How much is shown

@pytest.mark.parametrize('number', [1, 20, 120])
def test_what_nobody_has_to_look_at_is_folded(number: int) -> None:
    of = of_size(number)
    for lines in (ANSWERS.plan(of, []), ANSWERS.result(report(of), {})):
        assert len(set(re.findall(r'Template:\d+', folded(lines)))
                   ) == number
        shown = '\n'.join(lines).replace(folded(lines), '')
        assert 'Template:' not in shown
        assert f'{number} ' in shown.splitlines()[0]


@pytest.mark.parametrize('number', [MOST_SHOWN + MOST_FOLDED + 1, 400])
def test_large_plan_is_on_a_subpage(number: int) -> None:
    of = of_size(number)
    for lines in (ANSWERS.plan(of, [], 'Wikipedia:Imports/7'),
                  ANSWERS.result(report(of), {}, 'Wikipedia:Imports/7')):
        assert 'Template:' not in '\n'.join(lines)
        assert '[[:Wikipedia:Imports/7]]' in lines[-1]
    whole = ANSWERS.whole(report(of))
    assert len(set(re.findall(r'Template:\d+', whole))) == number
    assert of.id in whole


def test_few_of_many_pages_are_named_where_there_is_a_subpage() -> None:
    of = plan(*(held(f'Held {number}') for number in range(150)))
    text = '\n'.join(ANSWERS.plan(of, [], 'Wikipedia:Imports/7'))
    assert len(set(re.findall(r'Held \d+', text))) == MOST_SHOWN
    assert f'and {150 - MOST_SHOWN} more' in text


def test_few_notes_are_listed() -> None:
    notes = tuple(Note.of(kind, '', {'count': 2, 'titles': (f'A {kind}', )})
                  for kind in NoteKind if kind.names == {'count', 'titles'})
    more = tuple(Note.of(NoteKind.PREFIX_UNKNOWN, '', {'prefix': f'p{each}'})
                 for each in range(20))
    of = plan(page('Template:A'), notes=(*notes, *more))
    text = '\n'.join(ANSWERS.plan(of, []))
    assert f'More notes: {len(notes) + 20 - 8}' in text
    done = replace(report(of), notes=tuple(Note.of(
        NoteKind.SCRIPT_ERRORS, 'A', {'count': count})
        for count in range(1, 3)))
    text = '\n'.join(ANSWERS.result(done, {}))
    assert text.count('script errors') == 2
    assert 'interwiki prefix' not in text


def test_requested_pages_come_first_and_unchanged_ones_last() -> None:
    of = plan(
        page('Skipped', decision=Decision.SKIP, steps=(),
             reason=Reason.IDENTICAL, relation=Relation.IDENTICAL),
        *(page(f'Template:{number}') for number in range(3)),
        held('Template:Held'), page('Rover', role=Role.REQUESTED))
    for lines in (ANSWERS.plan(of, []), ANSWERS.result(report(
            of, Outcome.UNCHANGED, *[Outcome.VERIFIED] * 3,
            Outcome.UNCHANGED, Outcome.VERIFIED), {'Rover': 7})):
        text = '\n'.join(lines)
        places = [text.index(name) for name in (
            'Rover', 'Template:Held', 'Template:0', 'Skipped')]
        assert places == sorted(places)


def test_requested_pages_stay_when_a_result_is_folded() -> None:
    of = plan(page('Rover', role=Role.REQUESTED), page('Template:A'))
    first, *rest = ANSWERS.result(report(of), {'Rover': 7})
    assert 'imported and checked' in first
    assert 'PermanentLink/7' in first
    assert 'Rover' not in '\n'.join(rest)


def test_what_failed_is_shown_openly() -> None:
    of = of_size(30)
    outcomes: list[Outcome | None] = [Outcome.VERIFIED] * 30
    outcomes[25], outcomes[27] = Outcome.FAILED, None
    lines = ANSWERS.result(report(of, *outcomes), {})
    shown = '\n'.join(lines).replace(folded(lines), '')
    assert set(re.findall(r'Template:\d+', shown)) == {
        'Template:25', 'Template:27'}


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
    text = ReplyText(language, {}).block('import-1-1', ['One'])
    assert text == (
        f'<div class="importbot-answer" id="import-1-1" lang="{code}" '
        'dir="ltr">\nOne\n~~~~\n</div>')


@pytest.mark.parametrize(('status', 'opening'), [
    (Status.DONE, FOLDED), (Status.UNDONE, FOLDED),
    # Somebody has to read what is left to do.
    (Status.PARTIAL, UNFOLDED), (Status.FAILED, UNFOLDED), (None, UNFOLDED)])
def test_answers_that_are_done_are_folded(status: Status | None,
                                          opening: str) -> None:
    assert ReplyText('en', {}).block(
        'import-1-1', ['One', 'Two', '* Three'], status) == (
        '<div class="importbot-answer" id="import-1-1" lang="en" dir="ltr">\n'
        f'{opening}\nOne\n<div class="mw-collapsible-content">\n'
        'Two\n* Three\n</div></div>\n~~~~\n</div>')


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
            [answers.whole(done)])]

    for text, harmless in zip(texts(title, target, error),
                              texts('A', 'B', 'c'), strict=True):
        assert acting(text) == acting(harmless)
        assert text.count('\n') == harmless.count('\n')


def test_sentences_are_in_the_language_of_the_wiki() -> None:
    for language in LANGUAGES:
        lines = ReplyText(language, {}).plan(of_size(1), [])
        assert message(language, 'overview-one-new', count=1) in lines[0]
        assert message(language, 'request-plan',
                       plan=of_size(1).id) in lines[0]


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
