"""Which way a page goes, and what is said of it."""
from __future__ import annotations

import pytest

from importbot.i18n import message
from importbot.model.pages import SourcePage
from importbot.model.policy import Policy
from importbot.model.revisions import Revision
from importbot.model.steps import INTERWIKI
from importbot.model.titles import Title
from importbot.rules.route import Route, UploadReason, Ways, route_of


PAGE = SourcePage(Title(0, 'Rover'), (
    Revision(1, 0, '2019-01-01T00:00:00Z', 'a'), ))


@pytest.mark.parametrize('needs', [
    {'policy': Policy(before='2020-01-01T00:00:00Z')},
    {'has_odd_authors': True}, {'is_out_of_reach': True}, {}])
def test_pages_of_a_file_are_uploaded_because_of_the_file(needs):
    """Nothing of a file could go by interwiki, whatever its authors."""
    found = route_of(PAGE, needs.get('policy', Policy()), Ways(
        UploadReason.FILE, upload=True), **{
            name: value for name, value in needs.items()
            if name != 'policy'})
    assert found.because is UploadReason.FILE


@pytest.mark.parametrize(('rights', 'upload', 'via', 'may'), [
    ({'move', 'suppressredirect'}, True, 'auto', True),
    ({'move'}, True, 'auto', False),
    ({'move'}, False, 'auto', True),
    ({'move'}, True, INTERWIKI, True),
    (set(), True, 'auto', False)])
def test_a_move_that_leaves_a_redirect_gives_way_to_an_upload(
        rights, upload, via, may):
    ways = Ways(upload=upload, rights=frozenset(rights))
    assert ways.may_move(Title(0, 'Buggy'), Policy(via=via)) is may


def test_what_is_said_of_such_an_upload_is_true_with_the_right_to_move():
    found = route_of(PAGE, Policy(), Ways(
        upload=True, rights=frozenset({'move'})), is_out_of_reach=True)
    assert found == Route('upload', UploadReason.TITLE)
    assert 'without leaving a redirect' in message('en', 'because-title')
