"""A wiki that has the kit, as people and programs see it."""
from __future__ import annotations

import html
import re
from typing import Any

from importbot.journal.journal import Journal
from importbot.model.titles import CATEGORY
from importbot.requestpages.install.installation import plan_installation
from importbot.requestpages.install.kit import Kit
from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.request import Request
from importbot.requestpages.passes.context import open_context
from importbot.requestpages.passes.run import RequestPass
from importbot.requestpages.passes.stop import Stop
from tests.kit.support import Box, Client, Run, site_of


def install(box: Box, *arguments: str, **options: Any) -> Run:
    return box.pwb('importrequests', '-install', *arguments, **options)


def kit_of(box: Box) -> Kit:
    return plan_installation(site_of(box.target)).kit


def rows(run: Run) -> list[str]:
    """Return the decisions of the table that a run printed."""
    return re.findall(r' (create|unchanged|left alone) *$', run.output,
                      re.MULTILINE)


def parsed(client: Client, text: str, title: str) -> dict[str, Any]:
    """Return what a wiki makes of wikitext, which has to be sound."""
    answer = client._send(action='parse', title=title, text=text,
                          contentmodel='wikitext',
                          prop='text|categories|templates|links'
                               '|parsewarnings', disablelimitreport=True)
    assert 'error' not in answer, answer
    found: dict[str, Any] = answer['parse']
    assert found['parsewarnings'] == []
    assert_sound(found)
    return found


def assert_sound(found: dict[str, Any]) -> None:
    """No red link, no loop, no error, no wikitext that is left over."""
    assert [row['title'] for key in ('templates', 'links')
            for row in found.get(key, ()) if not row['exists']] == []
    shown = found['text']
    for sign in ('class="error"', 'scribunto-error', 'mw-templatedata-err',
                 '{{', '}}', '{|', '|}', '&lt;/', 'redlink=1'):
        assert sign not in re.sub('<(pre|code)>.*?</\\1>', '', shown,
                                  flags=re.DOTALL), (sign, shown)


def visible(shown: str) -> str:
    """Return the text of HTML."""
    # French is given no-break spaces by MediaWiki.
    return html.unescape(re.sub('<[^>]*>', '', shown)).replace('\xa0', ' ')


def categories(found: dict[str, Any], kit: Kit) -> set[str]:
    """Return full titles of the categories of a parsed page, all there."""
    assert not any('missing' in row for row in found['categories'])
    namespace = kit.siteinfo.namespaces[CATEGORY].name
    return {f'{namespace}:{row["category"]}'.replace('_', ' ')
            for row in found['categories']}


def form_of(client: Client, kit: Kit) -> str:
    """Return what the button of the start page puts before people."""
    address = client.api.replace('api.php', 'index.php')
    page = client.session.get(address, params={
        'title': kit.names.requests, 'action': 'edit', 'section': 'new',
        'preload': kit.names.preload}).text
    found = re.search(r'<textarea[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1]).strip('\n')


def requests_of(client: Client, kit: Kit) -> list[Request]:
    return RequestReader(kit.siteinfo, kit.configuration.templates).requests(
        client.text(kit.names.requests))


def one_pass(box: Box) -> RequestPass:
    """Work through the requests of the kit's own page."""
    site_of(box.source)
    context = open_context(
        site_of(box.target), Journal(str(box.folder / 'kit.sqlite')), Stop(),
        server_limit=1, progress=lambda what, pages: None)
    request_pass = RequestPass(context)
    request_pass.work()
    return request_pass
