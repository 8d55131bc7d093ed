"""The commands and their options, from what ``-help`` says."""
from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import importbot_scripts

from importbot.commands.help_text import option_help
from importbot.model.option import DUMP, PAGES, REQUESTS, RUNS, UNDO, Option
from importbot.model.options import OPTIONS
from importbot_reference.markdown import code, table, with_options


__all__ = ('Command', 'commands', 'options', 'scripts')

#: Where the text beside an option begins in a help.
_COLUMN = 18


@dataclass(frozen=True)
class Command:

    """A script and its help.

    :param name: as after ``pwb``
    :param help: its docstring, with the options in their places
    """

    name: str
    help: str

    @property
    def paragraphs(self) -> list[str]:
        """The help in paragraphs, without what pywikibot puts in."""
        return self.help.replace('&params;', '').strip().split('\n\n')

    @property
    def options(self) -> list[tuple[str, str]]:
        """All options, each with what is said beside it."""
        return [option for paragraph in self.paragraphs
                if paragraph.startswith('-')
                for option in _options(paragraph)]

    def as_markdown(self) -> str:
        """Return the help as a section."""
        return f'## `pwb {self.name}`\n\n' + '\n\n'.join(
            filter(None, map(_markdown, self.paragraphs))) + '\n'


def scripts() -> list[Command]:
    """Return the commands by name."""
    return [Command(path.stem, _help(path))
            for path in sorted(Path(importbot_scripts.base_dir).glob('*.py'))
            if not path.stem.startswith('_')]


def _help(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text('utf-8'))) or ''
    for place, options in option_help(path.stem).items():
        text = text.replace(place, options)
    return text


def options() -> str:
    """Return a table of all options, with who may set them."""
    scripts = (PAGES, DUMP, UNDO, RUNS, REQUESTS)
    rows = {name: [OPTIONS.of(script).get(name) for script in scripts]
            for name in sorted({option.name for option in OPTIONS.rows
                                if option.scripts})}
    return table(('option', *map(code, scripts), 'default', 'a wiki',
                  'a request'), (
        (code(f'-{name}'), *('✓' if row else '' for row in found),
         _defaults(found), *_others(name)) for name, found in rows.items()))


def _defaults(rows: list[Option | None]) -> str:
    """Return the default of an option, or those of the scripts."""
    return ', '.join(dict.fromkeys(
        code(str(row.text)) for row in rows
        if row and row.text not in ('', False)))


def _others(name: str) -> tuple[str, str]:
    """Return what a configuration and what a request may set."""
    for option in OPTIONS.of_wiki + OPTIONS.of_request:
        if option.name == name:
            return (_allowed(option.wiki, option.wiki_values),
                    _allowed(option.request, option.request_values))
    return '', ''


def _allowed(mark: bool | tuple[str, ...], values: tuple[str, ...]) -> str:
    return (', '.join(map(code, values)) or '✓') if mark else ''


def commands() -> str:
    """Return a section for each command."""
    return '\n'.join(command.as_markdown() for command in scripts())


def _markdown(paragraph: str) -> str:
    """Return a paragraph of a help."""
    if paragraph.startswith('-'):
        return table(('option', 'meaning'), (
            (code(name), with_options(text))
            for name, text in _options(paragraph)))
    if paragraph.startswith('    '):
        return paragraph
    if paragraph.startswith('Exit status: '):
        return _exit_statuses(paragraph.removeprefix('Exit status: '))
    return with_options(paragraph)


def _options(paragraph: str) -> Iterator[tuple[str, str]]:
    """Yield options that stand below one another, with their texts."""
    for found in re.finditer(
            rf'^(-\S+(?: -\S+)*)(.*(?:\n {{{_COLUMN},}}.*)*)', paragraph,
            re.MULTILINE):
        yield found[1], ' '.join(found[2].split())


def _exit_statuses(text: str) -> str:
    """Return a table of what a command ends with."""
    cases = ' '.join(text.rstrip('.').split()).split(' - ')
    return table(('exit status', 'meaning'),
                 (with_options(case).split(' ', 1) for case in cases))
