"""The bot changes its request and answers below, and touches nothing else.
"""
from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from importbot.requestpages.configuration import TemplateWords
from importbot.requestpages.page.edits import RequestEdit, anchor
from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.request import Request
from importbot.requestpages.status import Status
from tests.kit.references import wiki


READER = RequestReader(wiki('en'), [TemplateWords()], lines=['en'])
GERMAN = RequestReader(wiki('de'), [TemplateWords(
    name='Importwunsch',
    parameters={'pages': ['Seiten'], 'status': ['Status', 'Stand'],
                'id': ['Nr'], 'plan': ['Plan']},
    statuses={'review': ['zu prüfen', 'Prüfung'], 'done': ['erledigt']})],
    lines=['en'])

NEW = '{{Import request|pages=A|status=new}}'
REVIEW = '{{Import request|pages=A|status=review|id=1|plan=2}}'
LINE = '[[:en:A]] → [[B]]'
ANSWER = '<div id="import-1-1">\nAn answer. {{fullurl:x}} [[:en:A]]\n</div>'


def request(text: str, reader: RequestReader = READER) -> Request:
    """Return the first request of a page."""
    return reader.requests(text)[0]


def change(text: str, reader: RequestReader = READER,
           **what: Any) -> RequestEdit:
    """Return a change of the first request of a page."""
    return RequestEdit(request(text, reader), **what)


def answered(text: str, **what: Any) -> str:
    """Return a page whose first request was answered."""
    changed = change(text, answer=ANSWER, mark='import-1-1', **{
        'status': Status.REVIEW, 'id': '1', 'plan': '2', **what}).apply(
            text, READER)
    assert changed is not None
    return changed


def test_anchors_are_made_of_what_they_are_for() -> None:
    assert anchor('a1', 'run', 7) == 'import-a1-run-7'


# The state

@pytest.mark.parametrize(('text', 'expected'), [
    (NEW, REVIEW),
    ('{{Import request|pages=A}}', '{{Import request|pages=A|status=review'
                                   '|id=1|plan=2}}'),
    ('{{Import request\n |pages = A\n |status = new\n |id =\n}}',
     '{{Import request\n |pages = A\n |status = review\n |id =1\n |plan=2\n'
     '}}'),
    ('{{ IR<!-- x -->|Status=new|x=y|pages=A <!-- status=new -->}}',
     '{{ IR<!-- x -->|Status=review|x=y|pages=A <!-- status=new -->|id=1'
     '|plan=2}}'),
    ('{{Import request|pages=A|status=approved|id=1|plan=1}}', REVIEW),
    ('{{Import request|pages=A|status=Review|id=1|plan=2}}', REVIEW),
])
def test_state_is_written_into_the_template(text: str,
                                            expected: str) -> None:
    reader = RequestReader(READER.siteinfo, READER.templates,
                           {'Template:IR': 'Template:Import request'})
    found = change(text, reader, status=Status.REVIEW, id='1', plan='2')
    assert found.apply(f'Hello {text} bye', reader) == f'Hello {expected} bye'


@pytest.mark.parametrize(('what', 'expected'), [
    ({'status': Status.APPROVED},
     '{{Import request|pages=A|status=approved|id=1|plan=2}}'),
    ({'status': Status.QUESTION, 'id': '1'},
     '{{Import request|pages=A|status=question|id=1|plan=2}}'),
    ({'status': Status.REVIEW, 'plan': '3'},
     '{{Import request|pages=A|status=review|id=1|plan=3}}'),
    ({}, REVIEW)])
def test_id_and_plan_are_never_lost(what: dict[str, Any],
                                    expected: str) -> None:
    assert change(REVIEW, **what).apply(REVIEW, READER) == expected


@pytest.mark.parametrize(('text', 'expected'), [
    ('{{Importwunsch|Seiten=A}}',
     '{{Importwunsch|Seiten=A|Status=zu prüfen|Nr=1|Plan=2}}'),
    ('{{Importwunsch|pages=A|Stand=neu|id=}}',
     '{{Importwunsch|pages=A|Stand=zu prüfen|id=1|Plan=2}}'),
    (LINE, f'{LINE}\n{{{{Importwunsch|Seiten={LINE}|Status=zu prüfen|Nr=1'
           '|Plan=2}}')])
def test_words_of_the_wiki_are_written(text: str, expected: str) -> None:
    found = change(text, GERMAN, status=Status.REVIEW, id='1', plan='2')
    changed = found.apply(text, GERMAN)
    assert changed == expected
    after = request(changed, GERMAN)
    assert (after.status, after.id, after.plan) == (Status.REVIEW, '1', '2')
    assert found.apply(changed, GERMAN) == changed


@pytest.mark.parametrize('line', [
    LINE, f'* {LINE} please --[[User:Anna|Anna]]', f'#: {LINE} <!-- x -->',
    '[[:en:A<!-- {{ -->|rover]]  -> [[User:Anna/B|mine]]'])
