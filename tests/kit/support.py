"""Two real wikis with proxies before them, and hands to work on both."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
import requests

from importbot.sandbox import Pair
from importbot.sandbox.databases import Database
from importbot.sandbox.php import maintenance
from importbot.sandbox.pywikibot_dir import write_pywikibot_dir
from importbot.sandbox.wikis import ACCOUNTS, WikiSpec
from tests.kit.commands import PWB, run_command
from tests.kit.databases import run_sql
from tests.kit.pool import PooledServer, forget, put_back, take
from tests.kit.proxy import Proxy


#: Settings of a wiki on SQLite on which no request is a transaction, so that
#: what it wrote before it broke off stays.
COMMITS_EACH_STATEMENT = "$wgDBservers[0]['flags'] = 0;"

#: Releases for what is the same with both, as far as anybody knows.
RELEASES = ('1.43', pytest.param('1.39', marks=pytest.mark.soak))


class Client:

    """A sysop on one wiki, past proxy and bot.

    :param base: address of the wiki
    """

    _token = ''

    def __init__(self, base: str, name: str = ACCOUNTS['user'].name,
                 password: str = ACCOUNTS['user'].password) -> None:
        self.api = f'{base}/api.php'
        self.session = requests.Session()
        self.session.trust_env = False
        token = self.get(meta='tokens', type='login')['tokens']['logintoken']
        answer = self._send(action='clientlogin', username=name,
                            password=password, logintoken=token,
                            loginreturnurl=base)
        assert answer['clientlogin']['status'] == 'PASS', answer

    def another(self) -> Client:
        """Return a client of the same login, with a session of its own."""
        self._token = self._token or self._csrf_token()
        client = copy(self)
        client.session = requests.Session()
        client.session.trust_env = False
        client.session.cookies.update(self.session.cookies)
        return client

    def _csrf_token(self) -> str:
        return str(self.get(meta='tokens')['tokens']['csrftoken'])

    def _send(self, **parameters: Any) -> dict[str, Any]:
        response = self.session.post(self.api, data={
            'format': 'json', 'formatversion': 2, **parameters}, timeout=300)
        return dict(response.json())

    def get(self, **parameters: Any) -> dict[str, Any]:
        answer = self._send(action='query', **parameters)
        assert 'error' not in answer, answer
        return dict(answer['query'])

    def all(self, member: str, **parameters: Any) -> list[dict[str, Any]]:
        """Return all rows of a list, over as many answers as it takes."""
        rows: list[dict[str, Any]] = []
        more: dict[str, Any] = {}
        while True:
            answer = self._send(action='query', **parameters, **more)
            assert 'error' not in answer, answer
            rows += answer.get('query', {}).get(member, [])
            if 'continue' not in answer:
                return rows
            more = answer['continue']

    def do(self, action: str, **parameters: Any) -> dict[str, Any]:
        """Carry out an action that needs a token."""
        self._token = self._token or self._csrf_token()
        answer = self._send(action=action, token=self._token, **parameters)
        if answer.get('error', {}).get('code') == 'badtoken':
            self._token = self._csrf_token()
            answer = self._send(action=action, token=self._token,
                                **parameters)
        assert 'error' not in answer, answer
        return dict(answer[action])

    def edit(self, title: str, text: str, **more: Any) -> int:
        """Save a page and return the revision id."""
        return int(self.do('edit', title=title, text=text,
                           **more).get('newrevid', 0))

    def history(self, title: str) -> list[dict[str, Any]]:
        """Return a page's revisions, newest first."""
        rows = self.all('pages', titles=title, prop='revisions',
                        rvprop='ids|timestamp|sha1|user|comment',
                        rvlimit='max')
        return [revision for row in rows
                for revision in row.get('revisions', ())]

    def text(self, title: str) -> str:
        """Return the current text of a page."""
        row = self.get(titles=title, prop='revisions', rvprop='content',
                       rvslots='main')['pages'][0]
        return str(row['revisions'][0]['slots']['main']['content'])

    def snapshot(self) -> dict[str, tuple[int, str]]:
        """Return newest revision and sha1 of every page of the wiki."""
        found: dict[str, tuple[int, str]] = {}
        # By their revisions, as pages are listed by one namespace only.
        for row in self.all(
                'pages', generator='allrevisions', garvlimit='max',
                garvgeneratetitles='1', prop='revisions',
                rvprop='ids|sha1'):
            for revision in row.get('revisions', ()):
                found[row['title']] = (revision['revid'], revision['sha1'])
        return found

    def imports(self, title: str | None = None) -> list[dict[str, Any]]:
        """Return entries of the import log, newest first."""
        more = {'letitle': title} if title else {}
        return self.all('logevents', list='logevents', letype='import',
                        lelimit='max', **more)


