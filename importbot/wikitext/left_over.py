"""What of a page's wikitext a wiki would show as text, and does show."""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import Title
from importbot.wikitext.references import (
    UnreadableTextError,
    find_references,
)
from importbot.wikitext.references.elements import foreign_tags
from importbot.wikitext.references.vocabulary import Vocabulary


__all__ = ('Suspicion', 'left_in')

_CALLED = re.compile(r'\{\{\s*(?:[^\s:{}|]{1,20}:)?\s*'
                     r'(#[^\s:{}|<>\[\]]{1,60}):')
#: Where pages show wikitext on purpose.
_ON_PURPOSE = re.compile(
    r'<(pre|code|kbd|samp|textarea)\b.*?</\1\s*>', re.DOTALL)
#: Handled by the extension Translate, which registers no such tags.
_OF_TRANSLATE = frozenset({'translate', 'tvar'})


class Suspicion:

    """Finds in texts what a wiki does not know.

    :param siteinfo: settings of the wiki that shows them
    """

    def __init__(self, siteinfo: SiteInfo) -> None:
        self._known = siteinfo
        self._curious = replace(siteinfo, knows_functions=False)
        self._vocabulary = Vocabulary(self._curious)
        self._tags = siteinfo.tags | (
            _OF_TRANSLATE if 'Translate' in siteinfo.extensions
            else frozenset())

    def unknown(self, text: str, title: Title) -> frozenset[str]:
        """Return the tags and functions that the wiki does not know.

        :param text: wikitext
        :param title: the page it stands on
        :return: as they are written: ``<tag>``, ``{{#function:}}``
        """
        if not (('<' in text and foreign_tags(text, self._tags))
                or any(self._vocabulary.function(f'{match[1]}:') is None
                       for match in _CALLED.finditer(text))):
            return frozenset()
        try:
            references = find_references(text, 'wikitext', title,
                                         self._curious)
        except UnreadableTextError:
            return frozenset()
        return frozenset((
            *(f'<{name}>' for name in references.tags - self._tags),
            *(f'{{{{#{name}:}}}}' for name
              in references.functions - self._known.functions)))


def left_in(html: str, names: Iterable[str]) -> frozenset[str]:
    """Return what of some names a rendering shows as text.

    :param html: of a page
    :param names: as :meth:`Suspicion.unknown` returns them
    """
    shown = _ON_PURPOSE.sub('', html)
    return frozenset(name for name in names if _form(name).search(shown))


def _form(name: str) -> re.Pattern[str]:
    """Return a pattern for how something stands in HTML."""
    if name.startswith('<'):
        return re.compile(rf'&lt;{re.escape(name[1:-1])}(?=[\s/]|&gt;|>)',
                          re.IGNORECASE)
    return re.compile(re.escape(name[:-2]), re.IGNORECASE)
