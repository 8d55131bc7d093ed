"""Which files a text shows, and which categories it puts its page into."""
from __future__ import annotations

import re

from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import CATEGORY, FILE, Title
from importbot.wikitext.references.vocabulary import decoded


__all__ = ('Links', )

_MEDIA = -2

#: A link into a namespace, up to where its title ends.
_LINK = re.compile(
    r'\[\[[ \t]*([^\[\]|{}<>#:\n]{1,80}):([^\[\]|{}<>#\n]{1,300})'
    r'(?=[|#]|\]\])')
#: A line of a gallery, up to where its title ends.
_LINE = re.compile(r'^[ \t]*([^\[\]|{}<>#\n]{1,300}\.[A-Za-z0-9]{2,5})'
                   r'[ \t]*(?=[|#\n]|\Z)', re.MULTILINE)


class Links:

    """Gathers the links of the texts of one page that show or sort it.

    :param siteinfo: settings of the wiki the texts come from
    """

    def __init__(self, siteinfo: SiteInfo) -> None:
        self.files: set[Title] = set()
        self.categories: set[Title] = set()
        self._siteinfo = siteinfo

    def add_text(self, text: str) -> None:
        """Note the links of a text.

        :param text: without comments and extension tags
        """
        for match in _LINK.finditer(text) if '[[' in text else ():
            namespace = self._siteinfo.namespace_number(match[1])
            if namespace in (FILE, _MEDIA):
                self._add_file(match[2])
            elif namespace == CATEGORY:
                title = self._title(CATEGORY, match[2])
                if title:
                    self.categories.add(title)

    def add_gallery(self, lines: str) -> None:
        """Note the files of a gallery or of an image map.

        :param lines: what stands within the tag
        """
        for match in _LINE.finditer(lines):
            before, colon, name = match[1].partition(':')
            if colon and self._siteinfo.namespace_number(before) == FILE:
                self._add_file(name)
            elif not colon:
                self._add_file(before)

    def _add_file(self, name: str) -> None:
        title = self._title(FILE, name)
        if title:
            self.files.add(title)

    def _title(self, namespace: int, name: str) -> Title | None:
        spelled = self._siteinfo.namespaces.get(namespace)
        title = spelled and self._siteinfo.title(
            f'{spelled.name}:{decoded(name)}')
        return title if title and title.namespace == namespace else None
