"""Attempts to approve what one may not approve; nothing is imported.

Those of this file are made on both releases.
"""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.attacks import (
    approved,
    at_edit,
    honestly,
    in_vain,
    reviewed,
    take_group,
)
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Box, Client


SIGNATURE = "''Approved.'' [[User:Admin|Admin]] 12:00, 1 January 2024 (UTC)"


@pytest.fixture(scope='module')
def box(any_box: Box) -> Box:
    return any_box


def test_forged_signature(wiki: RequestWiki, anna: Client, mallory: Client,
                          title: str) -> None:
    reviewed(wiki, title, anna)
    mallory.edit(wiki.page, f'{approved(wiki.text)}\n{SIGNATURE}',
                 summary='Approved by Admin')
    in_vain(wiki)
    assert 'Mallory cannot approve this' in wiki.answers()[-1]
    honestly(wiki, title)


def test_approval_by_who_asked(wiki: RequestWiki, anna: Client,
                               title: str) -> None:
    reviewed(wiki, title, anna)
    wiki.approve(anna)
    in_vain(wiki)
    assert 'Anna Petit cannot approve this' in wiki.answers()[-1]
    assert in_vain(wiki).treated == 0


def test_approved_from_the_start(wiki: RequestWiki, mallory: Client,
                                 specimens: Iterator[str]) -> None:
    titles = [next(specimens) for _number in range(2)]
    wiki.file(titles[0], mallory, status='approved')
    wiki.file(titles[1], mallory, id='0badcafe', plan='0123456789abcdef',
              status='approved')
    in_vain(wiki)
    assert wiki.statuses == ['review', 'review']
    assert '0badcafe' not in [request.id for request in wiki.requests]
    honestly(wiki, titles[0])


def test_old_approval_is_restored_after_an_edit(
        wiki: RequestWiki, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    title, other = next(specimens), next(specimens)
    reviewed(wiki, title, anna)
    wiki.approve(wiki.admin)
    old = wiki.text
    wiki.edit(anna, title, f'{title}\n  {other}')
    in_vain(wiki)
    assert wiki.statuses == ['review']
    mallory.edit(wiki.page, old)
    in_vain(wiki)
    mallory.edit(wiki.page, approved(wiki.text))
    in_vain(wiki)
    assert 'Mallory cannot approve this' in wiki.answers()[-1]


@pytest.mark.parametrize('place', ['same page', 'other page'])
def test_request_that_ended_is_pasted_back(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str,
        place: str) -> None:
    other = f'{wiki.page} B'
    wiki.admin.edit(other, 'Requests.')
    wiki.configure(pages=[wiki.page, other])
    reviewed(wiki, title, anna)
    wiki.approve(wiki.admin)
    was_approved = wiki.text
    wiki.work()
    assert wiki.statuses == ['done']
    wiki.admin.edit(wiki.page, 'All archived.')
    wiki.admin.do('move', **{'from': title, 'to': f'{title} away'},
                  noredirect=1)
    mallory.edit(wiki.page if place == 'same page' else other, was_approved)
    in_vain(wiki)
    if place == 'same page':
        assert wiki.statuses == ['question']
    else:
        wiki.page = other
        honestly(wiki, title)


@pytest.mark.parametrize('is_before', [True, False])
def test_approval_is_copied_to_another_request(
        wiki: RequestWiki, anna: Client, mallory: Client,
        specimens: Iterator[str], is_before: bool) -> None:
    title, other = next(specimens), next(specimens)
    reviewed(wiki, title, anna)
    text = approved(wiki.text)
    copy = text.replace(title, other)
    mallory.edit(wiki.page, f'{copy}\n\n{wiki.text}' if is_before
                 else f'{wiki.text}\n\n{copy}')
    in_vain(wiki)
    assert wiki.statuses == ['review', 'review']
    assert len({request.id for request in wiki.requests}) == 2
    # The original is approved, and that is all that is.
    place = next(number for number, request in enumerate(wiki.requests)
                 if title in request.fields['pages'])
    parts = wiki.text.split('status = review')
    parts[place] += 'status = approved'
    parts[1 - place] += 'status = review' if place else ''
    if not place:
        parts[1] += 'status = review'
    wiki.admin.edit(wiki.page, ''.join(parts))
    assert wiki.work().failed == 0
    assert wiki.exists(title) and not wiki.exists(other)


@pytest.mark.parametrize(('hidden', 'where'), [
    ('content', 'in the run'), ('user', 'in the run'),
    ('content|user', 'before it')])
def test_hidden_revision(wiki: RequestWiki, anna: Client, mallory: Client,
                         title: str, hidden: str, where: str) -> None:
    reviewed(wiki, title, anna)
    before = mallory.edit(wiki.page, f'{wiki.text}\nA word.')
    wiki.approve(wiki.admin)
    first = wiki.admin.history(wiki.page)[0]['revid']
    mallory.edit(wiki.page, f'{wiki.text}\nAnother word.')
    wiki.admin.do('revisiondelete', type='revision', hide=hidden,
                  ids=first if where == 'in the run' else before)
    in_vain(wiki)
    assert 'a version of this page is hidden' in wiki.answers()[-1]


def test_who_approved_is_blocked(wiki: RequestWiki, anna: Client,
                                 title: str) -> None:
    """From templates only, and it counts all the same."""
    chief = wiki.person('Chief', 'sysop')
    reviewed(wiki, title, anna)
    wiki.approve(chief)
    wiki.admin.do('block', user='Chief', partial=1, allowusertalk=1,
                  namespacerestrictions=10)
    in_vain(wiki)
    assert 'Chief cannot approve this' in wiki.answers()[-1]
    wiki.admin.do('unblock', user='Chief')
    wiki.approve(chief)
    wiki.admin.do('block', user='Chief')
    in_vain(wiki)
    wiki.admin.do('unblock', user='Chief')
    assert wiki.statuses == ['review']
    # The very text of before would be a revert.
    chief.edit(wiki.page, f'{approved(wiki.text)}\nOnce more.')
    wiki.work()
    assert wiki.statuses == ['done']


@pytest.mark.parametrize('when', ['before the pass', 'within it'])
def test_groups_are_taken_from_who_approved(
        wiki: RequestWiki, anna: Client, title: str, when: str) -> None:
    chief = wiki.person('Chief', 'sysop')
    reviewed(wiki, title, anna)
    wiki.approve(chief)

    def lose() -> None:
        take_group(wiki, 'Chief', 'sysop')

    if when == 'before the pass':
        lose()
        in_vain(wiki)
    else:
        with wiki.box.target.broken(hits=at_edit(
                lose, 'status = importing')):
            in_vain(wiki)
    assert 'Chief cannot approve this' in wiki.answers()[-1]
