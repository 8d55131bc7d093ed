"""Every sentence for the wikis, by pywikibot's manner of translation.

One JSON file a language. The messages package of pywikibot is left alone,
because a script that imports this library has its own.
"""
from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from pywikibot import i18n


__all__ = ('LANGUAGES', 'message')

LANGUAGES = ('en', 'de')


@cache
def _messages(language: str) -> dict[str, str]:
    text = files(__name__).joinpath(f'{language}.json').read_text('utf-8')
    return dict(json.loads(text))


def message(language: str, key: str, **parameters: object) -> str:
    """Return a message in a language or the nearest that there is.

    :param language: code of the language
    :param key: key of the message, without ``importbot-``
    :param parameters: values of its ``%(name)s``
    :raises KeyError: no language has the message
    """
    found = {code: _messages(code)[f'importbot-{key}']
             for code in LANGUAGES if f'importbot-{key}' in _messages(code)}
    if not found:
        raise KeyError(key)
    # pywikibot annotates the values as numbers; any are formatted.
    values: Any = parameters or None
    return str(i18n.translate(language, found, values, fallback=True))
