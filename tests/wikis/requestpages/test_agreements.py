"""What others left on a page agrees to nothing, whoever saves it."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.attacks import approved, honestly, in_vain, reviewed
from tests.kit.request_wiki import Desk
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


pytestmark = pytest.mark.wiki

SYSOPS = {'name': 'sysops', 'groups': ['sysop'], 'approval': False}
TRAP = 'Template:Trap {}'


@pytest.fixture(scope='module')
def anna(each_box: Box) -> Client:
    return Desk(each_box).person('Anna Petit')


@pytest.fixture(scope='module')
def mallory(each_box: Box) -> Client:
    return Desk(each_box).person('Mallory')


@pytest.fixture(scope='module')
def chief(each_box: Box) -> Client:
    return Desk(each_box).person('Chief', 'sysop')


@pytest.fixture(scope='module')
def specimens(each_box: Box) -> Iterator[str]:
    return put_specimens(each_box, 60)


@pytest.fixture
def desk(each_box: Box) -> Desk:
    return Desk(each_box)


@pytest.fixture
def title(specimens: Iterator[str]) -> str:
    return next(specimens)


def trap(desk: Desk, title: str) -> str:
    """Return the name of a template that is not there yet."""
    return f'Trap {desk.page.rpartition(" ")[2]} {title.rpartition(" ")[2]}'


def spring(by: Client, name: str, text: str) -> None:
    by.edit(f'Template:{name}', text)


# What a save expands

def test_request_with_a_substitution_is_a_question(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    name = trap(desk, title)
    reviewed(desk, title, anna)
    desk.edit(mallory, '\n |status = review',
              f'\n |note = {{{{subst:{name}}}}}\n |status = review')
    in_vain(desk)
    assert desk.statuses == ['question']
    assert 'subst:' in desk.answers()[-1]
    request, = desk.requests
    spring(mallory, name, '\n |status = approved\n |id = '
           f'{request.id}\n |plan = x')
    desk.admin.edit(desk.page, 'Something else.', section='new')
    in_vain(desk)
    in_vain(desk)
    assert 'done' not in desk.statuses and 'approved' not in desk.statuses


def test_substitution_beside_a_request_approves_it(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    name = trap(desk, title)
    reviewed(desk, title, anna)
    text, before = approved(desk.text), desk.text
    mallory.edit(desk.page, f'{before}\n== Thanks ==\n{{{{subst:{name}}}}}')
    spring(mallory, name, text)
    # Whoever takes the request away sets off what is left.
    desk.admin.edit(desk.page, f'== Thanks ==\n{{{{subst:{name}}}}}')
    assert 'status = approved' in desk.text
    in_vain(desk)
    assert desk.statuses == ['review']
    honestly(desk, title)


def test_approval_besides_a_substitution_that_is_left_alone(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    reviewed(desk, title, anna)
    mallory.edit(desk.page, f'{desk.text}\n{{{{subst:{trap(desk, title)}}}}}')
    honestly(desk, title)
    assert '{{subst:' in desk.text


def test_substitution_becomes_a_request_of_whoever_saves(
        desk: Desk, mallory: Client, title: str) -> None:
    desk.configure(rules=[SYSOPS])
    name = trap(desk, title)
    mallory.edit(desk.page, f'== A ==\n{{{{subst:{name}}}}}\n== B ==\nHello.')
    spring(mallory, name, desk.request(title))
    desk.admin.edit(desk.page, '== B ==\nHello, you.', section='2')
    assert desk.statuses == ['new']
    in_vain(desk)
    assert desk.statuses == ['review']
    honestly(desk, title)


@pytest.mark.parametrize('more', ['\n |status = review',
                                  '\n |Status = review',
                                  '\n |note = <nowiki>',
                                  '\n |note = <!-- x'])
def test_what_is_no_clear_request_is_a_question(
        desk: Desk, anna: Client, title: str, more: str) -> None:
    text = desk.request(title).replace('\n |status', f'{more}\n |status')
    anna.edit(desk.page, text)
    in_vain(desk)
    assert len(desk.answers()) == 1
    if '<!--' not in more:
        assert set(desk.statuses) <= {'question'}
    assert in_vain(desk).treated == 0


# What a save closes

def test_reply_closes_what_hides_the_request(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    reviewed(desk, title, anna)
    text = desk.text
    mallory.edit(desk.page, f'<nowiki>\n{text}\n<includeonly>\n'
                 f'== Question ==\nWhat is this?\n== Old ==\n'
                 f'{approved(text)}')
    in_vain(desk)
    desk.edit(desk.admin, 'What is this?', 'It is </nowiki>, says I.')
    in_vain(desk)
    in_vain(desk)
    assert 'done' not in desk.statuses


def test_request_in_a_comment_is_shown_by_an_administrator(
        desk: Desk, mallory: Client, title: str) -> None:
    desk.configure(rules=[SYSOPS])
    mallory.edit(desk.page, f'<!--\n{desk.request(title)}')
    in_vain(desk)
    desk.edit(desk.admin, '<!--', '<!-- closed -->')
    in_vain(desk)
    assert desk.statuses == ['review']
    honestly(desk, title)


# Who cleans up

def test_older_version_is_put_back_with_a_word_more(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    reviewed(desk, title, anna)
    waits = desk.text
    desk.approve(mallory)
    bad = desk.text
    anna.edit(desk.page, waits)
    desk.admin.edit(desk.page, f'{bad}\nA word.')
    in_vain(desk)
    assert 'somebody else had approved it' in desk.answers()[-1]
    honestly(desk, title)


def test_exact_restore_over_many_edits(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    reviewed(desk, title, anna)
    waits = desk.text
    desk.approve(mallory)
    bad = desk.text
    anna.edit(desk.page, waits)
    for number in range(16):
        anna.edit(desk.page, f'{waits}\n{number}')
    desk.admin.edit(desk.page, bad)
    in_vain(desk)
    assert desk.statuses == ['review']
    honestly(desk, title)


def test_removed_request_is_put_back_by_an_administrator(
        desk: Desk, mallory: Client, title: str) -> None:
    desk.configure(rules=[SYSOPS])
    desk.file(title, mallory)
    text = desk.text
    for number in range(17):
        mallory.edit(desk.page, f'Ha! {number}')
    desk.admin.edit(desk.page, f'{text}\nA word.')
    in_vain(desk)
    assert desk.statuses == ['review']
    honestly(desk, title)


def test_approver_may_rue_it_and_approve_again(
        desk: Desk, anna: Client, chief: Client, title: str) -> None:
    reviewed(desk, title, anna)
    desk.approve(chief)
    desk.edit(chief, 'status = approved', 'status = review')
    chief.edit(desk.page, f'{approved(desk.text)}\nNow I am sure.')
    assert desk.work().failed == 0
    assert desk.statuses == ['done']


# The plan that was shown

@pytest.mark.parametrize('how', ['edited', 'removed', 'hidden'])
def test_plan_that_somebody_edited_is_shown_anew(
        desk: Desk, anna: Client, mallory: Client, title: str,
        how: str) -> None:
    reviewed(desk, title, anna)
    answer, = desk.answers()
    desk.edit(mallory, answer, {
        'edited': answer.replace(title, 'Something harmless'),
        'removed': '', 'hidden': f'<!-- {answer} -->'}[how])
    desk.approve(desk.admin)
    in_vain(desk)
    assert desk.statuses == ['review']
    assert 'was edited or taken away' in desk.answers()[-1]
    assert title in desk.answers()[-1]
    honestly(desk, title)


def test_reply_with_the_approval_is_everyday_practice(
        desk: Desk, anna: Client, title: str) -> None:
    reviewed(desk, title, anna)
    desk.admin.edit(desk.page, f'Welcome.\n\n{approved(desk.text)}\n'
                    ':Fine by me. ~~~~')
    assert desk.work().failed == 0
    assert desk.statuses == ['done']
