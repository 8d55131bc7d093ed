"""Pages that steer the bot are obeyed only as people wrote them."""
from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from importbot.model.errors import UntrustedTextError
from importbot.requestpages.page.store import BoardPage
from importbot.requestpages.passes.context import (
    find_configuration,
    open_office,
)
from importbot.requestpages.passes.stop import Stop
from importbot.requestpages.who.provenance import needed_rights
from importbot.wikis.wiki import Wiki
from tests.kit.attacks import take_group, upload
from tests.kit.installed_wiki import install
from tests.kit.references import wiki
from tests.kit.request_wiki import CONFIGURATION, Desk
from tests.kit.support import Box, Client


PAST, LATE = '2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z'


@pytest.fixture
def desk(each_box: Box) -> Iterator[Desk]:
    desk = Desk(each_box)
    desk.admin.edit(desk.page, 'Requests')
    yield desk
    # The next one is to find a page that a person wrote.
    desk.configure(language='en')
    desk.configure()
    desk.journal.close()


def refused(desk: Desk, title: str, why: str) -> None:
    """A pass does nothing, and says which page it cannot obey."""
    before = desk.text
    with pytest.raises(UntrustedTextError) as caught:
        desk.work()
    assert f'"{title}"' in str(caught.value)
    assert why in str(caught.value)
    assert desk.text == before


def fresh(title: str, desk: Desk) -> str:
    """Return a page title that no other test has."""
    return f'{title} {desk.page.rpartition(" ")[2]}'


@pytest.mark.wiki
class TestOnWiki:

    def test_configuration_that_was_imported(self, desk: Desk) -> None:
        """Under a name of this wiki, with the date of tomorrow's edit."""
        now = desk.admin.get(meta='siteinfo', siprop='general')[
            'general']['time']
        forged = {**desk.configuration, 'groups': ['user']}
        desk.file('Foo')
        upload(desk.admin, CONFIGURATION, [
            (now, 'Admin', json.dumps(forged))])
        assert 'user' in desk.admin.text(CONFIGURATION)
        refused(desk, CONFIGURATION, 'came by an import')
        # Protecting it puts an innocent revision on top.
        desk.admin.do('protect', title=CONFIGURATION,
                      protections='edit=sysop', expiry='infinite')
        refused(desk, CONFIGURATION, 'came by an import')

    def test_configuration_of_another_wiki(self, desk: Desk) -> None:
        text = json.dumps({**desk.configuration, 'groups': ['user']})
        now = desk.admin.get(meta='siteinfo', siprop='general')[
            'general']['time']
        upload(desk.admin, CONFIGURATION, [(now, 'Nobody here', text)])
        refused(desk, CONFIGURATION, 'came by an import')

    def test_old_revisions_beneath(self, desk: Desk) -> None:
        """Nobody tells whether it was all; a person has to look."""
        upload(desk.admin, desk.stop_page, [(PAST, 'Admin', 'stop')])
        assert desk.admin.text(desk.stop_page) == 'run'
        refused(desk, desk.stop_page, 'came by an import')
        desk.admin.edit(desk.stop_page, 'run\n<!-- seen -->')
        desk.work()

    def test_stop_page_of_the_future(self, desk: Desk) -> None:
        upload(desk.admin, desk.stop_page, [
            ('2090-01-01T00:00:00Z', 'Admin', 'run')])
        refused(desk, desk.stop_page, '2090')

    def test_stop_page_that_an_import_starts(self, desk: Desk) -> None:
        desk.admin.edit(desk.stop_page, 'stop')
        now = desk.admin.get(meta='siteinfo', siprop='general')[
            'general']['time']
        upload(desk.admin, desk.stop_page, [(now, 'Admin', 'run')])
        refused(desk, desk.stop_page, 'came by an import')

    def test_stop_page_that_an_import_starts_during_a_pass(
            self, desk: Desk) -> None:
        stop = Stop()
        open_office(desk.site, desk.journal, stop,
                    configuration_page=CONFIGURATION, server_limit=1,
                    progress=lambda what, pages: None)
        assert not stop.asked()
        now = desk.admin.get(meta='siteinfo', siprop='general')[
            'general']['time']
        upload(desk.admin, desk.stop_page, [(now, 'Admin', 'run ')])
        assert stop.asked()
        assert 'came by an import' in stop.reason

    def test_text_from_before_the_protection(self, desk: Desk) -> None:
        mallory = desk.person('Mallory')
        mallory.edit(desk.stop_page, 'run <!-- run -->')
        desk.admin.do('protect', title=desk.stop_page,
                      protections='edit=sysop', expiry='infinite')
        refused(desk, desk.stop_page, '"Mallory", who may not change it')
        desk.admin.edit(desk.stop_page, 'run')
        desk.work()

    def test_template_of_somebody_who_may_not(self, desk: Desk) -> None:
        name = fresh('Wish', desk)
        desk.configure(templates=[{'name': name}])
        mallory = desk.person('Mallory')
        mallory.edit(f'Template:{name}', 'evil')
        desk.work()
        desk.admin.do('protect', title=f'Template:{name}',
                      protections='edit=sysop', expiry='infinite')
        refused(desk, f'Template:{name}', 'editprotected')

    def test_author_who_has_lost_the_right(self, desk: Desk) -> None:
        boss = desk.person(fresh('Boss', desk), 'sysop', 'interface-admin')
        boss.edit(CONFIGURATION, json.dumps({**desk.configuration,
                                             'lines': True}))
        desk.work()
        for group in 'sysop', 'interface-admin':
            take_group(desk, fresh('Boss', desk), group)
        refused(desk, CONFIGURATION, 'editinterface')

    def test_first_revision_without_an_import_is_fine(
            self, desk: Desk) -> None:
        title = fresh('Project:Stop once', desk)
        desk.admin.edit(title, 'run')
        desk.configure(stop={'page': title})
        desk.work()

    def test_page_that_the_bot_cannot_edit_counts_first(
            self, desk: Desk) -> None:
        name, page = find_configuration(Wiki(desk.site))
        assert name == CONFIGURATION
        assert page is not None
        assert page.revision


