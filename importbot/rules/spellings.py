"""Titles that a person may mean, where no wiki can be asked: pure rules."""
from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import product


__all__ = ('spellings', )


def spellings(title: str) -> Iterator[str]:
    """Yield titles that a person may mean, the likeliest first.

    Underscores are spaces, and most wikis begin names with a capital;
    which namespaces there are is not known without asking the wiki.

    :param title: as a person writes it
    """
    plain = ' '.join(unicodedata.normalize('NFC', title).replace(
        '_', ' ').split()).removeprefix(':').strip()
    space, colon, name = plain.partition(':')
    spaces, names = [''], [space, _capital(space)]
    if colon:
        spaces = [f'{start.strip()}:' for start in (
            space, _capital(space), space.capitalize())]
        names = [name.strip(), _capital(name.strip())]
    yield from dict.fromkeys([title, plain, *(
        f'{start}{end}' for end, start in product(names, spaces))])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
