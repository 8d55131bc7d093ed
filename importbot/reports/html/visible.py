"""Text of a wiki on its way into HTML: nothing in it acts unseen."""
from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

from importbot.i18n import message
from importbot.model.titles import Title


__all__ = ('isolated', 'shortened', 'visible')

#: What HTML has no place for, and what turns the direction of text around.
#: Joiners and no-break spaces belong to many scripts and stay.
_UNSEEN = re.compile(
    '[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e'
    '\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff]')
_BEGIN, _END = '\x01', '\x02'


def visible(value: Any) -> Any:
    """Return what is put into a template; of text, what can be shown.

    :param value: text, or anything else that a template may print
    """
    if isinstance(value, Title):
        value = str(value)
    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNSEEN.sub('\ufffd', value)
    return value


def shortened(text: str, most: int) -> str:
    """Return text that is cut where it is too long.

    :param most: characters that are shown
    """
    return text if len(text) <= most else f'{text[:most - 1]}…'


def isolated(language: str, key: str, **values: object) -> Markup:
    """Return a message in which each value keeps its own direction.

    :param language: code of the language
    :param key: key of the message
    :param values: of its parameters
    """
    marked = {name: f'{_BEGIN}{visible(value)}{_END}'
              if isinstance(value, (str, Title)) else value
              for name, value in values.items()}
    text = str(escape(message(language, key, **marked)))
    return Markup(text.replace(_BEGIN, '<bdi>').replace(_END, '</bdi>'))
