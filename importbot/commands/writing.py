"""Files that the commands write, in UTF-8."""
from __future__ import annotations

from pathlib import Path

import pywikibot

from importbot.model.errors import UsageError


__all__ = ('write_text', )


def write_text(path: Path, text: str) -> None:
    """Write a file, and say so.

    :param path: the file
    :param text: its content
    :raises UsageError: it cannot be written
    """
    try:
        path.write_text(text, encoding='utf-8')
    except OSError as error:
        raise UsageError(f'{path} cannot be written: '
                         f'{error.strerror}') from error
    pywikibot.info(f'Written: {path}')
