"""Somebody who works on a sandbox wiki by hand: a login and the API."""
from __future__ import annotations

from typing import Any

import requests

from importbot.sandbox.errors import SandboxError
from importbot.sandbox.wikis import Account


__all__ = ('Person', )


class Person:

    """An account of a wiki, logged in.

    :param base: address of the wiki
    :param account: who it is
    :raises SandboxError: the wiki does not know the account
    """

    def __init__(self, base: str, account: Account) -> None:
        self._api = f'{base}/api.php'
        self._session = requests.Session()
        self._session.trust_env = False
        self._ask(action='clientlogin', username=account.name,
                  password=account.password, loginreturnurl=base,
                  logintoken=self._token('login'))

    def _ask(self, **parameters: Any) -> dict[str, Any]:
        answer = self._session.post(self._api, timeout=300, data={
            'format': 'json', 'formatversion': 2, **parameters}).json()
        if 'error' in answer:
            raise SandboxError(f'The sandbox wiki answers: '
                               f'{answer["error"]["info"]}')
        return dict(answer)

    def _token(self, kind: str) -> str:
        tokens = self._ask(action='query', meta='tokens', type=kind)
        return str(tokens['query']['tokens'][f'{kind}token'])

    def text(self, title: str) -> str:
        """Return the current text of a page.

        :param title: full title
        """
        page = self._ask(action='query', titles=title, prop='revisions',
                         rvprop='content', rvslots='main',
                         )['query']['pages'][0]
        return str(page['revisions'][0]['slots']['main']['content'])

    def edit(self, title: str, **parameters: Any) -> None:
        """Save a page.

        :param title: full title
        :param parameters: of :api:`Edit`
        """
        self._ask(action='edit', title=title, token=self._token('csrf'),
                  **parameters)
