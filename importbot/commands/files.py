"""Files that a run writes, in UTF-8; whether it can is known before it."""
from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pywikibot

from importbot.model.errors import UsageError
from importbot.reports.formats import Told, format_of_file, text_of
from importbot.rules.page_lists import LISTS


__all__ = ('PageList', 'check_distinct', 'read_page_list', 'writable',
           'write_reports', 'write_text')

#: A single letter is a drive, and no word has other signs than these.
_WORD = re.compile('[A-Za-z-]{2,}')


@dataclass(frozen=True)
class PageList:

    """A file of titles that is wanted of a run.

    :param of: which titles, as :func:`listed_titles` has it
    :param path: the file
    """

    of: str
    path: Path


def writable(option: str, value: str) -> Path:
    """Return the file of an option.

    Said before the run: its record must not be lost after it.

    :param option: its name
    :param value: as it was given
    :raises UsageError: it cannot be written
    """
    if not value:
        raise UsageError(f'-{option} needs a file: -{option}:FILE')
    path = Path(value)
    place = path if path.exists() else path.parent
    if path.is_dir() or not os.access(place, os.W_OK):
        raise UsageError(f'{path} cannot be written; give -{option}: a file '
                         'in a folder that is there')
    return path


def read_page_list(value: str) -> PageList:
    """Return what a value of ``-savelist`` asks for.

    A word before a colon says of which pages; a file of such a name is
    given with its folder, as ``./template``.

    :param value: ``FILE`` or ``ROLE:FILE``
    :raises UsageError: no such role, or the file cannot be written
    """
    word, colon, file = value.partition(':')
    if word in LISTS and not file:
        raise UsageError(f'-savelist:{word} needs a file: '
                         f'-savelist:{word}:FILE')
    if word in LISTS:
        return PageList(word, writable('savelist', file))
    if colon and _WORD.fullmatch(word):
        raise UsageError(
            f'"{word}" in -savelist:{value} is no role; give one of '
            f'{", ".join(LISTS)}, or -savelist:./{value} for a file of that '
            'name')
    return PageList('', writable('savelist', value))


def check_distinct(paths: Iterable[Path]) -> None:
    """Refuse to write two things into one file.

    :param paths: of all that is to be written
    :raises UsageError: one is there twice
    """
    seen: set[Path] = set()
    for path in paths:
        if path.absolute() in seen:
            raise UsageError(f'{path} is named twice; give every report and '
                             'list a file of its own')
        seen.add(path.absolute())


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


def write_reports(paths: Iterable[Path], thing: object, told: Told) -> None:
    """Write a thing into files, each in the format that its name asks for.

    :param paths: the files
    :param thing: a plan, a report, …
    :raises UsageError: one cannot be written
    """
    for path in paths:
        write_text(path, text_of(thing, format_of_file(path.name), told))
