"""Pages that steer the bot are obeyed only as people wrote them."""
from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from importbot.model.errors import UntrustedTextError
from importbot.requestpages.passes.context import (
    find_configuration,
    open_context,
)
from importbot.requestpages.passes.stop import Stop
from importbot.wikis.wiki import Wiki
from tests.kit.attacks import take_group, upload
from tests.kit.installed_wiki import install
from tests.kit.request_wiki import CONFIGURATION, RequestWiki
from tests.kit.support import Box, Client


pytestmark = pytest.mark.every


PAST, LATE = '2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z'


@pytest.fixture
def wiki(each_box: Box) -> Iterator[RequestWiki]:
    wiki = RequestWiki(each_box)
    wiki.admin.edit(wiki.page, 'Requests')
    yield wiki
    # The next one is to find a page that a person wrote.
    wiki.configure(language='en')
    wiki.configure()
    wiki.journal.close()


def refused(wiki: RequestWiki, title: str, why: str) -> None:
    """A pass does nothing, and says which page it cannot obey."""
    before = wiki.text
    with pytest.raises(UntrustedTextError) as caught:
        wiki.work()
    assert f'"{title}"' in str(caught.value)
    assert why in str(caught.value)
    assert wiki.text == before


def fresh(title: str, wiki: RequestWiki) -> str:
    """Return a page title that no other test has."""
    return f'{title} {wiki.page.rpartition(" ")[2]}'


class TestOnWiki:

    def test_configuration_that_was_imported(self, wiki: RequestWiki) -> None:
        """Under a name of this wiki, with the date of tomorrow's edit."""
        now = wiki.admin.get(meta='siteinfo', siprop='general')[
            'general']['time']
        forged = {**wiki.configuration, 'groups': ['user']}
        wiki.file('Foo')
        upload(wiki.admin, CONFIGURATION, [
            (now, 'Admin', json.dumps(forged))])
        assert 'user' in wiki.admin.text(CONFIGURATION)
        refused(wiki, CONFIGURATION, 'came by an import')
        # Protecting it puts an innocent revision on top.
        wiki.admin.do('protect', title=CONFIGURATION,
                      protections='edit=sysop', expiry='infinite')
        refused(wiki, CONFIGURATION, 'came by an import')

    def test_configuration_of_another_wiki(self, wiki: RequestWiki) -> None:
        text = json.dumps({**wiki.configuration, 'groups': ['user']})
        now = wiki.admin.get(meta='siteinfo', siprop='general')[
            'general']['time']
        upload(wiki.admin, CONFIGURATION, [(now, 'Nobody here', text)])
        refused(wiki, CONFIGURATION, 'came by an import')

    def test_old_revisions_beneath(self, wiki: RequestWiki) -> None:
        """Nobody tells whether it was all; a person has to look."""
        upload(wiki.admin, wiki.stop_page, [(PAST, 'Admin', 'stop')])
        assert wiki.admin.text(wiki.stop_page) == 'run'
        refused(wiki, wiki.stop_page, 'came by an import')
        wiki.admin.edit(wiki.stop_page, 'run\n<!-- seen -->')
        wiki.work()

    def test_stop_page_of_the_future(self, wiki: RequestWiki) -> None:
        upload(wiki.admin, wiki.stop_page, [
            ('2090-01-01T00:00:00Z', 'Admin', 'run')])
        refused(wiki, wiki.stop_page, '2090')

    def test_stop_page_that_an_import_starts(self, wiki: RequestWiki) -> None:
        wiki.admin.edit(wiki.stop_page, 'stop')
        now = wiki.admin.get(meta='siteinfo', siprop='general')[
            'general']['time']
        upload(wiki.admin, wiki.stop_page, [(now, 'Admin', 'run')])
        refused(wiki, wiki.stop_page, 'came by an import')

    def test_stop_page_that_an_import_starts_during_a_pass(
            self, wiki: RequestWiki) -> None:
        stop = Stop()
        open_context(wiki.site, wiki.journal, stop,
                     configuration_page=CONFIGURATION, server_limit=1,
                     progress=lambda what, pages: None)
        assert not stop.asked()
        now = wiki.admin.get(meta='siteinfo', siprop='general')[
            'general']['time']
        upload(wiki.admin, wiki.stop_page, [(now, 'Admin', 'run ')])
        assert stop.asked()
        assert 'came by an import' in stop.reason

    def test_text_from_before_the_protection(self, wiki: RequestWiki) -> None:
        mallory = wiki.person('Mallory')
        mallory.edit(wiki.stop_page, 'run <!-- run -->')
        wiki.admin.do('protect', title=wiki.stop_page,
                      protections='edit=sysop', expiry='infinite')
        refused(wiki, wiki.stop_page, '"Mallory", who may not change it')
        wiki.admin.edit(wiki.stop_page, 'run')
        wiki.work()

    def test_template_of_somebody_who_may_not(self, wiki: RequestWiki) -> None:
        name = fresh('Wish', wiki)
        wiki.configure(templates=[{'name': name}])
        mallory = wiki.person('Mallory')
        mallory.edit(f'Template:{name}', 'evil')
        wiki.work()
        wiki.admin.do('protect', title=f'Template:{name}',
                      protections='edit=sysop', expiry='infinite')
        refused(wiki, f'Template:{name}', 'editprotected')

    def test_author_who_has_lost_the_right(self, wiki: RequestWiki) -> None:
        boss = wiki.person(fresh('Boss', wiki), 'sysop', 'interface-admin')
        boss.edit(CONFIGURATION, json.dumps({**wiki.configuration,
                                             'lines': True}))
        wiki.work()
        for group in 'sysop', 'interface-admin':
            take_group(wiki, fresh('Boss', wiki), group)
        refused(wiki, CONFIGURATION, 'editinterface')

    def test_first_revision_without_an_import_is_fine(
            self, wiki: RequestWiki) -> None:
        title = fresh('Project:Stop once', wiki)
        wiki.admin.edit(title, 'run')
        wiki.configure(stop={'page': title})
        wiki.work()

    def test_page_that_the_bot_cannot_edit_counts_first(
            self, wiki: RequestWiki) -> None:
        name, page = find_configuration(Wiki(wiki.site))
        assert name == CONFIGURATION
        assert page is not None
        assert page.revision


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
