"""The sentences of each language, as they lie in files."""
from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


__all__ = ('sentences', )


@cache
def sentences(language: str) -> dict[str, str]:
    """Return the messages of a language by key.

    :param language: code of a language that there is a file of
    """
    # Named as a file: the package that speaks all languages is of a room
    # above, and loads pywikibot.
    text = files('importbot') / 'i18n' / f'{language}.json'
    return dict(json.loads(text.read_text('utf-8')))
