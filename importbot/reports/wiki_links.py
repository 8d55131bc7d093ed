"""Addresses of pages of a wiki, derived from the address of its API."""
from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote_plus


__all__ = ('WikiLinks', 'links_of')

_API = re.compile(r'(https?://[^\s?#]+)/api\.php')
_USUAL = re.compile(r'(/w)?/index\.php$')


@dataclass(frozen=True)
class WikiLinks:

    """Makes addresses of pages.

    :param index: address of index.php; empty where nobody knows it, and
        then all addresses are
    """

    index: str

    @property
    def name(self) -> str:
        """The wiki as people know it: its host, and what tells it apart."""
        return _USUAL.sub('', self.index.partition('//')[2])

    def page(self, title: str) -> str:
        """Return the address of a page.

        :param title: its full title
        """
        return self._address(title=title)

    def history(self, title: str) -> str:
        """Return the address of a page's history.

        :param title: its full title
        """
        return self._address(title=title, action='history')

    def revision(self, revision: int) -> str:
        """Return the address of a page as it was; its id is enough.

        :param revision: id of the revision
        """
        return self._address(oldid=str(revision))

    def log(self, kind: str, title: str) -> str:
        """Return the address of what a log says of a page.

        :param kind: ``import`` or ``delete``
        :param title: its full title
        """
        return self._address(title='Special:Log', type=kind, page=title)

    def _address(self, **parameters: str) -> str:
        if not self.index:
            return ''
        # As urlencode does, which takes twice as long.
        query = '&'.join(
            f'{name}=' + quote_plus(value.replace(' ', '_'), safe='/:',
                                    errors='replace')
            for name, value in parameters.items())
        return f'{self.index}?{query}'


def links_of(api: str) -> WikiLinks:
    """Return what makes addresses of a wiki; of a dump, none.

    :param api: address of its API
    """
    match = _API.fullmatch(api)
    return WikiLinks(f'{match[1]}/index.php' if match else '')
