"""The command line of the scripts, apart from pywikibot's own options."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pywikibot.bot import suggest_help

from importbot.commands.files import (
    PageList,
    check_distinct,
    read_page_list,
    writable,
)
from importbot.model.errors import UsageError
from importbot.model.option import Kind, Option, check_together
from importbot.model.options import OPTIONS, OptionTable
from importbot.planning.cleanups import known_cleanups


__all__ = ('CommandLine', 'read_command_line', 'read_known')


@dataclass
class CommandLine:

    """A command line, apart from what pywikibot reads itself.

    What was not given is not in :attr:`given`, so that ``scripts.ini`` can
    set it.

    :param given: values by name, as ``scripts.ini`` has them
    :param reports: files for the report
    :param lists: files for titles of pages
    :param rest: arguments that are no option of the script
    """

    given: dict[str, Any] = field(default_factory=dict)
    reports: list[Path] = field(default_factory=list)
    lists: list[PageList] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


def read_command_line(script: str, arguments: Iterable[str],
                      table: OptionTable = OPTIONS) -> CommandLine:
    """Read a command line.

    :param script: as it is called after ``pwb``
    :param arguments: what pywikibot's global options left over
    :raises UsageError: an option that lacks its value, or options that
        make no sense together
    """
    options = table.of(script)
    aliases = {alias.name: alias.means for alias in table.aliases_of(script)}
    line = CommandLine()
    for argument in arguments:
        name, colon, value = argument.removeprefix('-').partition(':')
        if not argument.startswith('-'):
            name = ''
        for meant in aliases.get(name, (name, )):
            real, _colon, fixed = meant.partition(':')
            option = options.get(real)
            if option is None or option.kind is Kind.FLAG and value:
                line.rest.append(argument)
            else:
                _enter(line, option, fixed or value, is_bare=not colon)
    check_distinct([*line.reports, *(item.path for item in line.lists)])
    check_together(options.values(), {
        **line.given, **({'report': ''} if line.reports else {})})
    for option in options.values():
        _check_alone(line, option, options)
    return line


def read_known(script: str, arguments: Iterable[str]) -> CommandLine | None:
    """Read a command line on which there is nothing but options.

    :param script: as it is called after ``pwb``
    :param arguments: what pywikibot's global options left over
    :return: None if there is an option that nobody knows
    :raises UsageError: as for :func:`read_command_line`
    """
    line = read_command_line(script, arguments)
    return None if suggest_help(unknown_parameters=line.rest) else line


def _enter(line: CommandLine, option: Option, value: str, *,
           is_bare: bool) -> None:
    name, given = option.name, line.given
    if option.kind is Kind.REPORT:
        line.reports.append(writable(name, value))
    elif option.kind is Kind.LIST:
        line.lists.append(read_page_list(value))
    elif option.kind is Kind.FLAG:
        given[name] = True
    elif value.strip():
        given[name] = _joined(option.kind, given.get(name), value)
    elif option.bare is not None and is_bare:
        given[name] = option.bare
    else:
        shown = ('|'.join(known_cleanups()) if option.kind is Kind.CLEANUPS
                 else option.placeholder)
        raise UsageError(f'-{name} needs a value: -{name}:{shown}')


def _joined(kind: Kind, before: str | None, value: str) -> str:
    """Return one text, as an option of ``scripts.ini`` is one, too."""
    if before and kind is Kind.WORDS:
        return f'{before},{value}'
    if before and kind.is_repeatable:
        return f'{before}\n{value}'
    return value


def _check_alone(line: CommandLine, alone: Option,
                 options: Mapping[str, Option]) -> None:
    """Refuse what does not go with an option that wants to be alone."""
    if not alone.alone or alone.name not in line.given:
        return
    more = [f'-{name}' for name in line.given
            if name != alone.name and alone.name not in options[name].beside]
    # A dump is given again, by the name of its file.
    more += [argument for argument in line.rest
             if argument.startswith('-') and argument != '-']
    if more:
        raise UsageError(f'-{alone.name} {alone.alone}; leave out '
                         f'{", ".join(more)}')