def test_line_gets_a_template_below(line: str) -> None:
    text = f'== One ==\n{line}\nI agree --Bert\n\n== Two ==\n'
    found = change(text, status=Status.REVIEW, id='1', plan='2',
                   answer=ANSWER, mark='import-1-1')
    changed = found.apply(text, READER)
    assert changed is not None
    after, = READER.requests(changed)
    assert after.fields == found.request.fields
    assert (after.is_line, after.status, after.id, after.plan) == (
        False, Status.REVIEW, '1', '2')
    template = changed[after.span.start:after.span.end]
    assert changed == (f'== One ==\n{line}\n{template}\nI agree --Bert\n'
                       f'{ANSWER}\n\n== Two ==\n')
    assert found.apply(changed, READER) == changed


@pytest.mark.parametrize('behind', [
    '<!-- who forgot to close it?\n', '<includeonly>\nmore'])
def test_template_of_a_line_is_seen(behind: str) -> None:
    text = f'* {LINE} --Anna {behind}'
    found = change(text, status=Status.REVIEW, id='1', plan='2')
    changed = found.apply(text, READER)
    assert changed is not None
    after, = READER.requests(changed)
    assert (after.is_line, after.id) == (False, '1')
    assert changed.startswith(f'* {LINE}\n{{{{')
    assert changed.endswith(f'}}}} --Anna {behind}')


# Whose state

@pytest.mark.parametrize('now', [
    '', '{{Import request|pages=B|status=new}}', REVIEW,
    '{{Import request|pages=A|status=approved}}', f'<nowiki>{NEW}</nowiki>',
    f'<!-- {NEW} -->', '{{Import request|pages=A|status=new',
    '{{Import request|pages=A|status=new|reason=B}}'])
def test_request_that_does_not_stand_so_any_more_is_left(now: str) -> None:
    found = change(NEW, status=Status.DECLINED, id='7', answer=ANSWER,
                   mark='import-1-1')
    assert found.apply(now, READER) is None


def test_request_is_found_wherever_it_went() -> None:
    found = change(NEW, status=Status.REVIEW, id='1', plan='2')
    assert found.apply(f'{REVIEW.replace("A", "B")} x {NEW}', READER) == (
        f'{REVIEW.replace("A", "B")} x {REVIEW}')


def test_of_two_copies_one_is_changed_and_then_the_other() -> None:
    first = change(f'{NEW} {NEW}', status=Status.REVIEW, id='1', plan='2')
    second = change(NEW, status=Status.REVIEW, id='7', plan='2')
    once = first.apply(f'{NEW} {NEW}', READER)
    assert once == f'{REVIEW} {NEW}'
    assert second.apply(once, READER) == (
        f'{REVIEW} {REVIEW.replace("id=1", "id=7")}')
    # Whoever pastes a copy above does not make two requests of one.
    pasted = f'{NEW} {once}'
    assert first.apply(pasted, READER) == pasted


# The answer

@pytest.mark.parametrize(('text', 'expected'), [
    (NEW, f'{REVIEW}\n{ANSWER}\n'),
    (f'{NEW}\n', f'{REVIEW}\n{ANSWER}\n'),
    (f'{NEW} --Anna\n: agreed --Bert\n\n\n',
     f'{REVIEW} --Anna\n: agreed --Bert\n{ANSWER}\n'),
    (f'{NEW} --Anna\n== Two ==\n: hello\n',
     f'{REVIEW} --Anna\n{ANSWER}\n\n== Two ==\n: hello\n'),
    (f'{NEW} --Anna\n\n\n=== Talk === <!-- x -->\n: hello',
     f'{REVIEW} --Anna\n{ANSWER}\n\n=== Talk === <!-- x -->\n: hello'),
    (f'{NEW}\n<!-- x -->== Two ==\n',
     f'{REVIEW}\n{ANSWER}\n\n<!-- x -->== Two ==\n'),
    (f'{NEW}\na\n* b: {{{{Import request|pages=B}}}}\nc',
     f'{REVIEW}\na\n{ANSWER}\n\n* b: {{{{Import request|pages=B}}}}\nc'),
    (f'{NEW} {{{{Import request|pages=B}}}}',
     f'{REVIEW}\n{ANSWER}\n\n {{{{Import request|pages=B}}}}'),
    (f'{NEW}\na\n{LINE}\nb', f'{REVIEW}\na\n{ANSWER}\n\n{LINE}\nb'),
    # What looks like a heading and is none
    (f'{NEW}\n<nowiki>\n== Two ==\n</nowiki>\n<!--\n== Three ==\n-->\na',
     f'{REVIEW}\n<nowiki>\n== Two ==\n</nowiki>\n<!--\n== Three ==\n-->\na\n'
     f'{ANSWER}\n'),
    (f'{NEW}\na == b ==\n', f'{REVIEW}\na == b ==\n{ANSWER}\n'),
    # What would swallow it
    (f'{NEW} --Anna\nhello <!-- and more\n== Two ==\n',
     f'{REVIEW}\n{ANSWER}\n\n --Anna\nhello <!-- and more\n== Two ==\n'),
    (f'{NEW}\n<includeonly>\n== Two ==\n',
     f'{REVIEW}\n{ANSWER}\n\n<includeonly>\n== Two ==\n'),
    (f'{NEW}\na <nowiki>b\n', f'{REVIEW}\na <nowiki>b\n{ANSWER}\n'),
    (f'{NEW}\na {{{{b\n', f'{REVIEW}\na {{{{b\n{ANSWER}\n'),
])
def test_answer_goes_to_the_end_of_the_thread(text: str,
                                              expected: str) -> None:
    assert answered(text) == expected
    assert answered(f'Before\n== One ==\n{text}') == (
        f'Before\n== One ==\n{expected}')


