"""The sentences of each language, as they lie in files."""
from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


__all__ = ('languages', 'sentences')

#: The file that explains each message to translators, under the code that
#: translatewiki.net has for that.
_EXPLANATIONS = 'qqq'


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that there are, English first."""
    codes = {path.name.removesuffix('.json') for path
             in (files('importbot') / 'i18n').iterdir()
             if path.name.endswith('.json')}
    return 'en', *sorted(codes - {'en', _EXPLANATIONS})


@cache
def sentences(language: str) -> dict[str, str]:
    """Return the messages of a language by key.

    :param language: code of a language that there is a file of
    """
    # Named as a file: the package that speaks all languages is of a room
    # above, and loads pywikibot.
    text = files('importbot') / 'i18n' / f'{language}.json'
    return dict(json.loads(text.read_text('utf-8')))
