"""What others left on a page agrees to nothing, whoever saves it."""
from __future__ import annotations

import pytest

from tests.kit.attacks import approved, honestly, in_vain, reviewed
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Box, Client


SYSOPS = {'name': 'sysops', 'groups': ['sysop'], 'approval': False}
TRAP = 'Template:Trap {}'


@pytest.fixture(scope='module')
def box(any_box: Box) -> Box:
    return any_box


@pytest.fixture(scope='module')
def chief(box: Box) -> Client:
    return RequestWiki(box).person('Chief', 'sysop')


def trap(wiki: RequestWiki, title: str) -> str:
    """Return the name of a template that is not there yet."""
    return f'Trap {wiki.page.rpartition(" ")[2]} {title.rpartition(" ")[2]}'


def spring(by: Client, name: str, text: str) -> None:
    by.edit(f'Template:{name}', text)


# What a save expands

def test_request_with_a_substitution_is_a_question(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    name = trap(wiki, title)
    reviewed(wiki, title, anna)
    wiki.edit(mallory, '\n |status = review',
              f'\n |note = {{{{subst:{name}}}}}\n |status = review')
    in_vain(wiki)
    assert wiki.statuses == ['question']
    assert 'subst:' in wiki.answers()[-1]
    request, = wiki.requests
    spring(mallory, name, '\n |status = approved\n |id = '
           f'{request.id}\n |plan = x')
    wiki.admin.edit(wiki.page, 'Something else.', section='new')
    in_vain(wiki)
    in_vain(wiki)
    assert 'done' not in wiki.statuses and 'approved' not in wiki.statuses


def test_substitution_beside_a_request_approves_it(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    name = trap(wiki, title)
    reviewed(wiki, title, anna)
    text, before = approved(wiki.text), wiki.text
    mallory.edit(wiki.page, f'{before}\n== Thanks ==\n{{{{subst:{name}}}}}')
    spring(mallory, name, text)
    # Whoever takes the request away sets off what is left.
    wiki.admin.edit(wiki.page, f'== Thanks ==\n{{{{subst:{name}}}}}')
    assert 'status = approved' in wiki.text
    in_vain(wiki)
    assert wiki.statuses == ['review']
    honestly(wiki, title)


def test_approval_besides_a_substitution_that_is_left_alone(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    mallory.edit(wiki.page, f'{wiki.text}\n{{{{subst:{trap(wiki, title)}}}}}')
    honestly(wiki, title)
    assert '{{subst:' in wiki.text


def test_substitution_becomes_a_request_of_whoever_saves(
        wiki: RequestWiki, mallory: Client, title: str) -> None:
    wiki.configure(rules=[SYSOPS])
    name = trap(wiki, title)
    mallory.edit(wiki.page, f'== A ==\n{{{{subst:{name}}}}}\n== B ==\nHello.')
    spring(mallory, name, wiki.request(title))
    wiki.admin.edit(wiki.page, '== B ==\nHello, you.', section='2')
    assert wiki.statuses == ['new']
    in_vain(wiki)
    assert wiki.statuses == ['review']
    honestly(wiki, title)


@pytest.mark.parametrize('more', ['\n |status = review',
                                  '\n |Status = review',
                                  '\n |note = <nowiki>',
                                  '\n |note = <!-- x'])
def test_what_is_no_clear_request_is_a_question(
        wiki: RequestWiki, anna: Client, title: str, more: str) -> None:
    text = wiki.request(title).replace('\n |status', f'{more}\n |status')
    anna.edit(wiki.page, text)
    in_vain(wiki)
    assert len(wiki.answers()) == 1
    if '<!--' not in more:
        assert set(wiki.statuses) <= {'question'}
    assert in_vain(wiki).treated == 0


# What a save closes

def test_reply_closes_what_hides_the_request(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    text = wiki.text
    mallory.edit(wiki.page, f'<nowiki>\n{text}\n<includeonly>\n'
                 f'== Question ==\nWhat is this?\n== Old ==\n'
                 f'{approved(text)}')
    in_vain(wiki)
    wiki.edit(wiki.admin, 'What is this?', 'It is </nowiki>, says I.')
    in_vain(wiki)
    in_vain(wiki)
    assert 'done' not in wiki.statuses


def test_request_in_a_comment_is_shown_by_an_administrator(
        wiki: RequestWiki, mallory: Client, title: str) -> None:
    wiki.configure(rules=[SYSOPS])
    mallory.edit(wiki.page, f'<!--\n{wiki.request(title)}')
    in_vain(wiki)
    wiki.edit(wiki.admin, '<!--', '<!-- closed -->')
    in_vain(wiki)
    assert wiki.statuses == ['review']
    honestly(wiki, title)


# Who cleans up

def test_older_version_is_put_back_with_a_word_more(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    waits = wiki.text
    wiki.approve(mallory)
    bad = wiki.text
    anna.edit(wiki.page, waits)
    wiki.admin.edit(wiki.page, f'{bad}\nA word.')
    in_vain(wiki)
    assert 'somebody else had approved it' in wiki.answers()[-1]
    honestly(wiki, title)


def test_exact_restore_over_many_edits(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    waits = wiki.text
    wiki.approve(mallory)
    bad = wiki.text
    anna.edit(wiki.page, waits)
    for number in range(16):
        anna.edit(wiki.page, f'{waits}\n{number}')
    wiki.admin.edit(wiki.page, bad)
    in_vain(wiki)
    assert wiki.statuses == ['review']
    honestly(wiki, title)


def test_removed_request_is_put_back_by_an_administrator(
        wiki: RequestWiki, mallory: Client, title: str) -> None:
    wiki.configure(rules=[SYSOPS])
    wiki.file(title, mallory)
    text = wiki.text
    for number in range(17):
        mallory.edit(wiki.page, f'Ha! {number}')
    wiki.admin.edit(wiki.page, f'{text}\nA word.')
    in_vain(wiki)
    assert wiki.statuses == ['review']
    honestly(wiki, title)


def test_approver_may_rue_it_and_approve_again(
        wiki: RequestWiki, anna: Client, chief: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    wiki.approve(chief)
    wiki.edit(chief, 'status = approved', 'status = review')
    chief.edit(wiki.page, f'{approved(wiki.text)}\nNow I am sure.')
    assert wiki.work().failed == 0
    assert wiki.statuses == ['done']


# The plan that was shown

@pytest.mark.parametrize('how', ['edited', 'removed', 'hidden'])
def test_plan_that_somebody_edited_is_shown_anew(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str,
        how: str) -> None:
    reviewed(wiki, title, anna)
    answer, = wiki.answers()
    wiki.edit(mallory, answer, {
        'edited': answer.replace(title, 'Something harmless'),
        'removed': '', 'hidden': f'<!-- {answer} -->'}[how])
    wiki.approve(wiki.admin)
    in_vain(wiki)
    assert wiki.statuses == ['review']
    assert 'was edited or taken away' in wiki.answers()[-1]
    assert title in wiki.answers()[-1]
    honestly(wiki, title)


def test_reply_with_the_approval_is_everyday_practice(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    wiki.admin.edit(wiki.page, f'Welcome.\n\n{approved(wiki.text)}\n'
                    ':Fine by me. ~~~~')
    assert wiki.work().failed == 0
    assert wiki.statuses == ['done']