def test_answer_goes_below_the_answers_before_it() -> None:
    once = answered(NEW)
    twice = change(once, status=Status.DONE, answer='<p id="import-1-2">',
                   mark='import-1-2').apply(once, READER)
    assert twice == (f'{once}<p id="import-1-2">\n').replace(
        'status=review', 'status=done')


def test_answer_that_is_there_is_not_given_again() -> None:
    text = f'{REVIEW}\n{ANSWER}\nthanks! --Anna\n'
    assert answered(text) == text


@pytest.mark.parametrize(('again', 'answers'), [(False, 2), (True, 1)])
def test_only_the_bot_says_that_an_answer_is_there(again: bool,
                                                   answers: int) -> None:
    """It knows whether it may have been at it before."""
    forged = '<p id="import-1-1">'
    changed = answered(f'{NEW}\n{forged}\n', again=again)
    assert changed.count('id="import-1-1"') == answers


@pytest.mark.parametrize('text', [
    '{{Import request|pages=A\n', '{{Import request|' + 'x' * 10_000 + '}}'])
def test_broken_request_is_answered_and_left(text: str) -> None:
    found = change(text, answer=ANSWER, mark='import-1-1')
    changed = found.apply(text, READER)
    assert changed == f'{text.rstrip()}\n{ANSWER}\n'
    assert found.apply(changed, READER) == changed


# All else

TALK = st.lists(st.sampled_from([
    'a', ' ', '\n', '\n\n', '\n== b ==\n', '\n===', '<!-- c -->', '<!--',
    '-->', '<nowiki>', '</nowiki>', '<pre>', '{{d}}', '{{', '}}', '{', '}',
    '[[e]]', '[[', ']]', '|', '=', '* ', ': ', '--~~~~', '{|', '|}',
    '<includeonly>', '</div>', '{{Import request|pages=B|status=done|id=9}}',
    '{{Import request', NEW, REVIEW, f'\n{LINE}\n', 'é→\u200f',
    ])).map(''.join)


def fingerprints(text: str) -> list[str]:
    return sorted(each.fingerprint for each in READER.requests(text))


def squeezed(text: str) -> str:
    return ''.join(text.split())


@given(TALK, st.sampled_from([NEW, REVIEW, f'\n{LINE} ']), TALK,
       st.sampled_from([Status.REVIEW, Status.DONE]))
def test_talk_around_is_kept_and_nothing_is_done_twice(
        before: str, text: str, behind: str, status: Status) -> None:
    page = f'{before}{text}{behind}'
    found = [each for each in READER.requests(page)
             if not each.broken and each.id != '9']
    assume(found)
    todo = RequestEdit(found[0], status, '7', '8', ANSWER, 'import-1-1')
    once = todo.apply(page, READER)
    assert once is not None
    assert once.count(ANSWER) == 1
    assert todo.apply(once, READER) == once
    assert fingerprints(once) == fingerprints(page)
    # Spaces at the place of the answer apart, only the request changed.
    was = found[0].span
    now, = (each.span for each in READER.requests(once) if each.id == '7')
    if not found[0].is_line:
        page = page[:was.start] + page[was.end:]
    assert squeezed(page) == squeezed(
        once[:now.start] + once[now.end:]).replace(squeezed(ANSWER), '')


@given(TALK, TALK)
def test_state_alone_changes_not_one_other_character(before: str,
                                                     behind: str) -> None:
    page = f'{before}\n{REVIEW}\n{behind}'
    found = next((each for each in READER.requests(page)
                  if page[each.span.start:each.span.end] == REVIEW), None)
    assume(found is not None)
    assert found is not None
    start, end = found.span.start, found.span.end
    assert RequestEdit(found, Status.DONE).apply(page, READER) == (
        page[:start] + REVIEW.replace('review', 'done') + page[end:])


def test_large_page_is_changed_quickly() -> None:
    page = '\n'.join(f'== {number} ==\n'
                     + NEW.replace('A', str(number)) + ' --Anna\n: agreed'
                     for number in range(3_000))
    start = time.process_time()
    assert answered(page).count(ANSWER) == 1
    assert time.process_time() - start < 10