@pytest.mark.wiki
def test_install_offers_a_place_out_of_reach_of_the_bot(
        fresh_box: Box) -> None:
    admin: Client = fresh_box.on_target()
    offered = install(fresh_box, '-simulate')
    assert 'The bot itself can edit "User:ImportBot/' in offered.output
    assert f'-configpage:{CONFIGURATION}' in offered.output
    assert 'The target fetches pages by itself from: en' in offered.output
    run = install(fresh_box, '-always', f'-configpage:{CONFIGURATION}')
    assert run.status == 3, run.output
    assert f'put this text at "{CONFIGURATION}"' in run.output
    assert 'The bot itself can edit' not in run.output
    text = run.output[run.output.index('\n{') + 1:run.output.rindex('}') + 1]
    admin.edit(CONFIGURATION, text)
    # No option is needed to find it.
    run = fresh_box.pwb('importrequests')
    assert run.status == 0, run.output
    again = install(fresh_box)
    assert again.status == 0, again.output
    assert 'create' not in again.output


@pytest.mark.parametrize(('title', 'levels', 'user', 'needed'), [
    ('Project:Stop', (), 'Anna', set()),
    ('Project:Stop', ('sysop', ), 'Anna', {'editprotected'}),
    ('Project:Stop', ('autoconfirmed', ), 'Anna', {'editsemiprotected'}),
    ('Project:Stop', ('templateeditor', ), 'Anna', {'templateeditor'}),
    ('MediaWiki:Stop', (), 'Anna', {'editinterface'}),
    ('MediaWiki:A.json', (), 'Anna', {'editinterface', 'editsitejson'}),
    ('User:Anna/a.json', (), 'Anna', set()),
    ('User:Bot/a.json', (), 'Anna', {'edituserjson'}),
    ('User:Bot/stop', (), 'Anna', set())])
def test_rights_that_a_page_asks_for(title: str, levels: tuple[str, ...],
                                     user: str, needed: set[str]) -> None:
    page = BoardPage(title, 1, '', levels=frozenset(levels))
    assert needed_rights(page, wiki('en'), user) == needed
