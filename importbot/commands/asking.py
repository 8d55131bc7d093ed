"""Ask a person, once."""
from __future__ import annotations

import pywikibot


__all__ = ('says_yes', )


def says_yes(question: str) -> bool:
    """Ask; the end of the input is a no.

    :param question: with nothing behind it
    """
    try:
        return bool(pywikibot.input_yn(question, default=False,
                                       automatic_quit=False))
    except EOFError:
        return False
