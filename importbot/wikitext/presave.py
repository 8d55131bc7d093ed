"""What MediaWiki makes of a text when it is saved as an ordinary edit.

Signatures, substitutions and the pipe trick are carried out then, whoever
wrote them: the pre-save transform. An import stores texts as they are, so
that a page may well hold what its next edit would change.
"""
from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from unicodedata import normalize

from importbot.model.siteinfo import SiteInfo
from importbot.model.titles import TEMPLATE
from importbot.wikitext.masking import masked


__all__ = ('may_be_transformed', 'saved_plainly', 'sha1_of_saved',
           'substituted')

#: What MediaWiki cuts off the end of a text.
_BLANK = ' \t\n\r\0\x0b'
#: What a transform could begin with. The words for "subst" differ from wiki
#: to wiki; nothing but blanks may stand before them.
_LATENT = re.compile(r'~~~|\[\[\||\|\]\]'
                     r'|\{\{\s*[^{}\[\]|#<>\n:]{1,60}:')
#: Content models whose texts are saved as they are.
_PLAIN = frozenset({'text', 'Scribunto'})
#: Content models that are always laid out anew.
_LAID_OUT = frozenset({'json'})
#: What is left alone, but for signatures, until others transclude it.
_INCLUDED = re.compile(r'<includeonly\s*>.*?(?:</includeonly\s*>|\Z)',
                       re.IGNORECASE | re.DOTALL)


def may_be_transformed(text: str, model: str = 'wikitext') -> bool:
    """Return whether it is worth asking what saving makes of a text.

    :param text: that is to be saved
    """
    return model not in _PLAIN and (
        model in _LAID_OUT or _LATENT.search(text) is not None)


def saved_plainly(text: str) -> str:
    """Return a text as MediaWiki saves it that transforms nothing in it.

    :param text: that is sent
    """
    return normalize('NFC', text.replace('\r\n', '\n')).rstrip(_BLANK)


def sha1_of_saved(text: str) -> str:
    """Return the sha1 of a text as MediaWiki saves it.

    :param text: that is sent; nothing in it is substituted
    """
    return hashlib.sha1(saved_plainly(text).encode()).hexdigest()


def substituted(text: str, siteinfo: SiteInfo) -> Iterator[str]:
    """Yield the pages that saving a text puts in their place.

    By full title, whether the wiki has them by now or not; names that a
    parameter decides are left out.

    :param text: wikitext
    :param siteinfo: of the wiki where it is saved
    """
    words = {alias for name in ('subst', 'safesubst') for alias in (
        f'{name}:', *(siteinfo.magic_words[name].aliases
                      if name in siteinfo.magic_words else ()))}
    pattern = re.compile(
        rf'\{{\{{\s*(?:{"|".join(map(re.escape, words))})'
        r'([^{}\[\]|<>#]{1,300})', re.IGNORECASE)
    plain = masked(_INCLUDED.sub('', text), siteinfo.tags)
    for match in pattern.finditer(plain):
        title = siteinfo.title(match[1].strip(), TEMPLATE)
        if title:
            yield str(title)
