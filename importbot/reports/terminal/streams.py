"""Terminals and files that lack letters: what is written there instead."""
from __future__ import annotations

import codecs
from typing import IO, Any

import pywikibot
from pywikibot.userinterfaces.transliteration import Transliterator


__all__ = ('Degrading', 'encodable')


def encodable(text: str, encoding: str) -> bool:
    """Return whether an encoding has all letters of a text.

    :param text: any text
    :param encoding: name of the encoding
    """
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True


class Degrading:

    """A stream in front of another, which writes what that one can.

    Letters that it lacks are transliterated, as in pywikibot's own lines,
    or become question marks.

    :param stream: a text stream
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.encoding = _known(getattr(stream, 'encoding', None))
        self._transliterator = Transliterator(self.encoding)

    def write(self, text: str) -> int:
        """Write a text as well as it can be written."""
        if not encodable(text, self.encoding):
            text = ''.join(
                char if encodable(char, self.encoding)
                else self._other(char, text[index - 1:index] or '-',
                                 text[index + 1:index + 2] or ' ')
                for index, char in enumerate(text))
        return self._stream.write(text)

    def _other(self, char: str, before: str, after: str) -> str:
        if not pywikibot.config.transliterate:
            return '?'
        other = self._transliterator.transliterate(
            char, default='?', prev=before, succ=after)
        return other if encodable(other, self.encoding) else '?'

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _known(encoding: str | None) -> str:
    """Return an encoding that Python has."""
    try:
        return codecs.lookup(encoding or 'utf-8').name
    except LookupError:
        return 'ascii'
