"""How the pages of a dump are called: by its own rules, as MediaWiki reads.

The number of a namespace counts, not what stands before the colon
(NamespaceAwareForeignTitleFactory): ``Template:X`` in namespace 10 of a
German dump is ``Vorlage:X``.
"""
from __future__ import annotations

from dataclasses import replace

from importbot.model.contentmodels import default_model
from importbot.model.errors import BundleError
from importbot.model.siteinfo import Namespace, SiteInfo, tidy
from importbot.model.titles import MAIN, Title


__all__ = ('DumpNames', )

#: Namespaces that are in no siteinfo; a wiki has some fifty in all.
_MOST_UNDECLARED = 500


class DumpNames:

    """The names of pages by their titles and namespaces in a dump.

    :param info: settings of its wiki
    :ivar info: with the namespaces that only pages told of
    """

    def __init__(self, info: SiteInfo) -> None:
        self.info = info
        self._undeclared = 0

    def title(self, text: str, number: int) -> Title:
        """Return the title of a page; one that no wiki takes now, as it is.

        :param text: full title in the dump
        :param number: of its namespace there
        :raises BundleError: there are far too many namespaces
        """
        before, colon, name = text.partition(':')
        if number == MAIN or not colon:
            name = text
        if number != MAIN:
            if number not in self.info.namespaces:
                self._declare(number, before if colon else '')
            text = f'{self.info.namespaces[number].name}:{name}'
        # What follows a sign would get lost as a fragment.
        title = None if '#' in text else self.info.title(f':{text}')
        return title or Title(number, tidy(name), '' if number == MAIN else
                              self.info.namespaces[number].name)

    def text(self, text: str, number: int) -> str:
        """Return the full title of a page as its wiki spells it.

        :param text: full title in the dump
        :param number: of its namespace there
        :raises BundleError: there are far too many namespaces
        """
        return str(self.title(text, number))

    def model(self, text: str, number: int) -> str:
        """Return the content model of a page whose revisions name none.

        :param text: full title in the dump
        :param number: of its namespace there
        """
        title = self.title(text, number)
        return default_model(title, documents=self.info.documents(title))

    def _declare(self, number: int, prefix: str) -> None:
        """Take a namespace in by the name that stands in a title."""
        self._undeclared += 1
        if self._undeclared > _MOST_UNDECLARED:
            raise BundleError(
                f'More than {_MOST_UNDECLARED} namespaces are in no '
                '<siteinfo>; give an export as MediaWiki makes it')
        name = tidy(prefix)
        if not name or self.info.namespace_number(name) is not None:
            name = f'Ns{number}'
        self.info = replace(self.info, namespaces={
            **self.info.namespaces, number: Namespace(number, name)})
