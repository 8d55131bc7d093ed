"""What MediaWiki makes of a text when it is saved as an ordinary edit.

Signatures, substitutions and the pipe trick are carried out then, whoever
wrote them: the pre-save transform. An import stores texts as they are, so
that a page may well hold what its next edit would change.
"""
from __future__ import annotations

import re
from unicodedata import normalize


__all__ = ('may_be_transformed', 'saved_plainly')

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


def may_be_transformed(text: str, model: str = 'wikitext') -> bool:
    """Return whether it is worth asking what saving makes of a text.

    :param text: that is to be saved
    :param model: its content model
    """
    return model not in _PLAIN and (
        model in _LAID_OUT or _LATENT.search(text) is not None)


def saved_plainly(text: str) -> str:
    """Return a text as MediaWiki saves it that transforms nothing in it.

    :param text: that is sent
    """
    return normalize('NFC', text.replace('\r\n', '\n')).rstrip(_BLANK)
