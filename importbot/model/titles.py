"""The name of a page on one wiki."""
from __future__ import annotations

from dataclasses import dataclass, field, replace


__all__ = ('CATEGORY', 'CSS', 'MAIN', 'MODULE', 'UNKNOWN', 'Title')

MAIN = 0
USER = 2
PROJECT = 4
FILE = 6
MEDIAWIKI = 8
TEMPLATE = 10
CATEGORY = 14
MODULE = 828
#: Of a page of which only the text is known, as a journal has it.
UNKNOWN = -100

CSS = '.css'


@dataclass(frozen=True, order=True, slots=True)
class Title:

    """A page name as a namespace number and the text after the colon.

    Two titles are equal if number and text are, whatever their wikis call
    the namespace. :class:`str` gives the full title as the wiki spells it;
    titles that ``importbot.model.siteinfo.SiteInfo`` has read or
    made can be spelled.

    :param namespace: namespace number
    :param name: text after the namespace, with spaces for underscores
        and the first letter as the wiki stores it
    :param prefix: name of the namespace on the wiki that the page is of
    """

    namespace: int
    name: str
    prefix: str = field(default='', compare=False)

    def __str__(self) -> str:
        """Return the full title.

        :raises ValueError: no wiki has read it
        """
        if self.prefix:
            return f'{self.prefix}:{self.name}'
        if self.namespace in (MAIN, UNKNOWN):
            return self.name
        raise ValueError(f'{self!r} is of no wiki')

    @classmethod
    def known(cls, text: str, namespace: int) -> Title:
        """Return a title of a wiki that nobody has to ask.

        :param text: full title, as the wiki spells it
        :param namespace: its number
        """
        if namespace == MAIN:
            return cls(MAIN, text)
        prefix, _colon, name = text.partition(':')
        return cls(namespace, name, prefix)

    @classmethod
    def unread(cls, text: str) -> Title:
        """Return a title of a wiki that nobody can ask.

        :param text: full title, as the wiki spells it
        """
        return cls(UNKNOWN, text)

    @property
    def is_talk(self) -> bool:
        """Whether the page discusses another one."""
        return self.namespace > 0 and self.namespace % 2 == 1

    def subpage(self, path: str) -> Title:
        """Return the page below this one.

        :param path: what follows the slash
        """
        return replace(self, name=f'{self.name}/{path}')
