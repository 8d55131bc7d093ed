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
from tests.kit.request_wiki import Desk
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


pytestmark = pytest.mark.wiki

SIGNATURE = "''Approved.'' [[User:Admin|Admin]] 12:00, 1 January 2024 (UTC)"


@pytest.fixture(scope='module')
def anna(each_box: Box) -> Client:
    return Desk(each_box).person('Anna Petit')


@pytest.fixture(scope='module')
def mallory(each_box: Box) -> Client:
    return Desk(each_box).person('Mallory')


@pytest.fixture(scope='module')
def specimens(each_box: Box) -> Iterator[str]:
    return put_specimens(each_box, 60)


@pytest.fixture
def desk(each_box: Box) -> Desk:
    return Desk(each_box)


@pytest.fixture
def title(specimens: Iterator[str]) -> str:
    return next(specimens)


def test_forged_signature(desk: Desk, anna: Client, mallory: Client,
                          title: str) -> None:
    reviewed(desk, title, anna)
    mallory.edit(desk.page, f'{approved(desk.text)}\n{SIGNATURE}',
                 summary='Approved by Admin')
    in_vain(desk)
    assert 'Mallory cannot approve this' in desk.answers()[-1]
    honestly(desk, title)


def test_approval_by_who_asked(desk: Desk, anna: Client, title: str) -> None:
    reviewed(desk, title, anna)
    desk.approve(anna)
    in_vain(desk)
    assert 'Anna Petit cannot approve this' in desk.answers()[-1]
    assert in_vain(desk).treated == 0


def test_approved_from_the_start(desk: Desk, mallory: Client,
                                 specimens: Iterator[str]) -> None:
    titles = [next(specimens) for _number in range(2)]
    desk.file(titles[0], mallory, status='approved')
    desk.file(titles[1], mallory, id='0badcafe', plan='0123456789abcdef',
              status='approved')
    in_vain(desk)
    assert desk.statuses == ['review', 'review']
    assert '0badcafe' not in [request.id for request in desk.requests]
    honestly(desk, titles[0])


def test_old_approval_is_restored_after_an_edit(
        desk: Desk, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    title, other = next(specimens), next(specimens)
    reviewed(desk, title, anna)
    desk.approve(desk.admin)
    old = desk.text
    desk.edit(anna, title, f'{title}\n  {other}')
    in_vain(desk)
    assert desk.statuses == ['review']
    mallory.edit(desk.page, old)
    in_vain(desk)
    mallory.edit(desk.page, approved(desk.text))
    in_vain(desk)
    assert 'Mallory cannot approve this' in desk.answers()[-1]


@pytest.mark.parametrize('place', ['same page', 'other page'])
def test_request_that_ended_is_pasted_back(
        desk: Desk, anna: Client, mallory: Client, title: str,
        place: str) -> None:
    other = f'{desk.page} B'
    desk.admin.edit(other, 'Requests.')
    desk.configure(pages=[desk.page, other])
    reviewed(desk, title, anna)
    desk.approve(desk.admin)
    was_approved = desk.text
    desk.work()
    assert desk.statuses == ['done']
    desk.admin.edit(desk.page, 'All archived.')
    desk.admin.do('move', **{'from': title, 'to': f'{title} away'},
                  noredirect=1)
    mallory.edit(desk.page if place == 'same page' else other, was_approved)
    in_vain(desk)
    if place == 'same page':
        assert desk.statuses == ['question']
    else:
        desk.page = other
        honestly(desk, title)


@pytest.mark.parametrize('is_before', [True, False])
def test_approval_is_copied_to_another_request(
        desk: Desk, anna: Client, mallory: Client, specimens: Iterator[str],
        is_before: bool) -> None:
    title, other = next(specimens), next(specimens)
    reviewed(desk, title, anna)
    text = approved(desk.text)
    copy = text.replace(title, other)
    mallory.edit(desk.page, f'{copy}\n\n{desk.text}' if is_before
                 else f'{desk.text}\n\n{copy}')
    in_vain(desk)
    assert desk.statuses == ['review', 'review']
    assert len({request.id for request in desk.requests}) == 2
    # The original is approved, and that is all that is.
    place = next(number for number, request in enumerate(desk.requests)
                 if title in request.fields['pages'])
    parts = desk.text.split('status = review')
    parts[place] += 'status = approved'
    parts[1 - place] += 'status = review' if place else ''
    if not place:
        parts[1] += 'status = review'
    desk.admin.edit(desk.page, ''.join(parts))
    assert desk.work().failed == 0
    assert desk.exists(title) and not desk.exists(other)


@pytest.mark.parametrize(('hidden', 'where'), [
    ('content', 'in the run'), ('user', 'in the run'),
    ('content|user', 'before it')])
def test_hidden_revision(desk: Desk, anna: Client, mallory: Client,
                         title: str, hidden: str, where: str) -> None:
    reviewed(desk, title, anna)
    before = mallory.edit(desk.page, f'{desk.text}\nA word.')
    desk.approve(desk.admin)
    first = desk.admin.history(desk.page)[0]['revid']
    mallory.edit(desk.page, f'{desk.text}\nAnother word.')
    desk.admin.do('revisiondelete', type='revision', hide=hidden,
                  ids=first if where == 'in the run' else before)
    in_vain(desk)
    assert 'a version of this page is hidden' in desk.answers()[-1]


def test_who_approved_is_blocked(desk: Desk, anna: Client,
                                 title: str) -> None:
    """From templates only, and it counts all the same."""
    chief = desk.person('Chief', 'sysop')
    reviewed(desk, title, anna)
    desk.approve(chief)
    desk.admin.do('block', user='Chief', partial=1, allowusertalk=1,
                  namespacerestrictions=10)
    in_vain(desk)
    assert 'Chief cannot approve this' in desk.answers()[-1]
    desk.admin.do('unblock', user='Chief')
    desk.approve(chief)
    desk.admin.do('block', user='Chief')
    in_vain(desk)
    desk.admin.do('unblock', user='Chief')
    assert desk.statuses == ['review']
    # The very text of before would be a revert.
    chief.edit(desk.page, f'{approved(desk.text)}\nOnce more.')
    desk.work()
    assert desk.statuses == ['done']


@pytest.mark.parametrize('when', ['before the pass', 'within it'])
def test_groups_are_taken_from_who_approved(
        desk: Desk, anna: Client, title: str, when: str) -> None:
    chief = desk.person('Chief', 'sysop')
    reviewed(desk, title, anna)
    desk.approve(chief)

    def lose() -> None:
        take_group(desk, 'Chief', 'sysop')

    if when == 'before the pass':
        lose()
        in_vain(desk)
    else:
        with desk.box.target.broken(hits=at_edit(
                lose, 'status = importing')):
            in_vain(desk)
    assert 'Chief cannot approve this' in desk.answers()[-1]
