"""Cookies that go back to whom they came from, port and all.

By the rules of the web they belong to a host whatever the port, and to
its relatives if it says so.
"""
from __future__ import annotations

from collections.abc import Iterator
from http.cookiejar import Cookie, CookieJar
from itertools import chain
from typing import Any

import requests
from pywikibot.comms.http import PywikibotCookieJar
from requests.cookies import get_cookie_header

from importbot.wikis.network.hosts import home, origin_of


__all__ = ('HostCookies', )

#: What a cookie carries in pywikibot's file.
_FROM = 'importbot-from'


class HostCookies(PywikibotCookieJar):

    """pywikibot's jar, kept apart by host and port.

    What a file of plain pywikibot holds is of the default site: nobody
    knows where else it may have come from.
    """

    def __init__(self) -> None:
        super().__init__()
        self._jars: dict[str, CookieJar] = {}

    def _jar(self, key: str) -> CookieJar:
        return self._jars.setdefault(key, CookieJar())

    def header(self, request: requests.PreparedRequest) -> str | None:
        """Return the cookies for a request.

        :param request: as it is about to be sent
        """
        url = str(request.url)
        jar = CookieJar()
        if '' in self._jars and origin_of(url) == home():
            for cookie in self._jars['']:
                jar.set_cookie(cookie)
        for cookie in self._jar(_key(url)):
            jar.set_cookie(cookie)
        header = get_cookie_header(  # type: ignore[no-untyped-call]
            jar, request)
        return str(header) if header else None

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Take what an answer sets.

        :param response: the answer
        :param request: to which
        """
        key = _key(request.get_full_url())
        jar = self._jar(key)
        jar.extract_cookies(response, request)
        for cookie in jar:
            cookie.set_nonstandard_attr(_FROM, key)

    def set_cookie(self, cookie: Cookie) -> None:
        """Put in a cookie, by what it says of itself.

        :param cookie: the cookie
        """
        key = cookie.get_nonstandard_attr(_FROM, '') or ''
        self._jar(key).set_cookie(cookie)

    def clear(self, domain: str | None = None, path: str | None = None,
              name: str | None = None) -> None:
        """Take out cookies, whoever set them.

        :param domain: of the cookie
        :param path: of the cookie
        :param name: of the cookie
        """
        for jar in self._jars.values():
            for cookie in list(jar):
                if (domain in (None, cookie.domain)
                        and path in (None, cookie.path)
                        and name in (None, cookie.name)):
                    jar.clear(cookie.domain, cookie.path, cookie.name)

    def __iter__(self) -> Iterator[Cookie]:
        return chain.from_iterable(list(self._jars.values()))

    def __len__(self) -> int:
        return sum(map(len, self._jars.values()))


def _key(url: str) -> str:
    """Return host and port; a secure answer may follow a plain one."""
    try:
        origin = origin_of(url)
    except ValueError:
        return '-'
    port = 443 if origin.port == 80 else origin.port
    return f'{origin.host}:{port}'
