"""What an attack must not change, and the means of attackers."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from xml.sax.saxutils import escape

import requests

from importbot.requestpages.page.request import Request
from importbot.requestpages.passes.run import RequestPass
from tests.kit.proxy import Exchange
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Client


class Visitor(Client):

    """Somebody who is not logged in.

    :param base: address of the wiki
    """

    def __init__(self, base: str) -> None:
        self.api = f'{base}/api.php'
        self.session = requests.Session()
        self.session.trust_env = False


def pages_of(wiki: RequestWiki, *own: str) -> dict[tuple[int, str], int]:
    """Return the newest revisions of all pages of the target.

    :param own: full titles of pages of the wiki that may change, and what
        begins so
    """
    names = tuple(title.partition(':')[2].replace(' ', '_') for title in own)
    return {(namespace, title): newest
            for namespace, title, newest in wiki.box.sql(
                'target', 'SELECT page_namespace, page_title, page_latest '
                'FROM page')
            if not title.startswith(names)}


@contextmanager
def nothing_imported(wiki: RequestWiki) -> Iterator[None]:
    """Hold that a block brings nothing to the target.

    Neither an import is sent, nor is one logged, nor does any page change
    that is none of its request pages.
    """
    def state() -> tuple[Any, ...]:
        return (len(wiki.box.target.imports_done),
                [row['logid'] for row in wiki.admin.imports()],
                pages_of(wiki, *wiki.configuration['pages'],
                         wiki.log_page, wiki.stop_page))

    before = state()
    yield
    assert state() == before


def in_vain(wiki: RequestWiki) -> RequestPass:
    """Make a pass that brings nothing and does not fail."""
    with nothing_imported(wiki):
        request_pass = wiki.work()
    assert request_pass.failed == 0
    return request_pass


def reviewed(wiki: RequestWiki, title: str, by: Client,
             **fields: str) -> Request:
    """File a request that a plan is made of, and return it."""
    wiki.file(title, by, **fields)
    in_vain(wiki)
    request = wiki.requests[-1]
    assert request.status_word == 'review', wiki.text
    assert request.id and request.plan
    return request


def honestly(wiki: RequestWiki, *titles: str) -> None:
    """Show that the same request is carried out without the attack.

    It has been sent back to review, and now somebody who may approves.
    """
    assert 'review' in wiki.statuses, wiki.text
    assert not any(map(wiki.exists, titles))
    wiki.approve(wiki.admin)
    assert wiki.work().failed == 0
    assert 'done' in wiki.statuses, wiki.text
    assert all(map(wiki.exists, titles))


def approved(text: str) -> str:
    """Return a text with its first waiting request approved."""
    assert 'status = review' in text, text
    return text.replace('status = review', 'status = approved', 1)


def upload(by: Client, title: str,
           revisions: Sequence[tuple[str, str, str]]) -> None:
    """Import revisions with the names of accounts that are here.

    :param by: who may do that
    :param title: full title of the page
    :param revisions: (time, name, text), oldest first
    """
    xml = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">'
    xml += f'<page><title>{escape(title)}</title>'
    for time, name, text in revisions:
        xml += (f'<revision><timestamp>{time}</timestamp><contributor>'
                f'<username>{escape(name)}</username></contributor>'
                f'<text xml:space="preserve">{escape(text)}</text>'
                '</revision>')
    xml += '</page></mediawiki>'
    token = by.get(meta='tokens')['tokens']['csrftoken']
    answer = by.session.post(by.api, data={
        'action': 'import', 'format': 'json', 'interwikiprefix': 'x',
        'assignknownusers': 1, 'token': token},
        files={'xml': ('forged.xml', xml.encode())}, timeout=300).json()
    assert 'error' not in answer, answer


def at_edit(event: Callable[[], object], holds: str,
            ) -> Callable[[Exchange], bool]:
    """Let something happen when an edit of the bot is on its way.

    :param event: what happens, once
    :param holds: in the text that is saved
    """
    happened: list[bool] = []

    def hits(exchange: Exchange) -> bool:
        if (not happened and exchange.parameters.get('action') == 'edit'
                and holds in exchange.parameters.get('text', '')):
            happened.append(True)
            event()
        return False

    return hits


def give_group(wiki: RequestWiki, name: str, group: str) -> None:
    """Put an account into a group."""
    _change_groups(wiki, user=name, add=group)


def take_group(wiki: RequestWiki, name: str, group: str) -> None:
    """Take a group from an account."""
    _change_groups(wiki, user=name, remove=group)


def _change_groups(wiki: RequestWiki, **change: str) -> None:
    token = wiki.admin.get(meta='tokens', type='userrights')['tokens'][
        'userrightstoken']
    answer = wiki.admin._send(action='userrights', token=token, **change)
    assert 'error' not in answer, answer