@dataclass(frozen=True)
class Run:

    """What a script printed and how it ended."""

    status: int
    output: str


class Box:

    """A source and a target wiki, each behind a proxy.

    The interwiki table of the target leads to the source's proxy too, so
    that what the target fetches can be counted and broken as well.
    """

    prefix = 'en'

    def __init__(self, folder: Path, release: str = '1.43', *,
                 php: tuple[str, ...] = (), **options: Any) -> None:
        pair = Pair(release=release, **options)
        self.folder = folder
        self.release = release
        self.prefix = pair.source_lang
        self._php = php
        self._servers: list[PooledServer] = []
        self._proxies: list[Proxy] = []
        self._clients: dict[str, Client] = {}
        #: By ``source`` and ``target``.
        self.databases: dict[str, Database] = {}
        try:
            self.source = self._start(pair.source, {})
            self.target = self._start(pair.target,
                                      {self.prefix: self.source.base})
        except BaseException:
            self.close()
            raise
        self.config = folder / 'pywikibot'
        write_pywikibot_dir(self.config, f'{self.source.base}/api.php',
                            f'{self.target.base}/api.php')
        with (self.config / 'user-config.py').open('a') as config:
            config.write('max_retries = 1\nretry_wait = 1\n')

    def _start(self, spec: WikiSpec, interwiki: dict[str, str]) -> Proxy:
        server, wiki = take(
            spec, self.folder / spec.part, interwiki,
            self._php if spec.part == 'target' else ())
        self._servers.append(server)
        self.databases[spec.part] = wiki.database
        proxy = Proxy(server.base)
        self._proxies.append(proxy)
        setattr(self, f'{spec.part}_base', server.base)
        setattr(self, f'{spec.part}_tree', wiki.tree)
        return proxy

    source_base: str
    target_base: str
    source_tree: Path
    target_tree: Path

    def __enter__(self) -> Box:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        for proxy in self._proxies:
            proxy.close()
        while self._servers:
            put_back(self._servers.pop())
        for database in self.databases.values():
            database.end()
            if database.server:
                # Larger than all else that a test leaves to be looked at.
                shutil.rmtree(database.data)

    def on_source(self) -> Client:
        return self._client_of(self.source_base)

    def on_target(self) -> Client:
        return self._client_of(self.target_base)

    def _client_of(self, base: str) -> Client:
        # To log in costs more than most of what is done then.
        if base not in self._clients:
            self._clients[base] = Client(base)
        return self._clients[base].another()

    def sql(self, part: str, statement: str, /,
            **values: Any) -> list[tuple[Any, ...]]:
        """Read or change a wiki's database behind everybody's back.

        What the wiki has cached is forgotten after a change, so that it
        answers with what is there now. Write what both databases
        understand, and names and titles as MediaWiki stores them::

            (revision, ), = box.sql(
                'target', 'SELECT page_latest FROM page '
                'WHERE page_namespace = 0 AND page_title = :title',
                title='Some_page')
            box.sql('target', 'UPDATE revision SET rev_parent_id = 0 '
                    'WHERE rev_id = :revision', revision=revision)

        :param part: ``source`` or ``target``
        :param statement: in SQL, with ``:name`` where a value goes
        :param values: by name
        :return: the rows, with text where MediaWiki has bytes
        """
        found = run_sql(self.databases[part].url, statement, **values)
        if not statement.startswith('SELECT'):
            forget(self._servers[part == 'target'])
        return found

    def pwb(self, *arguments: str, stdin: int | None = subprocess.DEVNULL,
            config: Path | None = None, **env: str) -> Run:
        """Run a script under pwb on these wikis."""
        done = run_command(
            [str(PWB), *arguments], cwd=self.folder, text=True,
            stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=300, env={**os.environ, 'COLUMNS': '200', **env,
                              'PYWIKIBOT_DIR': str(config or self.config)})
        return Run(done.returncode, done.stdout)

    def importpages(self, *arguments: str, **options: Any,
                    ) -> tuple[Run, dict[str, Any]]:
        """Import without asking; return the run and its report."""
        path = self.folder / 'report.json'
        path.unlink(missing_ok=True)
        run = self.pwb('importpages', f'-source:{self.prefix}', '-always',
                       f'-report:{path}', *arguments, **options)
        return run, json.loads(path.read_text()) if path.exists() else {}


