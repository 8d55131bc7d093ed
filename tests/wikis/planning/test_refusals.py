"""Why the account may not write to a page is said in the wiki's own words.

A wiki of MediaWiki 1.47 may keep pages of users to them
(``$wgRestrictUserPageEditing``), and no siteinfo tells. That release cannot
be had here: a hook does what it says, as the extension UserPageEditProtection
does it, whose right has the same name.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from importbot.model.plan import Plan
from importbot.planning.plan import plan_titles
from importbot.reports.words.notes import note_sentence
from importbot.sandbox.wikis import ACCOUNTS
from tests.kit.support import RELEASES, Box, transfer_of


SAYS = 'Only Somebody may do this here.'
SETTINGS = """
$wgAvailableRights[] = 'editalluserpages';
$wgHooks['getUserPermissionsErrors'][] = static function (
    $title, $user, $action, &$result
) {
    if ( $action !== 'edit' || $title->getNamespace() !== NS_USER
        || $title->getRootText() === $user->getName()
        || $user->isAllowed( 'editalluserpages' ) ) {
        return true;
    }
    $result = [ 'rawmessage', 'Only Somebody may do this here.' ];
    return false;
};
"""
OWN = f'User:{ACCOUNTS["bot"].name}/Notes'


@pytest.fixture(scope='module', params=RELEASES)
def guarded(request: pytest.FixtureRequest,
            tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('guarded'), request.param, empty=True,
             settings=SETTINGS) as box:
        for title in ('User:Zoe', 'User:Zoe/Tools', OWN, 'Open', 'Locked'):
            box.on_source().edit(title, 'theirs')
        box.on_target().do('protect', title='Locked',
                           protections='create=sysop')
        yield box


def planned(box: Box, *titles: str) -> Plan:
    transfer = transfer_of(box, templates='none')
    found = [transfer.source_info.title(title) for title in titles]
    return plan_titles(transfer, [title for title in found if title])


def decided(plan: Plan) -> dict[str, tuple[str, str]]:
    return {str(page.title): (page.decision.value, page.reason.value)
            for page in plan.pages}


def notes(plan: Plan, kind: str) -> list[dict[str, Any]]:
    return [note.as_json() for note in plan.notes if note.kind.value == kind]


def test_pages_of_other_users_are_held_with_the_right(guarded: Box) -> None:
    plan = planned(guarded, 'User:Zoe', 'User:Zoe/Tools', OWN, 'Open')
    assert decided(plan) == {
        'User:Zoe': ('hold', 'not-creatable'),
        'User:Zoe/Tools': ('hold', 'not-creatable'),
        OWN: ('import', 'requested'), 'Open': ('import', 'requested')}
    titles = ['User:Zoe', 'User:Zoe/Tools']
    assert notes(plan, 'refused') == [{
        'kind': 'refused', 'page': 'User:Zoe', 'says': SAYS, 'count': 2,
        'titles': titles}]
    assert notes(plan, 'user-pages') == [{
        'kind': 'user-pages', 'page': 'User:Zoe',
        'right': 'editalluserpages', 'count': 2, 'titles': titles}]
    said = ' '.join(note_sentence(note, 'en') for note in plan.notes)
    assert SAYS in said
    assert 'editalluserpages' in said


def test_existing_page_of_another_user_is_held_so_too(guarded: Box) -> None:
    guarded.on_source().edit('User:Admin/Old', 'theirs')
    guarded.on_target().edit('User:Admin/Old', 'ours')
    transfer = transfer_of(guarded, templates='none', existingpages='force')
    title = transfer.source_info.title('User:Admin/Old')
    assert title
    plan = plan_titles(transfer, [title])
    assert decided(plan) == {'User:Admin/Old': ('hold', 'not-editable')}
    assert notes(plan, 'refused')[0]['says'] == SAYS
    assert notes(plan, 'user-pages')[0]['right'] == 'editalluserpages'


def test_other_refusals_are_in_the_words_of_the_wiki(guarded: Box) -> None:
    plan = planned(guarded, 'Locked')
    assert decided(plan)['Locked'][0] == 'hold'
    assert 'protected' in notes(plan, 'refused')[0]['says']
    assert not notes(plan, 'user-pages')
