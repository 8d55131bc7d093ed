"""A wiki with request pages, and people who work on them."""
from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from typing import Any

from importbot.journal.journal import Journal
from importbot.journal.requests import RequestLog
from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.request import Request
from importbot.requestpages.passes.context import open_context
from importbot.requestpages.passes.run import RequestPass
from importbot.requestpages.passes.stop import Stop
from importbot.sandbox.php import maintenance
from tests.kit.support import Box, Client, site_of


#: A password that MediaWiki takes.
PASSWORD = 'correct horse battery'
CONFIGURATION = 'MediaWiki:Importrequests.json'
_numbers = itertools.count(1)


class RequestWiki:

    """The request pages of a box, worked through in this process.

    Every one has pages and a journal of its own.

    :param box: the wikis
    :param configuration: what differs from a plain one
    """

    def __init__(self, box: Box, **configuration: Any) -> None:
        self.box = box
        self.admin = box.on_target()
        number = next(_numbers)
        project = self._project()
        self.page = f'{project}:Requests {number}'
        self.stop_page = f'{project}:Stop {number}'
        self.log_page = f'{project}:Log {number}'
        self.journal_path = box.folder / f'journal-{number}.sqlite'
        self.journal = Journal(str(self.journal_path))
        site_of(box.source)
        self.site = site_of(box.target)
        self.configure(**configuration)
        self.admin.edit(self.stop_page, 'run')
        if not self.exists('Template:Import request'):
            self.admin.edit('Template:Import request', '<!-- a request -->')

    def _project(self) -> str:
        namespaces = self.admin.get(meta='siteinfo', siprop='namespaces')
        return str(namespaces['namespaces']['4']['name'])

    def configure(self, **changes: Any) -> None:
        """Write the configuration page."""
        self.configuration: dict[str, Any] = {
            'pages': [self.page], 'sources': [self.box.prefix],
            'groups': ['sysop'], 'stop': {'page': self.stop_page},
            'log': self.log_page, **changes}
        self.admin.edit(CONFIGURATION, json.dumps(self.configuration))

    def person(self, name: str, *groups: str) -> Client:
        """Return somebody with an account on the target, logged in."""
        settings = self.box.folder / 'target' / 'LocalSettings.php'
        maintenance(self.box.target_tree, settings, 'createAndPromote',
                    '--force', *(['--custom-groups=' + ','.join(groups)]
                                 if groups else []), name, PASSWORD)
        return Client(self.box.target_base, name, PASSWORD)

    def request(self, pages: str, status: str = 'new',
                **fields: str) -> str:
        """Return the wikitext of a request."""
        values = {'source': self.box.prefix, 'pages': f'\n  {pages}',
                  'templates': 'none', **fields, 'status': status}
        lines = ''.join(f'\n |{name} = {value}'
                        for name, value in values.items())
        return f'{{{{Import request{lines}\n}}}}\n'

    def file(self, pages: str, by: Client | None = None,
             **fields: str) -> None:
        """Put a request into a new section."""
        (by or self.admin).edit(
            self.page, self.request(pages, **fields), section='new',
            sectiontitle=f'Wish {next(_numbers)}')

    def edit(self, by: Client, old: str, new: str) -> None:
        """Replace a part of the request page, which has to be there."""
        text = by.text(self.page)
        assert old in text, text
        by.edit(self.page, text.replace(old, new, 1))

    def approve(self, by: Client) -> None:
        """Set the first request that waits for it to approved."""
        self.edit(by, 'status = review', 'status = approved')

    def work(self, stop: Stop | None = None) -> RequestPass:
        """Make one pass."""
        request_pass = RequestPass(open_context(
            self.site, self.journal, stop or Stop(),
            configuration_page=CONFIGURATION, server_limit=1,
            progress=lambda what, pages: None))
        request_pass.work()
        return request_pass

    @property
    def text(self) -> str:
        """The request page as it is now."""
        return self.admin.text(self.page)

    @property
    def requests(self) -> list[Request]:
        """The requests of the page as they are now."""
        from importbot.requestpages.configuration import TemplateWords
        from importbot.wikis.wiki import Wiki

        return RequestReader(Wiki(self.site).siteinfo(),
                             [TemplateWords()]).requests(self.text)

    @property
    def statuses(self) -> list[str]:
        """The states of the requests as they are now."""
        return [request.status_word for request in self.requests]

    @property
    def log(self) -> RequestLog:
        return RequestLog(self.journal, f'{self.box.target.base}/api.php')

    def answers(self) -> list[str]:
        """Return the answers of the bot on the page, without markup."""
        return answers_of(self.text)

    def exists(self, title: str) -> bool:
        """Return whether the target has a page."""
        return 'missing' not in self.admin.get(titles=title)['pages'][0]

    def rights(self, **changes: Mapping[str, Any]) -> None:
        """Change the groups of accounts: name=add or remove."""
        token = self.admin.get(meta='tokens', type='userrights')['tokens'][
            'userrightstoken']
        for name, change in changes.items():
            answer = self.admin._send(action='userrights', user=name,
                                      token=token, **change)
            assert 'error' not in answer, answer


def answers_of(text: str) -> list[str]:
    """Return the answers of the bot in a text, each a whole element."""
    answers = []
    for opening in re.finditer('<div class="importbot-answer"', text):
        depth, end = 0, len(text)
        for tag in re.compile('<(/?)div[^>]*>').finditer(
                text, opening.start()):
            depth += -1 if tag[1] else 1
            if not depth:
                end = tag.end()
                break
        answers.append(text[opening.start():end])
    return answers