def by_title(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the pages of a report by title."""
    return {page['title']: page for page in report['pages']}


def texts(history: Iterable[dict[str, Any]]) -> set[tuple[str, str]]:
    """Return what identifies revisions across wikis."""
    return {(revision['timestamp'], revision['sha1'])
            for revision in history}


def site_of(proxy: Proxy, account: str = ACCOUNTS['bot'].name,
            password: str = ACCOUNTS['bot'].password) -> Any:
    """Return pywikibot's site of a wiki, in this process.

    :param proxy: the proxy before the wiki
    :param account: who is to log in
    :param password: as pywikibot's password file takes it
    """
    import pywikibot

    name = f'wiki{proxy.server_port}'
    config = pywikibot.config
    config.family_files[name] = f'{proxy.base}/api.php'
    config.usernames[name][name] = account
    path = Path(config.base_dir, 'user-password.py')
    known = path.read_text() if path.exists() else ''
    path.write_text(f'{known}({name!r}, {account!r}, {password!r})\n')
    path.chmod(0o600)
    config.password_file = str(path)
    return pywikibot.Site(name, name, account)


def transfer_of(box: Box, **policy: Any) -> Any:
    """Return source and target of a box, connected in this process."""
    from importbot.model.policy import Policy
    from importbot.sources.transfer import connect

    site_of(box.source)
    return connect(site_of(box.target), box.prefix, Policy(**policy))


def write_histories(tree: Path, folder: Path, prefix: str,
                    pages: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Give pages of a wiki histories, with times and all.

    :param tree: MediaWiki tree of the wiki
    :param folder: its files
    :param prefix: before the names of the authors
    :param pages: (timestamp, text) of the revisions, oldest first, by
        full English title
    """
    xml = ['<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">'
           '<siteinfo><namespaces><namespace key="0"/>'
           '<namespace key="10">Template</namespace>'
           '<namespace key="828">Module</namespace>'
           '</namespaces></siteinfo>']
    for title, revisions in pages.items():
        xml.append(f'<page><title>{escape(title)}</title>')
        xml += [f'<revision><timestamp>{time}</timestamp><contributor>'
                f'<username>Anna</username></contributor>'
                f'<text>{escape(text)}</text></revision>'
                for time, text in revisions]
        xml.append('</page>')
    xml.append('</mediawiki>')
    maintenance(tree, folder / 'LocalSettings.php', 'importDump',
                f'--username-prefix={prefix}', '--no-local-users',
                stdin=''.join(xml).encode())
    maintenance(tree, folder / 'LocalSettings.php', 'runJobs')
