"""The part of a page that the bot writes anew: between two comments."""
from __future__ import annotations

import re


__all__ = ('BEGIN', 'END', 'between', 'framed', 'with_between')

BEGIN = '<!-- importbot: open requests -->'
END = '<!-- importbot: end -->'
_PART = re.compile(f'{re.escape(BEGIN)}(.*?){re.escape(END)}', re.DOTALL)


def framed(text: str) -> str:
    """Return a text with the comments around it.

    :param text: wikitext of the part
    """
    return f'{BEGIN}\n{text}\n{END}'


def between(text: str) -> str | None:
    """Return what stands between the comments; None where there are none,
    or more than one pair.

    :param text: wikitext of a page
    """
    parts = _PART.findall(text)
    return parts[0].strip() if len(parts) == 1 else None


def with_between(text: str, part: str) -> str:
    """Return a page with another text between the comments.

    :param text: wikitext of the page
    :param part: wikitext of the part
    """
    return _PART.sub(lambda _match: framed(part), text, count=1)
