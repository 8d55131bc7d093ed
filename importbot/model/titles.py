"""The name of a page, apart from any wiki's spelling of it."""
from __future__ import annotations

from dataclasses import dataclass


__all__ = ('CSS', 'MAIN', 'MODULE', 'Title')

MAIN = 0
USER = 2
PROJECT = 4
FILE = 6
MEDIAWIKI = 8
TEMPLATE = 10
CATEGORY = 14
MODULE = 828

CSS = '.css'


@dataclass(frozen=True, order=True, slots=True)
class Title:

    """A page name as a namespace number and the text after the colon.

    How it is spelled on a wiki is the business of
    :meth:`importbot.model.siteinfo.SiteInfo.text`.

    :param namespace: namespace number
    :param name: text after the namespace, with spaces for underscores
        and the first letter as the wiki stores it
    """

    namespace: int
    name: str

    @property
    def is_talk(self) -> bool:
        """Whether the page discusses another one."""
        return self.namespace > 0 and self.namespace % 2 == 1

    def subpage(self, path: str) -> Title:
        """Return the page below this one.

        :param path: what follows the slash
        """
        return Title(self.namespace, f'{self.name}/{path}')
